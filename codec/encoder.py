"""An image becomes a file: plan, fit, round, write, and again until the goal is met.

Like the fit, `encode` and `pack` are generators of progress records, so that whoever drives them can pause, stop or
cancel between any two; what they return (`StopIteration.value`, or the value of `yield from`) is the `Encoded` file.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from dataclasses import dataclass, field, replace

import numpy as np

from codec import container
from codec.decoder import render
from codec.effort import DEFAULT_EFFORT, EFFORTS
from codec.errors import DaubError
from codec.fit import FitSettings, fit
from codec.harden import HardenSettings, harden
from codec.images import to_8bit
from codec.landing import PRICE_KNOB, STEP_KNOB, Landing
from codec.metrics import psnr
from codec.quantise import Grid, Symbols, dequantise, quantise, step_index
from codec.rate import (
    GAUSSIAN_BITS,
    Goal,
    PowerLaw,
    cell_log2_for,
    count_for_bytes,
    count_limit,
    price_for,
    step_for,
)
from codec.refine import RefineSettings, refine
from render.gaussians import Gaussians
from render.rasterizer import Rasterizer

ROUNDS = 5  # attempts to land on a size or a PSNR
ROUNDING_LOSS = 1.0  # dB: what the step of `step_for` costs, at any rate
ROUNDING_RANGE = 0.6  # dB around that, which other steps can make up for
REFINED = 0.93  # of the bytes of plainly rounded Gaussians are left
PROBE_SPACINGS = 28.0, 14.0  # pixels between the Gaussians of the two short fits of a plan
PROBE_STEPS = 40


@dataclass(frozen=True)
class EncodeSettings:
    """What an encode depends on besides the image; on one machine equal ones give equal bytes."""

    goal: Goal = field(default_factory=lambda: Goal("quality", 50))
    steps: int = 300  # of the fit, at least 1
    seed: int = 0
    fit: FitSettings = field(default_factory=FitSettings)  # its gaussians, steps and seed follow from the above
    harden: HardenSettings = field(default_factory=HardenSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)
    exact_count: bool = True  # a goal of Gaussians holds for the file, not just for the fit

    @classmethod
    def of_effort(
        cls,
        goal: Goal,
        effort: int = DEFAULT_EFFORT,
        steps: int | None = None,
        seed: int = 0,
        exact_count: bool = True,
    ) -> EncodeSettings:
        """Settings for an effort 0..9.

        Args:
            steps: of the fit, where they shall not follow from the effort.

        Raises:
            DaubError: there is no such effort.
        """
        if effort not in range(len(EFFORTS)):
            raise DaubError(f"effort {effort} is unknown", "it goes from 0 (instant) to 9 (best)", "give one of those")
        chosen = EFFORTS[effort]
        return cls(
            goal,
            chosen.steps if steps is None else steps,
            seed,
            harden=HardenSettings(chosen.geometry_parts, chosen.steps_per_part, chosen.coefficient_parts),
            refine=RefineSettings(chosen.sweeps),
            exact_count=exact_count,
        )

    @property
    def keeps_all(self) -> bool:
        """Whether the file holds Gaussians that are not worth their bits, too."""
        return self.exact_count and self.goal.kind == "gaussians"

    def __post_init__(self):
        if self.steps < 1:
            raise DaubError(f"a fit of {self.steps} steps is none", "it takes at least one", "ask for more steps")


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
    gaussians: Gaussians  # exactly what a decoder gets
    width: int
    height: int
    psnr: float  # dB, of the file decoded to 8 bits
    fit_psnr: float  # dB, before quantisation
    fit_seconds: float
    encode_seconds: float  # everything, pauses excluded
    steps: int
    seed: int

    @property
    def bpp(self) -> float:
        return 8 * len(self.data) / (self.width * self.height)


def encode(
    pixels: np.ndarray, settings: EncodeSettings, rasterizer: Rasterizer
) -> Generator[EncodeProgress, None, Encoded]:
    """Encodes pixels (H, W, 3) float32 in [0, 1] towards `settings.goal`.

    Raises:
        DaubError: the image is too large for the format, or the goal cannot be reached.
    """
    clock = _Clock()
    goal = settings.goal
    height, width, _ = pixels.shape
    area = height * width
    if max(width, height) > container.LARGEST_SIDE or area > container.LARGEST_AREA:
        raise DaubError(
            f"an image of {width}x{height} cannot be encoded", "the format holds 2^28 pixels, 2^20 a side", "reduce it"
        )
    count = yield from _plan(pixels, settings, rasterizer, clock)
    if goal.kind == "psnr":
        fitted = yield from _fit_to_psnr(pixels, count, settings, rasterizer, clock)
    else:
        fitted = yield from _fit(pixels, count, settings, rasterizer, clock, 0)
    while True:
        try:
            encoded = yield from _pack(pixels, fitted, settings, rasterizer, clock)
            break
        except DaubError:  # a limit so low that no step makes so many Gaussians small enough
            if goal.kind not in ("bytes", "bpp") or count == 1:
                raise
            count = (count + 1) // 3
            fitted = yield from _fit(pixels, count, settings, rasterizer, clock, ROUNDS)
    if goal.kind == "psnr" and encoded.psnr < goal.value - 1:
        raise DaubError(
            f"{goal.value:g} dB cannot be reached", f"{encoded.psnr:.2f} dB is the best found", "ask for less"
        )
    return encoded


def pack(
    pixels: np.ndarray,
    gaussians: Gaussians,
    settings: EncodeSettings,
    rasterizer: Rasterizer,
    fit_seconds: float = 0.0,
) -> Generator[EncodeProgress, None, Encoded]:
    """Rounds and writes Gaussians fitted to pixels (H, W, 3), whatever their number; a goal of bytes or bpp is kept.

    Args:
        fit_seconds: what the fit took, for the record.
    """
    fitted = _Fitted(gaussians, _psnr_of(gaussians, pixels, rasterizer), fit_seconds)
    return (yield from _pack(pixels, fitted, settings, rasterizer, _Clock(fit_seconds)))


def estimate_bytes(gaussians: Gaussians, width: int, height: int, fit_psnr: float, settings: EncodeSettings) -> int:
    """About how large the file of these Gaussians will be; some ten milliseconds for 5000 of them."""
    return _estimate(gaussians, _grid(gaussians, width, height, fit_psnr), settings)


def _estimate(gaussians: Gaussians, grid: Grid, settings: EncodeSettings) -> int:
    symbols = quantise(gaussians, grid)
    if settings.keeps_all:
        return len(container.write(symbols, grid))
    energy = gaussians.energy**2
    kept = energy >= settings.refine.price * GAUSSIAN_BITS * grid.step**2
    return round(REFINED * len(container.write(Symbols(symbols.values[kept]), grid)))


def _grid(gaussians: Gaussians, width: int, height: int, fit_psnr: float) -> Grid:
    """The grid for Gaussians that reach fit_psnr dB before quantisation."""
    count, area = len(gaussians), width * height
    step = step_for(count, 3 * area * 10 ** (-fit_psnr / 10))
    return Grid(width, height, step_index(step), cell_log2_for(count, width, height))


@dataclass(frozen=True)
class _Fitted:
    gaussians: Gaussians
    psnr: float  # dB after clipping
    seconds: float


def _psnr_of(gaussians: Gaussians, pixels: np.ndarray, rasterizer: Rasterizer) -> float:
    return psnr(pixels, render(gaussians, (pixels.shape[1], pixels.shape[0]), rasterizer))


class _Clock:
    """Seconds of work: a generator's time outside its driver, which may have paused it."""

    def __init__(self, spent: float = 0.0):
        self._since = time.perf_counter() - spent

    def seconds(self) -> float:
        return time.perf_counter() - self._since

    def outside(self, waiting_since: float) -> None:
        self._since += time.perf_counter() - waiting_since


def _plan(pixels, settings, rasterizer, clock):
    """Yields progress; returns how many Gaussians to fit, for a PSNR the first guess."""
    goal, area = settings.goal, pixels.shape[0] * pixels.shape[1]
    if goal.kind == "gaussians":
        # Beyond a few per pixel they overlap so much that no step of the fit is short enough.
        most = max(4 * area, 16)
        if goal.value > most:
            raise DaubError(
                f"{goal.value} Gaussians are too many", f"the image has only {area} pixels", f"ask for {most} at most"
            )
        return int(goal.value)
    if goal.kind in ("bytes", "bpp"):
        return count_for_bytes(goal.bytes_for(area), area)
    law = yield from _probe(pixels, settings, rasterizer, clock)
    if goal.kind == "quality":
        count = law.count_for_price(price_for(goal.value))
    else:
        count = law.count_for_energy(pixels.size * 10 ** (-goal.value / 10))
    return int(min(max(count, 1), count_limit(area)))


def _probe(pixels, settings, rasterizer, clock):
    """Two short fits tell how the error of this image falls with the count; yields progress, returns a PowerLaw."""
    area = pixels.shape[0] * pixels.shape[1]
    pairs = []
    for i, spacing in enumerate(PROBE_SPACINGS):
        count = max(1 + i, round(area / spacing**2))
        fit_settings = replace(settings.fit, gaussians=count, steps=PROBE_STEPS, seed=settings.seed)
        for last in fit(pixels, fit_settings, rasterizer):
            waiting = time.perf_counter()
            fraction = 0.1 * (i + last.step / last.steps) / len(PROBE_SPACINGS)
            yield EncodeProgress(
                "plan", last.step, last.steps, last.gaussians, count, last.psnr, clock.seconds(), fraction
            )
            clock.outside(waiting)
        pairs.append((count, pixels.size * 10 ** (-last.psnr / 10)))
    return PowerLaw.through(*pairs).of_full_fit(pairs[-1][0])


def _fit(pixels, count, settings, rasterizer, clock, attempt):
    """Yields progress; returns _Fitted."""
    began = clock.seconds()
    fit_settings = replace(settings.fit, gaussians=count, steps=settings.steps, seed=settings.seed)
    last = None
    done = 0.7 - 0.6 * 0.5**attempt  # of all the work: each further attempt takes half of what is left
    for last in fit(pixels, fit_settings, rasterizer):
        fraction = done + (0.7 - done) * 0.5 * last.step / last.steps
        waiting = time.perf_counter()
        yield EncodeProgress(
            "fit", last.step, last.steps, last.gaussians, count, last.psnr, clock.seconds(), fraction, last.event
        )
        clock.outside(waiting)
    return _Fitted(last.gaussians, _psnr_of(last.gaussians, pixels, rasterizer), clock.seconds() - began)


def _fit_to_psnr(pixels, count, settings, rasterizer, clock):
    """Fits with other counts until rounding will land on the goal; yields progress, returns the nearest _Fitted."""
    fit_goal = settings.goal.value + ROUNDING_LOSS
    fits = {}  # by count
    for attempt in range(ROUNDS):
        fits[count] = yield from _fit(pixels, count, settings, rasterizer, clock, attempt)
        if abs(fits[count].psnr - fit_goal) <= ROUNDING_RANGE:
            break
        # Infinite for an image met exactly.
        psnrs = {count: min(fitted.psnr, 100.0) for count, fitted in fits.items()}
        count = _next_count(psnrs, fit_goal, pixels.shape[0] * pixels.shape[1])
        if count in fits:
            break
    return min(fits.values(), key=lambda fitted: abs(fitted.psnr - fit_goal))


def _pack(pixels, fitted, settings, rasterizer, clock):
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
    for attempt in range(ROUNDS if landing else 1):
        hardened = yield from _harden(pixels, grid, fitted, settings, rasterizer, clock, attempt)
        by_price = {}
        price = 0
        while price not in by_price and len(by_price) < ROUNDS:
            share = attempt, len(by_price)
            symbols = yield from _refine(pixels, hardened, grid, fitted, settings, price, clock, share)
            encoded = _written(pixels, symbols, grid, fitted, settings, rasterizer, clock)
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


def _written(pixels, symbols, grid, fitted, settings, rasterizer, clock) -> Encoded:
    """The file of these symbols, read again and judged."""
    data = container.write(symbols, grid)
    decoded = container.read(data).gaussians
    image = to_8bit(render(decoded, (grid.width, grid.height), rasterizer)).astype(np.float32) / 255
    return Encoded(
        data,
        decoded,
        grid.width,
        grid.height,
        psnr=psnr(pixels, image),
        fit_psnr=fitted.psnr,
        fit_seconds=fitted.seconds,
        encode_seconds=clock.seconds(),
        steps=settings.steps,
        seed=settings.seed,
    )


def _harden(pixels, grid, fitted, settings, rasterizer, clock, attempt):
    """Yields progress; returns Symbols."""
    least = 0.0 if settings.keeps_all else settings.refine.price * GAUSSIAN_BITS
    harden_settings = replace(settings.harden, least_energy=least)
    records = harden(pixels, fitted.gaussians, grid, harden_settings, rasterizer, settings.seed)
    begin = _quantise_begin(attempt)
    end = begin + 0.6 * (_quantise_begin(attempt + 1) - begin)
    symbols = yield from _quantising(records, lambda record: record.gaussians, fitted, clock, begin, end)
    return symbols if settings.keeps_all else symbols.without_invisible()


def _refine(pixels, hardened, grid, fitted, settings, price, clock, share):
    """Yields progress; returns Symbols.

    Args:
        price: index of the knob `landing.PRICE`.
        share: the attempt, and how many refinements it has seen.
    """
    refine_settings = replace(
        settings.refine, price=settings.refine.price * 2 ** (price / 64), remove=not settings.keeps_all
    )
    records = refine(pixels, hardened, grid, refine_settings)
    attempt, before = share
    begin, end = _quantise_begin(attempt), _quantise_begin(attempt + 1)
    begin, end = (end - (end - begin) * 0.4 * 0.5**i for i in (before, before + 1))
    return (yield from _quantising(records, lambda record: dequantise(record.symbols, grid), fitted, clock, begin, end))


def _quantise_begin(attempt: int) -> float:
    """The fraction of all the work before an attempt to round: each takes half of what is left."""
    return 1 - 0.3 * 0.5**attempt


def _quantising(records, gaussians_of, fitted, clock, begin, end):
    """The records of a stage as EncodeProgress of fractions from begin to end; returns what they return."""
    while True:
        try:
            record = next(records)
        except StopIteration as stop:
            return stop.value
        fraction = begin + (end - begin) * record.step / record.steps
        waiting = time.perf_counter()
        yield EncodeProgress(
            "quantise", record.step, record.steps, gaussians_of(record), len(fitted.gaussians), record.psnr,
            clock.seconds(), fraction,
        )  # fmt: skip
        clock.outside(waiting)


def _next_count(tried: dict[int, float], psnr_goal: float, area: int) -> int:
    """A count for the PSNR from those of the counts tried: the secant through the two nearest, in dB per doubling."""
    nearest = sorted(tried, key=lambda count: abs(tried[count] - psnr_goal))[:2]
    slope = 2.4  # typical of photos; graphics fall far steeper
    if len(nearest) == 2:
        slope = max((tried[nearest[0]] - tried[nearest[1]]) / math.log2(nearest[0] / nearest[1]), 0.8)
    doublings = (psnr_goal - tried[nearest[0]]) / slope
    return int(min(max(round(nearest[0] * 2 ** min(max(doublings, -2), 2)), 1), count_limit(area)))
