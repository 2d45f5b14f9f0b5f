"""Pictures all around a scene, as numbered images or as a film."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from daub.codec import images
from daub.codec.scenes import film
from daub.render.eight_bit import to_8bit
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene


def is_film(target: str | os.PathLike) -> bool:
    """The name asks for one, rather than for images."""
    return os.fspath(target).lower().endswith(film.SUFFIX)


def check_turn(target: str | os.PathLike) -> None:
    """Raises DaubError where the name is no image's and no film's, or no film can be made here."""
    if is_film(target):
        film.check_film(target)
    else:
        images.check_format(target)


def size_for(target: str | os.PathLike, width: int, height: int) -> tuple[int, int]:
    """Pixels that the pictures of such a file have: those, or the next even ones of a film."""
    return film.even(width, height) if is_film(target) else (width, height)


def names_of(target: str | os.PathLike, count: int) -> tuple[str, ...]:
    """The files that so many pictures make up: a film, or images with a number before the suffix.

    >>> names_of("a.png", 10)[::9], names_of("a.mp4", 10)
    (('a-01.png', 'a-10.png'), ('a.mp4',))
    """
    if is_film(target):
        return (os.fspath(target),)
    path, digits = Path(target), len(str(count))
    return tuple(str(path.with_stem(f"{path.stem}-{n:0{digits}}")) for n in range(1, count + 1))


def write_turn(
    scene: CpuScene,
    cameras: Sequence[Camera],
    target: str | os.PathLike,
    background: tuple[float, float, float] = (0.0, 0.0, 0.0),
    *,
    replace: bool = True,
    progress: Callable[[float], None] = lambda fraction: None,
) -> tuple[str, ...]:
    """Writes what the cameras see.

    Args:
        cameras: of one size, by `size_for`.
        target: .mp4, or an image, whose name gets numbers.
        background: red, green, blue, 0 to 1.
        replace: as of `files.write_atomic`.
        progress: is told the share that is done, 0 to 1; what it raises ends it, and images that are there stay.

    Returns:
        The names of the files.

    Raises:
        DaubError: they cannot be written.
    """
    check_turn(target)
    names = names_of(target, len(cameras))
    pictures = _pictures(scene, cameras, background, progress)
    if is_film(target):
        film.write_film(target, pictures, cameras[0].width, cameras[0].height, replace=replace)
    else:
        for name, picture in zip(names, pictures, strict=True):
            images.save(name, picture, replace=replace)
    return names


def _pictures(
    scene: CpuScene,
    cameras: Sequence[Camera],
    background: tuple[float, float, float],
    progress: Callable[[float], None],
) -> Iterator[np.ndarray]:
    """(H, W, 3) uint8 each."""
    for number, camera in enumerate(cameras, 1):
        yield to_8bit(scene.seen(camera).image(background))
        progress(number / len(cameras))
