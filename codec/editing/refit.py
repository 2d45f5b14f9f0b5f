"""Refit here: some Gaussians are fitted to a source anew, only inside a region, while everything else is held.

    free = within(drawing.gaussians, region, rasteriser)
    for record in refit(drawing, source, region, free, rasteriser, more=50):
        show(record.gaussians)          # not asking for the next record cancels
    after = record

- Inside the region the free Gaussians are fitted to the source, outside to what they make now: what they cover there
  stays as it is, edits that depart from the source included.
- Of those that were there it can be told which is which, for selections and groups: `RefitProgress.origin`.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from daub.codec.editing.births_inside import BirthsInside, room
from daub.codec.editing.drawing import Drawing, chosen, inherited
from daub.codec.editing.footprint import out_of_box, share_inside
from daub.codec.editing.local import Part, box_for, cut, rendered_in
from daub.codec.editing.selection import by_region
from daub.codec.fit import Checkpoint, FitProgress, FitSettings, fit
from daub.codec.fit.densifiers import ErrorDriven
from daub.codec.fit.sizes import CoarseToFine
from daub.codec.progress import Event
from daub.codec.tuning import Tuning
from daub.codec.weights import Weights
from daub.render.devices import with_fallback
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

BIRTH_SCALES = (0.7, 1.4, 2.8)  # sizes that are tried at a birth: one more than in a whole fit, for what is smooth

BIT_PRICE = 0.05  # a quarter of that of a whole fit: on kodim04, 0.12 dB more of what refitted Gaussians show


@dataclass(frozen=True)
class RefitSettings:
    """How long, and what may happen to the free Gaussians.

    Args:
        steps: of the fit, at least 1.
        seed: of all random draws.
        relocate: whether the weakest may be born again where the error is large, inside the region.
        tune: what an error counts, such as what the file was tuned for (`container.tuning_of`).
    """

    steps: int = 80
    seed: int = 0
    relocate: bool = True
    tune: Tuning = Tuning.PSNR


@dataclass(frozen=True, eq=False)
class RefitProgress:
    """The state after `step` of `steps`.

    Args:
        gaussians: of the whole picture; a snapshot. Those that are left stand in their order, newborn ones behind.
        origin: (N,) int64, which one of the drawing each is; -1 for newborn ones.
        psnr: dB of the box that is worked on, before clipping.
        seconds: spent in the fit, pauses excluded.
        event: how the population has changed since the record before, if it has.
    """

    step: int
    steps: int
    gaussians: Gaussians
    origin: np.ndarray
    psnr: float
    seconds: float
    event: Event | None = None


def within(gaussians: Gaussians, region: np.ndarray, rasteriser: Rasteriser, share: float = 0.5) -> np.ndarray:
    """(N,) bool: those that lie in a region (H, W), bool, with at least that share of their weight."""
    return with_fallback(rasteriser, lambda backend: share_inside(gaussians, region, backend)) >= share


def support_of(drawing: Drawing, selected: np.ndarray, rasteriser: Rasteriser, least: float = 1 / 255) -> np.ndarray:
    """(H, W) bool: the pixels where those selected add or take away more than `least`, together."""
    box = box_for(chosen(drawing.gaussians, selected), np.zeros((drawing.height, drawing.width), bool), 0)
    region = np.zeros((drawing.height, drawing.width), bool)
    if box[2] > box[0] and box[3] > box[1]:
        made = rendered_in(chosen(drawing.gaussians, selected), box, rasteriser)
        cut(region, box)[:] = np.abs(made).max(2) > least
    return region


def refit(
    drawing: Drawing,
    source: np.ndarray,
    region: np.ndarray,
    free: np.ndarray,
    rasteriser: Rasteriser,
    more: int = 0,
    settings: RefitSettings | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """Fits the free Gaussians, and perhaps more of them, to the source inside a region.

    Args:
        source: (H, W, 3) float32 in [0, 1], of the size of the canvas.
        region: (H, W) bool; `support_of` a selection, where there is no other.
        free: (N,) bool, such as the selection, or those `within` the region.
        more: Gaussians that are born where the error is largest, inside the region; fewer where it has no room for as
            many (`births_inside.room`).

    Yields:
        A record for every step and every change of the population.

    Returns:
        The last record, whose Gaussians are the best of all steps: never farther from what is wanted than before,
        unless others were born.

    Raises:
        ValueError: the source or the region has another size than the canvas.
    """
    for array, what in ((source, "source"), (region, "region")):
        if array.shape[:2] != (drawing.height, drawing.width):
            raise ValueError(f"expected a {what} of {drawing.width}x{drawing.height} pixels, got {array.shape}")
    box = box_for(chosen(drawing.gaussians, free), region)
    present = rendered_in(drawing.gaussians, box, rasteriser)
    wanted = np.where(cut(region, box)[..., None], cut(source, box), present)
    where = cut(region, box)
    return (yield from fit_part(drawing, free, wanted, box, where, rasteriser, more, settings or RefitSettings()))


def fit_part(
    drawing: Drawing,
    free: np.ndarray,
    wanted: np.ndarray,
    box: tuple[int, int, int, int],
    where: np.ndarray,
    rasteriser: Rasteriser,
    more: int,
    settings: RefitSettings,
) -> Generator[RefitProgress, None, RefitProgress]:
    """Fits the free Gaussians so that the box shows what is wanted.

    Args:
        where: (h, w) bool of the box, where Gaussians may be born, as many as have room there.
        others: as of `Part.of`, and of `refit`.
    """
    rows = np.flatnonzero(free)
    part = Part.of(drawing, free, wanted, box, rasteriser)
    goal = len(rows) + min(more, room(int(by_region(part.free, where).sum()), where))
    if not goal or not where.size:  # nothing is free, or nothing of it is on the canvas
        return (yield from nothing_to_fit(drawing, settings))
    # Born before the fit, at steps of their own below 0: so its records tell who is who.
    born = -1 - np.arange(len(rows), dtype=np.int32)
    start = Checkpoint(0, goal, part.free, np.random.default_rng(settings.seed), born)
    weights = Weights(np.clip(wanted, 0, 1).astype(np.float32), settings.tune)  # of what is seen, which is not signed
    for record in fit(part.target, _fit_settings(settings, len(rows), goal, where), rasteriser, weights, start):
        last = _merged(drawing, rows, record, box)
        yield last
    return last


def nothing_to_fit(drawing: Drawing, settings: RefitSettings) -> Generator[RefitProgress, None, RefitProgress]:
    """One record, that everything is as it was."""
    last = RefitProgress(settings.steps, settings.steps, drawing.gaussians, np.arange(len(drawing)), np.inf, 0.0)
    yield last
    return last


def origin_through(origin: np.ndarray, before: np.ndarray) -> np.ndarray:
    """(N,) int64, which one each is of the population before another change.

    >>> origin_through(np.array([0, 2, -1]), before=np.array([4, 5, 7])).tolist()
    [4, 7, -1]

    Args:
        origin: (N,) of the population in between, -1 for newborn ones.
        before: (M,) of that population, which one of the first each is; -1 likewise.
    """
    return inherited(before, origin, -1)


def _fit_settings(settings: RefitSettings, present: int, goal: int, where: np.ndarray) -> FitSettings:
    densifier = BirthsInside(
        start_share=present / goal, growths=3, grown_by=0.3, birth_scales=BIRTH_SCALES, where=where,
        relocate_share=ErrorDriven.relocate_share if settings.relocate and where.any() else 0.0,
    )  # fmt: skip
    # At its own size throughout: what is there already is as fine as it shall stay.
    return FitSettings(
        goal, settings.steps, settings.seed, densifier=densifier, bit_price=BIT_PRICE, sizes=CoarseToFine(coarsest=1)
    )


def _merged(drawing: Drawing, rows: np.ndarray, record: FitProgress, box: tuple[int, int, int, int]) -> RefitProgress:
    """The record of the whole picture. Args: rows: (M,) of the drawing, those that are free."""
    fitted = out_of_box(record.gaussians, box).parameters
    old = record.born < 0
    survivors = rows[-1 - record.born[old]]
    parameters = drawing.gaussians.parameters.copy()
    parameters[survivors] = fitted[old]
    kept = np.ones(len(drawing), bool)
    kept[rows] = False
    kept[survivors] = True
    origin = np.concatenate([np.flatnonzero(kept), np.full(len(fitted) - len(survivors), -1)])
    gaussians = Gaussians(np.concatenate([parameters[kept], fitted[~old]]))
    return RefitProgress(record.step, record.steps, gaussians, origin, record.psnr, record.seconds, record.event)
