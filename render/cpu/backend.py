"""The CPU backend: numba kernels behind the `Rasteriser` protocol."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property, partial

import numpy as np

from daub.render.cpu import distortion
from daub.render.cpu.binned import Binned, Derived
from daub.render.cpu.blocks import BAND_ROWS, LANES, empty_blocks, unpack
from daub.render.cpu.descent import gauss_newton
from daub.render.cpu.levels import Levels, Placed
from daub.render.cpu.planes import pack, packed, packed_plane, packed_target, parts, planes
from daub.render.cpu.rounding import unpack_8bit
from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import Gaussians
from daub.render.interruption import go_on
from daub.render.jit import get_num_threads, parallel
from daub.render.memory import free_at_once
from daub.render.peaks import largest_peaks, peak_keys
from daub.render.spreading import spread
from daub.render.strips import Region, assembled
from daub.render.threads import allowed
from daub.render.weighting import Weighting

STRIP_PIXELS = 1 << 21  # pixels that are rendered at a time: enough bands for every core, and 25 MB of blocks
LARGEST_KEPT = 1 << 26  # bytes of blocks that are kept between two calls; larger ones would be missed elsewhere


class CpuRasteriser:
    """Renders and differentiates on all cores; bitwise the same for any number of them."""

    name = "cpu"
    xp = np
    failures = ()

    def __init__(self):
        free_at_once()
        self._blocks = _blocks(0, 1)  # kept from one forward to the next: fresh memory costs more than the rendering

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        return assembled(self._strips(gaussians, width, height), height)

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        return assembled(self.strips_8bit(gaussians, width, height), height)

    def strips_8bit(
        self, gaussians: Gaussians, width: int, height: int, region: Region | None = None
    ) -> Iterator[np.ndarray]:
        region = region or Region(0, 0, width, height)
        left = region.x // LANES * LANES
        across = region.right - left
        with parallel(region.width * region.height):
            derived = Derived.of(gaussians, height)
            if region != (0, 0, width, height):
                derived = derived.within(region)
            threads = min(get_num_threads(), max(1, STRIP_PIXELS // (BAND_ROWS * across)))
            scratch = empty_blocks(threads, BAND_ROWS, -(-across // LANES))
        rows = _rows_of_a_strip(across)
        for top in range(region.y // BAND_ROWS * BAND_ROWS, region.bottom, rows):
            bottom = min(top + rows, region.bottom)
            with parallel(region.width * (bottom - top)):
                binned = Binned.of(derived, top, bottom)
                strip = binned.rasterise_8bit(region, scratch)
                if strip is None:
                    strip = self._heavy_strip_8bit(binned, top, bottom, region)
            yield strip

    def _strips(self, gaussians: Gaussians, width: int, height: int) -> Iterator[np.ndarray]:
        """The picture from top to bottom, (rows, W, 3) float32, a strip of rows at a time."""
        with parallel(width * height):
            derived = Derived.of(gaussians, height)
        rows = _rows_of_a_strip(width)
        for top in range(0, height, rows):
            bottom = min(top + rows, height)
            strip = np.empty((bottom - top, width, 3), np.float32)
            with parallel(width * (bottom - top)):
                unpack(self._drawn(Binned.of(derived, top, bottom), bottom - top, 0, width), strip)
                self._forget_large()
            yield strip

    def _heavy_strip_8bit(self, binned: Binned, top: int, bottom: int, region: Region) -> np.ndarray:
        """As `Binned.rasterise_8bit`, where so many Gaussians lie over each other that a band is drawn in parts."""
        left, first = region.x // LANES * LANES, max(top, region.y)
        strip = np.empty((bottom - first, region.width, 3), np.uint8)
        unpack_8bit(self._drawn(binned, bottom - top, left, region.right)[first - top :], region.x - left, strip)
        self._forget_large()
        return strip

    def _drawn(self, binned: Binned, rows: int, left: int, width: int) -> np.ndarray:
        """The blocks of a strip, which stay until the next is drawn."""
        if self._blocks.shape[:2] != (rows, -(-(width - left) // LANES)):
            self._blocks = _blocks(rows, width - left)
        binned.rasterise_by_pieces(width, self._blocks, left)
        return self._blocks

    def _forget_large(self) -> None:
        if self._blocks.nbytes > LARGEST_KEPT:
            self._blocks = _blocks(0, 1)

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = cotangent.shape
        with parallel(width * height):
            gradient, _ = _bin(gaussians, height).gather(packed(cotangent), width)
        return gaussians.gradient_of_parameters(gradient)

    def painter(self) -> None:
        return None  # OpenGL draws the Gaussians itself

    def release(self) -> None:
        self._blocks = _blocks(0, 1)

    def canvas(self, width: int, height: int) -> CpuCanvas:
        return CpuCanvas(width, height)

    def surface(self, target: np.ndarray, weights: Weighting | None = None, reduced: bool = False) -> CpuSurface:
        return CpuSurface(target, weights, reduced)


class CpuCanvas:
    """Both directions at one size; their memory is kept as long as it lives."""

    def __init__(self, width: int, height: int):
        self._blocks = _blocks(height, width)
        self._cotangent = planes(height, width)
        self._image = np.empty((height, width, 3), np.float32)

    def forward(self, gaussians: Gaussians) -> np.ndarray:
        height, width, _ = self._image.shape
        with parallel(width * height):
            _bin(gaussians, height).rasterise(width, self._blocks)
            unpack(self._blocks, self._image)
        return self._image

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = self._image.shape
        with parallel(width * height):
            pack(np.ascontiguousarray(cotangent, np.float32), self._cotangent)
            gradient, _ = _bin(gaussians, height).gather(self._cotangent, width)
        return gaussians.gradient_of_parameters(gradient)


class CpuSurface:
    """A target, weights and half the gradient of the error in planes."""

    xp = np
    stride = 1

    def __init__(self, target: np.ndarray, weights: Weighting | None = None, reduced: bool = False):
        self.target = target
        self.height, self.width, _ = target.shape
        with parallel(self.width * self.height):
            self._target = packed_target(target)
            self._weights = None if weights is None else packed_plane(weights.plane)
        self.coarse = np.float32(0 if weights is None else weights.coarse)
        self._levels = Levels(self.width, self.height, self._weights, reduced)
        self._residual = planes(self.height, self.width)
        self._band_error = np.zeros(-(-self.height // BAND_ROWS))  # of each band
        self._band_squares = self._band_error if weights is None else np.zeros_like(self._band_error)
        reach = float(2 * max(self.width, self.height))
        self._bounds = -0.5, -0.5, self.width - 0.5, self.height - 0.5, np.log(reach)

    @property
    def residual(self) -> np.ndarray:
        """(H, 3, pitch) float32, planes: half the gradient of the error by each pixel, itself and not a copy.

        Of the last `error` or step; without weights it is render - target.
        """
        return self._residual

    @property
    def weights(self) -> np.ndarray | None:
        """(H, 1, pitch) float32, themselves and not a copy; None where all pixels are alike."""
        return self._weights

    @property
    def squares(self) -> float:
        return float(self._band_squares.sum())

    def host(self, array: np.ndarray) -> np.ndarray:
        return array.copy()

    def error(self, gaussians: Gaussians) -> float:
        with parallel(self.width * self.height):
            self._forward(gaussians)
        return float(self._band_error.sum())

    def absolute_error(self) -> np.ndarray:
        error = np.empty((self.height, self.width), np.float32)
        with parallel(self.width * self.height):
            distortion.absolute_error(self._residual, self._weights, error)
        return error

    def peaks(self, smoothing: float, most: int) -> np.ndarray:
        rows = max(STRIP_PIXELS // (2 * self.width), 1)
        share = -(-self.height // allowed(os.cpu_count() or 1))  # a strip for each core, if they share few rows
        rows = min(rows, max(share, 4 * _reach(smoothing)))
        find = partial(self._peak_keys, smoothing, rows)
        return largest_peaks(np.concatenate(spread(find, range(0, self.height, rows))), most)

    def _peak_keys(self, smoothing: float, rows: int, top: int) -> np.ndarray:
        """The keys of the maxima in some rows; they see what they would see in the whole picture."""
        from scipy import ndimage  # a tenth of a second, which whoever only decodes need not wait for

        bottom = min(top + rows, self.height)
        reach = _reach(smoothing)
        first, last = max(top - reach, 0), min(bottom + reach, self.height)
        error = np.empty((last - first, self.width), np.float32)
        weights = None if self._weights is None else self._weights[first:last]
        with parallel(error.size):
            distortion.absolute_error(self._residual[first:last], weights, error)
        error = ndimage.gaussian_filter(error, smoothing)
        largest = (error == ndimage.maximum_filter(error, 3)) & (error > 0)
        pixel = np.flatnonzero(largest[top - first : bottom - first])
        return peak_keys(error[top - first :].ravel()[pixel], pixel + top * self.width)

    def advance(self, descent: Descent, settings: GaussNewton, steps: int, bit_price: float = 0.0) -> None:
        left, top, right, bottom, largest = self._bounds
        limits = np.array([left, top, np.log(settings.smallest), right, bottom, largest], np.float32)
        trust = np.array([settings.position_trust, settings.shape_trust], np.float32)
        gain = np.array([settings.adaption, np.log(settings.slowest), np.log(settings.fastest)], np.float32)
        rate, decay, damping = np.float32([settings.rate, settings.decay, settings.damping])
        parameters, momentum = descent.gaussians.parameters, descent.momentum
        for _ in range(steps):
            with parallel(self.width * self.height):
                placed = self._forward(descent.gaussians)
                risen, improved = descent.judge(float(self._band_error.sum()), settings.slack)
                if improved:
                    descent.best.parameters[:] = parameters
                descent.squares = self.squares
                gradient, energy = self._levels.gather(placed, self._residual, self.coarse)
                bit_cost = np.float32(bit_price * min(descent.error, descent.best_error) / max(len(parameters), 1))
                gauss_newton(
                    parameters, momentum, gradient, energy, descent.frozen, bit_cost, rate, decay, damping, gain, trust,
                    limits,
                )  # fmt: skip
            if risen:
                momentum[:, :-1] = 0
                momentum[:, -1] -= settings.brake

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        with parallel(self.width * self.height):
            return self._gather(gaussians)[0]

    def energy(self, gaussians: Gaussians) -> np.ndarray:
        if self._weights is None:
            return np.ones(len(gaussians), np.float32)
        return self.gradient_and_energy(gaussians)[1]

    def gradient_and_energy(self, gaussians: Gaussians) -> tuple[np.ndarray, np.ndarray]:
        if self._weights is None:
            return self.gradient(gaussians), self.energy(gaussians)
        with parallel(self.width * self.height):
            return self._gather(gaussians)

    def normal_product(self, gaussians: Gaussians) -> np.ndarray:
        sums = np.empty_like(self._band_error), np.empty_like(self._band_error)
        with parallel(self.width * self.height):
            placed = self._levels.place(gaussians)
            self._draw(placed, self._black, *sums)
            return self._levels.gather(placed, self._residual, self.coarse)[0]

    @cached_property
    def _black(self) -> np.ndarray:
        """A target of zeros. Nobody writes to it, so that the system gives no memory for it."""
        return planes(self.height, self.width, kind=self._target.dtype.type)

    def _gather(self, gaussians: Gaussians) -> tuple[np.ndarray, np.ndarray | None]:
        return self._levels.gather(self._levels.place(gaussians), self._residual, self.coarse)

    def _forward(self, gaussians: Gaussians) -> list[Placed]:
        placed = self._levels.place(gaussians)
        self._draw(placed, self._target, self._band_error, self._band_squares)
        return placed

    def _draw(self, placed: list[Placed], target: np.ndarray, band_error: np.ndarray, band_squares: np.ndarray) -> None:
        """The residual, and its sums over each band; `band_squares` only under weights."""
        self._levels.rasterise(placed, self._residual)
        go_on()
        for rows in parts(self.height, self.width):
            bands = slice(rows.start // BAND_ROWS, -(-rows.stop // BAND_ROWS))
            drawn, goal, error = self._residual[rows], target[rows], band_error[bands]
            if self._weights is None:
                distortion.residual(drawn, goal, self.width, error)
            else:
                sums = error, band_squares[bands]
                distortion.weighted_residual(drawn, goal, self._weights[rows], self.coarse, self.width, *sums)


def _blocks(height: int, width: int) -> np.ndarray:
    """Memory for an image in blocks, (H, blocks, 3 * LANES) float32, as `render.cpu.blocks` describes them."""
    return empty_blocks(height, -(-width // LANES))


def _reach(smoothing: float) -> int:
    """Rows that a maximum of the smoothed error depends on, above it and below: those of the filter, and one."""
    return int(4 * smoothing + 0.5) + 1


def _bin(gaussians: Gaussians, height: int) -> Binned:
    """Makes Gaussians ready for a whole picture of this height; raises ValueError as `Derived.of`."""
    return Binned.of(Derived.of(gaussians, height), 0, height)


def _rows_of_a_strip(width: int) -> int:
    """A whole number of bands, at least one."""
    padded = -(-width // LANES) * LANES
    return max(1, STRIP_PIXELS // (padded * BAND_ROWS)) * BAND_ROWS
