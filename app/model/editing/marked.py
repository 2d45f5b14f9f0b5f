"""What is drawn of a selection over the picture: the outlines and centres of those that are selected, in one colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from daub.app.model.editing.population import Population
from daub.render.gaussians import Gaussians

COLOUR = (255, 176, 32)  # amber: told apart from any overlay's blue
OUTLINED = 500  # selected Gaussians at most whose ellipses are drawn; of more, the centres alone are told apart


@dataclass(frozen=True, eq=False)
class Marked:
    """They, as a `Reading` has them.

    Args:
        drawn: (K, 8), the largest first.
        shares: (K,) float32, all 0.
        colours: (256, 3) uint8, all the same.
    """

    drawn: Gaussians
    shares: np.ndarray
    colours: np.ndarray

    @property
    def is_outlined(self) -> bool:
        """Few enough for ellipses."""
        return len(self.drawn) <= OUTLINED


@lru_cache(maxsize=2)
def marked_of(population: Population | None) -> Marked | None:
    """Those that are selected; None where none is. The same object for the same population."""
    if population is None or not population.count:
        return None
    some = population.gaussians.parameters[population.selected]
    drawn = Gaussians(some[np.argsort(-some[:, 2:4].sum(1), kind="stable")])
    return Marked(drawn, np.zeros(len(drawn), np.float32), np.tile(np.array(COLOUR, np.uint8), (256, 1)))
