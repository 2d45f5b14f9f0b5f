"""The entropy coder of JPEG XL, as far as a profile needs it: ISO/IEC 18181-1, annex C.

A stream of integers, each read in a context. Contexts are clustered onto a few distributions; a distribution is one of
prefix codes or of ANS, and gives a token that a few raw bits complete (hybrid integers). Runs that came before may be
copied (LZ77).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from daub.codec.images.jpegxl import distributions
from daub.codec.images.jpegxl.bits import BitReader

_WINDOW = 1 << 20  # integers that a copy may reach back
_FINAL_STATE = 0x130000  # of ANS, C.2.3


class Symbols(Protocol):
    """A distribution that symbols are read by."""

    def read(self, bits: BitReader, ans: AnsState) -> int:
        """The next symbol."""


@dataclass
class AnsState:
    """The state that all ANS distributions of a stream share."""

    value: int = 0


@dataclass(frozen=True)
class HybridInteger:
    """How a token becomes an integer, C.3.3: tokens from 2^split on have further bits behind some of their own."""

    split: int
    high: int
    low: int

    @classmethod
    def read(cls, bits: BitReader, log_alphabet: int) -> HybridInteger:
        """Read a configuration, C.2.3."""
        split = bits.u(log_alphabet.bit_length())
        if split == log_alphabet:
            return cls(split, 0, 0)
        high = bits.u(split.bit_length())
        if high > split:
            raise ValueError("a hybrid integer makes no sense")
        low = bits.u((split - high).bit_length())
        if high + low > split:
            raise ValueError("a hybrid integer makes no sense")
        return cls(split, high, low)

    def complete(self, token: int, bits: BitReader) -> int:
        """The integer of a token."""
        if token < 1 << self.split:
            return token
        kept = self.high + self.low
        extra = self.split - kept + ((token - (1 << self.split)) >> kept)
        if extra > 32:
            raise ValueError("an integer is too large")
        low = token & ((1 << self.low) - 1)
        high = token >> self.low & ((1 << self.high) - 1) | 1 << self.high
        return ((high << extra | bits.u(extra)) << self.low) | low


class IntegerStream:
    """Integers, each in one of `contexts` contexts."""

    def __init__(self, bits: BitReader, contexts: int, may_copy: bool = True):
        self._bits, self._ans = bits, AnsState()
        self._copies = bits.flag()
        if self._copies:
            if not may_copy:
                raise ValueError("copies where there may be none")
            self._first_copy = bits.u32((0, 224), (0, 512), (0, 4096), (15, 8))
            self._shortest = bits.u32((0, 3), (0, 4), (2, 5), (8, 9))
            self._length = HybridInteger.read(bits, 8)
            contexts += 1
        self._clusters = _context_map(bits, contexts) if contexts > 1 else [0]
        count = max(self._clusters) + 1
        prefix = bits.flag()
        log_alphabet = 15 if prefix else 5 + bits.u(2)
        self._integers = [HybridInteger.read(bits, log_alphabet) for _ in range(count)]
        self._symbols: list[Symbols]
        if prefix:
            sizes = [distributions.alphabet_size(bits) for _ in range(count)]
            self._symbols = [distributions.PrefixCode.read_from(bits, size) for size in sizes]
        else:
            self._symbols = [distributions.AliasTable.read_from(bits, log_alphabet) for _ in range(count)]
            self._ans.value = bits.u(32)
        self._uses_ans = not prefix
        self._past: list[int] = []
        self._copy_from, self._left = 0, 0

    def read(self, context: int) -> int:
        """The next integer."""
        if not self._left:
            cluster = self._clusters[context]
            token = self._symbols[cluster].read(self._bits, self._ans)
            if not self._copies or token < self._first_copy:
                value = self._integers[cluster].complete(token, self._bits)
                if self._copies:
                    self._past.append(value)
                return value
            self._begin_copy(token)
        value = self._past[self._copy_from]
        self._copy_from += 1
        self._left -= 1
        self._past.append(value)
        return value

    def _begin_copy(self, token: int) -> None:
        self._left = self._length.complete(token - self._first_copy, self._bits) + self._shortest
        cluster = self._clusters[-1]
        distance = self._integers[cluster].complete(self._symbols[cluster].read(self._bits, self._ans), self._bits) + 1
        if not self._past:
            raise ValueError("a copy of nothing")
        self._copy_from = len(self._past) - min(distance, len(self._past), _WINDOW)

    def check_end(self) -> None:
        """ValueError where the stream does not end as it should."""
        if self._uses_ans and self._ans.value != _FINAL_STATE:
            raise ValueError("the entropy coded data are damaged")


def _context_map(bits: BitReader, contexts: int) -> list[int]:
    """The cluster of each context, C.2.2."""
    if bits.flag():
        width = bits.u(2)
        return [bits.u(width) for _ in range(contexts)]
    move_to_front = bits.flag()
    stream = IntegerStream(bits, 1, may_copy=contexts > 2)
    clusters = [stream.read(0) for _ in range(contexts)]
    stream.check_end()
    if max(clusters) > 255:
        raise ValueError("a cluster has a number out of range")
    if move_to_front:
        order = list(range(256))
        for i, place in enumerate(clusters):
            clusters[i] = order.pop(place)
            order.insert(0, clusters[i])
    return clusters
