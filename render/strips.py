"""Pictures that come a strip of rows at a time, from top to bottom, so that nobody holds more than one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np


def assembled(
    strips: Iterable[np.ndarray], height: int, progress: Callable[[float], None] = lambda fraction: None
) -> np.ndarray:
    """The whole picture; where it is a single strip, that one and no copy.

    >>> strips = iter([np.zeros((2, 5, 3)), np.ones((1, 5, 3))])
    >>> assembled(strips, 3)[:, 0, 0].tolist()
    [0.0, 0.0, 1.0]

    Args:
        strips: (rows, W, 3) each, of one type.
        height: rows of all of them together.
        progress: is given the fraction of the rows that there are, after each strip.
    """
    picture, done = None, 0
    for strip in strips:
        if len(strip) == height:
            picture = strip
        else:
            if picture is None:
                picture = np.empty((height, *strip.shape[1:]), strip.dtype)
            picture[done : done + len(strip)] = strip
        done += len(strip)
        progress(done / height)
    return picture
