"""The stand-in for CuPy's arrays: it refuses what CuPy would, and CuPy has what it allows."""

import inspect

import numpy as np
import pytest
from cuda_harness.arrays import ATTRIBUTES, FUNCTIONS, METHODS, UFUNCS, module


@pytest.fixture
def xp():
    return module()


@pytest.mark.parametrize(
    "use",
    [
        lambda xp, a: a + np.ones(3),
        lambda xp, a: np.add(a, 1, where=a > 0),
        lambda xp, a: np.add.reduce(a),
        lambda xp, a: a[np.array([0, 1])],
        lambda xp, a: a.__setitem__(0, np.ones(1)),
        lambda xp, a: np.concatenate([a, np.ones(3)]),
        lambda xp, a: np.interp(a, a, a),
        lambda xp, a: xp.sort(a, order="x"),
        lambda xp, a: a.sum(where=a > 0),
        lambda xp, a: a.searchsorted(a),
        lambda xp, a: xp.random.default_rng(),
        lambda xp, a: np.asarray(a),
        lambda xp, a: np.zeros_like(a, shape=0),
    ],
)
def test_what_cupy_would_refuse_is_refused(xp, use):
    with pytest.raises((TypeError, AttributeError)):
        use(xp, xp.asarray(np.arange(3.0)))


def test_cupy_has_what_is_allowed():
    cupy = pytest.importorskip("cupy", exc_type=ImportError)
    for name, keywords in FUNCTIONS.items():
        assert keywords <= inspect.signature(getattr(cupy, name)).parameters.keys(), name
    for name in UFUNCS:
        assert isinstance(getattr(cupy, name), cupy.ufunc), name
    assert all(hasattr(cupy.ndarray, name) for name in (*METHODS, *ATTRIBUTES))  # and keeps the signatures to itself
