"""The commands of projects: saving the work of a window, opening it again, recovering it, and what it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import has_picture
from daub.app.model.host import Leaving
from daub.app.model.picture.picture import Picture
from daub.app.model.project.format import SUFFIX
from daub.app.model.project.recovery import Leftover, discard, leftovers, recovery_folder
from daub.app.model.sources.rows import key_of
from daub.app.model.workbench import Workbench


def save(bench: Workbench, then: Callable[[], object] = lambda: None) -> None:
    """Saves the project where it is; one that was never saved where a person says. Args: then: called afterwards."""
    if bench.project.path is None:
        save_as(bench, then)
    else:
        _save(bench, bench.project.path, then)


def save_as(bench: Workbench, then: Callable[[], object] = lambda: None) -> None:
    """Asks where to, and saves it there."""
    path, picture = bench.project.path, bench.workspace.picture
    name = f"{Path(picture.name).stem if path is None else path.stem}{SUFFIX}"
    folder = _folder_of(picture) if path is None else path.parent
    if chosen := bench.host.file_to_save("Save project", name, (SUFFIX,), f"Daub projects (*{SUFFIX})", folder):
        _save(bench, chosen, then)


def _save(bench: Workbench, path: Path, then: Callable[[], object]) -> None:
    bench.unfinished.before(f"saving {path.name}", lambda: bench.project.save(path, then))


def open_project(bench: Workbench, path: Path) -> None:
    """Opens a project in this window where that is new, and otherwise in another."""
    _fresh(bench).project.open(path.absolute())


def recover(bench: Workbench, leftover: Leftover) -> None:
    """Brings back what was kept of a window that is gone."""
    _fresh(bench).project.open(leftover.path, leftover)


def discard_leftover(bench: Workbench, leftover: Leftover) -> None:
    """Removes what was kept of it."""
    bench.workspace.background.write(lambda: discard(leftover), lambda _: None)


def look_for_leftovers(bench: Workbench, is_asked: bool = False) -> None:
    """Offers to recover what windows have left that did not close. Args: is_asked: whether a person wants to know."""

    def offer(found: list[Leftover]) -> None:
        if found:
            bench.host.offer_recovery(found)
        elif is_asked:
            bench.workspace.noticed.emit("There is no work to recover: every window was closed as usual")

    bench.workspace.background.run(lambda: leftovers(recovery_folder()), offer)


def may_close(bench: Workbench) -> bool:
    """Nothing would be lost, or somebody has said that it may be; where it is to be saved, that begins, and the window
    closes when it is."""
    if not bench.is_unsaved:
        return True
    if bench.project.path is not None:
        answer = bench.host.may_leave(bench.project.path.stem)
    else:
        keys = [key_of(result) for result in bench.workspace.results.unexported]
        names = [bench.sources.get(key).name for key in keys]
        edits = dict.fromkeys((*bench.editing.unwritten, *bench.unfinished.names))
        # Of a training that is kept nothing would be lost: whoever opens its folder again goes on with it.
        of_training = bench.stage.versions.original.name if bench.training.is_kept else None
        versions = [name for name in bench.stage.versions.unsaved if name != of_training]
        lost = [*names, *edits, *versions]
        answer = bench.host.may_lose(lost, not versions) if lost else Leaving.LEAVE
    if answer is Leaving.SAVE:
        save(bench, bench.host.close_window)
    return answer is Leaving.LEAVE


def toggle_embedding(bench: Workbench) -> None:
    """Whether pictures are put into projects."""
    bench.project.embed(not bench.project.embeds_sources)


def _fresh(bench: Workbench) -> Workbench:
    return bench if bench.project.is_fresh and not bench.stage.is_open else bench.host.open_window()


def _folder_of(picture: Picture) -> Path | None:
    """Beside the picture; None: where the last file went."""
    return None if picture.path is None else picture.path.parent


COMMANDS = (
    Command("File", "save_project", "Save project", save, ("Ctrl+S",), rule=True, enabled=has_picture),
    Command("File", "save_project_as", "Save project as…", save_as, ("Ctrl+Shift+S",), enabled=has_picture),
    Command(
        "File", "recent_projects", "Recent projects…", lambda bench: bench.host.open_recent_projects(), ("Ctrl+Alt+O",)
    ),
    Command(
        "File", "recover_work", "Recover work…", lambda bench: look_for_leftovers(bench, True),
        note=lambda _: "What a window had that was killed rather than closed",
    ),
    Command(
        "File", "embed_sources", "Put pictures into projects", toggle_embedding,
        checked=lambda bench: bench.project.embeds_sources,
        note=lambda _: "Up to 64 MB each; otherwise a project says where they are",
    ),
)  # fmt: skip
