"""A drawing: one picture on a device, the launches that fill it, and those that lead back from it.

forward    derive --> collect --> rasterise
           or, where there are many Gaussians, in the place of `collect`
           (count, scan, fill for the bands) --> count, scan, fill for the runs of tiles
backward   backward, which also fills the verdict --> gather, or in a fit the optimiser's step

With weights of the pixels, `rasterise_weighted`, `backward_weighted` and `step_weighted` take the places of theirs.
"""

from __future__ import annotations

import numpy as np

from daub.render.cuda import source
from daub.render.cuda.launching import Array, Device, Recorded, check, same, suits
from daub.render.gaussians import PARAMETERS, Gaussians

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


class TooLarge(Exception):
    """More pixels, Gaussians or list entries than the kernels can number."""


class Lists:
    """For each cell of a grid, the list of the Gaussians that touch it.

    Args:
        columns, rows: size of the grid, in cells.
        parts: how many warps share the Gaussians when 32 cells in a row have their lists made.
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


class Drawing:
    """One picture on a device, and the lists of the Gaussians that touch each run of its tiles.

    Args:
        members: entries that the lists of the runs begin with; they grow where they must.
        weights: (height, width) float32, what a squared error of each pixel counts; None: all pixels alike.
        coarse: how much more errors count that neighbours share, if there are weights: see `weighting`.

    Raises:
        ValueError: the weights are of another shape or type.
        TooLarge: here, and from every method that is given Gaussians.
    """

    def __init__(
        self,
        device: Device,
        width: int,
        height: int,
        members: int,
        weights: Array | None = None,
        coarse: float = 0.0,
    ):
        if width * height > MOST_PIXELS or height > MOST_ROWS:
            raise TooLarge(f"a picture of {width}x{height} pixels has more than the kernels can number")
        xp = device.xp
        self.device, self.width, self.height = device, width, height
        columns, rows = self._grid = source.tiles(width, height)
        self.weights, self.coarse = weights, coarse
        if weights is not None:
            check(device, "weights", weights, np.float32, (height, width))
        # The sum of the Gaussians, or the residual; with weights, half the gradient of the distortion by that.
        self.image = xp.empty((height, width, 3), np.float32)
        self.squares = xp.empty((rows, columns), np.float32)  # the distortion of each tile
        # The same without weights, where there are some; unused where there are none.
        self.plain = None if weights is None else xp.empty_like(self.squares)
        across = -(-columns // source.RUN)
        warps = rows * -(-across // source.WARP)
        self.runs = Lists(device, across, rows, max(1, min(16, RUN_WARPS // warps)), members)
        self.bands = Lists(device, -(-rows // source.TILE_BAND), 1, BAND_PARTS, 0)
        self.lengths = xp.zeros(3, np.int32)  # indexed by source.RUNS, PIECES and BANDS
        self.moments = xp.empty((0, 8), np.float32)  # (pieces, 8), sums over the pixels of each piece
        self.energies = xp.empty(0, np.float32)  # (pieces,), of `backward_weighted`; none without weights
        # Memory for N Gaussians or more; `derive` of lists.cu says what the first two hold.
        self.derived = xp.empty((0, 2, 4), np.float32)
        self.rectangles = xp.empty((0, 4), np.int32)
        self.first = xp.empty(1, np.int32)  # (N + 1), the first piece of each Gaussian, and the number of all pieces
        self._fits = False  # whether the lists have room for whatever the Gaussians are
        self._again = Gaussians(xp.empty((0, PARAMETERS), np.float32))  # the copy that `draw_again` draws
        self._last_drawn: tuple[Array, ...] = ()  # the arrays it drew with
        self._recorded = Recorded(device)

    def launch(self, kernel: str, grid: tuple[int, int, int], *arguments: Array | float | None) -> None:
        """Launches a kernel once; its arguments are held against its signature."""
        checked = []
        signature = source.signatures()[kernel].items()
        for (name, (dtype, points)), argument in zip(signature, arguments, strict=True):
            if not points:
                argument = dtype.type(argument)
            elif argument is not None and not suits(self.device, argument, dtype):
                check(self.device, f"{name} of {kernel}", argument, dtype)
            checked.append(argument)
        self.device.launch(kernel, grid, checked)

    def launch_weighted(
        self,
        kernel: str,
        grid: tuple[int, int, int],
        *arguments: Array | int | None,
        weighted: tuple[Array | float, ...],
    ) -> None:
        """`launch` of a kernel, or with weights of its twin, which takes more arguments: those in `weighted`."""
        if self.weights is None:
            self.launch(kernel, grid, *arguments)
        else:
            self.launch(f"{kernel}_weighted", grid, *arguments, *weighted)

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
        room = int(pieces * MORE_ROOM)
        self.moments = self.device.xp.empty((room, 8), np.float32)
        if self.weights is not None:
            self.energies = self.device.xp.empty(room, np.float32)

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
        arguments = self.derived, *lists, target, *size, self.image, self.squares
        weighted = self.weights, self.coarse, self.plain
        self.launch_weighted("rasterise", (*self._grid, 1), *arguments, weighted=weighted)

    def draw_again(self, gaussians: Gaussians) -> None:
        """Draws a copy of the Gaussians. From the second time with the same memory on, as for the frames of a window,
        the launches are a recorded graph."""
        n = len(gaussians)
        if n != len(self._again):
            self._again = Gaussians(self.device.xp.empty((n, PARAMETERS), np.float32))
        self._again.parameters[:] = self.device.xp.asarray(gaussians.parameters, np.float32)
        self.reserve(n)
        arrays = self._again.parameters, *self.arrays()
        if same(arrays, self._last_drawn):
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
        return self._gradient_of_moments(self._add_up_all(gaussians, cotangent))

    def energy(self, gaussians: Gaussians) -> Array:
        """(N,): `Surface.energy`, ones without weights."""
        if self.weights is None:
            return self.device.xp.ones(len(gaussians), np.float32)
        return self._energy_of_sums(self._add_up_all(gaussians, self.image))

    def gradient_and_energy(self, gaussians: Gaussians) -> tuple[Array, Array]:
        """`gather` for the image, and `energy`, out of the same sums."""
        if self.weights is None:
            return self.gather(gaussians, self.image), self.energy(gaussians)
        n = self._add_up_all(gaussians, self.image)
        return self._gradient_of_moments(n), self._energy_of_sums(n)

    def _gradient_of_moments(self, n: int) -> Array:
        """(N, 8), out of `moments`."""
        gradient = self.device.xp.empty((n, PARAMETERS), np.float32)
        pieces = None, self.first, self.moments
        self.launch("gather", source.blocks(n * source.WARP), self.derived, n, *pieces, gradient)
        return gradient

    def _energy_of_sums(self, n: int) -> Array:
        """(N,), out of `energies`."""
        energy = self.device.xp.empty(n, np.float32)
        grid = source.blocks(n * source.WARP)
        self.launch("gather_energy", grid, self.derived, n, self.first, self.energies, self.coarse, energy)
        return energy

    def add_up(
        self,
        n: int,
        cotangent: Array,
        pieces: int,
        order: Array | None = None,
        settings: Array | None = None,
        verdict: Array | None = None,
    ) -> None:
        """Fills `moments` and, with weights, `energies` of at most so many pieces, and a verdict if one is given."""
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
        lists = self.runs.members, self.bands.members
        return self.derived, self.rectangles, self.first, self.moments, self.energies, *lists

    def read_lengths(self) -> list[int]:
        """`lengths`, once the device is done."""
        return self.device.host(self.lengths).tolist()

    def _add_up_all(self, gaussians: Gaussians, cotangent: Array) -> int:
        """Fills `moments` and with weights `energies` for these Gaussians, however many pieces they have; returns N."""
        n = self.derive(gaussians)
        self._scan(source.PIECES, (self.first, n))
        self.make_pieces(self.read_lengths()[source.PIECES])
        self.add_up(n, cotangent, len(self.moments))
        return n

    def _backward(self, grid, n, order, cotangent, pieces, settings, verdict) -> None:
        where = order, self.first, pieces, cotangent, self.width, self.height, self.moments
        evidence = self.squares, self.squares.size, self.lengths, self.runs.room, self.bands.room
        arguments = self.derived, n, *where, *evidence, settings, verdict
        self.launch_weighted("backward", grid, *arguments, weighted=(self.weights, self.plain, self.energies))

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
