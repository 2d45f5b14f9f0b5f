"""Coders of integer symbols (N, c) whose alphabets are known: one object for each, all with the same two methods.

>>> symbols = np.array([[3, 900], [3, 17], [5, 901]])
>>> data = Adaptive().write(symbols, alphabets=(8, 1024))
>>> bool((Adaptive().read(data, count=3, alphabets=(8, 1024)) == symbols).all())
True
>>> len(Raw().write(symbols, (8, 1024)))  # three times 3 + 10 bits
5
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daub.codec.entropy import bits_back
from daub.codec.entropy.range_coder import (
    DECODING,
    DROPPED_ZEROS,
    bits_between,
    code_bit,
    code_uniform,
    decoder,
    encoder,
    flush,
    mark,
    overrun,
)
from daub.render.jit import njit


class Coder(Protocol):
    """Symbols to bytes and back."""

    name: str

    def write(self, symbols: np.ndarray, alphabets: tuple[int, ...]) -> bytes:
        """Write symbols.

        Args:
            symbols: (N, c) int64, column j in [0, alphabets[j]).
            alphabets: how many values each column has, at most 2^16.
        """

    def read(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray | None:
        """Read symbols (count, c) int64; None when the bytes make no sense. Zeros after the bytes mean nothing."""

    def spent(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray:
        """Work out what each symbol has cost in bytes that `read` can read: (count, c) float64 bits.

        What is said once for all rows, as a histogram is, and what their order gives back, is not among them.
        """


@dataclass(frozen=True)
class Raw:
    """Every symbol in as many bits as its alphabet needs: what the papers count."""

    name = "raw"

    def write(self, symbols: np.ndarray, alphabets: tuple[int, ...]) -> bytes:
        bits = [(symbols[:, [j]] >> np.arange(_bits(a))[::-1] & 1).astype(np.uint8) for j, a in enumerate(alphabets)]
        return np.packbits(np.concatenate(bits, 1)).tobytes()

    def read(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray | None:
        widths = [_bits(a) for a in alphabets]
        if 8 * len(data) < count * sum(widths):
            return None
        bits = np.unpackbits(np.frombuffer(data, np.uint8), count=count * sum(widths)).reshape(count, sum(widths))
        symbols = np.empty((count, len(alphabets)), np.int64)
        for j, (width, end) in enumerate(zip(widths, np.cumsum(widths), strict=True)):
            symbols[:, j] = bits[:, end - width : end] @ (1 << np.arange(width)[::-1])
        return symbols if (symbols < np.array(alphabets)).all() else None

    def spent(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray:
        return np.tile(_widths(alphabets).astype(np.float64), (count, 1))


@dataclass(frozen=True)
class Static:
    """The histogram of every column, then each symbol at its cost under it, on the stack of ans.py."""

    name = "static"

    def write(self, symbols: np.ndarray, alphabets: tuple[int, ...]) -> bytes:
        return bits_back.write(symbols, alphabets, unordered=False)

    def read(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray | None:
        return bits_back.read(data, count, alphabets, unordered=False)

    def spent(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray:
        return bits_back.spent(data, count, alphabets, unordered=False)


@dataclass(frozen=True)
class BitsBack:
    """As `Static`, but the rows are a set: their order is not kept, and what it would have cost is saved."""

    name = "bits-back"

    def write(self, symbols: np.ndarray, alphabets: tuple[int, ...]) -> bytes:
        return bits_back.write(symbols, alphabets, unordered=True)

    def read(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray | None:
        return bits_back.read(data, count, alphabets, unordered=True)

    def spent(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray:
        return bits_back.spent(data, count, alphabets, unordered=True)


@dataclass(frozen=True)
class Adaptive:
    """Models of each column that learn as they go, on the range coder; none are sent."""

    name = "adaptive"

    def write(self, symbols: np.ndarray, alphabets: tuple[int, ...]) -> bytes:
        low = bits_back.low_bits(symbols, alphabets)
        coder, buffer = encoder(24 * symbols.size + 2 * len(alphabets) + 16)
        coder, _ = _walk(coder, buffer, symbols.copy(), _widths(alphabets), low, _UNMARKED)
        return flush(coder, buffer).tobytes()

    def read(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray | None:
        coder, buffer, symbols, sensible = self._walked(data, count, alphabets, _UNMARKED)
        if not sensible or overrun(coder, buffer) > DROPPED_ZEROS or (symbols >= np.array(alphabets)).any():
            return None
        return symbols

    def spent(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray:
        marks = np.zeros(1 + count * len(alphabets), np.int64)
        self._walked(data, count, alphabets, marks)
        return bits_between(marks).reshape(count, len(alphabets))

    @staticmethod
    def _walked(data: bytes, count: int, alphabets: tuple[int, ...], marks: np.ndarray):
        """What `_walk` gives for bytes: the coder, its buffer, the symbols, and whether they make sense."""
        symbols = np.zeros((count, len(alphabets)), np.int64)
        coder, buffer = decoder(np.frombuffer(data, np.uint8).copy())
        low = np.zeros(len(alphabets), np.int64)
        coder, sensible = _walk(coder, buffer, symbols, _widths(alphabets), low, marks)
        return coder, buffer, symbols, sensible


CODERS: tuple[Coder, ...] = (Raw(), Static(), Adaptive(), BitsBack())  # the place of each is its number in a file


_UNMARKED = np.empty(0, np.int64)  # no account is kept


def _bits(alphabet: int) -> int:
    """Bits that tell all values of an alphabet apart."""
    return (alphabet - 1).bit_length()


def _widths(alphabets: tuple[int, ...]) -> np.ndarray:
    return np.array([_bits(a) for a in alphabets], np.int64)


@njit(nogil=True, cache=True)
def _walk(coder, buffer, symbols, widths, low, marks):
    """Code low (c,) and then symbols (N, c), in place. Returns the coder, and whether what was decoded makes sense.

    The high bits of a symbol walk down a binary tree whose every node is a model; the `low` others have even odds.

    Args:
        marks: filled with a mark before the first symbol and after each; empty: no account is kept.
    """
    columns = len(widths)
    first = np.zeros(columns + 1, np.int64)
    for j in range(columns):
        coder, low[j] = code_uniform(coder, buffer, bits_back.SYMBOL_BITS + 1, low[j])
        if low[j] > widths[j]:
            return coder, False
        first[j + 1] = first[j] + (1 << (widths[j] - low[j]))
    models = np.zeros((first[columns], 2), np.uint32)
    models[:, 0] = 32768
    if len(marks):
        marks[0] = mark(coder)
    for n in range(len(symbols)):
        for j in range(columns):
            node = 1
            for shift in range(widths[j] - 1, low[j] - 1, -1):
                coder, bit = code_bit(coder, buffer, models, first[j] + node, (symbols[n, j] >> shift) & 1)
                node = node << 1 | bit
            high = node - (1 << (widths[j] - low[j]))
            coder, rest = code_uniform(coder, buffer, 1 << low[j], symbols[n, j] & ((1 << low[j]) - 1))
            symbols[n, j] = high << low[j] | rest
            if len(marks):
                marks[1 + n * columns + j] = mark(coder)
        # A stream that has long ended is not worth the time.
        if coder.mode == DECODING and overrun(coder, buffer) > DROPPED_ZEROS:
            return coder, False
    return coder, True
