"""What is edited: Gaussians, and the canvas that they are seen on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.container import Document


@dataclass(frozen=True, eq=False)
class Drawing:
    """A picture as Gaussians.

    Args:
        gaussians: (N, 8), in the host's memory.
        width, height: of the canvas, pixels.
    """

    gaussians: Gaussians
    width: int
    height: int

    @classmethod
    def of(cls, document: Document) -> Drawing:
        """What a file holds."""
        return cls(document.gaussians, document.width, document.height)

    def __len__(self) -> int:
        """How many Gaussians there are."""
        return len(self.gaussians)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the canvas, pixels."""
        return self.width, self.height

    def rendered(self, rasteriser: Rasteriser) -> np.ndarray:
        """(H, W, 3) float32: the sum of all Gaussians, before clipping."""
        return rasteriser.forward(self.gaussians, self.width, self.height)


def replaced(gaussians: Gaussians, selected: np.ndarray, by: Gaussians) -> Gaussians:
    """The same with others in the places of those selected, in their order.

    Args:
        selected: (N,) bool.
        by: as many as are selected.
    """
    parameters = gaussians.parameters.copy()
    parameters[selected] = by.parameters
    return Gaussians(parameters)


def inherited(values: np.ndarray, origin: np.ndarray, newborn: object) -> np.ndarray:
    """(M, ...): what each has of the one before that it is.

    >>> inherited(np.array([4, 5, 7]), np.array([0, 2, -1]), newborn=-1).tolist()
    [4, 7, -1]

    Args:
        values: (N, ...) of those before.
        origin: (M,) which one of them each is, -1 for newborn ones.
        newborn: what these have.
    """
    found = np.full((len(origin), *values.shape[1:]), newborn, values.dtype)
    old = origin >= 0
    found[old] = values[origin[old]]
    return found


def chosen(gaussians: Gaussians, selected: np.ndarray) -> Gaussians:
    """Those selected, with memory of their own. Args: selected: (N,) bool."""
    return Gaussians(gaussians.parameters[selected])
