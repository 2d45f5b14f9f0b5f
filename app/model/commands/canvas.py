"""What the menu Canvas does with the whole picture: crop, resize, turn and flip, all exact on Gaussians."""

from __future__ import annotations

from collections.abc import Callable

from daub.app.model.commands.command import Command
from daub.app.model.commands.selecting import can_edit, is_selected
from daub.app.model.editing import canvas
from daub.app.model.editing.editing import Editing
from daub.app.model.picture.box import Box
from daub.app.model.work.failure import failure_of_work
from daub.app.model.workbench import Workbench
from daub.codec.errors import DaubError


def crop(bench: Workbench) -> None:
    """Asks for a rectangle, first that of the region tool or of what is selected, and leaves what lies in it."""
    region = bench.region.box if bench.region.is_on else None
    usual = region or (canvas.selected_box(bench.editing) if bench.editing.count else None)
    whole = Box(0, 0, *bench.editing.size)
    box = bench.host.crop(whole, whole if usual is None or usual.is_empty else usual)
    if box is not None:
        bench.unfinished.before("cropping", lambda: canvas.crop(bench.editing, box))


def resize(bench: Workbench) -> None:
    """Asks for another size, and shows the picture with as many pixels."""
    size = bench.host.resize(*bench.editing.size)
    if size is not None:
        bench.unfinished.before("resizing the canvas", lambda: _resize(bench, *size))


def _resize(bench: Workbench, width: int, height: int) -> None:
    try:
        canvas.resize(bench.editing, width, height)
    except DaubError as error:
        bench.workspace.failed.emit(failure_of_work(error))


def _crop_to_selection(editing: Editing) -> None:
    canvas.crop(editing, canvas.selected_box(editing))


def _why_not(bench: Workbench) -> str:
    return "" if can_edit(bench) else f"Not now: {bench.editing.why_not}"


def _act(
    name: str, text: str, act: Callable[[Editing], None], key: str = "", rule: bool = False, enabled=can_edit
) -> Command:
    def run(bench: Workbench) -> None:
        # A stroke that is still being made knows where it was drawn on the canvas as it is now.
        bench.unfinished.before(text.lower(), lambda: act(bench.editing))

    return Command(
        "Canvas", name, text, run, (key,) if key else (), rule=rule, enabled=enabled, note=_why_not
    )  # fmt: skip


COMMANDS = (
    _act("crop_to_selection", "Crop to selection", _crop_to_selection, "Ctrl+Shift+X", enabled=is_selected),
    Command("Canvas", "crop", "Crop…", crop, ("Ctrl+K",), enabled=can_edit, note=_why_not),
    Command("Canvas", "resize_canvas", "Resize canvas…", resize, ("Ctrl+Alt+I",), enabled=can_edit, note=_why_not),
    _act("turn_left", "Turn left by 90°", lambda editing: canvas.turn(editing, 1), "Ctrl+[", rule=True),
    _act("turn_right", "Turn right by 90°", lambda editing: canvas.turn(editing, -1), "Ctrl+]"),
    _act("turn_around", "Turn by 180°", lambda editing: canvas.turn(editing, 2)),
    _act("flip_horizontally", "Flip left to right", canvas.flip_horizontally),
    _act("flip_vertically", "Flip upside down", canvas.flip_vertically),
)
