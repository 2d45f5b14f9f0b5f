"""What a round brush has covered on the screen, in lines of pixels: each place once, however often it was passed.

A thick line of Dear ImGui is mitred at its corners and flat at its ends, and where it is translucent it grows darker
over itself; the brush does neither.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from imgui_bundle import ImVec2, imgui

_APART = 0.25  # of the radius: discs of which a stroke is put together are so far apart; its edge is off by 0.8 %
_LEAST_APART = 0.5  # pixels, likewise


def brush_spans(path: Sequence[tuple[float, float]], radius: float, top: int, bottom: int) -> np.ndarray:
    """(M, 3) float64: row, and from where to where in it pixels are covered; no two of them overlap.

        >>> brush_spans([(10, 3), (14, 3)], 2.0, 0, 100)[:, 0].tolist()
        [1.0, 2.0, 3.0, 4.0]

    Args:
        path: at least one place, pixels.
        top, bottom: rows that are looked at, the last one excluded.
    """
    places = _discs(np.asarray(path, np.float64), radius)
    first = np.maximum(np.floor(places[:, 1] - radius), top).astype(int)
    count = np.maximum(np.minimum(np.ceil(places[:, 1] + radius), bottom).astype(int) - first, 0)
    disc = np.repeat(np.arange(len(places)), count)  # of each pair of a disc and a row that it reaches
    row = first[disc] + np.arange(len(disc)) - np.repeat(np.cumsum(count) - count, count)
    squares = radius**2 - (row + 0.5 - places[disc, 1]) ** 2
    disc, row, half = disc[squares > 0], row[squares > 0], np.sqrt(squares[squares > 0])
    if not len(row):
        return np.zeros((0, 3))
    # All rows one behind the other on a line, too far apart to meet.
    x = places[disc, 0] - places[:, 0].min() + radius
    apart = places[:, 0].max() - places[:, 0].min() + 3 * radius
    order = np.argsort(row * apart + x - half)
    row, starts, ends = row[order], (x - half)[order], (row * apart + x + half)[order]
    ends = np.maximum.accumulate(ends)
    begins = np.append(True, (row * apart + starts)[1:] > ends[:-1])  # a span, where all before it have ended
    until = ends[np.append(np.flatnonzero(begins)[1:], len(ends)) - 1] - row[begins] * apart
    back = places[:, 0].min() - radius
    return np.stack([row[begins].astype(np.float64), starts[begins] + back, until + back], 1)


def draw_stroke(drawing: imgui.ImDrawList, path: Sequence[ImVec2], radius: float, ink: int) -> None:
    """Draws it, logical pixels."""
    height = math.ceil(imgui.get_io().display_size.y)
    for row, start, end in brush_spans([(place.x, place.y) for place in path], radius, 0, height).tolist():
        drawing.add_rect_filled(ImVec2(start, row), ImVec2(end, row + 1), ink)


def _discs(path: np.ndarray, radius: float) -> np.ndarray:
    """(D, 2): the middles of the discs."""
    apart = max(_APART * radius, _LEAST_APART)
    ways = np.diff(path, axis=0)
    counts = np.maximum(np.ceil(np.hypot(*ways.T) / apart), 1).astype(int)
    each = zip(path[:-1], ways, counts, strict=True)
    steps = [start + way * np.arange(count)[:, None] / count for start, way, count in each]
    return np.concatenate([*steps, path[-1:]])
