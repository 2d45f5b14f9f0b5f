"""Colour maps for figures that are drawn over a picture, as matplotlib has them.

- `SEQUENTIAL` for what goes from little to much: cividis, which people with any of the usual colour deficiencies see as
  others do (Nuñez, Anderton and Renslow, PLOS ONE 2018, "Optimizing colormaps with consideration for color vision
  deficiency").
- `DIVERGING` for what goes both ways from a middle: PuOr of ColorBrewer (Harrower and Brewer 2003), whose purple and
  orange stay apart for the colour-blind, turned so that orange is what is above the middle.

The first call of `table` imports matplotlib, which takes a quarter of a second: make it beside the window.
"""

from __future__ import annotations

import functools

import numpy as np

SEQUENTIAL = "cividis"
DIVERGING = "PuOr_r"
ENTRIES = 256  # of a table


@functools.cache
def table(name: str) -> np.ndarray:
    """(ENTRIES, 3) uint8 sRGB, from the least value to the greatest.

    >>> table(SEQUENTIAL)[[0, -1]].tolist()
    [[0, 34, 77], [253, 231, 55]]

    Raises:
        KeyError: matplotlib has no such map.
    """
    from matplotlib import colormaps

    colours = colormaps[name](np.linspace(0, 1, ENTRIES), bytes=True)[:, :3]
    colours.flags.writeable = False  # everybody shares it
    return colours


def coloured(shares: np.ndarray, name: str = SEQUENTIAL) -> np.ndarray:
    """(..., 3) uint8 sRGB of shares in [0, 1]; what is outside is taken for the nearer end.

    >>> coloured(np.array([0.0, 2.0])).tolist()
    [[0, 34, 77], [253, 231, 55]]
    """
    entries = np.clip(np.asarray(shares) * (ENTRIES - 1) + 0.5, 0, ENTRIES - 1)
    return table(name)[np.nan_to_num(entries).astype(np.intp)]
