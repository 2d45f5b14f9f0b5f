"""An order of places in which neighbours stand near each other."""

from __future__ import annotations

import numpy as np

_BITS = 10  # of each axis
_CROWD = 256  # places of one code that are sorted further


def morton_order(places: np.ndarray) -> np.ndarray:
    """(N,) indices that sort (N, 3) places along a Morton curve through their box.

    Cells of 2^-10 of the box that hold more than 256 places, as those of a scene with outliers do, are sorted again
    along a curve through their own box, as the writer of PlayCanvas does it.
    """
    order = np.arange(len(places))
    todo = [(0, len(places))]
    while todo:
        begin, end = todo.pop()
        some = order[begin:end]
        codes = _codes(places[some].astype(np.float64))
        if codes is None:  # they are all in one place
            continue
        by_code = np.argsort(codes, kind="stable")
        order[begin:end], codes = some[by_code], codes[by_code]
        edges = np.flatnonzero(np.diff(codes)) + 1
        starts, ends = np.r_[0, edges], np.r_[edges, len(codes)]
        crowds = np.flatnonzero(ends - starts > _CROWD)
        todo += [(begin + int(starts[each]), begin + int(ends[each])) for each in crowds]
    return order


def _codes(places: np.ndarray) -> np.ndarray | None:
    low, high = places.min(axis=0), places.max(axis=0)
    if not (high > low).any():
        return None
    cells = (1 << _BITS) * (places - low) / np.where(high > low, high - low, 1)
    x, y, z = np.minimum(cells, (1 << _BITS) - 1).astype(np.uint32).T
    return _spread(x) | _spread(y) << 1 | _spread(z) << 2


def _spread(bits: np.ndarray) -> np.ndarray:
    """The ten bits of each with two zeros between."""
    for shift, mask in ((16, 0xFF0000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):
        bits = (bits | bits << shift) & np.uint32(mask)
    return bits
