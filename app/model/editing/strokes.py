"""What a stroke of the brush makes of a population. It takes its time, on a thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daub.app.model.editing.frame import Point
from daub.app.model.editing.paint_brush import Effect, PaintBrush
from daub.app.model.editing.pending import Made
from daub.app.model.editing.population import Population
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.shapes import Stroke


def brushed(brush: PaintBrush, path: Sequence[Point], population: Population) -> Made:
    """The population after a stroke.

    Args:
        path: image positions, (0, 0) at the corner of the first pixel.
    """
    stroke = Stroke(np.array(path) - 0.5, brush.radius)
    if brush.effect is Effect.PAINT:
        return _painted(brush, stroke, population)
    if brush.effect is Effect.SMEAR and len(path) == 1:  # the brush has not moved
        return Made(population, None, 0)
    may = population.may_change
    if population.selected.any():
        may = may & population.selected
    drawing = Drawing(population.shown(), population.width, population.height)
    if brush.effect is Effect.SMEAR:
        from daub.codec.editing.smudge import smudged
        from daub.render.cpu.backend import CpuRasteriser

        after = smudged(drawing, stroke, CpuRasteriser(), brush.strength, may)
    else:
        from daub.codec.editing.smearing import blurred

        after = blurred(drawing.gaussians, stroke, brush.deviation, may)
    changed = int((after.parameters != drawing.gaussians.parameters).any(1).sum())
    return Made(population.redrawn(after), None, changed)


def _painted(brush: PaintBrush, stroke: Stroke, population: Population) -> Made:
    from daub.codec.editing.painting import Brush, painted
    from daub.render.cpu.backend import CpuRasteriser

    drawing = Drawing(population.shown(), population.width, population.height)
    paint = Brush(brush.colour, brush.hardness, brush.strength)
    laid = painted(drawing, stroke, paint, CpuRasteriser(), population.may_change)
    after = population.redrawn(laid.gaussians, laid.origin)
    return Made(after.selecting(after.selected & (laid.origin >= 0)), laid.origin, int((laid.origin < 0).sum()))
