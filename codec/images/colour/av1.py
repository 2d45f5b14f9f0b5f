"""The colour description in the sequence header of AV1: AV1 Bitstream Specification, section 5.5."""

from __future__ import annotations

_SEQUENCE_HEADER = 1  # the type of its unit
_SELECTED_PER_FRAME = 2


class _Bits:
    """A stream of bits, most significant first; zeros behind its end."""

    def __init__(self, data: bytes):
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def f(self, count: int) -> int:
        self._left -= count
        return (self._value >> self._left if self._left >= 0 else 0) & ((1 << count) - 1)

    def skip_uvlc(self) -> None:
        zeros = 0
        while zeros < 32 and not self.f(1):
            zeros += 1
        self.f(zeros)


def code_points(data: bytes) -> tuple[int, int] | None:
    """Colour primaries and transfer characteristics; None where there is no sequence header, or nothing in it.

    Args:
        data: the beginning of a coded picture, a row of units with their sizes.
    """
    at = 0
    while at + 2 <= len(data):
        header = data[at]
        at += 2 if header & 4 else 1  # an extension
        if not header & 2:  # without a size the unit reaches to the end
            size = len(data) - at
        else:
            size, at = _leb128(data, at)
        if header >> 3 & 15 == _SEQUENCE_HEADER:
            return _sequence_header(_Bits(data[at : at + size]))
        at += size
    return None


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for i, byte in enumerate(data[at : at + 8]):
        value |= (byte & 127) << 7 * i
        if byte < 128:
            return value, at + i + 1
    return len(data), at


def _sequence_header(bits: _Bits) -> tuple[int, int] | None:
    profile, _, reduced = bits.f(3), bits.f(1), bits.f(1)
    if reduced:
        bits.f(5)
    else:
        _skip_operating_points(bits)
    width, height = bits.f(4) + 1, bits.f(4) + 1
    bits.f(width)
    bits.f(height)
    if not reduced and bits.f(1):  # numbers of frames
        bits.f(7)
    bits.f(3)
    if not reduced:
        _skip_tools_of_sequences(bits)
    bits.f(3)
    return _colour_config(bits, profile)


def _skip_operating_points(bits: _Bits) -> None:
    """Section 5.5.1: timing, and what each layer asks of a decoder."""
    delay = 0
    if bits.f(1):
        bits.f(64)
        if bits.f(1):
            bits.skip_uvlc()
        if bits.f(1):
            delay = bits.f(5) + 1
            bits.f(42)
    has_display_delay = bits.f(1)
    for _ in range(bits.f(5) + 1):
        bits.f(12)
        if bits.f(5) > 7:
            bits.f(1)
        if delay and bits.f(1):
            bits.f(2 * delay + 1)
        if has_display_delay and bits.f(1):
            bits.f(4)


def _skip_tools_of_sequences(bits: _Bits) -> None:
    """Section 5.5.1: what pictures one after another are predicted by."""
    bits.f(4)
    has_order = bits.f(1)
    if has_order:
        bits.f(2)
    screen_content = _SELECTED_PER_FRAME if bits.f(1) else bits.f(1)
    if screen_content and not bits.f(1):
        bits.f(1)
    if has_order:
        bits.f(3)


def _colour_config(bits: _Bits, profile: int) -> tuple[int, int] | None:
    """Section 5.5.2."""
    if bits.f(1) and profile == 2:
        bits.f(1)
    if profile != 1:
        bits.f(1)  # monochrome
    return (bits.f(8), bits.f(8)) if bits.f(1) else None
