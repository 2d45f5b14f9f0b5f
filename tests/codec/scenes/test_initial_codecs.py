"""The codecs behind the protocol: bytes there and back, and the PNG grid, which no other test reads."""

from __future__ import annotations

import numpy as np
import pytest
from gaussian_scenes import some_splats

from daub.codec.goal import Goal, GoalKind
from daub.codec.scenes.cameras.made import made_views
from daub.codec.scenes.initial import OTHERS, PNG_GRID, OwnCodec
from daub.codec.scenes.view_scores import pictures_of, score_views


@pytest.mark.parametrize("codec", [*OTHERS, OwnCodec(Goal(GoalKind.QUALITY, 50))], ids=lambda codec: codec.name)
def test_what_a_codec_gives_back_looks_like_the_scene(codec):
    splats = some_splats(196, degree=1)  # a square of a number
    views = made_views(splats, 4, 60, 60)
    found = codec.decode(codec.encode(splats, views))
    assert found.degree == 1 and len(found) <= 196
    score = score_views(pictures_of(splats, views), pictures_of(found, views))
    assert 34 < score.psnr < 90


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_grid_of_few_is_a_grid(count):
    found = PNG_GRID.decode(PNG_GRID.encode(some_splats(count, degree=1)))
    assert len(found) == int(count**0.5) ** 2 and found.degree == 1


def test_the_grid_leaves_out_the_least_opaque_and_keeps_the_rest_within_its_steps():
    splats = some_splats(110, degree=2)
    found = PNG_GRID.decode(PNG_GRID.encode(splats))
    kept = splats.take(np.argsort(-splats.logits)[:100])
    assert len(found) == 100
    by_place, as_was = (s.take(np.lexsort(s.means.round(2).T)) for s in (found, kept))
    np.testing.assert_allclose(by_place.means, as_was.means, atol=2e-3)
    for name, share in {"log_scales": 255, "logits": 255, "dc": 255, "sh": 63}.items():
        wanted = getattr(as_was, name)
        step = (wanted.max() - wanted.min()) / share
        assert np.abs(getattr(by_place, name) - wanted).max() <= step * 0.51
    turned = np.abs((by_place.rotations * as_was.rotations).sum(1)) / np.linalg.norm(as_was.rotations, axis=1)
    assert (turned / np.linalg.norm(by_place.rotations, axis=1)).min() > 0.9995
