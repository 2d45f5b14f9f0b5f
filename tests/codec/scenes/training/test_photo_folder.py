"""Folders of photos and cameras: which photos belong to them, and what is said of those that cannot be trained on."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
import training_scenes

from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.colmap_points import read_points
from daub.codec.scenes.claims import Refused
from daub.codec.scenes.training.photo_folder import read_photos
from daub.codec.scenes.training.settings import TrainingSettings

SETTINGS = TrainingSettings(size=32, hold_out=4)


def _colmap(folder: Path, photos, model: str = "PINHOLE") -> None:
    """A model in sparse/0 of a folder, its photos in images/."""
    (folder / "sparse/0").mkdir(parents=True)
    (folder / "images").mkdir()
    first = photos.trained[0].camera
    lens = {"PINHOLE": f"{first.fx} {first.fy} {first.cx} {first.cy}"}
    lens["OPENCV"] = f"{lens['PINHOLE']} 0.1 0 0 0"
    (folder / "sparse/0/cameras.txt").write_text(f"1 {model} {first.width} {first.height} {lens[model]}\n")
    lines = []
    for n, photo in enumerate(photos.trained):
        from scipy.spatial.transform import Rotation

        x, y, z, w = Rotation.from_matrix(photo.camera.rotation).as_quat()
        t = photo.camera.translation
        lines += [f"{n + 1} {w} {x} {y} {z} {t[0]} {t[1]} {t[2]} 1 {photo.camera.name}", ""]
        PIL.Image.fromarray(photo.pixels).save(folder / "images" / photo.camera.name)
    (folder / "sparse/0/images.txt").write_text("\n".join(lines) + "\n")
    (folder / "sparse/0/points3D.txt").write_text("# a comment\n1 0.5 -1 2 255 0 51 0.3\n2 1 2 3 0 255 0 0.1 1 5\n")


@pytest.fixture
def photos():
    return training_scenes.photos(training_scenes.twenty(), views=6)


def test_a_colmap_model_and_its_images(tmp_path, photos):
    _colmap(tmp_path, photos)
    shares = []
    found, remarks = read_photos(tmp_path, SETTINGS, shares.append)
    assert not remarks and shares[-1] == 1 and len(shares) == 6
    assert [photo.camera.name for photo in found.held_out] == ["0.png", "4.png"]
    assert [photo.camera.name for photo in found.trained] == ["1.png", "2.png", "3.png", "5.png"]
    one, whole = found.trained[0], photos.trained[1]
    assert one.pixels.shape == (24, 32, 3) and one.pixels.dtype == np.uint8
    assert (one.camera.width, one.camera.height) == (32, 24)
    assert one.camera.fx == pytest.approx(whole.camera.fx / 2)
    np.testing.assert_allclose(one.camera.centre, whole.camera.centre, atol=1e-9)
    mean = whole.pixels.astype(float).reshape(24, 2, 32, 2, 3).mean(axis=(1, 3))
    assert np.abs(mean - one.pixels).mean() < 3
    np.testing.assert_allclose(found.points.places, [[0.5, -1, 2], [1, 2, 3]])
    np.testing.assert_allclose(found.points.colours, [[1, 0, 0.2], [0, 1, 0]])
    larger, _ = read_photos(tmp_path, TrainingSettings(size=9999, hold_out=0))
    assert len(larger.trained) == 6 and not larger.held_out
    np.testing.assert_array_equal(larger.trained[1].pixels, whole.pixels)
    assert larger.fingerprint() != found.fingerprint() == read_photos(tmp_path, SETTINGS)[0].fingerprint()


def test_what_is_transparent_is_black_as_behind_a_scene(tmp_path, photos):
    _colmap(tmp_path, photos)
    pixels = np.dstack([photos.trained[1].pixels, np.zeros((48, 64), np.uint8)])
    pixels[:, 32:, 3] = 255
    PIL.Image.fromarray(pixels).save(tmp_path / "images/1.png")
    found, _ = read_photos(tmp_path, TrainingSettings(size=64, hold_out=0))
    assert (found.trained[1].pixels[:, :32] == 0).all()
    np.testing.assert_array_equal(found.trained[1].pixels[:, 32:], photos.trained[1].pixels[:, 32:])


@pytest.mark.parametrize("orientation", [3, 6])
def test_cameras_are_of_the_pixels_as_they_are_stored(orientation, tmp_path, photos):
    _colmap(tmp_path, photos)
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    PIL.Image.fromarray(photos.trained[1].pixels).save(tmp_path / "images/1.png", exif=exif)
    found, _ = read_photos(tmp_path, TrainingSettings(size=64, hold_out=0))
    np.testing.assert_array_equal(found.trained[1].pixels, photos.trained[1].pixels)


def test_a_list_of_cameras_whose_photos_may_be_smaller_or_missing(tmp_path, photos):
    frames = []
    for photo in photos.trained:
        matrix = np.eye(4)
        matrix[:3, :3] = photo.camera.rotation.T @ np.diag([1, -1, -1])
        matrix[:3, 3] = photo.camera.centre
        name = f"input/{photo.camera.name[:-4]}"
        frames.append({"file_path": name, "transform_matrix": matrix.tolist()})
    (tmp_path / "input").mkdir()
    for photo in photos.trained[1:]:
        PIL.Image.fromarray(photo.pixels).resize((32, 24)).save(tmp_path / "input" / photo.camera.name)
    about = {"w": 64, "h": 48, "fl_x": photos.trained[0].camera.fx, "frames": frames}
    (tmp_path / "transforms.json").write_text(json.dumps(about))
    found, remarks = read_photos(tmp_path, TrainingSettings(hold_out=0))
    assert len(found.trained) == 5 and found.points is None
    assert remarks == ("1 of 6 cameras have no photo, such as 'input/0'",)
    assert found.trained[0].camera.fx == pytest.approx(photos.trained[0].camera.fx / 2)


def test_what_cannot_be_trained_on_is_one_line(tmp_path, photos):
    def line(folder: Path, settings=SETTINGS) -> str:
        with pytest.raises(DaubError) as refused:
            read_photos(folder, settings)
        return str(refused.value)

    assert "there is no such folder" in line(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    assert "there are no cameras in it" in line(tmp_path / "empty")
    _colmap(tmp_path / "bent", photos, "OPENCV")
    assert "its lens is distorted (OPENCV), undistort the photos first" in line(tmp_path / "bent")
    _colmap(tmp_path / "good", photos)
    images = tmp_path / "good/images"
    assert "6 of its 6 photos are there, and it takes 2" in line(tmp_path / "good", TrainingSettings(hold_out=1))
    PIL.Image.new("RGB", (64, 64)).save(images / "2.png")
    assert "it has 64x64 pixels, and its camera 64x48" in line(tmp_path / "good")
    (images / "2.png").write_bytes(b"nothing")
    assert f"cannot open {images}/2.png" in line(tmp_path / "good")
    points = tmp_path / "good/sparse/0/points3D.txt"
    PIL.Image.new("RGB", (64, 48)).save(images / "2.png")
    points.write_text("1 2 3\n")
    assert "a line of points3D.txt is not understood: '1 2 3'" in line(tmp_path / "good")
    for path in images.iterdir():
        path.unlink()
    assert "0 of its 6 photos are there, and it takes 2 to train on, such as '0.png'" in line(tmp_path / "good")


def test_photos_are_sought_in_the_folder_alone(tmp_path, photos):
    _colmap(tmp_path / "good", photos)
    outside = tmp_path / "0.png"
    (tmp_path / "good/images/0.png").rename(outside)
    listed = tmp_path / "good/sparse/0/images.txt"
    listed.write_text(listed.read_text().replace(" 0.png", " ../../0.png"))
    found, remarks = read_photos(tmp_path / "good", SETTINGS)
    assert len(found.trained) + len(found.held_out) == 5 and "'../../0.png'" in remarks[0]


def test_binary_points(tmp_path):
    def record(number: int, place, colour, track: int) -> bytes:
        return struct.pack("<Q3d3BdQ", number, *place, *colour, 0.5, track) + bytes(8 * track)

    content = struct.pack("<Q", 2) + record(7, (1, 2, 3), (255, 0, 51), 3) + record(9, (4, 5, np.nan), (0, 0, 0), 0)
    path = tmp_path / "points3D.bin"
    path.write_bytes(content)
    points = read_points(tmp_path)
    assert points.places.tolist() == [[1, 2, 3]]
    np.testing.assert_allclose(points.colours, [[1, 0, 0.2]])
    for cut in range(len(content)):
        path.write_bytes(content[:cut])
        with pytest.raises(Refused):
            read_points(tmp_path)
    path.write_bytes(struct.pack("<Q", 1 << 60))
    with pytest.raises(Refused):
        read_points(tmp_path)
    path.write_bytes(struct.pack("<Q", 0))
    assert read_points(tmp_path) is None
    path.unlink()
    assert read_points(tmp_path) is None
