"""An image becomes a file: plan, fit, pack, and again until the goal is met.

Like the fit, `encode` is a generator of progress records, so that whoever drives it can pause, stop or cancel between
any two; what it returns (`StopIteration.value`, or the value of `yield from`) is the `Encoded` file.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace

import numpy as np

from daub.codec import container
from daub.codec.container import method as stored
from daub.codec.errors import DaubError
from daub.codec.fit import FitSettings, fit
from daub.codec.parameters.attributes import to_rendered
from daub.codec.profiles.first_order import fit_profile
from daub.codec.rate.packing import Clock, Encoded, EncodeProgress, Fitted, judged, pack_fitted, psnr_of, reported
from daub.codec.rate.plan import PowerLaw, count_for_bytes, count_limit, price_for
from daub.codec.settings import EncodeSettings
from daub.render.devices import Failover
from daub.render.rasteriser import Rasteriser

ROUNDS = 5  # counts to try for a PSNR
ROUNDING_LOSS = 0.9  # dB: what the step of `step_for` costs, at any rate
ROUNDING_RANGE = 0.6  # dB around that, which other steps can make up for
PROBE_SPACINGS = 28.0, 14.0  # pixels between the Gaussians of the two short fits of a plan
PROBE_STEPS = 40


def encode(
    pixels: np.ndarray, settings: EncodeSettings, rasteriser: Rasteriser
) -> Generator[EncodeProgress, None, Encoded]:
    """Encodes pixels (H, W, 3) float32 in [0, 1] towards `settings.goal`.

    Raises:
        DaubError: the image is too large for the format, or the goal cannot be reached.
    """
    clock, rasteriser = Clock(), Failover.of(rasteriser)
    goal = settings.goal
    height, width, _ = pixels.shape
    area = height * width
    if max(width, height) > container.LARGEST_SIDE or area > container.LARGEST_AREA:
        raise DaubError(
            f"an image of {width}x{height} cannot be encoded", "the format holds 2^28 pixels, 2^20 a side", "reduce it"
        )
    count = yield from _plan(pixels, settings, rasteriser, clock)
    if settings.profile.has_own_file:
        return (yield from _encode_profiled(pixels, count, settings, rasteriser, clock))
    if goal.kind == "psnr":
        fitted = yield from _fit_to_psnr(pixels, count, settings, rasteriser, clock)
    else:
        fitted = yield from _fit(pixels, count, settings, rasteriser, clock, 0)
    while True:
        try:
            encoded = yield from pack_fitted(pixels, fitted, settings, rasteriser, clock)
            break
        except DaubError:  # a limit so low that no step makes so many Gaussians small enough
            if goal.kind not in ("bytes", "bpp") or count == 1:
                raise
            count = (count + 1) // 3
            fitted = yield from _fit(pixels, count, settings, rasteriser, clock, ROUNDS)
    if goal.kind == "psnr" and encoded.psnr < goal.value - 1:
        raise DaubError(
            f"{goal.value:g} dB cannot be reached", f"{encoded.psnr:.2f} dB is the best found", "ask for less"
        )
    return encoded


def _plan(pixels, settings, rasteriser, clock):
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
    law = yield from _probe(pixels, settings, rasteriser, clock)
    if goal.kind == "quality":
        count = law.count_for_price(price_for(goal.value))
    else:
        count = law.count_for_energy(pixels.size * 10 ** (-goal.value / 10))
    return int(min(max(count, 1), count_limit(area)))


def _probe(pixels, settings, rasteriser, clock):
    """Two short fits tell how the error of this image falls with the count; yields progress, returns a PowerLaw."""
    area = pixels.shape[0] * pixels.shape[1]
    pairs = []
    for i, spacing in enumerate(PROBE_SPACINGS):
        count = max(1 + i, round(area / spacing**2))
        fit_settings = FitSettings(count, PROBE_STEPS, settings.seed, price=settings.price)
        part = 0.1 * i / len(PROBE_SPACINGS), 0.1 * (i + 1) / len(PROBE_SPACINGS)
        last, _ = yield from reported(fit(pixels, fit_settings, rasteriser), "plan", count, clock, part)
        pairs.append((count, pixels.size * 10 ** (-last.psnr / 10)))
    return PowerLaw.through(*pairs).of_full_fit(pairs[-1][0])


def _encode_profiled(pixels, count, settings, rasteriser, clock):
    """Fits with the profile's quantiser in the loop and writes what that made; yields progress, returns Encoded."""
    profile = settings.profile
    stored.number_of(profile.parametrisation)  # before the fit rather than after it
    height, width, _ = pixels.shape
    began = clock.seconds()
    quantise_from = min(round(profile.quantiser.trained_from * settings.steps), settings.steps - 1)
    records = fit_profile(
        pixels, profile, count, settings.steps, settings.seed, rasteriser, profile.quantiser.quantiser(), quantise_from
    )
    _, trained = yield from reported(records, "fit", count, clock, (0.0, 1.0))
    seconds = clock.seconds() - began
    raw, quantiser = trained.raw, trained.quantiser
    if not np.isfinite(raw).all():
        what = f"the fit of the profile {profile.name} failed"
        raise DaubError(what, "its numbers grew without end", "lower its rates")
    data = container.write_profiled(
        raw, width, height, profile.parametrisation, quantiser, profile.coder, profile.filter.variance
    )
    unquantised = to_rendered(profile.attributes(raw, (width, height)))
    fitted = Fitted(unquantised, psnr_of(unquantised, pixels, rasteriser), seconds)
    encoded = judged(pixels, data, fitted, settings, rasteriser, clock)
    return replace(encoded, counted_bits=quantiser.counted_bits(len(raw)))


def _fit(pixels, count, settings, rasteriser, clock, attempt):
    """Yields progress; returns Fitted."""
    began = clock.seconds()
    done = 0.7 - 0.6 * 0.5**attempt  # of all the work: each further attempt takes half of what is left
    records = fit_profile(
        pixels, settings.profile, count, settings.steps, settings.seed, rasteriser, price=settings.price
    )
    last, _ = yield from reported(records, "fit", count, clock, (done, done + (0.7 - done) * 0.5))
    return Fitted(last.gaussians, psnr_of(last.gaussians, pixels, rasteriser), clock.seconds() - began)


def _fit_to_psnr(pixels, count, settings, rasteriser, clock):
    """Fits with other counts until rounding will land on the goal; yields progress, returns the nearest Fitted."""
    fit_goal = settings.goal.value + ROUNDING_LOSS
    fits = {}  # by count
    for attempt in range(ROUNDS):
        fits[count] = yield from _fit(pixels, count, settings, rasteriser, clock, attempt)
        if abs(fits[count].psnr - fit_goal) <= ROUNDING_RANGE:
            break
        # Infinite for an image met exactly.
        psnrs = {count: min(fitted.psnr, 100.0) for count, fitted in fits.items()}
        count = _next_count(psnrs, fit_goal, pixels.shape[0] * pixels.shape[1])
        if count in fits:
            break
    return min(fits.values(), key=lambda fitted: abs(fitted.psnr - fit_goal))


def _next_count(tried: dict[int, float], psnr_goal: float, area: int) -> int:
    """A count for the PSNR from those of the counts tried: the secant through the two nearest, in dB per doubling."""
    nearest = sorted(tried, key=lambda count: abs(tried[count] - psnr_goal))[:2]
    slope = 2.4  # typical of photos; graphics fall far steeper
    if len(nearest) == 2:
        slope = max((tried[nearest[0]] - tried[nearest[1]]) / math.log2(nearest[0] / nearest[1]), 0.8)
    doublings = (psnr_goal - tried[nearest[0]]) / slope
    return int(min(max(round(nearest[0] * 2 ** min(max(doublings, -2), 2)), 1), count_limit(area)))
