"""What a stroke of the brush makes of a population. It takes its time, on a thread."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import numpy as np

from daub.app.model.editing.frame import Point
from daub.app.model.editing.paint_brush import Effect, PaintBrush
from daub.app.model.editing.pending import Made, fitted
from daub.app.model.editing.population import Population
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.shapes import Stroke
from daub.render.gaussians import Gaussians


def brushed(brush: PaintBrush, path: Sequence[Point], population: Population) -> Made:
    """The population after a stroke, at once.

    Args:
        path: image positions, (0, 0) at the corner of the first pixel.
    """
    if brush.effect is Effect.SMEAR and len(path) == 1:  # the brush has not moved
        return Made(population, None, 0)
    stroke, drawing = _stroke(brush, path), _drawing(population)
    if brush.effect is Effect.PAINT:
        from daub.codec.editing.painting import painted

        laid = painted(drawing, stroke, _paint(brush), _rasteriser(), population.may_change)
        return Made(_after(population, laid.gaussians, laid.origin), laid.origin, int((laid.origin < 0).sum()))
    if brush.effect is Effect.SMEAR:
        from daub.codec.editing.smudge import smudged

        after = smudged(drawing, stroke, _rasteriser(), brush.strength, _movable(population))
    else:
        from daub.codec.editing.smearing import blurred

        after = blurred(drawing.gaussians, stroke, brush.deviation, _movable(population))
    changed = int((after.parameters != drawing.gaussians.parameters).any(1).sum())
    return Made(population.redrawn(after), None, changed)


def settled(brush: PaintBrush, path: Sequence[Point], may_go_on: Callable[[], bool], population: Population) -> Made:
    """The same, and then a fit to it: what lies in part under the brush changes its shape, too.

    Args:
        may_go_on: asked between two steps; where there is no time for the fit, it stays as it is at once.
    """
    at_once = brushed(brush, path, population)
    if brush.effect is Effect.BLUR or not at_once.count:
        return at_once
    last = fitted(_fit(brush, path, population), may_go_on)
    if last is None:
        return at_once
    return replace(at_once, population=_after(population, last.gaussians, last.origin), origin=last.origin)


def _fit(brush: PaintBrush, path: Sequence[Point], population: Population) -> Generator:
    stroke, drawing = _stroke(brush, path), _drawing(population)
    if brush.effect is Effect.PAINT:
        from daub.codec.editing.painting import paint

        return paint(drawing, stroke, _paint(brush), _rasteriser(), population.may_change)
    from daub.codec.editing.smudge import smear

    return smear(drawing, stroke, _rasteriser(), brush.strength, _movable(population))


def _stroke(brush: PaintBrush, path: Sequence[Point]) -> Stroke:
    return Stroke(np.array(path) - 0.5, brush.radius)


def _drawing(population: Population) -> Drawing:
    return Drawing(population.shown(), population.width, population.height)


def _paint(brush: PaintBrush):
    from daub.codec.editing.painting import Brush

    return Brush(brush.colour, brush.hardness, brush.strength)


def _rasteriser():
    """Under a brush there is so little to do that a GPU would not be faster."""
    from daub.render.cpu.backend import CpuRasteriser

    return CpuRasteriser()


def _movable(population: Population) -> np.ndarray:
    """(N,) bool: those that smear and blur change."""
    may = population.may_change
    return may & population.selected if population.selected.any() else may


def _after(population: Population, gaussians: Gaussians, origin: np.ndarray) -> Population:
    """The selection stays as it was: newborn ones are not in it."""
    after = population.redrawn(gaussians, origin)
    return after.selecting(after.selected & (origin >= 0))
