"""Fitted Gaussians become a file: rounded, priced, written, and again until the goal is met.

`pack` is a generator of progress records like the fit; what it returns is the `Encoded` file.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from daub.codec import container
from daub.codec.container import Document
from daub.codec.decoder import decode, render
from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import psnr
from daub.codec.parameters import attributes as plain
from daub.codec.profiles.profile import Profile
from daub.codec.rate.landing import PRICE_KNOB, STEP_KNOB, Landing
from daub.codec.rate.plan import cell_log2_for, step_for
from daub.codec.rounding.harden import harden
from daub.codec.rounding.refine import refine
from daub.codec.settings import EncodeSettings
from daub.codec.symbols import Grid, Symbols, dequantise, quantise, step_index
from daub.render.devices import Replaceable
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

ROUNDS = 8  # steps to try, and prices for each, to land on a size or a PSNR
REFINED = 0.93  # of the bytes of plainly rounded Gaussians are left


@dataclass(frozen=True)
class EncodeProgress:
    """Where an encode stands."""

    stage: str  # "plan", "fit" or "quantise"
    step: int
    steps: int  # of this stage
    gaussians: Gaussians  # a snapshot
    goal_count: int  # Gaussians when the fit is done
    psnr: float  # dB before clipping
    seconds: float  # since the encode began, pauses excluded
    fraction: float  # of all the work, as far as it can be known
    event: str | None = None


@dataclass(frozen=True)
class Encoded:
    """A file in memory, and how it came about."""

    data: bytes
    document: Document  # exactly what a decoder gets
    psnr: float  # dB, of the file decoded to 8 bits
    fit_psnr: float  # dB, before quantisation
    fit_seconds: float
    encode_seconds: float  # everything, pauses excluded
    steps: int
    seed: int
    counted_bits: int | None = None  # what the paper of its method would count; None for our own file

    @property
    def gaussians(self) -> Gaussians:
        return self.document.gaussians

    @property
    def bpp(self) -> float:
        return 8 * len(self.data) / (self.document.width * self.document.height)


@dataclass(frozen=True)
class Fitted:
    """A finished fit."""

    gaussians: Gaussians
    psnr: float  # dB after clipping
    seconds: float


def psnr_of(gaussians: Gaussians, pixels: np.ndarray, rasteriser: Rasteriser) -> float:
    """dB against pixels (H, W, 3), clipped but not rounded."""
    height, width, _ = pixels.shape
    return psnr(pixels, render(Document.unwritten(gaussians, width, height), rasteriser))


class Clock:
    """Seconds of work: a generator's time outside its driver, which may have paused it."""

    def __init__(self, spent: float = 0.0):
        self._since = time.perf_counter() - spent

    def seconds(self) -> float:
        return time.perf_counter() - self._since

    def outside(self, waiting_since: float) -> None:
        self._since += time.perf_counter() - waiting_since


def pack(
    pixels: np.ndarray,
    gaussians: Gaussians,
    settings: EncodeSettings,
    rasteriser: Rasteriser,
    fit_seconds: float = 0.0,
) -> Generator[EncodeProgress, None, Encoded]:
    """Rounds and writes Gaussians fitted to pixels (H, W, 3), whatever their number; a goal of bytes or bpp is kept.

    Args:
        fit_seconds: what the fit took, for the record.
    """
    rasteriser = Replaceable(rasteriser)
    fitted = Fitted(gaussians, psnr_of(gaussians, pixels, rasteriser), fit_seconds)
    return (yield from pack_fitted(pixels, fitted, settings, rasteriser, Clock(fit_seconds)))


def estimate_bytes(
    gaussians: Gaussians, width: int, height: int, fit_psnr: float, settings: EncodeSettings
) -> int | None:
    """About how large the file of these Gaussians will be; some ten milliseconds for 5000 of them.

    None where a method's file cannot hold what its fit has come to.
    """
    if settings.profile.has_own_file:
        return _estimate_profiled(gaussians, width, height, settings.profile)
    return _estimate(gaussians, _grid(gaussians, width, height, fit_psnr), settings)


def _estimate(gaussians: Gaussians, grid: Grid, settings: EncodeSettings) -> int:
    symbols = quantise(gaussians, grid)
    if settings.keeps_all:
        return len(container.write(symbols, grid))
    kept = gaussians.strength**2 >= settings.least_energy * grid.step**2
    return round(REFINED * len(container.write(Symbols(symbols.values[kept]), grid)))


def _estimate_profiled(gaussians: Gaussians, width: int, height: int, profile: Profile) -> int | None:
    """With a quantiser that begins here rather than the one in training, which takes much the same bits."""
    attributes = plain.of_gaussians(gaussians)
    attributes[:, plain.VARIANCES] -= profile.filter.variance
    with np.errstate(all="ignore"):
        raw = profile.parametrisation.raw(attributes[plain.definite(attributes)], (width, height))
    raw = raw[np.isfinite(raw).all(1)]
    if not len(raw):
        return None
    quantiser = profile.quantiser.quantiser()
    quantiser.begin(raw)
    parts = profile.parametrisation, quantiser, profile.coder, profile.filter.variance
    try:
        return len(container.write_profiled(raw, width, height, *parts))
    except DaubError:
        return None


def _grid(gaussians: Gaussians, width: int, height: int, fit_psnr: float) -> Grid:
    """The grid for Gaussians that reach fit_psnr dB before quantisation."""
    count, area = len(gaussians), width * height
    step = step_for(count, 3 * area * 10 ** (-fit_psnr / 10))
    return Grid(width, height, step_index(step), cell_log2_for(count, width, height))


def pack_fitted(pixels, fitted, settings, rasteriser, clock):
    """Rounds with the step that suits the fit, or with others until the goal is met.

    A step decides roughly; what is left of the way, the price of a bit can go, which costs a tenth of the time.
    Yields progress; returns Encoded.
    """
    height, width, _ = pixels.shape
    grid = _grid(fitted.gaussians, width, height, fitted.psnr)
    landing = Landing.of(settings.goal, width * height)
    if landing and landing.on_bytes:
        estimate = _estimate(fitted.gaussians, grid, settings)
        grid = replace(grid, step_index=landing.next_index({grid.step_index: estimate}, STEP_KNOB))
    tries = []
    by_step = {}  # sizes, or PSNRs, at the usual price
    work = _Work(0.7)
    for _ in range(ROUNDS):
        hardened = yield from _harden(
            pixels, grid, fitted, settings, rasteriser, clock, work.take(0.3 if landing else 0.6)
        )
        by_price = {}
        price = 0
        while price not in by_price and len(by_price) < ROUNDS:
            part = work.take(0.2 if landing else 1.0)
            symbols = yield from _refine(pixels, hardened, grid, fitted, settings, price, clock, part)
            encoded = judged(pixels, container.write(symbols, grid), fitted, settings, rasteriser, clock)
            if not landing:
                return encoded
            tries.append(encoded)
            by_price[price] = landing.value(encoded)
            if landing.hit(by_price[price]):
                return encoded
            price = landing.next_index(by_price, PRICE_KNOB)
            if price in (PRICE_KNOB.lowest, PRICE_KNOB.highest):
                break  # too far for it
        by_step[grid.step_index] = by_price[0]
        grid = replace(grid, step_index=landing.next_index(by_step, STEP_KNOB))
        if grid.step_index in by_step:
            break
    best = tries[landing.best([landing.value(encoded) for encoded in tries])]
    return replace(best, encode_seconds=clock.seconds())


def judged(pixels, data, fitted, settings, rasteriser, clock) -> Encoded:
    """A file read again and compared with pixels (H, W, 3)."""
    document = container.read(data)
    image = decode(document, rasteriser) / np.float32(255)
    return Encoded(
        data,
        document,
        psnr=psnr(pixels, image),
        fit_psnr=fitted.psnr,
        fit_seconds=fitted.seconds,
        encode_seconds=clock.seconds(),
        steps=settings.steps,
        seed=settings.seed,
    )


def _harden(pixels, grid, fitted, settings, rasteriser, clock, part):
    """Yields progress; returns Symbols."""
    harden_settings = replace(settings.harden, least_energy=settings.least_energy)
    records = harden(pixels, fitted.gaussians, grid, harden_settings, rasteriser, settings.seed)
    _, symbols = yield from reported(records, "quantise", len(fitted.gaussians), clock, part)
    return symbols if settings.keeps_all else symbols.without_invisible()


def _refine(pixels, hardened, grid, fitted, settings, price, clock, part):
    """Yields progress; returns Symbols.

    Args:
        price: index of `landing.PRICE_KNOB`.
    """
    refine_settings = replace(
        settings.refine, price=settings.refine.price * 2 ** (price / 64), remove=not settings.keeps_all
    )
    records = refine(pixels, hardened, grid, refine_settings)
    _, symbols = yield from reported(
        records, "quantise", len(fitted.gaussians), clock, part, lambda record: dequantise(record.symbols, grid)
    )
    return symbols


class _Work:
    """How much of all the work is done, where nobody knows how many tries are still to come."""

    def __init__(self, done: float):
        self._done = done

    def take(self, share: float) -> tuple[float, float]:
        """Begin and end of a stage that takes so much of what is left."""
        begin = self._done
        self._done += share * (1 - begin)
        return begin, self._done


def reported(records, stage, count, clock, part, gaussians_of=lambda record: record.gaussians):
    """The records of a stage as EncodeProgress; returns the last of them, and what they return.

    Args:
        count: Gaussians when the fit is done.
        part: begin and end of the stage, fractions of all the work.
    """
    begin, end = part
    last = None
    while True:
        try:
            last = next(records)
        except StopIteration as stop:
            return last, stop.value
        fraction = begin + (end - begin) * last.step / last.steps
        event = getattr(last, "event", None)  # of a fit
        waiting = time.perf_counter()
        yield EncodeProgress(
            stage, last.step, last.steps, gaussians_of(last), count, last.psnr, clock.seconds(), fraction, event
        )
        clock.outside(waiting)
