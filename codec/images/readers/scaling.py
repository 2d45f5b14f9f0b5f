"""Stored numbers of any type to samples with white where `Samples` has it."""

from __future__ import annotations

import numpy as np

_STRIP = 1 << 22  # values handled at a time, which bounds the temporaries
_NOT_FINITE = "samples that are no finite numbers became black or white"


def scaled(values: np.ndarray, bits: int, notices: list[str]) -> np.ndarray:
    """Bring samples to uint8, uint16 or float32 with white at 255, 65535 or 1.

    Unsigned integers of n bits are white at 2^n - 1, signed ones at 2^(n-1) - 1, floating point at 1; black is 0.
    Where signed or floating-point samples lie outside of that, the whole range from the least (or black) to the
    greatest (or white) becomes the range from black to white, with a notice: nothing is cut off. Infinite samples and
    those that are no numbers become the nearest end or black.

    Args:
        values: any shape; integers up to 64 bits or floating point.
        bits: of a sample.
        notices: is added to.
    """
    if values.dtype.kind == "u":
        if bits in (1, 2, 4) and values.dtype == np.uint8:
            return values * np.uint8(255 // ((1 << bits) - 1))
        if (bits, values.dtype) in ((8, np.uint8), (16, np.uint16)):
            return values
        return _multiplied(values, 1 / ((1 << bits) - 1))
    white = 1.0 if values.dtype.kind == "f" else float((1 << (bits - 1)) - 1)
    result = _multiplied(values, 1 / white)
    finite = np.isfinite(result)
    if not finite.all():
        notices.append(_NOT_FINITE)
    low = min(0.0, float(result.min(where=finite, initial=0)))
    high = max(1.0, float(result.max(where=finite, initial=0)))
    if not finite.all():
        result = np.nan_to_num(result, nan=0, posinf=high, neginf=low)
    if low < 0 or high > 1:
        notices.append(f"its samples from {low * white:.4g} to {high * white:.4g} were scaled to black to white")
        result = _multiplied(result, 1 / (high - low), low)
        np.clip(result, 0, 1, out=result)  # what rounding leaves
    return result


def finite(values: np.ndarray, notices: list[str]) -> np.ndarray:
    """float32 light without samples that are no finite numbers: they become black, or white where they are infinite."""
    if np.isfinite(values).all():
        return values
    notices.append(_NOT_FINITE)
    return np.nan_to_num(values, nan=0, posinf=1, neginf=0)


def _multiplied(values: np.ndarray, factor: float, black: float = 0.0) -> np.ndarray:
    """float32 of how far the values are above black, times a factor; rounded once."""
    result = np.empty(values.shape, np.float32)
    source, target = values.reshape(-1), result.reshape(-1)
    for start in range(0, source.size, _STRIP):
        part = slice(start, start + _STRIP)
        with np.errstate(over="ignore", invalid="ignore"):  # beyond float32 is beyond white
            target[part] = (source[part] - np.float64(black)) * np.float64(factor)
    return result
