"""What the drawing kernels are made of; the kernels themselves are tested through the backend."""

import numpy as np

from daub.render.cpu.drawing import exp_half
from daub.render.gaussians import SUPPORT


def test_the_polynomial_is_the_exponential_where_it_is_asked_for():
    q = np.linspace(0, SUPPORT, 2000, dtype=np.float32)
    found = np.array([exp_half.py_func(each) for each in q])
    assert np.abs(found / np.exp(-q.astype(np.float64) / 2) - 1).max() < 1.5e-6
