"""Integers of a file to Gaussians, as a kernel: `symbols.dequantise` says what is worked out, and its twin it is.

numpy makes arrays of float64 on the way, 250 bytes for each Gaussian; here there are the 32 of the Gaussian alone, in a
tenth of the time. Both give the same bits, which a test holds.
"""

from __future__ import annotations

import math

import numpy as np

from daub.codec import symbols as s
from daub.codec.symbols import Grid, Symbols
from daub.render.gaussians import PARAMETERS, Gaussians
from daub.render.jit import njit, parallel, prange

_NEPER = math.log(2) / s.OCTAVE  # of 1/OCTAVE


def reconstruct(symbols: Symbols, grid: Grid) -> Gaussians:
    """The Gaussians that symbols stand for, to the bit as `dequantise` gives them on numpy."""
    parameters = np.empty((len(symbols), PARAMETERS), np.float32)
    with parallel(len(symbols)):
        _fill(symbols.values, float(grid.cell), grid.cell_log2, grid.step, parameters)
    return Gaussians(parameters)


@njit(parallel=True, nogil=True, cache=True, fastmath={"contract"})
def _fill(values, cell, cell_log2, step, parameters):
    for n in prange(len(values)):
        value, out = values[n], parameters[n]
        t = value[s.CLASS]
        for axis in range(2):
            octaves = value[s.SCALE_1 + axis] * s.LOG_SCALE_STEP_OCTAVES[t]
            room = cell_log2 * s.OCTAVE - octaves - s.POSITION_STEP_OCTAVES[t]
            levels = s.LEVELS[min(max((room + s.OCTAVE // 8) >> 14, 0), len(s.LEVELS) - 1)]
            across = value[s.CELL_X - axis] + (value[s.SUB_X - axis] + 0.5) / levels
            out[axis] = across * cell - 0.5
            out[2 + axis] = octaves * _NEPER
        out[4] = value[s.SHEAR] * s.SHEAR_STEP[t]
        luma, chroma_1, chroma_2 = value[s.LUMA] * step, value[s.CHROMA_1] * step, value[s.CHROMA_2] * step
        for channel in range(3):
            of_luma, of_chroma_1 = luma * s.LUMA_CHROMA[0, channel], chroma_1 * s.LUMA_CHROMA[1, channel]
            out[5 + channel] = of_luma + of_chroma_1 + chroma_2 * s.LUMA_CHROMA[2, channel]
