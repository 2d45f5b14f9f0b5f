"""Pixels become Gaussians: the loop, and the policies it asks.

- `fit` is the loop of the native fit, a generator of `FitProgress` records; profiles/first_order.py has the loop of
  published methods, which asks the same policies.
- `INITIALISERS`: where the first Gaussians stand. `DENSIFIERS`: when others come, and where. `FILTERS`: how wide they
  are at least. `LOSSES`: what is made small. `OPTIMISERS` and `SCHEDULES`: which step is taken.
"""

from daub.codec.fit.checkpoint import Checkpoint
from daub.codec.fit.densifiers import DENSIFIERS
from daub.codec.fit.filters import FILTERS
from daub.codec.fit.initialisers import INITIALISERS
from daub.codec.fit.loop import FitProgress, FitSettings, fit, unweighted
from daub.codec.fit.losses import LOSSES
from daub.codec.fit.optimisers import OPTIMISERS, SCHEDULES

__all__ = [
    "DENSIFIERS",
    "FILTERS",
    "INITIALISERS",
    "LOSSES",
    "OPTIMISERS",
    "SCHEDULES",
    "Checkpoint",
    "FitProgress",
    "FitSettings",
    "fit",
    "unweighted",
]
