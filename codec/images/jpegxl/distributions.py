"""Distributions of symbols in JPEG XL: prefix codes and ANS by alias tables, ISO/IEC 18181-1, annex C.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daub.codec.images.jpegxl.bits import BitReader

if TYPE_CHECKING:
    from daub.codec.images.jpegxl.entropy import AnsState

_LOG_TOTAL = 12  # probabilities of ANS are of 4096
_TOTAL = 1 << _LOG_TOTAL

# The prefix codes of the logarithms of counts, C.2.5: by length, the bits as they are read and the value.
_LOG_COUNTS = {
    3: {0: 10, 2: 7, 4: 6, 5: 8, 6: 9},
    4: {3: 3, 7: 5, 9: 4, 11: 1, 15: 2},
    5: {17: 0},
    6: {33: 11},
    7: {1: 12, 65: 13},
}
_REPEAT = 13

# Prefix codes are described as in Brotli, RFC 7932, section 3.5.
_ORDER = (1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15)
_LENGTH_CODES = {2: {0: 0, 1: 4, 2: 3}, 3: {3: 2}, 4: {7: 1, 15: 5}}


def _fixed_code(bits: BitReader, table: dict[int, dict[int, int]]) -> int:
    """Read a value by a fixed prefix code: by length, the bits and the value."""
    for length, codes in table.items():
        value = codes.get(bits.peek(length))
        if value is not None:
            bits.u(length)
            return value
    raise ValueError("a prefix code makes no sense")


def _number(bits: BitReader, width: int) -> int:
    """Read a number of variable length; `width` bits tell how many follow."""
    if not bits.flag():
        return 0
    count = bits.u(width)
    return (1 << count) + bits.u(count)


def alphabet_size(bits: BitReader) -> int:
    """Read the number of symbols of a prefix code."""
    size = 1 + _number(bits, 4)
    if size > 1 << 15:
        raise ValueError("an alphabet is too large")
    return size


class PrefixCode:
    """A canonical prefix code.

    Args:
        lengths: in bits, of each symbol; 0 for one that does not occur.
    """

    def __init__(self, lengths: list[int]):
        used = sorted((length, symbol) for symbol, length in enumerate(lengths) if length)
        self._only = used[0][1] if len(used) == 1 else None
        self._longest = used[-1][0] if used else 0
        self._table = [(0, 0)] * (
            1 << self._longest
        )  # length and symbol by the next bits, of which the first is lowest
        code, last = 0, 0
        for length, symbol in used:
            code <<= length - last
            first = int(f"{code:0{length}b}"[::-1], 2)
            self._table[first :: 1 << length] = [(length, symbol)] * (1 << (self._longest - length))
            code, last = code + 1, length
            if code > 1 << length:
                raise ValueError("a prefix code makes no sense")
        if not used or (self._only is None and code != 1 << last):
            raise ValueError("a prefix code is not complete")

    @classmethod
    def read_from(cls, bits: BitReader, size: int) -> PrefixCode:
        """Read a code of `size` symbols."""
        if size == 1:
            return cls([1])
        kind = bits.u(2)
        return cls(_simple_lengths(bits, size) if kind == 1 else _complex_lengths(bits, size, kind))

    def read(self, bits: BitReader, ans: AnsState | None = None) -> int:
        """The next symbol; the first bit of a code is its most significant one."""
        if self._only is not None:
            return self._only
        length, symbol = self._table[bits.peek(self._longest)]
        bits.u(length)
        return symbol


def _simple_lengths(bits: BitReader, size: int) -> list[int]:
    """Lengths of a code of up to four symbols."""
    count = 1 + bits.u(2)
    symbols = [bits.u((size - 1).bit_length()) for _ in range(count)]
    if len(set(symbols)) < count or max(symbols) >= size:
        raise ValueError("a prefix code makes no sense")
    shapes = {1: (1,), 2: (1, 1), 3: (1, 2, 2), 4: (2, 2, 2, 2)}
    shape = (1, 2, 3, 3) if count == 4 and bits.flag() else shapes[count]
    lengths = [0] * size
    for symbol, length in zip(symbols, shape, strict=True):
        lengths[symbol] = length
    return lengths


def _complex_lengths(bits: BitReader, size: int, skipped: int) -> list[int]:
    """Lengths that are themselves coded, with codes for repetition."""
    of_lengths, space = [0] * 18, 32
    for symbol in _ORDER[skipped:]:
        if space <= 0:
            break
        of_lengths[symbol] = _fixed_code(bits, _LENGTH_CODES)
        space -= 32 >> of_lengths[symbol] if of_lengths[symbol] else 0
    code = PrefixCode(of_lengths)
    lengths: list[int] = []
    space, last, repeated, repeat = 1 << 15, 8, 0, 0
    while len(lengths) < size and space > 0:
        symbol = code.read(bits)
        if symbol < 16:
            lengths.append(symbol)
            repeat = 0
            if symbol:
                last = symbol
                space -= 1 << 15 >> symbol
            continue
        length = last if symbol == 16 else 0
        if length != repeated:
            repeated, repeat = length, 0
        before = repeat
        repeat = ((repeat - 2) << (symbol - 14) if repeat else 0) + bits.u(symbol - 14) + 3
        lengths += [length] * (repeat - before)
        space -= (repeat - before) * (1 << 15 >> length) if length else 0
        if len(lengths) > size:
            raise ValueError("a prefix code makes no sense")
    return lengths


class AliasTable:
    """A distribution of ANS. C.2.6.

    Args:
        counts: of 4096, for each symbol.
        log_size: the table has 2^log_size buckets.
    """

    def __init__(self, counts: list[int], log_size: int):
        self._log_bucket = _LOG_TOTAL - log_size
        bucket, size = 1 << self._log_bucket, 1 << log_size
        self._counts = counts + [0] * (size - len(counts))
        if len(self._counts) != size:
            raise ValueError("a distribution has too many symbols")
        if _TOTAL in counts:
            only = counts.index(_TOTAL)
            self._cutoffs, self._others = [0] * size, [only] * size
            self._offsets = [bucket * i for i in range(size)]
            return
        self._cutoffs, self._others, self._offsets = list(self._counts), list(range(size)), [0] * size
        over = [i for i, count in enumerate(self._counts) if count > bucket]
        under = [i for i, count in enumerate(self._counts) if count < bucket]
        while over:
            large, small = over.pop(), under.pop()
            self._cutoffs[large] -= bucket - self._cutoffs[small]
            self._others[small], self._offsets[small] = large, self._cutoffs[large]
            if self._cutoffs[large] != bucket:
                (under if self._cutoffs[large] < bucket else over).append(large)
        for i, cutoff in enumerate(self._cutoffs):
            if cutoff == bucket:
                self._others[i], self._offsets[i], self._cutoffs[i] = i, 0, 0
            else:
                self._offsets[i] -= cutoff

    @classmethod
    def read_from(cls, bits: BitReader, log_size: int) -> AliasTable:
        """Read a distribution, C.2.5."""
        return cls(_counts(bits), log_size)

    def read(self, bits: BitReader, ans: AnsState) -> int:
        """The next symbol."""
        low = ans.value & (_TOTAL - 1)
        i, place = low >> self._log_bucket, low & ((1 << self._log_bucket) - 1)
        symbol, offset = (i, 0) if place < self._cutoffs[i] else (self._others[i], self._offsets[i])
        ans.value = self._counts[symbol] * (ans.value >> _LOG_TOTAL) + offset + place
        if ans.value < 1 << 16:
            ans.value = ans.value << 16 | bits.u(16)
        return symbol


def _counts(bits: BitReader) -> list[int]:
    """Read the counts of a distribution, 4096 in all."""
    if bits.flag():
        return _counts_of_two(bits)
    if bits.flag():
        size = 1 + _number(bits, 3)
        return [_TOTAL // size + (i < _TOTAL % size) for i in range(size)]
    width = next((i for i in range(3) if not bits.flag()), 3)
    shift = (1 << width | bits.u(width)) - 1
    if shift > _LOG_TOTAL + 1:
        raise ValueError("a distribution makes no sense")
    size = 3 + _number(bits, 3)
    logs, runs = _logarithms(bits, size)
    largest = logs.index(max(logs))
    if largest + 1 in runs:
        raise ValueError("a distribution makes no sense")
    counts = [0] * size
    i = 0
    while i < size:
        if i in runs:
            end = min(i + runs[i], size)
            counts[i:end] = [counts[i - 1] if i else 0] * (end - i)
            i = end
            continue
        if i != largest and logs[i] > 0:
            count = logs[i] - 1
            precise = max(0, min(count, shift - ((_LOG_TOTAL - count) >> 1)))
            counts[i] = (1 << count) + (bits.u(precise) << (count - precise))
        i += 1
    counts[largest] = _TOTAL - sum(counts)
    if counts[largest] <= 0:
        raise ValueError("a distribution makes no sense")
    return counts


def _counts_of_two(bits: BitReader) -> list[int]:
    """Counts of one symbol or two."""
    symbols = [_number(bits, 3) for _ in range(1 + bits.u(1))]
    counts = [0] * (max(symbols) + 1)
    if len(symbols) == 1:
        counts[symbols[0]] = _TOTAL
        return counts
    if symbols[0] == symbols[1]:
        raise ValueError("a distribution makes no sense")
    counts[symbols[0]] = bits.u(_LOG_TOTAL)
    counts[symbols[1]] = _TOTAL - counts[symbols[0]]
    return counts


def _logarithms(bits: BitReader, size: int) -> tuple[list[int], dict[int, int]]:
    """Read 1 + log2 of each count, 0 for none; and the runs that repeat the count before them: place and length."""
    logs, runs = [0] * size, {}
    i = 0
    while i < size:
        logs[i] = _fixed_code(bits, _LOG_COUNTS)
        if logs[i] == _REPEAT:
            runs[i] = 4 + _number(bits, 3)
            i += runs[i]
        else:
            i += 1
    covered = {j for start, length in runs.items() for j in range(start, min(start + length, size))}
    if len(covered) == size or any(logs[i] == _REPEAT for i in range(size) if i not in covered):
        raise ValueError("a distribution makes no sense")
    for j in covered:
        logs[j] = -1
    return logs, runs
