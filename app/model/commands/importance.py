"""The commands of painting what matters in the picture: the menu Importance, and the bar of the brush."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from daub.app.model.commands.command import Command
from daub.app.model.picture.brush import Effect
from daub.app.model.workbench import Workbench


def paint(bench: Workbench) -> None:
    """Takes the brush, or puts it away."""
    bench.painting.switch(not bench.painting.is_on)


def choose_effect(effect: Effect, bench: Workbench) -> None:
    """Takes the brush, with that effect."""
    bench.painting.choose(effect=effect)
    bench.painting.switch(True)


def import_map(bench: Workbench) -> None:
    """Asks for the image file of a map, and takes it for the picture that is open."""
    if path := bench.host.map_to_open():
        bench.painting.load(path)


def export_map(bench: Workbench) -> None:
    """Asks where to, and writes the map as a grey PNG."""
    picture = bench.workspace.picture
    name = f"{Path(picture.name).stem}-importance.png"
    folder = None if picture.path is None else picture.path.parent
    if path := bench.host.file_to_save("Export importance", name, (".png",), "PNG (*.png)", folder):
        bench.exports.importance(path)


def resize(steps: int, bench: Workbench) -> None:
    """Of whichever brush is at hand."""
    tools = (bench.painting, bench.brushing, bench.edit_tool)
    next((tool for tool in tools if tool.is_on), bench.edit_tool).resize(steps)


def has_brush(bench: Workbench) -> bool:
    """One is at hand, to paint or to select."""
    selects = bench.edit_tool.is_on and bench.edit_tool.kind.has_brush
    return bench.painting.is_on or bench.brushing.is_on or selects


def is_possible(bench: Workbench) -> bool:
    """There is something to paint on."""
    return bench.painting.is_possible


def is_on(bench: Workbench) -> bool:
    """The brush is at hand."""
    return bench.painting.is_on


def has_map(bench: Workbench) -> bool:
    """Something in the picture matters more than other things."""
    return bench.painting.has_map


def _effect(effect: Effect, name: str, key: str, icon: str, rule: bool = False) -> Command:
    return Command(
        "Importance", f"brush_{name}", effect.value, partial(choose_effect, effect), (key,), icon, rule,
        enabled=is_possible, checked=lambda bench: bench.painting.brush.effect is effect, group="brush",
    )  # fmt: skip


COMMANDS = (
    Command("Importance", "paint", "Paint importance", paint, ("B",), "brush", enabled=is_possible, checked=is_on),
    _effect(Effect.MORE, "more", "M", "more", rule=True),
    _effect(Effect.LESS, "less", "L", "less"),
    _effect(Effect.ERASE, "erase", "N", "eraser"),
    Command(
        "Importance", "brush_larger", "Larger brush", partial(resize, 1), ("}",), rule=True, enabled=has_brush,
    ),
    Command(
        "Importance", "brush_smaller", "Smaller brush", partial(resize, -1), ("{",), enabled=has_brush
    ),
    Command(
        "Importance", "clear_importance", "Clear importance", lambda bench: bench.painting.clear(),
        ("Ctrl+Backspace",), "clear", True, enabled=has_map,
    ),
    Command(
        "Importance", "show_importance", "Tint what is important", lambda bench: bench.view.toggle("importance"),
        ("I",), enabled=is_possible, checked=lambda bench: bench.view.look.importance,
    ),
    Command("Importance", "import_importance", "Import map…", import_map, rule=True, enabled=is_possible),
    Command("Importance", "export_importance", "Export map…", export_map, enabled=has_map),
)  # fmt: skip
