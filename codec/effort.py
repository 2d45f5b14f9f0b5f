"""Effort 0..9: how much time an encode takes to find a smaller file of equal quality (MEASUREMENTS.md has figures)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    steps: int  # of the fit
    geometry_parts: int  # of the rounding, see harden.py
    steps_per_part: int
    coefficient_parts: int
    sweeps: int  # of the choice by distortion and bits, see refine.py


EFFORTS = (
    Effort(20, 1, 0, 1, 1),
    Effort(50, 2, 6, 2, 1),
    Effort(90, 4, 8, 4, 2),
    Effort(150, 4, 12, 4, 3),
    Effort(220, 8, 8, 8, 3),
    Effort(300, 8, 12, 8, 4),
    Effort(500, 8, 16, 8, 6),
    Effort(800, 8, 24, 8, 8),
    Effort(1500, 12, 24, 12, 10),
    Effort(3000, 16, 24, 16, 12),
)
DEFAULT_EFFORT = 5
