"""Gaussians as an SVG: each a circle of three deviations under a matrix, filled with a radial gradient.

A picture is a sum of signed amplitudes, and SVG has no sum. What comes nearest (W3C Compositing and Blending):

- light that is added: `mix-blend-mode: plus-lighter`, a sum that is cut off at white;
- then light that is taken away: `mix-blend-mode: difference`, which subtracts wherever there is more to take from.

What falls short: a browser rounds to 8 bits after every Gaussian, so that thousands of faint ones drift; light beyond
white is lost before some of it would be taken away; the profile is drawn with `STOPS` straight pieces; and programs
without blend modes (most besides browsers) lay Gaussians over one another instead of adding them up.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.render.gaussians import SUPPORT

STOPS = 12  # of a gradient, from the centre to the edge of the support
_AT_ONCE = 256  # Gaussians between two reports
_LEAST = 0.5 / 255  # amplitude below which a part of a Gaussian is left out


def svg(drawing: Drawing, report: Callable[[float], None] = lambda fraction: None) -> str:
    """The text of the file, as large as the canvas.

    Args:
        report: is told how much is done, 0 to 1; what it raises ends it.
    """
    gaussians = drawing.gaussians
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T
    # SVG has the corner of the first pixel at 0, and the columns of L one after the other.
    x, y = gaussians.mean.astype(np.float64).T + 0.5
    matrices = np.stack([l1, gaussians.shear * l3, np.zeros_like(l1), l3, x, y], 1)
    colour = gaussians.colour.astype(np.float64)
    added = _circles(matrices, np.maximum(colour, 0), "a", lambda share: report(share / 2))
    taken = _circles(matrices, np.maximum(-colour, 0), "t", lambda share: report((1 + share) / 2))
    width, height = drawing.size
    size = f'width="{width}" height="{height}"'
    gradients = sorted({fill for fill, _ in added + taken})
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">',
            "<style>svg{isolation:isolate}.a{mix-blend-mode:plus-lighter}.t{mix-blend-mode:difference}</style>",
            "<defs>",
            *(_gradient(fill) for fill in gradients),
            "</defs>",
            f'<rect {size} fill="#000"/>',
            *(circle for _, circle in added + taken),
            "</svg>\n",
        ]
    )


Fill = tuple[int, int, int]  # red, green and blue, 0 to 255


def _circles(
    matrices: np.ndarray, colours: np.ndarray, kind: str, report: Callable[[float], None]
) -> list[tuple[Fill, str]]:
    """Those of one sign; one of more than full light is drawn as several."""
    found = []
    for number, (matrix, colour) in enumerate(zip(matrices, colours, strict=True)):
        if number % _AT_ONCE == 0:
            report(number / len(matrices))
        times = max(math.ceil(colour.max()), 1)
        red, green, blue = (round(255 * value / times) for value in colour.tolist())
        if colour.max() < _LEAST or not (red or green or blue):
            continue
        place = " ".join(f"{number:.5g}" for number in matrix[:4]) + " " + " ".join(f"{n:.2f}" for n in matrix[4:])
        circle = f'<circle class="{kind}" r="3" transform="matrix({place})" fill="url(#{_name((red, green, blue))})"/>'
        found += [((red, green, blue), circle)] * times
    return found


def _name(fill: Fill) -> str:
    return "c{:02x}{:02x}{:02x}".format(*fill)


def _gradient(fill: Fill) -> str:
    colour = "#{:02x}{:02x}{:02x}".format(*fill)
    stops = "".join(
        f'<stop offset="{offset:.4f}" stop-opacity="{weight:.4f}" stop-color="{colour}"/>'
        for offset, weight in _stops()
    )
    where = 'gradientUnits="userSpaceOnUse" cx="0" cy="0" r="3"'  # of the circle, whose matrix is the gradient's, too
    return f'<radialGradient id="{_name(fill)}" {where}>{stops}</radialGradient>'


def _stops() -> list[tuple[float, float]]:
    offsets = np.linspace(0, 1, STOPS)
    weights = np.exp(-SUPPORT * offsets**2 / 2) - math.exp(-SUPPORT / 2)
    return list(zip(offsets.tolist(), np.maximum(weights, 0).tolist(), strict=True))
