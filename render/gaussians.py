"""The `Gaussians` type, and every convention of the model, stated once.

An image is the sum of N Gaussians, without order or background:

    I(x) = clip(sum_n c_n * w_n(x), 0, 1),    c_n in R^3, signed, sRGB-encoded values in [0, 1]

Pixels: x to the right, y down; the pixel in row i, column j has its centre at x = j, y = i, so an image of W x H
pixels covers [-0.5, W - 0.5] x [-0.5, H - 0.5].

Weight: with q = (x - mean)^T Sigma^-1 (x - mean),

    w(q) = exp(-q/2) - exp(-SUPPORT/2)   for q < SUPPORT,   0 elsewhere.

It reaches zero continuously, so backends that decide differently about a pixel on the border differ by rounding only.

Shape: Sigma = L L^T with L = [[l1, 0], [k*l3, l3]]: l1 is the standard deviation along x, l3 that of y given x, and k a
dimensionless shear. The whitened offset z = L^-1 (x - mean) is z1 = dx/l1, z2 = dy/l3 - k*z1, and q = z1^2 + z2^2.

Amplitude: the coefficient e = c * sqrt(pi*l1*l3) belongs to the atom of unit energy (int exp(-q) dx = pi*l1*l3).
An error of one in e costs one unit of image energy whatever the size, so one step quantises every coefficient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SUPPORT = 9.0  # q at the edge of a Gaussian: three standard deviations

# Columns of Gaussians.parameters.
MEAN = slice(0, 2)
LOG_SCALE = slice(2, 4)
SHEAR = 4
COEFFICIENT = slice(5, 8)
PARAMETERS = 8  # number of columns


@dataclass(frozen=True)
class Gaussians:
    """N Gaussians in one array.

    >>> green = Gaussians.build(mean=[[4, 3]], covariance=[[[4, 0], [0, 1]]], colour=[[0, 1, 0]])
    >>> len(green), green.covariance[0].round(3).tolist()
    (1, [[4.0, 0.0], [0.0, 1.0]])
    >>> green.value_at(4, 3).round(3).tolist()  # 1 - exp(-4.5) at the centre
    [0.0, 0.989, 0.0]

    Args:
        parameters: (N, 8) float32 (float64 in the reference): mean x, mean y (pixels), log l1, log l3
            (log pixels), shear k, and the coefficient of unit energy for red, green, blue.
    """

    parameters: np.ndarray

    def __post_init__(self):
        if self.parameters.ndim != 2 or self.parameters.shape[1] != PARAMETERS:
            raise ValueError(f"Gaussians need parameters of shape (N, {PARAMETERS}), not {self.parameters.shape}")

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def mean(self) -> np.ndarray:
        """(N, 2) pixels."""
        return self.parameters[:, MEAN]

    @property
    def log_scale(self) -> np.ndarray:
        """(N, 2) log l1, log l3, natural logarithms of pixels."""
        return self.parameters[:, LOG_SCALE]

    @property
    def shear(self) -> np.ndarray:
        """(N,) dimensionless."""
        return self.parameters[:, SHEAR]

    @property
    def coefficient(self) -> np.ndarray:
        """(N, 3) amplitude of the unit-energy atom, per channel."""
        return self.parameters[:, COEFFICIENT]

    @property
    def colour(self) -> np.ndarray:
        """(N, 3) amplitude c at the centre, per channel, in units of the [0, 1] pixel range."""
        return self.coefficient / np.sqrt(np.pi * np.exp(self.log_scale.sum(1, keepdims=True)))

    @property
    def strength(self) -> np.ndarray:
        """(N,) |e|: the root of the image energy of each Gaussian by itself."""
        return np.sqrt((self.coefficient**2).sum(1))

    @property
    def covariance(self) -> np.ndarray:
        """(N, 2, 2) pixels^2."""
        l1, l3 = np.exp(self.log_scale).T
        k = self.shear
        xy = k * l1 * l3
        return np.stack([np.stack([l1 * l1, xy], -1), np.stack([xy, (k * k + 1) * l3 * l3], -1)], -2)

    def value_at(self, x: float, y: float) -> np.ndarray:
        """(3,) float64: the sum at one position before clipping, pixels; takes time linear in N."""
        l1, l3 = np.exp(self.log_scale).T
        z1 = (x - self.mean[:, 0]) / l1
        z2 = (y - self.mean[:, 1]) / l3 - self.shear * z1
        q = z1 * z1 + z2 * z2
        near = q < SUPPORT
        weight = np.exp(-q[near].astype(np.float64) / 2) - np.exp(-SUPPORT / 2)
        return weight @ Gaussians(self.parameters[near]).colour

    def gradient_of_parameters(self, in_frame: np.ndarray) -> np.ndarray:
        """Converts a gradient from the whitened frame of each Gaussian.

        In that frame a Gaussian moves and changes in units of itself, mean + L (z1, z2) and L (I + [[a, 0], [b, c]]),
        so the first-order cost of an error does not depend on its shape: `a` and `c` are the log-scales, `b` the shear.

        Args:
            in_frame: (N, 8) dL/d(z1, z2, a, c, b, e), in this order.

        Returns:
            (N, 8) dL/dparameters.
        """
        l1, l3 = np.exp(self.log_scale).T
        k = self.shear
        z1, z2, a, c, b = in_frame[:, :5].T
        out = np.empty_like(in_frame)
        out[:, 0] = z1 / l1 - k * z2 / l1  # dL/dmean = L^-T dL/dz
        out[:, 1] = z2 / l3
        out[:, 2] = a - k * b  # a growth of l1 alone leaves k, which in the frame is a shear of -k
        out[:, 3] = c + k * b
        out[:, 4] = b
        out[:, 5:] = in_frame[:, 5:]
        return out

    def copy(self) -> Gaussians:
        """The same with memory of their own."""
        return Gaussians(self.parameters.copy())

    @staticmethod
    def empty(count: int = 0) -> Gaussians:
        """`count` Gaussians of unit size and zero amplitude at the origin."""
        return Gaussians(np.zeros((count, PARAMETERS), np.float32))

    @staticmethod
    def build(mean, covariance, colour) -> Gaussians:
        """Makes Gaussians from the attributes people think in; arrays of a device stay there.

        Args:
            mean: (N, 2) pixels.
            covariance: (N, 2, 2) pixels^2, positive definite.
            colour: (N, 3) amplitude at the centre.

        Raises:
            ValueError: a covariance is not positive definite.
        """
        # An array that is numpy's or a device's stays what it is, and numpy's functions are then those of its module.
        attributes = (a if hasattr(a, "astype") else np.asarray(a) for a in (mean, covariance, colour))
        mean, covariance, colour = (a.astype(np.float64) for a in attributes)
        l1 = np.sqrt(covariance[:, 0, 0])
        l3 = np.sqrt(covariance[:, 1, 1] - (covariance[:, 0, 1] / l1) ** 2)
        if not (np.all(l1 > 0) and np.all(l3 > 0)):
            raise ValueError("covariance is not positive definite")
        shear = covariance[:, 0, 1] / (l1 * l3)
        coefficient = colour * np.sqrt(np.pi * l1 * l3)[:, None]
        columns = [mean, np.log(l1)[:, None], np.log(l3)[:, None], shear[:, None], coefficient]
        return Gaussians(np.concatenate(columns, 1).astype(np.float32))

    @staticmethod
    def concatenate(*parts: Gaussians) -> Gaussians:
        """All of them, one population after the other."""
        return Gaussians(np.concatenate([part.parameters for part in parts]))

    def resized(self, scale_x: float, scale_y: float) -> Gaussians:
        """The same picture on a pixel grid `scale_x`, `scale_y` times as fine.

        When an axis shrinks, the Gaussians are widened by what the larger pixel averages over (a box of one pixel has
        variance 1/12; the image was sampled with the old pixel already), which keeps small ones from aliasing.

        Args:
            scale_x, scale_y: pixels of the new grid per pixel of this one; positive.
        """
        l1, l3 = np.exp(self.log_scale.astype(np.float64)).T
        k = self.shear.astype(np.float64)
        # The covariance on the new grid, and on the diagonal the blur of its pixel, which acts per axis.
        blur_x, blur_y = max(0.0, 1 - scale_x**2) / 12, max(0.0, 1 - scale_y**2) / 12
        xx = (scale_x * l1) ** 2 + blur_x
        xy = scale_x * scale_y * k * l1 * l3
        blurred_l1 = np.sqrt(xx)
        # yy - xy^2 / xx, of which a steep ellipse would leave nothing: what cancels is taken away before.
        blurred_l3 = np.sqrt((scale_y * l3) ** 2 * (1 + k * k * (blur_x / xx)) + blur_y)
        # Blurring keeps c * sqrt(det Sigma), the integral; e = c * sqrt(pi * sqrt(det Sigma)).
        area, blurred_area = scale_x * scale_y * l1 * l3, blurred_l1 * blurred_l3
        colour = self.colour * (area / blurred_area)[:, None]
        out = np.empty_like(self.parameters)
        for axis, scale in enumerate((scale_x, scale_y)):
            out[:, axis] = (self.parameters[:, axis] + 0.5).astype(np.float64) * scale - 0.5
        out[:, 2], out[:, 3] = np.log(blurred_l1), np.log(blurred_l3)
        out[:, SHEAR] = xy / (blurred_l1 * blurred_l3)
        out[:, COEFFICIENT] = colour * np.sqrt(np.pi * blurred_area)[:, None]
        return Gaussians(out)
