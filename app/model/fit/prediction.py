"""How large a file will be, before it is made: from the files that there are of the same picture.

The logarithm of the size is a smooth curve over the value of a goal (over its logarithm for a number of Gaussians). How
steep the curves of pictures are and how much they bend was measured on Kodak; files of this picture pin its own curve
down, and far from them it is known less well. That is a Gaussian process in one dimension, whose standard deviation
says when a single number can be told and when only a range. On five Kodak images at qualities of 30 to 70, from one,
two or three files each, 97 of 100 single numbers were within 3 % of what came and all within 4 %, and 95 of 100 sizes
were in the range.

    >>> from daub.codec.goal import Goal
    >>> known = [Anchor(Goal("quality", 40), 17_011), Anchor(Goal("quality", 50), 33_007)]
    >>> str(predict(Goal("quality", 45), known)), str(predict(Goal("quality", 80), known[:1]))
    ('~23.7 kB', '119 to 659 kB')
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.codec.goal import Goal, GoalKind

CLOSE = 0.03  # share of the size by which a single number may be off; where it may be more, a range is told
EXACT = 0.008  # standard deviation of ln size: two files of neighbouring goals are off a smooth curve by that
ROUGH = 0.08  # of a file that had another goal or was made with other settings, or of a fit before it is rounded
_SURE = 2.1  # standard deviations to either side that a prediction speaks for
_CLOSE_TO_LIMIT = 0.9975  # share of a limit that its file takes: the encoder aims there


@dataclass(frozen=True)
class _Curve:
    """What is known of ln size against the value of a goal for any picture.

    Args:
        slope, spread: mean and standard deviation of the rise per unit.
        bend: standard deviation of what a straight line leaves ...
        reach: ... between places that far apart, units.
    """

    slope: float
    spread: float
    bend: float
    reach: float


_CURVES = {
    GoalKind.QUALITY: _Curve(0.07, 0.01, 0.07, 30.0),
    GoalKind.GAUSSIANS: _Curve(1.1, 0.12, 0.06, 1.2),  # by ln of the number
    GoalKind.PSNR: _Curve(0.32, 0.08, 0.08, 4.0),
    GoalKind.MS_SSIM: _Curve(0.32, 0.08, 0.08, 4.0),  # by dB
}


@dataclass(frozen=True)
class Anchor:
    """A file of the picture.

    Args:
        goal: what it has come to, or was asked for, in the unit of the goal that is predicted for.
        bytes: its size.
        noise: standard deviation of ln size, as a point on that curve.
    """

    goal: Goal
    bytes: float
    noise: float = EXACT


@dataclass(frozen=True)
class Prediction:
    """A size that is expected.

    Args:
        low, likely, high: bytes; the file is within the outer two nearly always.
    """

    low: float
    likely: float
    high: float

    @property
    def is_close(self) -> bool:
        """A single number says enough."""
        return self.high <= (1 + CLOSE) * self.likely

    def __str__(self) -> str:
        """ "~23.7 kB", or "21.7 to 28.4 kB" where nobody knows better."""
        if self.is_close:
            return f"~{_rounded(self.likely)}"
        low, high = _rounded(self.low), _rounded(self.high)
        unit = high.rpartition(" ")[2]
        return f"{low.removesuffix(f' {unit}')} to {high}"


def predict(goal: Goal, anchors: Sequence[Anchor], area: int = 0) -> Prediction | None:
    """The size of the file for a goal; None where nothing is known.

    Args:
        anchors: files of the picture, all with goals of the same kind.
        area: pixels of the picture, for a goal of bits per pixel.
    """
    limit = goal.limit(area)
    if limit is not None:
        return Prediction(0.995 * limit, _CLOSE_TO_LIMIT * limit, limit)
    curve = _CURVES.get(goal.kind)
    if curve is None or not anchors:
        return None
    places = np.array([_place(anchor.goal) for anchor in anchors])
    sizes = np.log([max(anchor.bytes, 1.0) for anchor in anchors])
    noise = np.array([anchor.noise for anchor in anchors])
    middle = places.mean()
    straight = curve.slope * (places - middle)
    level = (sizes - straight).mean()
    known = _covariance(curve, places, places, middle) + np.diag(noise**2)
    there = np.array([_place(goal)])
    across = _covariance(curve, there, places, middle)
    likely = level + curve.slope * (there[0] - middle) + (across @ np.linalg.solve(known, sizes - straight - level))[0]
    variance = (_covariance(curve, there, there, middle) - across @ np.linalg.solve(known, across.T))[0, 0]
    sure = _SURE * math.sqrt(max(variance, 0.0) + EXACT**2)
    return Prediction(math.exp(likely - sure), math.exp(likely), math.exp(likely + sure))


def _covariance(curve: _Curve, one: np.ndarray, other: np.ndarray, middle: float) -> np.ndarray:
    """(N, M) of an unknown level, a slope around the usual one, and a bend (the Matern kernel of order 3/2)."""
    level = 25.0  # nothing is known of it: e^5 either way
    along = (one[:, None] - middle) * (other[None] - middle)
    apart = math.sqrt(3) * np.abs(one[:, None] - other[None]) / curve.reach
    return level + curve.spread**2 * along + curve.bend**2 * (1 + apart) * np.exp(-apart)


def _place(goal: Goal) -> float:
    """On the axis of its curve."""
    if goal.kind is GoalKind.GAUSSIANS:
        return math.log(goal.value)
    return -10 * math.log10(1 - goal.value) if goal.kind is GoalKind.MS_SSIM else float(goal.value)


def _rounded(size: float) -> str:
    """To three digits: nobody knows more."""
    if size < 1000:
        return f"{size:.0f} bytes"
    unit, name = (1000, "kB") if size < 999_500 else (1e6, "MB")
    decimals = 2 - min(max(math.floor(math.log10(size / unit)), 0), 2)
    return f"{size / unit:.{decimals}f} {name}"
