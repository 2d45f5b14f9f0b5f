"""The commands of the menu Gaussians: how they are drawn over the picture, what their colours say, and picking one."""

from __future__ import annotations

from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import is_open
from daub.app.model.gaussians.picture_maps import MapKind
from daub.app.model.gaussians.properties import Property
from daub.app.model.workbench import Workbench


def has_gaussians(bench: Workbench) -> bool:
    """There are Gaussians to look at."""
    return bench.overlay.subject is not None


def can_pick(bench: Workbench) -> bool:
    """A Gaussian can be looked into: those of a scene are seen, and not known one by one."""
    return is_open(bench) and not bench.stage.is_open


def is_picked(bench: Workbench) -> bool:
    """One of them is picked."""
    return bench.inspector.picked is not None


def colour_next(bench: Workbench) -> None:
    """Colours by the next property that is known."""
    each = list(Property)
    after = each.index(bench.overlay.which) + 1
    for which in each[after:] + each[:after]:
        if not bench.overlay.why_not(which):
            bench.overlay.colour_by(which)
            return


def pick_here(bench: Workbench) -> None:
    """Picks without a click."""
    bench.inspector.pick_here()


def _style(style: str, text: str, key: str, rule: bool = False) -> Command:
    return Command(
        "Gaussians", f"show_{style}", text, lambda bench: bench.overlay.toggle(style), (key,), style, rule,
        enabled=lambda bench: is_open(bench) or style in bench.overlay.styles,
        checked=lambda bench: style in bench.overlay.styles,
    )  # fmt: skip


def _map(kind: MapKind, name: str, text: str, key: str, rule: bool = False) -> Command:
    return Command(
        "Gaussians", f"map_{name}", text, lambda bench: bench.overlay.show_map(kind), (key,), name, rule,
        enabled=lambda bench: has_gaussians(bench) and not _no_bits(kind, bench),
        checked=lambda bench: bench.overlay.map_kind is kind, note=partial(_no_bits, kind),
    )  # fmt: skip


def _no_bits(kind: MapKind, bench: Workbench) -> str:
    why = bench.overlay.why_not(Property.BITS) if kind is MapKind.BITS else ""
    return f"Not now: {why}" if why else ""


def _colour(which: Property, rule: bool = False) -> Command:
    def note(bench: Workbench) -> str:
        why = bench.overlay.why_not(which)
        return f"{which.value.note}\nNot now: {why}" if why else which.value.note

    return Command(
        "Gaussians", f"colour_{which.name.lower()}", f"Colour by {which.value.title.lower()}",
        lambda bench: bench.overlay.colour_by(which), rule=rule, group="colour", note=note,
        enabled=lambda bench: not bench.overlay.why_not(which) or bench.overlay.which is which,
        checked=lambda bench: bench.overlay.which is which,
    )  # fmt: skip


COMMANDS = (
    _style("centres", "Centres", "C"),
    _style("ellipses", "Ellipses at one sigma", "O"),
    _style("filled", "Filled ellipses", "Shift+O"),
    _map(MapKind.DENSITY, "density", "Density map: how many lie where", "Shift+D", rule=True),
    _map(MapKind.BITS, "bits", "Bits per pixel: where those of the file are", "Shift+B"),
    *(_colour(which, rule=which is Property.LIGHT) for which in Property),
    Command("Gaussians", "colour_next", "Colour by the next", colour_next, ("Shift+C",)),
    Command(
        "Gaussians", "keep_all", "Take filters away", lambda bench: bench.overlay.keep_all(), ("Shift+F",),
        enabled=lambda bench: bool(bench.overlay.filters),
    ),
    Command(
        "Gaussians", "pick", "Pick with a click", lambda bench: bench.inspector.switch(not bench.inspector.is_on),
        ("K",), "pick", True, enabled=lambda bench: can_pick(bench) or bench.inspector.is_on,
        checked=lambda bench: bench.inspector.is_on,
        note=lambda bench: "Click on the picture: the Gaussian that does most there; again, the next one",
    ),
    Command(
        "Gaussians", "pick_here", "Pick under the pointer", pick_here, ("Shift+K",),
        enabled=lambda bench: has_gaussians(bench) and can_pick(bench),
    ),
    Command(
        "Gaussians", "pick_weaker", "The next one at this place", lambda bench: bench.inspector.step(1), (",",),
        enabled=is_picked,
    ),
    Command(
        "Gaussians", "pick_stronger", "The one before at this place", lambda bench: bench.inspector.step(-1), (";",),
        enabled=is_picked,
    ),
    Command(
        "Gaussians", "without", "The picture without it", lambda bench: bench.inspector.hide(not bench.inspector.hides),
        ("W",), enabled=is_picked, checked=lambda bench: bench.inspector.hides,
    ),
    Command("Gaussians", "pick_none", "Pick none", lambda bench: bench.inspector.drop(), enabled=is_picked),
)  # fmt: skip
