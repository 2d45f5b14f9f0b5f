"""A comparison as a figure for a paper: one part of the picture as every source shows it, and where that part lies.

Done in the process of jobs, by matplotlib, which the benchmarks draw with, too: it writes PNG, PDF and SVG, and its
words stay words in the last two.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.rivals.plot_style import STYLE, colour_of, rendered
from daub.app.model.work.job_process import Done, Tell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 4  # panels in a row, at most
PANEL = 2.7  # inches, width of a panel ...
NARROWEST = 1.4  # ... and the least that a caption takes
TALLEST = 1.6  # height of a panel by the usual width
_CAPTION = 0.85  # inches, what stands above and below a panel
_LETTERS = 34  # of a line above a panel
_SHARP = 800  # pixels, longer side of a crop in the file at least: viewers of PDF blur what they enlarge
_DPI = 200


def draw(given: dict, arrays: list[np.ndarray], tell: Tell) -> Done:
    """Draws the whole picture with the part marked, and beside it that part of each source with its caption.

    Args:
        given: "suffix", ".png", ".pdf" or ".svg"; "title"; "box", left, top, width and height of the part in pixels;
            "size", width and height of the picture; and "panels" ("name", "codec", "lines": what stands below).
        arrays: the picture at any size, and that part of each source, all (H, W, 3) uint8.

    Returns:
        The file as uint8.
    """
    from matplotlib.figure import Figure

    whole, *crops = arrays
    count = 1 + len(crops)
    rows = math.ceil(count / COLUMNS)
    columns = math.ceil(count / rows)
    shapes = [array.shape for array in arrays]
    tallest = max(height / width for height, width, _ in shapes)
    # What is much taller than wide gets less width, so that a row stays a row.
    panel = max(PANEL * min(1.0, TALLEST / tallest), NARROWEST)
    height = min(panel * tallest, PANEL * TALLEST)
    figure = Figure(figsize=(columns * panel + 0.2, rows * (height + _CAPTION)), layout="constrained")
    figure.set_facecolor("white")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in panels:
        axes.set_axis_off()
    _draw_whole(panels[0], whole, given)
    for axes, crop, one in zip(panels[1:], crops, given["panels"], strict=False):
        factor = max(1, _SHARP // max(crop.shape))
        _show(axes, crop.repeat(factor, 0).repeat(factor, 1), one["name"], one["lines"], colour_of(one["codec"]))
    return {}, [np.frombuffer(rendered(figure, given["suffix"], _DPI), np.uint8)]


def _draw_whole(axes: Axes, whole: np.ndarray, given: dict) -> None:
    from matplotlib.patches import Rectangle

    (width, height), (left, top, wide, high) = given["size"], given["box"]
    scale = whole.shape[1] / width
    where = f"{wide} × {high} pixels at ({left}, {top}) of {width} × {height}"
    _show(axes, whole, given["title"], [where], STYLE["ink"])
    # A dark line under a light one is seen on any picture.
    for colour, thickness in (("black", 2.6), ("white", 1.2)):
        corner = left * scale - 0.5, top * scale - 0.5
        axes.add_patch(Rectangle(corner, wide * scale, high * scale, fill=False, edgecolor=colour, linewidth=thickness))


def _show(axes: Axes, image: np.ndarray, name: str, lines: list[str], colour: str) -> None:
    axes.set_axis_on()
    axes.imshow(image, interpolation="none")
    axes.set(xticks=[], yticks=[])
    axes.set_anchor("N")
    axes.spines[:].set(color=colour, linewidth=1.2)
    heading = "\n".join(textwrap.wrap(name, _LETTERS, max_lines=2, placeholder=" …"))
    axes.set_title(heading, loc="left", size=8.5, weight="bold", color=colour)
    axes.set_xlabel("\n".join(lines), size=7.5, color=STYLE["ink"], loc="left")
