"""Scenes are encoded to what is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from test_scene_merging import CAMERAS, _ball

from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.encoder import encode_scene, encoding
from daub.render.splats.cpu.scene import CpuScene


def test_better_quality_takes_more_bytes_and_the_psnr_is_that_of_the_file():
    ball = _ball(600)
    low, high = (encode_scene(ball, CAMERAS, Goal("quality", quality)) for quality in (20, 60))
    assert len(low.data) < 0.7 * len(high.data) and low.psnr + 5 < high.psnr
    decoded = CpuScene(scene_file.read(high.data).splats())
    pictures = [
        [np.rint(scene.seen(camera).image().clip(0, 1) * 255) / 255 for camera in CAMERAS]
        for scene in (decoded, CpuScene(ball))
    ]
    assert high.psnr == pytest.approx(-10 * np.log10(np.mean(np.square(np.subtract(*pictures)))), abs=1e-3)
    assert low.missed is high.missed is None


def test_goals_are_met_with_little_to_spare():
    ball = _ball(600)
    found = encode_scene(ball, CAMERAS, Goal("psnr", 33))
    assert 33 <= found.psnr < 33.3 and found.missed is None
    found = encode_scene(ball, CAMERAS, Goal("bytes", 2500))
    assert 2400 <= len(found.data) <= 2500 and found.missed is None


def test_what_cannot_be_reached_is_said():
    found = encode_scene(_ball(100), CAMERAS[:1], Goal("bytes", 32))
    assert "are the fewest that were reached" in found.missed and len(found.data) < 200


def test_records_go_up_and_an_encode_can_be_left():
    records = []
    encode_scene(_ball(100), CAMERAS[:2], Goal("psnr", 30), records.append)
    fractions = [record.fraction for record in records]
    assert fractions == sorted(fractions) and fractions[0] > 0 and fractions[-1] <= 1
    assert any(record.best is not None for record in records)
    run = encoding(_ball(100), CAMERAS[:2], Goal("psnr", 30))
    next(run)
    run.close()


@pytest.mark.parametrize(("count", "cameras", "goal", "why"), [
    (0, 1, Goal("psnr", 30), "no Gaussians"), (10, 0, Goal("psnr", 30), "no view"), (10, 1, Goal("bpp", 1), "no goal"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(count, cameras, goal, why):
    with pytest.raises(DaubError, match=why):
        encode_scene(_ball(10).take(slice(0, count)), CAMERAS[:cameras], goal)
