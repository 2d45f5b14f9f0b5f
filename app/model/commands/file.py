"""The commands of the menu File: opening, and writing what has been made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import can_export
from daub.app.model.commands.project import open_project
from daub.app.model.fit import writer
from daub.app.model.output.target import proposed_name
from daub.app.model.picture.origin import FileOrigin, Origin
from daub.app.model.picture.picture import Picture
from daub.app.model.project.format import SUFFIX as PROJECT
from daub.app.model.sources.pair import SideName
from daub.app.model.workbench import Workbench
from daub.codec.files import SUFFIX
from daub.resources import ROOT

SAMPLE = ROOT / "sample.png"


def open_file(bench: Workbench) -> None:
    """Asks for pictures, .daub files or scenes, opens the first, and adds the others to what is compared."""
    open_all(bench, [FileOrigin(path.absolute()) for path in bench.host.files_to_open()])


def open_all(bench: Workbench, origins: Sequence[Origin]) -> None:
    """Opens the first, and adds the others to what is compared; projects are opened each by itself.

    A window has a picture open, or a scene: where it has the other one, or versions of a scene that are in no file,
    another window opens it. Of a folder of photos a scene is trained.
    """
    pictures, scenes, projects, folders = _sorted(origins)
    for project in projects:
        open_project(bench, project)
    for folder in folders:
        train(bench, folder)
    if scenes:
        is_free = bench.workspace.picture is None and not bench.stage.versions.unsaved
        of_scenes = bench if is_free else bench.host.open_window()
        of_scenes.stage.open(scenes[0], scenes[1:])
    if pictures:
        of_pictures = bench.host.open_window() if bench.stage.is_open or scenes else bench
        of_pictures.workspace.open(pictures[0])
        of_pictures.sources.add(pictures[1:])


def train_scene(bench: Workbench) -> None:
    """Asks for a folder of photos whose cameras are known, and trains a scene of them."""
    if folder := bench.host.folder_to_open("Train a scene from a folder of photos"):
        train(bench, folder)


def train(bench: Workbench, folder: Path) -> None:
    """Trains a scene of the photos of a folder, in this window where nothing would be lost."""
    is_free = bench.workspace.picture is None and not bench.stage.versions.unsaved
    (bench if is_free else bench.host.open_window()).training.begin(folder)


def add_all(bench: Workbench, origins: Sequence[Origin], side: SideName | None = None) -> None:
    """Adds files to what is compared with what is open; what cannot be compared with that is opened by itself.

    Args:
        side: where the first is put.
    """
    pictures, scenes, projects, folders = _sorted(origins)
    if scenes and bench.stage.is_open:
        bench.stage.add_all([(path, side if side and not index else "b") for index, path in enumerate(scenes)])
        scenes = []
    if pictures and bench.workspace.picture is not None:
        bench.sources.add(pictures, side)
        pictures = []
    open_all(bench, [*pictures, *map(FileOrigin, [*scenes, *projects, *folders])])


def open_path(bench: Workbench, path: Path) -> None:
    """Opens that."""
    open_all(bench, [FileOrigin(path.absolute())])


def export_daub(bench: Workbench) -> None:
    """Asks where to, and writes the file of what is on the screen."""
    title = writer.title(bench.exports.state)
    if path := _target(bench, title, (SUFFIX,), f"Daub files (*{SUFFIX})"):
        when_finished(bench, path, lambda edited: bench.exports.daub(path, edited))


def export_png(bench: Workbench) -> None:
    """Asks how large and where to, and writes the picture of the Gaussians."""
    scale = bench.host.scale(*bench.editing.size)
    if scale is None:
        return
    from daub.codec.images import SUFFIXES

    if path := _target(bench, "Export PNG", SUFFIXES, "PNG (*.png)"):
        when_finished(bench, path, lambda edited: bench.exports.png(path, scale, edited, bench.restoring.is_on))


def when_finished(bench: Workbench, path: Path, write: Callable[[str | None], object]) -> None:
    """Has a file written of what is on side B now; of an edit once all that has begun there is done.

    Args:
        write: is given the key of an edited row, None for what is no edit.
    """
    key = bench.sources.pair.on("b")
    if bench.sources.at_hand.edited_of(key) is None:
        write(None)
    else:
        bench.unfinished.before(f"writing {path.name}", lambda: write(key))


def save_method(bench: Workbench) -> None:
    """Asks where to, and writes the method as a profile."""
    name = f"{Path(str(bench.workspace.settings.profile)).stem}-mine.toml"
    if path := bench.host.file_to_save("Save profile", name, (".toml",), "Profiles (*.toml)", None):
        bench.exports.method(path)


def _target(bench: Workbench, title: str, suffixes: tuple[str, ...], filters: str) -> Path | None:
    picture = bench.exports.picture
    return bench.host.file_to_save(title, proposed_name(picture, suffixes[0]), suffixes, filters, folder_of(picture))


def folder_of(picture: Picture) -> Path | None:
    """Where a file that belongs to a picture goes unless somebody says otherwise; None: where the last one went."""
    return None if picture.path in (None, SAMPLE) else picture.path.parent


class _Sorted(NamedTuple):
    """What is to be opened: pictures, and paths of scenes, of projects and of folders of photos to train on."""

    pictures: list[Origin]
    scenes: list[Path]
    projects: list[Path]
    folders: list[Path]


def _sorted(origins: Sequence[Origin]) -> _Sorted:
    # The package first: while another thread loads it, who asks for a part of it may be given half of it.
    import daub.codec.container  # noqa: F401
    from daub.codec.scenes.told import is_scene, photos_of

    pictures, scenes, projects, folders = _Sorted([], [], [], [])
    for origin in origins:
        if isinstance(origin, FileOrigin) and origin.path.suffix.lower() == PROJECT:
            projects.append(origin.path)
        elif isinstance(origin, FileOrigin) and is_scene(origin.path):
            scenes.append(origin.path)
        elif isinstance(origin, FileOrigin) and (folder := photos_of(origin.path)) is not None:
            folders.append(folder)
        else:
            pictures.append(origin)
    return _Sorted(pictures, scenes, projects, folders)


def _export_words(bench: Workbench) -> str:
    """Of a .daub that was opened there is nothing to be made, only a copy."""
    if bench.exports.edited is not None:
        return "Export edited .daub…"
    is_file = bench.workspace.picture is not None and bench.exports.picture.document is not None
    return "Export .daub copy…" if is_file else "Export .daub…"


OPENING = (
    Command("File", "open_file", "Open…", open_file, ("Ctrl+O",), "open"),
    Command(
        "File", "train_scene", "Train a scene from photos…", train_scene,
        note=lambda _: "Of a folder of photos whose cameras are known: a COLMAP model, transforms.json or cameras.json",
    ),
    Command("File", "open_sample", "Open sample photo", lambda bench: open_path(bench, SAMPLE), ("Ctrl+Shift+O",)),
)
COMMANDS = (
    Command(
        "File", "export_daub", "Export .daub…", export_daub, ("Ctrl+Shift+D",), "export", True, words=_export_words,
        enabled=can_export, note=lambda bench: writer.note(bench.exports.state),
    ),
    Command("File", "export_png", "Export PNG…", export_png, ("Ctrl+E",), enabled=can_export),
)  # fmt: skip
CLOSING = (Command("File", "quit", "Quit", lambda bench: bench.host.quit(), ("Ctrl+Q",), rule=True),)
