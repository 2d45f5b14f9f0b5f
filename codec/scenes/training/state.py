"""All that a step of a training changes: with it a training goes on as if it had never stopped."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from daub.codec.scenes.adam import Adam
from daub.render.splats.splats import HARMONICS, Splats

KEPT = 0.9, 0.999  # of Adam's moments


@dataclass(eq=False)
class TrainingState:
    """
    Args:
        adam: the Gaussians, by the names of `Splats`, and their moments.
        rng: what chance there is comes from here.
        step: of so many that are done.
        waiting: photos by number that this round has yet to see.
        seconds: of work so far.
    """

    adam: Adam
    rng: np.random.Generator
    step: int = 0
    waiting: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @staticmethod
    def of(values: dict[str, np.ndarray], rng: np.random.Generator) -> TrainingState:
        """Before the first step."""
        return TrainingState(Adam(values, *KEPT), rng)

    def __len__(self) -> int:
        return len(self.adam.values["means"])

    def splats(self, copied: bool = True) -> Splats:
        """The scene as it is now.

        Args:
            copied: later steps do not change it.
        """
        return Splats(**{name: value.copy() if copied else value for name, value in self.adam.values.items()})

    def raise_degree(self, degree: int) -> None:
        """Harmonics up to a degree, new ones of zero."""
        missing = HARMONICS[degree] - self.adam.values["sh"].shape[1]
        if missing > 0:
            for arrays in (self.adam.values, self.adam.means, self.adam.squares):
                arrays["sh"] = np.pad(arrays["sh"], ((0, 0), (0, missing), (0, 0)))
