"""Cells of a scene come back, and neighbours stand before what they foretell."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.entropy.range_coder import decoder, encoder, flush
from daub.codec.scenes.coding import octree
from daub.codec.scenes.coding.mixing import new_mixers, new_models


def _shell(depth: int, count: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """Sorted codes of the cells of a sphere, and how many points each holds."""
    points = np.random.default_rng(0).normal(size=(count, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    cells = np.minimum((points + 1) / 2 * 2**depth, 2**depth - 1).astype(np.int64)
    return np.unique(octree.morton_codes(cells), return_counts=True)


def _code(coder, buffer, leaves, counts, depth, total):
    models, mixers = new_models(octree.OCCUPANCY_MODELS), new_mixers(octree.OCCUPANCY_MIXERS, 4)
    coder, leaves = octree.code_octree(coder, buffer, models, mixers, leaves, depth, total)
    counts = np.ones(len(leaves), np.int64) if counts is None else counts.astype(np.int64)
    models, mixers = new_models(2 * octree.COUNT_MODELS), new_mixers(octree.COUNT_MIXERS, 2)
    coder, fine = octree.code_counts(coder, buffer, models, mixers, leaves, depth, counts, total)
    return coder, leaves, counts, fine


@pytest.mark.parametrize("depth", [0, 1, 6, 20])
def test_cells_and_counts_come_back(depth):
    leaves, counts = _shell(depth)
    coder, buffer = encoder(100_000)
    coder, *_ = _code(coder, buffer, leaves, counts, depth, counts.sum())
    data = flush(coder, buffer)
    coder, buffer = decoder(data.copy())
    _, found, numbers, fine = _code(coder, buffer, np.zeros(0, np.int64), None, depth, counts.sum())
    np.testing.assert_array_equal(found, leaves)
    np.testing.assert_array_equal(numbers, counts)
    assert fine
    if depth == 6:  # 7.2 bits for points anywhere; of a surface one level foretells the next
        assert 8 * len(data) / counts.sum() < 6.2


def test_codes_are_of_their_cells():
    cells = np.random.default_rng(1).integers(0, 1 << 20, (100, 3))
    np.testing.assert_array_equal(octree.cells_of(octree.morton_codes(cells)), cells)
    assert octree.morton_codes(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [2, 0, 0]])).tolist() == [1, 2, 4, 8]


def test_neighbours_are_earlier_near_and_all_different():
    leaves, counts = _shell(4)
    around = octree.neighbours(leaves, counts, 4)
    assert around.shape == (counts.sum(), octree.NEIGHBOURS)
    cells = np.repeat(octree.cells_of(leaves), counts, axis=0)
    touching = 0
    for n, row in enumerate(around):
        known = row[row >= 0]
        assert (known < n).all() and len(set(known)) == len(known) >= min(n, octree.NEIGHBOURS) * (n > 20)
        if len(known):
            touching += np.abs(cells[known[0]] - cells[n]).max() <= 1
    assert touching > 0.95 * len(around)
    assert (around[0] == -1).all()
