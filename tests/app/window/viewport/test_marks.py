"""Labels beside the split line: whole wherever it is, and never over each other."""

from __future__ import annotations

import pytest

from daub.app.window.viewport.marks import EDGE, beside_line

WIDTH = 800
SIZES = (120.0, 40.0), (260.0, 40.0)


@pytest.mark.parametrize("x", [0, 5, 100, 131, 400, 600, 795, 800])
def test_both_labels_are_whole_and_apart(x):
    (left, top), (right, below) = beside_line(x, WIDTH, *SIZES)
    for at, (width, _) in zip((left, right), SIZES, strict=True):
        assert at >= EDGE and at + width <= WIDTH - EDGE
    apart = left + SIZES[0][0] <= right or top + SIZES[0][1] <= below
    assert apart
    if 160 < x < 500:
        assert left + SIZES[0][0] == x - EDGE and right == x + EDGE and top == below, "beside the line"
