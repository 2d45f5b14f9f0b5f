"""What Gaussians are coloured by: each property against its definition, or against a sum over pixels."""

import math

import numpy as np
import pytest
from scenes import some_gaussians

from daub.app.model.gaussians.properties import Property, Subject, energy, error_under, light, size, values_of, why_not
from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser


def test_size_energy_and_light_are_what_they_say():
    turned = [[5.0, 3.0], [3.0, 5.0]]  # standard deviations of sqrt 8 and sqrt 2
    two = Gaussians.build([[3, 4], [9, 9]], [turned, np.eye(2) * 9], [[0.5, 0.25, 0.0], [-0.2, -0.2, -0.2]])
    assert size(two) == pytest.approx([2, 3], rel=1e-6)
    assert light(two) == pytest.approx([255 * 0.25, -255 * 0.2], rel=1e-5)
    # The energy is the sum over all pixels of a black picture, but for the cut at three standard deviations.
    image = ReferenceRasteriser().forward(Gaussians(two.parameters[1:]), 24, 24)
    assert energy(two)[1] == pytest.approx((image**2).sum(), rel=0.05)
    assert energy(two)[0] == pytest.approx((0.5**2 + 0.25**2) * math.pi * 4, rel=1e-5)


def test_the_error_under_each_is_the_mean_over_its_weights():
    width, height = 40, 30
    gaussians = some_gaussians(12, width, height, seed=3)
    gaussians.mean[0] = (-400, -400)  # beside the picture
    reference = np.random.default_rng(0).random((height, width, 3), np.float32)
    found = error_under(Subject(gaussians, width, height, reference=reference))
    picture = ReferenceRasteriser().forward(gaussians, width, height).clip(0, 1)
    squares = ((picture - reference) ** 2).mean(2)
    assert np.isnan(found[0])
    for index in range(1, 12):
        alone = gaussians.parameters[index : index + 1].copy()
        alone[:, 5:] = 1
        weight = ReferenceRasteriser().forward(Gaussians(alone), width, height)[..., 0].astype(np.float64)
        expected = 255 * math.sqrt((weight * squares).sum() / weight.sum()) if weight.sum() > 0 else math.nan
        assert found[index] == pytest.approx(expected, rel=2e-3, nan_ok=True)


def test_another_side_of_gaussians_is_a_reference_as_well():
    gaussians = some_gaussians(8, 20, 20)
    same = error_under(Subject(gaussians, 20, 20, reference=gaussians))
    assert np.nanmax(same) == pytest.approx(0, abs=1e-3)


def test_what_is_not_known_says_why():
    gaussians = some_gaussians(4, 20, 20)
    bare = Subject(gaussians, 20, 20)
    for which in (Property.LIGHT, Property.SIZE, Property.ENERGY):
        assert why_not(which, bare) == ""
    for which in (Property.BITS, Property.BIRTH, Property.ERROR):
        assert why_not(which, bare)
    assert "fit end" in why_not(Property.BITS, Subject(gaussians, 20, 20, is_live=True))
    known = Subject(gaussians, 20, 20, np.arange(4.0), np.arange(4), np.zeros((20, 20, 3), np.float32))
    assert not any(why_not(which, known) for which in Property)
    assert all(len(values_of(which, known)) == 4 for which in Property)
    assert all(why_not(which, None) for which in Property)
