"""Fitted Gaussians become a file: rounded, priced, written, and again until the goal is met.

`pack` is a generator of progress records like the fit; what it returns is the `Encoded` file.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.codec import container
from daub.codec.job import HARDENING, ONLY_HARDENING, PACKED, REFINEMENT, Fitted, Job, Opacity
from daub.codec.progress import EncodeProgress, Stage
from daub.codec.rate.encoded import Encoded, missed, score
from daub.codec.rate.estimate import natural_grid
from daub.codec.rate.foresight import aim_of, better, fit_on
from daub.codec.rate.landing import Landing, Search
from daub.codec.recipe import Recipe
from daub.codec.rounding.harden import harden
from daub.codec.rounding.refine import RefineProgress, refine
from daub.codec.symbols import Grid, Symbols, dequantise
from daub.codec.transparency import filled_in
from daub.render.gaussians import Gaussians
from daub.render.interruption import aside
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.importance import Importance
    from daub.codec.metadata import Metadata


def pack(
    pixels: np.ndarray,
    gaussians: Gaussians,
    recipe: Recipe,
    rasteriser: Rasteriser,
    fit_seconds: float = 0.0,
    importance: Importance | None = None,
    born: np.ndarray | None = None,
    metadata: Metadata | None = None,
    opacity: Opacity | None = None,
) -> Generator[EncodeProgress, None, Encoded]:
    """Rounds and writes Gaussians fitted to pixels (H, W, 3), whatever their number; a goal of bytes or bpp is kept.

    Args:
        fit_seconds: what the fit took, for the record.
        importance: as of `encode`.
        born: (N,) the steps at which they were born, where that is known.
        metadata: as of `encode`.
        opacity: of an image that is transparent, as records of its encode have it; the pixels are its colours then, or
            have the four channels of the image.
    """
    if opacity is not None:
        pixels = filled_in(pixels[..., :3], opacity.source[..., 3])
    carried = () if metadata is None else container.metadata_chunks(metadata)
    job = Job(pixels, recipe, rasteriser, fit_seconds, importance, carried, opacity)
    return (yield from _pack(job, job.fitted(gaussians, fit_seconds, born)))


def pack_fitted(
    job: Job, fitted: Fitted, near: tuple[float, float] = (-math.inf, math.inf), grid: Grid | None = None
) -> Generator[EncodeProgress, None, Encoded]:
    """Rounds with the step that suits the fit, then with others until the goal is met; returns the best file.

    Where that has a network restore it, the Gaussians are then fitted to what the network will add to (`foresight.py`).

    Args:
        near: ends of ln(size / limit) between which the first file must lie for others to be tried: farther off,
            another number of Gaussians will do better than another step.
        grid: of the first try; None: the one that suits what the fit has left of the error.
    """
    if not job.recipe.restore:
        return (yield from _pack(job, fitted, near, grid))
    encoded = yield from _pack(job, fitted, near, grid, PACKED)
    aim = aim_of(job, encoded)
    if aim is None or (encoded.missed is not None and near[0] > -math.inf):
        return encoded
    job.aim_at(aim)
    fitted = yield from fit_on(job, fitted)
    foreseeing = yield from _pack(job, fitted, grid=grid, before=encoded)
    job.aim_at(job.pixels)  # another fit may follow, of another number
    seconds = encoded.fit_seconds + fitted.seconds
    return replace(better(encoded, foreseeing), fit_seconds=seconds, encode_seconds=foreseeing.encode_seconds)


def _pack(
    job: Job,
    fitted: Fitted,
    near: tuple[float, float] = (-math.inf, math.inf),
    grid: Grid | None = None,
    until: float = 1.0,
    before: Encoded | None = None,
) -> Generator[EncodeProgress, None, Encoded]:
    """As `pack_fitted`, without foresight.

    Args:
        until: share of all the work that is done then.
        before: a file that is there already, which a stop meanwhile takes.
    """
    if grid is None:
        grid = natural_grid(fitted.gaussians, job.width, job.height, fitted.error)
    landing = Landing.of(job.recipe.goal, job.area)
    search = Search(landing, grid.step_index)
    job.attempt = 0
    hardened, hardened_with = None, None
    while search.trial is not None:
        trial = search.trial
        job.attempt += 1
        if trial.step_index != hardened_with:
            grid, hardened_with = replace(grid, step_index=trial.step_index), trial.step_index
            hardened = yield from _harden(job, fitted, grid, HARDENING if landing else ONLY_HARDENING, until)
        share = REFINEMENT if landing else 1.0
        symbols = yield from _refine(job, fitted, hardened, grid, trial.price_index, share, until)
        data = aside(partial(container.write, symbols, grid, job.optional_chunks))
        encoded = score(job, data, fitted)
        search.tell(replace(encoded, born=_born(fitted, symbols, encoded.document.payload.symbols)))
        job.best = before or search.best
        if landing and landing.on_bytes and not near[0] < math.log(len(search.best.data) / landing.aim) < near[1]:
            break
    best = replace(search.best, encode_seconds=job.clock.seconds())
    return replace(best, missed=missed(job.recipe.goal, best))


def _born(fitted: Fitted, written: Symbols, read: Symbols) -> np.ndarray | None:
    """As of `Encoded`: the file has the same symbols in an order of its own."""
    if fitted.born is None or written.origin is None:
        return None
    born = np.empty(len(read), fitted.born.dtype)
    born[np.lexsort(read.values.T)] = fitted.born[written.origin[np.lexsort(written.values.T)]]
    return born


def _harden(
    job: Job, fitted: Fitted, grid: Grid, share: float, until: float
) -> Generator[EncodeProgress, None, Symbols]:
    settings = replace(job.recipe.harden, least_energy=job.recipe.least_energy)
    records = harden(job.target, fitted.gaussians, grid, settings, job.rasteriser, job.recipe.seed, job.weights())
    _, symbols = yield from job.run(records, Stage.ROUND, len(fitted.gaussians), share, until)
    return symbols if job.recipe.keeps_all else symbols.without_invisible()


def _refine(
    job: Job, fitted: Fitted, hardened: Symbols, grid: Grid, price_index: int, share: float, until: float
) -> Generator[EncodeProgress, None, Symbols]:
    usual = job.recipe.refine
    settings = replace(usual, lambda_=usual.lambda_ * 2 ** (price_index / 64), remove=not job.recipe.keeps_all)
    records = refine(job.target, hardened, grid, settings, job.weights())
    shown, gaussians = None, None

    def gaussians_of(record: RefineProgress) -> Gaussians:
        nonlocal shown, gaussians
        if record.symbols is not shown:
            shown, gaussians = record.symbols, dequantise(record.symbols, grid)
        return gaussians

    count = len(fitted.gaussians)
    _, symbols = yield from job.run(records, Stage.ROUND, count, share, until, gaussians_of=gaussians_of)
    return symbols
