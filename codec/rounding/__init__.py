"""Gaussians become integers, after the fit or in its loop.

- After the fit, as Daub's own files need it: `harden.harden` rounds in batches and lets what is still free make up for
  it, and `refine.refine` then chooses neighbouring integers by distortion and bits.
- In its loop, as published methods do: `QUANTISERS` by name; trained.py and residual_vector.py have the quantisers of
  columns that they are made of.

`harden` and `refine` are not handed on from here: reading a file needs the quantisers of its method, but none of what
those two load.
"""

from daub.codec.rounding.by_groups import QUANTISERS, ByGroups, Native

__all__ = ["QUANTISERS", "ByGroups", "Native"]
