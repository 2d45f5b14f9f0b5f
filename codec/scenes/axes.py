"""Scenes turned from the axes of their file to those of the house, x right, y down, z forward, and back.

Axes differ by which way they point, so that turning is a change of signs: exact, and its own inverse.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from daub.render.splats.splats import Splats

Y_UP = (1, -1, -1)  # x right, y up, z backward, of OpenGL, glTF and SPZ, against ours


def harmonic_signs(signs: tuple[int, int, int], degree: int) -> np.ndarray:
    """(K,) the factors of the coefficients above degree 0, in the order m = -l..l.

    Y_lm(x, y, z) is z^(l + |m|) times a polynomial in z^2, times the real part of (x + iy)^m, or the imaginary part
    of (x + iy)^|m| where m < 0: so it is even or odd in each axis.
    """
    x, y, z = signs
    return np.array(
        [
            x ** (abs(m) + (m < 0)) * y ** (m < 0) * z ** (degree_of + abs(m))
            for degree_of in range(1, degree + 1)
            for m in range(-degree_of, degree_of + 1)
        ],
        np.float32,
    )


def reflected(splats: Splats, signs: tuple[int, int, int]) -> Splats:
    """The scene with each axis kept or negated.

    Args:
        signs: 1 or -1 for x, y, z. Where their product is -1, it is the scene in a mirror.
    """
    if signs == (1, 1, 1):
        return splats
    x, y, z = signs
    with np.errstate(invalid="ignore"):  # what is no number stays none
        return replace(
            splats,
            means=splats.means * np.float32(signs),
            # F R F for F = diag(signs); a Gaussian does not change where its own axes are negated.
            rotations=splats.rotations * np.float32([1, y * z, x * z, x * y]),
            sh=splats.sh * harmonic_signs(signs, splats.degree)[:, None],
        )
