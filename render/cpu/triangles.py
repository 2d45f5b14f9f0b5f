"""Textured triangles drawn over an image, as a graphics card does it, for where there is none.

A pixel belongs to a triangle that its centre lies in; of a centre on the edge of two, one alone has it. Colours and
places in the texture vary evenly from corner to corner, the texture is read between its pixels, and what is drawn lies
over what was there by its alpha.
"""

from __future__ import annotations

import math

import numpy as np

from daub.render.jit import njit


@njit(nogil=True, cache=True)
def draw_triangles(image, places, texels, colours, corners, clip, texture):
    """Draws them one after the other.

    Args:
        image: (H, W, 4) uint8, premultiplied by the last one, alpha; drawn over in place.
        places: (V, 2) float32, x and y of the corners, pixels from the upper left corner of the image.
        texels: (V, 2) float32, places in the texture, 0 to 1.
        colours: (V, 4) uint8, not premultiplied, in the order of the image's channels.
        corners: (T, 3) integers, rows of those three for each triangle.
        clip: (4,) float32: nothing is drawn to the left of its x, above its y, or from its second x and y on.
        texture: (h, w, 4) uint8, not premultiplied, by which the colours are multiplied.
    """
    height, width = image.shape[0], image.shape[1]
    left, top = max(0, math.ceil(clip[0] - 0.5)), max(0, math.ceil(clip[1] - 0.5))
    right, bottom = min(width, math.ceil(clip[2] - 0.5)), min(height, math.ceil(clip[3] - 0.5))
    found = np.empty(4, np.float32)
    for triangle in range(corners.shape[0]):
        a, b, c = corners[triangle, 0], corners[triangle, 1], corners[triangle, 2]
        twice = _side(places, a, b, places[c, 0], places[c, 1])
        if twice == 0.0:
            continue
        if twice < 0.0:
            b, c, twice = c, b, -twice
        first = max(left, math.ceil(min(places[a, 0], places[b, 0], places[c, 0]) - 0.5))
        last = min(right - 1, math.floor(max(places[a, 0], places[b, 0], places[c, 0]) - 0.5))
        above = max(top, math.ceil(min(places[a, 1], places[b, 1], places[c, 1]) - 0.5))
        below = min(bottom - 1, math.floor(max(places[a, 1], places[b, 1], places[c, 1]) - 0.5))
        owns_ab, owns_bc, owns_ca = _owns(places, a, b), _owns(places, b, c), _owns(places, c, a)
        for y in range(above, below + 1):
            for x in range(first, last + 1):
                of_a = _side(places, b, c, x + 0.5, y + 0.5)
                of_b = _side(places, c, a, x + 0.5, y + 0.5)
                of_c = _side(places, a, b, x + 0.5, y + 0.5)
                if of_a < 0.0 or of_b < 0.0 or of_c < 0.0:
                    continue
                if (of_a == 0.0 and not owns_bc) or (of_b == 0.0 and not owns_ca) or (of_c == 0.0 and not owns_ab):
                    continue
                of_a, of_b, of_c = of_a / twice, of_b / twice, of_c / twice
                u = of_a * texels[a, 0] + of_b * texels[b, 0] + of_c * texels[c, 0]
                v = of_a * texels[a, 1] + of_b * texels[b, 1] + of_c * texels[c, 1]
                _read(texture, u, v, found)
                for channel in range(4):
                    ink = of_a * colours[a, channel] + of_b * colours[b, channel] + of_c * colours[c, channel]
                    found[channel] *= ink / 255.0
                alpha = found[3] / 255.0
                for channel in range(4):
                    over = found[channel] * alpha if channel < 3 else found[3]
                    image[y, x, channel] = np.uint8(over + image[y, x, channel] * (1.0 - alpha) + 0.5)


@njit(nogil=True, cache=True)
def _side(places, a, b, x, y):
    """Twice the area of a triangle with this third corner; above 0 on the right of the way from a to b, y down."""
    dx, dy = np.float64(places[b, 0]) - places[a, 0], np.float64(places[b, 1]) - places[a, 1]
    return dx * (y - places[a, 1]) - dy * (x - places[a, 0])


@njit(nogil=True, cache=True)
def _owns(places, a, b):
    """A centre on this edge belongs to the triangle: it is an upper or a left one."""
    dx, dy = places[b, 0] - places[a, 0], places[b, 1] - places[a, 1]
    return dy < 0.0 or (dy == 0.0 and dx > 0.0)


@njit(nogil=True, cache=True)
def _read(texture, u, v, found):
    """Between four pixels of the texture; beyond its edge it goes on as there."""
    height, width = texture.shape[0], texture.shape[1]
    x, y = u * width - 0.5, v * height - 0.5
    column, row = math.floor(x), math.floor(y)
    x, y = x - column, y - row
    left, right = min(max(column, 0), width - 1), min(max(column + 1, 0), width - 1)
    above, below = min(max(row, 0), height - 1), min(max(row + 1, 0), height - 1)
    for channel in range(4):
        upper = texture[above, left, channel] * (1.0 - x) + texture[above, right, channel] * x
        lower = texture[below, left, channel] * (1.0 - x) + texture[below, right, channel] * x
        found[channel] = upper * (1.0 - y) + lower * y
