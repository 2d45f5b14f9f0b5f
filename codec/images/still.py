"""Image files in: whatever a file holds becomes (H, W, 3) float32 sRGB, upright, and opaque unless alpha is asked for.

FORMATS.md says what is read and how, and which limits hold. Of animations and multi-page files the first frame counts.
What was lost on the way is said in `Image.notices`; a file that cannot be read whole is refused.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import PIL.Image
import PIL.ImageColor

from daub.codec.errors import DaubError
from daub.codec.files import open_file
from daub.codec.images import interpret, readers
from daub.codec.images.samples import as_stored
from daub.codec.transparency import WHITE

MAX_PIXELS = 200_000_000  # largest image that is read: admits 15360x8640, at 12 bytes of memory per pixel

# Pillow's warnings address programmers. What a person should know becomes a notice, or the line of a refusal: images
# above Pillow's own limit of pixels, for one, of which it warns, and which it refuses above twice the limit only.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True)
class Image:
    """A still picture.

    Args:
        pixels: (H, W, 3) float32, sRGB-encoded, in [0, 1]; or (H, W, 4), straight colours and alpha; or, where it was
            allowed, (H, W, 3) uint8, whose level 255 stands for 1.
        notices: what a person should know about the reading, one phrase each.
        source_bytes: size of the file; None for a picture that was no file.
        path: of that file; None where the picture was given in memory.
    """

    pixels: np.ndarray
    notices: tuple[str, ...] = ()
    source_bytes: int | None = None
    path: Path | None = None


def load(
    source: str | os.PathLike | bytes | BinaryIO,
    background: tuple[float, float, float] | None = WHITE,
    max_pixels: int = MAX_PIXELS,
    managed: bool = True,
    turned: bool = True,
    levels: bool = False,
) -> Image:
    """Read an image in one of the formats of FORMATS.md, which its content tells.

    The orientation is applied, colours become sRGB from whatever the file says they are (COLOUR.md), and what is
    transparent is laid on `background`.

    Args:
        source: a path, the content of a file, or a file opened for binary reading (read from where it stands).
        background: sRGB-encoded, each in [0, 1]; mixed in encoded values, as browsers do. None: pixels keep their alpha
            where any of it is transparent.
        max_pixels: more than this many are refused from the header, before memory is spent.
        managed: colours are what the file says they are; otherwise samples are taken as they are stored, as in a mask.
        turned: the orientation that EXIF or TIFF tells is applied; otherwise rows and columns are as they are stored,
            which is what cameras are found for. What a container of HEIF or JPEG XL turns is turned in any case.
        levels: pixels of 8 bits whose colours are sRGB already, and opaque, stay uint8: a quarter of the memory.

    Raises:
        DaubError: no such file, no image, damaged, cut short, or too large.
    """
    with _opened(source) as (file, name, path):
        size = file.seek(0, os.SEEK_END)
        if size == 0:
            raise DaubError(f"cannot open {name}", "it is empty", "check where it came from")
        file.seek(0)
        # Pillow's own limit is global and may only rise: it still guards the pictures nested in icons and the like.
        PIL.Image.MAX_IMAGE_PIXELS = max(PIL.Image.MAX_IMAGE_PIXELS or 0, max_pixels)
        with _decoding(name):
            decoded = readers.read(file, readers.Limits(max_pixels))
    if not managed:
        decoded.colour = ()
    if not turned:
        decoded.values = as_stored(decoded.values, decoded.orientation)
    pixels, notices = interpret.to_srgb(decoded, background, levels)
    return Image(pixels, notices, size, path)


def from_pillow(
    image: PIL.Image.Image,
    background: tuple[float, float, float] | None = WHITE,
    max_pixels: int = MAX_PIXELS,
    levels: bool = False,
) -> Image:
    """Do what `load` does for an image already in Pillow's hands: pasted, or drawn. RGB has 8 bits per sample there.

    Raises:
        DaubError: too large, or lazily opened and damaged.
    """
    name = "the pasted image"
    with _decoding(name):
        readers.Limits(max_pixels).check(*image.size)
        decoded = readers.from_pillow(image)
    return Image(*interpret.to_srgb(decoded, background, levels))


def parse_colour(text: str) -> tuple[float, float, float]:
    """Understand a colour as people name it: "#08f", "0,136,255", "rgb(0%, 50%, 100%)", "hsl(210, 100%, 50%)", "white".

    Returns:
        Red, green and blue, sRGB-encoded, in [0, 1].

    Raises:
        DaubError: it is not an opaque colour.

    >>> parse_colour("white"), parse_colour("0,255,0") == parse_colour("#0f0")
    ((1.0, 1.0, 1.0), True)
    """
    try:
        channels = PIL.ImageColor.getrgb(f"rgb({text})" if text.count(",") == 2 and "(" not in text else text.strip())
    except ValueError:
        channels = ()
    if len(channels) != 3 or not all(0 <= channel <= 255 for channel in channels):
        remedy = "write it as white, #rrggbb or r,g,b with numbers from 0 to 255"
        raise DaubError(f"cannot use the colour {text!r}", "it is not an opaque colour", remedy)
    red, green, blue = (channel / 255 for channel in channels)
    return red, green, blue


@contextmanager
def _opened(source: str | os.PathLike | bytes | BinaryIO) -> Iterator[tuple[BinaryIO, str, Path | None]]:
    if isinstance(source, bytes | bytearray | memoryview):
        yield io.BytesIO(source), "the image", None
        return
    if hasattr(source, "read"):
        yield io.BytesIO(source.read()), str(getattr(source, "name", "the image")), None
        return
    path = Path(source)
    with open_file(path, wanted="an image file") as file:
        yield file, str(path), path


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises into one line about the file `name`."""
    what = f"cannot open {name}"
    try:
        yield
    except readers.Refused as error:
        raise DaubError(what, error.why, error.remedy) from error
    except readers.Damaged as error:
        why = f"its {error.kind} data are damaged or cut short ({error.reason})"
        raise DaubError(what, why, "get a complete copy of it") from error
    except PIL.Image.DecompressionBombError as error:
        raise DaubError(what, "it declares far too many pixels", "scale it down with another program") from error
    except MemoryError as error:
        raise DaubError(what, "there is not enough memory for it", "scale it down with another program") from error
    except Exception as error:  # of an image that Pillow has opened, and decodes only now
        raise DaubError(what, f"it is damaged or cut short ({error})", "get a complete copy of it") from error
