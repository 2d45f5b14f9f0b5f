"""Gaussians made ready for the kernels: derived numbers, and lists of those that touch each band of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from daub.render.cpu import drawing
from daub.render.cpu.blocks import BAND_ROWS, LANES
from daub.render.gaussians import PARAMETERS, SUPPORT, Gaussians

CALL_WORK = 1 << 25  # pairs of pixel and Gaussian of one call of a kernel, some 30 ms: then Python listens to signals


class Derived(NamedTuple):
    """What the kernels need of Gaussians in a picture of some height, by `drawing.derive`."""

    numbers: np.ndarray  # (N, DERIVED) float32
    rows: np.ndarray  # (N, 2) int32, the half-open range of rows that each Gaussian touches

    @classmethod
    def of(cls, gaussians: Gaussians, height: int) -> Derived:
        """Args: height: of the picture, pixels; raises ValueError for parameters of another type or not contiguous."""
        if gaussians.parameters.dtype != np.float32 or not gaussians.parameters.flags.c_contiguous:
            raise ValueError(f"the cpu backend takes contiguous float32 parameters, not {gaussians.parameters.dtype}")
        numbers = np.empty((len(gaussians), drawing.DERIVED), np.float32)
        rows = np.empty((len(gaussians), 2), np.int32)
        drawing.derive(gaussians.parameters, height, numbers, rows)
        return cls(numbers, rows)


class Binned(NamedTuple):
    """Gaussians listed by the bands of a picture, or of some of its rows, by `drawing.bin_bands`."""

    derived: Derived
    top: int  # row of the picture that the first band begins with, a multiple of BAND_ROWS
    start: np.ndarray  # (bands + 1,) int64, where each band begins in members
    members: np.ndarray  # int32, indices of the Gaussians of each band, one band after the other
    slot: np.ndarray  # (N + 1,) int64, where the parts of each Gaussian begin

    @classmethod
    def of(cls, derived: Derived, top: int, bottom: int) -> Binned:
        """Of the rows from `top`, a multiple of BAND_ROWS, to before `bottom`."""
        return cls(derived, top, *drawing.bin_bands(derived.rows, top, -(-(bottom - top) // BAND_ROWS)))

    def rasterise(self, width: int, blocks: np.ndarray) -> None:
        """Fills blocks (H, blocks, 3 * LANES) with the sum of all Gaussians over these rows, in one call."""
        self._rasterise(self.start[:-1], self.start[1:], True, width, blocks)

    def rasterise_by_pieces(self, width: int, blocks: np.ndarray) -> None:
        """The same sum, in calls that are short enough for an interrupt in between."""
        fresh = True
        for start, end in self._pieces(width):
            self._rasterise(start, end, fresh, width, blocks)
            fresh = False

    def gather(
        self, cotangent_blocks: np.ndarray, width: int, weights: np.ndarray | None = None, coarse: float = 0.0
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Of a whole picture: (N, 8) float32, the gradient in the whitened frame of each Gaussian, and (N,) float32,
        the energy of its atom under weights (H, blocks, LANES) and `coarse`; None without weights."""
        numbers, rows = self.derived
        lists = self.start, self.members, self.slot
        partial = np.empty((len(self.members), drawing.MOMENTS + (weights is not None)), np.float32)
        drawing.gather(numbers, rows, *lists, cotangent_blocks, weights, width, partial)
        gradient = np.empty((len(numbers), PARAMETERS), np.float32)
        energy = None if weights is None else np.empty(len(numbers), np.float32)
        drawing.to_gradient(numbers, self.slot, partial, gradient, energy, np.float32(coarse))
        return gradient, energy

    def _rasterise(self, start: np.ndarray, end: np.ndarray, fresh: bool, width: int, blocks: np.ndarray) -> None:
        drawing.rasterise(*self.derived, self.members, start, end, fresh, self.top, width, blocks)

    def _pieces(self, width: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Parts of the lists of all bands, of CALL_WORK together: where they begin and end in members, (bands,) each.

        Within a band they follow each other, so that every pixel adds its Gaussians in the order of a single call.
        """
        cut, end = self.start[:-1], self.start[1:]
        across = 2 * np.sqrt(SUPPORT) / self.derived.numbers[self.members, 2] + 2 * LANES  # pixels of a row, at most
        work = np.zeros(len(self.members) + 1)  # of the members before
        np.cumsum(BAND_ROWS * np.fmin(across, width + LANES), out=work[1:])
        if work[-1] <= CALL_WORK:
            yield cut, end
            return
        while (left := cut < end).any():
            share = work[cut] + CALL_WORK / left.sum()
            following = np.searchsorted(work, share, side="right") - 1
            following = np.minimum(np.maximum(following, cut + 1), end)
            yield cut, following
            cut = following
