"""The commands of the menu Scene: looking around in one, and other versions of it."""

from __future__ import annotations

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import has_scene, has_whole_scene, is_training
from daub.app.model.scene.making import SOG, SPZ, Format, daub
from daub.app.model.scene.turn import can_film
from daub.app.model.scene.version import ORIGINAL
from daub.app.model.workbench import Workbench


def make(wanted: Format, bench: Workbench) -> None:
    """Makes a version of what is open, beside the window."""
    bench.making.make(wanted)


def restore_version(bench: Workbench) -> None:
    """Restores what is on side B, beside the window."""
    bench.making.restore(bench.stage.versions.on("b"))


def save_version(bench: Workbench) -> None:
    """Asks where to, and writes the file of the version on side B that was made here."""
    version, folder = bench.stage.versions.on("b"), bench.stage.document.path.parent
    suffix = version.suffix
    name = f"{bench.stage.document.stem}{suffix}"
    if path := bench.host.file_to_save("Save the file of side B", name, (suffix,), f"*{suffix}", folder):
        bench.making.save(version, path)


def export_turntable(bench: Workbench) -> None:
    """Asks where to, and writes pictures all around what is on side B."""
    usual, other = (".mp4", ".png") if can_film() else (".png", ".mp4")
    filters = {".mp4": "Film (*.mp4)", ".png": "Numbered images (*.png)"}
    document = bench.stage.document
    if path := bench.host.file_to_save(
        "Export a turntable", f"{document.stem}-turntable{usual}", (usual, other),
        f"{filters[usual]};;{filters[other]}", document.path.parent,
    ):  # fmt: skip
        bench.turn.write(path)


def remove_version(bench: Workbench) -> None:
    """Takes the version on side B out of the list."""
    remove(bench, bench.stage.versions.on("b").key)


def remove(bench: Workbench, key: str) -> None:
    """Takes a version out of the list; asks first where it was made here and is in no file."""
    versions = bench.stage.versions
    version = versions.get(key)
    if version is not None and (versions.is_saved(version) or bench.host.may_remove(version.name)):
        versions.remove(key)


def was_made(bench: Workbench) -> bool:
    """What is on side B was made here, and has a file that is on no disk."""
    return has_scene(bench) and bench.stage.versions.on("b").data is not None


def views_of_b(bench: Workbench) -> int:
    """From how many views the file on side B says how to restore it."""
    return bench.stage.versions.on("b").views if has_scene(bench) else 0


def can_remove(bench: Workbench) -> bool:
    """It is not what was opened."""
    return has_scene(bench) and bench.stage.versions.on("b").key != ORIGINAL


def _pause_words(bench: Workbench) -> str:
    return "Go on training" if bench.training.is_paused else "Pause training"


COMMANDS = (
    Command(
        "Scene", "pause_training", "Pause training", lambda bench: bench.training.pause(not bench.training.is_paused),
        ("Ctrl+Space",), enabled=is_training, words=_pause_words,
    ),
    Command(
        "Scene", "stop_training", "Stop training", lambda bench: bench.training.stop(), enabled=is_training,
        note=lambda _: "The scene stays as it is, and can be saved",
    ),
    Command(
        "Scene", "train_anew", "Train anew", lambda bench: bench.training.begin_anew(), enabled=is_training,
        note=lambda _: "From the start, though it has gone on from an earlier training",
    ),
    Command(
        "Scene", "next_camera", "Next camera", lambda bench: bench.stage.step_view(1), ("Ctrl+PgDown",), rule=True,
        enabled=has_scene, note=lambda _: "Of those beside the scene, or of made ones",
    ),
    Command(
        "Scene", "previous_camera", "Previous camera", lambda bench: bench.stage.step_view(-1), ("Ctrl+PgUp",),
        enabled=has_scene,
    ),
    Command(
        "Scene", "fly", "Fly with the keys", lambda bench: bench.stage.switch_flight(not bench.stage.flies),
        ("Shift+V",), enabled=has_scene, checked=lambda bench: bench.stage.flies,
        note=lambda _: "W A S D, E up and Q down; they do so with the right button, too",
    ),
    Command(
        "Scene", "make_daub", "Make a .daub", lambda bench: make(daub(bench.making.quality), bench), ("Ctrl+Shift+B",),
        rule=True, enabled=has_whole_scene, words=lambda bench: f"Make a .daub of quality {bench.making.quality}",
    ),
    Command("Scene", "make_sog", "Make a SOG", lambda bench: make(SOG, bench), enabled=has_whole_scene),
    Command("Scene", "make_spz", "Make an SPZ", lambda bench: make(SPZ, bench), enabled=has_whole_scene),
    Command(
        "Scene", "restore_version", "Restore side B", restore_version, enabled=lambda bench: views_of_b(bench) > 0,
        words=lambda bench: f"Restore side B from {views_of_b(bench)} views" if views_of_b(bench) else "Restore side B",
        note=lambda _: "As scene decode does; of files that scene encode --guide has made",
    ),
    Command(
        "Scene", "save_version", "Save the file of side B…", save_version, ("Ctrl+Shift+V",), enabled=was_made
    ),
    Command("Scene", "remove_version", "Take side B out of the list", remove_version, enabled=can_remove),
    Command(
        "Scene", "export_turntable", "Export a turntable…", export_turntable, ("Ctrl+Shift+T",), rule=True,
        enabled=has_scene, note=lambda _: "Pictures all around what is on side B: a film, or numbered images",
    ),
)  # fmt: skip
