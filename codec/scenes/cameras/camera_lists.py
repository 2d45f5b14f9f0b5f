"""Cameras that stand in a list of JSON: transforms.json of NeRF, cameras.json of INRIA, and one of matrices.

- transforms.json has camera to world, in the axes of OpenGL: x right, y up, z backward. Focal lengths in pixels, or an
  angle of view; for all, or for each photo.
- cameras.json of the INRIA trainer has the centre of each camera and its rotation, camera to world, in the axes of
  OpenCV: x right, y down, z forward; the principal point is the middle of the picture.
- a list "cameras" of matrices K, R and t, world to camera in the axes of OpenCV.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from daub.codec.files import read_file
from daub.codec.scenes.cameras.intrinsics import MOST_CAMERAS, check_undistorted, pinhole
from daub.codec.scenes.claims import Refused
from daub.render.splats.camera import Camera

_LARGEST = 1 << 28  # bytes
_LENS = ("k1", "k2", "k3", "k4", "p1", "p2")
_FROM_OPENGL = np.diag([1.0, -1.0, -1.0])  # of columns of camera to world


def read_list(path: Path) -> list[Camera]:
    """In the order of the file.

    Raises:
        Refused: it is none of them, or damaged.
        DaubError: it cannot be read.
    """
    try:
        content = json.loads(read_file(path, _LARGEST))
    except (ValueError, RecursionError) as error:
        raise Refused("it is no JSON") from error
    if isinstance(content, dict) and isinstance(content.get("frames"), list):
        entries, one = content["frames"], lambda entry: _of_transforms(entry, content, path.parent)
    elif isinstance(content, dict) and isinstance(content.get("cameras"), list):
        entries, one = content["cameras"], _of_matrices
    elif isinstance(content, list):
        entries, one = content, _of_inria
    else:
        raise Refused("it has no list of cameras")
    if len(entries) > MOST_CAMERAS:
        raise Refused(f"it has {len(entries):,} cameras, more than are read")
    try:
        with np.errstate(all="ignore"):  # what is no number is found when the camera is made
            return [one(entry) for entry in entries]
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, OverflowError) as error:
        raise Refused(f"one of its cameras lacks something, or is not made of numbers ({str(error)[:60]})") from error


def _of_inria(entry: dict) -> Camera:
    width, height = _number(entry["width"]), _number(entry["height"])
    rotation = np.array(entry["rotation"], np.float64).T
    focal = _number(entry["fx"]), _number(entry["fy"])
    translation = -rotation @ np.array(entry["position"], np.float64)
    return pinhole(width, height, focal, (width / 2, height / 2), rotation, translation, str(entry.get("img_name", "")))


def _of_matrices(entry: dict) -> Camera:
    k = np.array(entry["K"], np.float64)
    size = _number(entry["width"]), _number(entry["height"])
    name = str(entry.get("file", entry.get("name", "")))
    return pinhole(*size, (k[0, 0], k[1, 1]), (k[0, 2], k[1, 2]), entry["R"], entry["t"], name)


def _of_transforms(entry: dict, shared: dict, folder: Path) -> Camera:
    known = {**shared, **entry}
    model = str(known.get("camera_model", "OPENCV"))
    straight = "FISHEYE" not in model and "EQUIRECTANGULAR" not in model
    check_undistorted([_number(known.get(name, 0)) for name in _LENS] if straight else [1], model)
    name = str(entry.get("file_path", ""))
    if "w" in known and "h" in known:
        width, height = _number(known["w"]), _number(known["h"])
    else:
        width, height = _size_of(folder, name)
    angle = _number(known.get("camera_angle_x", math.nan))
    focal_x = _number(known["fl_x"]) if "fl_x" in known else width / 2 / math.tan(angle / 2)
    focal_y = _number(known["fl_y"]) if "fl_y" in known else focal_x
    centre = _number(known.get("cx", width / 2)), _number(known.get("cy", height / 2))
    matrix = np.array(entry["transform_matrix"], np.float64)
    rotation = (matrix[:3, :3] @ _FROM_OPENGL).T
    return pinhole(width, height, (focal_x, focal_y), centre, rotation, -rotation @ matrix[:3, 3], name)


def _size_of(folder: Path, name: str) -> tuple[int, int]:
    """Of a photo, in pixels, where the list does not say it."""
    from PIL import Image

    for candidate in (folder / name, folder / f"{name}.png", folder / f"{name}.jpg"):
        if candidate.is_file() and candidate.resolve().is_relative_to(folder.resolve()):
            try:
                with Image.open(candidate, formats=("PNG", "JPEG")) as image:
                    return image.size
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                break
    raise Refused(f"it does not say how large the photo {name[:60]!r} is, which is not beside it")


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{str(value)[:30]!r} is no number")
    return float(value)
