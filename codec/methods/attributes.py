"""The attributes that published methods work on: mean, covariance and amplitude, beside our own parameters.

`attributes` is an array (N, 8) float64: mean x, mean y (pixels), the covariance's xx, xy, yy (pixels^2), and the
amplitude at the centre of red, green, blue. float64, as the determinant of a long thin covariance cancels.
"""

from __future__ import annotations

import math

import numpy as np

from render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, PARAMETERS, SHEAR, Gaussians

COVARIANCE = slice(2, 5)
VARIANCES = (2, 4)
COLOUR = slice(5, 8)

SMALLEST = 1e-3  # pixels: a Gaussian thinner than this hits no pixel, and is left out as one that is not definite


def definite(attributes: np.ndarray) -> np.ndarray:
    """(N,) bool: which covariances are positive definite, and so large that float32 can render them."""
    xx, xy, yy = attributes[:, COVARIANCE].T
    return (xx > SMALLEST**2) & (yy > SMALLEST**2) & (xx * yy - xy * xy > SMALLEST**2 * xx)


def to_gaussians(attributes: np.ndarray) -> Gaussians:
    """Gaussians of the same attributes, in float64; those that are not definite become black."""
    shown = definite(attributes)
    xx, xy, yy = _covariance(attributes, shown)
    determinant = xx * yy - xy * xy
    parameters = np.empty((len(attributes), PARAMETERS))
    parameters[:, MEAN] = attributes[:, MEAN]
    parameters[:, LOG_SCALE.start] = 0.5 * np.log(xx)
    parameters[:, LOG_SCALE.start + 1] = 0.5 * np.log(determinant / xx)
    parameters[:, SHEAR] = xy / np.sqrt(determinant)
    energy = math.sqrt(math.pi) * determinant**0.25
    parameters[:, COEFFICIENT] = np.where(shown, energy, 0)[:, None] * attributes[:, COLOUR]
    return Gaussians(parameters)


def to_rendered(attributes: np.ndarray) -> Gaussians:
    """`to_gaussians` in float32, as rasterisers take them."""
    return Gaussians(to_gaussians(attributes).parameters.astype(np.float32))


def of_gaussians(gaussians: Gaussians) -> np.ndarray:
    """(N, 8) float64 attributes."""
    gaussians = Gaussians(gaussians.parameters.astype(np.float64))
    covariance = gaussians.covariance
    return np.column_stack(
        [gaussians.mean, covariance[:, 0, 0], covariance[:, 0, 1], covariance[:, 1, 1], gaussians.colour]
    )


def backward(attributes: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """dL/dattributes (N, 8) from gradient = dL/dparameters (N, 8); zero for Gaussians that are not definite.

    xy stands for both entries off the diagonal, so its gradient is that of moving both.
    """
    shown = definite(attributes)
    xx, xy, yy = _covariance(attributes, shown)
    determinant = xx * yy - xy * xy
    shear = xy / np.sqrt(determinant)
    energy = math.sqrt(math.pi) * determinant**0.25
    by_l1, by_l3, by_shear = gradient[:, 2:5].T
    by_colour = energy[:, None] * gradient[:, COEFFICIENT]
    # log l1 = log(xx)/2; log l3 = (log det - log xx)/2; shear = xy det^-1/2; coefficient = colour (pi^2 det)^1/4.
    by_determinant = by_l3 / 2 - shear * by_shear / 2 + (by_colour * attributes[:, COLOUR]).sum(1) / 4
    by_determinant /= determinant
    columns = [
        gradient[:, MEAN],
        (by_l1 - by_l3) / (2 * xx) + yy * by_determinant,
        by_shear / np.sqrt(determinant) - 2 * xy * by_determinant,
        xx * by_determinant,
        by_colour,
    ]
    return np.where(shown[:, None], np.column_stack(columns), 0)


def _covariance(attributes: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """(3, N) xx, xy, yy, of unit Gaussians where they are not definite."""
    return np.where(shown, attributes[:, COVARIANCE].T, np.array([[1.0], [0.0], [1.0]]))
