"""Where the image lies in the viewport.

Screen positions are device pixels, y down. Image positions have (0, 0) at the corner of the first pixel, so that the
pixel in row i and column j covers [j, j + 1) x [i, i + 1).
"""

from __future__ import annotations

import math

SMALLEST, LARGEST = 1 / 64, 256.0  # zoom, device pixels per image pixel
MARGIN = 0.04  # of the viewport, around a fitted image


class Camera:
    """Zoom and position; until the user moves it, the whole image is kept in view."""

    def __init__(self):
        self.view = (1, 1)  # width, height of the viewport
        self.image = (1, 1)  # width, height of the image, image pixels
        self.zoom = 1.0  # screen pixels per image pixel
        self.inset = 0  # pixels at the lower edge that a fitted image leaves free
        self.fitted = True  # the whole image is kept in view
        self.margin = MARGIN  # of the viewport, that is left around it then
        self._left = self._top = 0.0  # screen position of the image's upper left corner

    @property
    def offset(self) -> tuple[float, float]:
        """Position of the image's upper left corner, on whole pixels so that 1:1 is exact."""
        return float(round(self._left)), float(round(self._top))

    def resize(self, width: int, height: int, raised: int = 0) -> None:
        """The viewport has another size; what was in its middle stays there, or the whole image in view.

        Args:
            raised: pixels by which its upper edge alone has moved up, as something above it has gone, or down if
                negative, as something has come. Nothing moves on the screen then.
        """
        if raised:
            self.view = (max(1, width), max(1, height))
            self._top += raised
            return
        centre = self.to_image(self.view[0] / 2, self.view[1] / 2)
        self.view = (max(1, width), max(1, height))
        if self.fitted:
            self.fit()
        else:
            self._place(centre, self.view[0] / 2, self.view[1] / 2)

    def show(self, width: int, height: int) -> None:
        """A new image, fitted."""
        self.image = (width, height)
        self.fit()

    def fit(self) -> None:
        """Shows the whole image, and keeps doing so."""
        width, height = self.view[0], max(1, self.view[1] - self.inset)
        zoom = (1 - 2 * self.margin) * min(width / self.image[0], height / self.image[1])
        self.zoom = min(max(zoom, SMALLEST), LARGEST)
        self._place((self.image[0] / 2, self.image[1] / 2), width / 2, height / 2)
        self.fitted = True

    def zoom_to(self, zoom: float, x: float | None = None, y: float | None = None) -> None:
        """Sets the zoom; the image position under (x, y), by default the middle of what is free, stays where it is."""
        x = self.view[0] / 2 if x is None else x
        y = max(1, self.view[1] - self.inset) / 2 if y is None else y
        anchor = self.to_image(x, y)
        self.zoom = min(max(zoom, SMALLEST), LARGEST)
        self._place(anchor, x, y)
        self.fitted = False

    def look_at(self, u: float, v: float, zoom: float) -> None:
        """An image position comes to the middle, at that zoom."""
        self.zoom = min(max(zoom, SMALLEST), LARGEST)
        self._place((u, v), self.view[0] / 2, self.view[1] / 2)
        self.fitted = False

    def pan(self, dx: float, dy: float) -> None:
        """Moves the image on the screen."""
        self._left += dx
        self._top += dy
        self._keep_in_reach()
        self.fitted = False

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """The image position at a screen position."""
        left, top = self.offset
        return (x - left) / self.zoom, (y - top) / self.zoom

    def to_screen(self, u: float, v: float) -> tuple[float, float]:
        """The screen position of an image position."""
        left, top = self.offset
        return left + u * self.zoom, top + v * self.zoom

    def pixel_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(column, row) of the image pixel there, or None beside the image."""
        u, v = (math.floor(value) for value in self.to_image(x, y))
        return (u, v) if 0 <= u < self.image[0] and 0 <= v < self.image[1] else None

    def visible(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom of the image pixels in view, half open; empty boxes have right <= left."""
        u0, v0 = self.to_image(0, 0)
        u1, v1 = self.to_image(*self.view)
        width, height = self.image
        return max(0, math.floor(u0)), max(0, math.floor(v0)), min(width, math.ceil(u1)), min(height, math.ceil(v1))

    def _place(self, point: tuple[float, float], x: float, y: float) -> None:
        self._left, self._top = x - point[0] * self.zoom, y - point[1] * self.zoom
        self._keep_in_reach()

    def _keep_in_reach(self) -> None:
        """A strip of the image stays in view: nobody has to search for it."""
        strip = 48
        self._left = min(max(self._left, strip - self.image[0] * self.zoom), self.view[0] - strip)
        self._top = min(max(self._top, strip - self.image[1] * self.zoom), self.view[1] - strip)
