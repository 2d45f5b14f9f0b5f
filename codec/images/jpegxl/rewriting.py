"""Other words in the headers of a file, so that the decoder renders other samples than it was made from.

A lossy file holds absolute colours (XYB), and the headers merely say what they were made from: the decoder renders them
in that space and at that depth. imagecodecs offers no choice of another, and for a space that is given by a profile
libjxl renders linear light, which has far too few steps in its dark part at 8 bits. So the headers are written anew.
The frames stay as they are.
"""

from __future__ import annotations

from enum import Enum

from daub.codec.images.jpegxl.bits import BitWriter
from daub.codec.images.jpegxl.header import Places


class Samples(Enum):
    """What the decoder is asked for."""

    SRGB_16 = "sRGB at 16 bits"
    LINEAR_FLOAT = "linear light with the primaries of sRGB, in 32-bit floating point"
    STATED_16 = "the space that the file states, at 16 bits"


def asking_for(samples: Samples, codestream: bytes, places: Places, frames: int, grey: bool) -> bytes:
    """The codestream of a file of absolute colours, so that the decoder renders such samples.

    Args:
        samples: what is wanted.
        codestream: the bare one.
        places: where things stand in it.
        frames: the bit where its headers and its profile end.
        grey: it has one channel of colour.
    """
    out = BitWriter()
    out.copy(codestream, 0, places.depth)
    if samples is Samples.LINEAR_FLOAT:
        _write(out, (1, 1), (0, 2), (7, 4))  # floating point; 32 bits; 8 of them for the exponent
    else:
        _write(out, (0, 1), (3, 2), (15, 6))  # integers; of another number of bits than usual; 1 + 15
    out.copy(codestream, places.depth_end, places.colour)
    if samples is Samples.STATED_16:
        out.copy(codestream, places.colour, places.colour_end)
    else:
        _write_colour(out, grey, samples is Samples.LINEAR_FLOAT)
    out.copy(codestream, places.colour_end, places.end)
    return out.to_bytes() + codestream[-(-frames // 8) :]


def _write_colour(out: BitWriter, grey: bool, linear: bool) -> None:
    """A ColourEncoding, annex E.2: RGB or grey, D65, primaries of sRGB, the curve, and the relative intent."""
    _write(out, (0, 1), (0, 1), (int(grey), 2), (1, 2))  # not all default, no profile, space, white point
    if not grey:
        _write(out, (1, 2))
    _write(out, (0, 1), (2, 2), (6 if linear else 11, 4), (1, 2))  # no gamma; code point 2 + 6 or 2 + 11


def _write(out: BitWriter, *fields: tuple[int, int]) -> None:
    """Write values of so many bits."""
    for value, width in fields:
        out.u(value, width)
