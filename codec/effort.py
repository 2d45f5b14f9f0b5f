"""Effort 0..9: how much time an encode takes to find a smaller file of equal quality (MEASUREMENTS.md has figures)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Where the time of an encode goes.

    Args:
        steps: of the fit.
        geometry_batches, steps_per_batch, coefficient_batches: of the rounding; see rounding/harden.py.
        sweeps: over all Gaussians, each of which chooses its integers by distortion and bits; see rounding/refine.py.
    """

    steps: int
    geometry_batches: int
    steps_per_batch: int
    coefficient_batches: int
    sweeps: int


EFFORTS = (
    Effort(20, 1, 0, 1, 1),
    Effort(50, 2, 6, 1, 1),
    Effort(90, 4, 8, 1, 2),
    Effort(150, 8, 4, 1, 3),
    Effort(220, 10, 4, 1, 3),
    Effort(300, 12, 4, 1, 4),
    Effort(500, 12, 4, 1, 6),
    Effort(800, 12, 4, 1, 8),
    Effort(1500, 12, 24, 1, 10),
    Effort(3000, 16, 24, 1, 12),
)
DEFAULT_EFFORT = 5
