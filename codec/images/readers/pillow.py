"""Formats that Pillow reads, each by the one plugin that its content asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
import PIL.Image
from PIL.ExifTags import Base as Tag

from daub.codec.images.colour import png
from daub.codec.images.colour.signals import Profile
from daub.codec.images.readers import exif_data
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.samples import ONE_OF_SEVERAL, WHITE, Samples, upright

_STARTS_PROGRAMS = ("EPS", "WMF", "FPX", "MIC")
# Layouts of 16 bits (not of 5-6-5), the decoder that halves those of SGI, and the floating point of textures.
_CUT_TO_8_BITS = re.compile(r"(?:L|LA|RGB|RGBX|RGBA|CMYK);16[BLN]?|SGI16.*|.*BC6.*", re.DOTALL)


def read(
    file: BinaryIO,
    limits: Limits,
    file_format: str,
    most: int | None = None,
    deep: Callable[[], np.ndarray] | None = None,
) -> Samples:
    """Decode the first frame by one plugin of Pillow.

    Args:
        file: at its beginning.
        limits: how large the picture may be.
        file_format: Pillow's name of the plugin.
        most: pixels that the plugin manages in seconds, where it is a slow one.
        deep: gives the (H, W, C) samples where Pillow would cut them down to 8 bits.
    """
    with PIL.Image.open(file, formats=(file_format,)) as image:
        limits.check(*image.size, most=most)
        return from_pillow(image, deep)


def from_pillow(image: PIL.Image.Image, deep: Callable[[], np.ndarray] | None = None) -> Samples:
    """Take the samples of an image that Pillow has opened or made, or those that `deep` gives.

    Raises:
        Refused: to load it would start another program.
    """
    if getattr(image, "tile", ()) and image.format in _STARTS_PROGRAMS:
        raise Refused(f"it is {image.format}, which another program would have to run", "load it first, or save as PNG")
    notices: list[str] = []
    layout = _stored_layout(image)  # must be asked before loading, which empties it
    if deep is None:
        image.load()
    tags = exif_data.of_image(image, notices)
    if _CUT_TO_8_BITS.fullmatch(layout) and deep is None and image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        notices.append("its samples were cut to 8 bits")
    values = deep() if deep else _pillow_values(image, notices)
    values = values.reshape(*values.shape[:2], -1)
    alpha = values.shape[2] in (2, 4) and image.mode != "CMYK"
    opacity = None if alpha else _colour_key(image, values, layout)
    if opacity is not None:
        values, alpha = np.concatenate([values, opacity], 2), True
    if getattr(image, "is_animated", False) and image.format != "PSD":  # the first frame of a PSD is all layers
        notices.append(ONE_OF_SEVERAL)
    profile = image.info.get("icc_profile")
    colour = (*([Profile(profile)] if profile else []), *png.of_info(image.info), *exif_data.colour(tags, notices))
    # Pillow has turned TIFF upright by itself.
    orientation = 1 if image.format == "TIFF" else exif_data.orientation(tags)
    return Samples(upright(values, orientation), alpha, colour, notices, orientation=orientation)


def _stored_layout(image: PIL.Image.Image) -> str:
    """Pillow's name of how the file stores a pixel, such as "RGB;16B" or "L;4"; "" when unknown."""
    tiles = getattr(image, "tile", ())
    if tiles and tiles[0].codec_name in ("SGI16", "bcn"):
        return f"{tiles[0].codec_name} {tiles[0].args}"
    arguments = tiles[0].args if tiles else ""
    return arguments if isinstance(arguments, str) else str(arguments[0]) if arguments else ""


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


def _colour_key(image: PIL.Image.Image, values: np.ndarray, layout: str) -> np.ndarray | None:
    """(H, W, 1) opacity of an image in which one grey or RGB value means transparent; None for other images."""
    key = image.info.get("transparency")
    if not isinstance(key, int | tuple) or image.mode not in ("1", "L", "I;16", "RGB"):
        return None
    key = np.array(key) * {"L;2": 85, "L;4": 17}.get(layout, 1)  # Pillow widens those samples, but not their key
    return np.where((values == key).all(2, keepdims=True), 0, WHITE[values.dtype]).astype(values.dtype)
