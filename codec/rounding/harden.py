"""From real-valued Gaussians to rounded ones at the least cost in distortion (codec/DESIGN.md, section Quantisation).

Rounding everything at once loses decibels that the parameters not yet rounded could have made up for. So the geometry
is rounded in random batches, the rest of it and all coefficients taking some Gauss-Newton steps after each; then the
coefficients, in which the image is linear, are re-solved by least squares and rounded, in batches as well if a
refinement that chooses them again does not follow.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field, replace

import numpy as np

from daub.codec.evaluation.metrics import psnr_of_error
from daub.codec.rounding.least_squares import solve_coefficients
from daub.codec.symbols import LUMA_CHROMA, Grid, Symbols, classes, dequantise, quantise
from daub.render.descent import Descent, GaussNewton
from daub.render.devices import fall_back
from daub.render.gaussians import COEFFICIENT, Gaussians
from daub.render.rasteriser import Rasteriser
from daub.render.weighting import Weighting


@dataclass(frozen=True)
class HardenSettings:
    """How much time goes into rounding.

    - More batches and more steps after each cost time and save distortion; `effort.EFFORTS` has the combinations.
    - The optimiser is that of the fit with half the rate, 0.2, and twice the damping, 0.1: restarted from a converged
      state, the settings of the fit overshoot for some steps before they recover. It has no brake (the slack is
      infinite), as rounding raises the error by itself.

    Args:
        geometry_batches: random batches that the Gaussians' geometry is rounded in.
        steps_per_batch: Gauss-Newton steps after each of those.
        coefficient_batches: random batches that the coefficients are rounded in.
        solver_steps: conjugate gradients after each of those, at most; twice as many before the first.
        least_energy: of a Gaussian, in units of d^2: fainter ones are left out, and the others make up for them.

        >>> HardenSettings(geometry_batches=4, steps_per_batch=10).total_steps
        48
    """

    geometry_batches: int = 12
    steps_per_batch: int = 4
    coefficient_batches: int = 1
    solver_steps: int = 4
    least_energy: float = 0.0
    optimiser: GaussNewton = field(default_factory=lambda: GaussNewton(rate=0.2, damping=0.1, slack=math.inf))

    @property
    def total_steps(self) -> int:
        """Steps of both kinds, at most: twice as many of the solver at first, and none after the last batch."""
        return self.geometry_batches * self.steps_per_batch + (self.coefficient_batches + 1) * self.solver_steps


@dataclass(frozen=True)
class HardenProgress:
    """The state after `step` of `steps`.

    Args:
        gaussians: partly rounded ones; a snapshot.
        psnr: dB before clipping.
    """

    step: int
    steps: int
    gaussians: Gaussians
    psnr: float


def harden(
    target: np.ndarray,
    gaussians: Gaussians,
    grid: Grid,
    settings: HardenSettings,
    rasteriser: Rasteriser,
    seed: int = 0,
    weights: Weighting | None = None,
) -> Generator[HardenProgress, None, Symbols]:
    """Round Gaussians that were fitted to a target. Where the device fails, it starts again on the CPU.

    Args:
        target: (H, W, 3) float32 in [0, 1], or uint8.
        gaussians: in the host's memory; they stay as they are.
        seed: of the batches.
        weights: of the pixels; None: all alike, and each alone.

    Yields:
        Progress, as the fit does.

    Returns:
        The symbols, in the order of those Gaussians that are not left out.

    >>> from daub.codec.progress import drive
    >>> from daub.render.cpu.backend import CpuRasteriser
    >>> grey, grid = np.full((16, 16, 3), 0.5, np.float32), Grid(16, 16, step_index=400, cell_log2=3)
    >>> wide = Gaussians.build([[7.5, 7.5]], [[[40.0, 0.0], [0.0, 40.0]]], [[0.5, 0.5, 0.5]])
    >>> records = []
    >>> symbols = drive(harden(grey, wide, grid, HardenSettings(1, 5, 1), CpuRasteriser()), records.append)
    >>> len(symbols), records[-1].psnr > records[0].psnr
    (1, True)
    """
    try:
        return (yield from _Hardening(target, gaussians, grid, settings, rasteriser, seed, weights).run())
    except rasteriser.failures as failure:
        rasteriser = fall_back(rasteriser, failure)
        return (yield from _Hardening(target, gaussians, grid, settings, rasteriser, seed, weights).run())


class _Hardening:
    """Gaussians on one surface on their way to symbols. Each phase yields progress."""

    def __init__(
        self,
        target: np.ndarray,
        gaussians: Gaussians,
        grid: Grid,
        settings: HardenSettings,
        rasteriser: Rasteriser,
        seed: int,
        weights: Weighting | None,
    ):
        self._target, self._grid, self._settings, self._rasteriser = target, grid, settings, rasteriser
        self._rng = np.random.default_rng(seed)
        self._surface = rasteriser.surface(target, weights, reduced=True)
        energy = self._energy(gaussians)
        self._origin = np.flatnonzero(gaussians.strength**2 * energy >= settings.least_energy * grid.step**2)
        kept = Gaussians(gaussians.parameters[self._origin])
        self._classes = self._classes_of(kept)  # (N,) classes that Gaussians are rounded by
        self._descent = Descent.of(Gaussians(self._surface.xp.asarray(kept.parameters)))
        self._step = 0

    def run(self) -> Generator[HardenProgress, None, Symbols]:
        yield from self._round_geometry()
        yield from self._round_coefficients()
        self._step = self._settings.total_steps  # the solver may have converged early
        self._surface.error(self._descent.gaussians)
        last = self._progress(self._surface.squares)
        yield last
        return replace(quantise(last.gaussians, self._grid, self._classes), origin=self._origin)

    def _round_geometry(self) -> Generator[HardenProgress, None, None]:
        """Round batch by batch, and let everything that is still free make up for it."""
        surface, descent, settings = self._surface, self._descent, self._settings
        gaussians = descent.gaussians
        for batch in self._batches(settings.geometry_batches):
            at = surface.xp.asarray(batch)
            chosen = Gaussians(surface.host(gaussians.parameters[at]))
            self._classes[batch] = self._classes_of(chosen)
            rounded = dequantise(quantise(chosen, self._grid, self._classes[batch]), self._grid)
            gaussians.parameters[at, :5] = surface.xp.asarray(rounded.parameters[:, :5])
            descent.frozen[at, 0] = True
            left = settings.steps_per_batch
            while left:
                taken = min(surface.stride, left)
                surface.advance(descent, settings.optimiser, taken)
                left -= taken
                self._step += taken
                yield self._progress(descent.squares)

    def _round_coefficients(self) -> Generator[HardenProgress, None, None]:
        """Solve for all coefficients, then round batch by batch and solve for the rest."""
        surface, step, gaussians = self._surface, self._grid.step, self._descent.gaussians
        free = surface.xp.ones(len(gaussians), bool)
        nothing = np.empty(0, int)
        for i, batch in enumerate([nothing, *self._batches(self._settings.coefficient_batches)]):
            at = surface.xp.asarray(batch)
            coefficient = surface.host(gaussians.coefficient[at]).astype(np.float64)
            rounded = np.round(coefficient @ LUMA_CHROMA.T / step) * step @ LUMA_CHROMA
            gaussians.parameters[at, COEFFICIENT] = surface.xp.asarray(rounded.astype(np.float32))
            free[at] = False
            solver_steps = self._settings.solver_steps * (1 if i else 2)
            surface.error(gaussians)
            for _ in solve_coefficients(surface, gaussians, surface.xp.flatnonzero(free), solver_steps):
                self._step += 1
                yield self._progress(surface.squares)

    def _batches(self, count: int) -> list[np.ndarray]:
        """Indices of all Gaussians in so many random batches, without empty ones."""
        shuffled = self._rng.permutation(len(self._descent.gaussians))
        return [batch for batch in np.array_split(shuffled, count) if len(batch)]

    def _classes_of(self, gaussians: Gaussians) -> np.ndarray:
        """The classes that suit Gaussians (N,) in the host's memory: by what their errors cost under the weights."""
        felt = gaussians.coefficient * np.sqrt(self._energy(gaussians))[:, None]
        return classes(felt, self._grid.step)

    def _energy(self, gaussians: Gaussians) -> np.ndarray:
        """(N,) float32, `Surface.energy` of Gaussians in the host's memory."""
        surface = self._surface
        return surface.host(surface.energy(Gaussians(surface.xp.asarray(gaussians.parameters))))

    def _progress(self, squares: float) -> HardenProgress:
        """A record of now, with the sum of squared errors of a state."""
        snapshot = Gaussians(self._surface.host(self._descent.gaussians.parameters))
        return HardenProgress(
            self._step, self._settings.total_steps, snapshot, psnr_of_error(squares / self._target.size)
        )
