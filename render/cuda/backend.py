"""The CUDA backend: `kernels.cu` behind the `Rasterizer` protocol, on whatever `Device` runs it.

A step is a graph of launches, recorded once per population and replayed; brake, price, error and the best state stay on
the device, and the host looks at them when `Surface.advance` is over. Pictures are planes, (3, H, W), on the device and
(H, W, 3) outside.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from render.cuda import source
from render.gaussians import PARAMETERS, Gaussians
from render.rasterizer import MOMENTUM, Descent, GaussNewton, PlainCanvas

LOOK_EVERY = 1 / 30  # seconds that a stride should take: a window animates, and waiting for the device costs little
LONGEST_STRIDE = 64  # steps; the graph is launched once for each
MORE_ROOM = 1.25  # made where lists do not fit, in units of what they needed
Array = Any  # of `Device.xp`

# The device runs a warp per Gaussian and numbers its threads with an int; a grid has so many rows of tiles at most.
MOST_GAUSSIANS = (2**31 - source.THREADS) // source.WARP
MOST_PIXELS = (2**31 - 1) // 3
MOST_ROWS = 65535 * source.TILE


class Device(Protocol):
    """What runs the kernels, and keeps their arrays."""

    xp: ModuleType  # cupy, or a module that stands in for it
    ndimage: ModuleType  # cupyx.scipy.ndimage, or likewise
    failures: tuple[type[Exception], ...]  # what anything done with it raises when it is lost or full

    def launch(self, kernel: str, grid: tuple[int, int, int], arguments: Sequence[Array | np.int32 | None]) -> None:
        """Starts a kernel with source.KERNELS[kernel] threads per block, after all that was asked for before."""

    def graph(self, launches: Callable[[], None]) -> Callable[[], None]:
        """What starts all the kernels that `launches` would launch, with the same arguments."""

    def host(self, array: Array) -> np.ndarray:
        """A copy in the host's memory of an array, once all that was asked for before is done."""


class TooLarge(Exception):
    """More pixels, Gaussians or list entries than the kernels can number."""


class CudaRasterizer:
    """Renders and differentiates on a CUDA device; bitwise the same on every run.

    Args:
        members: entries that the lists of a picture begin with; they grow where they must.
    """

    name = "cuda"

    def __init__(self, device: Device, members: int = 1 << 16):
        self.device, self.xp = device, device.xp
        self._members = members
        self.failures = (*device.failures, TooLarge)
        self._kept: Canvas | None = None  # from one call to the next
        self._lock = threading.Lock()  # over it: a window renders on one thread while a fit is judged on another

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        with self._lock:
            image = self.device.host(self._render(gaussians, width, height))
        return np.ascontiguousarray(image.transpose(1, 2, 0))

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        with self._lock:
            scaled = self._render(gaussians, width, height) * 255.0
        scaled += 0.5
        rounded = self.xp.clip(scaled, 0, 255).transpose(1, 2, 0).astype(np.uint8, order="C")
        return self.device.host(rounded)

    def forward_rgba(self, gaussians: Gaussians, width: int, height: int) -> Array:
        """(height, width, 4) float32 on the device, contiguous, the sum before clipping; alpha is 1."""
        rgba = self.device.xp.ones((height, width, 4), np.float32)
        with self._lock:
            rgba[..., :3] = self._render(gaussians, width, height).transpose(1, 2, 0)
        return rgba

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = cotangent.shape
        with self._lock:
            gradient = self._canvas(width, height).gather(self._upload(gaussians), _planes(self.device, cotangent))
            return gaussians.gradient_of_parameters(self.device.host(gradient))

    def canvas(self, width: int, height: int) -> PlainCanvas:
        return PlainCanvas(self, width, height)  # what is worth keeping is `_kept` already

    def surface(self, target: np.ndarray) -> CudaSurface:
        return CudaSurface(self.device, target, self._members)

    def _render(self, gaussians: Gaussians, width: int, height: int) -> Array:
        canvas = self._canvas(width, height)
        canvas.render(self._upload(gaussians))
        return canvas.image

    def _canvas(self, width: int, height: int) -> Canvas:
        if self._kept is None or (self._kept.width, self._kept.height) != (width, height):
            self._kept = None  # its memory first
            self._kept = Canvas(self.device, width, height, self._members)
        return self._kept

    def _upload(self, gaussians: Gaussians) -> Gaussians:
        return Gaussians(self.device.xp.asarray(gaussians.parameters, np.float32))


class Canvas:
    """One picture on a device, and the lists of the Gaussians that touch each of its tiles."""

    def __init__(self, device: Device, width: int, height: int, members: int):
        if width * height > MOST_PIXELS or height > MOST_ROWS:
            raise TooLarge(f"a picture of {width}x{height} pixels has more than the kernels can number")
        xp = device.xp
        self.device, self.width, self.height = device, width, height
        self.columns, self.rows = source.tiles(width, height)
        self.image = xp.empty((3, height, width), np.float32)
        self.squares = xp.empty((self.rows, self.columns), np.float32)
        self.start = xp.empty(self.columns * self.rows * source.PARTS + 1, np.int32)
        self.members = xp.empty(members, np.int32)
        self.derived = xp.empty((0, 2, 4), np.float32)
        self.rectangles = xp.empty((0, 4), np.int32)

    def launch(self, kernel: str, gaussians: int, *arguments: Array | int | None) -> None:
        """Launches once, with arguments that are what the kernel's signature says."""
        checked = []
        for (name, dtype), argument in zip(source.signatures()[kernel].items(), arguments, strict=True):
            if dtype is None:
                argument = np.int32(argument)
            elif argument is not None:
                _check(self.device, f"{name} of {kernel}", argument, dtype)
            checked.append(argument)
        self.device.launch(kernel, source.grid(kernel, gaussians, self.width, self.height), checked)

    def derive(self, gaussians: Gaussians) -> int:
        """Fills `derived` and `rectangles`; returns how many Gaussians there are."""
        n = len(gaussians)
        if n > MOST_GAUSSIANS:
            raise TooLarge(f"{n} Gaussians are more than the kernels can number")
        _check(self.device, "parameters", gaussians.parameters, np.float32, (n, PARAMETERS))
        self.reserve(n)
        size = self.width, self.height
        self.launch("derive", n, gaussians.parameters, n, *size, self.derived, self.rectangles)
        return n

    def reserve(self, gaussians: int) -> None:
        """Makes room for so many Gaussians."""
        if gaussians > len(self.derived):
            self.derived = self.device.xp.empty((gaussians, 2, 4), np.float32)
            self.rectangles = self.device.xp.empty((gaussians, 4), np.int32)

    def draw(self, gaussians: Gaussians, target: Array | None = None) -> None:
        """Fills `image` with the render, less the target (3, H, W) if there is one, and `squares`; needs no host.

        All is wrong where the lists do not fit, which `grow` tells.
        """
        n = self.derive(gaussians)
        lists = self.start, self.members.size, self.members
        self.launch("count", n, self.rectangles, n, self.columns, self.start)
        self.launch("scan", n, self.start, self.squares.size)
        self.launch("fill", n, self.rectangles, n, self.columns, *lists)
        lists = self.start, self.members, self.members.size
        self.launch("rasterize", n, self.derived, *lists, target, self.width, self.height, self.image, self.squares)

    def grow(self) -> bool:
        """Waits for the device; makes room and returns True if the lists did not fit when last drawn."""
        length = int(self.device.host(self.start[-1:])[0])
        if length <= self.members.size:
            return False
        capacity = int(length * MORE_ROOM)
        if capacity >= 2**31:
            raise TooLarge(f"the Gaussians touch {length} tiles in all, more than the kernels can number")
        self.members = self.device.xp.empty(capacity, np.int32)
        return True

    def render(self, gaussians: Gaussians, target: Array | None = None) -> None:
        """`draw` until the lists fit."""
        self.draw(gaussians, target)
        while self.grow():
            self.draw(gaussians, target)

    def gather(self, gaussians: Gaussians, cotangent: Array) -> Array:
        """(N, 8): the gradient in each Gaussian's own frame for a cotangent (3, H, W)."""
        n = self.derive(gaussians)
        gradient = self.device.xp.empty((n, PARAMETERS), np.float32)
        self.launch("gather", n, self.derived, n, cotangent, self.width, self.height, gradient)
        return gradient


class CudaSurface:
    """A target, its residual and the state of a fit on a device."""

    def __init__(self, device: Device, target: np.ndarray, members: int):
        height, width, _ = target.shape
        self.xp, self.ndimage, self.host = device.xp, device.ndimage, device.host
        self.stride = 1  # of steps, until it is known how long they take
        self._device = device
        self._canvas = Canvas(device, width, height, members)
        self._target = _planes(device, target)
        self._settings = self.xp.zeros(len(source.SETTINGS), np.float32)
        self._verdict = self.xp.zeros(len(source.VERDICT), np.float64)
        self._recorded: tuple[Array, ...] = ()  # the arrays that the graph of a step reads and writes
        self._replay: Callable[[], None] | None = None

    def error(self, gaussians: Gaussians) -> float:
        self._canvas.render(gaussians, self._target)
        self._set_verdict()
        self._judge(len(gaussians))
        return self._read_verdict()["error"]

    def absolute_error(self) -> Array:
        return self.xp.abs(self._canvas.image).sum(0)

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
        descent.error, descent.best_error = verdict["error"], verdict["best_error"]
        descent.fresh = bool(verdict["fresh"])
        fitting = int(LOOK_EVERY * steps / max(time.perf_counter() - began, 1e-9))
        self.stride = max(1, min(fitting, 2 * self.stride, LONGEST_STRIDE))

    def gradient(self, gaussians: Gaussians) -> Array:
        return self._canvas.gather(gaussians, self._canvas.image)

    def _graph(self, descent: Descent) -> Callable[[], None]:
        """What takes a step of this descent: recorded anew when its arrays, or those of the canvas, are others."""
        canvas, n = self._canvas, len(descent.gaussians)
        canvas.reserve(n)  # nothing may be allocated while it is recorded
        state = descent.gaussians.parameters, descent.momentum, descent.best.parameters
        arrays = (*state, descent.frozen, canvas.members, canvas.derived)
        if list(map(id, arrays)) != list(map(id, self._recorded)):
            for name, array, columns in zip(("parameters", "momentum", "best"), state, (8, MOMENTUM, 8), strict=True):
                _check(self._device, name, array, np.float32, (n, columns))
            _check(self._device, "frozen", descent.frozen, np.bool_, (n, 2))
            self._replay = self._device.graph(lambda: self._step(descent))
            self._recorded = arrays  # kept alive as well
        return self._replay

    def _step(self, descent: Descent) -> None:
        canvas, n = self._canvas, len(descent.gaussians)
        canvas.draw(descent.gaussians, self._target)
        self._judge(n)
        orders = self._settings, self._verdict, descent.frozen
        state = descent.gaussians.parameters, descent.momentum, descent.best.parameters
        canvas.launch("step", n, canvas.derived, n, canvas.image, canvas.width, canvas.height, *orders, *state)

    def _judge(self, gaussians: int) -> None:
        canvas = self._canvas
        lists = canvas.squares.size, canvas.start, canvas.members.size
        canvas.launch("judge", gaussians, canvas.squares, *lists, gaussians, self._settings, self._verdict)

    def _set_verdict(self, **values: float) -> None:
        verdict = np.array([values.get(name, 0.0) for name in source.VERDICT])
        self._verdict[:] = self.xp.asarray(verdict)

    def _read_verdict(self) -> dict[str, float]:
        return dict(zip(source.VERDICT, self.host(self._verdict).tolist(), strict=True))


def _planes(device: Device, image: np.ndarray) -> Array:
    """(H, W, 3) of numpy -> (3, H, W) float32 on the device."""
    return device.xp.asarray(np.ascontiguousarray(image.transpose(2, 0, 1), np.float32))


def _check(device: Device, name: str, array: Array, dtype: type, shape: tuple[int, ...] | None = None) -> None:
    """A kernel takes any pointer, so what is behind it is checked here."""
    if not isinstance(array, device.xp.ndarray):
        raise TypeError(f"{name} must be an array of the device, not a {type(array).__name__}")
    if array.dtype != dtype or not array.flags.c_contiguous or (shape is not None and array.shape != shape):
        want = f"contiguous {np.dtype(dtype)}" + (f" of shape {shape}" if shape else "")
        raise ValueError(f"{name} must be {want}, not {array.dtype} of shape {array.shape}")
