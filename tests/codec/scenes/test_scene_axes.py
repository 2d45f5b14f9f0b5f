"""A scene turned to other axes looks the same from a camera that is turned with it."""

import itertools

import numpy as np
import pytest
from gaussian_scenes import covariances, some_splats

from daub.codec.scenes.axes import harmonic_signs, reflected

# The harmonics of degree 1 to 4 without their factors, in the order m = -l..l, from their tables.
BASIS = (
    "y", "z", "x",
    "x*y", "y*z", "2*z*z-x*x-y*y", "x*z", "x*x-y*y",
    "y*(3*x*x-y*y)", "x*y*z", "y*(4*z*z-x*x-y*y)", "z*(2*z*z-3*x*x-3*y*y)", "x*(4*z*z-x*x-y*y)", "z*(x*x-y*y)",
    "x*(x*x-3*y*y)",
    "x*y*(x*x-y*y)", "y*z*(3*x*x-y*y)", "x*y*(6*z*z-x*x-y*y)", "y*z*(4*z*z-3*x*x-3*y*y)",
    "35*z*z*z*z-30*z*z+3", "x*z*(4*z*z-3*x*x-3*y*y)", "(x*x-y*y)*(6*z*z-x*x-y*y)", "x*z*(x*x-3*y*y)",
    "x*x*(x*x-3*y*y)-y*y*(3*x*x-y*y)",
)  # fmt: skip
ALL_SIGNS = list(itertools.product((1, -1), repeat=3))


def basis(d: np.ndarray) -> np.ndarray:
    x, y, z = d.T
    return np.stack([eval(each, {"x": x, "y": y, "z": z}) for each in BASIS], axis=1)


@pytest.mark.parametrize("signs", ALL_SIGNS)
def test_signs_of_harmonics(signs):
    d = np.random.default_rng(0).normal(size=(20, 3))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    np.testing.assert_allclose(basis(d * signs), basis(d) * harmonic_signs(signs, 4), atol=1e-12)


@pytest.mark.parametrize("signs", ALL_SIGNS)
def test_places_and_shapes_are_turned_and_back(signs):
    splats = some_splats(30, degree=3)
    turned = reflected(splats, signs)
    flip = np.diag(signs).astype(float)
    np.testing.assert_allclose(turned.means, splats.means @ flip, atol=0)
    np.testing.assert_allclose(covariances(turned), flip @ covariances(splats) @ flip, atol=1e-9)
    back = reflected(turned, signs)
    for name in ("means", "log_scales", "logits", "dc", "sh"):
        np.testing.assert_array_equal(getattr(back, name), getattr(splats, name))
    np.testing.assert_array_equal(np.abs(back.rotations), np.abs(splats.rotations))
