"""Paint with a brush: Gaussians along a stroke, so that the picture there has a colour.

Colours of a sum cannot be laid over it, so that the difference is painted: small Gaussians that the stroke covers go,
new ones (dabs) stand close together under the brush, and the amplitudes of the dabs, and of what the stroke covers in
part, are solved for so that the picture becomes what a brush of pixels would leave. Beyond the brush it stays.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.footprint import share_inside
from daub.codec.editing.local import Box, Part, box_for, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, fit_part, nothing_to_fit, origin_through
from daub.codec.editing.shapes import Stroke, box_of
from daub.render.devices import with_fallback
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

SOLVER_STEPS = 20  # conjugate gradients, at most
SETTLING = RefitSettings(steps=30, relocate=False)
_COVERED, _TOUCHED = 0.7, 0.08  # share of a Gaussian's weight under the brush: it goes; its colour may change
_SPACING = 1.15  # of neighbouring dabs, in their standard deviations
_EDGE = 2.5  # width of the sharpest edge, in standard deviations of a dab
_SMALLEST_DAB = 0.7  # standard deviation, pixels


@dataclass(frozen=True)
class Brush:
    """What a stroke leaves.

    Args:
        colour: (red, green, blue) in [0, 1].
        hardness: 0, it fades from the middle on, to 1, it has an edge.
        opacity: 0 to 1, how much of the colour is laid on in the middle.
    """

    colour: tuple[float, float, float]
    hardness: float = 0.5
    opacity: float = 1.0

    def coverage(self, distance: np.ndarray, radius: float) -> np.ndarray:
        """Share of the colour at distances from the line, pixels; float32, 0 from the radius on.

        >>> Brush((0, 0, 0), hardness=0).coverage(np.array([0.0, 5.0, 10.0, np.inf]), radius=10).round(3).tolist()
        [1.0, 0.5, 0.0, 0.0]
        """
        # An edge is no sharper than dabs can draw it: what they cannot, they would ring around.
        edge = min(max((1 - self.hardness) * radius, _EDGE * self._deviation(radius)), radius)
        inward = np.clip((radius - np.minimum(distance, radius)) / edge, 0, 1)
        return (self.opacity * inward * inward * (3 - 2 * inward)).astype(np.float32)

    def _deviation(self, radius: float) -> float:
        """Standard deviation of a dab, pixels."""
        return max(radius * (0.4 - 0.25 * self.hardness), _SMALLEST_DAB)

    def dabs(self, stroke: Stroke) -> Gaussians:
        """Round Gaussians of no colour yet that cover a stroke: a lattice of triangles within the brush."""
        deviation = self._deviation(stroke.radius)
        spacing = _SPACING * deviation
        rise = spacing * math.sqrt(3) / 2  # of a row of triangles
        left, top, right, bottom = stroke.bounds
        rows = np.arange(math.floor(top / rise), math.ceil(bottom / rise) + 1)
        columns = np.arange(math.floor(left / spacing) - 1, math.ceil(right / spacing) + 1)
        x, y = np.meshgrid(columns.astype(np.float64), rows.astype(np.float64))
        mean = np.stack([((x + 0.5 * (rows[:, None] % 2)) * spacing).ravel(), (y * rise).ravel()], 1)
        # At the edge the colour fades over some deviations. Where the line is thin, the lattice must not miss it.
        mean = mean[stroke.distance(mean) <= max(stroke.radius - deviation, 0.6 * spacing)]
        if not len(mean):
            mean = stroke.path[:1]
        covariance = np.tile(np.eye(2) * deviation**2, (len(mean), 1, 1))
        return Gaussians.build(mean, covariance, np.zeros((len(mean), 3)))


@dataclass(frozen=True, eq=False)
class Painted:
    """What a stroke has come to.

    Args:
        gaussians: (N, 8); those that are left stand in their order, dabs behind.
        origin: (N,) int64, which one of the drawing each is; -1 for dabs.
    """

    gaussians: Gaussians
    origin: np.ndarray


def painted(
    drawing: Drawing, stroke: Stroke, brush: Brush, rasteriser: Rasteriser, editable: np.ndarray | None = None
) -> Painted:
    """The picture after a stroke, at once: of what was there only colours change.

    Args:
        editable: (N,) bool, which Gaussians may go or change; None: all.
    """
    begun = _begun(drawing, stroke, brush, rasteriser, editable)
    return Painted(drawing.gaussians, np.arange(len(drawing))) if begun is None else begun.painted


def paint(
    drawing: Drawing,
    stroke: Stroke,
    brush: Brush,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    settings: RefitSettings = SETTLING,
) -> Generator[RefitProgress, None, RefitProgress]:
    """The same, and then a fit to it: what lies in part under the brush changes its shape, too.

    Yields, returns:
        As `refit`.
    """
    begun = _begun(drawing, stroke, brush, rasteriser, editable)
    if begun is None:
        return (yield from nothing_to_fit(drawing, settings))
    painted, free, wanted, box = begun
    after = Drawing(painted.gaussians, *drawing.size)
    for record in fit_part(after, free, wanted, box, rasteriser, 0, settings):
        last = replace(record, origin=origin_through(record.origin, painted.origin))
        yield last
    return last


class _Begun(NamedTuple):
    painted: Painted
    free: np.ndarray  # (N,) bool, of those painted
    wanted: np.ndarray  # (h, w, 3) float32, what the box shall show
    box: Box


def _begun(
    drawing: Drawing, stroke: Stroke, brush: Brush, rasteriser: Rasteriser, editable: np.ndarray | None
) -> _Begun | None:
    """A stroke with its colours solved for; None where it leaves nothing on the canvas."""
    before = drawing.gaussians
    editable = np.ones(len(before), bool) if editable is None else editable
    coverage = np.zeros((drawing.height, drawing.width), np.float32)
    box = box_of(stroke.bounds, *drawing.size)
    if box[2] > box[0] and box[3] > box[1]:
        cut(coverage, box)[:] = brush.coverage(stroke.distance_of_pixels(*box), stroke.radius)
    if not coverage.any():
        return None
    full = coverage / np.float32(brush.opacity)
    share = with_fallback(rasteriser, lambda backend: share_inside(before, full, backend))
    gone = editable & (share >= _COVERED) if brush.opacity > 0.99 else np.zeros(len(before), bool)
    touched = editable & (share >= _TOUCHED) & ~gone
    dabs = brush.dabs(stroke)
    left = Gaussians.concatenate(chosen(before, ~gone), dabs)
    origin = np.concatenate([np.flatnonzero(~gone), np.full(len(dabs), -1)])
    free = (origin < 0) | touched[np.maximum(origin, 0)]
    box = box_for(Gaussians.concatenate(chosen(before, gone), chosen(left, free)), full > 0)
    present = rendered_in(before, box, rasteriser)
    wanted = present + cut(coverage, box)[..., None] * (np.float32(brush.colour) - present)
    part = Part.of(Drawing(left, *drawing.size), free, wanted, box, rasteriser)
    left.parameters[free] = part.solved(SOLVER_STEPS, rasteriser).parameters
    return _Begun(Painted(left, origin), free, wanted, box)
