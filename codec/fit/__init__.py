"""Pixels become Gaussians: the loop, and the policies it asks."""

from daub.codec.fit.loop import (
    FitProgress,
    FitSettings,
    fit,
)

__all__ = [
    "FitProgress",
    "FitSettings",
    "fit",
]
