"""Pictures with an alpha channel: what is seen of them, and colours for what is not.

Alpha is opacity, 0 to 1, and colours are straight: not multiplied by it. How close such a picture is to another is
told by what is seen of both, laid on black and on white: six channels, of which every measure takes the mean. An error
of e in a colour then counts alpha^2 e^2, and one in alpha the mean of (c^2 + (1 - c)^2) / 2 over its three colours c.

>>> half = np.array([[[1.0, 0.5, 0.0, 0.5]]], np.float32)
>>> on_black_and_white(half)[0, 0].tolist()
[0.5, 0.25, 0.0, 1.0, 0.75, 0.5]
>>> laid_on(half, (0.0, 0.0, 1.0))[0, 0].tolist()
[0.5, 0.25, 0.5]
"""

from __future__ import annotations

import numpy as np

from daub.render.eight_bit import as_real

WHITE = (1.0, 1.0, 1.0)  # what is transparent is laid on, unless another colour is asked for
_CERTAIN = 1 / 16  # opacity from which on a colour is what it is said to be; below it rounding has most of it
_ROWS = 256  # rows that are laid on a colour at a time: bounds the memory of a huge image


def on_black_and_white(pixels: np.ndarray) -> np.ndarray:
    """What is seen of a picture on black, and on white.

    Args:
        pixels: (H, W, 4) floating point in [0, 1], or uint8.

    Returns:
        (H, W, 6) float32 in [0, 1]: red, green and blue on black, then on white.
    """
    height, width, _ = pixels.shape
    seen = np.empty((height, width, 6), np.float32)
    for top in range(0, height, _ROWS):
        strip, rows = as_real(pixels[top : top + _ROWS]), slice(top, top + _ROWS)
        np.multiply(strip[..., :3], strip[..., 3:], out=seen[rows, :, :3])
        np.add(seen[rows, :, :3], 1 - strip[..., 3:], out=seen[rows, :, 3:])
    return seen


def laid_on(pixels: np.ndarray, background: tuple[float, float, float]) -> np.ndarray:
    """A picture in front of a colour, mixed in encoded values, as browsers do.

    Args:
        pixels: (H, W, 4) float32 in [0, 1], or uint8.
        background: red, green and blue in [0, 1].

    Returns:
        (H, W, 3) of the same type.
    """
    opaque = np.empty((*pixels.shape[:2], 3), pixels.dtype)
    for top in range(0, len(pixels), _ROWS):
        strip = as_real(pixels[top : top + _ROWS])
        alpha = strip[..., 3:]
        seen = strip[..., :3] * alpha + (1 - alpha) * np.float32(background)
        opaque[top : top + _ROWS] = np.rint(255 * seen) if pixels.dtype == np.uint8 else seen
    return opaque


def with_alpha(pixels: np.ndarray) -> np.ndarray:
    """(H, W, 4): a picture as it is, or an opaque one with full alpha. Args: pixels: (H, W, 3 or 4), float or uint8."""
    if pixels.shape[2] == 4:
        return pixels
    full = np.full((*pixels.shape[:2], 1), 255 if pixels.dtype == np.uint8 else 1, pixels.dtype)
    return np.concatenate([pixels, full], 2)


def is_transparent(pixels: np.ndarray) -> bool:
    """Whether there is an alpha channel that is not full everywhere. Args: pixels: (H, W, 3 or 4), float or uint8."""
    return pixels.shape[2] == 4 and bool((pixels[..., 3] < (255 if pixels.dtype == np.uint8 else 1)).any())


def weight_of_alpha(colours: np.ndarray, alpha: np.ndarray) -> float:
    """What a squared error in alpha counts where alpha changes, 1/4 to 1/2 of one in an opaque colour.

    Args:
        colours: (H, W, 3) float32 in [0, 1], straight.
        alpha: (H, W) float32 in [0, 1].
    """
    weights = ((colours * colours + (1 - colours) ** 2) / 2).mean(2)
    steps = [np.pad(np.abs(np.diff(alpha, axis=axis)), [(0, axis == each) for each in (0, 1)]) for axis in (0, 1)]
    return float(np.average(weights, weights=sum(steps) + 1e-6))


def filled_in(colours: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Colours that go on smoothly where nothing is seen of them, so that they cost few bits and edges get no rim.

    Each level of a pyramid has the means of the known colours in 2x2 pixels of the one before, and what a level does
    not know it takes from the next, smoothed (Gortler et al., "The Lumigraph", 1996, section 3.6: pull and push).

    Args:
        colours: (H, W, 3) float32 in [0, 1], straight.
        alpha: (H, W) float32 in [0, 1], > 0 somewhere unless all shall be mid grey.

    Returns:
        (H, W, 3) float32: the same where alpha is 1/16 or more.
    """
    known = np.minimum(alpha / np.float32(_CERTAIN), 1)[..., None]
    if not known.any():
        return np.full_like(colours, 0.5)
    return _filled(colours * known, known)


def _filled(weighted: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Args: weighted: (H, W, 3), colours times how well they are known, which is `known`, (H, W, 1), 0 to 1."""
    height, width, _ = known.shape
    if min(known.shape[:2]) == 0 or known.min() == 1 or height == width == 1:
        return weighted / np.maximum(known, np.float32(1e-6))
    coarse, coarsely = _quartered(weighted), _quartered(known)
    sure = np.minimum(coarsely, 1)
    below = _filled(coarse * (sure / np.maximum(coarsely, np.float32(1e-6))), sure)
    return weighted + (1 - known) * _doubled(below, height, width)


def _quartered(plane: np.ndarray) -> np.ndarray:
    """The sums of 2x2 pixels, those of an odd side with nothing beside them."""
    height, width, channels = plane.shape
    padded = np.pad(plane, ((0, height % 2), (0, width % 2), (0, 0)))
    return padded.reshape((height + 1) // 2, 2, (width + 1) // 2, 2, channels).sum((1, 3))


def _doubled(plane: np.ndarray, height: int, width: int) -> np.ndarray:
    """Interpolated at twice the size: of each axis three parts of the nearest and one of the next."""
    for axis, side in ((0, height), (1, width)):
        edges = [(1, 1) if each == axis else (0, 0) for each in range(3)]
        beside = np.pad(plane, edges, mode="edge")
        nearest = 0.75 * plane
        before, after = (np.take(beside, range(first, first + plane.shape[axis]), axis) for first in (0, 2))
        pairs = np.stack([nearest + 0.25 * before, nearest + 0.25 * after], axis + 1)
        shape = list(plane.shape)
        shape[axis] *= 2
        plane = pairs.reshape(shape).take(range(side), axis).astype(np.float32, copy=False)
    return plane
