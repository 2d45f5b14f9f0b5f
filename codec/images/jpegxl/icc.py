"""The ICC profile in a JPEG XL codestream, ISO/IEC 18181-1, annex E.4: entropy-coded, and predicted from its structure.

The decoded stream has two parts: commands, and the bytes that they place, most of them differences to a prediction.
"""

from __future__ import annotations

import struct

from daub.codec.images.jpegxl.bits import BitReader
from daub.codec.images.jpegxl.entropy import IntegerStream

_LARGEST = 1 << 19  # bytes, which take a second or two; the profiles of displays have below 10 000
_CONTEXTS = 41
_TAGS = (b"cprt", b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"chad")
_TAGS += (b"desc", b"chrm", b"dmnd", b"dmdd", b"lumi")
_OF_XYZ = (b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"wtpt", b"bkpt", b"lumi")  # tags of 20 bytes
_TYPES = (b"XYZ ", b"desc", b"text", b"mluc", b"para", b"curv", b"sf32", b"gbd ")
_HEADER = 128  # bytes


def read_profile(codestream: bytes, at: int) -> tuple[bytes, int]:
    """Decode a profile.

    Args:
        codestream: the whole.
        at: of its first bit.

    Returns:
        The profile, and where its last bit ends.

    Raises:
        ValueError: it is damaged, or larger than any.
    """
    bits = BitReader(codestream, at)
    size = bits.u64()
    if size > _LARGEST:
        raise ValueError(f"its profile is larger than {_LARGEST} bytes")
    stream = IntegerStream(bits, _CONTEXTS)
    coded = bytearray()
    last, last_but_one = 0, 0
    for i in range(size):
        last, last_but_one = stream.read(_context(i, last, last_but_one)) & 255, last
        coded.append(last)
    stream.check_end()
    try:
        return _Expansion(bytes(coded)).profile(), bits.at
    except IndexError as error:
        raise ValueError("its profile is cut short") from error


def _context(i: int, last: int, last_but_one: int) -> int:
    """The context of a byte: by what kind of byte the two before are, E.4.1."""
    if i <= _HEADER:
        return 0
    return 1 + _kind(last) + 8 * _coarse_kind(last_but_one)


def _kind(byte: int) -> int:
    if chr(byte).isalpha() and byte < 128:
        return 0
    if byte in b"0123456789.,":
        return 1
    if byte <= 1:
        return 2 + byte
    if byte < 16:
        return 4
    return 7 if byte <= 240 else 5 + (byte == 255)


def _coarse_kind(byte: int) -> int:
    if chr(byte).isalpha() and byte < 128:
        return 0
    if byte in b"0123456789.,":
        return 1
    return 2 if byte < 16 else 3 + (byte <= 240)


class _Expansion:
    """The decoded stream on its way to a profile."""

    def __init__(self, coded: bytes):
        self._coded, self._at = coded, 0
        self._size = self._number_at_data()
        commands = self._number_at_data()
        self._command, self._at = self._at, self._at + commands
        self._end = self._at
        if self._size > _LARGEST or self._end > len(coded):
            raise ValueError("its profile makes no sense")
        self._out = bytearray()

    def profile(self) -> bytes:
        """Follow all commands."""
        self._expand_header()
        if len(self._out) < self._size:
            self._expand_tags()
            while self._command < self._end:
                self._expand_content()
                if len(self._out) > self._size:
                    break
        if len(self._out) != self._size or self._at != len(self._coded) or self._command != self._end:
            raise ValueError("its profile makes no sense")
        return bytes(self._out)

    # The two parts of the stream.

    def _number_at_data(self) -> int:
        value, self._at = _variable_length(self._coded, self._at)
        return value

    def _number(self) -> int:
        value, self._command = _variable_length(self._coded[: self._end], self._command)
        return value

    def _next_command(self) -> int:
        if self._command >= self._end:
            raise ValueError("its profile is cut short")
        self._command += 1
        return self._coded[self._command - 1]

    def _data(self, count: int) -> bytes:
        if self._at + count > len(self._coded) or len(self._out) + count > self._size:
            raise ValueError("its profile is cut short")
        self._at += count
        return self._coded[self._at - count : self._at]

    # The three parts of a profile.

    def _expand_header(self) -> None:
        """E.4.3: each byte is the difference to that of a common header."""
        expected = bytearray(_HEADER)
        expected[:4], expected[8] = struct.pack(">I", self._size), 4
        expected[12:24], expected[36:40] = b"mntrRGB XYZ ", b"acsp"
        expected[70:72], expected[73], expected[78:80] = b"\xf6\xd6", 1, b"\xd3\x2d"
        for i, difference in enumerate(self._data(min(_HEADER, self._size))):
            if i == 8:
                expected[80:84] = self._out[4:8]  # the creator is often who made the profile's module
            elif i == 41:
                expected[41:44] = {65: b"PPL", 77: b"SFT"}.get(self._out[40], expected[41:44])  # APPL, MSFT
            elif i == 42:
                expected[42:44] = {b"SG": b"I ", b"SU": b"NW"}.get(bytes(self._out[40:42]), expected[42:44])
            self._out.append((difference + expected[i]) & 255)

    def _expand_tags(self) -> None:
        """E.4.4: the list of tags, one behind the other unless a command says where."""
        count = self._number()
        if not count:
            return
        self._out += struct.pack(">I", _word(count - 1))
        start, size = _HEADER + 12 * (count - 1), 0
        while self._command < self._end and (command := self._next_command()) & 63:
            code = command & 63
            if code >= 4 + len(_TAGS):
                raise ValueError("its profile makes no sense")
            tag = self._data(4) if code == 1 else {2: b"rTRC", 3: b"rXYZ"}.get(code) or _TAGS[code - 4]
            start = self._number() if command & 64 else start + size
            size = 20 if tag in _OF_XYZ else size
            size = self._number() if command & 128 else size
            step = {2: 0, 3: size}.get(code)
            self._tag(tag, start, size)
            if step is not None:
                self._tag(b"g" + tag[1:], start + step, size)
                self._tag(b"b" + tag[1:], start + 2 * step, size)

    def _tag(self, tag: bytes, start: int, size: int) -> None:
        self._out += tag + struct.pack(">II", _word(start), _word(size))

    def _expand_content(self) -> None:
        """E.4.5: one command of the rest."""
        command = self._next_command()
        if command == 1:
            self._out += self._data(self._number())
        elif command in (2, 3):
            self._out += _in_planes(self._data(self._number()), 2 if command == 2 else 4)
        elif command == 4:
            self._predict()
        elif command == 10:
            self._out += b"XYZ \0\0\0\0" + self._data(12)
        elif 16 <= command < 16 + len(_TYPES):
            self._out += _TYPES[command - 16] + bytes(4)
        else:
            raise ValueError("its profile makes no sense")

    def _predict(self) -> None:
        """Numbers of one, two or four bytes as differences to those before, or to lines or parabolas through them."""
        flags = self._next_command()
        width, order = (flags & 3) + 1, flags >> 2 & 3
        stride = self._number() if flags & 16 else width
        count = self._number()
        if width == 3 or order == 3 or stride < width or 4 * stride >= len(self._out):
            raise ValueError("its profile makes no sense")
        differences = _in_planes(self._data(count), width) if width > 1 else self._data(count)
        start = len(self._out)
        for i, difference in enumerate(differences):
            place = start + i - i % width
            a, b, c = (int.from_bytes(self._out[place - k * stride :][:width], "big") for k in (1, 2, 3))
            expected = (a, 2 * a - b, 3 * a - 3 * b + c)[order]
            self._out.append((difference + (expected >> 8 * (width - 1 - i % width))) & 255)


def _variable_length(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the least significant first, and where it ends."""
    value = 0
    for i in range(10):
        byte = data[at + i]
        value |= (byte & 127) << 7 * i
        if byte < 128:
            return value, at + i + 1
    raise ValueError("a number in its profile is too long")


def _word(value: int) -> int:
    """The low 32 bits."""
    return value & 0xFFFFFFFF


def _in_planes(data: bytes, width: int) -> bytes:
    """Numbers of `width` bytes, of which all first bytes come first, then all second ones."""
    height = -(-len(data) // width)
    return bytes(data[j] for i in range(height) for j in range(i, len(data), height))
