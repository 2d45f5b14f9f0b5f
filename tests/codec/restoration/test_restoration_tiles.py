"""The correction is the same whatever the tiles, and rows that are done may be overwritten."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from restoration_networks import SMALL, network_file

from daub.codec.restoration.network import Network, network_of
from daub.codec.restoration.tiles import correction, corrections, reach
from daub.codec.restoration.weights import Shape, from_bytes, to_bytes

HEIGHT, WIDTH = 203, 165
DRAW = np.random.default_rng(0)
BASE = DRAW.random((HEIGHT, WIDTH, 3), np.float32)
RESIDUAL = 0.1 * DRAW.standard_normal((HEIGHT, WIDTH, 3), np.float32)
MAPS = DRAW.random((102, 83, 3), np.float32)
CONDITIONS = np.array([-1.5, 0], np.float32)


@pytest.fixture(scope="module")
def network():
    return network_of(from_bytes(network_file()))


@pytest.fixture(scope="module")
def whole(network):
    return correction(network, BASE, RESIDUAL, MAPS, CONDITIONS, 1024)


@pytest.mark.parametrize("tile", [8, 64, 136])
def test_every_tiling_gives_the_same(network, whole, tile):
    assert whole.shape == BASE.shape and np.abs(whole).max() > 0.01
    tiled = correction(network, BASE, RESIDUAL, MAPS, CONDITIONS, tile)
    assert np.abs(tiled - whole).max() < 1e-5 * np.abs(whole).max()


def test_rows_that_are_done_may_be_overwritten(network, whole):
    picture = BASE.copy()
    for rows, change in corrections(network, picture, RESIDUAL, MAPS, CONDITIONS, 32):
        picture[rows] += change
    assert np.abs(picture - BASE - whole).max() < 1e-5 * np.abs(whole).max()


def test_nothing_beyond_the_reach_is_felt_and_something_within_it_is(network, whole):
    margin = reach(SMALL)
    changed = BASE.copy()
    changed[100, 80] = 1 - changed[100, 80]
    difference = np.abs(correction(network, changed, RESIDUAL, MAPS, CONDITIONS) - whole).max(2)
    rows, columns = np.nonzero(difference)
    assert 0 < np.abs(rows - 100).max() <= margin and 0 < np.abs(columns - 80).max() <= margin
    assert reach(Shape()) == 64


def test_a_new_network_corrects_nothing_and_a_block_is_the_identity():
    network = Network(SMALL).eval()
    assert not correction(network, BASE, None, MAPS, CONDITIONS).any()
    block, x = network.middle[0], torch.randn(1, SMALL.widths[2], 9, 9)
    assert torch.equal(block(x), x)


def test_a_file_of_weights_is_read_as_it_was_written():
    data = network_file(seed=3)
    read = from_bytes(data)
    assert to_bytes(read.shape, read.tensors) == data and read.shape == SMALL
    state = network_of(read).state_dict()
    assert state.keys() == read.tensors.keys()
    for bad in (data[:-2], data + b"\0\0", data[:-2] + b"\0\x7c"):
        with pytest.raises(ValueError, match="no file of weights"):
            from_bytes(bad)
