"""What a file carries of what its photo says of itself: as long as that is worth its bytes."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, BinaryIO

from daub.codec import container
from daub.codec.container.carried import metadata_in_file
from daub.codec.errors import DaubError
from daub.codec.files import is_daub, open_file
from daub.codec.goal import Goal
from daub.codec.images.metadata import kept, metadata_in
from daub.codec.metadata import NOTHING, Metadata

if TYPE_CHECKING:
    import PIL.Image

_LARGEST_SHARE = 1 / 8  # of the bytes that a file may have


def metadata_for(
    source: PIL.Image.Image | str | os.PathLike | bytes | BinaryIO,
    goal: Goal,
    area: int,
    keep_location: bool = False,
) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata for a file, and what a person should know of those that are not in it, one phrase each.

    Args:
        source: an image file: its path, its content, or open for reading; or a Pillow image.
        goal: of the encode.
        area: of the image, pixels.
        keep_location: where the photo was taken is kept.

    Raises:
        DaubError: the file cannot be read.
    """
    metadata, notices = _of(source, keep_location)
    limit = goal.limit(area)
    size = sum(len(chunk.content) for chunk in container.metadata_chunks(metadata))
    if metadata and not size:
        return NOTHING, (*notices, "its metadata are left out, as they take more than a megabyte")
    if limit is not None and size > limit * _LARGEST_SHARE:
        why = f"its metadata are left out: {size:,} bytes are too large a share of {limit:,.0f}"
        return NOTHING, (*notices, why)
    return metadata, tuple(notices)


def _of(source, keep_location: bool) -> tuple[Metadata, list[str]]:
    if isinstance(source, bytes | bytearray | memoryview):
        return metadata_in(io.BytesIO(source), keep_location)
    if hasattr(source, "seek") and not hasattr(source, "getexif"):
        at = source.tell()
        try:
            return metadata_in(source, keep_location)
        finally:
            source.seek(at)
    if hasattr(source, "getexif"):
        xmp = source.info.get("xmp") or b""
        return kept(source.info.get("exif") or b"", xmp if isinstance(xmp, bytes) else xmp.encode(), keep_location)
    if is_daub(source):
        try:
            found = metadata_in_file(container.load_bytes(source))
        except DaubError as error:
            return NOTHING, [str(error)]
        return kept(found.exif, found.xmp, keep_location)
    with open_file(source, wanted="an image file") as file:
        return metadata_in(file, keep_location)
