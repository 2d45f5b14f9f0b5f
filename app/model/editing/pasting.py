"""A thing of one picture is laid over another: it covers what is there, where `changing.paste` adds to it.

It is seen at once, and then what it covers in part is fitted to it, as a stroke of paint is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.frame import Point
from daub.app.model.editing.pending import Made, PendingEdits, fitted
from daub.app.model.editing.population import Population
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.transforms import Affine
from daub.render.devices import Failover
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.editing.pasting import Thing


def cut_selected(editing: Editing) -> Thing:
    """What is seen in the shape by which the selection was made, or without one where its Gaussians are seen."""
    from daub.codec.editing.pasting import cut_out, cut_out_around

    drawn, population = editing.drawn, editing.population
    if drawn is None or not drawn.pixels.any():
        return cut_out_around(_drawing(population), population.selected)
    return cut_out(_drawing(population), drawn.pixels)


def paste_over(editing: Editing, pending: PendingEdits, thing: Thing, middle: Point | None) -> None:
    """Lays a thing over what is on side B; what it brings is selected.

    Args:
        middle: image position where its middle goes; None: where it was.
    """
    edit = pending.begin(lambda count: f"pasting {gaussian_words(count)} over the picture")
    if edit is None:
        return
    x, y = thing.corner
    if middle is not None:
        x, y = x + middle[0] - 0.5 - thing.middle[0], y + middle[1] - 0.5 - thing.middle[1]
    place = Affine.translation(x, y)
    pending.follow(edit, partial(_laid, thing, place))
    pending.end(edit, partial(_settled, thing, place, pending.has_time, editing.open_device))


def _laid(thing: Thing, place: Affine, population: Population) -> Made:
    """At once."""
    from daub.codec.editing.pasting import pasted_over
    from daub.render.cpu.backend import CpuRasteriser

    rasteriser = CpuRasteriser()
    seen, may = thing.seen(rasteriser), population.may_change
    laid = pasted_over(_drawing(population), thing.drawing, seen, place, rasteriser, may)
    return _made(population, laid.gaussians, laid.origin)


def _settled(
    thing: Thing,
    place: Affine,
    may_go_on: Callable[[], bool],
    device: Callable[[], Failover],
    population: Population,
) -> Made:
    """And then a fit to it, where there is time for that. Args: device: opens what fits, on the thread that calls."""
    from daub.codec.editing.pasting import paste_over

    rasteriser = device()
    try:
        seen, may = thing.seen(rasteriser), population.may_change
        records = paste_over(_drawing(population), thing.drawing, seen, place, rasteriser, may)
        last = fitted(records, may_go_on)
    finally:
        rasteriser.release()
    return _laid(thing, place, population) if last is None else _made(population, last.gaussians, last.origin)


def _made(population: Population, gaussians: Gaussians, origin: np.ndarray) -> Made:
    new = origin < 0
    return Made(population.redrawn(gaussians, origin).selecting(new), origin, int(new.sum()))


def _drawing(population: Population) -> Drawing:
    return Drawing(population.shown(), population.width, population.height)
