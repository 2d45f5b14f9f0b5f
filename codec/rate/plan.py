"""From a goal to the number of Gaussians to fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

from daub.codec.container.limits import LARGEST_COUNT
from daub.codec.errors import DaubError
from daub.codec.fit import FitProgress, FitSettings, fit
from daub.codec.fit.sizes import CoarseToFine
from daub.codec.goal import GoalKind
from daub.codec.job import PLANNED, Job
from daub.codec.progress import EncodeProgress, Stage
from daub.codec.rate.estimate import full_size
from daub.codec.rate.measure import Measure, measure_of

FITTED_BITS = 23  # bits of the file for each Gaussian of the fit, about: some are not worth theirs
BYTES_EXPONENT = 1.16  # of the number of fitted Gaussians: more of them are each rounded finer
PROBE_SPACINGS = 28.0, 14.0  # pixels between the Gaussians of the two short fits of a plan
SIZE_PROBES = 3  # short fits for a size, at most
MEASURE_PROBES = 2  # and for a PSNR or an MS-SSIM, besides the two that tell how the error falls
PROBE_STEPS = 40  # steps of each of them
PROBE_SIZES = CoarseToFine(pixels=32, until=0.9)  # of the image for the two of a plan, which only the last steps see
ROUNDING_LOSS = 0.9  # dB of PSNR or MS-SSIM that rounding with the step that suits a fit costs, at any rate


def plan_count(job: Job) -> Generator[EncodeProgress, None, int]:
    """Yields progress; returns how many Gaussians to fit, for a PSNR or an MS-SSIM the first guess.

    Raises:
        DaubError: more are asked for than the image can take.
    """
    goal = job.recipe.goal
    if goal.kind is GoalKind.GAUSSIANS:
        # Beyond a few per pixel they overlap so much that no step of the fit is short enough.
        most = max(4 * job.area, 16)
        if goal.value > most:
            what = f"{goal.value} Gaussians are too many"
            raise DaubError(what, f"the image has only {job.area} pixels", f"ask for {most} at most")
        return int(goal.value)
    limit = goal.limit(job.area)
    if limit is not None:
        return (yield from _probe_size(job, limit))
    measure = measure_of(goal)
    if measure is not None:
        return (yield from _probe_measure(job, measure))
    law = yield from error_law(job, lambda last: last.error)
    return count_limit(job.area, law.count_for_gaussian_price(gaussian_price(goal.value)))


def error_law(job: Job, energy: Callable[[FitProgress], float]) -> Generator[EncodeProgress, None, PowerLaw]:
    """Two short fits tell how the error of this image falls with the count; yields progress.

    Args:
        energy: what a fit has left of the error that is meant.
    """
    pairs = []
    for i, spacing in enumerate(PROBE_SPACINGS):
        count = max(1 + i, round(job.area / spacing**2))
        last = yield from _short_fit(job, count, 1 / (len(PROBE_SPACINGS) - i), PROBE_SIZES)
        pairs.append((count, energy(last)))
    return PowerLaw.through(*pairs).of_full_fit(pairs[-1][0])


def _probe_size(job: Job, limit: int) -> Generator[EncodeProgress, None, int]:
    """How many Gaussians to fit for a file of `limit` bytes, by short fits; yields progress.

    The bits of a Gaussian differ by a factor of three between images and rates, and most of that shows after a few
    steps: with the number that this comes to, the step that suits the fit makes a file of about the right size, as
    with a quality that was chosen for it.
    """
    count = count_limit(job.area, round(8 * limit / FITTED_BITS))
    for attempt in range(SIZE_PROBES):
        last = yield from _short_fit(job, count, 1 / (SIZE_PROBES - attempt))
        size = full_size(last.gaussians, job.width, job.height, last.error, job.recipe)
        before, count = count, corrected_count(count, size, limit, job.area)
        if abs(math.log(count / before)) < 0.3:  # near enough for the correction to be right
            break
    return count


def _probe_measure(job: Job, measure: Measure) -> Generator[EncodeProgress, None, int]:
    """How many Gaussians to fit for a PSNR or an MS-SSIM, by short fits; yields progress.

    A law through two points far below leads to three times too many Gaussians for a busy image at a high PSNR, whose
    fit would take as many times as long. So short fits near the goal follow: what they lack is known to 1 dB.
    """

    def rendered(last: FitProgress) -> float:
        return measure.decibels(job.reference, job.seen(job.rendered(last.gaussians)))

    decibels = _psnr if job.recipe.goal.kind is GoalKind.PSNR and job.opacity is None else rendered
    goal = measure.decibels_of(job.recipe.goal.value) + ROUNDING_LOSS
    law = yield from error_law(job, lambda last: job.energy(decibels(last)))
    count = count_limit(job.area, law.count_for_energy(job.energy(goal)))
    for attempt in range(MEASURE_PROBES):
        last = yield from _short_fit(job, count, 1 / (MEASURE_PROBES - attempt))
        reached = measure.after_a_full_fit(decibels(last))
        before, count = count, next_count({count: reached}, goal, job.area)
        if abs(math.log(count / before)) < 0.4:
            break
    return count


def _psnr(last: FitProgress) -> float:
    """That of a short fit in dB, which its record knows without rendering it: before clipping."""
    return last.psnr


def next_count(tried: dict[int, float], goal: float, area: int) -> int:
    """A count for a PSNR or an MS-SSIM in dB from those of the counts tried: the secant through the two nearest."""
    nearest = sorted(tried, key=lambda count: abs(tried[count] - goal))[:2]
    slope = 2.4  # dB per doubling: typical of photos, graphics fall far steeper
    if len(nearest) == 2:
        slope = max((tried[nearest[0]] - tried[nearest[1]]) / math.log2(nearest[0] / nearest[1]), 0.8)
    doublings = (goal - tried[nearest[0]]) / slope
    return count_limit(area, round(nearest[0] * 2 ** min(max(doublings, -2), 2)))


def _short_fit(
    job: Job, count: int, share: float, sizes: CoarseToFine | None = None
) -> Generator[EncodeProgress, None, FitProgress]:
    settings = FitSettings(count, PROBE_STEPS, job.recipe.seed, bit_price=job.recipe.bit_price)
    settings = settings if sizes is None else replace(settings, sizes=sizes)
    records = fit(job.pixels, settings, job.rasteriser, job.weights, reductions=job.reductions)
    last, _ = yield from job.run(records, Stage.PLAN, count, share, PLANNED)
    return last


def corrected_count(count: int, size: int, limit: int, area: int) -> int:
    """The number of Gaussians for a file of `limit` bytes, where `count` of them make one of `size` bytes."""
    return count_limit(area, round(count * (limit / size) ** (1 / BYTES_EXPONENT)))


def count_limit(area: int, count: float = math.inf) -> int:
    """A count within what makes sense: at least 1, and no more Gaussians than cost more than the pixels do."""
    return int(max(min(count, max(area // 3, 16), LARGEST_COUNT), 1))


@dataclass(frozen=True)
class PowerLaw:
    """Error energy against the number of Gaussians, E = scale * N^-exponent, for one image."""

    scale: float
    exponent: float

    @staticmethod
    def through(few: tuple[int, float], many: tuple[int, float]) -> PowerLaw:
        """From two (count, energy) pairs."""
        (n1, e1), (n2, e2) = few, many
        exponent = math.log(max(e1, 1e-9) / max(e2, 1e-9)) / math.log(n2 / n1)
        exponent = min(max(exponent, 0.25), 2.0)  # two noisy points must not send the count to the moon
        return PowerLaw(max(e2, 1e-9) * n2**exponent, exponent)

    def of_full_fit(self, count: int) -> PowerLaw:
        """From the law of short fits, of which the longer one had `count` Gaussians, to that of fits of usual length.

        Eight of the training photos: a fit of 40 steps leaves 1 / 0.63 of the energy there (0.54 to 0.73), and its
        exponent is 0.3 too low, because more Gaussians need longer to settle.
        """
        return PowerLaw(0.63 * self.scale * count**0.3, self.exponent + 0.3)

    def count_for_energy(self, energy: float) -> float:
        return (self.scale / energy) ** (1 / self.exponent)

    def energy_of(self, count: float) -> float:
        return self.scale * count**-self.exponent

    def count_for_gaussian_price(self, price: float) -> float:
        """Where one more Gaussian saves just `price` of energy: -dE/dN = price."""
        return (self.scale * self.exponent / price) ** (1 / (1 + self.exponent))


def gaussian_price(quality: float) -> float:
    """The image energy that a Gaussian must save to be worth its bits, for a quality 0..100.

    Calm images so get by with fewer Gaussians. Kodak: 50 gives about 5000 for an average image.
    """
    return 10 ** (1.3 - 0.044 * quality)
