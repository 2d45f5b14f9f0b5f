"""From real-valued Gaussians to rounded ones at the least cost in distortion (CODEC.md section 4).

Rounding everything at once loses decibels that the parameters not yet rounded could have made up for. So the geometry
is rounded in random parts, the rest of it and all coefficients taking some Gauss-Newton steps after each part; then the
coefficients, in which the image is linear, are re-solved by least squares and rounded in parts as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from codec.quantise import LUMA_CHROMA, Grid, Symbols, classes, dequantise, quantise
from render.gaussians import COEFFICIENT, Gaussians
from render.rasterizer import GaussNewton, Rasterizer, Surface


@dataclass(frozen=True)
class HardenSettings:
    """How much time goes into rounding."""

    geometry_parts: int = 8
    steps_per_part: int = 12
    coefficient_parts: int = 8
    solver_steps: int = 8  # conjugate gradients after each part
    # Restarted from a converged state, the fit's own settings overshoot for some steps before they recover.
    optimiser: GaussNewton = field(default_factory=lambda: GaussNewton(rate=0.2, damping=0.1))


@dataclass(frozen=True)
class HardenProgress:
    """The state after `step` of `steps`: partly rounded Gaussians, a snapshot."""

    step: int
    steps: int
    gaussians: Gaussians
    psnr: float


def harden(
    target: np.ndarray,
    gaussians: Gaussians,
    grid: Grid,
    settings: HardenSettings,
    rasterizer: Rasterizer,
    seed: int = 0,
) -> Iterator[HardenProgress | Symbols]:
    """Rounds Gaussians fitted to target (H, W, 3).

    Yields:
        Progress records, and last the Symbols.
    """
    rng = np.random.default_rng(seed)
    surface = rasterizer.surface(target)
    gaussians = gaussians.copy()
    count = len(gaussians)
    steps = settings.geometry_parts * settings.steps_per_part + settings.coefficient_parts
    step = 0

    def progress(error: float) -> HardenProgress:
        return HardenProgress(step, steps, gaussians.copy(), -10 * np.log10(max(error / target.size, 1e-12)))

    t = classes(gaussians.coefficient, grid.step)
    frozen = np.zeros((count, 2), bool)
    momentum = np.zeros((count, 9), np.float32)
    for part in _parts(count, settings.geometry_parts, rng):
        chosen = Gaussians(gaussians.parameters[part])
        t[part] = classes(chosen.coefficient, grid.step)
        gaussians.parameters[part, :5] = dequantise(quantise(chosen, grid, t[part]), grid).parameters[:, :5]
        frozen[part, 0] = True
        for _ in range(settings.steps_per_part):
            error = surface.step(gaussians, momentum, settings.optimiser, frozen)
            step += 1
            yield progress(error)

    operator = rasterizer.surface(np.zeros_like(target))
    free = np.ones(count, bool)
    _solve(surface, operator, gaussians, free, 2 * settings.solver_steps)
    for part in _parts(count, settings.coefficient_parts, rng):
        coefficient = gaussians.coefficient[part].astype(np.float64)
        rounded = np.round(coefficient @ LUMA_CHROMA.T / grid.step) * grid.step @ LUMA_CHROMA
        gaussians.parameters[part, COEFFICIENT] = rounded
        free[part] = False
        error = _solve(surface, operator, gaussians, free, settings.solver_steps)
        step += 1
        yield progress(error)
    yield quantise(gaussians, grid, t)


def _parts(count: int, parts: int, rng: np.random.Generator) -> list[np.ndarray]:
    return [part for part in np.array_split(rng.permutation(count), parts) if len(part)]


def _solve(surface: Surface, operator: Surface, gaussians: Gaussians, free: np.ndarray, steps: int) -> float:
    """Least squares for the coefficients of the free Gaussians, by conjugate gradients, in place.

    The atoms have unit energy, so the normal matrix has a unit diagonal and needs no preconditioner.

    Returns:
        The sum of squared residuals.
    """
    error = surface.error(gaussians)
    if not free.any():
        return error
    direction_image = gaussians.copy()
    mask = free[:, None]
    residual = np.where(mask, -surface.coefficient_gradient(gaussians), 0).astype(np.float64)
    direction, solution = residual.copy(), np.zeros_like(residual)
    power = (residual**2).sum()
    start = power
    for _ in range(steps):
        if power <= 1e-8 * start:
            break
        direction_image.parameters[:, COEFFICIENT] = direction
        operator.error(direction_image)
        image_of = np.where(mask, operator.coefficient_gradient(direction_image), 0).astype(np.float64)
        length = power / (direction * image_of).sum()
        solution += length * direction
        residual -= length * image_of
        power, previous = (residual**2).sum(), power
        direction = residual + power / previous * direction
    gaussians.parameters[:, COEFFICIENT] += solution
    return surface.error(gaussians)
