"""The CUDA backend: the kernels behind the `Rasteriser` protocol, on whatever `Device` runs them.

A step is a graph of launches, recorded once per population and replayed. Brake, price of bits, error and the best state
stay on the device, and the host looks at them when `Surface.advance` is over: `source.VERDICT` says how.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np

from daub.render.cuda import source
from daub.render.cuda.drawing import MORE_ROOM, Drawing, TooLarge
from daub.render.cuda.launching import Array, Device, Recorded, check
from daub.render.descent import MOMENTUM, Descent, GaussNewton
from daub.render.device_image import Painter
from daub.render.eight_bit import as_real
from daub.render.gaussians import Gaussians
from daub.render.peaks import largest_peaks
from daub.render.rasteriser import PlainCanvas
from daub.render.strips import Region
from daub.render.weighting import Weighting

LOOK_EVERY = 1 / 30  # seconds that a stride should take: a window animates, and waiting so often costs little
LONGEST_STRIDE = 64  # steps


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
        self._kept: Drawing | None = None  # the drawing of the last size, from one call to the next
        self._lock = threading.Lock()  # guards it: a window renders on one thread while a fit is judged on another

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        with self._lock:
            return self.device.host(self._rendered(gaussians, width, height, lambda drawing: drawing.image))

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        with self._lock:
            return self.device.host(self._rendered(gaussians, width, height, Drawing.rounded))

    def strips_8bit(
        self, gaussians: Gaussians, width: int, height: int, region: Region | None = None
    ) -> Iterator[np.ndarray]:
        whole = self.forward_8bit(gaussians, width, height)
        yield whole if region is None else region.of(whole)

    def forward_rgba(self, gaussians: Gaussians, width: int, height: int) -> Array:
        with self._lock:
            return self._rendered(gaussians, width, height, Drawing.opaque)

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = cotangent.shape
        with self._lock:
            gradient = self._drawing(width, height).gather(self._upload(gaussians), _uploaded(self.device, cotangent))
            return gaussians.gradient_of_parameters(self.device.host(gradient))

    def canvas(self, width: int, height: int) -> PlainCanvas:
        return PlainCanvas(self, width, height)  # memory between two calls is kept here anyhow

    def surface(self, target: np.ndarray, weights: Weighting | None = None, reduced: bool = False) -> CudaSurface:
        return CudaSurface(self.device, target, self._members, weights)

    def painter(self) -> Painter | None:
        return self.device.painter(self)

    def release(self) -> None:
        with self._lock, suppress(*self.failures):  # a device that is lost has nothing to give back
            self._kept = None
            self.device.release()

    def _rendered(self, gaussians: Gaussians, width: int, height: int, finished: Callable[[Drawing], Array]) -> Array:
        drawing = self._drawing(width, height)
        while True:
            drawing.draw_again(gaussians)
            picture = finished(drawing)  # before asking whether the lists fit: the device works on while the host waits
            if not drawing.grow():
                return picture

    def _drawing(self, width: int, height: int) -> Drawing:
        """The one that is kept, or a new one of another size."""
        if self._kept is None or (self._kept.width, self._kept.height) != (width, height):
            self._kept = None  # frees the old one's memory before the new one asks for more
            self._kept = Drawing(self.device, width, height, self._members)
        return self._kept

    def _upload(self, gaussians: Gaussians) -> Gaussians:
        return Gaussians(self.device.xp.asarray(gaussians.parameters, np.float32))


class CudaSurface:
    """A target, weights, the weighted residual and the state of a fit on a device."""

    def __init__(self, device: Device, target: np.ndarray, members: int, weights: Weighting | None = None):
        height, width, _ = target.shape
        self.xp, self.host = device.xp, device.host
        self.stride = 1  # until it is known how long a step takes
        self._device = device
        self.squares = 0.0  # until something is drawn
        weighted = () if weights is None else (_uploaded(device, weights.plane), weights.coarse)
        self._drawing = Drawing(device, width, height, members, *weighted)
        # What makes an absolute error of the weighted residual: 1 / sqrt(weight), and 0 where that is none.
        self._unweighing = None if weights is None else _uploaded(device, _inverse_root(weights.plane))
        self.target = _uploaded(device, as_real(target))
        self._black: Array | None = None  # a target for `normal_product`, once it is asked for
        self._packed = np.zeros(len(source.SETTINGS), np.float32)  # what the device has as settings
        self._settings = self.xp.zeros(len(source.SETTINGS), np.float32)
        self._verdict = self.xp.zeros(len(source.VERDICT), np.float64)
        self._recorded = Recorded(device)
        self._order: Array | None = None  # that of the pieces, for the Gaussians with the parameters `_ordered`
        self._ordered: Array | None = None
        self._pieces = 0  # room that pieces have needed, once it had been too little

    def error(self, gaussians: Gaussians) -> float:
        self._drawing.render(gaussians, self.target)
        self._set_verdict()
        self._drawing.judge(len(gaussians), self._settings, self._verdict)
        verdict = self._read_verdict()
        self.squares = verdict["squares"]
        return verdict["error"]

    def absolute_error(self) -> Array:
        error = self.xp.abs(self._drawing.image).sum(2)
        return error if self._unweighing is None else error * self._unweighing

    def peaks(self, smoothing: float, most: int) -> Array:
        drawing, xp = self._drawing, self.xp
        size = drawing.width, drawing.height
        radius = int(4 * smoothing + 0.5)
        taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / smoothing) ** 2)
        taps = xp.asarray((taps / taps.sum()).astype(np.float32))
        once, twice = (xp.empty((drawing.height, drawing.width), np.float32) for _ in range(2))
        keys = xp.empty(drawing.width * drawing.height, np.uint64)
        grid = source.blocks(keys.size)
        values = (drawing.image, 3) if self._unweighing is None else (self.absolute_error(), 1)
        drawing.launch("smooth", grid, *values, taps, radius, 1, *size, once)
        drawing.launch("smooth", grid, once, 1, taps, radius, 0, *size, twice)
        drawing.launch("peaks", grid, twice, *size, keys)
        return largest_peaks(keys[keys > 0], most)

    def advance(self, descent: Descent, settings: GaussNewton, steps: int, bit_price: float = 0.0) -> None:
        drawing, began = self._drawing, time.perf_counter()
        self._set_settings(source.settings(settings, bit_price, drawing.width, drawing.height))
        self._set_verdict(error=descent.error, best_error=descent.best_error, fresh=descent.fresh)
        verdict = {"taken": 0}
        while verdict["taken"] < steps:
            replay = self._graph(descent)
            for _ in range(steps - int(verdict["taken"])):
                replay()
            verdict = self._read_verdict()
            if verdict["held"]:
                drawing.grow()
                self._pieces = int(drawing.read_lengths()[source.PIECES] * MORE_ROOM)
        descent.error, descent.best_error = verdict["error"], verdict["best_error"]
        descent.squares = self.squares = verdict["squares"]
        descent.fresh = bool(verdict["fresh"])
        fitting = int(LOOK_EVERY * steps / max(time.perf_counter() - began, 1e-9))
        self.stride = max(1, min(fitting, 2 * self.stride, LONGEST_STRIDE))

    def gradient(self, gaussians: Gaussians) -> Array:
        return self._drawing.gather(gaussians, self._drawing.image)

    def energy(self, gaussians: Gaussians) -> Array:
        return self._drawing.energy(gaussians)

    def gradient_and_energy(self, gaussians: Gaussians) -> tuple[Array, Array]:
        return self._drawing.gradient_and_energy(gaussians)

    def normal_product(self, gaussians: Gaussians) -> Array:
        if self._black is None:
            self._black = self.xp.zeros(self.target.shape, np.float32)
        self._drawing.render(gaussians, self._black)
        return self.gradient(gaussians)

    def _graph(self, descent: Descent) -> Callable[[], None]:
        """The function that takes a step of this descent."""
        drawing, n = self._drawing, len(descent.gaussians)
        drawing.reserve(n)
        pieces = max(self._usual_pieces(n), self._pieces)
        drawing.make_pieces(pieces)
        state = descent.gaussians.parameters, descent.momentum, descent.best.parameters
        if descent.gaussians.parameters is not self._ordered:  # another population, or the first
            self._order, self._ordered = drawing.order_by_place(descent.gaussians), descent.gaussians.parameters
        given = *state, descent.frozen, self._order, *drawing.arrays(), pieces
        if not self._recorded.fits(given):
            for name, array, columns in zip(("parameters", "momentum", "best"), state, (8, MOMENTUM, 8), strict=True):
                check(self._device, name, array, np.float32, (n, columns))
            check(self._device, "frozen", descent.frozen, np.bool_, (n, 2))
        return self._recorded.replay(given, lambda: self._step(descent, pieces))

    def _usual_pieces(self, gaussians: int) -> int:
        """At least as many pieces as the fit of a photo has."""
        return gaussians + self._drawing.width * self._drawing.height // 64

    def _step(self, descent: Descent, pieces: int) -> None:
        """Launches one step; nothing in it waits for the device."""
        drawing, n = self._drawing, len(descent.gaussians)
        drawing.draw(descent.gaussians, self.target, self._order)
        drawing.add_up(n, drawing.image, pieces, self._order, self._settings, self._verdict)
        orders = self._settings, self._verdict, descent.frozen
        state = descent.gaussians.parameters, descent.momentum, descent.best.parameters
        grid = source.blocks(n * source.WARP, source.STEP_THREADS)
        sums = self._order, drawing.first, drawing.moments
        arguments = drawing.derived, n, *sums, *orders, *state
        drawing.launch_weighted("step", grid, *arguments, weighted=(drawing.energies, drawing.coarse))

    def _set_verdict(self, **values: float) -> None:
        self._device.put(self._verdict, np.array([values.get(name, 0.0) for name in source.VERDICT]))

    def _set_settings(self, packed: np.ndarray) -> None:
        if not np.array_equal(packed, self._packed):
            self._device.put(self._settings, packed)
            self._packed = packed

    def _read_verdict(self) -> dict[str, float]:
        verdict = dict(zip(source.VERDICT, self.host(self._verdict).tolist(), strict=True))
        if self._drawing.weights is None:  # the kernels without weights have one sum for both
            verdict["squares"] = verdict["error"]
        return verdict


def _uploaded(device: Device, image: np.ndarray) -> Array:
    """An image (H, W, 3) or a plane (H, W) of numpy as a contiguous float32 one on the device."""
    return device.xp.asarray(np.ascontiguousarray(image, np.float32))


def _inverse_root(weights: np.ndarray) -> np.ndarray:
    """1 / sqrt(weights), and 0 where a weight is 0."""
    inverse = np.zeros(weights.shape, np.float64)
    np.divide(1, np.sqrt(weights, dtype=np.float64), out=inverse, where=weights > 0)
    return inverse
