"""Coders of integer symbols (N, c) whose alphabets are known: one object for each, all with the same two methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daub.codec.entropy import bits_back
from daub.codec.entropy.range_coder import (
    DECODING,
    DROPPED_ZEROS,
    code_bit,
    code_uniform,
    decoder,
    encoder,
    flush,
    overrun,
)
from daub.render.jit import njit


class Coder(Protocol):
    name: str

    def write(self, symbols: np.ndarray, alphabets: tuple[int, ...]) -> bytes:
        """Args: symbols (N, c) int64, column j in [0, alphabets[j]); alphabets of at most 2^16 symbols."""

    def read(self, data: bytes, count: int, alphabets: tuple[int, ...]) -> np.ndarray | None:
        """(count, c) int64, or None when the bytes make no sense. Zeros after those that `write` made mean nothing."""


@dataclass(frozen=True)
class Raw:
    """Every symbol in as many bits as its alphabet needs: what the papers count."""

    name = "raw"

    def write(self, symbols, alphabets):
        bits = [(symbols[:, [j]] >> np.arange(_bits(a))[::-1] & 1).astype(np.uint8) for j, a in enumerate(alphabets)]
        return np.packbits(np.concatenate(bits, 1)).tobytes()

    def read(self, data, count, alphabets):
        widths = [_bits(a) for a in alphabets]
        if 8 * len(data) < count * sum(widths):
            return None
        bits = np.unpackbits(np.frombuffer(data, np.uint8), count=count * sum(widths)).reshape(count, sum(widths))
        symbols = np.empty((count, len(alphabets)), np.int64)
        for j, (width, end) in enumerate(zip(widths, np.cumsum(widths), strict=True)):
            symbols[:, j] = bits[:, end - width : end] @ (1 << np.arange(width)[::-1])
        return symbols if (symbols < np.array(alphabets)).all() else None


@dataclass(frozen=True)
class Static:
    """The histogram of every column, then each symbol at its cost under it."""

    name = "static"

    def write(self, symbols, alphabets):
        return bits_back.write(symbols, alphabets, unordered=False)

    def read(self, data, count, alphabets):
        return bits_back.read(data, count, alphabets, unordered=False)


@dataclass(frozen=True)
class BitsBack:
    """As `Static`, but the Gaussians are a set: their order is not kept, and what it would have cost is saved."""

    name = "bits-back"

    def write(self, symbols, alphabets):
        return bits_back.write(symbols, alphabets, unordered=True)

    def read(self, data, count, alphabets):
        return bits_back.read(data, count, alphabets, unordered=True)


@dataclass(frozen=True)
class Adaptive:
    """Models of each column that learn as they go; none are sent."""

    name = "adaptive"

    def write(self, symbols, alphabets):
        low = bits_back.low_bits(symbols, alphabets)
        coder, buffer = encoder(24 * symbols.size + 2 * len(alphabets) + 16)
        coder, _ = _walk(coder, buffer, symbols.copy(), _widths(alphabets), low)
        return flush(coder, buffer).tobytes()

    def read(self, data, count, alphabets):
        symbols = np.zeros((count, len(alphabets)), np.int64)
        coder, buffer = decoder(np.frombuffer(data, np.uint8).copy())
        coder, sensible = _walk(coder, buffer, symbols, _widths(alphabets), np.zeros(len(alphabets), np.int64))
        if not sensible or overrun(coder, buffer) > DROPPED_ZEROS or (symbols >= np.array(alphabets)).any():
            return None
        return symbols


CODERS = (Raw(), Static(), Adaptive(), BitsBack())  # their places are their numbers in a file


def _bits(alphabet: int) -> int:
    return (alphabet - 1).bit_length()


def _widths(alphabets: tuple[int, ...]) -> np.ndarray:
    return np.array([_bits(a) for a in alphabets], np.int64)


@njit(nogil=True, cache=True)
def _walk(coder, buffer, symbols, widths, low):
    """Codes symbols (N, c), and low first; whether what was decoded makes sense so far.

    The high bits of a symbol walk down a binary tree whose every node is a model, and the `low` others have even odds.
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
    for n in range(len(symbols)):
        for j in range(columns):
            node = 1
            for shift in range(widths[j] - 1, low[j] - 1, -1):
                coder, bit = code_bit(coder, buffer, models, first[j] + node, (symbols[n, j] >> shift) & 1)
                node = node << 1 | bit
            high = node - (1 << (widths[j] - low[j]))
            coder, rest = code_uniform(coder, buffer, 1 << low[j], symbols[n, j] & ((1 << low[j]) - 1))
            symbols[n, j] = high << low[j] | rest
        # A stream that has long ended is not worth the time.
        if coder[0] == DECODING and overrun(coder, buffer) > DROPPED_ZEROS:
            return coder, False
    return coder, True
