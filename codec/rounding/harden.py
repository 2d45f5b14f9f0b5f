"""From real-valued Gaussians to rounded ones at the least cost in distortion (DESIGN.md, "Quantisation").

Rounding everything at once loses decibels that the parameters not yet rounded could have made up for. So the geometry
is rounded in random parts, the rest of it and all coefficients taking some Gauss-Newton steps after each part; then the
coefficients, in which the image is linear, are re-solved by least squares and rounded in parts as well.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np

from daub.codec.symbols import LUMA_CHROMA, Grid, Symbols, classes, dequantise, quantise
from daub.render.descent import Descent, GaussNewton
from daub.render.devices import fall_back
from daub.render.gaussians import COEFFICIENT, Gaussians
from daub.render.rasteriser import Rasteriser, Surface


@dataclass(frozen=True)
class HardenSettings:
    """How much time goes into rounding."""

    geometry_parts: int = 8
    steps_per_part: int = 12
    coefficient_parts: int = 8
    solver_steps: int = 8  # conjugate gradients after each part
    least_energy: float = 0.0  # in units of d^2: fainter Gaussians are left out, and the others make up for them
    # Restarted from a converged state, the fit's own settings overshoot for some steps before they recover. No brake:
    # rounding raises the error by itself.
    optimiser: GaussNewton = field(default_factory=lambda: GaussNewton(rate=0.2, damping=0.1, slack=math.inf))


@dataclass(frozen=True)
class HardenProgress:
    """The state after `step` of `steps`: partly rounded Gaussians, a snapshot."""

    step: int
    steps: int
    gaussians: Gaussians
    psnr: float  # dB before clipping


def harden(
    target: np.ndarray,
    gaussians: Gaussians,
    grid: Grid,
    settings: HardenSettings,
    rasteriser: Rasteriser,
    seed: int = 0,
) -> Generator[HardenProgress, None, Symbols]:
    """Rounds Gaussians fitted to target (H, W, 3); yields progress as the fit does, returns the Symbols.

    Starts again on the CPU where the device fails.
    """
    try:
        return (yield from _harden(target, gaussians, grid, settings, rasteriser, seed))
    except rasteriser.failures as failure:
        return (yield from _harden(target, gaussians, grid, settings, fall_back(rasteriser, failure), seed))


def _harden(target, gaussians, grid, settings, rasteriser, seed):
    rng = np.random.default_rng(seed)
    surface = rasteriser.surface(target)
    xp = surface.xp
    gaussians = Gaussians(gaussians.parameters[gaussians.strength**2 >= settings.least_energy * grid.step**2])
    count = len(gaussians)
    steps = settings.geometry_parts * settings.steps_per_part
    steps += (settings.coefficient_parts + 1) * settings.solver_steps  # twice at first, none after the last part
    step = 0

    t = classes(gaussians.coefficient, grid.step)
    descent = Descent.of(Gaussians(xp.asarray(gaussians.parameters)))
    gaussians = descent.gaussians

    def progress(error: float) -> HardenProgress:
        snapshot = Gaussians(surface.host(gaussians.parameters))
        return HardenProgress(step, steps, snapshot, -10 * np.log10(max(error / target.size, 1e-12)))

    for part in _parts(count, settings.geometry_parts, rng):
        at = xp.asarray(part)
        chosen = Gaussians(surface.host(gaussians.parameters[at]))
        t[part] = classes(chosen.coefficient, grid.step)
        rounded = dequantise(quantise(chosen, grid, t[part]), grid)
        gaussians.parameters[at, :5] = xp.asarray(rounded.parameters[:, :5])
        descent.frozen[at, 0] = True
        left = settings.steps_per_part
        while left:
            taken = min(surface.stride, left)
            surface.advance(descent, settings.optimiser, taken)
            left -= taken
            step += taken
            yield progress(descent.error)

    operator = rasteriser.surface(np.zeros_like(target))
    free = xp.ones(count, bool)
    rounds = [np.empty(0, int), *_parts(count, settings.coefficient_parts, rng)]  # the first only solves
    for i, part in enumerate(rounds):
        at = xp.asarray(part)
        coefficient = surface.host(gaussians.coefficient[at]).astype(np.float64)
        rounded = np.round(coefficient @ LUMA_CHROMA.T / grid.step) * grid.step @ LUMA_CHROMA
        gaussians.parameters[at, COEFFICIENT] = xp.asarray(rounded.astype(np.float32))
        free[at] = False
        solver_steps = settings.solver_steps * (1 if i else 2)
        error = surface.error(gaussians)
        for _ in _solve(surface, operator, gaussians, xp.flatnonzero(free), solver_steps):
            step += 1
            yield progress(error)
    step = steps  # the solver may have converged early
    last = progress(surface.error(gaussians))
    yield last
    return quantise(last.gaussians, grid, t)


def _parts(count: int, parts: int, rng: np.random.Generator) -> list[np.ndarray]:
    return [part for part in np.array_split(rng.permutation(count), parts) if len(part)]


def _solve(
    surface: Surface, operator: Surface, gaussians: Gaussians, free: np.ndarray, steps: int
) -> Generator[None, None, None]:
    """Least squares for the coefficients of the free Gaussians, by conjugate gradients, in place at the end.

    The atoms have unit energy, so the normal matrix A^T A has a unit diagonal and needs no preconditioner.

    Args:
        surface: with the residual of `gaussians`.
        operator: with a target of zeros: its residual is the image of what is rendered, A e.
        free: (M,) indices of the free Gaussians.

    Yields:
        None after every step.
    """
    atoms = Gaussians(gaussians.parameters[free])
    residual = -surface.gradient(gaussians)[free, COEFFICIENT].astype(np.float64)
    direction, solution = residual.copy(), np.zeros_like(residual)
    power = start = (residual**2).sum()
    for _ in range(steps):
        if power <= 1e-8 * start:
            break
        atoms.parameters[:, COEFFICIENT] = direction
        operator.error(atoms)
        product = operator.gradient(atoms)[:, COEFFICIENT].astype(np.float64)  # A^T A direction
        length = power / (direction * product).sum()
        solution += length * direction
        residual -= length * product
        power, previous = (residual**2).sum(), power
        direction = residual + power / previous * direction
        yield
    gaussians.parameters[free, COEFFICIENT] += solution
