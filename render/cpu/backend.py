"""The CPU backend: numba kernels behind the `Rasteriser` protocol."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from daub.render.cpu import kernels
from daub.render.descent import Descent, GaussNewton
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians
from daub.render.jit import parallel
from daub.render.peaks import largest_peaks, peak_keys

LARGEST_KEPT = 1 << 26  # bytes of blocks that are kept between two calls; larger ones would be missed elsewhere


class CpuRasteriser:
    """Renders and differentiates on all cores; bitwise the same for any number of them."""

    name = "cpu"
    xp = np
    failures = ()

    def __init__(self):
        self._blocks = _blocks(0, 1)  # kept from one forward to the next: fresh memory costs more than the rendering

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        with parallel(width * height):
            if self._blocks.shape[:2] != (height, -(-width // kernels.LANES)):
                self._blocks = _blocks(height, width)
            kernels.rasterise(*_bin(gaussians, height), width, self._blocks)
            image = _unpack(self._blocks, width)
            if self._blocks.nbytes > LARGEST_KEPT:
                self._blocks = _blocks(0, 1)
            return image

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        return to_8bit(self.forward(gaussians, width, height))

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = cotangent.shape
        with parallel(width * height):
            gradient = _gather(_bin(gaussians, height), _pack(cotangent), width)
        return gaussians.gradient_of_parameters(gradient)

    def painter(self) -> None:
        return None  # OpenGL draws the Gaussians itself

    def release(self) -> None:
        self._blocks = _blocks(0, 1)

    def canvas(self, width: int, height: int) -> CpuCanvas:
        return CpuCanvas(width, height)

    def surface(self, target: np.ndarray) -> CpuSurface:
        return CpuSurface(target)


class CpuCanvas:
    """Both directions at one size; blocks and image are kept as long as it lives."""

    def __init__(self, width: int, height: int):
        self._blocks = _blocks(height, width)
        self._image = np.empty((height, width, 3), np.float32)

    def forward(self, gaussians: Gaussians) -> np.ndarray:
        height, width, _ = self._image.shape
        with parallel(width * height):
            kernels.rasterise(*_bin(gaussians, height), width, self._blocks)
            kernels.unpack(self._blocks, self._image)
        return self._image

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = self._image.shape
        with parallel(width * height):
            kernels.pack(np.ascontiguousarray(cotangent, np.float32), self._blocks)
            gradient = _gather(_bin(gaussians, height), self._blocks, width)
        return gaussians.gradient_of_parameters(gradient)


class CpuSurface:
    """A target and its residual in the kernels' blocked layout."""

    xp = np
    stride = 1

    def __init__(self, target: np.ndarray):
        self.target = target
        self.height, self.width, _ = target.shape
        with parallel(self.width * self.height):
            self._target = _pack(target)
        self._residual = np.zeros_like(self._target)
        self._band_error = np.zeros(-(-self.height // kernels.BAND_ROWS))  # sum of squared residuals of each band
        reach = float(2 * max(self.width, self.height))
        self._bounds = -0.5, -0.5, self.width - 0.5, self.height - 0.5, np.log(reach)

    @property
    def residual(self) -> np.ndarray:
        """(H, blocks, 3 * LANES) float32: render - target of the last `error` or step, itself and not a copy."""
        return self._residual

    def host(self, array: np.ndarray) -> np.ndarray:
        return array.copy()

    def error(self, gaussians: Gaussians) -> float:
        with parallel(self.width * self.height):
            self._forward(gaussians)
        return float(self._band_error.sum())

    def absolute_error(self) -> np.ndarray:
        error = np.empty((self.height, self.width), np.float32)
        with parallel(self.width * self.height):
            kernels.absolute_error(self._residual, error)
        return error

    def peaks(self, smoothing: float, most: int) -> np.ndarray:
        error = ndimage.gaussian_filter(self.absolute_error(), smoothing)
        pixel = np.flatnonzero((error == ndimage.maximum_filter(error, 3)) & (error > 0))
        return largest_peaks(peak_keys(error.ravel()[pixel], pixel), most)

    def advance(self, descent: Descent, settings: GaussNewton, steps: int, bit_price: float = 0.0) -> None:
        left, top, right, bottom, largest = self._bounds
        limits = np.array([left, top, np.log(settings.smallest), right, bottom, largest], np.float32)
        trust = np.array([settings.position_trust, settings.shape_trust], np.float32)
        gain = np.array([settings.adaption, np.log(settings.slowest), np.log(settings.fastest)], np.float32)
        rate, decay, damping = np.float32([settings.rate, settings.decay, settings.damping])
        parameters, momentum = descent.gaussians.parameters, descent.momentum
        for _ in range(steps):
            with parallel(self.width * self.height):
                binned = self._forward(descent.gaussians)
                risen, improved = descent.judge(float(self._band_error.sum()), settings.slack)
                if improved:
                    descent.best.parameters[:] = parameters
                gradient = _gather(binned, self._residual, self.width)
                bit_cost = np.float32(bit_price * min(descent.error, descent.best_error) / max(len(parameters), 1))
                kernels.gauss_newton(
                    parameters, momentum, gradient, descent.frozen, bit_cost, rate, decay, damping, gain, trust, limits
                )
            if risen:
                momentum[:, :-1] = 0
                momentum[:, -1] -= settings.brake

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        with parallel(self.width * self.height):
            return _gather(_bin(gaussians, self.height), self._residual, self.width)

    def _forward(self, gaussians: Gaussians) -> _Binned:
        binned = _bin(gaussians, self.height)
        kernels.rasterise(*binned, self.width, self._residual)
        kernels.residual(self._residual, self._target, self.width, self._band_error)
        return binned


class _Binned(NamedTuple):
    """Gaussians made ready for both directions, by `kernels.derive` and `kernels.bin_bands`."""

    derived: np.ndarray  # (N, DERIVED) float32
    rows: np.ndarray  # (N, 2) int32, the half-open range of rows that each Gaussian touches
    start: np.ndarray  # (bands + 1,) int64, where each band begins in members
    members: np.ndarray  # int32, indices of the Gaussians of each band, one band after the other
    slot: np.ndarray  # (N + 1,) int64, where the parts of each Gaussian begin


def _blocks(height: int, width: int) -> np.ndarray:
    """Memory for an image in blocks, (H, blocks, 3 * LANES) float32, as `kernels` describes them."""
    return np.empty((height, -(-width // kernels.LANES), 3 * kernels.LANES), np.float32)


def _pack(image: np.ndarray) -> np.ndarray:
    """An image (H, W, 3) in blocks; the padding is zero."""
    blocks = _blocks(*image.shape[:2])
    kernels.pack(np.ascontiguousarray(image, np.float32), blocks)
    return blocks


def _unpack(blocks: np.ndarray, width: int) -> np.ndarray:
    """The image (H, W, 3) that blocks hold."""
    image = np.empty((len(blocks), width, 3), np.float32)
    kernels.unpack(blocks, image)
    return image


def _bin(gaussians: Gaussians, height: int) -> _Binned:
    """Makes Gaussians ready for an image of this height.

    Raises:
        ValueError: the parameters are of another type, or not contiguous.
    """
    if gaussians.parameters.dtype != np.float32 or not gaussians.parameters.flags.c_contiguous:
        raise ValueError(f"the cpu backend takes contiguous float32 parameters, not {gaussians.parameters.dtype}")
    derived = np.empty((len(gaussians), kernels.DERIVED), np.float32)
    rows = np.empty((len(gaussians), 2), np.int32)
    kernels.derive(gaussians.parameters, height, derived, rows)
    return _Binned(derived, rows, *kernels.bin_bands(rows, -(-height // kernels.BAND_ROWS)))


def _gather(binned: _Binned, cotangent_blocks: np.ndarray, width: int) -> np.ndarray:
    """(N, 8) float32: the gradient in the whitened frame of each Gaussian."""
    partial = np.empty((len(binned.members), 8), np.float32)
    kernels.gather(*binned, cotangent_blocks, width, partial)
    gradient = np.empty((len(binned.derived), 8), np.float32)
    kernels.to_gradient(binned.derived, binned.slot, partial, gradient)
    return gradient
