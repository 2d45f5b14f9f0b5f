"""The header of a JPEG XL file, which imagecodecs decodes by but does not tell.

The size must be known before memory is spent, and the samples mean nothing without their depth and colour space.
ISO/IEC 18181-1, clause 6 (bit reading) and annex D (SizeHeader, ImageMetadata); 18181-2 for the container.
"""

from __future__ import annotations

from dataclasses import dataclass

CODESTREAM = b"\xff\x0a"
CONTAINER = b"\x00\x00\x00\x0cJXL \r\n\x87\n"

# Distributions of integers: four pairs (bits to read, offset to add), chosen by two bits.
_ENUM = ((0, 0), (0, 1), (4, 2), (6, 18))
_SIZE = ((9, 1), (13, 1), (18, 1), (30, 1))
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_ALPHA, _SPOT_COLOUR, _COLOUR_FILTER = 0, 2, 5  # types of extra channels
_RGB, _GREY = 0, 1
_D65, _SRGB_PRIMARIES = 1, 1
_TRANSFERS = {8: "linear sRGB", 13: "sRGB"}


@dataclass(frozen=True)
class Header:
    """What a file declares.

    Args:
        width, height: pixels, before the orientation is applied.
        bits: of a sample.
        floating_point: the samples are not integers.
        animated: there may be more than one frame.
        premultiplied: the colours are multiplied by alpha already.
        colour: "sRGB" or "linear sRGB" (also for grey with that transfer function), or "other".
    """

    width: int
    height: int
    bits: int = 8
    floating_point: bool = False
    animated: bool = False
    premultiplied: bool = False
    colour: str = "sRGB"


def is_jpeg_xl(data: bytes) -> bool:
    """Tell whether a file beginning with `data` (12 bytes or more) is JPEG XL, bare or in its container."""
    return data.startswith((CODESTREAM, CONTAINER))


def read_header(data: bytes) -> Header:
    """Parse the header of a whole file.

    Raises:
        ValueError: the header is damaged or incomplete.
    """
    codestream = _codestream(data)
    if not codestream.startswith(CODESTREAM):
        raise ValueError("no JPEG XL codestream")
    bits = _Bits(codestream[2:8192])
    width, height = _size(bits)
    if bits.flag():  # all_default
        return Header(width, height)
    animated = bits.flag() and _extra_fields(bits)
    depth, floating_point = _bit_depth(bits)
    bits.flag()  # modular_16bit_buffers
    premultiplied = [_extra_channel(bits) for _ in range(bits.u32((0, 0), (0, 1), (4, 2), (12, 1)))]
    bits.flag()  # xyb_encoded
    return Header(width, height, depth, floating_point, animated, any(premultiplied), _colour(bits))


class _Bits:
    """A stream of bits, least significant first."""

    def __init__(self, data: bytes):
        self._stream, self._left = int.from_bytes(data, "little"), 8 * len(data)

    def u(self, count: int) -> int:
        """Read an integer of so many bits; ValueError where there are too few."""
        if count > self._left:
            raise ValueError("the JPEG XL header is incomplete")
        value = self._stream & ((1 << count) - 1)
        self._stream >>= count
        self._left -= count
        return value

    def flag(self) -> bool:
        """Read a bit."""
        return bool(self.u(1))

    def u32(self, *distribution: tuple[int, int]) -> int:
        """Read an integer: two bits choose how many bits it has, and what is added to them."""
        count, offset = distribution[self.u(2)]
        return offset + self.u(count)


def _codestream(data: bytes) -> bytes:
    """The bare codestream, or as much of it as the first box that holds any."""
    if data.startswith(CODESTREAM):
        return data
    at = 0
    while at + 8 <= len(data):
        size, kind, body = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        end = at + size if size else len(data)  # a size of 0 reaches to the end of the file
        if kind == b"jxlc":
            return data[body:end]
        if kind == b"jxlp":  # holds one part of several, after its number
            return data[body + 4 : end]
        if end < body:
            break
        at = end
    raise ValueError("no JPEG XL codestream")


def _size(bits: _Bits) -> tuple[int, int]:
    """Read width and height."""
    by_eight = bits.flag()

    def side() -> int:
        return 8 * (1 + bits.u(5)) if by_eight else bits.u32(*_SIZE)

    height = side()
    ratio = bits.u(3)
    if ratio == 0:
        return side(), height
    numerator, denominator = _RATIOS[ratio]
    return height * numerator // denominator, height


def _extra_fields(bits: _Bits) -> bool:
    """Skip orientation (the decoder applies it), intrinsic size and preview; True when the image is animated."""
    bits.u(3)
    if bits.flag():
        _size(bits)
    if bits.flag():
        _skip_preview(bits)
    if not bits.flag():
        return False
    bits.u32((0, 100), (0, 1000), (10, 1), (30, 1))  # ticks per second
    bits.u32((0, 1), (0, 1001), (8, 1), (10, 1))
    bits.u32((0, 0), (3, 0), (16, 0), (32, 0))  # loops
    bits.flag()  # time codes
    return True


def _skip_preview(bits: _Bits) -> None:
    by_eight = bits.flag()
    side = ((0, 16), (0, 32), (5, 1), (9, 33)) if by_eight else ((6, 1), (8, 65), (10, 321), (12, 1345))
    bits.u32(*side)
    if bits.u(3) == 0:
        bits.u32(*side)


def _bit_depth(bits: _Bits) -> tuple[int, bool]:
    """Read the bits of a sample, and whether it is floating point."""
    if not bits.flag():
        return bits.u32((0, 8), (0, 10), (0, 12), (6, 1)), False
    depth = bits.u32((0, 32), (0, 16), (0, 24), (6, 1))
    bits.u(4)  # exponent
    return depth, True


def _extra_channel(bits: _Bits) -> bool:
    """Read an extra channel; True for an alpha channel that the colours are multiplied by."""
    if bits.flag():  # all_default: 8-bit alpha, not premultiplied
        return False
    kind = bits.u32(*_ENUM)
    _bit_depth(bits)
    bits.u32((0, 0), (0, 3), (0, 4), (3, 1))  # subsampling
    bits.u(8 * bits.u32((0, 0), (4, 0), (5, 16), (10, 48)))  # name
    if kind == _SPOT_COLOUR:
        bits.u(4 * 16)
    if kind == _COLOUR_FILTER:
        bits.u32((0, 1), (2, 0), (4, 3), (8, 19))
    return kind == _ALPHA and bits.flag()


def _colour(bits: _Bits) -> str:
    """Read the colour space: "sRGB", "linear sRGB" or "other"."""
    if bits.flag():  # all_default
        return "sRGB"
    icc, space = bits.flag(), bits.u32(*_ENUM)
    if icc or space not in (_RGB, _GREY) or bits.u32(*_ENUM) != _D65:
        return "other"
    if space == _RGB and bits.u32(*_ENUM) != _SRGB_PRIMARIES:
        return "other"
    if bits.flag():  # have_gamma: a pure power law
        return "other"
    return _TRANSFERS.get(bits.u32(*_ENUM), "other")
