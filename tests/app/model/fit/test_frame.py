"""A part of the picture on a grid of its own."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.fit.frame import Framing
from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser


@pytest.mark.parametrize("scale", [0.4, 1.0, 3.0])
def test_a_framing_shows_the_same_part_as_the_screen(scale):
    rng = np.random.default_rng(3)
    covariance = np.broadcast_to(30 * np.eye(2), (20, 2, 2))
    gaussians = Gaussians.build(rng.uniform(0, 60, (20, 2)), covariance, rng.uniform(0, 0.3, (20, 3)))
    framing = Framing((12.0, 8.0), scale, round(30 * scale), round(20 * scale))
    whole = ReferenceRasteriser().forward(gaussians.resized(scale, scale), round(60 * scale), round(60 * scale))
    part = ReferenceRasteriser().forward(framing.framed(gaussians), framing.width, framing.height)
    if scale != 0.4:  # there the corner lies between two pixels of the whole
        x, y = round(12 * scale), round(8 * scale)
        np.testing.assert_allclose(part, whole[y : y + framing.height, x : x + framing.width], atol=1e-5)
    middle = framing.framed(Gaussians.build([[12 + 15 - 0.5, 8 + 10 - 0.5]], covariance[:1], [[1, 1, 1]])).mean[0]
    np.testing.assert_allclose(middle + 0.5, [15 * scale, 10 * scale], rtol=1e-5)
