"""The map of bits: all of them are on it, and each where its Gaussian is."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from property_tests import examples
from scenes import some_gaussians

from daub.codec import container
from daub.codec.bit_map import bits_per_pixel
from daub.codec.symbols import Grid, quantise, step_index
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians


def a_document(gaussians, width, height, cell_log2=3, step=0.05):
    grid = Grid(width, height, step_index(step), cell_log2)
    return container.read(container.write(quantise(gaussians, grid), grid))


@settings(max_examples=examples(20))
@given(
    count=st.integers(0, 60), width=st.integers(1, 90), height=st.integers(1, 90), cell_log2=st.integers(0, 6),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_all_bits_are_on_the_map(count, width, height, cell_log2, seed):
    document = a_document(some_gaussians(count, width, height, seed), width, height, cell_log2)
    account = document.account()
    bits = bits_per_pixel(document, account, CpuRasteriser())
    assert bits.shape == (height, width) and bits.min() >= -1e-4
    assert math.isclose(bits.sum(), account.coded, rel_tol=1e-4, abs_tol=1e-3)


def test_bits_are_where_their_gaussian_is_and_empty_cells_have_their_own():
    gaussians = Gaussians.build([[20.0, 12.0]], [[[9.0, 0.0], [0.0, 4.0]]], [[0.5, 0.4, 0.3]])
    document = a_document(gaussians, 64, 32)
    account = document.account()
    bits = bits_per_pixel(document, account, CpuRasteriser())
    cells = np.kron(account.empty_cells / 64, np.ones((8, 8)))
    assert account.empty_cells[1, 2] == 0 and np.count_nonzero(account.empty_cells) == 4 * 8 - 1
    assert np.allclose(bits[24:], cells[24:], atol=1e-7)
    of_gaussian = bits - cells
    assert math.isclose(of_gaussian.sum(), account.total[0], rel_tol=1e-5)
    # In proportion to the weight, which is largest at the centre.
    row, column = np.unravel_index(of_gaussian.argmax(), bits.shape)
    assert abs(column - document.gaussians.mean[0, 0]) <= 0.5 and abs(row - document.gaussians.mean[0, 1]) <= 0.5


@pytest.mark.parametrize("place", [(5.5, 5.5), (0.0, 0.0)])
def test_a_gaussian_between_all_pixels_is_on_the_nearest(place):
    tiny = Gaussians.build([place], [np.eye(2) * 0.02**2], [[40.0, 40.0, 40.0]])
    document = a_document(tiny, 16, 16, cell_log2=2)
    bits = bits_per_pixel(document, document.account(), CpuRasteriser())
    x, y = np.rint(document.gaussians.mean[0]).astype(int)
    others = bits.copy()
    others[y, x] = 0
    assert bits[y, x] >= 0.9 * document.account().total[0] and others.max() < 1
