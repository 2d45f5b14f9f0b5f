"""Formats that Pillow reads, each by the one plugin that its content asks for."""

from __future__ import annotations

from typing import BinaryIO

import imagecodecs
import numpy as np
import PIL.Image
from PIL.ExifTags import Base as Tag

from daub.codec.images.colour.signals import Profile
from daub.codec.images.readers.refusal import Limits
from daub.codec.images.samples import ONE_OF_SEVERAL, WHITE, Samples, unpremultiplied, upright


def read(file: BinaryIO, limits: Limits, file_format: str, most: int | None = None) -> Samples:
    """Decode the first frame by one plugin of Pillow.

    Args:
        file: at its beginning.
        limits: how large the picture may be.
        file_format: Pillow's name of the plugin.
        most: pixels that the plugin manages in seconds, where it is a slow one.
    """
    with PIL.Image.open(file, formats=(file_format,)) as image:
        limits.check(*image.size, most=most)
        return from_pillow(image, file)


def from_pillow(image: PIL.Image.Image, file: BinaryIO | None = None) -> Samples:
    """Take the samples of an image opened by Pillow; with its `file`, also those Pillow would cut down to 8 bits."""
    notices: list[str] = []
    layout = _stored_layout(image)  # must be asked before loading, which empties it
    if image.format == "PNG":
        image.load()  # the orientation may stand behind the pixels
    orientation = _orientation(image, notices)
    values = _deep_values(image, file, layout) if file else None
    if values is None:
        image.load()
        values = _pillow_values(image, notices)
        if image.format == "TIFF":  # Pillow has turned it upright by itself
            orientation = 1
    values = values.reshape(*values.shape[:2], -1)
    alpha = values.shape[2] in (2, 4) and image.mode != "CMYK"
    opacity = None if alpha else _colour_key(image, values, layout)
    if opacity is not None:
        values, alpha = np.concatenate([values, opacity], 2), True
    if getattr(image, "is_animated", False) and image.format != "PSD":  # the first frame of a PSD is all layers
        notices.append(ONE_OF_SEVERAL)
    profile = image.info.get("icc_profile")
    return Samples(upright(values, orientation), alpha, (Profile(profile),) if profile else (), notices)


def _stored_layout(image: PIL.Image.Image) -> str:
    """Pillow's name of how the file stores a pixel, such as "RGB;16B" or "L;4"; "" when unknown."""
    tiles = getattr(image, "tile", ())
    arguments = tiles[0].args if tiles else ""
    return arguments if isinstance(arguments, str) else str(arguments[0])


def _pillow_values(image: PIL.Image.Image, notices: list[str]) -> np.ndarray:
    """(H, W) or (H, W, C) of a loaded image."""
    if image.mode.startswith("I;16"):
        values = np.asarray(image).astype(np.uint16)
        tags = getattr(image, "tag_v2", {})
        if tags.get(Tag.BitsPerSample) == (12,):  # Pillow leaves depth and sense of these as they are stored
            values = values.astype(np.float32) / 4095
        if tags.get(Tag.PhotometricInterpretation) == 0:  # zero is white
            values = WHITE[values.dtype] - values
        return values
    if image.mode in ("I", "F"):  # 32-bit integers are in practice 16-bit samples (PGM)
        values = np.asarray(image, np.float32) / (65535 if image.mode == "I" else 1)
        clipped = np.clip(np.nan_to_num(values), 0, 1)
        if not np.array_equal(clipped, values):
            notices.append("samples outside the range from black to white were clipped")
        return clipped
    if image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        colour = "RGBA" if image.has_transparency_data else "RGB"
        image = image.convert({"1": "L", "La": "LA"}.get(image.mode, colour))
    return np.asarray(image)


def _deep_values(image: PIL.Image.Image, file: BinaryIO, layout: str) -> np.ndarray | None:
    """(H, W, C) of an RGB or grey-alpha file deeper than 8 bits, which Pillow would cut down; None for other files."""
    if image.format == "PNG" and ";16" in layout and image.mode != "I;16":
        return imagecodecs.png_decode(_content(file))
    if image.format == "TIFF" and image.mode in ("RGB", "RGBA") and 16 in image.tag_v2.get(Tag.BitsPerSample, ()):
        values = imagecodecs.tiff_decode(_content(file))
        if image.tag_v2.get(Tag.PlanarConfiguration) == 2:
            values = np.moveaxis(values, 0, -1)
        values = values[..., : len(image.getbands())]  # leaves out extra samples that are not alpha
        return unpremultiplied(values / np.float32(65535)) if 1 in image.tag_v2.get(Tag.ExtraSamples, ()) else values
    if image.format == "PPM" and image.mode == "RGB" and image.tile[0].codec_name == "ppm":
        width, height = image.size
        white = image.tile[0].args[-1]
        depth = ">u2" if white > 255 else "u1"
        values = np.frombuffer(_content(file), depth, 3 * width * height, image.tile[0].offset)
        return np.minimum(values.reshape(height, width, 3) / np.float32(white), 1)
    return None


def _content(file: BinaryIO) -> bytes:
    """All bytes of a file, from its beginning."""
    file.seek(0)
    return file.read()


def _colour_key(image: PIL.Image.Image, values: np.ndarray, layout: str) -> np.ndarray | None:
    """(H, W, 1) opacity of an image in which one grey or RGB value means transparent; None for other images."""
    key = image.info.get("transparency")
    if not isinstance(key, int | tuple) or image.mode not in ("1", "L", "I;16", "RGB"):
        return None
    key = np.array(key) * {"L;2": 85, "L;4": 17}.get(layout, 1)  # Pillow widens those samples, but not their key
    return np.where((values == key).all(2, keepdims=True), 0, WHITE[values.dtype]).astype(values.dtype)


def _orientation(image: PIL.Image.Image, notices: list[str]) -> int:
    """EXIF orientation, 1 to 8; 1 where there is none."""
    try:
        orientation = image.getexif().get(Tag.Orientation, 1)
    except Exception as error:  # Pillow's parser raises anything on damaged data, which must not cost the picture
        notices.append(f"its EXIF data are damaged ({error}), so it may lie on its side")
        return 1
    return orientation if orientation in range(1, 9) else 1
