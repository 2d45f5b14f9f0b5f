"""Groups of Gaussians as layers: a name, an eye, a lock, a strength.

Every Gaussian is in one group at most; what is in none is always shown and never locked. Which Gaussian is in which
group is an array of their numbers, so that it follows whatever happens to the population as any other column does.

    >>> groups = (Group("sky"), Group("hat", locked=True, strength=0.5))
    >>> of = np.array([0, NO_GROUP, 1], np.int32)
    >>> editable(groups, of).tolist()
    [True, True, False]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.render.gaussians import COEFFICIENT, Gaussians

NO_GROUP = -1


@dataclass(frozen=True)
class Group:
    """A layer.

    Args:
        visible: whether it is rendered.
        locked: whether gestures pass it over.
        strength: factor on what its Gaussians add.
    """

    name: str
    visible: bool = True
    locked: bool = False
    strength: float = 1.0


def editable(groups: Sequence[Group], of: np.ndarray) -> np.ndarray:
    """(N,) bool: which Gaussians a gesture may select: none that is hidden or locked.

    Args:
        of: (N,) int32, the number of the group of each, NO_GROUP where it is in none.
    """
    return _by_group([group.visible and not group.locked for group in groups], of, True)


def shown(gaussians: Gaussians, groups: Sequence[Group], of: np.ndarray) -> Gaussians:
    """What is rendered, (N, 8): in their places, those of hidden groups adding nothing, others by their strength."""
    factor = _by_group([group.strength if group.visible else 0.0 for group in groups], of, np.float32(1))
    if (factor == 1).all():
        return gaussians
    parameters = gaussians.parameters.copy()
    parameters[:, COEFFICIENT] *= factor[:, None]
    return Gaussians(parameters)


def _by_group(values: list, of: np.ndarray, otherwise) -> np.ndarray:
    table = np.array([*values, otherwise], np.asarray(otherwise).dtype)  # NO_GROUP takes the last one
    return table[of]


def without_group(groups: Sequence[Group], of: np.ndarray, number: int) -> tuple[tuple[Group, ...], np.ndarray]:
    """The groups without one of them, whose Gaussians are in none then; returns their numbers (N,), too."""
    after = np.where(of == number, NO_GROUP, np.where(of > number, of - 1, of)).astype(of.dtype)
    return tuple(group for i, group in enumerate(groups) if i != number), after
