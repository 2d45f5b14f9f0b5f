"""A fit as it stands after a step, in the host's memory: what is needed to go on from there, now or later.

    for record in fit(target, settings, rasteriser):
        if record.event is Event.GROWN:
            kept.append(record.checkpoint())
    longer = fit(target, replace(settings, steps=400), rasteriser, start=kept[-1])

What a fit that goes on has in common with one that never ended is said in codec/DESIGN.md, "Going on".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.render.descent import Descent
from daub.render.gaussians import Gaussians


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A population after `step` steps; what its optimiser remembers is for the subclass of its loop to say.

    Args:
        step: that were taken, 0 or more.
        goal: Gaussians that the fit was to have in the end.
        gaussians: as they are rendered.
        rng: where the random draws of the fit have come to.
        born: (N,) int32, step before which each was put where it is or near it.
    """

    step: int
    goal: int
    gaussians: Gaussians
    rng: np.random.Generator
    born: np.ndarray

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        return self.gaussians.parameters.nbytes + self.born.nbytes


@dataclass(frozen=True, eq=False)
class DescentCheckpoint(Checkpoint):
    """Of the native loop.

    Args:
        descent: Gaussians, momentum and the best so far.
        best_born: (N,) int32, as `born`, of the best so far.
        looked_at: what the last step started from: births of the next step go by its error. None where none are due, or
            where a device took several steps at once; then they go by that of the newest Gaussians.
        weights: digest of those of the pixels at that step, empty where all were alike.
        side: of the cells of the reduced image that `descent` and `looked_at` are of, see `sizes.Reduced`.
    """

    descent: Descent
    best_born: np.ndarray
    looked_at: Gaussians | None = None
    weights: bytes = b""
    side: int = 1

    @property
    def nbytes(self) -> int:
        descent = self.descent
        arrays = [
            self.born,
            self.best_born,
            descent.momentum,
            descent.frozen,
            descent.gaussians.parameters,
            descent.best.parameters,
        ]
        if self.looked_at is not None:
            arrays.append(self.looked_at.parameters)
        return sum(array.nbytes for array in arrays)


def strongest(gaussians: Gaussians, count: int) -> np.ndarray:
    """(count,) indices, rising, of the Gaussians of largest |e|: what stays where a fit is to go on with fewer."""
    order = np.argsort(-gaussians.strength, kind="stable")
    return np.sort(order[:count])
