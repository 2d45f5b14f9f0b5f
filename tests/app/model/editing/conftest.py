"""A brush over a file of two Gaussians."""

from __future__ import annotations

import numpy as np
import pytest
from strokes_made import GREEN

from daub.app.model.editing.paint_brush import Effect
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.gaussians import Gaussians


@pytest.fixture
def brushing(desk, tmp_path):
    """The brush over a .daub of 64x48 pixels: grey with a red spot at (20, 24)."""
    gaussians = Gaussians.build([[20, 24], [32, 24]], [np.eye(2) * 6, np.eye(2) * 4000], [[0.6, -0.1, -0.1], [0.3] * 3])
    drawing = Drawing(gaussians, 64, 48)
    (tmp_path / "spot.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=90)))
    desk.open(tmp_path / "spot.daub")
    desk.bench.brushing.take(Effect.PAINT)
    desk.bench.brushing.choose(diameter=12, colour=GREEN, hardness=0.8)
    return desk.bench.brushing
