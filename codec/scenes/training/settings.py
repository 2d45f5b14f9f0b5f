"""What a person chooses of a training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingSettings:
    """The same settings and photos give the same scene, bit by bit.

    Args:
        gaussians: the number that is grown to, and kept.
        iterations: steps, one photo each.
        size: pixels of the longer side that photos are reduced to; smaller ones stay.
        degree: of the harmonics, 0 to 4.
        hold_out: one photo in so many, in the order of their names, is measured and not trained on; 0: none.
        seed: of all that is drawn by chance.
    """

    gaussians: int = 40_000
    iterations: int = 6_000
    size: int = 752
    degree: int = 3
    hold_out: int = 8
    seed: int = 0
