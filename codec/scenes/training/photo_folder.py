"""A folder of photos and their cameras: a COLMAP model with its images, or a list of cameras beside its photos."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.beside import find_cameras, read_cameras
from daub.codec.scenes.cameras.colmap_points import Points, read_points
from daub.codec.scenes.claims import MEMORY_LIMIT, Refused
from daub.codec.scenes.training.photos import Photo, Photos
from daub.codec.scenes.training.settings import TrainingSettings
from daub.render.splats.camera import Camera

_FOLDERS = ("images", "input", "")  # where photos are, beside a model or a list or above it
_SUFFIXES = ("", ".png", ".jpg", ".JPG", ".jpeg")  # names may lack theirs
_FEWEST = 2  # photos to train on
_PER_PIXEL = 4  # bytes of a photo in all its sizes
_BLACK = (0.0, 0.0, 0.0)  # behind a scene while it is trained, and so behind what is transparent in a photo
_SAME_SHAPE = 1.5  # pixels that a photo may be higher or lower than its camera says


def read_photos(
    folder: str | os.PathLike, settings: TrainingSettings, progress: Callable[[float], None] = lambda share: None
) -> tuple[Photos, tuple[str, ...]]:
    """The photos that cameras were found for, reduced to the size that is asked for, in the order of their names.

    Args:
        folder: with cameras in it as `read_cameras` finds them: pinholes, SIMPLE_PINHOLE and PINHOLE of COLMAP or
            others whose distortion is zero. Photos are beside the cameras or in images/, there or further up.
        progress: is told the share that has been read.

    Returns:
        The photos, and remarks on what was left out.

    Raises:
        DaubError: there are no cameras, a lens is distorted, or photos are missing, damaged, of another shape, or more
            than memory is taken for.
    """
    folder = Path(folder)
    if not folder.is_dir():
        why = "it is no folder" if folder.exists() else "there is no such folder"
        raise DaubError(f"cannot train on {folder}", why, "give a folder of photos with their cameras")
    cameras = sorted(read_cameras(folder), key=lambda camera: camera.name)
    found = find_cameras(folder)
    beside = found if found.is_dir() else found.parent
    paths = [_path_of(camera, beside, folder) for camera in cameras]
    there = [(camera, path) for camera, path in zip(cameras, paths, strict=True) if path is not None]
    missing = [camera.name for camera, path in zip(cameras, paths, strict=True) if path is None]
    held_out = [settings.hold_out > 0 and n % settings.hold_out == 0 for n in range(len(there))]
    if held_out.count(False) < _FEWEST:
        why = f"{len(there)} of its {len(cameras)} photos are there, and it takes {_FEWEST} to train on"
        if missing:
            why += f"; {missing[0]!r} is not in it" if there else f", such as {missing[0]!r}"
        raise DaubError(f"cannot train on {folder}", why, "put the photos into its folder images, or hold out fewer")
    _check_memory(folder, [camera for camera, _ in there], settings.size)
    photos = []
    for n, (camera, path) in enumerate(there):
        photos.append(_read(camera, path, settings.size))
        progress((n + 1) / len(there))
    remarks = [f"{len(missing)} of {len(cameras)} cameras have no photo, such as {missing[0]!r}"] if missing else []
    trained, kept = (
        tuple(photo for photo, out in zip(photos, held_out, strict=True) if out == which) for which in (False, True)
    )
    return Photos(trained, kept, _points(found)), tuple(remarks)


def _points(found: Path) -> Points | None:
    if not found.is_dir():
        return None
    try:
        return read_points(found)
    except Refused as error:
        raise DaubError(f"cannot open {found}", error.why, error.remedy) from error


def _path_of(camera: Camera, beside: Path, folder: Path) -> Path | None:
    """The photo of a camera, within the folder alone, whatever names a file may say."""
    inside, root = beside.resolve(), folder.resolve()
    levels = [inside, *(parent for parent in inside.parents if parent.is_relative_to(root))]
    for level in levels if inside.is_relative_to(root) else [root]:
        for part in _FOLDERS:
            for suffix in _SUFFIXES:
                path = level / part / f"{camera.name}{suffix}"
                try:
                    if camera.name and path.is_file() and path.resolve().is_relative_to(root):
                        return path
                except (OSError, ValueError):  # a name that is too long, or none
                    continue
    return None


def _check_memory(folder: Path, cameras: list[Camera], size: int) -> None:
    needed = 0
    for camera in cameras:
        share = min(1.0, size / max(camera.width, camera.height))
        needed += int(_PER_PIXEL * share * share * camera.width * camera.height)
    if needed > MEMORY_LIMIT:
        why = f"its {len(cameras):,} photos would take {needed >> 30} GB of memory at {size} pixels"
        raise DaubError(f"cannot train on {folder}", why, "choose a smaller --size")


def _read(camera: Camera, path: Path, longest: int) -> Photo:
    from PIL import Image

    # Cameras are of the pixels as they are stored: who finds them passes over the orientation of EXIF.
    image = images.load(path, _BLACK, turned=False)
    pixels = np.rint(image.pixels.clip(0, 1) * 255).astype(np.uint8)
    height, width, _ = pixels.shape
    if abs(width / camera.width * camera.height - height) > _SAME_SHAPE * max(1, width / camera.width):
        why = f"it has {width}x{height} pixels, and its camera {camera.width}x{camera.height}"
        raise DaubError(f"cannot train on {path}", why, "give the photos that the cameras were found for")
    share = min(1.0, longest / max(width, height), longest / max(camera.width, camera.height))
    size = max(1, round(width * share)), max(1, round(height * share))
    if size != (width, height):
        pixels = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))
    return Photo(camera.resized(*size), pixels)
