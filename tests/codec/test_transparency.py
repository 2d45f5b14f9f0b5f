"""What is seen of a picture with an alpha channel, and the colours of what is not."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from daub.codec import transparency
from daub.codec.evaluation.metrics import psnr
from daub.codec.evaluation.score import score
from daub.codec.transparency import filled_in, laid_on, on_black_and_white, weight_of_alpha


@pytest.fixture
def disc() -> np.ndarray:
    """(48, 64, 4) float32: a shaded disc with a soft rim; what is not seen is green."""
    y, x = np.mgrid[:48, :64].astype(np.float32)
    alpha = np.clip(16.5 - np.hypot(x - 30, y - 22), 0, 1)
    colours = np.stack([0.4 + x / 128, 0.2 + y / 96, 0 * x + 0.5], -1)
    return np.dstack([np.where(alpha[..., None] > 0, colours, (0, 1, 0)), alpha]).astype(np.float32)


def test_the_examples_say_what_happens():
    assert doctest.testmod(transparency) == (0, 3)


def test_colours_go_on_smoothly_where_nothing_is_seen(disc):
    colours, alpha = disc[..., :3], disc[..., 3]
    filled = filled_in(colours, alpha)
    certain = alpha >= 1 / 16
    assert np.array_equal(filled[certain], colours[certain])
    seen = colours[certain]
    assert (filled.min((0, 1)) >= seen.min(0) - 1e-5).all() and (filled.max((0, 1)) <= seen.max(0) + 1e-5).all()
    steps = max(np.abs(np.diff(filled, axis=axis)).max() for axis in (0, 1))
    assert steps < 0.06 < np.abs(np.diff(colours, axis=0)).max()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 1), (5, 6)])
def test_it_does_so_at_any_size_and_with_nothing_to_go_on_from(shape):
    rng = np.random.default_rng(0)
    colours = rng.uniform(0, 1, (*shape, 3)).astype(np.float32)
    assert (filled_in(colours, np.zeros(shape, np.float32)) == 0.5).all()
    assert np.array_equal(filled_in(colours, np.ones(shape, np.float32)), colours)
    alpha = np.zeros(shape, np.float32)
    alpha[-1, 0] = 1
    assert np.allclose(filled_in(colours, alpha), colours[-1, 0], atol=1e-5)


def test_small_errors_of_alpha_count_what_they_change_of_what_is_seen(disc):
    edge = np.zeros_like(disc)
    edge[..., 3] = (disc[..., 3] > 0) & (disc[..., 3] < 1)
    error = 1e-3 * edge
    change = on_black_and_white(disc + error) - on_black_and_white(disc)
    worth = weight_of_alpha(filled_in(disc[..., :3], disc[..., 3]), disc[..., 3])
    # Each error is one of three colours, seen twice.
    assert (change**2).sum() / 2 == pytest.approx(3 * worth * (error**2).sum(), rel=0.05)
    assert weight_of_alpha(np.full((4, 4, 3), 0.5), np.ones((4, 4))) == pytest.approx(0.25)
    assert weight_of_alpha(np.zeros((4, 4, 3)), np.ones((4, 4))) == pytest.approx(0.5)


def test_what_is_not_seen_counts_nothing(disc):
    other = disc.copy()
    other[..., :3][disc[..., 3] == 0] = (1, 0, 1)
    assert np.array_equal(on_black_and_white(other), on_black_and_white(disc))
    levels = np.rint(255 * other).astype(np.uint8)
    assert score(disc, levels).psnr == psnr(on_black_and_white(disc), on_black_and_white(levels)) > 50
    assert np.array_equal(laid_on(levels, (1, 1, 1))[0, 0], [255, 255, 255])
