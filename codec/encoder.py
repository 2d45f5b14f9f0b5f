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
from codec.errors import DaubError
from codec.fit import FitSettings, fit
from codec.harden import HardenSettings, harden
from codec.images import to_8bit
from codec.metrics import psnr
from codec.quantise import CLASS, Grid, Symbols, quantise, step_index
from codec.rate import Goal, PowerLaw, cell_log2_for, count_for_bytes, count_limit, price_for, step_for
from render.gaussians import Gaussians
from render.rasterizer import Rasterizer

ROUNDS = 4  # attempts to land on a size or a PSNR
BYTES_TOLERANCE = 0.005  # below the goal; above it is never accepted
PSNR_TOLERANCE = 0.1  # dB
PROBE_SPACINGS = 28.0, 14.0  # pixels between the Gaussians of the two short fits of a plan
PROBE_STEPS = 40


@dataclass(frozen=True)
class EncodeSettings:
    """What an encode depends on besides the image and the backend; equal ones give equal bytes."""

    goal: Goal = Goal("quality", 50)
    steps: int = 300  # of the fit
    seed: int = 0
    fit: FitSettings = field(default_factory=FitSettings)  # its gaussians, steps and seed follow from the above
    harden: HardenSettings = field(default_factory=HardenSettings)


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
        DaubError: the goal cannot be reached.
    """
    clock = _Clock()
    goal = settings.goal
    area = pixels.shape[0] * pixels.shape[1]
    if goal.kind == "gaussians":
        count = int(goal.value)
    elif goal.kind in ("bytes", "bpp"):
        count = count_for_bytes(goal.bytes_for(area), area)
    else:
        law = yield from _probe(pixels, settings, rasterizer, clock)
        if goal.kind == "quality":
            count = law.count_for_price(price_for(goal.value))
        else:
            count = law.count_for_energy(pixels.size * 10 ** (-goal.value / 10))
        count = int(min(max(count, 1), count_limit(area)))

    best, tried = None, {}
    for attempt in range(ROUNDS if goal.kind == "psnr" else 1):
        fitted, fit_psnr, fit_seconds = yield from _fit(pixels, count, settings, rasterizer, clock, attempt)
        encoded = yield from _pack(pixels, fitted, settings, rasterizer, clock, fit_psnr, fit_seconds)
        if best is None or abs(encoded.psnr - goal.value) < abs(best.psnr - goal.value):
            best = encoded
        tried[count] = encoded.psnr
        if goal.kind != "psnr" or abs(encoded.psnr - goal.value) <= PSNR_TOLERANCE:
            break
        count = _next_count(tried, goal.value, area)
        if count in tried:
            break
    if goal.kind == "psnr" and best.psnr < goal.value - 1:
        raise DaubError(
            f"{goal.value:g} dB cannot be reached", f"the best for this image is {best.psnr:.2f} dB", "ask for less"
        )
    return best


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
    fit_psnr = psnr(pixels, np.clip(rasterizer.forward(gaussians, pixels.shape[1], pixels.shape[0]), 0, 1))
    return (yield from _pack(pixels, gaussians, settings, rasterizer, _Clock(fit_seconds), fit_psnr, fit_seconds))


def estimate_bytes(gaussians: Gaussians, width: int, height: int, fit_psnr: float) -> int:
    """About how large the file of these Gaussians will be; some ten milliseconds."""
    grid = _grid(gaussians, width, height, fit_psnr)
    return len(container.write(quantise(gaussians, grid), grid))


def _grid(gaussians: Gaussians, width: int, height: int, fit_psnr: float) -> Grid:
    """The grid for Gaussians that reach fit_psnr dB before quantisation."""
    count, area = len(gaussians), width * height
    step = step_for(count, 3 * area * 10 ** (-fit_psnr / 10))
    return Grid(width, height, step_index(step), cell_log2_for(count, area))


class _Clock:
    """Seconds of work: a generator's time outside its driver, which may have paused it."""

    def __init__(self, spent: float = 0.0):
        self._since = time.perf_counter() - spent

    def seconds(self) -> float:
        return time.perf_counter() - self._since

    def outside(self, waiting_since: float) -> None:
        self._since += time.perf_counter() - waiting_since


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
    return PowerLaw.through(*pairs)


def _fit(pixels, count, settings, rasterizer, clock, attempt):
    """Yields progress; returns (Gaussians, PSNR after clipping, seconds)."""
    began = clock.seconds()
    fit_settings = replace(settings.fit, gaussians=count, steps=settings.steps, seed=settings.seed)
    last = None
    done = 1 - 0.9 * 0.5**attempt  # of all the work: each further attempt takes half of what is left
    for last in fit(pixels, fit_settings, rasterizer):
        fraction = done + (1 - done) * 0.5 * last.step / last.steps
        waiting = time.perf_counter()
        yield EncodeProgress(
            "fit", last.step, last.steps, last.gaussians, count, last.psnr, clock.seconds(), fraction, last.event
        )
        clock.outside(waiting)
    rendered = np.clip(rasterizer.forward(last.gaussians, pixels.shape[1], pixels.shape[0]), 0, 1)
    return last.gaussians, psnr(pixels, rendered), clock.seconds() - began


def _pack(pixels, gaussians, settings, rasterizer, clock, fit_psnr, fit_seconds):
    """Yields progress; returns Encoded."""
    height, width, _ = pixels.shape
    area = width * height
    limit = settings.goal.bytes_for(area) if settings.goal.kind in ("bytes", "bpp") else None
    grid = _grid(gaussians, width, height, fit_psnr)
    if limit is not None:
        grid = replace(grid, step_index=_step_for_limit(gaussians, grid, limit))
    best, best_grid, sizes = None, None, {}
    for attempt in range(ROUNDS if limit is not None else 1):
        for record in harden(pixels, gaussians, grid, settings.harden, rasterizer, settings.seed):
            if isinstance(record, Symbols):
                symbols = record
                break
            done = 1 - 0.3 * 0.5**attempt
            fraction = done + (1 - done) * 0.5 * record.step / record.steps
            waiting = time.perf_counter()
            yield EncodeProgress(
                "quantise", record.step, record.steps, record.gaussians, len(gaussians), record.psnr,
                clock.seconds(), fraction,
            )  # fmt: skip
            clock.outside(waiting)
        if settings.goal.kind != "gaussians":
            symbols = symbols.without_invisible()
        data = container.write(symbols, grid)
        sizes[grid.step_index] = len(data)
        if best is None or _lands_better(len(data), len(best), limit):
            best, best_grid = data, grid
        if limit is None or limit * (1 - BYTES_TOLERANCE) <= len(data) <= limit:
            break
        grid = replace(grid, step_index=_next_step_index(sizes, limit))
        if grid.step_index in sizes:
            break
    if limit is not None and len(best) > limit:
        best = _drop_to(best, best_grid, limit)
    decoded = container.read(best)
    image = render(decoded.gaussians, (width, height), rasterizer)
    quality = psnr(pixels, to_8bit(image).astype(np.float32) / 255)
    return Encoded(
        best, decoded.gaussians, width, height, quality, fit_psnr, fit_seconds, clock.seconds(), settings.steps,
        settings.seed,
    )  # fmt: skip


def _next_count(tried: dict[int, float], psnr_goal: float, area: int) -> int:
    """A count for the PSNR from those of the counts tried: the secant through the two nearest, in dB per doubling."""
    nearest = sorted(tried, key=lambda count: abs(tried[count] - psnr_goal))[:2]
    slope = 2.4  # typical of photos
    if len(nearest) == 2:
        slope = (tried[nearest[0]] - tried[nearest[1]]) / math.log2(nearest[0] / nearest[1])
    doublings = (psnr_goal - tried[nearest[0]]) / min(max(slope, 0.8), 6.0)
    return int(min(max(round(nearest[0] * 2 ** min(max(doublings, -3), 3)), 1), count_limit(area)))


def _step_for_limit(gaussians: Gaussians, grid: Grid, limit: int) -> int:
    """The finest step whose plainly rounded file keeps to the limit: bisection, the size falls as the step grows."""
    low, high = 320, 896  # d = 1/8 .. 64
    while low < high:
        middle = (low + high) // 2
        trial = replace(grid, step_index=middle)
        if len(container.write(quantise(gaussians, trial), trial)) > limit:
            low = middle + 1
        else:
            high = middle
    return low


def _next_step_index(sizes: dict[int, int], limit: int) -> int:
    """A step whose file should land just below the limit, from the sizes of those tried."""
    aim = limit * (1 - BYTES_TOLERANCE / 2)
    index = min(sizes, key=lambda i: abs(sizes[i] - aim))
    # Eight numbers per Gaussian, each one bit shorter per octave of the step: about 28 % of the bits.
    return int(np.clip(index + round(64 * math.log2(sizes[index] / aim) / 0.35), 320, 1023))


def _lands_better(size: int, best: int, limit: int | None) -> bool:
    """Below the limit beats above it; then the nearer."""
    return limit is not None and ((size <= limit, -abs(size - limit)) > (best <= limit, -abs(best - limit)))


def _drop_to(data: bytes, grid: Grid, limit: int) -> bytes:
    """Drops the weakest Gaussians until the file keeps to the limit: the last resort."""
    values = container.read(data).symbols.values
    order = np.argsort(-values[:, CLASS], kind="stable")
    low, high = 0, len(values)
    while low < high:
        middle = (low + high + 1) // 2
        if len(container.write(Symbols(values[order[:middle]]), grid)) <= limit:
            low = middle
        else:
            high = middle - 1
    smallest = container.write(Symbols(values[order[:low]]), grid)
    if len(smallest) > limit:
        raise DaubError(
            f"{limit} bytes cannot be reached", f"the smallest file takes {len(smallest)}", "allow more bytes"
        )
    return smallest
