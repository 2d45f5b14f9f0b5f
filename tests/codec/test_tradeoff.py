"""The step that belongs to a number of Gaussians and their error, and what a bit is worth there."""

from __future__ import annotations

import pytest

from daub.codec.tradeoff import GAUSSIAN_BITS, LAMBDA, step_for


@pytest.mark.parametrize("count,energy", [(100, 10.0), (5000, 900.0)])
def test_the_squared_step_is_half_the_energy_per_gaussian(count, energy):
    assert 0.37 <= step_for(count, energy) ** 2 * count / energy <= 0.64  # the optima measured on Kodak


def test_the_step_has_limits():
    assert step_for(5000, 0.0) == 0.01 and step_for(0, 1e9) == 4.0


def test_a_gaussian_is_priced_like_its_bits():
    """With the exponent 3/4 of the power law it saves 0.75 E / N, and a bit must save LAMBDA * d^2: about the same."""
    count, energy = 5000, 900.0
    saved = 0.75 * 1.26 * energy / count
    assert 0.7 < LAMBDA * step_for(count, energy) ** 2 * GAUSSIAN_BITS / saved < 1.4
