"""A scene placed elsewhere: turned, mirrored, scaled and stretched by a matrix, as the nodes of a file say.

What is seen along a direction turns with the scene, so that its harmonics do: of each degree by a matrix, which follows
from the harmonics along some directions and along the same ones turned back (the harmonics of a degree are a space of
their own under rotation).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from daub.codec.scenes.rotations import quaternions, rotations
from daub.render.splats.splats import Splats

_ALIKE = 1e-5  # by how much the three scales of a matrix may differ, as a share, that turns and scales alone
_DIRECTIONS = 64  # from which the matrices of harmonics follow: far more than the 9 of degree 4 need


def stretches(matrix: np.ndarray) -> bool:
    """(3, 3) is more than a rotation, a mirror and one scale for all directions."""
    scales = np.linalg.svd(matrix, compute_uv=False)
    return bool(scales[0] - scales[-1] > _ALIKE * scales[0])


def placed(splats: Splats, matrix: np.ndarray, offset: np.ndarray) -> Splats:
    """The scene with every point p at matrix p + offset.

    >>> ball = Splats.build([[1, 0, 0]], [[0.1, 0.2, 0.3]], [0.5], [[1, 0, 0]])
    >>> moved = placed(ball, np.diag([2, 2, 2]), np.array([0, 0, 5]))
    >>> moved.means.tolist(), np.exp(moved.log_scales).round(4).tolist()
    ([[2.0, 0.0, 5.0]], [[0.20000000298023224, 0.4000000059604645, 0.6000000238418579]])

    Args:
        matrix: (3, 3) float64, any at all. Of one that stretches, harmonics follow the nearest that does not.
        offset: (3,) float64.
    """
    turn, scales = _nearest_rigid(matrix)
    with np.errstate(divide="ignore", invalid="ignore"):  # what is no number stays none
        means = splats.means.astype(np.float64) @ matrix.T + offset
        if stretches(matrix):
            log_scales, turns = _stretched(splats, matrix)
        else:
            log_scales = splats.log_scales + np.log(scales.mean())
            turns = _times(_proper(turn), splats.rotations)
    return replace(
        splats, means=means.astype(np.float32), log_scales=log_scales.astype(np.float32),
        rotations=turns.astype(np.float32), sh=turned_harmonics(splats.sh, turn),
    )  # fmt: skip


def turned_harmonics(sh: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Coefficients of what is seen, once it is turned: along turn d as before along d.

    Args:
        sh: (N, K, 3), as of `Splats`.
        turn: (3, 3) rotation, or one with a mirror.
    """
    if np.array_equal(turn, np.eye(3)) or not sh.shape[1]:
        return sh
    seen = np.random.default_rng(0).normal(size=(_DIRECTIONS, 3))
    seen /= np.linalg.norm(seen, axis=1, keepdims=True)
    found, start, degree = np.empty_like(sh), 0, 1
    while start < sh.shape[1]:
        after, before = _harmonics(seen, degree), _harmonics(seen @ turn, degree)
        matrix = np.linalg.lstsq(after, before, rcond=None)[0]
        end = start + 2 * degree + 1
        found[:, start:end] = np.einsum("kj,njc->nkc", matrix.astype(np.float32), sh[:, start:end])
        start, degree = end, degree + 1
    return found


def _nearest_rigid(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(3, 3) the rotation, or one with a mirror, that is nearest to a matrix, and the (3,) scales that it lacks."""
    left, scales, right = np.linalg.svd(matrix)
    return left @ right, scales


def _proper(turn: np.ndarray) -> np.ndarray:
    """(3, 3) a rotation that takes Gaussians, which are the same on both sides, where the turn takes them."""
    return turn * np.sign(np.linalg.det(turn))


def _times(turn: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N, 4) quaternions after a rotation (3, 3), of the length they had."""
    w, x, y, z = quaternions(turn[None])[0]
    product = np.array([[w, -x, -y, -z], [x, w, -z, y], [y, z, w, -x], [z, -y, x, w]])
    return others @ product.T


def _stretched(splats: Splats, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of scales and quaternions of the covariances M Sigma M^T, whose roots are M R diag(exp(s))."""
    log_scales, turns = splats.log_scales.astype(np.float64), splats.rotations.astype(np.float64)
    roots = matrix @ rotations(turns) * np.exp(log_scales)[:, None, :]
    good = np.isfinite(roots).all((1, 2))
    axes, scales, _ = np.linalg.svd(roots[good])
    axes *= np.sign(np.linalg.det(axes))[:, None, None]
    log_scales[good], turns[good] = np.log(scales), quaternions(axes)
    return log_scales, turns


def _harmonics(directions: np.ndarray, degree: int) -> np.ndarray:
    """(N, 2 degree + 1) real spherical harmonics along unit vectors (N, 3), with the signs that `Splats` states.

    By their definition, of associated Legendre polynomials; sin^m(theta) cos(m phi) and sin^m(theta) sin(m phi) are the
    real and the imaginary part of (x + iy)^m.
    """
    x, y, z = directions.T
    legendre = np.polynomial.legendre.Legendre.basis(degree)
    found = np.empty((len(directions), 2 * degree + 1))
    for m in range(degree + 1):
        ratio = math.factorial(degree - m) / math.factorial(degree + m)
        norm = math.sqrt((2 * degree + 1) / (4 * math.pi) * ratio * (2 if m else 1))
        along = (-1) ** m * norm * (legendre.deriv(m) if m else legendre)(z)
        around = (x + 1j * y) ** m
        found[:, degree + m], found[:, degree - m] = along * around.real, along * (around.imag if m else 1)
    return found
