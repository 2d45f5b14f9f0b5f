"""What the writer of SOG is made of: codebooks, the palette, the order."""

import itertools

import numpy as np
import pytest

from daub.codec.scenes.formats import codebook as codebooks
from daub.codec.scenes.formats.codebook import codebook, nearest
from daub.codec.scenes.formats.morton import morton_order
from daub.codec.scenes.formats.palette import _among, _different, _nearest, palette


def test_levels_are_the_best_of_all_divisions():
    rng = np.random.default_rng(1)
    centres, weights = np.sort(rng.normal(size=9)), rng.uniform(0.5, 2, 9)

    def error(edges):
        runs = [slice(*edge) for edge in itertools.pairwise((0, *edges, 9))]
        means = [np.average(centres[run], weights=weights[run]) for run in runs]
        errors = [weights[run] * (centres[run] - mean) ** 2 for run, mean in zip(runs, means, strict=True)]
        return np.concatenate(errors).sum(), means

    _, best = min((error(edges) for edges in itertools.combinations(range(1, 9), 3)), key=lambda each: each[0])
    np.testing.assert_allclose(codebooks._levels(centres, weights, 4), best, rtol=1e-12)


def test_few_different_values_keep_a_level_each():
    values = np.random.default_rng(2).normal(size=200).astype(np.float32)
    levels = codebook(np.tile(values, 7))
    assert len(levels) == 256 and levels.dtype == np.float32
    np.testing.assert_array_equal(levels[nearest(levels, values)], values)
    assert (codebook(np.float32([3])) == 3).all()


def test_a_codebook_of_long_tails_serves_them_and_the_middle():
    values = np.random.default_rng(3).standard_t(2, 50000).astype(np.float32)
    levels = codebook(values)
    error = np.abs(levels[nearest(levels, values)] - values)
    assert (np.diff(levels) > 0).all()
    assert np.sqrt(np.mean(error[np.abs(values) < 2] ** 2)) < 0.02  # 256 even steps of the range have 0.4 or more
    assert np.median(error / np.maximum(np.abs(values), 1)) < 0.02


def test_nearest_is_the_nearest():
    levels = np.sort(np.random.default_rng(4).normal(size=256)).astype(np.float32)
    values = np.random.default_rng(5).normal(0, 2, 500).astype(np.float32)
    np.testing.assert_array_equal(nearest(levels, values), np.abs(values[:, None] - levels).argmin(axis=1))


def test_different_rows_are_those_of_numpy():
    rows = np.random.default_rng(4).integers(-1, 2, (5000, 4)).astype(np.float32)
    wanted = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    for one, other in zip(_different(rows), wanted, strict=True):
        np.testing.assert_array_equal(one, other.reshape(one.shape))


def test_a_palette_is_found_again():
    entries = np.random.default_rng(6).normal(size=(150, 9)).astype(np.float32)
    points = entries[np.random.default_rng(7).integers(150, size=4000)]
    found, labels = palette(points, 200)
    assert len(found) == len(np.unique(points, axis=0))
    np.testing.assert_array_equal(found[labels], points)


def clustered(count: int, seed: int) -> np.ndarray:
    """Points of 24 numbers around 300 centres, on five dimensions: harmonics are as far from uniform."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(300, 5)) @ rng.normal(size=(5, 24))
    return (centres[rng.integers(300, size=count)] + 0.2 * rng.normal(size=(count, 24))).astype(np.float32)


def test_the_entry_among_the_nearest_groups_is_nearly_always_the_nearest():
    points, entries = clustered(4000, 8), clustered(1500, 8)
    label, (best, _) = _nearest(points, entries), _among(points, entries)
    chosen, least = (np.square(points - entries[each]).sum(axis=1) for each in (label, best))
    assert (label == best).mean() > 0.9
    assert chosen.mean() < 1.01 * least.mean()


def test_a_palette_is_as_good_as_plain_k_means():
    """In the mean of some seeds: how good either gets depends on where it begins, by a tenth."""
    points = clustered(2000, 9)
    ours = theirs = 0.0
    for seed in range(4):
        entries, labels = palette(points, 256, seed=seed)
        ours += np.square(points - entries[labels]).mean()
        plain = points[np.random.default_rng(seed).choice(len(points), 256, replace=False)]
        for _ in range(10):
            of, _ = _among(points, plain)
            for each in np.unique(of):
                plain[each] = points[of == each].mean(axis=0)
        of, _ = _among(points, plain)
        theirs += np.square(points - plain[of]).mean()
    assert ours < 1.1 * theirs


def test_morton_order_brings_neighbours_together():
    places = np.random.default_rng(10).uniform(-1, 1, (4096, 3)).astype(np.float32)
    order = morton_order(places)
    assert sorted(order) == list(range(4096))
    steps = np.linalg.norm(np.diff(places[order], axis=0), axis=1)
    assert np.median(steps) < 0.2  # of 1.3 at random


def test_a_crowd_that_an_outlier_makes_small_is_sorted_too():
    places = np.random.default_rng(11).uniform(0, 1, (2000, 3)).astype(np.float32)
    outlier = np.float32([[1e6, 1e6, 1e6]])
    np.testing.assert_array_equal(morton_order(np.r_[places, outlier]), np.r_[morton_order(places), 2000])
    np.testing.assert_array_equal(morton_order(np.zeros((700, 3), np.float32)), np.arange(700))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_tiny_clouds(count):
    assert len(morton_order(np.random.default_rng(12).normal(size=(count, 3)))) == count
