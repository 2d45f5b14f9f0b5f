"""Which cameras belong to a scene, and any file or folder of them."""

from __future__ import annotations

import os
from pathlib import Path

from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.camera_lists import read_list
from daub.codec.scenes.cameras.colmap import is_model, read_model
from daub.codec.scenes.claims import Refused
from daub.render.splats.camera import Camera

LISTS = ("cameras.json", "transforms.json", "transforms_train.json")
_MODELS = ("sparse/0", "sparse", "colmap/sparse/0", "colmap/sparse", ".")


def read_cameras(path: str | os.PathLike) -> tuple[Camera, ...]:
    """The cameras of a file, or of a folder that holds a COLMAP model or such a file.

    Raises:
        DaubError: there are none, they cannot be read, or a lens is distorted.
    """
    path = Path(path)
    found = find_cameras(path)
    if found is None:
        remedy = f"choose a COLMAP model, or one of {', '.join(LISTS)}"
        raise DaubError(f"cannot open {path}", "there are no cameras in it", remedy)
    try:
        cameras = tuple(read_model(found) if found.is_dir() else read_list(found))
    except Refused as error:
        raise DaubError(f"cannot open {found}", error.why, error.remedy) from error
    if not cameras:
        raise DaubError(f"cannot open {found}", "there is no camera in it", "choose another")
    return cameras


def cameras_beside(folder: Path) -> tuple[tuple[Camera, ...], tuple[str, ...]]:
    """Those that lie beside a scene, or where the INRIA trainer puts them, and why some that do cannot be read.

    Args:
        folder: of the scene; if it is point_cloud/iteration_N, its cameras are two folders up.
    """
    folders = [folder]
    if folder.name.startswith("iteration_") and folder.parent.name == "point_cloud":
        folders.append(folder.parent.parent)
    found = next(filter(None, map(find_cameras, folders)), None)
    if found is None:
        return (), ()
    try:
        return read_cameras(found), ()
    except DaubError as error:
        return (), (str(error),)


def find_cameras(path: Path) -> Path | None:
    """The file, or the folder of a COLMAP model, that holds the cameras of a folder; a file is taken as it is."""
    if not path.is_dir():
        return path
    for name in LISTS:
        if (path / name).is_file():
            return path / name
    return next((path / name for name in _MODELS if is_model(path / name)), None)
