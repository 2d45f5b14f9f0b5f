"""What each part of an image matters: a grey map of which 128 is neutral, whoever paints it.

    255   an error weighs 8 times as much as one at 128
    128   neutral
      0   an error weighs an eighth

In between, equal steps of grey are equal factors: 8^((v - 128) / 127) above 128 and 8^((v - 128) / 128) below. A map
may be replaced while a fit runs, which then goes on towards the new one.

    >>> importance = Importance.neutral(2, 3)
    >>> importance.is_neutral
    True
    >>> importance.replace(np.array([[255, 128, 0], [128, 128, 128]], np.uint8))
    >>> importance.factors[0].tolist()
    [8.0, 1.0, 0.125]
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.files import write_atomic

NEUTRAL = 128  # grey of what is neither more nor less important
BACKGROUND = (NEUTRAL / 255,) * 3  # what is transparent in a map is neutral
LARGEST_FACTOR = 8.0  # of the weight of white; black has its inverse
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709-6, item 3.2
_LEVELS = np.arange(256) - NEUTRAL
_FACTORS = (LARGEST_FACTOR ** (_LEVELS / np.where(_LEVELS > 0, 255 - NEUTRAL, NEUTRAL))).astype(np.float32)


class Importance:
    """A map that whoever computes may hold while others replace what is in it, from any thread.

    Args:
        values: (H, W) uint8; they are copied.

    Attributes:
        values: (H, W) uint8, read-only: another array whenever the map is another, so that its identity tells.

    Raises:
        ValueError: no such array.
    """

    def __init__(self, values: np.ndarray):
        if values.dtype != np.uint8 or values.ndim != 2 or values.size == 0:
            raise ValueError(f"expected a map (H, W) of uint8, got {values.shape} of {values.dtype}")
        self.values = _frozen(values)

    @classmethod
    def neutral(cls, height: int, width: int) -> Importance:
        """A map by which everything matters alike; takes no memory, whatever its size in pixels."""
        importance = cls.__new__(cls)
        importance.values = np.broadcast_to(np.uint8(NEUTRAL), (height, width))
        return importance

    @classmethod
    def load(cls, source: str | os.PathLike | bytes | BinaryIO, size: tuple[int, int]) -> Importance:
        """Reads a map from an image in any format that is read, and brings it to the size of the image it is for.

        Its samples count as they are stored, upright, whatever colours its file says they are: they are numbers rather
        than colours, as in a mask. What is transparent in it is neutral; `from_pixels` says the rest.

        Args:
            source: as of `images.load`.
            size: (width, height) of the image, pixels.

        Raises:
            DaubError: it cannot be read, or has another shape than the image.
        """
        from daub.codec import images  # Pillow and all decoders: to hold a map must not wait for them

        name = os.fspath(source) if isinstance(source, str | os.PathLike) else "the map"
        return cls.from_pixels(images.load(source, BACKGROUND, managed=False).pixels, size, name)

    @classmethod
    def from_pixels(cls, pixels: np.ndarray, size: tuple[int, int], name: str = "the map") -> Importance:
        """A map from the pixels of an image, of which the luma counts; resampled where it has another size.

        Args:
            pixels: (H, W, 3) float32 in [0, 1].
            size: (width, height) of the image that the map is for, pixels.
            name: of the map, for the error.

        Raises:
            DaubError: its sides are not in proportion to those of the image, by a pixel or more.
        """
        height, width, _ = pixels.shape
        if not _in_proportion((width, height), size):
            raise DaubError(
                f"cannot use {name} as a map of importance",
                f"it has {width}x{height} pixels and another shape than the image of {size[0]}x{size[1]}",
                "cut it to the same part of the picture",
            )
        grey = pixels @ (255 * _LUMA)
        if (width, height) != size:
            grey = _resampled(grey, size)
        return cls(np.rint(grey).astype(np.uint8))

    def replace(self, values: np.ndarray) -> None:
        """Makes it another map of the same size; a fit under way goes on towards that.

        Args:
            values: (H, W) uint8; they are copied.

        Raises:
            ValueError: no such array, or of another size.
        """
        if values.dtype != np.uint8 or values.shape != self.values.shape:
            raise ValueError(f"expected a map {self.values.shape} of uint8, got {values.shape} of {values.dtype}")
        self.values = _frozen(values)

    @property
    def is_neutral(self) -> bool:
        """Everything matters alike, as without a map."""
        values = self.values
        seen = values if any(values.strides) else values[:1, :1]  # those of `neutral` are one and the same
        return bool((seen == NEUTRAL).all())

    @property
    def factors(self) -> np.ndarray:
        """(H, W) float32: what an error at each pixel weighs, 1/8 to 8."""
        return _FACTORS[self.values]

    def to_png(self) -> bytes:
        """A PNG with 8 bits of grey, of which `load` makes the same map at its own size."""
        import PIL.Image

        file = io.BytesIO()
        PIL.Image.fromarray(np.ascontiguousarray(self.values)).save(file, "PNG")
        return file.getvalue()

    def save(self, path: str | os.PathLike, *, replace: bool = True) -> None:
        """Writes that PNG, whole or not at all.

        Args:
            replace: as of `files.write_atomic`.

        Raises:
            DaubError: as of `files.write_atomic`.
        """
        write_atomic(path, self.to_png(), replace=replace)


def _frozen(values: np.ndarray) -> np.ndarray:
    copy = values.copy()
    copy.setflags(write=False)
    return copy


def _in_proportion(size: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether one is the other at another scale, its sides rounded in either direction."""
    (width, height), (other_width, other_height) = size, other
    # The sides are whole, so that one of them may be right where the other is off by less than a pixel.
    return abs(width - height * other_width / other_height) < 1 or abs(height - width * other_height / other_width) < 1


def _resampled(grey: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(height, width) float32: interpolated linearly, or where it becomes smaller averaged under a triangle.

    No sharper filter: it would ring, and beside a hard edge of a mask what nobody has marked would matter too.
    """
    import PIL.Image

    return np.asarray(PIL.Image.fromarray(grey).resize(size, PIL.Image.Resampling.BILINEAR))
