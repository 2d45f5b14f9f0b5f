"""`.daub` files for Pillow: after `import daub.codec.pillow_plugin`, `Image.open` and `Image.save` know them.

    image.save("photo.daub", quality=60)        # or gaussians=, bpp=, bytes=, psnr=; also effort=, steps= and seed=
    Image.open("photo.daub").show()

Opening reads the size alone; the Gaussians are decoded when pixels are first asked for. Transparency is laid on white.
A file that would take gigabytes or minutes (`container.limits`) is refused then, as Pillow does with too many pixels,
unless `Image.MAX_IMAGE_PIXELS = None` has said that such are meant.
"""

from __future__ import annotations

import warnings
from typing import IO

from PIL import Image, ImageFile

from daub.codec.errors import DaubError, Large
from daub.codec.files import MAGIC, SUFFIX
from daub.codec.goal import DEFAULT_GOAL, GOALS, Goal
from daub.codec.settings import EncodeSettings

FORMAT = "DAUB"


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
        except DaubError as error:
            raise OSError(str(error)) from error
        self._content = content
        self._mode = "RGB"
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

    options = image.encoderinfo
    given = [(kind, options[kind]) for kind in GOALS if options.get(kind) is not None]
    if len(given) > 1:
        raise ValueError(f"give one of {', '.join(GOALS)}, not {' and '.join(kind for kind, _ in given)}")
    try:
        goal = Goal(*given[0]) if given else DEFAULT_GOAL
        wanted = {name: options[name] for name in ("effort", "steps", "seed") if options.get(name) is not None}
        settings = EncodeSettings(goal, **wanted)
    except DaubError as error:
        raise ValueError(str(error)) from error
    try:
        encoded = encode(image, settings)
    except DaubError as error:
        raise OSError(str(error)) from error
    if encoded.missed is not None:
        warnings.warn(str(encoded.missed), stacklevel=3)  # the line that called Image.save
    file.write(encoded.data)


Image.register_open(FORMAT, DaubImageFile, _accept)
Image.register_save(FORMAT, _save)
Image.register_extension(FORMAT, SUFFIX)
Image.register_mime(FORMAT, "image/x-daub")
