"""The `Splats` type, a scene of 3D Gaussians, and every convention of the scene, stated once.

World: the axes of the file that the scene was trained to, which for INRIA and COLMAP scenes are x right, y down,
z forward; files that say other axes (SPZ, glTF) are turned to these when they are read. Lengths are the scene's own.

Shape: Sigma = R diag(exp(2 s)) R^T, with s the natural logarithms of the standard deviations along the Gaussian's own
axes, and R the rotation of the quaternion (w, x, y, z), which is normalised before it is used.

Opacity: sigmoid(logit), the alpha at the centre.

Colour: seen along the unit vector d from the camera's centre to the mean, in world axes,

    colour = max(0, 0.5 + C0 dc + sum_k Y_k(d) sh_k),    C0 = 1 / (2 sqrt(pi))

with Y_k the real spherical harmonics of degrees 1 to 4 in the order m = -l..l with the signs of Condon and Shortley, as
in Kerbl et al., 3D Gaussian Splatting for Real-Time Radiance Field Rendering, 2023. Colours are display-referred sRGB.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

C0 = 0.28209479177387814  # the harmonic of degree 0
HARMONICS = (0, 3, 8, 15, 24)  # those above degree 0, of a scene of degree 0 to 4


@dataclass(frozen=True, eq=False)
class Splats:
    """N Gaussians of a scene, as they are stored: before sigmoid and exponential.

    >>> scene = Splats.build(means=[[0, 0, 1]], scales=[[0.1, 0.1, 0.1]], opacity=[0.5], colour=[[1, 0.5, 0]])
    >>> len(scene), scene.degree, scene.logits.tolist(), scene.colour.round(3).tolist()
    (1, 0, [0.0], [[1.0, 0.5, 0.0]])

    Args:
        means: (N, 3) float32 (float64 in the reference, as are the others): centres, in the scene's lengths.
        log_scales: (N, 3): natural logarithms of the standard deviations; -inf is a flat Gaussian.
        rotations: (N, 4): quaternions w, x, y, z, of any length but zero.
        logits: (N,): opacities before the sigmoid; +inf is an opaque Gaussian.
        dc: (N, 3): coefficients of degree 0, for red, green, blue.
        sh: (N, K, 3): those above it, K = 0, 3, 8, 15 or 24.
        antialiased: it was trained with the compensation of Mip-Splatting (Yu et al. 2024, section 4.2): the opacity
            falls as the filter of the screen widens the Gaussian.

    Raises:
        ValueError: shapes that do not fit each other.
    """

    means: np.ndarray
    log_scales: np.ndarray
    rotations: np.ndarray
    logits: np.ndarray
    dc: np.ndarray
    sh: np.ndarray
    antialiased: bool = False

    def __post_init__(self):
        n = len(self.means)
        wanted = {"means": (n, 3), "log_scales": (n, 3), "rotations": (n, 4), "logits": (n,), "dc": (n, 3)}
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{n} splats need {name} of shape {shape}, not {getattr(self, name).shape}")
        if self.sh.ndim != 3 or self.sh.shape[::2] != (n, 3) or self.sh.shape[1] not in HARMONICS:
            raise ValueError(f"{n} splats need sh of shape ({n}, {HARMONICS}, 3), not {self.sh.shape}")

    def __len__(self) -> int:
        return len(self.means)

    @staticmethod
    def build(means, scales, opacity, colour, rotations=None) -> Splats:
        """Scenes of one colour for every direction, in float32.

        Args:
            means: (N, 3).
            scales: (N, 3) standard deviations.
            opacity: (N,) between 0 and 1, both excluded.
            colour: (N, 3) sRGB-encoded, in [0, 1].
            rotations: (N, 4) quaternions w, x, y, z; not given, the axes of the world.
        """
        means, scales, opacity, colour = (np.asarray(a, np.float32) for a in (means, scales, opacity, colour))
        if rotations is None:
            rotations = np.tile(np.float32([1, 0, 0, 0]), (len(means), 1))
        return Splats(
            means, np.log(scales), np.asarray(rotations, np.float32), np.log(opacity / (1 - opacity)),
            (colour - np.float32(0.5)) / np.float32(C0), np.empty((len(means), 0, 3), np.float32),
        )  # fmt: skip

    @property
    def degree(self) -> int:
        """Of the spherical harmonics, 0 to 4."""
        return HARMONICS.index(self.sh.shape[1])

    @property
    def opacity(self) -> np.ndarray:
        """(N,) alpha at the centre, in [0, 1]."""
        with np.errstate(over="ignore"):  # exp(-logit) is infinite where nothing is left of it
            return 1 / (1 + np.exp(-self.logits))

    @property
    def colour(self) -> np.ndarray:
        """(N, 3) what is the same from everywhere, sRGB-encoded; outside [0, 1] where harmonics bring it back."""
        return self.dc.dtype.type(0.5) + self.dc.dtype.type(C0) * self.dc

    def take(self, which) -> Splats:
        """Those at these indices, or of this mask, in this order."""
        arrays = (self.means, self.log_scales, self.rotations, self.logits, self.dc, self.sh)
        return Splats(*(array[which] for array in arrays), self.antialiased)
