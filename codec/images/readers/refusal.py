"""What every reader may count on and must keep to: the limit of the picture, and how to say no."""

from __future__ import annotations

from dataclasses import dataclass

_REMEDY = "scale it down with another program"
_BYTES_PER_PIXEL = 16  # of samples as a file stores them: RGBA of 32 bits


MOST_PARTS = (
    1_000_000  # chunks, segments or blocks of a file that are walked over: a second's work, and no honest file's
)


class Budget:
    """How many parts of a file, its chunks, segments or blocks, may still be walked over."""

    def __init__(self):
        self._left = MOST_PARTS

    def spend(self) -> None:
        """Count one more.

        Raises:
            ValueError: there have been too many.
        """
        self._left -= 1
        if self._left < 0:
            raise ValueError("it consists of too many parts")


class Refused(Exception):
    """A file that is not read although nothing is wrong with it, or nothing that its reader could tell.

    Args:
        why: the cause, as the second part of the one line that a person sees.
        remedy: what the person can do about it.
    """

    def __init__(self, why: str, remedy: str):
        super().__init__(why)
        self.why, self.remedy = why, remedy


@dataclass(frozen=True)
class Limits:
    """How large a picture may be. A reader asks before it spends memory or time on pixels.

    Args:
        pixels: the most that are read.
    """

    pixels: int

    @property
    def file_bytes(self) -> int:
        """How large a file may be, most of which are read as a whole."""
        return self.pixels * _BYTES_PER_PIXEL + (1 << 26)

    def check(self, width: int, height: int, bytes_per_pixel: float = 4, most: int | None = None) -> None:
        """Refuse a picture without pixels, or with too many.

        Args:
            width, height: as the header of the file declares them.
            bytes_per_pixel: that a decoder will hold, all channels together.
            most: pixels that the decoder manages in seconds, where that is fewer than others do.

        Raises:
            Refused: there are none, too many, or too many channels of them.
        """
        if width < 1 or height < 1:
            raise Refused("it has no pixels", "choose another file")
        limit = min(self.pixels, most or self.pixels)
        if width * height > limit:
            why = f"it declares {width}x{height} pixels, above the limit of {limit / 1e6:g} megapixels"
            raise Refused(why, _REMEDY)
        if width * height * bytes_per_pixel > self.pixels * _BYTES_PER_PIXEL:
            why = f"it declares {width}x{height} pixels of {bytes_per_pixel:g} bytes, more than can be held"
            raise Refused(why, _REMEDY)
