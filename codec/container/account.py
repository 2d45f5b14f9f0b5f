"""What the bits of a file are spent on: those of each Gaussian, by what they say, and the rest."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Account:
    """The bits of a file, as they were really coded: -log2 of the very odds that the coder has used.

    The bits of all Gaussians and of the empty cells, less what is given back, are the coded part of the file but for
    what its last bytes round up. What else a file holds, its frame, header, checksums and histograms, is `rest_of` it.

    Args:
        parts: what the bits of a Gaussian say, one word each.
        bits: (N, len(parts)) float64, of each Gaussian in the order of the file.
        empty_cells: (rows, columns) float64, bits which say that a cell of the grid of positions holds no Gaussian, 0
            for cells that hold some: theirs are part of the Gaussians' places. Without a grid (0, 0).
        cell: side of a cell, pixels; 0 without a grid.
        given_back: bits that all Gaussians together save because their order is not kept; no one of them has its share,
            as that depends on which come before it.
    """

    parts: tuple[str, ...]
    bits: np.ndarray
    empty_cells: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    cell: int = 0
    given_back: float = 0.0

    def __len__(self) -> int:
        return len(self.bits)

    @functools.cached_property
    def total(self) -> np.ndarray:
        """(N,) float64, bits of each Gaussian."""
        return self.bits.sum(1)

    @property
    def coded(self) -> float:
        """Bits of all that is coded."""
        return float(self.bits.sum() + self.empty_cells.sum() - self.given_back)

    def rest_of(self, size: int) -> float:
        """Bits of a file of `size` bytes that are none of those."""
        return 8 * size - self.coded
