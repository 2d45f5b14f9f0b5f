"""Remove and fill: what is painted goes, and its surroundings close over it.

A picture is a sum without a background, so where Gaussians are deleted there is black. The hole is therefore closed in
pixels first (`inpainting`), and the Gaussians around, with some more, are fitted to that.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.footprint import dilated
from daub.codec.editing.inpainting import closed
from daub.codec.editing.local import box_for, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, fit_part, origin_through, within
from daub.render.rasteriser import Rasteriser

_LEAST_MORE = 4  # Gaussians that are added for a hole, however small


def remove_and_fill(
    drawing: Drawing,
    region: np.ndarray,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    more: int | None = None,
    margin: int = 3,
    settings: RefitSettings | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """Deletes what lies in a region, and lets its surroundings close the hole.

    Args:
        region: (H, W) bool, what is to go.
        editable: (N,) bool, which Gaussians may go or change; None: all.
        more: Gaussians that are added to close the hole; None: half as many as go.
        margin: pixels around the region that are closed, too: edges of what goes are soft.

    Yields, returns:
        As `refit`.

    Raises:
        ValueError: the region has another size than the canvas.
    """
    if region.shape != (drawing.height, drawing.width):
        raise ValueError(f"expected a region of {drawing.width}x{drawing.height} pixels, got {region.shape}")
    editable = np.ones(len(drawing), bool) if editable is None else editable
    hole = dilated(region, margin)
    gone = within(drawing.gaussians, hole, rasteriser) & editable
    around = dilated(hole, 2 * margin + 4)
    free = within(drawing.gaussians, around, rasteriser, 0.3) & editable & ~gone
    box = box_for(chosen(drawing.gaussians, free | gone), hole)
    wanted = closed(rendered_in(drawing.gaussians, box, rasteriser), cut(hole, box))
    left = np.flatnonzero(~gone)
    after = Drawing(chosen(drawing.gaussians, ~gone), *drawing.size)
    more = max(int(gone.sum()) // 2, _LEAST_MORE) if more is None else more
    where = cut(around, box)
    records = fit_part(after, free[left], wanted, box, where, rasteriser, more, settings or RefitSettings())
    for record in records:
        last = replace(record, origin=origin_through(record.origin, left))
        yield last
    return last
