"""Every parametrisation against finite differences through the float64 reference, and against its own inverse."""

import numpy as np
import pytest

from daub.codec.fit.filters import ContentAware, LowPass
from daub.codec.parameters.attributes import (
    COVARIANCE,
    VARIANCES,
    attributes_of,
    definite,
    gradient_of_attributes,
    to_gaussians,
)
from daub.codec.parameters.parametrisations import Cholesky, Covariance, Native, RotationScale
from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser

SIZE = 11, 9
PARAMETRISATIONS = [
    Native(),
    Cholesky(),
    Cholesky(bound=(0.0, 0.0, 0.0)),
    RotationScale(),
    RotationScale(bound=0.0, position="linear"),
    Covariance(),
]


def random_attributes(rng, count):
    """Wider than the image, so that no pixel crosses a cut-off under a difference; short axes of 6 to 12 pixels."""
    long, short = rng.uniform(8, 14, count), rng.uniform(6, 8, count)
    angle = rng.uniform(0, np.pi, count)
    axis = np.stack([np.cos(angle), np.sin(angle)], 1)
    along = axis[:, :, None] * axis[:, None, :]
    covariance = long[:, None, None] ** 2 * along + short[:, None, None] ** 2 * (np.eye(2) - along)
    mean = rng.uniform(1, (SIZE[0] - 1, SIZE[1] - 1), (count, 2))
    return np.column_stack([mean, covariance.reshape(-1, 4)[:, [0, 1, 3]], rng.normal(0, 1, (count, 3))])


@pytest.mark.parametrize("parametrisation", PARAMETRISATIONS, ids=str)
@pytest.mark.parametrize("low_pass", [0.0, 0.3])
def test_the_chain_rule_is_that_of_finite_differences(parametrisation, low_pass):
    rng = np.random.default_rng(1)
    raw = parametrisation.raw(random_attributes(rng, 4), SIZE).astype(np.float64)
    if isinstance(parametrisation, RotationScale | Cholesky):
        raw[0, 2] = -raw[0, 2] - 1.0  # negative entries stand for Gaussians, too
    cotangent = rng.normal(size=(SIZE[1], SIZE[0], 3))
    reference = ReferenceRasteriser()

    def attributes(raw):
        widened = parametrisation.attributes(raw, SIZE)
        widened[:, VARIANCES] += LowPass(low_pass).variance
        return widened

    def loss(raw):
        return float((reference.forward(to_gaussians(attributes(raw)), *SIZE) * cotangent).sum())

    by_parameters = reference.backward(to_gaussians(attributes(raw)), cotangent)
    gradient = parametrisation.backward(raw, gradient_of_attributes(attributes(raw), by_parameters), SIZE)
    for index in np.ndindex(raw.shape):
        step = 1e-5 * max(1.0, abs(raw[index]))
        up, down = raw.copy(), raw.copy()
        up[index] += step
        down[index] -= step
        expected = (loss(up) - loss(down)) / (2 * step)
        assert gradient[index] == pytest.approx(expected, rel=2e-5, abs=2e-6), index


@pytest.mark.parametrize("parametrisation", PARAMETRISATIONS, ids=str)
def test_raw_and_attributes_are_inverse(parametrisation):
    attributes = random_attributes(np.random.default_rng(2), 50)
    attributes[0, COVARIANCE] = 4, 0, 4  # a disc has no direction
    raw = parametrisation.raw(attributes, SIZE)
    assert raw.dtype == np.float32
    assert parametrisation.attributes(raw, SIZE) == pytest.approx(attributes, rel=1e-5, abs=1e-4)
    columns = sorted(column for group in parametrisation.groups.values() for column in range(*group.indices(8)))
    assert columns == list(range(raw.shape[1]))


def test_native_raw_is_what_the_gaussians_hold():
    rng = np.random.default_rng(3)
    gaussians = to_gaussians(random_attributes(rng, 20))
    raw = gaussians.parameters.astype(np.float32)
    there = Native().attributes(raw, SIZE)
    assert to_gaussians(there).parameters == pytest.approx(raw, rel=1e-6, abs=1e-6)
    gradient = rng.normal(size=raw.shape)
    assert Native().backward(raw, gradient_of_attributes(there, gradient), SIZE) == pytest.approx(
        gradient, rel=1e-9, abs=1e-9
    )


def test_attributes_are_those_of_the_gaussians():
    gaussians = Gaussians.build([[3.0, 4.0]], [[[9.0, 2.0], [2.0, 4.0]]], [[0.5, -0.25, 1.0]])
    attributes = attributes_of(gaussians)
    assert attributes == pytest.approx(np.array([[3, 4, 9, 2, 4, 0.5, -0.25, 1]]), rel=1e-6)
    assert to_gaussians(attributes).parameters == pytest.approx(gaussians.parameters, rel=1e-6, abs=1e-6)


def test_what_is_not_definite_is_black_and_feels_nothing():
    attributes = random_attributes(np.random.default_rng(4), 5)
    attributes[1:, COVARIANCE] = (1, 2, 1), (-1, 0, 1), (1, 0, 0), (np.nan, 0, 1)
    assert definite(attributes).tolist() == [True, False, False, False, False]
    gaussians = to_gaussians(attributes)
    assert np.isfinite(gaussians.parameters).all() and not gaussians.coefficient[1:].any()
    gradient = gradient_of_attributes(attributes, np.ones((5, 8)))
    assert gradient[0].all() and not gradient[1:].any()


def test_the_content_aware_filter_narrows_as_the_population_grows():
    assert ContentAware().at_birth(2500, (768, 512)) == pytest.approx(768 * 512 / (9 * np.pi * 2500))
    assert ContentAware().at_birth(10, (768, 512)) == 300
