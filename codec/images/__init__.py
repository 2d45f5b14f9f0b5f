"""Still images: a file or a Pillow image <-> (H, W, 3 or 4) float32 sRGB in [0, 1]."""

from daub.codec.images.preview import preview
from daub.codec.images.readers import SUFFIXES as READ_SUFFIXES
from daub.codec.images.still import MAX_PIXELS, WHITE, Image, from_pillow, load, parse_colour
from daub.codec.images.writing import SUFFIXES, check_format, held_metadata, holds_alpha, save, save_strips

__all__ = [
    "MAX_PIXELS",
    "READ_SUFFIXES",
    "SUFFIXES",
    "WHITE",
    "Image",
    "check_format",
    "from_pillow",
    "held_metadata",
    "holds_alpha",
    "load",
    "parse_colour",
    "preview",
    "save",
    "save_strips",
]
