"""What the drawing kernels are made of; the kernels themselves are tested through the backend."""

import numpy as np
import pytest

from daub.render.cpu import drawing
from daub.render.cpu.drawing import exp_half
from daub.render.gaussians import SUPPORT
from daub.render.splats.cpu import blending
from daub.render.splats.rule import LEAST_ALPHA


def test_the_polynomial_is_the_exponential_where_it_is_asked_for():
    q = np.linspace(0, SUPPORT, 2000, dtype=np.float32)
    found = np.array([exp_half.py_func(each) for each in q])
    assert np.abs(found / np.exp(-q.astype(np.float64) / 2) - 1).max() < 1.5e-6


@pytest.mark.parametrize(
    ("module", "support"), [(drawing, SUPPORT), (blending, -2 * np.log(LEAST_ALPHA))], ids=["2D", "3D"]
)
def test_the_coefficients_are_the_best_ones_to_the_last_bit_but_one(module, support):
    """By the solver, scaled so that it is exact enough, which differs between processors by less than that."""
    q = (np.cos(np.linspace(0, np.pi, 4000)) + 1) / 2  # of the support
    relative = np.vander(q, 6, increasing=True) * np.exp(q * support / 16)[:, None]
    best = np.linalg.lstsq(relative, np.ones_like(q), rcond=None)[0] / support ** np.arange(6)
    found = np.array(module.EXP_HALF, np.float64)
    assert all(isinstance(each, np.float32) for each in module.EXP_HALF)
    assert (np.abs(found / best - 1) < 2.0**-23).all(), found / best - 1
