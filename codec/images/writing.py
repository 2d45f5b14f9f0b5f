"""Images out: the formats that are written, what size of picture each can hold, and a file of 8 bits per sample.

PNG and PPM take a picture strip by strip, so that it need never be there as a whole; others are handed to a library.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import PIL.Image

from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.images import metadata_out
from daub.codec.metadata import NOTHING, Metadata
from daub.codec.transparency import WHITE, laid_on
from daub.render.eight_bit import to_8bit
from daub.render.interruption import aside
from daub.render.strips import assembled


@dataclass(frozen=True)
class Writer:
    """A format that is written.

    Args:
        format: its name, which Pillow knows it by.
        settings: of Pillow; lossless where the format can be, the others near their best.
        pieces: makes the file of strips, width, height, metadata, and whether they have alpha, a piece at a time; None:
            a library wants the whole picture.
        largest_side: pixels, where the format or its library ends before the largest picture there is.
        raw: the file takes 3 bytes for each pixel, whatever is in the picture.
        alpha: it has a place for an alpha channel.
    """

    format: str
    settings: dict[str, Any] = field(default_factory=dict)
    largest_side: int | None = None
    raw: bool = False
    alpha: bool = True
    pieces: Callable[[Iterable[np.ndarray], int, int, Metadata, bool], Iterator[bytes]] | None = None


def _png(
    strips: Iterable[np.ndarray], width: int, height: int, metadata: Metadata, alpha: bool
) -> Iterator[bytes]:
    from daub.codec.images.png_file import png_pieces  # numba, which nobody needs to read an image

    pieces = png_pieces(strips, width, height, alpha)
    yield next(pieces)  # the header
    yield metadata_out.png_chunks(metadata)
    yield from pieces


def _ppm(
    strips: Iterable[np.ndarray], width: int, height: int, metadata: Metadata, alpha: bool
) -> Iterator[bytes]:
    yield f"P6\n{width} {height}\n255\n".encode()
    for strip in strips:
        yield np.ascontiguousarray(strip).data


# JPEG counts sides in 16 bits, and libjpeg stops at 65500; WebP counts them in 14 bits less one; AV1 in 16 bits.
_JPEG = Writer("JPEG", {"quality": 95, "subsampling": "4:4:4", "optimize": True}, 65500, alpha=False)
_TIFF = Writer("TIFF", {"compression": "tiff_adobe_deflate"})
_WRITERS = {
    ".png": Writer("PNG", pieces=_png),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": Writer("WebP", {"lossless": True}, largest_side=16383),
    ".avif": Writer("AVIF", {"quality": 95, "subsampling": "4:4:4"}, largest_side=65536),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".jxl": Writer("JPEG XL"),  # written by imagecodecs, not Pillow
    ".jp2": Writer("JPEG2000"),
    ".bmp": Writer("BMP", raw=True, alpha=False),
    ".ppm": Writer("PPM", raw=True, alpha=False, pieces=_ppm),
}

SUFFIXES = tuple(_WRITERS)  # of files that `save` writes


def check_format(path: str | os.PathLike, width: int = 1, height: int = 1) -> int:
    """Refuses a name or a size that `save` would refuse, before there are pixels.

    Args:
        path: as of `save`.
        width, height: of the picture, pixels; where they are not known yet, the name alone is looked at.

    Returns:
        Bytes that the file takes at least, as far as that is known: 0 where it depends on the picture.

    Raises:
        DaubError: unknown extension, or a size the format cannot hold.
    """
    writer = _writer_of(path)
    if writer.largest_side is not None and max(width, height) > writer.largest_side:
        why = f"{writer.format} holds {writer.largest_side} pixels a side and the picture has {width}x{height}"
        raise DaubError(f"cannot write {os.fspath(path)}", why, "choose .png or a smaller size")
    return 3 * width * height if writer.raw else 0


def holds_alpha(path: str | os.PathLike) -> bool:
    """Whether the format of that name has a place for an alpha channel; raises DaubError for an unknown extension."""
    return _writer_of(path).alpha


def held_metadata(path: str | os.PathLike, metadata: Metadata) -> tuple[Metadata, str]:
    """What `save` would write of metadata, and what its format has no place for, in words; "" where it takes all."""
    return metadata_out.held(metadata, _writer_of(path).format)


def save(path: str | os.PathLike, pixels: np.ndarray, *, replace: bool = True, metadata: Metadata = NOTHING) -> None:
    """Write an image with 8 bits per sample, in the format its extension names, whole or not at all.

    Args:
        path: ends in one of .png .jpg .jpeg .webp .avif .tif .tiff .jxl .jp2 .bmp .ppm.
        pixels: (H, W, 3) uint8 or floating point, sRGB-encoded; of the latter, what is outside [0, 1] is clipped. Or
            (H, W, 4), straight colours and alpha, which is laid on white where the format has no place for it.
        replace: a file that is there already may be written over.
        metadata: what the file says of the picture, as far as its format has a place for it: see `held_metadata`.

    Raises:
        DaubError: unknown extension, a size the format cannot hold, or a file that cannot be written.
        ValueError: not such an array.
    """
    if pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or pixels.size == 0:
        raise ValueError(f"expected pixels (H, W, 3) or (H, W, 4), got {pixels.shape}")
    height, width, channels = pixels.shape
    image8, alpha = pixels if pixels.dtype == np.uint8 else to_8bit(pixels), channels == 4
    if alpha and not holds_alpha(path):
        image8, alpha = laid_on(image8, WHITE), False
    save_strips(path, [image8], width, height, replace=replace, metadata=metadata, alpha=alpha)


def save_strips(
    path: str | os.PathLike,
    strips: Iterable[np.ndarray],
    width: int,
    height: int,
    *,
    replace: bool = True,
    metadata: Metadata = NOTHING,
    alpha: bool = False,
) -> None:
    """Write an image that comes a strip of rows at a time, as `save` does; PNG and PPM keep no more than some strips.

    Args:
        path: as of `save`.
        strips: (rows, width, 3) uint8 each, from top to bottom. Whatever it raises leaves no file.
        width, height: of the whole picture, pixels.
        replace, metadata: as of `save`.
        alpha: strips have a fourth channel, for which the format has a place.

    Raises:
        DaubError: as `save`.
    """
    check_format(path, width, height)
    writer = _writer_of(path)
    metadata, _ = held_metadata(path, metadata)
    if writer.pieces is not None:
        return write_atomic(path, writer.pieces(strips, width, height, metadata, alpha), replace=replace)
    image8 = assembled(strips, height)
    try:
        data = aside(partial(_whole, writer, image8, metadata))  # encoders ask nobody
    except (OSError, ValueError, RuntimeError) as error:  # Pillow raises the first two, imagecodecs the third
        why = f"{writer.format} cannot hold {width}x{height} pixels ({error})"
        raise DaubError(f"cannot write {os.fspath(path)}", why, "choose .png") from error
    write_atomic(path, data, replace=replace)


def _whole(writer: Writer, image8: np.ndarray, metadata: Metadata) -> bytes | memoryview:
    """The content of a file of an image (H, W, 3 or 4) uint8, from an encoder that takes no strips."""
    if writer.format == "JPEG XL":
        return metadata_out.jpeg_xl_file(imagecodecs.jpegxl_encode(image8, lossless=True), metadata)
    file = io.BytesIO()
    about = metadata_out.pillow_settings(metadata, writer.format)
    PIL.Image.fromarray(image8).save(file, writer.format, **writer.settings, **about)
    if writer is _TIFF and metadata.exif:
        return metadata_out.with_directories(file.getvalue(), metadata.exif)
    return file.getbuffer()  # no copy


def _writer_of(path: str | os.PathLike) -> Writer:
    extension = Path(path).suffix.lower()
    if extension not in _WRITERS:
        why = f"{extension} is not an image format this program writes" if extension else "the name has no extension"
        raise DaubError(f"cannot write {os.fspath(path)}", why, f"choose from {' '.join(_WRITERS)}")
    return _WRITERS[extension]
