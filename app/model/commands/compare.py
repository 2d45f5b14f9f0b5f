"""The commands of the menu Compare: which of the two sides is seen, what their difference is, and the region.

The colours of differences are in the menu View.
"""

from __future__ import annotations

from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import compares, is_open
from daub.app.model.compare.colour_tables import ColourMap
from daub.app.model.compare.difference import Difference
from daub.app.model.compare.modes import Mode
from daub.app.model.workbench import Workbench

COLOUR_WORDS = {
    ColourMap.VIRIDIS: "Viridis",
    ColourMap.CIVIDIS: "Cividis, for any colour vision",
    ColourMap.MAGMA: "Magma",
    ColourMap.GREY: "Greys",
}
DIFFERENCE_WORDS = {
    Difference.SIGNED: "Signed difference, B - A",
    Difference.ABSOLUTE: "Absolute difference, |B - A|",
    Difference.SQUARED: "Squared difference",
    Difference.FLIP: "FLIP: what an eye sees of it",
    Difference.SSIM: "SSIM: what it does to the structure",
}


def choose_mode(mode: Mode, bench: Workbench) -> None:
    """What is seen of the two sides."""
    bench.view.choose(mode)


def choose_difference(kind: Difference, bench: Workbench) -> None:
    """Shows that difference."""
    bench.view.choose_difference(kind)


def choose_colours(colour_map: ColourMap, bench: Workbench) -> None:
    """Draws differences in those colours."""
    bench.view.choose_colour_map(colour_map)


def take_region(bench: Workbench) -> None:
    """Takes the tool that measures a rectangle, or puts it away."""
    bench.region.switch(not bench.region.is_on)


def blinks(bench: Workbench) -> bool:
    """The sides are seen one after the other."""
    return compares(bench) and bench.view.look.mode is Mode.BLINK


def _mode(mode: Mode, name: str, text: str, key: str, rule: bool = False) -> Command:
    return Command(
        "Compare", f"view_{name}", text, partial(choose_mode, mode), (key,), name, rule, group="view",
        enabled=is_open if mode is Mode.B else compares, checked=lambda bench: bench.view.look.mode is mode,
    )  # fmt: skip


def _difference(kind: Difference) -> Command:
    return Command(
        "Compare", f"difference_{kind.name.lower()}", DIFFERENCE_WORDS[kind], partial(choose_difference, kind),
        rule=kind is Difference.SIGNED, group="difference", enabled=compares,
        checked=lambda bench: bench.view.look.difference is kind,
    )  # fmt: skip


def _colours(colour_map: ColourMap) -> Command:
    return Command(
        "View", f"colours_{colour_map.value}", COLOUR_WORDS[colour_map], partial(choose_colours, colour_map),
        rule=colour_map is ColourMap.VIRIDIS, group="colours",
        checked=lambda bench: bench.view.look.colour_map is colour_map and not bench.view.look.by_channel,
    )  # fmt: skip


COMMANDS = (
    _mode(Mode.A, "source", "Side A", "S"),
    _mode(Mode.B, "decoded", "Side B", "D"),
    _mode(Mode.SPLIT, "split", "Split", "X"),
    _mode(Mode.SIDE_BY_SIDE, "side_by_side", "Side by side", "J"),
    _mode(Mode.BLINK, "blink", "Blink", "Z"),
    _mode(Mode.DIFFERENCE, "difference", "Difference", "E"),
    Command(
        "Compare", "split_left", "Split line to the left", lambda bench: bench.view.jump_split(0.0), ("1",), rule=True,
        enabled=compares,
    ),
    Command(
        "Compare", "split_middle", "Split line to the middle", lambda bench: bench.view.jump_split(0.5), ("2",),
        enabled=compares,
    ),
    Command(
        "Compare", "split_right", "Split line to the right", lambda bench: bench.view.jump_split(1.0), ("3",),
        enabled=compares,
    ),
    Command(
        "Compare", "blink_faster", "Blink faster", lambda bench: bench.view.blink_slower(-1), ("Shift+Z",),
        enabled=blinks,
    ),
    Command(
        "Compare", "blink_slower", "Blink slower", lambda bench: bench.view.blink_slower(1), ("Alt+Z",),
        enabled=blinks,
    ),
    *map(_difference, Difference),
    Command(
        "Compare", "next_difference", "Next kind of difference", lambda bench: bench.view.next_difference(),
        ("Shift+E",), enabled=compares,
    ),
    Command(
        "Compare", "gain_up", "Amplify the difference more", lambda bench: bench.view.amplify(1), ("]",), rule=True,
    ),
    Command("Compare", "gain_down", "Amplify the difference less", lambda bench: bench.view.amplify(-1), ("[",)),
    *map(_colours, ColourMap),
    Command(
        "View", "by_channel", "Red, green and blue apart", lambda bench: bench.view.toggle("by_channel"),
        group="colours", checked=lambda bench: bench.view.look.by_channel,
    ),
    Command(
        "Compare", "region", "Measure a region", take_region, ("Q",), "region", True, enabled=is_open,
        checked=lambda bench: bench.region.is_on,
    ),
    Command(
        "Compare", "clear_region", "Clear the region", lambda bench: bench.region.clear(),
        enabled=lambda bench: bench.region.box is not None,
    ),
)  # fmt: skip
