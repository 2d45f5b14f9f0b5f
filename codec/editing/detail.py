"""More detail here, less here: Gaussians are added to a region, or taken from it, and what is there is refitted."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from daub.codec.editing.drawing import Drawing, chosen, inherited
from daub.codec.editing.footprint import in_box
from daub.codec.editing.local import box_for, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, origin_through, refit, support_of, within
from daub.render.devices import with_fallback
from daub.render.gaussians import COEFFICIENT, Gaussians
from daub.render.rasteriser import Rasteriser

HELD = 0.01  # share of its bytes by which a file may be another where its size is held
MENDS = 2  # changes of the population by which it is brought there, at most
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
    taken_from, given_to = _sides(region, count)
    for record in _thinned(drawing, source, taken_from, abs(count), rasteriser, editable, settings):
        last = record
        yield replace(record, steps=2 * record.steps)
    between, first = Drawing(last.gaussians, *drawing.size), last
    number = len(drawing) - len(between)
    mine = None if editable is None else _following(editable, first.origin)
    for record in more_detail(between, source, given_to, number, rasteriser, mine, settings):
        last = _after(first, record, first.steps)
        yield last
    return last


def _sides(region: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Where Gaussians are taken from, and where they are given to, (H, W) bool."""
    return (~region, region) if count > 0 else (region, ~region)


def _thinned(
    drawing: Drawing,
    source: np.ndarray,
    region: np.ndarray,
    fewer: int,
    rasteriser: Rasteriser,
    editable: np.ndarray | None,
    settings: RefitSettings | None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """As `less_detail`, but only what those that are gone had shown is refitted: the region may be a whole picture."""
    inside = within(drawing.gaussians, region, rasteriser)
    inside = inside if editable is None else inside & editable
    gone = less_important(drawing, source, inside, fewer, rasteriser)
    hole = support_of(drawing, gone, rasteriser)
    free = inside & within(drawing.gaussians, hole, rasteriser, _OVERLAP)
    return (yield from _without(drawing, source, gone, hole, free, rasteriser, settings))


def held_detail(
    drawing: Drawing,
    source: np.ndarray,
    region: np.ndarray,
    count: int,
    rasteriser: Rasteriser,
    size_of: Callable[[Drawing], int],
    editable: np.ndarray | None = None,
    settings: RefitSettings | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """More detail here and less elsewhere, or the other way round, at a held size of the file.

    First at a held number of Gaussians; since small ones take other bytes than large ones, some more are then taken
    from the one side, or born on the other, until the size is within HELD of what it was.

    Args:
        count: Gaussians more in the region, negative for fewer.
        size_of: bytes of a file, such as `estimated_size` of it.
        others: as of `refit`.

    Yields:
        As `refit`, of one change after another: steps are counted on.
    """
    wanted, (taken_from, given_to) = size_of(drawing), _sides(region, count)
    for record in shifted_detail(drawing, source, region, count, rasteriser, editable, settings):
        last = record
        yield replace(record, steps=(1 + MENDS) * record.steps)
    for _ in range(MENDS):
        after = Drawing(last.gaussians, *drawing.size)
        over = size_of(after) - wanted
        number = round(abs(over) / max(wanted / max(len(after), 1), 1e-9))
        if abs(over) <= HELD * wanted or not number:
            break
        mine = None if editable is None else _following(editable, last.origin)
        change, side = (_thinned, taken_from) if over > 0 else (more_detail, given_to)
        before = last
        for record in change(after, source, side, number, rasteriser, mine, settings):
            last = _after(before, record, before.step)
            yield last
    return last


def _after(first: RefitProgress, record: RefitProgress, taken: int) -> RefitProgress:
    """The record of a refit as one of it and of another before it, which has taken so many steps."""
    return replace(
        record, step=taken + record.step, steps=taken + record.steps, seconds=first.seconds + record.seconds,
        origin=origin_through(record.origin, first.origin),
    )  # fmt: skip


def _following(editable: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """(M,) bool: which of those that there are by now may change; newborn ones may."""
    return inherited(editable, origin, True)


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
