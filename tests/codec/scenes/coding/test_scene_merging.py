"""Merged Gaussians show what they were merged of."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.scenes.coding.merging import merged
from daub.codec.scenes.coding.view_energies import resolution_of, with_unframed
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats

CAMERAS = [
    Camera.looking((4 * np.sin(t), 0.5, -4 * np.cos(t)), (0, 0, 0), up=(0, -1, 0), width=90, height=90, vertical_fov=40)
    for t in np.linspace(0, 6, 5)
]


def _ball(count: int = 1500) -> Splats:
    """Small Gaussians on a sphere, coloured by where they are."""
    rng = np.random.default_rng(0)
    means = rng.normal(size=(count, 3))
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return Splats.build(means, rng.uniform(0.02, 0.07, (count, 3)), rng.uniform(0.3, 0.9, count), means / 4 + 0.5)


def _energies(splats: Splats) -> np.ndarray:
    scene = CpuScene(splats)
    return np.mean([scene.seen(camera).energies() for camera in CAMERAS], axis=0)


def _psnr(splats: Splats, other: Splats) -> float:
    pictures = [[CpuScene(each).seen(camera).image() for camera in CAMERAS] for each in (splats, other)]
    return -10 * np.log10(np.mean(np.square(np.subtract(*pictures))))


def test_merging_is_better_than_leaving_out():
    splats = _ball()
    energies = _energies(splats)
    stays = energies[:, 2] > np.median(energies[:, 2])
    some = merged(splats, energies, stays, resolution_of(splats, CAMERAS))
    assert len(some) == stays.sum()
    assert _psnr(some, splats) > _psnr(splats.take(stays), splats) + 3


def test_two_alike_in_one_place_become_one_that_hides_as_much():
    splats = Splats.build([[0, 0, 0], [0.02, 0, 0]], [[0.3, 0.3, 0.3]] * 2, [0.4, 0.3], [[0.2, 0.4, 0.8]] * 2)
    one = merged(splats, _energies(splats), np.array([True, False]), 1e-3)
    assert len(one) == 1 and one.opacity[0] == pytest.approx(0.7, abs=0.1)
    np.testing.assert_allclose(one.colour[0], [0.2, 0.4, 0.8], atol=1e-3)
    np.testing.assert_allclose(np.exp(one.log_scales[0]), 0.3, rtol=0.01)
    assert 0 < one.means[0, 0] < 0.02
    assert _psnr(one, splats) > 30


def test_what_no_view_sees_is_left_out_and_changes_nothing():
    splats = _ball(200)
    hidden = Splats.build([[0, 0, 0]], [[0.01] * 3], [0.001], [[1, 0, 0]])
    both = Splats(*(np.concatenate([getattr(splats, name), getattr(hidden, name)]) for name in
                    ("means", "log_scales", "rotations", "logits", "dc", "sh")))  # fmt: skip
    stays = np.ones(201, bool)
    stays[200] = False
    found = merged(both, _energies(both), stays, 1e-3)
    for name in ("means", "log_scales", "rotations", "logits", "dc"):
        np.testing.assert_array_equal(getattr(found, name), getattr(splats, name))


def test_the_resolution_is_that_of_the_pixels():
    splats = Splats.build([[0, 0, 0]], [[0.1] * 3], [0.5], [[1, 1, 1]])
    (camera,) = CAMERAS[:1]
    distance = np.linalg.norm(camera.centre)
    assert resolution_of(splats, [camera]) == pytest.approx(np.sqrt(0.3) * distance / camera.fx, rel=1e-5)
    away = Camera.looking((0, 0, 4), (0, 0, 9), up=(0, -1, 0), width=90, height=90, vertical_fov=40)
    assert resolution_of(splats, [away]) == 1


def test_what_no_picture_has_in_it_is_worth_what_its_neighbour_is():
    splats = Splats.build(
        [[0, 0, 0], [0, 50, 0], [0, 0, 0.01]], [[0.3] * 3, [0.3] * 3, [0.01] * 3], [0.99] * 3, [[1, 1, 1]] * 3
    )
    energies = np.array([[5.0, 4, 3], [0, 0, 0], [0, 0, 0]])
    found = with_unframed(energies, splats, CAMERAS)
    np.testing.assert_array_equal(found, [[5, 4, 3], [5, 4, 3], [0, 0, 0]])  # the last one is hidden
    assert energies[1, 0] == 0
