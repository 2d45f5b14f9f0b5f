"""The values of operations as people write them: "100,50,640,480", "0..3", "#c02020,0.1".

Command line and scripts share them, so that an operation means the same in both.
"""

from __future__ import annotations

import math
import re

from daub.codec.errors import DaubError

_FARTHEST = 1 << 24  # pixels that anything is away


def numbers(text: str, wanted: str, least: int, most: int) -> list[float]:
    """Numbers with commas between them.

    Args:
        wanted: what they are, as in "X,Y,W,H".
        least, most: how many there may be.

    Raises:
        DaubError: they are none, or not so many.

    >>> numbers("3,-4.5", "DX,DY", 2, 2)
    [3.0, -4.5]
    """
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not least <= len(found) <= most or not all(map(math.isfinite, found)):
        raise refusal(text, wanted)
    return found


def number(text: str, wanted: str, low: float = -math.inf, high: float = math.inf) -> float:
    """One number of a range. Raises: DaubError: it is none, or outside."""
    (value,) = numbers(text, wanted, 1, 1)
    if not low <= value <= high:
        raise DaubError(
            f"{wanted} {text} is out of range", f"it must lie in {low:g}..{high:g}", "give one in that range"
        )
    return value


def whole_numbers(text: str, wanted: str, count: int) -> list[int]:
    """So many whole numbers. Raises: DaubError."""
    found = numbers(text, wanted, count, count)
    if not all(value.is_integer() and abs(value) <= _FARTHEST for value in found):
        raise refusal(text, wanted)
    return [int(value) for value in found]


def way(text: str) -> list[float]:
    """To the right and down, pixels. Raises: DaubError.

    >>> way("3,-4.5")
    [3.0, -4.5]
    """
    found = numbers(text, "a way DX,DY", 2, 2)
    if not all(abs(value) <= _FARTHEST for value in found):
        raise refusal(text, f"a way DX,DY of at most {_FARTHEST:,} pixels")
    return found


def size(text: str) -> tuple[int, int]:
    """Width and height.

    >>> size("640x480")
    (640, 480)
    """
    match = re.fullmatch(r"([1-9]\d{0,8})[x×]([1-9]\d{0,8})", text)
    if not match:
        raise refusal(text, "a size such as 640x480")
    return int(match[1]), int(match[2])


def span(text: str) -> tuple[float, float]:
    """The ends of a range; one that is left out is open.

    >>> span("0.5..3"), span("..3"), span("2..")
    ((0.5, 3.0), (-inf, 3.0), (2.0, inf))
    """
    low, dots, high = text.partition("..")
    try:
        ends = float(low or "-inf"), float(high or "inf")
    except ValueError:
        ends = 1.0, 0.0
    if not dots or not ends[0] <= ends[1]:
        raise refusal(text, "a range such as 0.5..3")
    return ends


def points(text: str) -> list[tuple[float, float]]:
    """Points with spaces or semicolons between them.

    >>> points("1,2 3,4.5")
    [(1.0, 2.0), (3.0, 4.5)]
    """
    found = [numbers(part, "points such as 10,10 50,10 30,40", 2, 2) for part in re.split(r"[\s;]+", text.strip())]
    return [(x, y) for x, y in found]


def refusal(text: str, wanted: str) -> DaubError:
    """The error of a value that makes no sense."""
    return DaubError(f"cannot understand {text!r}", f"it is not {wanted}", "mend it")
