"""Lay something over a picture: paint, or a thing that was cut from another one.

Colours of a sum cannot be laid over it. What looks so is the difference: small Gaussians that are covered wholly go,
those of what is laid over come, and the amplitudes of these, and of what is covered in part, are solved for so that the
picture becomes what layers of pixels would show. Beyond the cover it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np

from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.footprint import share_inside
from daub.codec.editing.local import Box, Part, box_for, cut, rendered_in
from daub.codec.editing.refit import (
    RefitProgress,
    RefitSettings,
    fit_part,
    nothing_to_fit,
    origin_through,
)
from daub.render.devices import with_fallback
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

SOLVER_STEPS = 20  # conjugate gradients, at most
SETTLING = RefitSettings(steps=30, relocate=False)
_COVERED, _TOUCHED = 0.7, 0.08  # share of a Gaussian's weight that is covered: it goes; it may change
_OPAQUE = 0.99  # coverage above which what is covered wholly is not seen any more

Over = Callable[[Box], np.ndarray]  # makes what is laid over of a box of the canvas: (h, w, 3), or (3,) one colour


@dataclass(frozen=True, eq=False)
class Laid:
    """What it has come to.

    Args:
        gaussians: (N, 8); those that are left stand in their order, new ones behind.
        origin: (N,) int64, which one of the drawing each is; -1 for new ones.
        free: (N,) bool, those that make up for one another.
        wanted: (h, w, 3) float32, what the box shall show.
        box: of the canvas; empty where nothing is covered.
    """

    gaussians: Gaussians
    origin: np.ndarray
    free: np.ndarray
    wanted: np.ndarray
    box: Box


def laid_over(
    drawing: Drawing,
    added: Gaussians,
    coverage: np.ndarray,
    over: Over,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
) -> Laid:
    """The picture with something laid over it, at once: of what was there only colours change.

    Args:
        added: Gaussians that can make what is laid over; where nothing is covered, none are added.
        coverage: (H, W) float32 in [0, 1].
        over: see there.
        editable: (N,) bool, which Gaussians may go or change; None: all.
    """
    before = drawing.gaussians
    editable = np.ones(len(before), bool) if editable is None else editable
    most = float(coverage.max(initial=0))
    if not most:
        nothing = np.zeros((0, 0, 3), np.float32)
        return Laid(before, np.arange(len(before)), np.zeros(len(before), bool), nothing, (0, 0, 0, 0))
    full = coverage / np.float32(most)
    share = with_fallback(rasteriser, lambda backend: share_inside(before, full, backend))
    gone = editable & (share >= _COVERED) if most >= _OPAQUE else np.zeros(len(before), bool)
    touched = editable & (share >= _TOUCHED) & ~gone
    left = Gaussians.concatenate(chosen(before, ~gone), added)
    origin = np.concatenate([np.flatnonzero(~gone), np.full(len(added), -1)])
    free = np.concatenate([touched[~gone], np.ones(len(added), bool)])
    box = box_for(Gaussians.concatenate(chosen(before, gone), chosen(left, free)), full > 0)
    present = rendered_in(before, box, rasteriser)
    wanted = present + cut(coverage, box)[..., None] * (over(box) - present)
    part = Part.of(Drawing(left, *drawing.size), free, wanted, box, rasteriser)
    left.parameters[free] = part.solved(SOLVER_STEPS, rasteriser).parameters
    return Laid(left, origin, free, wanted, box)


def lay_over(
    drawing: Drawing,
    added: Gaussians,
    coverage: np.ndarray,
    over: Over,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    more: int = 0,
    settings: RefitSettings = SETTLING,
) -> Generator[RefitProgress, None, RefitProgress]:
    """The same, and then a fit to it: what is covered in part changes its shape, too.

    Args:
        more: Gaussians that are born where the fit is still off.

    Yields, returns:
        As `refit`.
    """
    laid = laid_over(drawing, added, coverage, over, rasteriser, editable)
    after = Drawing(laid.gaussians, *drawing.size)
    if not laid.free.any():
        return (yield from nothing_to_fit(after, settings))
    where = cut(coverage, laid.box) > 0
    for record in fit_part(after, laid.free, laid.wanted, laid.box, where, rasteriser, more, settings):
        last = replace(record, origin=origin_through(record.origin, laid.origin))
        yield last
    return last
