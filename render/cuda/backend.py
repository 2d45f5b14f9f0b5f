"""The CUDA backend: the kernels behind the `Rasteriser` protocol, on whatever `Device` runs it.

A step is a graph of launches, recorded once per population and replayed; brake, price, error and the best state stay on
the device, and the host looks at them when `Surface.advance` is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from daub.render.cuda import source
from daub.render.cuda.drawing import MORE_ROOM, Array, Canvas, Device, Recorded, TooLarge, check
from daub.render.descent import MOMENTUM, Descent, GaussNewton
from daub.render.gaussians import Gaussians
from daub.render.peaks import largest_peaks
from daub.render.rasteriser import PlainCanvas

LOOK_EVERY = 1 / 30  # seconds that a stride should take: a window animates, and waiting for the device costs little
LONGEST_STRIDE = 64  # steps; the graph is launched once for each


class CudaRasteriser:
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
                check(self._device, name, array, np.float32, (n, columns))
            check(self._device, "frozen", descent.frozen, np.bool_, (n, 2))
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
