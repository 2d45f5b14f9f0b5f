"""Duplicate, delete, and paste from one picture into another."""

from __future__ import annotations

import numpy as np

from daub.codec.editing.drawing import chosen
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import Gaussians


def deleted(gaussians: Gaussians, selected: np.ndarray) -> Gaussians:
    """Without those selected (N,) bool."""
    return chosen(gaussians, ~selected)


def pasted(
    gaussians: Gaussians, others: Gaussians, place: Affine | None = None, strength: float = 1.0
) -> tuple[Gaussians, np.ndarray]:
    """Gaussians with others behind them, from this picture or another: a thing cut there is placed here.

    They add to what is there, as all Gaussians do: on a light ground a thing looks right where the ground is taken away
    under it first (`filling`), or where it was cut out together with a ground like this one.

    Args:
        place: where they go; None: where they were.
        strength: factor on what they add.

    Returns:
        Also (N,) bool, which are the new ones.
    """
    others = others if place is None else place.of(others)
    parameters = others.parameters.copy()
    parameters[:, 5:] *= np.float32(strength)
    after = Gaussians.concatenate(gaussians, Gaussians(parameters))
    new = np.zeros(len(after), bool)
    new[len(gaussians) :] = True
    return after, new


def duplicated(
    gaussians: Gaussians, selected: np.ndarray, dx: float = 0.0, dy: float = 0.0
) -> tuple[Gaussians, np.ndarray]:
    """Those selected once more, moved by so many pixels; returns as `pasted`."""
    return pasted(gaussians, chosen(gaussians, selected), Affine.translation(dx, dy))
