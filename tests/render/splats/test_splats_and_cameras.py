"""The types of 3D scenes: what they refuse, and that their conventions are those that they state."""

from __future__ import annotations

import numpy as np
import pytest

from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats


def _scene(n: int = 4, harmonics: int = 3) -> Splats:
    rng = np.random.default_rng(0)
    means, scales, rotations, dc = (rng.normal(size=(n, k)).astype(np.float32) for k in (3, 3, 4, 3))
    sh = rng.normal(size=(n, harmonics, 3)).astype(np.float32)
    return Splats(means, scales, rotations, rng.normal(size=n).astype(np.float32), dc, sh)


@pytest.mark.parametrize(("harmonics", "degree"), [(0, 0), (3, 1), (8, 2), (15, 3), (24, 4)])
def test_the_degree_follows_from_the_harmonics(harmonics, degree):
    assert _scene(harmonics=harmonics).degree == degree


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="sh of shape"):
        _scene(harmonics=4)
    fine = _scene()
    with pytest.raises(ValueError, match=r"4 splats need log_scales of shape \(4, 3\), not \(3, 3\)"):
        Splats(fine.means, fine.log_scales[:3], fine.rotations, fine.logits, fine.dc, fine.sh)


def test_an_opaque_and_a_vanished_gaussian_have_opacities():
    scene = Splats.build([[0, 0, 0]] * 2, np.ones((2, 3)), [0.25, 0.5], np.ones((2, 3)))
    assert scene.opacity.tolist() == [0.25, 0.5]
    scene.logits[:] = np.inf, -np.inf
    assert scene.opacity.tolist() == [1, 0]


def test_some_are_taken_whole():
    scene = _scene()
    some = scene.take([2, 0])
    for name in ("means", "log_scales", "rotations", "logits", "dc", "sh"):
        np.testing.assert_array_equal(getattr(some, name), getattr(scene, name)[[2, 0]])


def test_a_camera_looks_where_it_is_told():
    """Up in the world is up in the picture, which is towards smaller rows; and left stays left."""
    camera = Camera.looking((3, 1, -4), (0, 0, 0), up=(0, 1, 0), width=200, height=100, vertical_fov=50)
    np.testing.assert_allclose(camera.rotation @ camera.rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(camera.rotation) == pytest.approx(1)
    centre, above = camera.project([[0, 0, 0], [0, 0.5, 0]])
    np.testing.assert_allclose(centre, [100, 50, np.sqrt(26)])
    assert above[1] < 50 and above[0] == pytest.approx(100)
    right_of_it = camera.centre + 2 * camera.rotation[2] + 0.1 * np.cross(camera.rotation[2], (0, 1, 0))
    assert camera.project([right_of_it])[0, 0] > 100
    edge = camera.centre + camera.rotation.T @ [0, np.tan(np.radians(25)), 1]
    assert camera.project([edge])[0, 1] == pytest.approx(100), "half the field of view reaches the lower edge"


def test_a_camera_of_another_size_sees_the_same():
    camera = Camera(640, 480, 500, 510, 300, 250, np.eye(3), np.zeros(3))
    point = [[0.2, -0.1, 2.0]]
    u, v, depth = camera.project(point)[0]
    assert camera.resized(320, 960).project(point)[0] == pytest.approx([u / 2, 2 * v, depth])


@pytest.mark.parametrize("change", [{"width": 0}, {"fx": 0.0}, {"fy": float("nan")}, {"rotation": np.eye(4)}])
def test_a_camera_that_sees_nothing_is_refused(change):
    fields = {"width": 4, "height": 4, "fx": 1.0, "fy": 1.0, "cx": 2.0, "cy": 2.0}
    with pytest.raises(ValueError):
        Camera(**{**fields, "rotation": np.eye(3), "translation": np.zeros(3), **change})
    with pytest.raises(ValueError, match="up"):
        Camera.looking((0, 0, 0), (0, 2, 0), up=(0, 1, 0), width=4, height=4, vertical_fov=60)
