"""What is drawn of a brush's stroke is what it selects: round at corners and ends, and each place once."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.window.viewport.brush_spans import brush_spans
from daub.codec.editing.shapes import Stroke

WIDTH, HEIGHT = 160, 120
ZIGZAG = [(30.0, 60.0), (60.0, 20.0), (62.0, 90.0), (64.0, 20.0), (120.0, 80.0), (120.0, 80.0), (35.0, 62.0)]


@pytest.mark.parametrize("path", [ZIGZAG, ZIGZAG[:1], [(-30.0, 50.0), (400.0, 55.0)]])
@pytest.mark.parametrize("radius", [0.8, 4.0, 17.0])
def test_the_spans_are_the_pixels_under_the_brush_each_once(path, radius):
    covered = np.zeros((HEIGHT, WIDTH), int)
    for row, start, end in brush_spans(path, radius, 0, HEIGHT):
        columns = np.arange(WIDTH) + 0.5
        covered[int(row), (columns >= start) & (columns < end)] += 1
    assert covered.max() == 1
    wanted = Stroke(np.array(path) - 0.5, radius).region(WIDTH, HEIGHT)
    assert (covered.astype(bool) != wanted).sum() <= 0.02 * len(path) * WIDTH + 0.02 * wanted.sum()  # at the edge


def test_what_is_beside_the_rows_that_are_looked_at_is_left_out():
    assert brush_spans(ZIGZAG, 5.0, 200, 300).shape == (0, 3)
    rows = brush_spans(ZIGZAG, 5.0, 30, 40)[:, 0]
    assert set(rows) == set(range(30, 40))
