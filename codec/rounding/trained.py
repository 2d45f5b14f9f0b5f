"""Quantisers of columns (N, c), and training with them: fake quantisation forward, straight through backward.

A quantiser is made, told the columns it starts from (`begin`), and then used. What it has learned is its `side`: those
bytes and the symbols are all that a file holds. All real numbers in it are float32, as in the file, so that a fit sees
exactly what a reader will: `decode(symbols(columns))` equals `quantiser(columns)`, always.

    >>> columns = np.linspace(-1, 1, 50, dtype=np.float32)[:, None]
    >>> quantiser = Uniform(bits=6)
    >>> quantiser.begin(columns)
    >>> symbols = quantiser.symbols(columns)
    >>> bool((quantiser.decode(symbols) == quantiser(columns)).all()), int(symbols.max())
    (True, 63)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Protocol, Self

import numpy as np

from daub.codec.rounding.residual_vector import ResidualVector
from daub.codec.rounding.side import floats, take

MOST_BITS = 16  # largest size of a symbol, bits


class InLoop(Protocol):
    """What a fit asks of a quantiser in its loop. What it learns, it steps by itself, in `backward`."""

    def begin(self, columns: np.ndarray) -> None:
        """Learn what it starts from, ranges or codebooks, from columns (N, c) float32."""

    def __call__(self, columns: np.ndarray) -> np.ndarray:
        """Give the columns (N, c) float32 as a reader would get them."""

    def backward(self, columns: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """Work out dL/dcolumns (N, c), and take a step of its own learning.

        Args:
            gradient: (N, c), dL by what `__call__` returned for these columns.
        """


class Quantiser(InLoop, Protocol):
    """A quantiser whose symbols and side information make a file."""

    name: str

    @property
    def alphabets(self) -> tuple[int, ...]:
        """How many values each column of the symbols has."""

    @property
    def learned(self) -> int:
        """How many real numbers a reader has to know."""

    def symbols(self, columns: np.ndarray) -> np.ndarray:
        """Quantise: (N, len(alphabets)) int64."""

    def decode(self, symbols: np.ndarray) -> np.ndarray:
        """Give the columns (N, c) float32 that symbols stand for."""

    def side(self) -> bytes:
        """Write what a reader has to know besides the symbols."""

    @classmethod
    def from_side(cls, stream: BinaryIO, columns: int) -> Self:
        """Read back what `side` wrote for so many columns.

        Raises:
            ValueError: it makes no sense, with the reason.
        """


class Half:
    """Sixteen-bit floating point (IEEE 754 binary16), of which nothing is learned.

    Values are numbered in their order; infinities and NaNs have no number. Positions in an 8K image are 2 pixels apart.

    Args:
        columns: how many there are, where they are known before `begin`.
    """

    name = "fp16"
    learned = 0
    _LARGEST = 0x7BFF  # bits of 65504, the largest value

    def __init__(self, columns: int = 0):
        self._columns = columns

    @property
    def alphabets(self) -> tuple[int, ...]:
        return (2 * self._LARGEST + 1,) * self._columns

    def begin(self, columns: np.ndarray) -> None:
        self._columns = columns.shape[1]

    def __call__(self, columns: np.ndarray) -> np.ndarray:
        return self.decode(self.symbols(columns))

    def backward(self, columns: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        return gradient

    def symbols(self, columns: np.ndarray) -> np.ndarray:
        largest = float(np.finfo(np.float16).max)
        bits = np.clip(columns, -largest, largest).astype(np.float16).view(np.uint16).astype(np.int64)
        magnitude = bits & 0x7FFF
        return self._LARGEST + np.where(bits >> 15, -magnitude, magnitude)

    def decode(self, symbols: np.ndarray) -> np.ndarray:
        signed = symbols - self._LARGEST
        bits = np.abs(signed) | np.where(signed < 0, 0x8000, 0)
        return bits.astype(np.uint16).view(np.float16).astype(np.float32)

    def side(self) -> bytes:
        return b""

    @classmethod
    def from_side(cls, stream: BinaryIO, columns: int) -> Self:
        return cls(columns)


class Uniform:
    """Steps of equal size; scale and offset of each column are learned (LSQ+: Bhalgat et al., CVPR-W 2020, section 3).

    GaussianImage has 6 bits for covariances, GaussianImage++ 12, 10 and 6 for position, covariance and colour.

    Args:
        bits: of a symbol, 1 to 16.
        rate: learning rate of Adam for scale and offset, in units of the scale at the start: one rate then suits every
            column, and LSQ's own scaling of the gradient changes nothing.

    Raises:
        ValueError: there are too many bits, or none.
    """

    name = "uniform"

    def __init__(self, bits: int, rate: float = 1e-3):
        if not 1 <= bits <= MOST_BITS:
            raise ValueError(f"a uniform quantiser has 1 to 16 bits, not {bits}")
        self.bits = bits
        self._largest = (1 << bits) - 1
        self._rate = rate
        self._learn(np.ones((2, 0), np.float32))

    def _learn(self, learned: np.ndarray) -> None:
        self._learned = learned  # (2, c) float32: scale, above 0, and offset, the value of symbol 0
        self._adam = _Adam(self._rate * learned[0].astype(np.float64))

    @property
    def alphabets(self) -> tuple[int, ...]:
        return (self._largest + 1,) * self._learned.shape[1]

    @property
    def learned(self) -> int:
        return self._learned.size

    def begin(self, columns: np.ndarray) -> None:
        lowest, highest = _range(columns)
        scale = np.maximum((highest - lowest) / self._largest, _least_scale(lowest, highest))
        self._learn(np.stack([scale, lowest]).astype(np.float32))

    def __call__(self, columns: np.ndarray) -> np.ndarray:
        return self.decode(self.symbols(columns))

    def backward(self, columns: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        position = self._position(columns)
        rounded = np.rint(position)
        symbols = np.clip(rounded, 0, self._largest)
        inside = rounded == symbols
        by_scale = (gradient * (symbols - np.where(inside, position, 0))).sum(0)
        by_offset = (gradient * ~inside).sum(0)
        learned = self._learned - self._adam.step(np.stack([by_scale, by_offset]))
        learned[0] = np.maximum(learned[0], np.finfo(np.float32).tiny)
        self._learned = learned.astype(np.float32)
        return gradient * inside

    def symbols(self, columns: np.ndarray) -> np.ndarray:
        return np.clip(np.rint(self._position(columns)), 0, self._largest).astype(np.int64)

    def _position(self, columns: np.ndarray) -> np.ndarray:
        scale, offset = self._learned.astype(np.float64)
        return (columns - offset) / scale

    def decode(self, symbols: np.ndarray) -> np.ndarray:
        scale, offset = self._learned.astype(np.float64)
        return (offset + scale * symbols).astype(np.float32)

    def side(self) -> bytes:
        return bytes([self.bits]) + self._learned.astype("<f4").tobytes()

    @classmethod
    def from_side(cls, stream: BinaryIO, columns: int) -> Self:
        quantiser = cls(*take(stream, 1))
        quantiser._learn(floats(stream, (2, columns)))
        if not (quantiser._learned[0] > 0).all():
            raise ValueError("a quantiser's scale is not positive")
        return quantiser


class LogUniform(Uniform):
    """`Uniform` in the logarithm, for variances (GaussianImage++): the error is a ratio, whatever the size."""

    name = "log-uniform"
    _LEAST = 1e-6  # least variance, pixels^2, which smaller ones are taken for

    def begin(self, columns: np.ndarray) -> None:
        super().begin(self._log(columns))

    def backward(self, columns: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        by_log = super().backward(self._log(columns), gradient * self(columns))
        return by_log / np.maximum(columns, self._LEAST)

    def symbols(self, columns: np.ndarray) -> np.ndarray:
        return super().symbols(self._log(columns))

    def decode(self, symbols: np.ndarray) -> np.ndarray:
        return np.exp(super().decode(symbols).astype(np.float64)).astype(np.float32)

    def _log(self, columns: np.ndarray) -> np.ndarray:
        return np.log(np.maximum(columns, self._LEAST).astype(np.float64))


class ByColumns:
    """Quantisers side by side, each for so many columns: a quantiser of all of them.

    Args:
        parts: (columns, quantiser), in the order of the columns.

        >>> quantiser = ByColumns((2, Half()), (3, Uniform(6)))
        >>> quantiser.begin(np.zeros((4, 5), np.float32))
        >>> quantiser.alphabets, quantiser.counted_bits(count=1000)
        ((63487, 63487, 64, 64, 64), 50192)
    """

    KINDS = (Half, Uniform, LogUniform, ResidualVector)  # the place of each is its number in a file

    def __init__(self, *parts: tuple[int, Quantiser]):
        self.parts = parts
        self.columns = sum(count for count, _ in parts)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(quantiser.name for _, quantiser in self.parts)

    @property
    def alphabets(self) -> tuple[int, ...]:
        return tuple(a for _, quantiser in self.parts for a in quantiser.alphabets)

    @property
    def learned(self) -> int:
        return sum(quantiser.learned for _, quantiser in self.parts)

    def counted_bits(self, count: int) -> int:
        """Count the bits of so many Gaussians as papers do: symbols of fixed length, float32 for what was learned."""
        symbols = sum((a - 1).bit_length() for a in self.alphabets)
        return count * symbols + 32 * self.learned

    def begin(self, columns: np.ndarray) -> None:
        for quantiser, its in self._each(columns):
            quantiser.begin(its)

    def __call__(self, columns: np.ndarray) -> np.ndarray:
        return np.concatenate([quantiser(its) for quantiser, its in self._each(columns)], 1)

    def backward(self, columns: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        each = zip(self._each(columns), self._each(gradient), strict=True)
        return np.concatenate([quantiser.backward(its, by_its) for (quantiser, its), (_, by_its) in each], 1)

    def symbols(self, columns: np.ndarray) -> np.ndarray:
        return np.concatenate([quantiser.symbols(its) for quantiser, its in self._each(columns)], 1)

    def decode(self, symbols: np.ndarray) -> np.ndarray:
        ends = np.cumsum([len(quantiser.alphabets) for _, quantiser in self.parts])
        each = zip(self.parts, np.split(symbols, ends[:-1], 1), strict=True)
        return np.concatenate([quantiser.decode(its) for (_, quantiser), its in each], 1)

    def side(self) -> bytes:
        """Write how many there are, then the kind, the number of columns and the side of each."""
        sides = [
            bytes([self.KINDS.index(type(quantiser)), count]) + quantiser.side() for count, quantiser in self.parts
        ]
        return bytes([len(sides)]) + b"".join(sides)

    @classmethod
    def from_side(cls, stream: BinaryIO, columns: int) -> Self:
        parts, left = [], columns
        (count,) = take(stream, 1)
        for _ in range(count):
            kind, width = take(stream, 2)
            if kind >= len(cls.KINDS):
                raise ValueError(f"its quantiser {kind} is unknown to this Daub")
            if not 1 <= width <= left:
                raise ValueError("its quantisers have too many columns")
            parts.append((width, cls.KINDS[kind].from_side(stream, width)))
            left -= width
        if left:
            raise ValueError("its quantisers have too few columns")
        return cls(*parts)

    def _each(self, columns: np.ndarray) -> list[tuple[Quantiser, np.ndarray]]:
        """Each quantiser with its columns."""
        ends = np.cumsum([count for count, _ in self.parts])
        quantisers: Sequence[Quantiser] = [quantiser for _, quantiser in self.parts]
        return list(zip(quantisers, np.split(columns, ends[:-1], 1), strict=True))


class _Adam:
    """Adam (Kingma and Ba, ICLR 2015) in float64, with a rate for each of the few numbers that a quantiser learns.

    `fit.optimisers.Adam` is for populations that grow: its averages are float32 rows of Gaussians, kept outside of it.
    """

    def __init__(self, rate: np.ndarray):
        self._rate, self._steps, self._mean, self._square = rate, 0, 0.0, 0.0

    def step(self, gradient: np.ndarray) -> np.ndarray:
        """Work out what is to be taken away from the numbers."""
        self._steps += 1
        self._mean = 0.9 * self._mean + 0.1 * gradient
        self._square = 0.999 * self._square + 0.001 * gradient**2
        mean, square = self._mean / (1 - 0.9**self._steps), self._square / (1 - 0.999**self._steps)
        return self._rate * mean / (np.sqrt(square) + 1e-15)


def _range(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of each column; 0 where there are no rows."""
    if not len(columns):
        return np.zeros(columns.shape[1]), np.zeros(columns.shape[1])
    return columns.min(0).astype(np.float64), columns.max(0).astype(np.float64)


def _least_scale(lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """The scale of a column that is all alike: so small that it changes nothing, but not zero."""
    return np.maximum(np.maximum(np.abs(lowest), np.abs(highest)), 1) * 1e-9
