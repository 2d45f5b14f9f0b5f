"""What a squared error of each pixel counts: by the tuning, which looks at the image, and by an importance map.

People see an error in a calm part at once, and hardly in a busy one: the texture there hides it. So do the measures
that follow them, MS-SSIM among them, in which an error is divided by the variance around it. A weight is therefore a
power of one over the local variance, as far as a sum of squares can say it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from daub.codec.tuning import TUNINGS, Tuning
from daub.render.cpu.planes import room_for_plane
from daub.render.cpu.smoothing import filter_rows, taps_of
from daub.render.eight_bit import as_real
from daub.render.spreading import spread
from daub.render.weighting import STRIP_PIXELS, Weighting

if TYPE_CHECKING:
    from daub.codec.importance import Importance

WINDOW = 4.0  # pixels, the standard deviation of the window in which the variance is taken
FLOOR = 0.03**2  # added to the variance: below it nothing is calmer still; C2 of SSIM
SMOOTHING = 2.0  # pixels, the standard deviation of a filter over the weights
RANGE = 10.0  # weights are at most so many times their geometric mean, and at least one such part of it
LEAST = 1 / 64  # of the mean weight, of a pixel however unimportant: Gaussians there must still be worth a step


class Weights:
    """The weights of an image's pixels, asked for again and again: others as soon as the importance map is another.

        >>> flat_and_busy = np.full((32, 64, 3), 0.5, np.float32)
        >>> flat_and_busy[:, 32:] += np.random.default_rng(0).normal(0, 0.1, (32, 32, 1)).astype(np.float32)
        >>> weights = Weights(flat_and_busy, Tuning.MS_SSIM)().plane
        >>> weights.shape, round(float(weights.mean()), 3), bool(weights[:, :24].min() > 2 * weights[:, 40:].max())
        ((32, 64), 1.0, True)
        >>> Weights(flat_and_busy, Tuning.PSNR)() is None
        True

    Args:
        pixels: (H, W, 3) float32 in [0, 1], or uint8, the image.
        tuning: what it is tuned for.
        importance: (H, W) of the same size, which may change meanwhile; None: every part alike.
        seen: (H, W) float32 in [0, 1], what a squared error is at most seen of each pixel, by transparency; None: all.
            Unlike the other factors it lets the mean fall below 1: what is not seen is not worth bits elsewhere either.
    """

    def __init__(
        self,
        pixels: np.ndarray,
        tuning: Tuning = Tuning.PSNR,
        importance: Importance | None = None,
        seen: np.ndarray | None = None,
    ):
        self._pixels, self._tuned, self._importance = pixels, TUNINGS[tuning], importance
        self._seen = None if seen is None else np.maximum(seen, np.float32(LEAST))
        self._tuning_plane: tuple[np.ndarray | None] | None = None  # kept while importance maps come and go
        self._made: tuple[np.ndarray | None, Weighting | None] | None = None  # of these values of the importance map

    def __call__(self) -> Weighting | None:
        """Weights > 0, the same object until they change; None where all pixels are alike, and each alone."""
        values = None if self._importance is None else self._importance.values
        if self._made is None or values is not self._made[0]:
            self._made = values, self._weighting()
        return self._made[1]

    def _weighting(self) -> Weighting | None:
        if self._importance is None:  # nobody asks for these twice, and of a huge image they are tens of megabytes
            plane = _normalised(self._seen, self._by_tuning(), in_place=True)
        else:
            if self._tuning_plane is None:
                self._tuning_plane = (self._by_tuning(),)
            factors = None if self._importance.is_neutral else self._importance.factors
            plane = _normalised(self._seen, *self._tuning_plane, factors)
        if plane is None and self._tuned.coarse:
            plane = np.ones(self._pixels.shape[:2], np.float32)
        if plane is None:
            return None
        room = room_for_plane(*plane.shape)
        room[:] = plane
        return Weighting(room, self._tuned.coarse)

    def _by_tuning(self) -> np.ndarray | None:
        power = self._tuned.power
        return by_variance(self._pixels, power) if power else None


def by_variance(pixels: np.ndarray, power: float) -> np.ndarray:
    """One over the local variance of luma to a power, smoothed, and bounded on both sides.

    Args:
        pixels: (H, W, 3) float32 in [0, 1], or uint8.
        power: 0 to 1.

    Returns:
        (H, W) float32, of any mean.
    """
    # In place as far as can be, and a strip at a time: of a huge image each plane more is hundreds of megabytes.
    plane = np.empty(pixels.shape[:2], np.float32)
    strips = _strips(plane)

    def luma(rows: slice) -> None:
        plane[rows] = as_real(pixels[rows]) @ np.float32([0.2126, 0.7152, 0.0722])  # Rec. 709

    def deviation(rows: slice, means: np.ndarray) -> None:
        np.subtract(plane[rows], means, out=means)
        means *= means

    def powered(_: slice, variances: np.ndarray) -> None:
        variances += np.float32(FLOOR)
        variances **= np.float32(-power)

    spread(luma, strips)
    other = smoothed(plane, WINDOW, deviation)
    smoothed(other, WINDOW, powered, plane)
    weights, spare = smoothed(plane, SMOOTHING, result=other), plane
    spread(lambda rows: np.log(weights[rows], out=spare[rows]), strips)
    middle = np.exp(spare.mean())
    spread(lambda rows: np.clip(weights[rows], middle / RANGE, middle * RANGE, out=weights[rows]), strips)
    return weights


def _strips(plane: np.ndarray) -> list[slice]:
    """Rows of a plane (H, W) that are worked on at a time."""
    rows = max(STRIP_PIXELS // (8 * plane.shape[1]), 1)
    return [slice(top, top + rows) for top in range(0, len(plane), rows)]


def smoothed(
    plane: np.ndarray,
    sigma: float,
    then: Callable[[slice, np.ndarray], None] | None = None,
    result: np.ndarray | None = None,
) -> np.ndarray:
    """A Gaussian filter over a plane (H, W) float32, mirrored at its edges, on all cores, a strip of rows at a time.

    Args:
        then: given the rows of each strip, and what has become of them, which it may change.
        result: (H, W) float32, contiguous, another plane, which is filled; None: a new one.
    """
    plane, taps = np.ascontiguousarray(plane), taps_of(sigma)
    filtered = np.empty_like(plane) if result is None else result

    def work(rows: slice) -> None:
        filter_rows(plane, taps, rows.start, filtered[rows])
        if then is not None:
            then(rows, filtered[rows])

    spread(work, _strips(plane))
    return filtered


def _normalised(
    seen: np.ndarray | None, *factors: np.ndarray | None, in_place: bool = False
) -> np.ndarray | None:
    """The product of all factors (H, W) that there are, 1 on average over what is seen, times that; or None.

    Args:
        in_place: nobody needs the factors any more.
    """
    weights = None
    for factor in factors:
        if factor is not None:
            weights = factor if weights is None else weights * factor
    if weights is None:
        return seen
    normalised = weights if in_place else np.empty_like(weights)
    mean, strips = _mean(weights, seen), _strips(weights)
    spread(lambda rows: np.maximum(weights[rows] / mean, np.float32(LEAST), out=normalised[rows]), strips)
    whole = _mean(normalised, seen)

    def scale(rows: slice) -> None:
        normalised[rows] /= whole
        if seen is not None:
            normalised[rows] *= seen[rows]

    spread(scale, strips)
    return normalised


def _mean(weights: np.ndarray, seen: np.ndarray | None) -> np.floating:
    return weights.mean() if seen is None else np.average(weights, weights=seen)
