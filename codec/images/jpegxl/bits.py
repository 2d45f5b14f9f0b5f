"""Bits in and out, least significant first: ISO/IEC 18181-1, clause 6."""

from __future__ import annotations

import struct


class BitReader:
    """A stream of bits.

    Args:
        data: the bytes.
        at: of the first bit to read.
    """

    def __init__(self, data: bytes, at: int = 0):
        self._data, self.at = data, at

    def u(self, count: int) -> int:
        """Read an integer of so many bits; ValueError where there are too few."""
        end = self.at + count
        if end > 8 * len(self._data):
            raise ValueError("the JPEG XL header is incomplete")
        window = int.from_bytes(self._data[self.at >> 3 : (end + 7) >> 3], "little")
        value = window >> (self.at & 7) & ((1 << count) - 1)
        self.at = end
        return value

    def peek(self, count: int) -> int:
        """The next bits, without reading them; zeros behind the end."""
        window = int.from_bytes(self._data[self.at >> 3 : (self.at + count + 7) >> 3], "little")
        return window >> (self.at & 7) & ((1 << count) - 1)

    def flag(self) -> bool:
        """Read a bit."""
        return bool(self.u(1))

    def u32(self, *distribution: tuple[int, int]) -> int:
        """Read an integer: two bits choose how many bits it has, and what is added to them."""
        count, offset = distribution[self.u(2)]
        return offset + self.u(count)

    def enum(self) -> int:
        """Read one of a list of names."""
        return self.u32((0, 0), (0, 1), (4, 2), (6, 18))

    def u64(self) -> int:
        """Read an integer of up to 64 bits."""
        selector = self.u(2)
        if selector == 0:
            return 0
        if selector == 1:
            return 1 + self.u(4)
        if selector == 2:
            return 17 + self.u(8)
        value, shift = self.u(12), 12
        while self.flag():
            value |= self.u(8 if shift < 60 else 4) << shift
            if shift >= 60:
                break
            shift += 8
        return value

    def f16(self) -> float:
        """Read a floating point number of half precision."""
        return float(struct.unpack("<e", self.u(16).to_bytes(2, "little"))[0])


class BitWriter:
    """Collects bits."""

    def __init__(self) -> None:
        self._value, self.count = 0, 0

    def u(self, value: int, count: int) -> None:
        """Append an integer of so many bits."""
        self._value |= value << self.count
        self.count += count

    def copy(self, data: bytes, start: int, end: int) -> None:
        """Append the bits of `data` from `start` up to `end`."""
        reader = BitReader(data, start)
        self.u(reader.u(end - start), end - start)

    def to_bytes(self) -> bytes:
        """All of them, zeros up to a whole byte."""
        return self._value.to_bytes((self.count + 7) // 8, "little")
