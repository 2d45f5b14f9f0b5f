"""Fewer Gaussians that look alike: those that matter least are merged into neighbours that stay.

Left out they would leave holes, as each of them hides a little of what lies behind; merged by moments (mass, mean and
covariance: Goldberger and Roweis, Hierarchical Clustering of a Mixture Model, 2004) their share stays. With a fifth to
a tenth of the Gaussians left of three scanned objects that is 5 to 11 dB better.
"""

from __future__ import annotations

import numpy as np

from daub.codec.scenes.rotations import quaternions, rotations
from daub.render.splats.splats import Splats

_NEAREST = 8  # Gaussians that stay, of which one is chosen by shape and colour
_COLOUR = 10.0  # squared standard deviations that a colour difference of 1 counts as
_LEAST_OPACITY, _MOST_OPACITY = 0.004, 0.995


def staying(energies: np.ndarray, distortion: float) -> np.ndarray:
    """(N,) bool, the Gaussians that are worth more than a distortion; at least one.

    Args:
        energies: (N, 3) as of `CpuView.energies`, means over the views.
        distortion: d; without a Gaussian the mean view may change by so much times the root of its weight.
    """
    stays = energies[:, 2] > distortion**2
    if not stays.any():
        stays[energies[:, 2].argmax()] = True
    return stays


def merged(splats: Splats, energies: np.ndarray, stays: np.ndarray, resolution: float) -> Splats:
    """The Gaussians that stay, each having taken in what lies nearest to it of the others.

    Args:
        energies: (N, 3) as of `CpuView.energies`, means over the views.
        stays: (N,) bool, at least one. Of the others, those that no view sees are left out.
        resolution: the smallest standard deviation that is told apart, in the lengths of the scene.
    """
    kept = np.flatnonzero(stays)
    going = np.flatnonzero(~stays & (energies[:, 0] > 0))
    if not len(going):
        return splats.take(kept)
    squares = np.exp(2 * splats.log_scales.astype(np.float64)) + resolution**2
    axes = rotations(splats.rotations)
    covariance = np.einsum("nik,nk,njk->nij", axes, squares, axes)
    solid = splats.opacity.astype(np.float64) * _area(squares)
    seen = energies[:, 0]
    # How much of a moment is whose: by how large it is and by how much of it is seen, which differ where one hides.
    weight = np.sqrt(solid * seen) + 1e-30
    target = _targets(splats, covariance, kept, going)
    rank = np.full(len(splats), -1)
    rank[kept] = np.arange(len(kept))
    into = rank[target]

    def mean(values: np.ndarray) -> np.ndarray:
        share = weight.reshape(-1, *[1] * (values.ndim - 1))
        total = (share * values)[kept]
        np.add.at(total, into, (share * values)[going])
        return total / sums.reshape(-1, *[1] * (values.ndim - 1))

    sums = weight[kept].copy()
    np.add.at(sums, into, weight[going])
    means = mean(splats.means.astype(np.float64))
    apart = splats.means.astype(np.float64)
    apart[kept] -= means
    apart[going] -= means[into]
    shape = mean(covariance + apart[:, :, None] * apart[:, None, :])
    # A Gaussian that others hide adds to what it is merged into only as much as is seen of it.
    visible = seen / np.maximum(solid, 1e-30)
    mass = solid[kept].copy()
    np.add.at(mass, into, solid[going] * np.minimum(1, visible[going] / np.maximum(visible[target], 1e-30)))
    values, axes = np.linalg.eigh(shape)
    axes[:, :, 0] *= np.linalg.det(axes)[:, None]
    opacity = np.clip(mass / _area(values), _LEAST_OPACITY, _MOST_OPACITY)
    values = np.maximum(values - resolution**2, (resolution / 16) ** 2)
    changed = np.zeros(len(kept), bool)
    changed[into] = True
    out = splats.take(kept)
    dtype = splats.means.dtype

    def where(new: np.ndarray, old: np.ndarray) -> np.ndarray:
        return np.where(changed.reshape(-1, *[1] * (old.ndim - 1)), new, old).astype(dtype)

    return Splats(
        where(means, out.means),
        where(0.5 * np.log(values), out.log_scales),
        where(quaternions(axes), out.rotations),
        where(np.log(opacity / (1 - opacity)), out.logits),
        where(mean(splats.dc.astype(np.float64)), out.dc),
        where(mean(splats.sh.astype(np.float64)), out.sh),
        splats.antialiased,
    )


def _area(squares: np.ndarray) -> np.ndarray:
    """(N,) what a Gaussian covers, seen along its shortest axis, of the squares of its three lengths."""
    ordered = np.sort(squares, axis=1)
    return np.sqrt(ordered[:, 1] * ordered[:, 2])


def _targets(splats: Splats, covariance: np.ndarray, kept: np.ndarray, going: np.ndarray) -> np.ndarray:
    """(len(going),) indices of those that stay which each one is merged into."""
    from scipy.spatial import cKDTree

    nearest = min(_NEAREST, len(kept))
    _, found = cKDTree(splats.means[kept]).query(splats.means[going], k=nearest)
    candidates = kept[np.reshape(found, (len(going), nearest))]
    apart = splats.means[candidates].astype(np.float64) - splats.means[going][:, None]
    spread = covariance[candidates] + covariance[going][:, None]
    steps = np.einsum("nki,nki->nk", apart, np.linalg.solve(spread, apart[..., None])[..., 0])
    colours = splats.colour.astype(np.float64)
    steps += _COLOUR * ((colours[candidates] - colours[going][:, None]) ** 2).sum(axis=2)
    return candidates[np.arange(len(going)), steps.argmin(axis=1)]
