"""The energies of Gaussians are the squares of what the picture changes by: held against differences of pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats

CAMERA = Camera.looking((0, 0, -4), (0, 0, 0), up=(0, -1, 0), width=70, height=50, vertical_fov=40)


def _scene(count: int = 12) -> Splats:
    rng = np.random.default_rng(4)
    return Splats.build(
        rng.uniform(-0.7, 0.7, (count, 3)), rng.uniform(0.05, 0.3, (count, 3)), rng.uniform(0.2, 0.9, count),
        rng.uniform(0.1, 0.9, (count, 3)),
    )  # fmt: skip


def _change(splats: Splats, other: Splats) -> np.ndarray:
    before, after = (CpuScene(each).seen(CAMERA).image() for each in (splats, other))
    return (after - before).astype(np.float64)


def test_energies_are_squares_of_what_the_picture_changes_by():
    splats, step = _scene(), 0.01
    found = CpuScene(splats).seen(CAMERA).energies()
    assert found.shape == (12, 3)
    for n in range(len(splats)):
        dc = splats.dc.copy()
        dc[n, 1] += step / 0.28209479
        change = _change(splats, replace(splats, dc=dc))[..., 1] / step
        assert found[n, 0] == pytest.approx(change.sum(), rel=2e-3)
        assert found[n, 1] == pytest.approx((change**2).sum(), rel=2e-3)
        opacity = splats.opacity.astype(np.float64)
        opacity[n] *= 0.5  # the picture is linear in it, but for the edge, which moves
        halved = replace(splats, logits=np.log(opacity / (1 - opacity)).astype(np.float32))
        assert found[n, 2] == pytest.approx(((2 * _change(splats, halved)) ** 2).sum(), rel=0.02)


def test_what_is_not_seen_is_worth_nothing():
    splats = Splats.build([[0, 0, -9], [0, 0, 0]], [[0.1] * 3] * 2, [0.5] * 2, [[1, 1, 1]] * 2)
    found = CpuScene(splats).seen(CAMERA).energies()
    assert (found[0] == 0).all() and (found[1] > 0).all()
