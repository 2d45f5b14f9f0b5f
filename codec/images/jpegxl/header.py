"""The headers of JPEG XL: ISO/IEC 18181-1, annex D (SizeHeader, ImageMetadata), which nothing that decodes it tells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from daub.codec.images.colour.signals import SRGB
from daub.codec.images.jpegxl.bits import BitReader
from daub.codec.images.jpegxl.codestream import CODESTREAM, codestream_of
from daub.codec.images.jpegxl.colour_encoding import ColourEncoding, read_colour_encoding

_SRGB_ENCODING = ColourEncoding(space=SRGB)
_SIZE = ((9, 1), (13, 1), (18, 1), (30, 1))
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
ALPHA, _SPOT_COLOUR, BLACK, _COLOUR_FILTER = 0, 2, 4, 5  # kinds of extra channels
STANDARD_LIGHT, _PQ_LIGHT = 255.0, 10_000.0  # cd/m2 of white: by default, and of PQ that says nothing of its own


@dataclass(frozen=True)
class Places:
    """Where things stand in the codestream, in bits; all zero where everything is left at its default.

    Args:
        depth, depth_end: the bit depth.
        colour, colour_end: the colour encoding.
        end: behind all headers; there a profile begins, or the frames at the next whole byte.
    """

    depth: int = 0
    depth_end: int = 0
    colour: int = 0
    colour_end: int = 0
    end: int = 0


@dataclass(frozen=True)
class Header:
    """What a file declares.

    Args:
        width, height: pixels, before the orientation is applied.
        bits: of a sample.
        floating_point: the samples are not integers.
        animated: there may be more than one frame.
        premultiplied: the colours are multiplied by alpha already.
        colour: the space that the file names, or that a profile does.
        absolute: colours are stored in the decoder's own space (XYB) and may be asked for in any other.
        light: cd/m2 of the brightest sample.
        extra_channels: kinds of the channels beside the colours, all of which the decoder holds.
    """

    width: int
    height: int
    bits: int = 8
    floating_point: bool = False
    animated: bool = False
    premultiplied: bool = False
    colour: ColourEncoding = _SRGB_ENCODING
    absolute: bool = True
    light: float = STANDARD_LIGHT
    extra_channels: tuple[int, ...] = field(default=(), compare=False)


def read_header(data: bytes) -> Header:
    """Parse the headers of a whole file.

    Raises:
        ValueError: they are damaged or incomplete.
    """
    return parse(codestream_of(data))[0]


def parse(codestream: bytes) -> tuple[Header, Places]:
    """The headers of a bare codestream, and where what matters stands in it.

    Raises:
        ValueError: they are damaged or incomplete.
    """
    if not codestream.startswith(CODESTREAM):
        raise ValueError("no JPEG XL codestream")
    bits = BitReader(codestream, 8 * len(CODESTREAM))
    width, height = _size(bits)
    if bits.flag():  # all_default
        return Header(width, height), Places()
    has_extra_fields = bits.flag()
    animated = has_extra_fields and _extra_fields(bits)
    depth_at = bits.at
    depth, floating_point = _bit_depth(bits)
    depth_end = bits.at
    bits.flag()  # modular_16bit_buffers
    extra = [_extra_channel(bits) for _ in range(bits.u32((0, 0), (0, 1), (4, 2), (12, 1)))]
    absolute = bits.flag()
    colour_at = bits.at
    colour = read_colour_encoding(bits)
    colour_end = bits.at
    light = _tone_mapping(bits) if has_extra_fields else None
    _extensions(bits)
    _transform_data(bits, absolute)
    if colour.space and colour.space.transfer.hdr == "PQ" and light and light < _PQ_LIGHT:
        colour = replace(colour, space=replace(colour.space, peak=light))
    header = Header(width, height, depth, floating_point, animated, any(each[1] for each in extra), colour, absolute)
    places = Places(depth_at, depth_end, colour_at, colour_end, bits.at)
    return replace(header, light=light or STANDARD_LIGHT, extra_channels=tuple(each[0] for each in extra)), places


def _size(bits: BitReader) -> tuple[int, int]:
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


def _extra_fields(bits: BitReader) -> bool:
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


def _skip_preview(bits: BitReader) -> None:
    by_eight = bits.flag()
    side = ((0, 16), (0, 32), (5, 1), (9, 33)) if by_eight else ((6, 1), (8, 65), (10, 321), (12, 1345))
    bits.u32(*side)
    if bits.u(3) == 0:
        bits.u32(*side)


def _bit_depth(bits: BitReader) -> tuple[int, bool]:
    """Read the bits of a sample, and whether it is floating point."""
    if not bits.flag():
        return bits.u32((0, 8), (0, 10), (0, 12), (6, 1)), False
    depth = bits.u32((0, 32), (0, 16), (0, 24), (6, 1))
    bits.u(4)  # exponent
    return depth, True


def _extra_channel(bits: BitReader) -> tuple[int, bool]:
    """Read an extra channel: its kind, and whether it is alpha that the colours are multiplied by."""
    if bits.flag():  # all_default: 8-bit alpha, not premultiplied
        return ALPHA, False
    kind = bits.enum()
    _bit_depth(bits)
    bits.u32((0, 0), (0, 3), (0, 4), (3, 1))  # subsampling
    bits.u(8 * bits.u32((0, 0), (4, 0), (5, 16), (10, 48)))  # name
    if kind == _SPOT_COLOUR:
        bits.u(4 * 16)
    if kind == _COLOUR_FILTER:
        bits.u32((0, 1), (2, 0), (4, 3), (8, 19))
    return kind, kind == ALPHA and bits.flag()


def _tone_mapping(bits: BitReader) -> float | None:
    """Read ToneMapping: the intensity target in cd/m2; None where it is left at its default."""
    if bits.flag():  # all_default
        return None
    light = bits.f16()
    bits.f16()  # the least light
    bits.flag()
    bits.f16()  # below which the curve is linear
    return light if light > 0 else None


def _extensions(bits: BitReader) -> None:
    """Skip extensions, of which each tells its length."""
    present = bits.u64()
    lengths = [bits.u64() for i in range(64) if present >> i & 1]
    bits.u(sum(lengths))


def _transform_data(bits: BitReader, absolute: bool) -> None:
    """Skip the matrix of the decoder's own space and the weights of upsampling."""
    if bits.flag():  # all_default
        return
    if absolute and not bits.flag():
        bits.u(16 * 16)
    custom = bits.u(3)
    for i, weights in enumerate((15, 55, 210)):
        if custom >> i & 1:
            bits.u(16 * weights)
