"""Where the pixels of a picture lie on a canvas that was cropped, flipped, turned or resized since it was made of it.

A point at x of the picture is at matrix @ x + offset of the canvas, (0, 0) being the corner of the first pixel. What
crops, flips and turns leave of a picture are its own pixels, so that it can be held against the canvas; what has
another size has to be resampled for that.

>>> flipped = SAME.flipped(0, 20)
>>> pixels = np.arange(40).reshape(2, 20)
>>> flipped.cropped(2, 0).pixels(pixels, (3, 2)).tolist()
[[17, 16, 15], [37, 36, 35]]
>>> SAME.resized(2, 2).is_exact, SAME.resized(2, 2).then(SAME.resized(0.5, 0.5)) == SAME
(False, True)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.codec.editing.transforms import Affine
from daub.render.gaussians import Gaussians

_BEYOND = 1.0  # pixels of a canvas that may lie beside the picture where that is resampled: nobody sees them
_DIGITS = 9  # after the point, to which the numbers are rounded: a canvas that has its former size again is the former


@dataclass(frozen=True)
class Registration:
    """See above.

    Args:
        xx, xy, yx, yy: the matrix, row by row; each row and column has one number that is not 0.
        x, y: the offset, pixels of the canvas.
    """

    xx: float = 1.0
    xy: float = 0.0
    yx: float = 0.0
    yy: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @staticmethod
    def of(matrix: np.ndarray, offset: np.ndarray) -> Registration:
        """Args: matrix: (2, 2); offset: (2,)."""
        numbers = np.concatenate([np.asarray(matrix, np.float64).ravel(), np.asarray(offset, np.float64)])
        return Registration(*(numbers.round(_DIGITS) + 0.0).tolist())

    @property
    def matrix(self) -> np.ndarray:
        """(2, 2) float64."""
        return np.array([[self.xx, self.xy], [self.yx, self.yy]])

    @property
    def offset(self) -> np.ndarray:
        """(2,) float64."""
        return np.array([self.x, self.y])

    @property
    def scales(self) -> tuple[float, float]:
        """Pixels of the canvas per pixel of the picture, along its two sides."""
        return abs(self.xx) + abs(self.yx), abs(self.xy) + abs(self.yy)

    @property
    def is_exact(self) -> bool:
        """Each pixel of the canvas is one of the picture, or beside it."""
        return self.scales == (1.0, 1.0) and float(self.x).is_integer() and float(self.y).is_integer()

    @property
    def inverse(self) -> Registration:
        """Where the pixels of the canvas lie on the picture."""
        matrix = np.linalg.inv(self.matrix)
        return Registration.of(matrix, -matrix @ self.offset)

    def then(self, later: Registration) -> Registration:
        """This one, and another after it."""
        return Registration.of(later.matrix @ self.matrix, later.matrix @ self.offset + later.offset)

    # What is done to a canvas.

    def cropped(self, left: int, top: int) -> Registration:
        """Its upper left corner is elsewhere, pixels."""
        return self.then(Registration(x=-left, y=-top))

    def resized(self, across: float, down: float) -> Registration:
        """It has so many times as many columns and rows."""
        return self.then(Registration(xx=across, yy=down))

    def flipped(self, axis: int, length: int) -> Registration:
        """Left becomes right, or top bottom. Args: axis: 0 or 1; length: pixels along it."""
        return self.then(Registration(xx=-1, x=length) if axis == 0 else Registration(yy=-1, y=length))

    def turned(self, quarters: int, width: int, height: int) -> Registration:
        """Turned counter-clockwise as seen. Args: width, height: before that, pixels."""
        after = self
        for _ in range(quarters % 4):
            after = after.then(Registration(0, 1, -1, 0, 0, width))
            width, height = height, width
        return after

    # What becomes of the picture.

    def pixels(self, pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray | None:
        """What a canvas shows of the picture where that is exact: a view of the same numbers; None where it is not.

        Args:
            pixels: (H, W, ...).
            size: width and height of the canvas, all of which has to lie on the picture.
        """
        if not self.is_exact:
            return None
        if not self.covers((pixels.shape[1], pixels.shape[0]), size):
            return None
        left, top, right, bottom = self._box(size)
        part = pixels[int(top) : int(bottom), int(left) : int(right)]
        if self.xx == 0:
            part = part.swapaxes(0, 1)
        return part[:: int(self.yx + self.yy), :: int(self.xx + self.xy)]

    def covers(self, picture: tuple[int, int], canvas: tuple[int, int]) -> bool:
        """All of a canvas lies on the picture. Args: width and height of both, pixels."""
        beyond = 0.0 if self.is_exact else _BEYOND
        left, top, right, bottom = self._box(canvas)
        return min(left, top) >= -beyond and right <= picture[0] + beyond and bottom <= picture[1] + beyond

    def resampled(self, pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """The same of any canvas, by Lanczos' filter, or averages where it is smaller; takes its time.

        Args:
            pixels: (H, W, 3) float32 in [0, 1].
            size: width and height of the canvas; what of it lies beside the picture repeats its edge.
        """
        from PIL import Image

        left, top, right, bottom = self._box(size)
        x = np.clip([left, right], 0, pixels.shape[1])
        y = np.clip([top, bottom], 0, pixels.shape[0])
        wanted = size[::-1] if self.xx == 0 else size
        channels = [
            Image.fromarray(np.ascontiguousarray(pixels[..., channel], np.float32)).resize(
                wanted, Image.Resampling.LANCZOS, box=(x[0], y[0], x[1], y[1])
            )
            for channel in range(pixels.shape[2])
        ]
        part = np.stack([np.asarray(channel) for channel in channels], -1).clip(0, 1)
        if self.xx == 0:
            part = part.swapaxes(0, 1)
        flips = np.sign([self.yx + self.yy, self.xx + self.xy]).astype(int)
        return np.ascontiguousarray(part[:: flips[0], :: flips[1]])

    def gaussians(self, gaussians: Gaussians) -> Gaussians:
        """The same of Gaussians (N, 8), exact at any size: another size is decoded at that size."""
        across, down = self.scales
        if (across, down) != (1.0, 1.0):
            gaussians = gaussians.resized(across, down)
        turn = self.matrix @ np.diag([1 / across, 1 / down])
        # Centres of pixels are half a pixel beside the corners that a registration counts from.
        return Affine(turn, self.offset + turn @ [0.5, 0.5] - 0.5).of(gaussians)

    def _box(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the part of the picture that a canvas shows."""
        back = self.inverse
        ends = np.array([back.offset, back.matrix @ np.array(size, np.float64) + back.offset]).round(_DIGITS)
        return *ends.min(0).tolist(), *ends.max(0).tolist()


SAME = Registration()  # nothing was done to the canvas
