"""What a hand does to the place that a scene is looked at from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from random_splats import camera as some_camera
from random_splats import scene

from daub.app.model.scene.viewpoint import Viewpoint
from daub.codec.scenes.cameras.made import extent_of
from daub.render.splats.camera import Camera

START = Viewpoint.looking((0.4, -0.6, -3), (0.1, 0, 0))


def at(viewpoint: Viewpoint, point, size=(640, 480)) -> np.ndarray:
    """(3,) u, v and depth of a point of the world."""
    return viewpoint.camera(*size).project([point])[0]


def test_the_target_is_in_the_middle_and_the_picture_is_upright():
    assert at(START, START.target) == pytest.approx([320, 240, START.distance])
    above = at(START, START.target + np.array([0, -0.1, 0]))
    assert above[0] == pytest.approx(320, abs=1e-6) and above[1] < 240


@pytest.mark.parametrize(("across", "down"), [(0.2, 0), (0, 0.2), (-0.1, -0.3)])
def test_what_is_near_follows_the_hand_that_turns(across, down):
    near = START.target - 0.5 * START.rotation[2]
    before, after = at(START, near), at(START.orbited(across, down), near)
    moved = after[:2] - before[:2]
    for way, hand in zip(moved, (across, down), strict=True):
        assert np.sign(way) == np.sign(hand) if hand else abs(way) < 0.2 * np.abs(moved).max()
    assert (after[:2] - before[:2]) @ (across, down) > 0
    assert at(START.orbited(across, down), START.target) == pytest.approx([320, 240, START.distance])


def test_nobody_gets_over_a_pole_and_a_thousand_turns_leave_a_rotation():
    viewpoint = START
    for _ in range(1000):
        viewpoint = viewpoint.orbited(0.037, 0.05)
    assert viewpoint.rotation[1, 1] > 0.03 and viewpoint.eye[1] < START.target[1]
    assert viewpoint.rotation @ viewpoint.rotation.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(viewpoint.rotation) == pytest.approx(1)
    assert viewpoint.rotation[0, 1] == pytest.approx(0, abs=1e-9)  # it has not begun to lean


def test_what_is_as_deep_as_the_target_stays_under_the_hand():
    focal = START.focal(640, 480)
    moved = START.panned(30 / focal, -20 / focal)
    assert at(moved, START.target) == pytest.approx([350, 220, START.distance])


def test_to_look_around_moves_no_eye_and_to_fly_turns_no_head():
    assert START.looked(0.3, 0.1).eye == pytest.approx(START.eye)
    to_the_right = START.target + 0.1 * START.rotation[0]
    assert at(START.looked(0.02, 0), to_the_right)[0] < at(START, to_the_right)[0]
    flown = START.flown(0.1, -0.2, 0.5)
    assert (flown.eye - START.eye) @ START.rotation.T == pytest.approx([0.1, -0.2, 0.5])
    assert flown.rotation is START.rotation
    assert START.nearer(2).distance == START.distance / 2 and START.nearer(2).target is START.target


@pytest.mark.parametrize("offset", [(0.4, 0, 0), (0, -0.5, 0.3), (-0.8, 0.6, -0.4), (0, 0, -6)])
def test_what_is_focused_comes_to_the_middle_and_the_eye_stays(offset):
    point = START.target + np.array(offset)
    focused = START.focused(point)
    assert at(focused, point) == pytest.approx([320, 240, np.linalg.norm(point - START.eye)])
    assert focused.eye == pytest.approx(START.eye) and focused.target == pytest.approx(point)
    assert focused.rotation[0, 1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("rolled", [0.01, 0.6, -1.5, 3.0])
def test_what_is_focused_by_a_camera_held_askew_comes_to_the_middle_too(rolled):
    c, s = np.cos(rolled), np.sin(rolled)
    askew = replace(START, rotation=np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ START.rotation)
    for offset in [(0.4, 0, 0), (0, -0.5, 0.3), (-0.8, 0.6, -0.4)]:
        point = askew.target + np.array(offset)
        focused = askew.focused(point)
        assert at(focused, point) == pytest.approx([320, 240, np.linalg.norm(point - askew.eye)])
        assert focused.eye == pytest.approx(askew.eye) and focused.target == pytest.approx(point)
        assert focused.rotation @ focused.rotation.T == pytest.approx(np.eye(3), abs=1e-12)
        # Nothing but the direction has changed: the turn has no part about the line of sight, before or after.
        turn = focused.rotation.T @ askew.rotation
        axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        assert abs(axis @ askew.rotation[2]) < 1e-9 and abs(axis @ focused.rotation[2]) < 1e-9


@pytest.mark.parametrize("size", [(60, 43), (600, 430), (430, 600), (1000, 300)])
def test_all_that_a_camera_has_seen_is_in_the_picture(size):
    camera = some_camera()
    camera = Camera(60, 43, camera.fx, camera.fx, 30, 21.5, camera.rotation, camera.translation)
    viewpoint = Viewpoint.of_camera(camera, extent_of(scene()))
    assert viewpoint.eye == pytest.approx(camera.centre) and viewpoint.rotation is camera.rotation
    corners = [camera.centre + camera.rotation.T @ [x * 30 / camera.fx, y * 21.5 / camera.fx, 1]
               for x in (-1, 1) for y in (-1, 1)]  # fmt: skip
    seen = viewpoint.camera(*size).project(corners)[:, :2]
    assert (seen >= -1e-6).all() and (seen <= np.array(size) + 1e-6).all()
    assert min(np.ptp(seen[:, axis]) - size[axis] for axis in (0, 1)) <= 0
    assert any(np.ptp(seen[:, axis]) == pytest.approx(size[axis]) for axis in (0, 1))


def test_a_camera_whose_principal_point_is_off_the_middle_shows_what_it_has_seen():
    camera = some_camera()
    camera = Camera(60, 43, camera.fx, camera.fx, 41, 15, camera.rotation, camera.translation)
    splats = scene()
    viewpoint = Viewpoint.of_camera(camera, extent_of(splats))
    twice = viewpoint.camera(120, 86)
    np.testing.assert_allclose(twice.project(splats.means)[:, :2], 2 * camera.project(splats.means)[:, :2], atol=1e-6)
    point = viewpoint.eye + viewpoint.rotation.T @ [0.2, 0.1, 1.5]
    u, v, _ = viewpoint.focused(point).camera(120, 86).project([point])[0]
    assert (u, v) == pytest.approx((60, 43))


def test_an_object_is_framed_from_outside():
    splats = scene()
    extent = extent_of(splats)
    viewpoint = Viewpoint.framing(extent)
    u, v, depth = viewpoint.camera(500, 400).project(splats.means).T
    assert np.mean((u > 0) & (u < 500) & (v > 0) & (v < 400) & (depth > 0)) > 0.9
    assert np.linalg.norm(viewpoint.eye - extent.middle) > extent.radius
