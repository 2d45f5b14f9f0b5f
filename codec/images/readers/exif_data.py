"""What readers take from EXIF: which way up a picture is, and the colour space it names.

Nothing else turns a picture than this and the transformations of its container: what XMP says of the orientation is a
note of the program that wrote it, for itself.
"""

from __future__ import annotations

import PIL.Image
from PIL.ExifTags import Base as Tag

from daub.codec.images.colour import exif
from daub.codec.images.colour.signals import Signal

_AS_TEXT = "Raw profile type exif"  # how ImageMagick wrote EXIF before PNG had a chunk for it


def of_image(image: PIL.Image.Image, notices: list[str]) -> PIL.Image.Exif:
    """The EXIF data of an image that Pillow has loaded; before that, those of PNG may be out of its sight."""
    data = image.info.get("exif")
    if data is None and _AS_TEXT in image.info:
        try:
            data = bytes.fromhex("".join(image.info[_AS_TEXT].split("\n")[3:]))
        except ValueError as error:
            notices.append(_damaged(error))
    return parsed(data or b"", notices)


def parsed(data: bytes, notices: list[str]) -> PIL.Image.Exif:
    """EXIF data as tags; without any where there are none or they are damaged, which is noticed."""
    tags = PIL.Image.Exif()
    if data:
        try:
            tags.load(data)
            tags.get(Tag.Orientation)  # a value is parsed when it is first asked for
        except Exception as error:  # Pillow's parser raises anything on damaged data, which must not cost the picture
            notices.append(_damaged(error))
            return PIL.Image.Exif()
    return tags


def orientation(tags: PIL.Image.Exif) -> int:
    """1 to 8; 1 where there is none."""
    number = tags.get(Tag.Orientation, 1)
    return number if number in range(1, 9) else 1


def colour(tags: PIL.Image.Exif, notices: list[str]) -> tuple[Signal, ...]:
    """The colour space that the tags name, if any."""
    try:
        named = exif.colour_of(tags)
    except Exception as error:
        if isinstance(error, ValueError):
            notices.append(f"the colour space in its EXIF data is passed over ({error})")
        return ()
    return (named,) if named else ()


def _damaged(error: Exception) -> str:
    return f"its EXIF data are damaged ({error}), so it may lie on its side"
