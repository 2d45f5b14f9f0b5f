"""The ColourEncoding of JPEG XL: ISO/IEC 18181-1, annex E.2, with the numbers of H.273 where it has any."""

from __future__ import annotations

from dataclasses import dataclass

from daub.codec.images.colour import primaries, transfers
from daub.codec.images.colour.primaries import Point
from daub.codec.images.colour.signals import SRGB, Encoding, of_cicp
from daub.codec.images.jpegxl.bits import BitReader

_RGB, _GREY, _XYB = 0, 1, 2  # colour spaces; 3 is unknown
_D65, _CUSTOM, _EQUAL_ENERGY, _DCI = 1, 2, 10, 11  # white points
_WHITES: dict[int, Point] = {_D65: primaries.D65, _EQUAL_ENERGY: (1 / 3, 1 / 3), _DCI: primaries.DCI_P3.white}
_PRIMARIES = {1: primaries.SRGB, 9: primaries.BT2020, 11: primaries.DISPLAY_P3}  # the white point stands by itself
_CODE_OF_PRIMARIES = {1: 1, 9: 9, 11: 12}
_DCI_TRANSFER = 17


@dataclass(frozen=True)
class ColourEncoding:
    """What a file says about its colours.

    Args:
        has_profile: an ICC profile follows the headers.
        grey: there is one channel of colour.
        space: by numbers; None where a profile says it, or where it is unknown.
    """

    has_profile: bool = False
    grey: bool = False
    space: Encoding | None = None


def read_colour_encoding(bits: BitReader) -> ColourEncoding:
    """Read a ColourEncoding."""
    if bits.flag():  # all_default
        return ColourEncoding(space=SRGB)
    has_profile, space = bits.flag(), bits.enum()
    if has_profile or space == _XYB:
        return ColourEncoding(has_profile, space == _GREY)
    return ColourEncoding(False, space == _GREY, _numbers(bits, space))


def _numbers(bits: BitReader, space: int) -> Encoding | None:
    """Read white point, primaries, transfer function and rendering intent."""
    white_number = bits.enum()
    white = _point(bits) if white_number == _CUSTOM else _WHITES.get(white_number, primaries.D65)
    number, corners = 1, primaries.SRGB
    if space != _GREY:
        number = bits.enum()
        known = _PRIMARIES.get(number, primaries.SRGB)
        corners = primaries.Primaries("", *(_point(bits) for _ in range(3))) if number == _CUSTOM else known
    if bits.flag():
        transfer, transfer_number = transfers.power_law(1e7 / max(bits.u(24), 1)), 0
    else:
        transfer_number = bits.enum()
        transfer = transfers.BY_CODE.get(transfer_number, transfers.SRGB)
    bits.enum()  # rendering intent
    if space not in (_RGB, _GREY):
        return None
    if transfer_number == _DCI_TRANSFER:
        transfer = _DCI_CURVE
    elif white_number == _D65 and number in _CODE_OF_PRIMARIES and transfer_number in transfers.BY_CODE:
        return of_cicp(_CODE_OF_PRIMARIES[number], transfer_number)
    return Encoding(_space(corners, white), transfer)


# The decoder of JPEG XL takes this one for a pure power law, without the headroom of SMPTE ST 428-1.
_DCI_CURVE = transfers.power_law(2.6)


def _space(corners: primaries.Primaries, white: Point) -> primaries.Primaries:
    """Primaries with a white point of their own; where they make no sense the conversion will say so."""
    try:
        return primaries.of_points(corners.red, corners.green, corners.blue, white)
    except ValueError:
        return primaries.Primaries("primaries of its own", corners.red, corners.green, corners.blue, white)


def _point(bits: BitReader) -> Point:
    """Read a Customxy: two signed numbers of millionths."""
    x, y = (bits.u32((19, 0), (19, 524288), (20, 1048576), (21, 2097152)) for _ in range(2))
    x, y = ((value >> 1) ^ -(value & 1) for value in (x, y))
    return x / 1e6, y / 1e6
