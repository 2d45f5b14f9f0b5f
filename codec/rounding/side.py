"""Reading the side information of quantisers, which may be damaged."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np


def take(stream: BinaryIO, count: int) -> bytes:
    """Read exactly so many bytes.

    Raises:
        ValueError: there are not as many.
    """
    data = stream.read(count)
    if len(data) < count:
        raise ValueError("its quantisers are cut short")
    return data


def floats(stream: BinaryIO, shape: tuple[int, ...]) -> np.ndarray:
    """Read an array of float32.

    Raises:
        ValueError: there are too few bytes, or the numbers are not finite.
    """
    numbers = np.frombuffer(take(stream, 4 * int(np.prod(shape))), "<f4").reshape(shape).astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("a quantiser's numbers are not finite")
    return numbers
