"""Residual vector quantisation of a few columns together: a `Quantiser` (trained.py) like any other."""

from __future__ import annotations

import struct
from typing import BinaryIO, Self

import numpy as np

from daub.codec.rounding.side import floats, take

LARGEST_ALPHABET = 1 << 16  # most codewords of a stage
MOST_STAGES = 8


class ResidualVector:
    """Stages, each of which names the nearest of its codewords to what the stages before it have left.

    - Juang and Gray, "Multiple stage vector quantization for speech coding" (ICASSP 1982).
    - Codewords begin with k-means and then follow moving averages of what each stands for (van den Oord et al., "Neural
      discrete representation learning", 2017, appendix A.1).
    - GaussianImage has two stages of 8 for colours.

    Args:
        stages: 1 to 8.
        entries: codewords of each stage, 1 to 2^16.
        decay: share of the moving averages kept per step.
        commitment: weight in the loss of the mean squared distance that each stage leaves; without it the columns would
            drift from codewords that follow.

    Raises:
        ValueError: there are too many stages or codewords, or none.

        >>> columns = np.float32([[0, 0], [0, 1], [4, 0], [4, 1]])
        >>> quantiser = ResidualVector(stages=2, entries=2)
        >>> quantiser.begin(columns)
        >>> quantiser.symbols(columns).shape, bool((quantiser(columns) == columns).all())
        ((4, 2), True)
    """

    name = "residual-vector"
    _KMEANS_STEPS = 20
    _UNUSED = 1e-3  # average number of uses below which a codeword stays where it is

    def __init__(self, stages: int = 2, entries: int = 8, decay: float = 0.8, commitment: float = 1.0):
        if not (1 <= stages <= MOST_STAGES and 1 <= entries <= LARGEST_ALPHABET):
            raise ValueError(f"a residual vector quantiser has 1 to 8 stages of 1 to 65536, not {stages} of {entries}")
        self.stages, self.entries = stages, entries
        self._decay, self._commitment = decay, commitment
        self._codebooks = np.zeros((stages, entries, 0), np.float32)

    @property
    def alphabets(self) -> tuple[int, ...]:
        return (self.entries,) * self.stages

    @property
    def learned(self) -> int:
        return self._codebooks.size

    def begin(self, columns: np.ndarray) -> None:
        rest = columns.astype(np.float32)
        self._codebooks = np.zeros((self.stages, self.entries, rest.shape[1]), np.float32)
        self._uses = np.zeros((self.stages, self.entries))
        for stage in range(self.stages):
            self._codebooks[stage] = self._kmeans(rest)
            nearest = _nearest(rest, self._codebooks[stage])
            self._uses[stage] = np.bincount(nearest, minlength=self.entries)
            rest = rest - self._codebooks[stage, nearest]
        self._sums = self._codebooks * self._uses[:, :, None]

    def _kmeans(self, points: np.ndarray) -> np.ndarray:
        if not len(points):
            return np.zeros((self.entries, points.shape[1]), np.float32)
        rng = np.random.default_rng(0)
        codebook = points[rng.choice(len(points), self.entries, replace=len(points) < self.entries)]
        for _ in range(self._KMEANS_STEPS):
            uses, sums = _by_codeword(points, _nearest(points, codebook), self.entries)
            used = uses > 0
            codebook[used] = sums[used] / uses[used, None]
        return codebook

    def __call__(self, columns: np.ndarray) -> np.ndarray:
        return self.decode(self.symbols(columns))

    def backward(self, columns: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        rest = columns.astype(np.float32)
        left = np.zeros_like(rest)
        for stage, nearest in enumerate(self.symbols(columns).T):
            uses, sums = _by_codeword(rest, nearest, self.entries)
            rest = rest - self._codebooks[stage, nearest]
            left += rest
            self._uses[stage] += (1 - self._decay) * (uses - self._uses[stage])
            self._sums[stage] += (1 - self._decay) * (sums - self._sums[stage])
            used = self._uses[stage] > self._UNUSED
            self._codebooks[stage, used] = self._sums[stage, used] / self._uses[stage, used, None]
        return gradient + self._commitment * 2 / max(columns.size, 1) * left

    def symbols(self, columns: np.ndarray) -> np.ndarray:
        rest = columns.astype(np.float32)
        symbols = np.empty((len(rest), self.stages), np.int64)
        for stage, codebook in enumerate(self._codebooks):
            symbols[:, stage] = _nearest(rest, codebook)
            rest = rest - codebook[symbols[:, stage]]
        return symbols

    def decode(self, symbols: np.ndarray) -> np.ndarray:
        columns = np.zeros((len(symbols), self._codebooks.shape[2]), np.float32)
        for codebook, chosen in zip(self._codebooks, symbols.T, strict=True):
            columns += codebook[chosen]
        return columns

    def side(self) -> bytes:
        return struct.pack("<BH", self.stages, self.entries - 1) + self._codebooks.astype("<f4").tobytes()

    @classmethod
    def from_side(cls, stream: BinaryIO, columns: int) -> Self:
        stages, last = struct.unpack("<BH", take(stream, 3))
        quantiser = cls(stages, last + 1)
        quantiser._codebooks = floats(stream, (stages, last + 1, columns))
        return quantiser


def _nearest(points: np.ndarray, codebook: np.ndarray) -> np.ndarray:
    """(N,) index of the codeword nearest to each of points (N, c), the first among equally near ones."""
    distances = (codebook**2).sum(1) - 2 * points @ codebook.T
    return distances.argmin(1)


def _by_codeword(points: np.ndarray, nearest: np.ndarray, entries: int) -> tuple[np.ndarray, np.ndarray]:
    """(entries,) how many points each codeword stands for, and (entries, c) their sums."""
    uses = np.bincount(nearest, minlength=entries)
    return uses, np.stack([np.bincount(nearest, column, entries) for column in points.T], 1)
