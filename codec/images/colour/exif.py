"""What EXIF and the tags of TIFF say about colours: EXIF 2.32, section 4.6.5; DCF 2.0; TIFF 6.0, section 20."""

from __future__ import annotations

import numpy as np
import PIL.Image
from PIL.ExifTags import IFD
from PIL.ExifTags import Base as Tag

from daub.codec.images.colour import transfers
from daub.codec.images.colour.primaries import of_points
from daub.codec.images.colour.signals import ADOBE_RGB, SRGB, Encoding, of_gamma
from daub.codec.images.colour.transfers import Transfer

_INTEROPERABILITY_INDEX = 1
_SRGB, _ADOBE_RGB = 1, 2  # the latter is in no standard, but in files
_DEFAULT_GAMMA = 2.2  # TIFF 6.0, section 20, TransferFunction


def colour_of(exif: PIL.Image.Exif) -> Encoding | None:
    """The colour space that EXIF names; None where it names none.

    Cameras say "uncalibrated" for Adobe RGB, and by the interoperability index that the file is one of the optional
    files of DCF, whose colour space it is.

    Raises:
        ValueError: the tags make no sense.
    """
    space = exif.get_ifd(IFD.Exif).get(Tag.ColorSpace, exif.get(Tag.ColorSpace))
    if space == _SRGB:
        return SRGB
    index = exif.get_ifd(IFD.Interop).get(_INTEROPERABILITY_INDEX, "")
    if space == _ADOBE_RGB or str(index).startswith("R03"):
        return ADOBE_RGB
    return _of_tiff_tags(exif)


def _of_tiff_tags(tags: PIL.Image.Exif) -> Encoding | None:
    """The RGB space of WhitePoint, PrimaryChromaticities and TransferFunction; None without the first two."""
    white, corners = tags.get(Tag.WhitePoint), tags.get(Tag.PrimaryChromaticities)
    if not white or not corners:
        return None
    if len(white) != 2 or len(corners) != 6:
        raise ValueError("its chromaticities are incomplete")
    x_y = [float(value) for value in (*white, *corners)]
    points = list(zip(x_y[::2], x_y[1::2], strict=True))
    space = of_points(*points[1:], points[0])
    curves = _curves(tags.get(Tag.TransferFunction))
    if curves is None:
        return of_gamma(_DEFAULT_GAMMA, space)
    return Encoding(space, curves[0], space.name, channel_transfers=curves if len(curves) == 3 else None)


def _curves(table: tuple[int, ...] | None) -> tuple[Transfer, ...] | None:
    """One curve or three, of 2^bits numbers each, from 0 to 65535; None where there is no sense in them."""
    values = np.array(table if table is not None else [], float) / 65535
    channels = next((n for n in (3, 1) if values.size % n == 0 and (values.size // n).bit_count() == 1), None)
    if channels is None or values.size < 16 * channels:
        return None
    return tuple(transfers.tabulated(curve) for curve in values.reshape(channels, -1))
