"""The attributes that published methods work on, mean, covariance and amplitude, beside Daub's own parameters.

`attributes` is an array (N, 8) float64: mean x, mean y (pixels), the covariance's xx, xy, yy (pixels^2), and the
amplitude at the centre of red, green, blue. float64, as the determinant of a long thin covariance cancels.

    >>> wide = np.array([[10.0, 20.0, 9.0, 0.0, 4.0, 1.0, 0.5, 0.0]])
    >>> to_gaussians(wide).log_scale.round(4).tolist()  # logarithms of 3 and 2 pixels
    [[1.0986, 0.6931]]
    >>> attributes_of(to_gaussians(wide)).round(9).tolist() == wide.tolist()
    True
"""

from __future__ import annotations

import math

import numpy as np

from daub.render.gaussians import PARAMETERS, Gaussians
from daub.render.jit import njit

# Columns of attributes; those of the mean are `MEAN`, as in Gaussians.parameters.
COVARIANCE = slice(2, 5)
VARIANCES = (2, 4)
COLOUR = slice(5, 8)

SMALLEST = 1e-3  # shortest standard deviation, pixels: a thinner Gaussian hits none, and counts as not definite


def definite(attributes: np.ndarray) -> np.ndarray:
    """Tell which covariances are positive definite, and so large that float32 can render them: (N,) bool."""
    xx, xy, yy = attributes[:, COVARIANCE].T
    return (xx > SMALLEST**2) & (yy > SMALLEST**2) & (xx * yy - xy * xy > SMALLEST**2 * xx)


def to_gaussians(attributes: np.ndarray) -> Gaussians:
    """Make the Gaussians of these attributes (N, 8), in float64; those that are not definite become black."""
    parameters = np.empty((len(attributes), PARAMETERS))
    _to_parameters(attributes, definite(attributes), parameters)
    return Gaussians(parameters)


def to_rendered(attributes: np.ndarray) -> Gaussians:
    """Make the same in float32, as rasterisers take them."""
    parameters = np.empty((len(attributes), PARAMETERS), np.float32)
    _to_parameters(attributes, definite(attributes), parameters)
    return Gaussians(parameters)


def attributes_of(gaussians: Gaussians) -> np.ndarray:
    """Work out the attributes (N, 8) float64 of Gaussians."""
    gaussians = Gaussians(gaussians.parameters.astype(np.float64))
    covariance = gaussians.covariance
    return np.column_stack(
        [gaussians.mean, covariance[:, 0, 0], covariance[:, 0, 1], covariance[:, 1, 1], gaussians.colour]
    )


def gradient_of_attributes(attributes: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Work out dL/dattributes (N, 8) from gradient = dL/dparameters (N, 8).

    It is zero for Gaussians that are not definite. xy stands for both entries off the diagonal, so its gradient is that
    of moving both.
    """
    out = np.zeros((len(attributes), PARAMETERS))
    _backward(attributes, definite(attributes), gradient, out)
    return out


# Kernels go row by row: a dozen numpy arrays for the same would take ten times as long.


@njit(cache=True)
def _to_parameters(attributes, shown, parameters):
    """Fill parameters (N, 8); Gaussians that are not `shown` (N,) are black and of unit size."""
    for n in range(len(attributes)):
        a, p = attributes[n], parameters[n]
        xx, xy, yy = (a[2], a[3], a[4]) if shown[n] else (1.0, 0.0, 1.0)
        determinant = xx * yy - xy * xy
        energy = math.sqrt(math.pi) * determinant**0.25 if shown[n] else 0.0
        p[0], p[1] = a[0], a[1]
        p[2] = 0.5 * math.log(xx)
        p[3] = 0.5 * math.log(determinant / xx)
        p[4] = xy / math.sqrt(determinant)
        for channel in range(5, 8):
            p[channel] = energy * a[channel]


@njit(cache=True)
def _backward(attributes, shown, gradient, out):
    """Fill the rows of out (N, 8) that are shown."""
    for n in np.flatnonzero(shown):
        a, g, o = attributes[n], gradient[n], out[n]
        xx, xy, yy = a[2], a[3], a[4]
        determinant = xx * yy - xy * xy
        root = math.sqrt(determinant)
        energy = math.sqrt(math.pi) * determinant**0.25
        # log l1 = log(xx)/2; log l3 = (log det - log xx)/2; shear = xy det^-1/2; coefficient = colour (pi^2 det)^1/4.
        by_determinant = g[3] / 2 - xy / root * g[4] / 2
        for channel in range(5, 8):
            o[channel] = energy * g[channel]
            by_determinant += o[channel] * a[channel] / 4
        by_determinant /= determinant
        o[0], o[1] = g[0], g[1]
        o[2] = (g[2] - g[3]) / (2 * xx) + yy * by_determinant
        o[3] = g[4] / root - 2 * xy * by_determinant
        o[4] = xx * by_determinant
