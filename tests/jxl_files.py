"""JPEG XL files whose headers say what a test wants, made of those that imagecodecs writes."""

from __future__ import annotations

import imagecodecs
import numpy as np

from daub.codec.images.jpegxl.bits import BitWriter
from daub.codec.images.jpegxl.codestream import codestream_of
from daub.codec.images.jpegxl.header import parse

Fields = list[tuple[int, int]]  # values, and the bits of each

# Both by cjxl 0.7 (-d 0 and -d 0.3) of the picture of 32 x 8 pixels below, with a freely redistributable profile.
LOSSLESS_WITH_PROFILE = bytes.fromhex(
    "ff0a010608e19461c00c080400040896ce03af00b9740f8524f33a7b56d56da6b8506d373f25c3af07e1720e2addd00e4ab340c32ff321089d8e"
    "598ccd04dbdd04dd3d04dfd928d32b25301a6dd5e0d946a3113c897f81ab38e0b7907010692a179e5cf3f41038680427cc3014aeb604df12bb8e"
    "07df2f6cccc46b339282950a64ee88026a2d4cde514df3c6399c45f0f3c3217c104d03021283792a20a3080b7a105f380802010098004b18938e"
    "83832930221849775d2008808efc58004f280a0d02c257a785384fc9f51434810f01"
)
LOSSY_WITH_PROFILE = bytes.fromhex(
    "ff0a010648e19461c00c080400040896ce03af00b9740f8524f33a7b56d56da6b8506d373f25c3af07e1720e2addd00e4ab340c32ff321089d8e"
    "598ccd04dbdd04dd3d04dfd928d32b25301a6dd5e0d946a3113c897f81ab38e0b7907010692a179e5cf3f41038680427cc3014aeb604df12bb8e"
    "07df2f6cccc46b339282950a64ee88026a2d4cde514df3c6399c45f0f3c3217c104d03021283792a20a3080b7a105f3800128800480217df2901"
    "0050a132cab8c1cbb99e2f3f74584cdbb8ced056db1696248a8c639374028724b11682b79108822008bd0a89f9b8a7318de7bebcbb093e8fb1b9"
    "283a1f9aa889820a2990545595c48b8ac7c83b5ea4c9cf13c02bb997eac03d0d23c1aa38c4e06431c1d6201949841898e9d33b449e4a3fb0c2b5"
    "17e4424b4f292ecc6be1f24c557f57a4ef2983a13fa81304bb0a"
)
FOUR_PATCHES = np.uint8([(200, 120, 60), (60, 120, 200), (128, 128, 128), (255, 255, 255)])


def enumerated(number: int) -> Fields:
    """An Enum, clause 6.2.3."""
    if number < 2:
        return [(number, 2)]
    return [(2, 2), (number - 2, 4)] if number < 18 else [(3, 2), (number - 18, 6)]


def colour_encoding(space=0, white=1, primaries=1, transfer=13, points=(), gamma=None) -> Fields:
    """A ColourEncoding, annex E.2; `points` are of a custom white (2), then of custom primaries (2)."""

    def point() -> Fields:
        fields = []
        for coordinate in next(custom):
            zigzag = round(coordinate * 1e6) * 2
            sizes = ((2, 1 << 20, 20), (1, 1 << 19, 19), (0, 0, 19))
            selector, offset, width = next(each for each in sizes if zigzag >= each[1])
            fields += [(selector, 2), (zigzag - offset, width)]
        return fields

    custom = iter(points)
    fields = [(0, 1), (0, 1), *enumerated(space), *enumerated(white), *(point() if white == 2 else [])]
    if space == 0:
        fields += enumerated(primaries)
        fields += [field for _ in range(3) for field in point()] if primaries == 2 else []
    fields += [(0, 1), *enumerated(transfer)] if gamma is None else [(1, 1), (round(gamma * 1e7), 24)]
    return [*fields, *enumerated(1)]


def with_colour(data: bytes, fields: Fields, behind: Fields = ()) -> bytes:
    """The bare codestream of a lossless file, with other words about its colours and more behind the headers."""
    codestream = codestream_of(data)
    _, places = parse(codestream)
    out = BitWriter()
    out.copy(codestream, 0, places.colour)
    for value, width in fields:
        out.u(value, width)
    out.copy(codestream, places.colour_end, places.end)
    for value, width in behind:
        out.u(value, width)
    return out.to_bytes() + codestream[-(-places.end // 8) :]


def with_profile(samples: np.ndarray, profile: bytes) -> bytes:
    """A lossless file with a profile, coded in the plainest way: header differences, one command, flat prefix codes."""
    header = profile[:128]
    expected = bytearray(128)
    expected[:4], expected[8] = len(profile).to_bytes(4, "big"), 4
    expected[12:24], expected[36:40] = b"mntrRGB XYZ ", b"acsp"
    expected[70:72], expected[73], expected[78:80] = b"\xf6\xd6", 1, b"\xd3\x2d"
    expected[80:84] = header[4:8]
    for maker, rest in ((b"A", b"PPL"), (b"M", b"SFT")):
        if header[40:41] == maker:
            expected[41:44] = rest
    for maker, rest in ((b"SG", b"I "), (b"SU", b"NW")):
        if header[40:42] == maker:
            expected[42:44] = rest
    differences = bytes((byte - predicted) & 255 for byte, predicted in zip(header, expected, strict=True))
    commands = b"\0" + b"\1" + number(len(profile) - 128)  # no list of tags; the rest as it is
    coded = number(len(profile)) + number(len(commands)) + commands + differences + profile[128:]
    grey = samples.ndim == 2
    fields: Fields = [(0, 1), (1, 1), (int(grey), 2)]
    return with_colour(bytes(imagecodecs.jpegxl_encode(samples, lossless=True)), fields, stream_of(coded))


def number(value: int) -> bytes:
    """Seven bits a byte."""
    groups = []
    while value > 127:
        groups.append(value & 127 | 128)
        value >>= 7
    return bytes([*groups, value])


def stream_of(coded: bytes) -> Fields:
    """Bytes in the entropy coder of annex C: 41 contexts with one distribution, a prefix code of eight bits each."""
    assert 273 <= len(coded) < 4096 * 256
    fields: Fields = [(3, 2), (len(coded) & 4095, 12), (1, 1), (len(coded) >> 12 & 255, 8), (0, 1)]  # U64
    fields += [(0, 1), (1, 1), (0, 2), (1, 1)]  # no copies; a simple map of no bits; prefix codes
    fields += [(15, 4)]  # every token is an integer
    fields += [(1, 1), (7, 4), (127, 7)]  # an alphabet of 256
    fields += [(0, 2), *[(0, 2)] * 10, (1, 2), *[(0, 2)] * 7]  # of code lengths, 8 alone occurs
    return fields + [(int(f"{byte:08b}"[::-1], 2), 8) for byte in coded]
