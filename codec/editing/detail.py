"""More detail here, less here: Gaussians are added to a region, or taken from it, and what is there is refitted."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.footprint import in_box
from daub.codec.editing.local import box_for, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, origin_through, refit, support_of, within
from daub.render.devices import with_fallback
from daub.render.gaussians import COEFFICIENT, Gaussians
from daub.render.rasteriser import Rasteriser

_OVERLAP = 0.3  # share of a Gaussian's weight where others have gone, from which on it makes up for them


def more_detail(
    drawing: Drawing,
    source: np.ndarray,
    region: np.ndarray,
    more: int,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    settings: RefitSettings | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """Adds Gaussians to a region, where the source differs most, and refits it. Args: as of `refit`.

    At a held number of Gaussians others have to go: `shifted_detail`.
    """
    free = within(drawing.gaussians, region, rasteriser)
    free = free if editable is None else free & editable
    return (yield from refit(drawing, source, region, free, rasteriser, more, settings))


def less_detail(
    drawing: Drawing,
    source: np.ndarray,
    region: np.ndarray,
    fewer: int,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    settings: RefitSettings | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """Takes Gaussians from a region, those that matter least, and refits it. Args: as of `refit`."""
    inside = within(drawing.gaussians, region, rasteriser)
    inside = inside if editable is None else inside & editable
    gone = less_important(drawing, source, inside, fewer, rasteriser)
    return (yield from _without(drawing, source, gone, region, inside, rasteriser, settings))


def _without(
    drawing: Drawing,
    source: np.ndarray,
    gone: np.ndarray,
    region: np.ndarray,
    free: np.ndarray,
    rasteriser: Rasteriser,
    settings: RefitSettings | None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """A region refitted without some (N,) bool, by those of the free ones (N,) that are left."""
    left = np.flatnonzero(~gone)
    after = Drawing(chosen(drawing.gaussians, ~gone), *drawing.size)
    for record in refit(after, source, region, free[left], rasteriser, 0, settings):
        last = replace(record, origin=origin_through(record.origin, left))
        yield last
    return last


def shifted_detail(
    drawing: Drawing,
    source: np.ndarray,
    region: np.ndarray,
    count: int,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    settings: RefitSettings | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """More detail here and less elsewhere, at a held number of Gaussians; with a negative count the other way round.

    Those that matter least are taken from one side, and what they had shown is refitted; then as many are born on the
    other.

    Args:
        count: Gaussians more in the region.
        others: as of `refit`.

    Yields:
        As `refit`: first of the one side, then of the other.
    """
    taken_from, given_to = (~region, region) if count > 0 else (region, ~region)
    inside = within(drawing.gaussians, taken_from, rasteriser)
    inside = inside if editable is None else inside & editable
    gone = less_important(drawing, source, inside, abs(count), rasteriser)
    hole = support_of(drawing, gone, rasteriser)
    free = inside & within(drawing.gaussians, hole, rasteriser, _OVERLAP)
    for record in _without(drawing, source, gone, hole, free, rasteriser, settings):
        last = record
        yield replace(record, steps=2 * record.steps)
    between, first = Drawing(last.gaussians, *drawing.size), last
    number = len(drawing) - len(between)
    mine = None if editable is None else np.where(first.origin < 0, True, editable[np.maximum(first.origin, 0)])
    for record in more_detail(between, source, given_to, number, rasteriser, mine, settings):
        last = replace(
            record, step=first.steps + record.step, steps=first.steps + record.steps,
            seconds=first.seconds + record.seconds, origin=origin_through(record.origin, first.origin),
        )  # fmt: skip
        yield last
    return last


def less_important(
    drawing: Drawing, source: np.ndarray, among: np.ndarray, count: int, rasteriser: Rasteriser
) -> np.ndarray:
    """(N,) bool: so many of those `among` (N,) bool, without which the picture comes least away from the source.

    Each by itself: the squared error grows by |e|^2 - 2 e g without it, where e is its coefficient and g the gradient
    of half the squared error by that.
    """
    rows = np.flatnonzero(among)
    gone = np.zeros(len(drawing), bool)
    if count >= len(rows):
        gone[rows] = True
        return gone
    if not count:
        return gone
    one = chosen(drawing.gaussians, among)
    box = box_for(one, np.zeros((drawing.height, drawing.width), bool))
    held = rendered_in(chosen(drawing.gaussians, ~among), box, rasteriser)
    target = np.ascontiguousarray(cut(source, box) - held, np.float32)
    there = in_box(one, box)

    def gradient(backend: Rasteriser) -> np.ndarray:
        surface = backend.surface(target)
        moved = Gaussians(surface.xp.asarray(there.parameters))
        surface.error(moved)
        return surface.host(surface.gradient(moved))[:, COEFFICIENT]

    slope = with_fallback(rasteriser, gradient).astype(np.float64)
    e = there.coefficient.astype(np.float64)
    growth = (e * e - 2 * e * slope).sum(1)
    gone[rows[np.argsort(growth, kind="stable")[:count]]] = True
    return gone
