"""What a stroke of the brush makes of a population. It takes its time, on a thread.

Where something is selected, a stroke holds to it. Smear and blur change the Gaussians that are selected; paint stays
where they are seen, or in the shape by which they were selected, and what it brings belongs to the selection, so that
the next stroke finds the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from daub.app.model.editing.drawn import Drawn
from daub.app.model.editing.frame import Point
from daub.app.model.editing.paint_brush import Effect, PaintBrush
from daub.app.model.editing.pending import Made, fitted
from daub.app.model.editing.population import Population
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.shapes import Stroke
from daub.render.devices import Failover
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser


@dataclass(frozen=True, eq=False)
class Hold:
    """What a stroke holds to.

    Args:
        is_on: to what is selected; otherwise it may go everywhere.
        drawn: the shapes by which that was, None where it was otherwise.
    """

    is_on: bool = False
    drawn: Drawn | None = None

    def region(self, population: Population) -> np.ndarray | None:
        """(H, W) bool: where paint may be; None: everywhere."""
        if not self.is_on:
            return None
        if self.drawn is not None and self.drawn.size == (population.width, population.height):
            return self.drawn.pixels
        return _seen(population)


def brushed(brush: PaintBrush, path: Sequence[Point], hold: Hold, population: Population) -> Made:
    """The population after a stroke, at once.

    Args:
        path: image positions, (0, 0) at the corner of the first pixel.
    """
    if brush.effect is Effect.SMEAR and len(path) == 1:  # the brush has not moved
        return Made(population, None, 0)
    stroke, drawing = _stroke(brush, path), _drawing(population)
    if brush.effect is Effect.PAINT:
        from daub.codec.editing.painting import painted

        region = hold.region(population)
        laid = painted(drawing, stroke, _paint(brush), _rasteriser(), population.may_change, region)
        after = _after(population, laid.gaussians, laid.origin, hold)
        return Made(after, laid.origin, int((laid.origin < 0).sum()))
    if brush.effect is Effect.SMEAR:
        from daub.codec.editing.smudge import smudged

        after = smudged(drawing, stroke, _rasteriser(), brush.strength, _movable(population))
    else:
        from daub.codec.editing.smearing import blurred

        after = blurred(drawing.gaussians, stroke, brush.deviation, _movable(population))
    changed = int((after.parameters != drawing.gaussians.parameters).any(1).sum())
    return Made(population.redrawn(after), None, changed)


def settled(
    brush: PaintBrush,
    path: Sequence[Point],
    hold: Hold,
    may_go_on: Callable[[], bool],
    device: Callable[[], Failover],
    population: Population,
) -> Made:
    """The same, and then a fit to it: what lies in part under the brush changes its shape, too.

    Args:
        may_go_on: asked between two steps; where there is no time for the fit, it stays as it is at once.
        device: opens what fits, on the thread that calls it.
    """
    at_once = brushed(brush, path, hold, population)
    if brush.effect is Effect.BLUR or not at_once.count:
        return at_once
    rasteriser = device()
    try:
        last = fitted(_fit(brush, path, hold, population, rasteriser), may_go_on)
    finally:
        rasteriser.release()
    if last is None:
        return at_once
    return replace(at_once, population=_after(population, last.gaussians, last.origin, hold), origin=last.origin)


def _fit(
    brush: PaintBrush, path: Sequence[Point], hold: Hold, population: Population, rasteriser: Rasteriser
) -> Generator:
    stroke, drawing = _stroke(brush, path), _drawing(population)
    if brush.effect is Effect.PAINT:
        from daub.codec.editing.painting import paint

        region = hold.region(population)
        return paint(drawing, stroke, _paint(brush), rasteriser, population.may_change, region=region)
    from daub.codec.editing.smudge import smear

    return smear(drawing, stroke, rasteriser, brush.strength, _movable(population))


def _stroke(brush: PaintBrush, path: Sequence[Point]) -> Stroke:
    return Stroke(np.array(path) - 0.5, brush.radius)


def _drawing(population: Population) -> Drawing:
    return Drawing(population.shown(), population.width, population.height)


def _paint(brush: PaintBrush):
    from daub.codec.editing.painting import Brush

    return Brush(brush.colour, brush.hardness, brush.strength)


def _rasteriser():
    """For what is seen at once: under a brush there is so little to do that a GPU would not be faster."""
    from daub.render.cpu.backend import CpuRasteriser

    return CpuRasteriser()


def _movable(population: Population) -> np.ndarray:
    """(N,) bool: those that smear and blur change."""
    may = population.may_change
    return may & population.selected if population.selected.any() else may


@lru_cache(maxsize=2)  # each point of a stroke asks for it
def _seen(population: Population) -> np.ndarray:
    """(H, W) bool: where what is selected is seen."""
    from daub.codec.editing.refit import support_of

    return support_of(_drawing(population), population.selected, _rasteriser())


def _after(population: Population, gaussians: Gaussians, origin: np.ndarray, hold: Hold) -> Population:
    """Newborn ones are in the selection where the stroke held to it; otherwise that stays as it was."""
    after = population.redrawn(gaussians, origin)
    return after if hold.is_on else after.selecting(after.selected & (origin >= 0))
