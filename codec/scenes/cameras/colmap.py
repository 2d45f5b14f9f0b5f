"""The cameras of a COLMAP model: cameras.txt and images.txt, or the .bin of both.

https://colmap.github.io/format.html: an image has the quaternion w, x, y, z and the translation that take the world to
the camera, x right, y down, z forward; a pixel's corner lies at whole numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from daub.codec.files import read_file
from daub.codec.scenes.cameras.intrinsics import MOST_CAMERAS, check_undistorted, pinhole
from daub.codec.scenes.claims import Refused
from daub.render.splats.camera import Camera

_LARGEST = 1 << 31  # bytes: images.bin holds all points of all photos
_IMAGE = struct.Struct("<I4d3dI")
_POINT = 24  # bytes of a point of a photo

# By number in a .bin: name, and how many numbers it has. The focal length, or two, and the centre come first.
_MODELS = (
    ("SIMPLE_PINHOLE", 3), ("PINHOLE", 4), ("SIMPLE_RADIAL", 4), ("RADIAL", 5), ("OPENCV", 8), ("OPENCV_FISHEYE", 8),
    ("FULL_OPENCV", 12), ("FOV", 5), ("SIMPLE_RADIAL_FISHEYE", 4), ("RADIAL_FISHEYE", 5), ("THIN_PRISM_FISHEYE", 12),
)  # fmt: skip
_ONE_FOCAL = {"SIMPLE_PINHOLE", "SIMPLE_RADIAL", "RADIAL"}
_TWO_FOCALS = {"PINHOLE", "OPENCV", "FULL_OPENCV"}  # others are distorted whatever their numbers are


def is_model(folder: Path) -> bool:
    """Whether a folder holds one."""
    return any(all((folder / f"{part}.{kind}").is_file() for part in ("cameras", "images")) for kind in ("bin", "txt"))


def read_model(folder: Path) -> list[Camera]:
    """In the order of the names of the photos.

    Raises:
        Refused: it is damaged, or a lens is distorted.
        DaubError: a file cannot be read.
    """
    binary = (folder / "cameras.bin").is_file() and (folder / "images.bin").is_file()
    kind, lenses, images = ("bin", _lenses_of_bytes, _images_of_bytes) if binary else ("txt", _lenses, _images)
    known = {number: _lens(*each) for number, *each in lenses(read_file(folder / f"cameras.{kind}", _LARGEST))}
    cameras = []
    for quaternion, translation, number, name in images(read_file(folder / f"images.{kind}", _LARGEST)):
        if number not in known:
            raise Refused(f"its photo {name!r} names camera {number}, which is not there")
        if len(cameras) == MOST_CAMERAS:
            raise Refused("it has more photos than are read")
        cameras.append(pinhole(*known[number], _rotation(quaternion, name), translation, name))
    return sorted(cameras, key=lambda camera: camera.name)


def _lens(model: str, width: int, height: int, numbers: list[float]) -> tuple:
    if model in _ONE_FOCAL:
        focal, centre, rest = (numbers[0],) * 2, numbers[1:3], numbers[3:]
    elif model in _TWO_FOCALS:
        focal, centre, rest = numbers[:2], numbers[2:4], numbers[4:]
    else:
        focal, centre, rest = (1, 1), (0, 0), (1,)
    check_undistorted(rest, model)
    return width, height, focal, centre


def _rotation(quaternion: list[float], name: str) -> np.ndarray:
    q = np.array(quaternion, np.float64)
    length = np.linalg.norm(q)
    if not 0.5 < length < 2:
        raise Refused(f"the rotation of its photo {name!r} is none")
    w, x, y, z = q / length
    return np.array(
        [[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
         [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
         [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]]
    )  # fmt: skip


# Text.


def _lines(data: bytes) -> list[list[str]]:
    """The words of each line that is no comment."""
    lines = data.decode("utf-8", "replace").splitlines()
    return [line.split() for line in lines if not line.lstrip().startswith("#")]


def _lenses(data: bytes) -> Iterator[tuple]:
    for words in _lines(data):
        if not words:
            continue
        try:
            number, model, width, height = int(words[0]), words[1], int(words[2]), int(words[3])
            numbers = [float(word) for word in words[4:]]
            count = dict(_MODELS)[model]
        except (ValueError, IndexError, KeyError):
            raise Refused(f"a line of cameras.txt is not understood: {' '.join(words)[:60]!r}") from None
        if len(numbers) != count:
            raise Refused(f"its camera {number} has {len(numbers)} numbers, and {model} has {count}")
        yield number, model, width, height, numbers


def _images(data: bytes) -> Iterator[tuple]:
    """Every other line is of points, and may be empty."""
    lines = _lines(data)
    while lines and not lines[-1]:
        lines.pop()
    for words in lines[::2]:
        try:
            numbers = [float(word) for word in words[1:8]]
            quaternion, translation = numbers[:4], numbers[4:]
            camera, name = int(words[8]), " ".join(words[9:])
        except (ValueError, IndexError):
            raise Refused(f"a line of images.txt is not understood: {' '.join(words)[:60]!r}") from None
        yield quaternion, translation, camera, name


# Binary.


def _lenses_of_bytes(data: bytes) -> Iterator[tuple]:
    position = 8
    for _ in range(_count(data)):
        try:
            number, kind, width, height = struct.unpack_from("<IiQQ", data, position)
            model, count = _MODELS[kind] if kind >= 0 else ("", 0)
            numbers = list(struct.unpack_from(f"<{count}d", data, position + 24))
        except (struct.error, IndexError):
            raise Refused("cameras.bin ends too early, or has a camera of a kind that is not known") from None
        position += 24 + 8 * count
        yield number, model, width, height, numbers


def _images_of_bytes(data: bytes) -> Iterator[tuple]:
    position = 8
    for _ in range(_count(data)):
        try:
            _, *numbers, camera = _IMAGE.unpack_from(data, position)
            position += _IMAGE.size
            end = data.index(b"\0", position, position + 4096)
            name = data[position:end].decode("utf-8", "replace")
            (points,) = struct.unpack_from("<Q", data, end + 1)
        except (struct.error, ValueError):
            raise Refused("images.bin ends too early") from None
        position = end + 9 + _POINT * points
        if position > len(data):
            raise Refused("images.bin ends too early")
        yield numbers[:4], numbers[4:], camera, name


def _count(data: bytes) -> int:
    return int.from_bytes(data[:8], "little")
