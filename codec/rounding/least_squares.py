"""The coefficients of some Gaussians by least squares: the picture is linear in them, as long as no shape changes."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from daub.render.descent import LEAST_ENERGY
from daub.render.gaussians import COEFFICIENT, Gaussians
from daub.render.rasteriser import Surface


def solve_coefficients(
    surface: Surface, gaussians: Gaussians, free: np.ndarray, steps: int
) -> Generator[None, None, None]:
    """Solve for the coefficients of the free Gaussians, least squares by conjugate gradients, in place at the end.

    The atoms have unit energy, so the normal matrix A^T W A, with the weights W of the pixels, has the energies under
    the weights as its diagonal, which is the preconditioner; without weights it is one.

    Args:
        surface: with the residual of `gaussians`, which is lost.
        free: (M,) indices of the free Gaussians.

    Yields:
        None after every step.
    """
    atoms = Gaussians(gaussians.parameters[free])
    gradient, energy = surface.gradient_and_energy(gaussians)
    residual = -gradient[free, COEFFICIENT].astype(np.float64)
    diagonal = surface.xp.maximum(energy[free], np.float32(LEAST_ENERGY))[:, None].astype(np.float64)
    direction, solution = residual / diagonal, np.zeros_like(residual)
    power = start = (residual * direction).sum()
    for _ in range(steps):
        if power <= 1e-8 * start:
            break
        atoms.parameters[:, COEFFICIENT] = direction
        product = surface.normal_product(atoms)[:, COEFFICIENT].astype(np.float64)  # A^T W A direction
        length = power / (direction * product).sum()
        solution += length * direction
        residual -= length * product
        conditioned = residual / diagonal
        power, previous = (residual * conditioned).sum(), power
        direction = conditioned + power / previous * direction
        yield
    gaussians.parameters[free, COEFFICIENT] += solution
