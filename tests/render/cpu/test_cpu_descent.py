"""The optimiser's kernel against its float64 twin."""

import numpy as np
import pytest
from scenes import random_gaussians

from daub.render.cpu.backend import CpuRasteriser
from daub.render.descent import LEAST_ENERGY, MOMENTUM, Descent, GaussNewton
from daub.render.reference import ReferenceRasteriser
from daub.render.weighting import Weighting


def gauss_newton(parameters, momentum, gradient, frozen, settings, width, height):
    """The float64 twin of `descent.gauss_newton`.

    Returns:
        parameters (N, 8), momentum (N, MOMENTUM), and the step (N, 8) before trust and bounds shorten it.
    """
    p, average = np.float64(parameters), np.float64(momentum)
    energy = (p[:, 5:] ** 2).sum(1)
    curvature = np.column_stack([energy / 2] * 4 + [energy / 4] + [np.ones_like(energy)] * 3) + settings.damping
    before, downhill = average[:, :8] * np.sqrt(curvature), -gradient / np.sqrt(curvature)
    cosine = (before * downhill).sum(1) / (np.linalg.norm(before, axis=1) * np.linalg.norm(downhill, axis=1))
    average[:, :9] *= settings.decay
    average[:, 8] += 1 - settings.decay
    average[:, :8] -= (1 - settings.decay) * gradient / curvature
    bounds = np.log([settings.slowest, settings.fastest])
    average[:, 9] = (average[:, 9] + settings.adaption * cosine).clip(*bounds)
    step = settings.rate * np.exp(average[:, 9:]) * average[:, :8] / average[:, 8:9]

    shorter = np.minimum(1, settings.position_trust / np.hypot(step[:, 0], step[:, 1]))
    z1, z2 = shorter * step[:, 0], shorter * step[:, 1]
    a, c, b = step[:, 2:5].clip(-settings.shape_trust, settings.shape_trust).T
    (l1, l3), k = np.exp(p[:, 2:4]).T, p[:, 4]
    moved = p + 0
    moved[:, 0] = np.clip(p[:, 0] + l1 * z1, -0.5, width - 0.5)
    moved[:, 1] = np.clip(p[:, 1] + l3 * (k * z1 + z2), -0.5, height - 0.5)
    scales = p[:, 2:4] + np.log1p(np.column_stack([a, c]))
    largest = np.maximum(np.log(2 * max(width, height)), p[:, 2:4])  # or what it is already
    moved[:, 2:4] = np.minimum(np.maximum(scales, np.log(settings.smallest)), largest)
    moved[:, 4] = (k * (1 + a) + b) / (1 + c)
    moved[:, 5:] += step[:, 5:]
    hold = np.repeat(frozen, [5, 3], axis=1)  # (N, 8)
    return np.where(hold, p, moved), average, step


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("bit_price", [0.0, 0.5])
def test_a_gauss_newton_step_matches_its_float64_twin(bit_price, weighted):
    width, height, settings = 33, 47, GaussNewton()
    rng = np.random.default_rng(11)
    gaussians = random_gaussians(rng, 80, width, height, (1.0, 0.8))
    gaussians.mean[:] = rng.uniform(-0.5, (width - 0.5, height - 0.5), (80, 2))
    gaussians.log_scale[40:60] = np.log(settings.smallest) + rng.uniform(0, 0.1, (20, 2))
    gaussians.log_scale[60:] = np.log(2 * height) - rng.uniform(0, 0.1, (20, 2))
    gaussians.log_scale[20:26] = np.log(3 * height)  # beyond the bound from the start
    target = rng.random((height, width, 3), dtype=np.float32)
    momentum = rng.normal(0, 0.5, (80, MOMENTUM)).astype(np.float32)
    momentum[:, 8] = rng.uniform(0.2, 1, 80)
    momentum[:, 9] = rng.uniform(np.log(settings.slowest), np.log(2), 80)
    momentum[::8, 9] = np.log(settings.fastest) - 0.01
    frozen = np.zeros((80, 2), bool)
    frozen[:10, 0] = frozen[5:15, 1] = True

    plane = rng.uniform(0.3, 3, (height, width)).astype(np.float32)
    weights = Weighting(plane, 0.5) if weighted else None
    truth = ReferenceRasteriser().surface(target, weights)
    error, energy = truth.error(gaussians), np.maximum(truth.energy(gaussians)[:, None], LEAST_ENERGY)
    gradient, coefficient = truth.gradient(gaussians) / energy, np.float64(gaussians.coefficient)
    bit_cost = bit_price * error / len(gaussians) / energy
    gradient[:, 5:] += bit_cost * coefficient / ((coefficient**2).sum(1, keepdims=True) + bit_cost)
    expected, average, step = gauss_newton(gaussians.parameters, momentum, gradient, frozen, settings, width, height)

    # Everything that can bind does for some and does not for others.
    free = ~frozen[:, 0]
    for bound in (np.hypot(*step[free, :2].T) > settings.position_trust, abs(step[free, 2:5]) > settings.shape_trust):
        assert (bound.mean(0) > 0.1).all() and (bound.mean(0) < 0.9).all()
    for gain in np.log([settings.slowest, settings.fastest]):
        assert 3 <= (average[:, 9] == gain).sum() <= 20
    smallest, largest = np.log(settings.smallest), np.log(2 * height)
    for column, limits in enumerate([(-0.5, width - 0.5), (-0.5, height - 0.5), *[(smallest, largest)] * 2]):
        assert all(2 <= (expected[free, column] == limit).sum() <= 20 for limit in limits)

    fitted, stepped = gaussians.copy(), momentum.copy()
    descent = Descent(fitted, stepped, frozen, best=gaussians.copy())
    CpuRasteriser().surface(target, weights).advance(descent, settings, 1, bit_price)
    assert descent.error == pytest.approx(error, rel=1e-5)
    assert descent.squares == pytest.approx(truth.squares, rel=1e-5)
    assert (np.abs(stepped - average) / np.maximum(np.abs(average), 1)).max() < 5e-6
    assert np.abs(fitted.mean - expected[:, :2]).max() < 2.5e-5  # pixels, of Gaussians up to 94 of them large
    assert np.abs(fitted.parameters - expected)[:, 2:].max() < (4e-5 if weighted else 5e-6)
    assert np.array_equal(fitted.parameters[:10, :5], gaussians.parameters[:10, :5])
    assert np.array_equal(fitted.coefficient[5:15], gaussians.coefficient[5:15])
