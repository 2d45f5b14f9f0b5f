"""The coarse residual: what the rendering lacks, as an ordinary JPEG XL picture at a low rate.

A residual is signed and small. Sample 128 stands for nought, and a gain spreads it over the 8 bits before it is coded:
without, a residual of a few levels is less than JPEG XL's dead zone. Beyond the ends of the range it is clipped.
"""

from __future__ import annotations

import imagecodecs
import numpy as np

from daub.codec.container.limits import REMEDY
from daub.codec.errors import DaubError
from daub.codec.images.jpegxl import read_header
from daub.codec.restoration.layer import CodedResidual

ZERO = 128  # sample of no difference
UNIT = 127.5  # samples of a difference of one, at a gain of one
EFFORT = 7  # of libjxl


def coded(residual: np.ndarray, gain: int, halvings: int, distance: float) -> CodedResidual:
    """Codes a residual.

    Args:
        residual: (H, W, 3) float32 in [-1, 1], source - rendering.
        gain, halvings: as of `CodedResidual`.
        distance: of JPEG XL, 0.1..25; the larger, the fewer bytes.
    """
    samples = np.clip(np.rint(ZERO + UNIT * gain * _reduced(residual, halvings)), 0, 255).astype(np.uint8)
    stream = imagecodecs.jpegxl_encode(samples, distance=distance, effort=EFFORT, usecontainer=False)
    return CodedResidual(gain, halvings, bytes(stream))


def decoded(coded: CodedResidual, width: int, height: int, what: str) -> np.ndarray:
    """The residual at the size of the picture, (height, width, 3) float32.

    Args:
        what: failed, the beginning of the error.

    Raises:
        DaubError: its codestream is damaged, or of another size than the picture asks for.
    """
    expected = coded.size(width, height)
    try:
        header = read_header(coded.codestream)
        if (header.width, header.height) != expected:
            size = f"{header.width}x{header.height}"
            raise DaubError(what, f"its residual has {size} samples and not {expected[0]}x{expected[1]}", REMEDY)
        samples = imagecodecs.jpegxl_decode(coded.codestream)
    except (ValueError, RuntimeError, OSError) as error:
        raise DaubError(what, f"its residual is damaged ({error})", REMEDY) from error
    if samples.dtype != np.uint8 or samples.shape != (*expected[::-1], 3):
        raise DaubError(what, "its residual is no picture of three channels of 8 bits", REMEDY)
    residual = (samples.astype(np.float32) - ZERO) / np.float32(UNIT * coded.gain)
    for axis, side in ((0, height), (1, width)):
        residual = _stretched(residual, 1 << coded.halvings, side, axis)
    return residual


def _reduced(residual: np.ndarray, halvings: int) -> np.ndarray:
    """Means over squares of 2^halvings pixels a side, the edge repeated where the last are not whole."""
    unit = 1 << halvings
    height, width, _ = residual.shape
    whole = np.pad(residual, ((0, -height % unit), (0, -width % unit), (0, 0)), mode="edge")
    rows, columns = whole.shape[0] // unit, whole.shape[1] // unit
    return whole.reshape(rows, unit, columns, unit, 3).mean((1, 3))


def _stretched(samples: np.ndarray, unit: int, side: int, axis: int) -> np.ndarray:
    """Linear between the centres of samples that are `unit` pixels wide, and constant beyond the outer ones."""
    if unit == 1:
        return samples
    last = samples.shape[axis] - 1
    at = np.clip((np.arange(side) + 0.5) / unit - 0.5, 0, last)
    before = np.minimum(at.astype(int), max(last - 1, 0))
    share = (at - before).astype(np.float32)
    share = share[:, None, None] if axis == 0 else share[None, :, None]
    behind = np.minimum(before + 1, last)
    return samples.take(before, axis) * (1 - share) + samples.take(behind, axis) * share
