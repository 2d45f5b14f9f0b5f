"""What a step does besides the Gauss-Newton step itself: the brake, the price of bits, and the best state so far."""

import math
from dataclasses import replace

import numpy as np
import pytest
from cuda_harness import FiberDevice
from scenes import random_gaussians

from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda.backend import CudaRasteriser
from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import Gaussians

WIDTH, HEIGHT, COUNT = 30, 20, 12


@pytest.fixture(params=["cpu", "cuda"])
def surface(request):
    if request.param == "cpu":
        rasteriser = CpuRasteriser()
    else:
        rasteriser = CudaRasteriser(FiberDevice(request.getfixturevalue("library")))
    return rasteriser.surface(np.random.default_rng(0).random((HEIGHT, WIDTH, 3), np.float32))


@pytest.fixture
def started(surface):
    """A descent after three steps."""
    gaussians = random_gaussians(np.random.default_rng(1), COUNT, WIDTH, HEIGHT, (0.8, 0.4))
    descent = Descent.of(gaussians).moved(surface.xp.array)
    surface.advance(descent, GaussNewton(), 3)
    return descent


def assert_same_state(surface, one, other):
    one, other = one.moved(surface.host), other.moved(surface.host)
    assert (one.error, one.best_error, one.fresh) == (other.error, other.best_error, other.fresh)
    assert np.array_equal(one.gaussians.parameters, other.gaussians.parameters)
    assert np.array_equal(one.best.parameters, other.best.parameters)
    assert np.array_equal(one.momentum, other.momentum)


def after_step(surface, descent, price=0.0, settings=None, **changes):
    """A copy one step further, its arrays numpy's."""
    descent = replace(descent.moved(surface.xp.array), **changes)
    surface.advance(descent, settings or GaussNewton(), 1, price)
    return descent.moved(surface.host)


def test_a_risen_error_takes_momentum_and_gain_from_all_after_the_step(surface, started):
    error = surface.error(started.gaussians)
    free = after_step(surface, started, error=math.inf)
    assert free.momentum[:, :-1].any()
    assert free.error == error
    assert 1.001 < GaussNewton().slack < 1.01
    for risen, fresh, brakes in ((1.01, False, True), (1.01, True, False), (1.001, False, False)):
        after = after_step(surface, started, error=error / risen, fresh=fresh)
        assert np.array_equal(after.gaussians.parameters, free.gaussians.parameters)
        assert not after.fresh
        if brakes:
            assert not after.momentum[:, :-1].any()
            assert np.allclose(after.momentum[:, -1], free.momentum[:, -1] - GaussNewton().brake, atol=1e-6)
        else:
            assert np.array_equal(after.momentum, free.momentum)


def test_the_best_state_is_that_of_the_least_error(surface, started):
    """Not the last one, and taken before the step that tells its error moves on."""
    errors, states = [], []
    reckless = GaussNewton(rate=1.5, brake=0)
    for _ in range(5):
        states.append(surface.host(started.gaussians.parameters))
        surface.advance(started, reckless, 1)
        errors.append(started.error)
    least = int(np.argmin(errors))
    assert 0 < least < 4, "the scene should get better, and then worse"
    assert started.best_error == errors[least]
    assert np.array_equal(surface.host(started.best.parameters), states[least])


def test_a_changed_population_is_no_candidate_for_the_best(surface, started):
    error = surface.error(started.gaussians)
    for share, fresh, improves in ((1.01, False, True), (1.01, True, False), (1.0, False, False)):
        best_error = error * share
        after = after_step(surface, started, best_error=best_error, fresh=fresh)
        assert after.best_error == (error if improves else best_error)
        kept = started.gaussians if improves else started.best
        assert np.array_equal(after.best.parameters, surface.host(kept.parameters))


@pytest.mark.parametrize("best_share", [0.5, math.inf])
def test_the_price_pulls_coefficients_towards_zero_and_faint_ones_most(surface, started, best_share):
    settings = GaussNewton(adaption=0)
    started.gaussians.coefficient[0] = 0.01  # nearly nothing is left to pull at
    before = surface.host(started.gaussians.coefficient)
    error = surface.error(started.gaussians)
    free, paying = (
        after_step(surface, started, price, settings, best_error=error * best_share) for price in (0.0, 0.3)
    )
    bit_cost = 0.3 * error * min(1, best_share) / COUNT
    slope = bit_cost * before / ((before**2).sum(1, keepdims=True) + bit_cost)
    gain = np.exp(free.momentum[:, 9:]) / free.momentum[:, 8:9]
    newton = settings.rate * gain * (1 - settings.decay) / (1 + settings.damping)
    assert np.allclose(paying.gaussians.coefficient, free.gaussians.coefficient - newton * slope, atol=1e-5)
    assert np.abs(slope).max() > 0.1
    assert np.array_equal(paying.gaussians.parameters[:, :5], free.gaussians.parameters[:, :5])


def test_steps_taken_together_are_those_taken_one_by_one(surface, started):
    apart, together = started.moved(surface.xp.array), started.moved(surface.xp.array)
    for _ in range(6):
        surface.advance(apart, GaussNewton(), 1, 0.2)
    surface.advance(together, GaussNewton(), 6, 0.2)
    assert_same_state(surface, apart, together)


def test_a_changed_population_keeps_the_momentum_of_those_that_stay(surface, started):
    kept = surface.xp.asarray([1, 4, 5])
    for count in (COUNT, COUNT + 3):
        others = random_gaussians(np.random.default_rng(2), count, WIDTH, HEIGHT, (0.8, 0.4))
        after = started.repopulated(Gaussians(surface.xp.asarray(others.parameters)), kept)
        assert np.array_equal(surface.host(after.momentum[:3]), surface.host(started.momentum[kept]))
        assert not after.momentum[3:].any()
        assert after.fresh and not after.frozen.any() and len(after.momentum) == len(after.frozen) == count
        # A best of another count is none that a fit could end with.
        assert after.best_error == (started.best_error if count == COUNT else math.inf)
