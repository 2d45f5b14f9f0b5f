"""Cameras out of every kind of file, and those that are made."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from gaussian_scenes import some_splats
from PIL import Image

from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.beside import read_cameras
from daub.codec.scenes.cameras.made import extent_of, made_views, turntable
from daub.codec.scenes.scene_files import read_scene, write_scene
from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats

EYES = [(0, 0, -3), (2, -1, 2), (-1, 2, 0.5)]
CAMERAS = [
    Camera.looking(eye, (0.1, 0.2, 0.3), (0, -1, 0), 640, 480, 50 + 10 * index, f"photo {index}.png")
    for index, eye in enumerate(EYES)
]


def quaternion(camera: Camera) -> np.ndarray:
    """w, x, y, z: the eigenvector of the largest eigenvalue of Bar-Itzhack's matrix, 2000."""
    r = camera.rotation
    k = np.array(
        [[r[0, 0] - r[1, 1] - r[2, 2], r[1, 0] + r[0, 1], r[2, 0] + r[0, 2], r[2, 1] - r[1, 2]],
         [r[1, 0] + r[0, 1], r[1, 1] - r[0, 0] - r[2, 2], r[2, 1] + r[1, 2], r[0, 2] - r[2, 0]],
         [r[2, 0] + r[0, 2], r[2, 1] + r[1, 2], r[2, 2] - r[0, 0] - r[1, 1], r[1, 0] - r[0, 1]],
         [r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1], r.trace()]]
    )  # fmt: skip
    x, y, z, w = np.linalg.eigh(k)[1][:, -1]
    return np.array([w, x, y, z])


def colmap_text(folder: Path, model: str = "PINHOLE", extra: str = "") -> None:
    lenses, images = ["# comment"], ["# IMAGE_ID, ..."]
    for index, camera in enumerate(CAMERAS):
        focals = f"{camera.fx}" if model != "PINHOLE" and "OPENCV" not in model else f"{camera.fx} {camera.fy}"
        lenses.append(f"{index + 5} {model} 640 480 {focals} {camera.cx} {camera.cy}{extra}")
        pose = " ".join(map(repr, map(float, [*quaternion(camera), *camera.translation])))
        images += [f"{index + 1} {pose} {index + 5} {camera.name}", "1.5 2.5 -1 3 4 7" if index == 1 else ""]
    (folder / "cameras.txt").write_text("\n".join(lenses) + "\n")
    (folder / "images.txt").write_text("\n".join(images) + "\n")


def colmap_binary(folder: Path) -> None:
    lenses, images = [struct.pack("<Q", 3)], [struct.pack("<Q", 3)]
    for index, camera in enumerate(CAMERAS):
        numbers = camera.fx, camera.fy, camera.cx, camera.cy
        lenses.append(struct.pack("<IiQQ4d", index + 5, 1, 640, 480, *numbers))
        images.append(struct.pack("<I7dI", index + 1, *quaternion(camera), *camera.translation, index + 5))
        images.append(camera.name.encode() + b"\0" + struct.pack("<Q", index) + bytes(24 * index))
    (folder / "cameras.bin").write_bytes(b"".join(lenses))
    (folder / "images.bin").write_bytes(b"".join(images))


def transforms(folder: Path) -> None:
    frames = []
    for camera in CAMERAS:
        matrix = np.eye(4)
        matrix[:3, :3] = camera.rotation.T * [1, -1, -1]  # y up, z backward
        matrix[:3, 3] = camera.centre
        frames.append({"file_path": camera.name, "transform_matrix": matrix.tolist(), "fl_x": camera.fx})
    (folder / "transforms.json").write_text(json.dumps({"w": 640, "h": 480, "cx": 320, "cy": 240, "frames": frames}))


def inria(folder: Path) -> None:
    entries = [
        {
            "id": index, "img_name": camera.name, "width": 640, "height": 480, "fx": camera.fx, "fy": camera.fy,
            "position": camera.centre.tolist(), "rotation": camera.rotation.T.tolist(),
        }
        for index, camera in enumerate(CAMERAS)
    ]  # fmt: skip
    (folder / "cameras.json").write_text(json.dumps(entries))


def assert_same_cameras(cameras):
    assert len(cameras) == len(CAMERAS)
    points = np.random.default_rng(0).normal(size=(20, 3))
    for camera, wanted in zip(cameras, CAMERAS, strict=True):
        assert (camera.width, camera.height, camera.name) == (wanted.width, wanted.height, wanted.name)
        np.testing.assert_allclose(camera.project(points), wanted.project(points), rtol=1e-9)


@pytest.mark.parametrize("write", [colmap_text, colmap_binary, transforms, inria])
def test_each_kind_gives_the_same_cameras(write, tmp_path):
    write(tmp_path)
    assert_same_cameras(read_cameras(tmp_path))


def test_a_pinhole_of_one_focal_length_and_a_lens_that_is_straight(tmp_path):
    colmap_text(tmp_path, "SIMPLE_PINHOLE")
    assert_same_cameras(read_cameras(tmp_path))
    colmap_text(tmp_path, "OPENCV", " 0 0 0 0")
    assert_same_cameras(read_cameras(tmp_path))


@pytest.mark.parametrize("model, extra", [("SIMPLE_RADIAL", " 0.01"), ("OPENCV", " 0 0 1e-3 0")])
def test_distorted_lenses_are_refused(model, extra, tmp_path):
    colmap_text(tmp_path, model, extra)
    with pytest.raises(DaubError, match=rf"its lens is distorted \({model}\), undistort the photos first"):
        read_cameras(tmp_path)


def test_a_lens_that_is_no_pinhole_at_all(tmp_path):
    transforms(tmp_path)
    content = json.loads((tmp_path / "transforms.json").read_text()) | {"camera_model": "OPENCV_FISHEYE"}
    (tmp_path / "transforms.json").write_text(json.dumps(content))
    with pytest.raises(DaubError, match=r"its lens is distorted \(OPENCV_FISHEYE\)"):
        read_cameras(tmp_path)


def test_an_angle_of_view_and_the_size_of_the_photo_itself(tmp_path):
    Image.new("L", (200, 100)).save(tmp_path / "r_0.png")
    matrix = np.diag([1.0, 1.0, 1.0, 1.0]).tolist()
    content = {"camera_angle_x": np.pi / 2, "frames": [{"file_path": "./r_0", "transform_matrix": matrix}]}
    (tmp_path / "transforms_train.json").write_text(json.dumps(content))
    (camera,) = read_cameras(tmp_path)
    assert (camera.width, camera.height) == (200, 100)
    np.testing.assert_allclose([camera.fx, camera.fy, camera.cx, camera.cy], [100, 100, 100, 50])
    np.testing.assert_allclose(
        camera.project([[0, 1, -2]]), [[100, 0, 2]], atol=1e-9
    )  # up in the world, up in the picture
    (tmp_path / "r_0.png").unlink()
    with pytest.raises(DaubError, match="does not say how large the photo"):
        read_cameras(tmp_path)


def test_a_scene_finds_the_cameras_of_its_training(tmp_path):
    folder = tmp_path / "point_cloud" / "iteration_7000"
    folder.mkdir(parents=True)
    write_scene(some_splats(10), folder / "point_cloud.ply")
    assert read_scene(folder / "point_cloud.ply").cameras == ()
    inria(tmp_path)
    assert_same_cameras(read_scene(folder / "point_cloud.ply").cameras)
    (tmp_path / "cameras.json").write_text("[{}]")
    scene = read_scene(folder / "point_cloud.ply")
    assert scene.cameras == () and "one of its cameras lacks something" in scene.remarks[0]


@pytest.mark.parametrize("write", [colmap_text, colmap_binary, transforms, inria])
def test_damaged_cameras_are_one_line(write, tmp_path):
    write(tmp_path)
    rng = np.random.default_rng(0)
    whole = {path: path.read_bytes() for path in tmp_path.iterdir()}
    refused = 0
    for number in range(120):
        for path, data in whole.items():
            damaged = bytearray(data)
            for _ in range(rng.integers(1, 4)):
                at = int(rng.integers(len(damaged)))
                if number % 3 == 0:
                    del damaged[at:]
                    damaged += b"\0"
                else:
                    damaged[at] = int(rng.integers(256)) if number % 3 == 1 else int(rng.integers(44, 58))
            path.write_bytes(damaged)
        try:
            cameras = read_cameras(tmp_path)
            assert all(np.isfinite(camera.translation).all() for camera in cameras)
        except DaubError as error:
            refused += 1
            assert "\n" not in str(error)
    assert refused > 40


def test_no_cameras(tmp_path):
    with pytest.raises(DaubError, match="there are no cameras in it, choose a COLMAP model"):
        read_cameras(tmp_path)
    (tmp_path / "cameras.json").write_text("[]")
    with pytest.raises(DaubError, match="there is no camera in it"):
        read_cameras(tmp_path / "cameras.json")


def test_the_posed_photos_at_hand(shared_data):
    banana, buddha = shared_data / "3d" / "banana" / "colmap", shared_data / "3d" / "buddha13"
    if not banana.is_dir() or not buddha.is_dir():
        pytest.skip(f"no posed photos at {shared_data}")
    cameras = read_cameras(banana)
    assert len(cameras) == 16 and (cameras[0].width, cameras[0].height) == (1504, 1000)
    points = np.loadtxt(banana / "sparse" / "points3D.txt", usecols=(1, 2, 3))
    for camera in cameras:  # what the photos have seen lies before them, and mostly in them
        u, v, z = camera.project(points).T
        seen = (z > 0) & (u > 0) & (u < camera.width) & (v > 0) & (v < camera.height)
        assert seen.mean() > 0.3
    cameras = read_cameras(buddha)
    assert [camera.name for camera in cameras][:2] == ["00006.png", "00007.png"] and len(cameras) == 13
    # All look at the head: the point nearest to all lines of sight is near each of them.
    lines = np.array([camera.rotation[2] for camera in cameras])
    across = np.eye(3) - lines[:, :, None] * lines[:, None, :]
    centres = np.array([camera.centre for camera in cameras])
    point = np.linalg.solve(across.sum(axis=0), (across @ centres[:, :, None]).sum(axis=0)[:, 0])
    u, v, z = np.concatenate([camera.project([point]) for camera in cameras]).T
    assert (z > 0).all() and (np.abs(u - 684) < 250).all() and (np.abs(v - 385) < 250).all()


# Views that are made.


def shell(radius: float, count: int = 3000) -> Splats:
    d = np.random.default_rng(3).normal(size=(count, 3))
    d *= radius / np.linalg.norm(d, axis=1, keepdims=True)
    return Splats.build(d, np.full((count, 3), 0.05 * radius), np.full(count, 0.8), np.full((count, 3), 0.5))


def test_views_around_an_object_see_it_from_all_sides():
    splats = some_splats(2000)
    splats.means[0], splats.log_scales[0] = (1e4, 0, 0), 0  # an outlier, which must not matter
    extent = extent_of(splats)
    assert np.abs(extent.middle).max() < 0.2 and 0.7 < extent.radius < 1.6 and not extent.hollow
    views = made_views(splats, 24, 320, 240)
    directions = []
    for view in views:
        np.testing.assert_allclose(view.project([extent.middle])[0, :2], [160, 120], atol=1e-6)
        offset = view.centre - extent.middle
        assert 1.2 - 1e-6 <= np.linalg.norm(offset) / extent.radius <= 2 + 1e-6
        assert (
            view.project([extent.middle + np.array([0, 0.1, 0])])[0, 1] > 120
        )  # what is below is below in the picture
        directions.append(offset / np.linalg.norm(offset))
    nearest = np.sort(np.array(directions) @ np.array(directions).T, axis=1)[:, -2]
    assert nearest.max() < np.cos(np.radians(18)) and np.abs(np.mean(directions, axis=0)[[0, 2]]).max() < 0.1
    heights = -np.array(directions)[:, 1]
    assert heights.min() > -0.25 and heights.max() > 0.8


def test_views_within_a_room_look_out_of_its_middle():
    room = shell(5.0)
    extent = extent_of(room)
    assert extent.hollow
    for view in made_views(room, 12, 64, 64):
        assert (view.centre > extent.low).all() and (view.centre < extent.high).all()
        u, v, z = view.project(room.means).T
        assert ((z > 0) & (u > 0) & (u < 64) & (v > 0) & (v < 64)).any()
    outside = made_views(room, 12, 64, 64, inside=False)
    assert min(np.linalg.norm(view.centre) for view in outside) > 5.5


def test_made_views_are_the_same_again():
    for splats in (shell(1.0), some_splats(50)):
        a, b = (made_views(splats, 5, 10, 10) for _ in range(2))
        for one, other in zip(a, b, strict=True):
            np.testing.assert_array_equal(one.rotation, other.rotation)
            np.testing.assert_array_equal(one.translation, other.translation)


def test_views_of_another_seed_are_others():
    """So that a method which has seen some can be measured on others."""
    for splats in (shell(1.0), some_splats(50)):
        seen, others = (
            np.array([view.rotation[2] for view in made_views(splats, count, 10, 10, seed=seed)])
            for count, seed in ((24, 0), (16, 1))
        )
        assert (seen @ others.T).max() < np.cos(np.radians(1))


@pytest.mark.parametrize("size", [1e-3, 1.0, 500.0])
def test_a_scene_of_one_gaussian_is_seen_at_its_own_size(size):
    splats = Splats.build(np.zeros((1, 3)), np.array([[size, size / 4, size / 9]]), np.full(1, 0.9), np.ones((1, 3)))
    assert extent_of(splats).radius == pytest.approx(3 * size, rel=1e-5)
    views = made_views(splats, 3, 10, 10)
    assert len(views) == 3
    assert all(3 * size < np.linalg.norm(view.centre) < 7 * size for view in views)


@pytest.mark.parametrize("place", [(1e20, 0, 0), (1e7, -2e7, 3e7), (0, 3e38, 0)])
@pytest.mark.parametrize("log_scale", [-np.inf, -4.0, np.inf])
def test_scenes_beyond_the_precision_of_numbers_have_views(place, log_scale):
    splats = some_splats(5)
    splats.means[:], splats.log_scales[:] = place, log_scale
    for inside in (None, True, False):
        for view in [*made_views(splats, 3, 10, 10, inside=inside), *turntable(splats, 3, 10, 10)]:
            assert np.isfinite(view.translation).all()
            np.testing.assert_allclose(view.rotation @ view.rotation.T, np.eye(3), atol=1e-9)


def test_real_objects_are_seen_from_around(shared_data):
    folder = shared_data / "3d"
    if not folder.is_dir():
        pytest.skip(f"no scenes at {folder}")
    for name in ("biker.spz", "plant.splat", "playbot/3_0", "statues/angel.sog", "playcanvas-logo"):
        splats = read_scene(folder / name).splats
        extent = extent_of(splats)
        assert not extent.hollow, name
        whole = np.linalg.norm(splats.means - extent.middle, axis=1).max()
        assert 0.2 * whole < extent.radius < whole, name
