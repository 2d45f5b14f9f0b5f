"""A drawing: one picture on a device, the launches that fill it, and those that lead back from it.

forward    derive --> collect --> rasterise
           or, where there are many Gaussians, in the place of `collect`
           (count, scan, fill for the bands) --> count, scan, fill for the runs of tiles
backward   backward, which also fills the verdict --> gather, or in a fit the optimiser's step
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from daub.render.cuda import source
from daub.render.device_image import Painter
from daub.render.gaussians import PARAMETERS, Gaussians
from daub.render.rasteriser import DeviceRasteriser

Array = Any  # an array of `Device.xp`

MORE_ROOM = 1.25  # room made where a list does not fit, in units of what it needed

SORTED_FROM = 1 << 16  # Gaussians from which on it pays to sort them by place
ROOMY = 1 << 22  # entries that all lists may have room for where each has room for all Gaussians: 16 MB

# One warp looks through a part of the Gaussians for 32 cells in a row. Parts make enough warps of few cells.
LOOKED_THROUGH = 4096  # Gaussians that one warp may look through; if more, lists of bands pay for three more launches
RUN_WARPS = 1024  # warps wanted for the lists of the runs of tiles: there are as many parts as make that
BAND_PARTS = 512  # parts for the lists of the bands, of which there are few, while nearly every Gaussian touches one

# Every Gaussian, or piece of one, has a warp, and the kernels number threads and values with an int.
MOST_GAUSSIANS = 1 << source.INDEX_BITS
MOST_WARPS = (2**31 - source.THREADS) // source.WARP
MOST_PIXELS = (2**31 - 1) // 3
MOST_ROWS = 65535 * source.TILE  # rows of pixels: a grid has at most 65535 rows of blocks, and a block is a tile


class Device(Protocol):
    """What runs the kernels, and keeps their arrays."""

    title: str  # for the user: the name of the GPU
    xp: ModuleType  # cupy, or a module that stands in for it
    failures: tuple[type[Exception], ...]  # raised by anything done with it once it is lost or full

    def launch(self, kernel: str, grid: tuple[int, int, int], arguments: Sequence[Array | np.int32 | None]) -> None:
        """Starts a kernel with source.KERNELS[kernel] threads per block, after all that was asked for before."""

    def graph(self, launches: Callable[[], None]) -> Callable[[], None]:
        """Records what `launches` would launch; the function returned starts it all, with the same arguments."""

    def host(self, array: Array) -> np.ndarray:
        """A copy of an array in the host's memory, once all that was asked for before is done."""

    def put(self, array: Array, values: np.ndarray) -> None:
        """Fills an array with values of the same shape and type from the host's memory, which may then be changed."""

    def painter(self, rasteriser: DeviceRasteriser) -> Painter | None:
        """What renders frames by this rasteriser of the device, for the calling thread; None if that cannot be."""

    def release(self) -> None:
        """Gives back the memory of arrays that are gone."""


class TooLarge(Exception):
    """More pixels, Gaussians or list entries than the kernels can number."""


class Lists:
    """For each cell of a grid, the list of the Gaussians that touch it.

    Args:
        columns, rows: size of the grid, in cells.
        parts: how many warps share the Gaussians when a run of cells has its lists made.
        room: members that all lists together have memory for.
    """

    def __init__(self, device: Device, columns: int, rows: int, parts: int, room: int):
        self._device, self.columns, self.rows, self.parts = device, columns, rows, parts
        self.entries = columns * rows * parts
        self.start = device.xp.empty(self.entries + 1, np.int32)
        self.members = device.xp.empty(room, np.int32)

    @property
    def room(self) -> int:
        """How many members all lists together may have."""
        return self.members.size

    def make_room(self, members: int) -> bool:
        """Makes room for at least `members`; returns whether there was too little."""
        if members <= self.room:
            return False
        if members * MORE_ROOM >= 2**31:
            raise TooLarge(f"the Gaussians touch {members} runs of tiles in all, more than the kernels can number")
        self.members = self._device.xp.empty(int(members * MORE_ROOM), np.int32)
        return True


class Recorded:
    """Launches as a graph, which is recorded anew when it would get other arrays or numbers."""

    def __init__(self, device: Device):
        self._device = device
        self._given: tuple[Array | int, ...] = ()  # what the graph was recorded with, and so kept alive
        self._replay: Callable[[], None] | None = None

    def fits(self, given: tuple[Array | int, ...]) -> bool:
        """Whether the graph was recorded with these."""
        return _same(given, self._given)

    def replay(self, given: tuple[Array | int, ...], launches: Callable[[], None]) -> Callable[[], None]:
        """The function that makes these launches once; `launches` may allocate nothing."""
        if self._replay is None or not self.fits(given):
            self._replay, self._given = self._device.graph(launches), given
        return self._replay


class Drawing:
    """One picture on a device, and the lists of the Gaussians that touch each run of its tiles.

    Args:
        members: entries that the lists of the runs begin with; they grow where they must.

    Raises:
        TooLarge: here, and from every method that is given Gaussians.
    """

    def __init__(self, device: Device, width: int, height: int, members: int):
        if width * height > MOST_PIXELS or height > MOST_ROWS:
            raise TooLarge(f"a picture of {width}x{height} pixels has more than the kernels can number")
        xp = device.xp
        self.device, self.width, self.height = device, width, height
        columns, rows = self._grid = source.tiles(width, height)
        self.image = xp.empty((height, width, 3), np.float32)  # the sum of the Gaussians, or the residual
        self.squares = xp.empty((rows, columns), np.float32)  # sum of the squares of `image` over each tile
        across = -(-columns // source.RUN)
        warps = rows * -(-across // source.WARP)
        self.runs = Lists(device, across, rows, max(1, min(16, RUN_WARPS // warps)), members)
        self.bands = Lists(device, -(-rows // source.TILE_BAND), 1, BAND_PARTS, 0)
        self.lengths = xp.zeros(3, np.int32)  # indexed by source.RUNS, PIECES and BANDS
        self.moments = xp.empty((0, 8), np.float32)  # (pieces, 8), sums over the pixels of each piece
        # Memory for N Gaussians or more; `derive` of lists.cu says what the first two hold.
        self.derived = xp.empty((0, 2, 4), np.float32)
        self.rectangles = xp.empty((0, 4), np.int32)
        self.first = xp.empty(1, np.int32)  # (N + 1), the first piece of each Gaussian, and the number of all pieces
        self._fits = False  # whether the lists have room for whatever the Gaussians are
        self._again = Gaussians(xp.empty((0, PARAMETERS), np.float32))  # the copy that `draw_again` draws
        self._last_drawn: tuple[Array, ...] = ()  # the arrays it drew with
        self._recorded = Recorded(device)

    def launch(self, kernel: str, grid: tuple[int, int, int], *arguments: Array | int | None) -> None:
        """Launches a kernel once; its arguments are held against its signature."""
        checked = []
        for (name, dtype), argument in zip(source.signatures()[kernel], arguments, strict=True):
            if dtype is None:
                argument = np.int32(argument)
            elif argument is not None and not _suits(self.device, argument, dtype):
                check(self.device, f"{name} of {kernel}", argument, dtype)
            checked.append(argument)
        self.device.launch(kernel, grid, checked)

    def derive(self, gaussians: Gaussians, order: Array | None = None) -> int:
        """Fills `derived`, `rectangles` and, for now, `first` with how many pieces each has; returns N.

        Args:
            order: (N,) int32, indices in the order of the pieces; None for that of the Gaussians.
        """
        n = len(gaussians)
        if n > MOST_GAUSSIANS:
            raise TooLarge(f"{n} Gaussians are more than the kernels can number")
        check(self.device, "parameters", gaussians.parameters, np.float32, (n, PARAMETERS))
        self.reserve(n)
        made = self.derived, self.rectangles, self.first
        self.launch("derive", source.blocks(n), gaussians.parameters, n, order, self.width, self.height, *made)
        return n

    def reserve(self, gaussians: int) -> None:
        """Makes room for N Gaussians."""
        if gaussians > len(self.derived):
            self.derived = self.device.xp.empty((gaussians, 2, 4), np.float32)
            self.rectangles = self.device.xp.empty((gaussians, 4), np.int32)
            self.first = self.device.xp.empty(gaussians + 1, np.int32)
        self._fits = self._roomy(gaussians)
        if self._fits:
            self.runs.make_room(self.runs.columns * self.runs.rows * gaussians)
        elif self._by_bands(gaussians):
            self.bands.make_room(gaussians)

    def make_pieces(self, pieces: int) -> None:
        """Makes room for the moments of this many pieces."""
        if pieces <= len(self.moments):
            return
        if pieces * MORE_ROOM > MOST_WARPS:
            raise TooLarge(f"the Gaussians cover {pieces * source.PIECE} times the pixels of a warp")
        self.moments = self.device.xp.empty((int(pieces * MORE_ROOM), 8), np.float32)

    def draw(self, gaussians: Gaussians, target: Array | None = None, order: Array | None = None) -> None:
        """Fills `image` with the render, less the target (H, W, 3) if there is one, and `squares`.

        Does not wait for the device. All is wrong where the lists do not fit, which `grow` tells.

        Args:
            order: of `derive`; `add_up` has to be given the same.
        """
        n = self.derive(gaussians, order)
        runs = self.runs
        if self._roomy(n):
            grid = runs.columns, runs.rows + 1, 1
            self.launch("collect", grid, self.rectangles, n, runs.start, runs.members, self.first, self.lengths)
            lists = runs.start, 0, runs.members, n
        else:
            bands, among = self.bands, (None, 0, None, 0)
            if self._by_bands(n):
                self._bin(bands, n, source.TILE_BAND, among, source.BANDS, (bands.start, bands.entries))
                among = bands.start, bands.parts, bands.members, bands.room
            self._bin(runs, n, 0, among, source.RUNS, (runs.start, runs.entries), (self.first, n))
            lists = runs.start, runs.parts, runs.members, runs.room
        size = self.width, self.height
        self.launch("rasterise", (*self._grid, 1), self.derived, *lists, target, *size, self.image, self.squares)

    def draw_again(self, gaussians: Gaussians) -> None:
        """Draws a copy of the Gaussians. From the second time with the same memory on, as for the frames of a window,
        the launches are a recorded graph."""
        n = len(gaussians)
        if n != len(self._again):
            self._again = Gaussians(self.device.xp.empty((n, PARAMETERS), np.float32))
        self._again.parameters[:] = self.device.xp.asarray(gaussians.parameters, np.float32)
        self.reserve(n)
        arrays = self._again.parameters, *self.arrays()
        if _same(arrays, self._last_drawn):
            self._recorded.replay(arrays, lambda: self.draw(self._again))()
        else:
            self.draw(self._again)
            self._last_drawn = arrays

    def grow(self) -> bool:
        """Makes room and returns True if the lists did not fit when last drawn; waits for the device to know that."""
        if self._fits:
            return False
        lengths = self.read_lengths()
        short = self.runs.make_room(lengths[source.RUNS]), self.bands.make_room(lengths[source.BANDS])
        return any(short)

    def render(self, gaussians: Gaussians, target: Array | None = None) -> None:
        """Draws until the lists fit."""
        self.draw(gaussians, target)
        while self.grow():
            self.draw(gaussians, target)

    def opaque(self) -> Array:
        """`image` as (height, width, 4) float32, with alpha 1."""
        rgba = self.device.xp.empty((self.height, self.width, 4), np.float32)
        pixels = self.height * self.width
        self.launch("make_opaque", source.blocks(pixels), self.image, pixels, rgba)
        return rgba

    def rounded(self) -> Array:
        """`image` in 8 bits, (height, width, 3) uint8."""
        rounded = self.device.xp.empty(self.image.shape, np.uint8)
        self.launch("round_to_8bit", source.blocks(rounded.size), self.image, rounded.size, rounded)
        return rounded

    def gather(self, gaussians: Gaussians, cotangent: Array) -> Array:
        """(N, 8): the gradient in the whitened frame of each Gaussian, for a cotangent (H, W, 3)."""
        n = self.derive(gaussians)
        self._scan(source.PIECES, (self.first, n))
        self.make_pieces(self.read_lengths()[source.PIECES])
        self.add_up(n, cotangent, len(self.moments))
        gradient = self.device.xp.empty((n, PARAMETERS), np.float32)
        pieces = None, self.first, self.moments
        self.launch("gather", source.blocks(n * source.WARP), self.derived, n, *pieces, gradient)
        return gradient

    def add_up(
        self,
        n: int,
        cotangent: Array,
        pieces: int,
        order: Array | None = None,
        settings: Array | None = None,
        verdict: Array | None = None,
    ) -> None:
        """Fills `moments`, of at most `pieces` pieces, and a verdict on what was drawn if one is given."""
        blocks = 1 + source.blocks(pieces * source.WARP)[0]
        self._backward((blocks, 1, 1), n, order, cotangent, pieces, settings, verdict)

    def judge(self, n: int, settings: Array, verdict: Array) -> None:
        """Fills the verdict on what was drawn, however many pieces there are."""
        self._backward((1, 1, 1), n, None, self.image, 2**31 - 1, settings, verdict)

    def order_by_place(self, gaussians: Gaussians) -> Array | None:
        """An order for `derive` in which neighbours are together; None where there are few Gaussians.

        What neighbours share of a picture that is larger than the cache is then found there. No bit changes.
        """
        if len(gaussians) <= SORTED_FROM:
            return None
        xp, side = self.device.xp, source.TILE * source.TILE_BAND
        across = -(-self.width // side)
        cell = (gaussians.parameters[:, :2] / side).astype(np.int32)
        return xp.argsort(cell[:, 1] * across + cell[:, 0], kind="stable").astype(np.int32)

    def arrays(self) -> tuple[Array, ...]:
        """The arrays that are replaced when there has to be more room."""
        return self.derived, self.rectangles, self.first, self.moments, self.runs.members, self.bands.members

    def read_lengths(self) -> list[int]:
        """`lengths`, once the device is done."""
        return self.device.host(self.lengths).tolist()

    def _backward(self, grid, n, order, cotangent, pieces, settings, verdict) -> None:
        where = order, self.first, pieces, cotangent, self.width, self.height, self.moments
        evidence = self.squares, self.squares.size, self.lengths, self.runs.room, self.bands.room
        self.launch("backward", grid, self.derived, n, *where, *evidence, settings, verdict)

    def _roomy(self, gaussians: int) -> bool:
        """Whether the list of every run has room for all Gaussians, so that none is counted beforehand."""
        return self.runs.columns * self.runs.rows * gaussians <= ROOMY

    def _by_bands(self, gaussians: int) -> bool:
        return gaussians > LOOKED_THROUGH * self.runs.parts

    def _bin(self, lists: Lists, n: int, tall: int, among: tuple, slot: int, *counts: tuple[Array, int]) -> None:
        """Fills lists of Gaussians: count, scan, fill. The other arguments are those of the kernels of lists.cu."""
        grid = -(-lists.columns // source.WARP), lists.rows, lists.parts
        which = self.rectangles, n, lists.columns, tall, *among
        self.launch("count", grid, *which, lists.start)
        self._scan(slot, *counts)
        self.launch("fill", grid, *which, lists.start, lists.room, lists.members)

    def _scan(self, slot: int, counts: tuple[Array, int], others: tuple[Array | None, int] = (None, 0)) -> None:
        grid = 1 if others[0] is None else 2, 1, 1
        self.launch("scan", grid, *counts, *others, slot, self.lengths)


def _same(given: tuple[Array | int, ...], before: tuple[Array | int, ...]) -> bool:
    """Whether two tuples hold, one by one, the same objects or equal numbers."""
    equal = (a is b or (isinstance(a, int) and a == b) for a, b in zip(given, before, strict=False))
    return len(given) == len(before) and all(equal)


def _suits(device: Device, array: Array, dtype: np.dtype) -> bool:
    return isinstance(array, device.xp.ndarray) and array.dtype == dtype and array.flags.c_contiguous


def check(device: Device, name: str, array: Array, dtype: np.dtype, shape: tuple[int, ...] | None = None) -> None:
    """Checks an array that a kernel is to get, as the kernel would take any pointer.

    Raises:
        TypeError: it is no array of the device.
        ValueError: another type or shape, or not contiguous.
    """
    if not isinstance(array, device.xp.ndarray):
        raise TypeError(f"{name} must be an array of the device, not a {type(array).__name__}")
    if not _suits(device, array, dtype) or (shape is not None and array.shape != shape):
        want = f"contiguous {np.dtype(dtype)}" + (f" of shape {shape}" if shape else "")
        raise ValueError(f"{name} must be {want}, not {array.dtype} of shape {array.shape}")
