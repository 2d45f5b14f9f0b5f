"""How the Gaussians of a training come to be where they are needed, their number given.

3D Gaussian Splatting as Markov Chain Monte Carlo (Kheradmand et al. 2024, section 3):

- dead ones, of an opacity below 0.005, move to living ones, chosen by their opacity; and new ones are born there;
- those that then share a place look together as the one did before (equation 9);
- a faint one is shaken, in the shape of its own covariance, so that it may find a better place (equation 8);
- opacities and sizes cost something, so that those die that are of no use (equation 10).

The paper's numbers are for scenes whose cameras extend over some five units: here lengths are measured in a fifth of
the extent, so that a scene of any scale is trained alike.
"""

from __future__ import annotations

from math import comb

import numpy as np

from daub.codec.scenes.adam import Adam
from daub.codec.scenes.rotations import rotations

DEAD = 0.005  # opacity
_MOST_TOGETHER = 51  # that equation 9 is worked out for
_SHAKING = 5e5  # of the position's rate
_STEEPNESS, _FAINT = 100.0, 0.005  # of the gate that lets only the faint ones be shaken
_SHAKEN = 0.15  # opacity above which nobody notices it
_OPACITY_COST, _SIZE_COST = 0.01, 0.01  # of the mean opacity, and of the mean standard deviation
_UNITS = 5.0  # of the extent


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def costs(values: dict[str, np.ndarray], extent: float) -> tuple[np.ndarray, np.ndarray]:
    """Gradients by logits (N,) and by log-scales (N, 3) of what opacities and sizes cost."""
    opacity = sigmoid(values["logits"])
    n = len(opacity)
    by_logits = np.float32(_OPACITY_COST / n) * opacity * (1 - opacity)
    return by_logits, np.float32(_SIZE_COST / (3 * n) * _UNITS / extent) * np.exp(values["log_scales"])


def shake(values: dict[str, np.ndarray], rate: float, extent: float, rng: np.random.Generator) -> None:
    """Moves faint Gaussians by chance, along each of their axes by about a standard deviation at the most: equation 8
    goes with its square, and would throw large ones out of the scene.

    Args:
        rate: of the positions in this step.
    """
    opacity = sigmoid(values["logits"])
    which = np.flatnonzero(opacity < _SHAKEN)
    gate = 1 / (1 + np.exp(_STEEPNESS * (opacity[which] - _FAINT)))
    moved = rng.standard_normal((len(which), 3), np.float32)
    turn = rotations(values["rotations"][which]).astype(np.float32)
    size = np.exp(values["log_scales"][which])
    strength = np.float32(_SHAKING * rate * (_UNITS / extent) ** 2) * gate[:, None] * np.square(size)
    moved = _turned(turn, np.minimum(strength, size) * _turned(turn.transpose(0, 2, 1), moved))
    values["means"][which] += moved


def change(adam: Adam, count: int, rng: np.random.Generator) -> int:
    """Moves the dead ones, and lets others be born.

    Args:
        count: of Gaussians afterwards, no fewer than there are.

    Returns:
        How many dead ones have moved.
    """
    logits = adam.values["logits"]
    opacity = sigmoid(logits.astype(np.float64))
    alive = opacity > DEAD
    if not alive.any():
        return 0
    dead = np.flatnonzero(~alive)
    n = len(logits)
    chance = np.cumsum(np.where(alive, opacity, 0))
    drawn = rng.random(len(dead) + count - n) * chance[-1]
    parents = np.minimum(np.searchsorted(chance, drawn, side="right"), np.flatnonzero(alive)[-1])
    rows = np.concatenate([np.arange(n), np.empty(count - n, np.int64)])
    rows[dead], rows[n:] = parents[: len(dead)], parents[len(dead) :]
    together = np.bincount(rows, minlength=n)  # what each living one becomes
    shared = together[rows] > 1
    for values, fresh in ((adam.values, None), (adam.means, 0), (adam.squares, 0)):
        for name in values:
            values[name] = values[name][rows]
            if fresh is not None:
                values[name][shared] = fresh
    among = np.minimum(together[rows[shared]], _MOST_TOGETHER)
    faded, shrunk = shares(opacity[rows[shared]], among)
    faded = faded.clip(DEAD, 1 - 1e-6)
    adam.values["logits"][shared] = np.log(faded / (1 - faded))
    adam.values["log_scales"][shared] += np.log(shrunk)[:, None].astype(np.float32)
    return len(dead)


def shares(opacity: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What n Gaussians in one place must be like to look as one of them did (equation 9).

    Args:
        opacity: (M,) of the one.
        among: (M,) n, 1 to 51.

    Returns:
        (M,) their opacity, and (M,) what their standard deviations are multiplied by.
    """
    each = 1 - (1 - opacity) ** (1 / among)
    total = np.zeros(len(opacity))
    for i in range(1, int(among.max(initial=0)) + 1):
        term = sum(comb(i - 1, k) * (-1) ** k / np.sqrt(k + 1) * each ** (k + 1) for k in range(i))
        total += np.where(i <= among, term, 0)
    return each, opacity / total


def _turned(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """(N, 3): sums in a fixed order, unlike those of a BLAS with several threads."""
    return np.einsum("nij,nj->ni", matrices, vectors)
