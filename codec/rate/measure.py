"""The measures of quality that a goal can ask for. All searches go by their dB, in which they behave alike.

In dB both grow with the logarithm of the number of Gaussians and fall by about 1.3 dB for each octave of the
quantiser's step, because each is 10 log10 of an error: PSNR of the mean squared error, MS-SSIM of 1 - MS-SSIM.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from daub.codec.evaluation.metrics import decibels_of_ms_ssim, ms_ssim, psnr
from daub.codec.goal import Goal, GoalKind

if TYPE_CHECKING:
    from daub.codec.rate.encoded import Encoded

HIGHEST = 100.0  # dB that count where an image is met exactly


@dataclass(frozen=True)
class Measure:
    """What says how close an image is to the source.

    Args:
        of_images: the value, in the unit of goals, of a source and an image, (H, W, 3) floating point in [0, 1].
        of_file: the value of a file that was scored for a goal of this kind.
        decibels_of: a value in dB; the larger, the closer.
        lack: slope and offset, dB, of what a fit of 40 steps lacks against one of the usual length, by the dB of its
            own: slope * dB + offset.
        tolerance: dB that a file may be off its goal without a word.
    """

    of_images: Callable[[np.ndarray, np.ndarray], float]
    of_file: Callable[[Encoded], float]
    decibels_of: Callable[[float], float]
    lack: tuple[float, float]
    tolerance: float

    def decibels(self, source: np.ndarray, image: np.ndarray) -> float:
        """How close the image is to the source: dB, at most HIGHEST."""
        return min(self.decibels_of(self.of_images(source, image)), HIGHEST)

    def after_a_full_fit(self, decibels: float) -> float:
        """The dB of a fit of usual length from those of one of 40 steps with as many Gaussians."""
        slope, offset = self.lack
        return min(decibels + min(max(slope * decibels + offset, 0.5), 5.0), HIGHEST)


# The lack is that of training photos: PSNR within 1 dB; MS-SSIM, on seven of them at three rates, within 0.5 dB.
_MEASURES = {
    GoalKind.PSNR: Measure(psnr, attrgetter("psnr"), float, (0.16, -2.7), tolerance=0.1),
    GoalKind.MS_SSIM: Measure(ms_ssim, attrgetter("ms_ssim"), decibels_of_ms_ssim, (0.18, -1.1), tolerance=0.05),
}


def measure_of(goal: Goal) -> Measure | None:
    """What the goal asks for; None where it is about a size, a number or a quality in general."""
    return _MEASURES.get(goal.kind)
