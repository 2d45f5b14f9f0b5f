"""Gaussians and pictures for tests and measurements on a GPU; nothing but numpy is needed."""

from __future__ import annotations

import math

import numpy as np

from render.gaussians import Gaussians


def mixed(rng: np.random.Generator, width: int, height: int) -> Gaussians:
    """40 of all sorts, and 300 on one tile, more than one batch of it."""
    usual = _random(rng, 40, width, height, (0.5, 0.8))
    usual.log_scale[:6] = rng.normal(-3, 0.5, (6, 2))  # tiny
    usual.mean[:3] = (3, 4), (16, 15), (width - 1, height - 1)  # and yet on a pixel
    usual.log_scale[6:12] = rng.normal(4, 0.5, (6, 2))  # huge
    usual.parameters[12:18, 4] = rng.normal(0, 8, 6)  # slanted
    usual.mean[18:20] = (-1e6, 3), (5, 1e9)  # never seen
    crowd = _random(rng, 300, width, height, (0.3, 0.3))
    crowd.mean[:] = rng.uniform((33, 17), (47, 31), (300, 2))
    return Gaussians.concatenate(usual, crowd)


def scattered(count: int, width: int, height: int, seed: int = 0) -> Gaussians:
    """Gaussians all over the picture, round and as large as theirs is the share of it: those of `daub bench fit`."""
    rng = np.random.default_rng(seed)
    sigma = 0.5 * math.sqrt(width * height / count)
    gaussians = Gaussians.empty(count)
    gaussians.mean[:] = rng.uniform((-0.5, -0.5), (width - 0.5, height - 0.5), (count, 2))
    gaussians.log_scale[:] = math.log(sigma)
    gaussians.coefficient[:] = rng.uniform(-0.2, 0.5, (count, 3)) * math.sqrt(math.pi) * sigma
    return gaussians


def _random(rng, count: int, width: int, height: int, log_scale: tuple[float, float]) -> Gaussians:
    gaussians = Gaussians.empty(count)
    gaussians.mean[:] = rng.uniform((-3, -3), (width + 3, height + 3), (count, 2))
    gaussians.log_scale[:] = rng.normal(*log_scale, (count, 2))
    gaussians.parameters[:, 4] = rng.normal(0, 0.7, count)
    gaussians.coefficient[:] = rng.normal(0, 1, (count, 3))
    return gaussians
