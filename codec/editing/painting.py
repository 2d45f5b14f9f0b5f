"""Paint with a brush: Gaussians along a stroke, so that the picture there has a colour.

Round Gaussians (dabs) stand close together under the brush, and are laid over what is there (`laying`): the picture
becomes what a brush of pixels would leave. Beyond the brush it stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.codec.editing.laying import SETTLING, Laid, laid_over, lay_over
from daub.codec.editing.local import Box, cut
from daub.codec.editing.refit import RefitProgress, RefitSettings
from daub.codec.editing.shapes import Stroke, box_of
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

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

    def dabs(self, stroke: Stroke, region: np.ndarray | None = None) -> Gaussians:
        """Round Gaussians of no colour yet that cover a stroke: a lattice of triangles within the brush.

        Args:
            region: (H, W) bool, of the canvas, where their centres lie; None: anywhere.
        """
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
        if region is not None:
            mean = mean[in_region(mean, region)]
        covariance = np.tile(np.eye(2) * deviation**2, (len(mean), 1, 1))
        return Gaussians.build(mean, covariance, np.zeros((len(mean), 3)))


def painted(
    drawing: Drawing,
    stroke: Stroke,
    brush: Brush,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    region: np.ndarray | None = None,
) -> Laid:
    """The picture after a stroke, at once: of what was there only colours change.

    Args:
        editable: (N,) bool, which Gaussians may go or change; None: all.
        region: (H, W) bool, where the brush paints; None: everywhere.
    """
    cover = _cover(drawing, stroke, brush, region)
    return laid_over(drawing, brush.dabs(stroke, region), *cover, rasteriser, editable)


def paint(
    drawing: Drawing,
    stroke: Stroke,
    brush: Brush,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    settings: RefitSettings = SETTLING,
    region: np.ndarray | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """The same, and then a fit to it: what lies in part under the brush changes its shape, too.

    Yields, returns:
        As `refit`.
    """
    cover = _cover(drawing, stroke, brush, region)
    return (yield from lay_over(drawing, brush.dabs(stroke, region), *cover, rasteriser, editable, 0, settings))


def in_region(places: np.ndarray, region: np.ndarray) -> np.ndarray:
    """(K,) bool: which places lie on pixels of a region. Args: places: (K, 2) pixels; region: (H, W) bool.

    >>> in_region(np.array([[0.4, 1.0], [2.0, 0.0], [-0.6, 0.0]]), np.array([[True, True], [True, False]])).tolist()
    [True, False, False]
    """
    columns, rows = np.floor(places + 0.5).astype(np.int64).T
    height, width = region.shape
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    inside[inside] = region[rows[inside], columns[inside]]
    return inside


def _cover(
    drawing: Drawing, stroke: Stroke, brush: Brush, region: np.ndarray | None
) -> tuple[np.ndarray, Callable[[Box], np.ndarray]]:
    """(H, W) float32 coverage of the canvas, and the colour of any part of it."""
    coverage = np.zeros((drawing.height, drawing.width), np.float32)
    box = box_of(stroke.bounds, *drawing.size)
    if box[2] > box[0] and box[3] > box[1]:
        cut(coverage, box)[:] = brush.coverage(stroke.distance_of_pixels(*box), stroke.radius)
        if region is not None:
            cut(coverage, box)[~cut(region, box)] = 0
    colour = np.array(brush.colour, np.float32)
    return coverage, lambda box: colour
