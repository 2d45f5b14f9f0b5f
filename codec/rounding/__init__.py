"""Gaussians become integers, after the fit or in its loop.

- After the fit, as Daub's own files need it: `harden.harden` rounds in batches and lets what is still free make up for
  it, and `refine.refine` then chooses neighbouring integers by distortion and bits.
- In its loop, as published methods do: `QUANTISERS` by name; trained.py and residual_vector.py have the quantisers of
  columns that they are made of.

The functions `harden` and `refine` are not handed on from here, as they would hide the modules they are called like.
"""

from daub.codec.rounding.by_groups import QUANTISERS
from daub.codec.rounding.harden import HardenSettings
from daub.codec.rounding.refine import RefineSettings

__all__ = ["QUANTISERS", "HardenSettings", "RefineSettings"]
