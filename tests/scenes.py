"""Pictures and Gaussians that several tests need, those on a GPU included; nothing but numpy is needed."""

from __future__ import annotations

import math

import numpy as np

from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting


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


def a_picture(width=96, height=64, rings=30):
    """(height, width, 3) float32 in [0, 1]: rings, a ramp and an edge, in one channel each."""
    y, x = np.mgrid[:height, :width] / max(width, height)
    waves = 0.5 + 0.4 * np.sin(rings * np.hypot(x - 0.4, y - 0.3))
    return np.stack([waves, np.clip(1.2 * x, 0, 1), (x + y > 0.8) * 0.7 + 0.1], -1).astype(np.float32)


def random_gaussians(rng, count, width, height, log_scale=(0.0, 0.8)):
    """Some of them outside of the picture."""
    parameters = np.empty((count, 8), np.float32)
    parameters[:, 0] = rng.uniform(-0.3 * width, 1.3 * width, count)
    parameters[:, 1] = rng.uniform(-0.3 * height, 1.3 * height, count)
    parameters[:, 2:4] = rng.normal(*log_scale, (count, 2))
    parameters[:, 4] = rng.normal(0, 1, count)
    parameters[:, 5:] = rng.normal(0, 1, (count, 3))
    return Gaussians(parameters)


def some_gaussians(count, width, height, seed=0):
    """All inside of the picture, a few pixels wide: what a file may hold."""
    rng = np.random.default_rng(seed)
    parameters = np.empty((count, 8), np.float32)
    parameters[:, 0] = rng.uniform(-0.5, width - 0.5, count)
    parameters[:, 1] = rng.uniform(-0.5, height - 0.5, count)
    parameters[:, 2:4] = rng.normal(1, 0.5, (count, 2))
    parameters[:, 4] = rng.normal(0, 1, count)
    parameters[:, 5:] = rng.normal(0, 1, (count, 3))
    return Gaussians(parameters)


def in_frame(gaussians, gradient):
    """dL/dparameters (N, 8) -> dL/d(z1, z2, a, c, b, e), float64: the inverse of `Gaussians.gradient_of_parameters`."""
    l1, l3 = np.exp(np.float64(gaussians.log_scale)).T
    k = np.float64(gaussians.shear)
    x, y, log_l1, log_l3, shear = np.float64(gradient[:, :5]).T
    return np.column_stack(
        [x * l1 + y * k * l3, y * l3, log_l1 + k * shear, log_l3 - k * shear, shear, gradient[:, 5:]]
    )


def some_weights(rng: np.random.Generator, width: int, height: int, coarse: float = 0.0) -> Weighting:
    """What a fit may give its pixels: 1 on average, from 1/64 to 64 of a mean, and zeros."""
    weights = np.exp2(rng.uniform(-6, 6, (height, width)))
    weights[height // 3 : height // 2, : width // 2] = 0
    weights[rng.random((height, width)) < 0.1] = 0
    return Weighting((weights / weights.mean()).astype(np.float32), coarse)


def steep(rng, count, width, height, thinness=(15, 60)):
    """Broad and very steep, as a long thin thing becomes by turning it: shears of hundreds and thousands.

    Args:
        thinness: pixels, least and largest standard deviation along x of a row.
    """
    gaussians = Gaussians.empty(count)
    shear = np.exp(rng.uniform(np.log(100), np.log(4000), count)) * rng.choice((-1, 1), count)
    l1 = abs(shear) * rng.uniform(*thinness, count)  # that of a row is l1 / sqrt(1 + k^2)
    l3 = np.exp(rng.uniform(np.log(30), np.log(300), count))
    away = rng.uniform(-2, 2, count)  # z1 of the middle of the picture; z2 is small there
    across, down = rng.uniform((0, 0), (width, height), (count, 2)).T
    gaussians.mean[:] = np.stack([across - l1 * away, down - l3 * shear * away], 1)
    gaussians.log_scale[:] = np.log(np.stack([l1, l3], 1))
    gaussians.parameters[:, 4] = shear
    gaussians.coefficient[:] = rng.normal(0, 0.3, (count, 3)) * np.sqrt(math.pi * l1 * l3)[:, None]
    return gaussians
