"""The commands of the menu Select: the tools that select Gaussians, and selections without a gesture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.editing import selecting
from daub.app.model.editing.editing import Editing
from daub.app.model.editing.gestures import Kind
from daub.app.model.workbench import Workbench


def can_edit(bench: Workbench) -> bool:
    """There is something on side B that can be edited."""
    return bench.editing.session is not None or not bench.editing.why_not


def is_selected(bench: Workbench) -> bool:
    """Some Gaussians are."""
    return bench.editing.count > 0


def select_kept(bench: Workbench) -> None:
    """Those that the histogram's ranges keep."""
    bench.editing.begin()  # its Gaussians are those that the ranges are of: the reading stays
    reading = bench.overlay.reading
    if reading is not None:
        selecting.select_kept(bench.editing, reading.kept)


def _is_kept(bench: Workbench) -> bool:
    return can_edit(bench) and bool(bench.overlay.filters) and bench.overlay.reading is not None


def _why_not(bench: Workbench) -> str:
    why = "" if can_edit(bench) else bench.editing.why_not
    return f"Not now: {why}" if why else "Shift adds, Ctrl takes away, both leave what is in both"


def _tool(kind: Kind, name: str, key: str, icon: str, rule: bool = False) -> Command:
    return Command(
        "Select", f"tool_{name}", kind.value, lambda bench: bench.edit_tool.choose(kind), (key,), icon, rule,
        enabled=lambda bench: can_edit(bench) or bench.edit_tool.is_on, note=_why_not,
        checked=lambda bench: bench.edit_tool.is_on and bench.edit_tool.kind is kind,
    )  # fmt: skip


def _act(
    name: str, text: str, act: Callable[[Editing], None], key: str, rule: bool = False, some: bool = True
) -> Command:
    keys = (key,) if key else ()
    return Command(
        "Select", name, text, partial(_run, act), keys, rule=rule, enabled=is_selected if some else can_edit
    )  # fmt: skip


def _run(act: Callable[[Editing], None], bench: Workbench) -> None:
    act(bench.editing)


COMMANDS = (
    _tool(Kind.MOVE, "move", "V", "move"),
    _tool(Kind.RECTANGLE, "rectangle", "Shift+R", "select_rectangle"),
    _tool(Kind.LASSO, "lasso", "Shift+L", "select_lasso"),
    _tool(Kind.POLYGON, "polygon", "Shift+P", "select_polygon"),
    _tool(Kind.BRUSH, "select_brush", "Shift+S", "select_brush"),
    _tool(Kind.ALIKE, "alike", "Shift+W", "select_alike"),
    _tool(Kind.EYEDROPPER, "eyedropper", "Shift+Y", "eyedropper"),
    _act("select_all", "All Gaussians", selecting.select_all, "Ctrl+A", rule=True, some=False),
    _act("select_none", "None", selecting.select_none, "Shift+A"),
    _act("select_invert", "The others", selecting.invert, "Ctrl+I", some=False),
    Command(
        "Select", "select_last", "What was selected before", lambda bench: selecting.select_last(bench.editing),
        ("Ctrl+Alt+A",), enabled=lambda bench: bench.editing.last is not None,
    ),
    _act("select_grow", "Their neighbours too", selecting.grow, "Ctrl+Shift+G", rule=True),
    _act("select_alike", "All of like colour", selecting.select_alike, "Ctrl+Shift+L"),
    Command(
        "Select", "select_kept", "What the histogram keeps", select_kept, ("Ctrl+Shift+H",), enabled=_is_kept,
        note=lambda bench: "" if bench.overlay.filters else "Drag over the histogram first (H)",
    ),
)  # fmt: skip
