"""The colour that the read-out names."""

from __future__ import annotations

import numpy as np

from daub.app.window.panels.readout import decoded_at
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians


def test_the_read_out_is_what_the_rasteriser_draws():
    rng = np.random.default_rng(2)
    covariance = np.array([[9.0, 2.0], [2.0, 5.0]])
    gaussians = Gaussians.build(
        rng.uniform(0, [30, 20], (40, 2)), np.broadcast_to(covariance, (40, 2, 2)), rng.normal(0.1, 0.2, (40, 3))
    )
    image = np.clip(CpuRasteriser().forward(gaussians, 30, 20), 0, 1)
    for x, y in ((0, 0), (29, 19), (13, 7)):
        np.testing.assert_allclose(decoded_at(gaussians, x, y), image[y, x], atol=1e-4)
