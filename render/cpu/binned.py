"""Gaussians made ready for the kernels: derived numbers, and lists of those that touch each band of rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from daub.render.cpu import drawing, fitting
from daub.render.cpu.blocks import BAND_ROWS, LANES
from daub.render.gaussians import PARAMETERS, SUPPORT, Gaussians
from daub.render.interruption import go_on
from daub.render.jit import get_num_threads
from daub.render.strips import Region

CALL_WORK = 1 << 25  # pairs of pixel and Gaussian of one call of a kernel, some 30 ms: then Python listens to signals
PART_WORK = 1 << 27  # pairs of one call of a kernel of a fit, 0.1 to 0.2 s of one core
UNDIVIDED = 1 << 21  # pixels of a picture for which one call is short enough


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

    def within(self, region: Region) -> Derived:
        """Those that touch a region of the picture, in their order, with the rows that they touch of it."""
        rows = self.rows.clip(region.y, region.bottom)
        reach = math.sqrt(SUPPORT) / self.numbers[:, 2] + 1  # pixels, and one for what rounding may add
        x = self.numbers[:, 0]
        kept = (rows[:, 0] < rows[:, 1]) & (x + reach >= region.x) & (x - reach <= region.right)
        return Derived(self.numbers[kept], rows[kept])


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

    def draw(self, width: int, canvas: np.ndarray, fresh: bool) -> None:
        """Adds all Gaussians of a whole picture up in planes (H, 3, pitch), which become zero before if `fresh`.

        Like `gather`, a large one in several calls, between which it can be given up.
        """
        for start in self._parts(width):
            fitting.draw(get_num_threads(), *self.derived, self.members, start, fresh, width, canvas)
            fresh = False

    def rasterise_8bit(self, region: Region, scratch: np.ndarray) -> np.ndarray | None:
        """The part (H, W, 3) uint8 of a region that these rows have, in calls that are short enough for an interrupt
        in between; None where a single band would take longer.

        Args:
            scratch: (threads, BAND_ROWS, blocks, 3 * LANES) float32, of blocks from the one that holds `region.x` on.
        """
        bands = len(self.start) - 1
        work = np.cumsum(drawing.work_of_bands(self.derived.numbers, self.members, self.start, region.width))
        if not np.diff(work, prepend=0).max(initial=0) <= CALL_WORK:
            return None
        top, bottom = max(self.top, region.y), min(self.top + bands * BAND_ROWS, region.bottom)
        image, band = np.empty((bottom - top, region.width, 3), np.uint8), 0
        while band < bands:
            done = work[band - 1] if band else 0
            end = max(band + 1, int(np.searchsorted(work, done + CALL_WORK, side="right")))
            first, last = self.top + band * BAND_ROWS, self.top + end * BAND_ROWS
            rows = image[max(first - top, 0) : last - top]
            start, at = self.start[band : end + 1], (max(first, top), region.x)
            left = region.x // LANES * LANES
            drawing.rasterise_8bit(*self.derived, self.members, start, first, at, left, scratch, rows)
            band = end
        return image

    def rasterise_by_pieces(self, width: int, blocks: np.ndarray, left: int = 0) -> None:
        """The same sum, in calls that are short enough for an interrupt in between; of the columns from `left` on."""
        fresh = True
        for start, end in self._pieces(width - left):
            self._rasterise(start, end, fresh, width, blocks, left)
            fresh = False

    def gather(
        self, cotangent: np.ndarray, width: int, weights: np.ndarray | None = None, coarse: float = 0.0
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Of a whole picture: (N, 8) float32, the gradient in the whitened frame of each Gaussian, and (N,) float32,
        the energy of its atom under weights (H, 1, pitch) and `coarse`; None without weights. All are planes."""
        numbers, rows = self.derived
        partial = np.empty((len(self.members), fitting.MOMENTS + (weights is not None)), np.float32)
        flat = None if weights is None else weights.reshape(-1)
        for start in self._parts(width):
            lists = start, self.members, self.slot
            fitting.gather(get_num_threads(), numbers, rows, *lists, cotangent, flat, width, partial)
        gradient = np.empty((len(numbers), PARAMETERS), np.float32)
        energy = None if weights is None else np.empty(len(numbers), np.float32)
        fitting.to_gradient(numbers, self.slot, partial, gradient, energy, np.float32(coarse))
        return gradient, energy

    def _rasterise(
        self, start: np.ndarray, end: np.ndarray, fresh: bool, width: int, blocks: np.ndarray, left: int = 0
    ) -> None:
        drawing.rasterise(*self.derived, self.members, start, end, fresh, self.top, left, width, blocks)

    def _parts(self, width: int) -> Iterator[np.ndarray]:
        """As `start`, but with members in some bands alone, as many as are PART_WORK; together all of them.

        In between it is asked whether to go on.
        """
        bands = len(self.start) - 1
        if bands * BAND_ROWS * width < UNDIVIDED:
            yield self.start
            return
        work = np.cumsum(drawing.work_of_bands(self.derived.numbers, self.members, self.start, width))
        first = 0
        while first < bands:
            done = work[first - 1] if first else 0
            end = max(first + 1, int(np.searchsorted(work, done + PART_WORK, side="right")))
            if first:
                go_on()
            yield np.clip(self.start, self.start[first], self.start[end])
            first = end

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
