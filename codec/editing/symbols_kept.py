"""Which edited Gaussians still are what integers of a file say: those need no rounding, and keep their bits.

So a deletion leaves all other Gaussians of a file as they are, and so does a flip, where the canvas is a whole number
of cells.
"""

from __future__ import annotations

import numpy as np

from daub.codec import symbols as s
from daub.codec.container import Document, NativePayload
from daub.codec.symbols import Grid, Symbols, quantise
from daub.render.gaussians import Gaussians

# How far a class may be off: by the weights of the pixels and by the choice of a neighbour. Much finer ones would fit
# whatever they are given.
_CLASSES_OFF = 8
_SAME = 0.03  # largest difference of Gaussians that are one, in steps of each number
_ROUNDING = 4e-7  # likewise, of the number itself: float32 has 24 bits


def symbols_of(gaussians: Gaussians, grid: Grid, document: Document | None = None) -> tuple[Symbols, np.ndarray]:
    """The symbols of Gaussians, exactly where there are such, otherwise rounded to the nearest.

    A file may say another class of a Gaussian than its coefficient has: it was rounded by that, and all its integers
    depend on it. So classes around it are tried, the most likely first, until one gives the Gaussian again.

        >>> grid = Grid(64, 64, 380, 3)
        >>> one = Gaussians.build([[20.0, 10.0]], [[[9.0, 1.0], [1.0, 4.0]]], [[0.8, 0.4, 0.1]])
        >>> read = s.dequantise(quantise(one, grid, t=np.array([5])), grid)
        >>> symbols_of(read, grid)[1].tolist(), symbols_of(one, grid)[1].tolist()
        ([True], [False])

    Args:
        document: a file that may have some of them, to the bit, on the same grid: those take its symbols.

    Returns:
        Also (N,) bool, where they are exact.
    """
    usual = s.classes(gaussians.coefficient, grid.step)
    symbols = quantise(gaussians, grid, usual)
    values, exact = symbols.values, _same(gaussians, symbols, grid)
    if document is not None and isinstance(document.payload, NativePayload) and document.payload.grid == grid:
        row = _rows_of(gaussians, document.gaussians)
        known = row >= 0
        values[known], exact[known] = document.payload.symbols.values[row[known]], True
    for off in sorted(range(-_CLASSES_OFF, _CLASSES_OFF + 1), key=abs)[1:]:
        left = np.flatnonzero(~exact & (usual + off >= 0) & (usual + off < s.CLASSES))
        if not len(left):
            continue
        some = Gaussians(gaussians.parameters[left])
        tried = quantise(some, grid, usual[left] + off)
        found = _same(some, tried, grid)
        values[left[found]], exact[left[found]] = tried.values[found], True
    return Symbols(values), exact


def _rows_of(gaussians: Gaussians, others: Gaussians) -> np.ndarray:
    """(N,) int64: which of the others has the same bits as each; -1 where none has."""
    whole = np.dtype((np.void, gaussians.parameters.dtype.itemsize * gaussians.parameters.shape[1]))
    rows = {
        row: number for number, row in enumerate(np.ascontiguousarray(others.parameters).view(whole).ravel().tolist())
    }
    wanted = np.ascontiguousarray(gaussians.parameters).view(whole).ravel().tolist()
    return np.array([rows.get(row, -1) for row in wanted], np.int64)


def _same(gaussians: Gaussians, symbols: Symbols, grid: Grid) -> np.ndarray:
    """(N,) bool: where Gaussians are what symbols stand for, as far as float32 can say."""
    t = symbols.values[:, s.CLASS]
    octaves = symbols.values[:, s.SCALE_1 : s.SCALE_3 + 1] * s.LOG_SCALE_STEP_OCTAVES[t][:, None]
    pitch = grid.cell / s.positions_per_cell(octaves, t[:, None], grid.cell_log2)
    scale, shear, coefficient = s.LOG_SCALE_STEP[t][:, None], s.SHEAR_STEP[t][:, None], np.full((len(t), 3), grid.step)
    steps = np.concatenate([pitch, scale, scale, shear, coefficient], 1)
    exact = s.dequantise(symbols, grid).parameters.astype(np.float64)
    off = np.abs(gaussians.parameters - exact)
    return (off <= _SAME * steps + _ROUNDING * np.abs(exact)).all(1)
