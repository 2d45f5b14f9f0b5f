"""The commands of the menu Paint: the brush over the Gaussians, and its colours."""

from __future__ import annotations

from daub.app.model.commands.command import Command
from daub.app.model.commands.selecting import can_edit
from daub.app.model.editing.paint_brush import Effect
from daub.app.model.workbench import Workbench


def choose_colour(bench: Workbench) -> None:
    """Asks for the colour that is painted with."""
    colour = bench.host.colour(bench.brushing.brush.colour, "Colour of the brush")
    if colour is not None:
        bench.brushing.choose(colour=colour)


def _why_not(bench: Workbench) -> str:
    why = "" if can_edit(bench) else bench.editing.why_not
    return f"Not now: {why}" if why else ""


def _brush(effect: Effect, name: str, text: str, key: str) -> Command:
    return Command(
        "Paint", f"tool_{name}", text, lambda bench: bench.brushing.take(effect), (key,), name,
        enabled=lambda bench: can_edit(bench) or bench.brushing.is_on, note=_why_not,
        checked=lambda bench: bench.brushing.is_on and bench.brushing.brush.effect is effect,
    )  # fmt: skip


def _is_on(bench: Workbench) -> bool:
    return bench.brushing.is_on


def _uses_colour(bench: Workbench) -> bool:
    """Not a brush that only moves what is there."""
    return not bench.brushing.is_on or bench.brushing.brush.effect is Effect.PAINT


def _step(field: str, name: str, text: str, by: float, key: str, rule: bool = False) -> Command:
    """A little more, or less, of one field of the brush."""

    def act(bench: Workbench) -> None:
        bench.brushing.choose(**{field: getattr(bench.brushing.brush, field) + by})

    return Command("Paint", name, text, act, (key,), rule=rule, enabled=_is_on)


COMMANDS = (
    _brush(Effect.PAINT, "paint", "Paint Gaussians", "Shift+N"),
    _brush(Effect.SMEAR, "smear", "Smear Gaussians", "Shift+M"),
    _brush(Effect.BLUR, "blur", "Blur Gaussians", "Shift+U"),
    Command("Paint", "brush_colour", "Colour…", choose_colour, ("Ctrl+Alt+C",), rule=True, enabled=_uses_colour),
    Command(
        "Paint", "swap_colours", "The colour before", lambda bench: bench.brushing.swap_colours(), ("Ctrl+Alt+X",)
    ),
    _step("strength", "brush_stronger", "Stronger brush", 0.1, "Alt+}", rule=True),
    _step("strength", "brush_weaker", "Weaker brush", -0.1, "Alt+{"),
    _step("hardness", "brush_harder", "Harder edge", 0.1, "Ctrl+}"),
    _step("hardness", "brush_softer", "Softer edge", -0.1, "Ctrl+{"),
)  # fmt: skip
