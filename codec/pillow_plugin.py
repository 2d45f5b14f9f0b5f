"""`.daub` files for Pillow: after `import daub.codec.pillow_plugin`, `Image.open` and `Image.save` know them.

    image.save("photo.daub", quality=60)    # or gaussians=, bpp=, bytes=, psnr=, ms_ssim=; also effort=, steps=, seed=
    image.save("photo.daub", tune="ms-ssim", importance="map.png")    # or an image, or its pixels
    Image.open("photo.daub").show()

Opening reads the size alone; the Gaussians are decoded when pixels are first asked for. What is transparent is RGBA,
saved as opened.
A file that would take gigabytes or minutes (`container.limits`) is refused then, as Pillow does with too many pixels,
unless `Image.MAX_IMAGE_PIXELS = None` has said that such are meant.

Settings may be numbers of Python or of numpy, or text that is one. A file is written whole or not at all: one that was
there stays as it was where a save fails or is stopped.
"""

from __future__ import annotations

import functools
import io
import os
import warnings
from collections.abc import Callable
from typing import IO, Any

from PIL import Image, ImageFile

from daub.codec.errors import DaubError, Large
from daub.codec.files import MAGIC, SUFFIX, write_atomic
from daub.codec.goal import DEFAULT_GOAL, GOALS, Goal
from daub.codec.settings import EncodeSettings
from daub.codec.targets import check_target

FORMAT = "DAUB"
_NUMBERS = ("effort", "steps", "seed")
_GOALS = {kind.keyword: kind for kind in GOALS}
_SETTINGS = {*_GOALS, *_NUMBERS}


class DaubImageFile(ImageFile.ImageFile):
    format = FORMAT
    format_description = "2D Gaussians"

    def _open(self) -> None:
        content = self.fp.read()
        if not _accept(content):
            raise SyntaxError("not a .daub file")  # which tells Pillow to try the next format
        from daub.codec import container

        try:
            self._size = container.read_size(content)
            self._mode = "RGBA" if container.is_transparent(content) else "RGB"
        except DaubError as error:
            raise OSError(str(error)) from error
        self._content = content
        self.info |= _metadata(content)
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), 0, self.mode)]

    def load(self) -> Image.core.PixelAccess | None:
        if self.tile:
            self.im = _decode(self._content).im
            self.tile = []
            if self.fp and self._exclusive_fp:
                self.fp.close()
            self.fp = None
        return super().load()


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(MAGIC)


def _metadata(content: bytes) -> dict[str, bytes]:
    """EXIF and XMP under the names that Pillow gives them."""
    from daub.codec.container.carried import metadata_in_file
    from daub.codec.images.metadata_out import packet

    try:
        found = metadata_in_file(content)
    except DaubError:
        return {}
    said = {"exif": b"Exif\0\0" + found.exif if found.exif else b"", "xmp": packet(found.xmp)}
    return {name: data for name, data in said.items() if data}


def _decode(content: bytes) -> Image.Image:
    from daub.codec import decode

    try:
        return Image.fromarray(decode(content, large=Image.MAX_IMAGE_PIXELS is None))
    except Large as error:
        raise OSError(str(error.with_remedy("set PIL.Image.MAX_IMAGE_PIXELS = None if that is meant"))) from error
    except DaubError as error:
        raise OSError(str(error)) from error


def _save(image: Image.Image, file: IO[bytes], filename: str | bytes) -> None:
    from daub.codec import encode

    options = {name: _number(name, value) for name, value in image.encoderinfo.items() if name in _SETTINGS}
    given = [name for name in _GOALS if options.get(name) is not None]
    if len(given) > 1:
        raise ValueError(f"give one of {', '.join(_GOALS)}, not {' and '.join(given)}")
    try:
        goal = Goal(_GOALS[given[0]], options[given[0]]) if given else DEFAULT_GOAL
        wanted = {name: options[name] for name in _NUMBERS if options.get(name) is not None}
        settings = EncodeSettings(goal, **wanted, tune=image.encoderinfo.get("tune"))
    except DaubError as error:
        raise ValueError(str(error)) from error
    try:
        encoded = encode(image, settings, importance=image.encoderinfo.get("importance"))
    except DaubError as error:
        raise OSError(str(error)) from error
    if encoded.missed is not None:
        warnings.warn(str(encoded.missed), stacklevel=4)  # the line that called Image.save
    file.write(encoded.data)


def _number(name: str, value: Any) -> Any:
    """A setting as a number of Python where it stands for one; its range is checked elsewhere."""
    if isinstance(value, tuple | dict):  # which other settings may be
        raise ValueError(f"{name} {value!r} is no number, give one")
    if hasattr(value, "item") and not getattr(value, "shape", ()):  # of numpy, and of whoever takes after it
        value = value.item()
    if isinstance(value, str):
        try:
            value = float(value) if not value.strip().lstrip("+-").isdecimal() else int(value)
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _write_whole(save: Callable[..., None]) -> Callable[..., None]:
    """Pillow's `Image.save`, which empties the file before it asks for its content: of a .daub it asks first."""

    @functools.wraps(save)
    def save_whole(image: Image.Image, fp: Any, format: str | None = None, **options: Any) -> None:
        path = os.fsdecode(fp) if isinstance(fp, str | bytes | os.PathLike) else None
        if path is None or (format or _format_of(path)).upper() != FORMAT:
            return save(image, fp, format, **options)
        content = io.BytesIO()
        try:
            check_target(path)
            save(image, content, FORMAT, **options)
            write_atomic(path, content.getvalue())
        except DaubError as error:
            cause = error.__cause__
            number = cause.errno if isinstance(cause, OSError) else None
            # Of the class that belongs to the number, such as FileNotFoundError, as Pillow's own would be.
            raise OSError(number, str(error)) if number else OSError(str(error)) from error

    save_whole.writes_whole = True
    return save_whole


def _format_of(path: str) -> str:
    return FORMAT if path.lower().endswith(SUFFIX) else ""


# Once, however often this module is loaded.
if not hasattr(Image.Image.save, "writes_whole"):
    Image.Image.save = _write_whole(Image.Image.save)
Image.register_open(FORMAT, DaubImageFile, _accept)
Image.register_save(FORMAT, _save)
Image.register_extension(FORMAT, SUFFIX)
Image.register_mime(FORMAT, "image/x-daub")
