"""The CUDA backend: `kernels.cu` behind the `Rasterizer` protocol, on whatever `Device` runs it.

A step is a graph of launches, recorded once per population and replayed; brake, price, error and the best state stay on
the device, and the host looks at them when `Surface.advance` is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from render.cuda import source
from render.gaussians import PARAMETERS, Gaussians
from render.rasterizer import MOMENTUM, Descent, GaussNewton, PlainCanvas, largest_peaks

LOOK_EVERY = 1 / 30  # seconds that a stride should take: a window animates, and waiting for the device costs little
LONGEST_STRIDE = 64  # steps; the graph is launched once for each
MORE_ROOM = 1.25  # made where lists do not fit, in units of what they needed
Array = Any  # of `Device.xp`

# Gaussians times runs of tiles that are looked through without lists of bands, which take three launches more.
LOOKED_THROUGH = 1 << 25
TILE_WARPS = 1024  # that look through the Gaussians for tiles, if there are fewer runs of tiles
BAND_PARTS = 512  # likewise, of the Gaussians: nearly all of them touch one of the few bands

# The device runs a warp per Gaussian and numbers its threads with an int; a grid has so many rows of tiles at most.
MOST_GAUSSIANS = (2**31 - source.THREADS) // source.WARP
MOST_PIXELS = (2**31 - 1) // 3
MOST_ROWS = 65535 * source.TILE


class Device(Protocol):
    """What runs the kernels, and keeps their arrays."""

    xp: ModuleType  # cupy, or a module that stands in for it
    failures: tuple[type[Exception], ...]  # what anything done with it raises when it is lost or full

    def launch(self, kernel: str, grid: tuple[int, int, int], arguments: Sequence[Array | np.int32 | None]) -> None:
        """Starts a kernel with source.KERNELS[kernel] threads per block, after all that was asked for before."""

    def graph(self, launches: Callable[[], None]) -> Callable[[], None]:
        """What starts all the kernels that `launches` would launch, with the same arguments."""

    def host(self, array: Array) -> np.ndarray:
        """A copy in the host's memory of an array, once all that was asked for before is done."""

    def release(self) -> None:
        """Gives back memory that was of arrays there are no more."""


class TooLarge(Exception):
    """More pixels, Gaussians or list entries than the kernels can number."""


class CudaRasterizer:
    """Renders and differentiates on a CUDA device; bitwise the same on every run.

    Args:
        members: entries that the lists of a picture begin with; they grow where they must.
    """

    name = "cuda"

    def __init__(self, device: Device, members: int = 1 << 18):
        self.device, self.xp = device, device.xp
        self._members = members
        self.failures = (*device.failures, TooLarge)
        self._kept: Canvas | None = None  # from one call to the next
        self._lock = threading.Lock()  # over it: a window renders on one thread while a fit is judged on another

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        with self._lock:
            return self.device.host(self._rendered(gaussians, width, height, lambda canvas: canvas.image))

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        with self._lock:
            return self.device.host(self._rendered(gaussians, width, height, Canvas.rounded))

    def forward_rgba(self, gaussians: Gaussians, width: int, height: int) -> Array:
        """(height, width, 4) float32 on the device, contiguous, the sum before clipping; alpha is 1."""
        with self._lock:
            return self._rendered(gaussians, width, height, Canvas.opaque)

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = cotangent.shape
        with self._lock:
            gradient = self._canvas(width, height).gather(self._upload(gaussians), _uploaded(self.device, cotangent))
            return gaussians.gradient_of_parameters(self.device.host(gradient))

    def canvas(self, width: int, height: int) -> PlainCanvas:
        return PlainCanvas(self, width, height)  # what is worth keeping is `_kept` already

    def surface(self, target: np.ndarray) -> CudaSurface:
        return CudaSurface(self.device, target, self._members)

    def release(self) -> None:
        with self._lock, suppress(*self.failures):  # a device that is lost has nothing to give back
            self._kept = None
            self.device.release()

    def _rendered(self, gaussians: Gaussians, width: int, height: int, finished: Callable[[Canvas], Array]) -> Array:
        canvas = self._canvas(width, height)
        while True:
            canvas.draw_again(gaussians)
            picture = finished(canvas)  # before asking whether the lists fit: the device works on while the host waits
            if not canvas.grow():
                return picture

    def _canvas(self, width: int, height: int) -> Canvas:
        if self._kept is None or (self._kept.width, self._kept.height) != (width, height):
            self._kept = None  # its memory first
            self._kept = Canvas(self.device, width, height, self._members)
        return self._kept

    def _upload(self, gaussians: Gaussians) -> Gaussians:
        return Gaussians(self.device.xp.asarray(gaussians.parameters, np.float32))


class Lists:
    """A list of Gaussians for each of some cells.

    Args:
        columns, rows: of the cells.
        parts: of the Gaussians, counted by as many warps.
        room: for members, all lists together.
    """

    def __init__(self, device: Device, columns: int, rows: int, parts: int, room: int):
        self._device, self.columns, self.rows, self.parts = device, columns, rows, parts
        self.entries = columns * rows * parts
        self.start = device.xp.empty(self.entries + 1, np.int32)
        self.members = device.xp.empty(room, np.int32)

    @property
    def room(self) -> int:
        return self.members.size

    def make_room(self, members: int) -> bool:
        """Whether there was too little for so many."""
        if members <= self.room:
            return False
        if members * MORE_ROOM >= 2**31:
            raise TooLarge(f"the Gaussians touch {members} tiles in all, more than the kernels can number")
        self.members = self._device.xp.empty(int(members * MORE_ROOM), np.int32)
        return True


class Recorded:
    """Launches as a graph, recorded anew when the arrays or numbers that they are given are others."""

    def __init__(self, device: Device):
        self._device = device
        self._given: tuple[Array | int, ...] = ()  # kept alive as well
        self._replay: Callable[[], None] | None = None

    def fits(self, given: tuple[Array | int, ...]) -> bool:
        return _same(given, self._given)

    def replay(self, given: tuple[Array | int, ...], launches: Callable[[], None]) -> Callable[[], None]:
        """What makes these launches once; they may allocate nothing."""
        if self._replay is None or not self.fits(given):
            self._replay, self._given = self._device.graph(launches), given
        return self._replay


class Canvas:
    """One picture on a device, and the lists of the Gaussians that touch each of its tiles."""

    def __init__(self, device: Device, width: int, height: int, members: int):
        if width * height > MOST_PIXELS or height > MOST_ROWS:
            raise TooLarge(f"a picture of {width}x{height} pixels has more than the kernels can number")
        xp = device.xp
        self.device, self.width, self.height = device, width, height
        columns, rows = source.tiles(width, height)
        self.image = xp.empty((height, width, 3), np.float32)
        self.squares = xp.empty((rows, columns), np.float32)
        self._runs = rows * -(-columns // source.WARP)
        self.tiles = Lists(device, columns, rows, max(1, min(16, TILE_WARPS // self._runs)), members)
        self.bands = Lists(device, -(-rows // source.BAND), 1, BAND_PARTS, 0)
        self.lengths = xp.zeros(3, np.int32)  # of all tiles' lists, of the pieces, of all bands' lists
        self.moments = xp.empty((0, 8), np.float32)  # of the pieces
        self.derived = xp.empty((0, 2, 4), np.float32)
        self.rectangles = xp.empty((0, 4), np.int32)
        self.first = xp.empty(1, np.int32)  # piece of each Gaussian; and one entry more
        self._again = Gaussians(xp.empty((0, PARAMETERS), np.float32))
        self._last_drawn: tuple[Array, ...] = ()
        self._recorded = Recorded(device)

    def launch(self, kernel: str, grid: tuple[int, int, int], *arguments: Array | int | None) -> None:
        """Launches once, with arguments that are what the kernel's signature says."""
        checked = []
        for (name, dtype), argument in zip(source.signatures()[kernel], arguments, strict=True):
            if dtype is None:
                argument = np.int32(argument)
            elif argument is not None and not _suits(self.device, argument, dtype):
                _check(self.device, f"{name} of {kernel}", argument, dtype)
            checked.append(argument)
        self.device.launch(kernel, grid, checked)

    def derive(self, gaussians: Gaussians) -> int:
        """Fills `derived`, `rectangles` and, still with numbers of pieces, `first`; returns the number of Gaussians."""
        n = len(gaussians)
        if n > MOST_GAUSSIANS:
            raise TooLarge(f"{n} Gaussians are more than the kernels can number")
        _check(self.device, "parameters", gaussians.parameters, np.float32, (n, PARAMETERS))
        self.reserve(n)
        made = self.derived, self.rectangles, self.first
        self.launch("derive", source.blocks(n), gaussians.parameters, n, self.width, self.height, *made)
        return n

    def reserve(self, gaussians: int) -> None:
        """Makes room for so many Gaussians."""
        if gaussians > len(self.derived):
            self.derived = self.device.xp.empty((gaussians, 2, 4), np.float32)
            self.rectangles = self.device.xp.empty((gaussians, 4), np.int32)
            self.first = self.device.xp.empty(gaussians + 1, np.int32)
        if self._by_bands(gaussians):
            self.bands.make_room(gaussians)

    def make_pieces(self, pieces: int) -> bool:
        """Makes room for so many; whether there was too little."""
        if pieces <= len(self.moments):
            return False
        if pieces * MORE_ROOM > MOST_GAUSSIANS:
            raise TooLarge(f"the Gaussians cover {pieces * source.PIECE} times the pixels of a warp")
        self.moments = self.device.xp.empty((int(pieces * MORE_ROOM), 8), np.float32)
        return True

    def draw(self, gaussians: Gaussians, target: Array | None = None) -> None:
        """Fills `image` with the render, less the target (H, W, 3) if there is one, and `squares`; needs no host.

        All is wrong where the lists do not fit, which `grow` tells.
        """
        n = self.derive(gaussians)
        tiles, bands, among = self.tiles, self.bands, (None, 0, None, 0)
        if self._by_bands(n):
            self._bin(bands, n, source.BAND, among, source.BANDS, (bands.start, bands.entries))
            among = bands.start, bands.parts, bands.members, bands.room
        self._bin(tiles, n, 0, among, source.TILES, (tiles.start, tiles.entries), (self.first, n))
        lists = tiles.start, tiles.parts, tiles.members, tiles.room
        size = self.width, self.height
        grid = tiles.columns, tiles.rows, 1
        self.launch("rasterize", grid, self.derived, *lists, target, *size, self.image, self.squares)

    def draw_again(self, gaussians: Gaussians) -> None:
        """`draw` of a copy; launches are recorded when one like the last comes, as of a window's frames."""
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
        """Waits for the device; makes room and returns True if the lists did not fit when last drawn."""
        lengths = self.read_lengths()
        short = self.tiles.make_room(lengths[source.TILES]), self.bands.make_room(lengths[source.BANDS])
        return any(short)

    def render(self, gaussians: Gaussians, target: Array | None = None) -> None:
        """`draw` until the lists fit."""
        self.draw(gaussians, target)
        while self.grow():
            self.draw(gaussians, target)

    def opaque(self) -> Array:
        """`image` as (height, width, 4) float32, alpha being 1."""
        rgba = self.device.xp.empty((self.height, self.width, 4), np.float32)
        pixels = self.height * self.width
        self.launch("make_opaque", source.blocks(pixels), self.image, pixels, rgba)
        return rgba

    def rounded(self) -> Array:
        """`image` as (height, width, 3) uint8."""
        rounded = self.device.xp.empty(self.image.shape, np.uint8)
        self.launch("round_to_8bit", source.blocks(rounded.size), self.image, rounded.size, rounded)
        return rounded

    def gather(self, gaussians: Gaussians, cotangent: Array) -> Array:
        """(N, 8): the gradient in each Gaussian's own frame for a cotangent (H, W, 3)."""
        n = self.derive(gaussians)
        self._scan(source.PIECES, (self.first, n))
        self.make_pieces(self.read_lengths()[source.PIECES])
        self.add_up(n, cotangent, len(self.moments))
        gradient = self.device.xp.empty((n, PARAMETERS), np.float32)
        self.launch("gather", source.blocks(n * source.WARP), self.derived, n, self.first, self.moments, gradient)
        return gradient

    def add_up(
        self, n: int, cotangent: Array, pieces: int, settings: Array | None = None, verdict: Array | None = None
    ) -> None:
        """Fills `moments`, with room for so many, and the verdict on what was drawn, if one is asked for."""
        blocks = 1 + source.blocks(pieces * source.WARP)[0]
        self._backward((blocks, 1, 1), n, cotangent, pieces, settings, verdict)

    def judge(self, n: int, settings: Array, verdict: Array) -> None:
        """Fills the verdict on what was drawn, whatever pieces there are."""
        self._backward((1, 1, 1), n, self.image, 2**31 - 1, settings, verdict)

    def arrays(self) -> tuple[Array, ...]:
        """Those that are others when there is more room."""
        return self.derived, self.rectangles, self.first, self.moments, self.tiles.members, self.bands.members

    def read_lengths(self) -> list[int]:
        return self.device.host(self.lengths).tolist()

    def _backward(self, grid, n, cotangent, pieces, settings, verdict) -> None:
        where = self.first, pieces, cotangent, self.width, self.height, self.moments
        judged = self.squares, self.squares.size, self.lengths, self.tiles.room, self.bands.room
        self.launch("backward", grid, self.derived, n, *where, *judged, settings, verdict)

    def _by_bands(self, gaussians: int) -> bool:
        return gaussians * self._runs > LOOKED_THROUGH

    def _bin(self, lists: Lists, n: int, tall: int, among: tuple, slot: int, *counts: tuple[Array, int]) -> None:
        """Fills lists of Gaussians: count, scan, fill."""
        grid = -(-lists.columns // source.WARP), lists.rows, lists.parts
        which = self.rectangles, n, lists.columns, tall, *among
        self.launch("count", grid, *which, lists.start)
        self._scan(slot, *counts)
        self.launch("fill", grid, *which, lists.start, lists.room, lists.members)

    def _scan(self, slot: int, counts: tuple[Array, int], others: tuple[Array | None, int] = (None, 0)) -> None:
        grid = 1 if others[0] is None else 2, 1, 1
        self.launch("scan", grid, *counts, *others, slot, self.lengths)


class CudaSurface:
    """A target, its residual and the state of a fit on a device."""

    def __init__(self, device: Device, target: np.ndarray, members: int):
        height, width, _ = target.shape
        self.xp, self.host = device.xp, device.host
        self.stride = 1  # of steps, until it is known how long they take
        self._device = device
        self._canvas = Canvas(device, width, height, members)
        self.target = _uploaded(device, target)
        self._settings = self.xp.zeros(len(source.SETTINGS), np.float32)
        self._verdict = self.xp.zeros(len(source.VERDICT), np.float64)
        self._recorded = Recorded(device)
        self._pieces = 0  # that there is to be room for, once there were too many

    def error(self, gaussians: Gaussians) -> float:
        self._canvas.render(gaussians, self.target)
        self._set_verdict()
        self._canvas.judge(len(gaussians), self._settings, self._verdict)
        return self._read_verdict()["error"]

    def absolute_error(self) -> Array:
        return self.xp.abs(self._canvas.image).sum(2)

    def peaks(self, smoothing: float, most: int) -> Array:
        canvas, xp = self._canvas, self.xp
        size = canvas.width, canvas.height
        radius = int(4 * smoothing + 0.5)
        taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / smoothing) ** 2)
        taps = xp.asarray((taps / taps.sum()).astype(np.float32))
        once, twice = (xp.empty((canvas.height, canvas.width), np.float32) for _ in range(2))
        keys = xp.empty(canvas.width * canvas.height, np.uint64)
        grid = source.blocks(keys.size)
        canvas.launch("smooth", grid, canvas.image, 3, taps, radius, 1, *size, once)
        canvas.launch("smooth", grid, once, 1, taps, radius, 0, *size, twice)
        canvas.launch("peaks", grid, twice, *size, keys)
        return largest_peaks(keys[keys > 0], most)

    def advance(self, descent: Descent, settings: GaussNewton, steps: int, price: float = 0.0) -> None:
        canvas, began = self._canvas, time.perf_counter()
        packed = source.settings(settings, price, canvas.width, canvas.height)
        self._settings[:] = self.xp.asarray(packed)
        self._set_verdict(error=descent.error, best_error=descent.best_error, fresh=descent.fresh)
        verdict = {"taken": 0}
        while verdict["taken"] < steps:
            replay = self._graph(descent)
            for _ in range(steps - int(verdict["taken"])):
                replay()
            verdict = self._read_verdict()
            if verdict["held"]:
                canvas.grow()
                self._pieces = int(canvas.read_lengths()[source.PIECES] * MORE_ROOM)
        descent.error, descent.best_error = verdict["error"], verdict["best_error"]
        descent.fresh = bool(verdict["fresh"])
        fitting = int(LOOK_EVERY * steps / max(time.perf_counter() - began, 1e-9))
        self.stride = max(1, min(fitting, 2 * self.stride, LONGEST_STRIDE))

    def gradient(self, gaussians: Gaussians) -> Array:
        return self._canvas.gather(gaussians, self._canvas.image)

    def _graph(self, descent: Descent) -> Callable[[], None]:
        """What takes a step of this descent."""
        canvas, n = self._canvas, len(descent.gaussians)
        canvas.reserve(n)
        pieces = max(self._usual_pieces(n), self._pieces)
        canvas.make_pieces(pieces)
        state = descent.gaussians.parameters, descent.momentum, descent.best.parameters
        given = *state, descent.frozen, *canvas.arrays(), pieces
        if not self._recorded.fits(given):
            for name, array, columns in zip(("parameters", "momentum", "best"), state, (8, MOMENTUM, 8), strict=True):
                _check(self._device, name, array, np.float32, (n, columns))
            _check(self._device, "frozen", descent.frozen, np.bool_, (n, 2))
        return self._recorded.replay(given, lambda: self._step(descent, pieces))

    def _usual_pieces(self, gaussians: int) -> int:
        """As many as photos have, or more."""
        return gaussians + self._canvas.width * self._canvas.height // 64

    def _step(self, descent: Descent, pieces: int) -> None:
        canvas, n = self._canvas, len(descent.gaussians)
        canvas.draw(descent.gaussians, self.target)
        canvas.add_up(n, canvas.image, pieces, self._settings, self._verdict)
        orders = self._settings, self._verdict, descent.frozen
        state = descent.gaussians.parameters, descent.momentum, descent.best.parameters
        grid = source.blocks(n * source.WARP)
        canvas.launch("step", grid, canvas.derived, n, canvas.first, canvas.moments, *orders, *state)

    def _set_verdict(self, **values: float) -> None:
        verdict = np.array([values.get(name, 0.0) for name in source.VERDICT])
        self._verdict[:] = self.xp.asarray(verdict)

    def _read_verdict(self) -> dict[str, float]:
        return dict(zip(source.VERDICT, self.host(self._verdict).tolist(), strict=True))


def _uploaded(device: Device, image: np.ndarray) -> Array:
    """(H, W, 3) of numpy -> the same, contiguous float32, on the device."""
    return device.xp.asarray(np.ascontiguousarray(image, np.float32))


def _same(given: tuple[Array | int, ...], before: tuple[Array | int, ...]) -> bool:
    """Whether they are one by one the same objects, or equal numbers."""
    equal = (a is b or (isinstance(a, int) and a == b) for a, b in zip(given, before, strict=False))
    return len(given) == len(before) and all(equal)


def _suits(device: Device, array: Array, dtype: np.dtype) -> bool:
    return isinstance(array, device.xp.ndarray) and array.dtype == dtype and array.flags.c_contiguous


def _check(device: Device, name: str, array: Array, dtype: np.dtype, shape: tuple[int, ...] | None = None) -> None:
    """A kernel takes any pointer, so what is behind it is checked here."""
    if not isinstance(array, device.xp.ndarray):
        raise TypeError(f"{name} must be an array of the device, not a {type(array).__name__}")
    if not _suits(device, array, dtype) or (shape is not None and array.shape != shape):
        want = f"contiguous {np.dtype(dtype)}" + (f" of shape {shape}" if shape else "")
        raise ValueError(f"{name} must be {want}, not {array.dtype} of shape {array.shape}")
