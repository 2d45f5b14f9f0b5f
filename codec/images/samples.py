"""From a file to the samples it stores, upright. What their colours mean is left to `interpret`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

import imagecodecs
import numpy as np
import PIL.Image
from PIL.ExifTags import Base as Tag

from daub.codec.images import jpegxl
from daub.codec.images.colour.signals import LINEAR_SRGB, Profile, Signal

WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535, np.dtype(np.float32): 1}  # the value of white
_ONE_OF_SEVERAL = "it holds several frames or pages, of which the first is used"


@dataclass
class Samples:
    """Decoded, upright, and not yet interpreted.

    Args:
        values: (H, W, C) uint8, uint16 or float32 with white at 255, 65535 or 1. The channels are grey, RGB or CMYK
            (0 is no ink), and then alpha when `alpha` says so.
        alpha: whether the last channel is alpha.
        colour: what the file says about its colours, the signal that ranks highest first; nothing stands for sRGB.
        notices: what was lost so far, one phrase each.
    """

    values: np.ndarray
    alpha: bool = False
    colour: tuple[Signal, ...] = ()
    notices: list[str] = field(default_factory=list)


def decode(file: BinaryIO, check_size: Callable[[int, int], None]) -> Samples:
    """Decode the first frame of an image file.

    Args:
        file: open for binary reading, at its beginning.
        check_size: called with width and height before the pixels are decoded; refuses by raising.

    Raises:
        Exception: of any kind, when the file is damaged.
    """
    head = file.read(len(jpegxl.CONTAINER))
    file.seek(0)
    if jpegxl.is_jpeg_xl(head):
        return _decode_jpeg_xl(file.read(), check_size)
    with PIL.Image.open(file) as image:
        check_size(*image.size)
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
        notices.append(_ONE_OF_SEVERAL)
    profile = image.info.get("icc_profile")
    return Samples(_upright(values, orientation), alpha, (Profile(profile),) if profile else (), notices)


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
        return _unpremultiplied(values / np.float32(65535)) if 1 in image.tag_v2.get(Tag.ExtraSamples, ()) else values
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


def _upright(values: np.ndarray, orientation: int) -> np.ndarray:
    """A view of the (H, W, C) `values`, turned and mirrored as EXIF 2.32, section 4.6.5.1 says."""
    if orientation >= 5:
        values = values.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return values[::rows, ::columns]


def _decode_jpeg_xl(data: bytes, check_size: Callable[[int, int], None]) -> Samples:
    """`decode` for JPEG XL, of which Pillow knows nothing."""
    header = jpegxl.read_header(data)
    check_size(header.width, header.height)
    values = imagecodecs.jpegxl_decode(data, index=0)
    values = values.reshape(*values.shape[:2], -1)
    if header.floating_point:
        values = np.clip(np.nan_to_num(values.astype(np.float32)), 0, 1)
    elif header.bits not in (8, 16):
        values = values / np.float32((1 << header.bits) - 1)
    alpha = values.shape[2] in (2, 4)
    if header.premultiplied:
        values = _unpremultiplied(values / np.float32(WHITE[values.dtype]))
    notices = [_ONE_OF_SEVERAL] if header.animated else []
    if header.colour == "other":
        notices.append("its colour space is not sRGB, but taken for it")
    return Samples(values, alpha, (LINEAR_SRGB,) if header.colour == "linear sRGB" else (), notices)


def _unpremultiplied(values: np.ndarray) -> np.ndarray:
    """(H, W, C) float32 whose last channel is alpha, with the colours divided by it."""
    alpha = values[..., -1:]
    colours = np.divide(values[..., :-1], alpha, out=np.zeros_like(values[..., :-1]), where=alpha > 0)
    return np.concatenate([np.minimum(colours, 1), alpha], 2)
