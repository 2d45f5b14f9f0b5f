"""A small copy of a large image in a fraction of the time, from formats that can be decoded at a reduced size."""

from __future__ import annotations

import os

import PIL.Image

from daub.codec.errors import DaubError
from daub.codec.images.still import WHITE, Image, from_pillow

MOST = 1 << 20  # pixels of a preview: as many as a window shows of it
WORTH = 4  # times as many pixels has an image of which there is one: it takes a quarter of the time, or less


def preview(path: str | os.PathLike, background: tuple[float, float, float] = WHITE, most: int = MOST) -> Image | None:
    """Decode a JPEG at an eighth, a quarter or half of its size, which leaves out most of the inverse transform.

    Args:
        path: of a file.
        background: as of `load`.
        most: at most so many pixels shall be left, and a quarter of that at least.

    Returns:
        The image as `load` would give it, (h, w, 3); None for other formats, for what is damaged, and where it would
        hardly be faster than `load`.
    """
    try:
        with PIL.Image.open(path, formats=("JPEG",)) as image:
            width, height = image.size
            if width * height < WORTH * most:
                return None
            scale = (most / (width * height)) ** 0.5 / 2  # the next larger one of its sizes is taken
            image.draft(None, (max(1, int(width * scale)), max(1, int(height * scale))))
            return from_pillow(image, background) if image.size != (width, height) else None
    except (OSError, SyntaxError, ValueError, PIL.Image.DecompressionBombError, DaubError):
        return None  # `load` says what is wrong
