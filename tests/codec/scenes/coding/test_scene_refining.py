"""Refined Gaussians look more like the scene, from other places, too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from test_scene_merging import CAMERAS, _ball, _psnr

from daub.codec.progress import drive
from daub.codec.scenes.coding.refining import refining
from daub.render.splats.cpu.scene import CpuScene


def _pictures(splats) -> list[np.ndarray]:
    scene = CpuScene(splats)
    return [np.rint(scene.seen(camera).image().clip(0, 1) * 255).astype(np.uint8) for camera in CAMERAS]


def test_a_disturbed_scene_finds_back():
    ball = _ball(500)
    rng = np.random.default_rng(1)
    moved = replace(
        ball, dc=ball.dc + rng.normal(0, 0.15, ball.dc.shape).astype(np.float32),
        means=ball.means + rng.normal(0, 0.01, ball.means.shape).astype(np.float32),
    )  # fmt: skip
    shares = []
    found = drive(refining(moved, CAMERAS, _pictures(ball), 6), shares.append)
    assert len(found) == len(ball) and _psnr(found, ball) > _psnr(moved, ball) + 3
    assert len(shares) == 30 and shares == sorted(shares) and shares[-1] == 1
    again = drive(refining(moved, CAMERAS, _pictures(ball), 6))
    np.testing.assert_array_equal(again.means, found.means)
    assert _psnr(moved, ball) < 40, "the input is left alone"


def test_what_no_view_sees_stays_as_it_is():
    ball = _ball(50)
    ball.means[7] = 0, 900, 0
    found = drive(refining(ball, CAMERAS, _pictures(_ball(50)), 1))
    for name in ("means", "log_scales", "rotations", "logits", "dc"):
        np.testing.assert_array_equal(getattr(found, name)[7], getattr(ball, name)[7])
