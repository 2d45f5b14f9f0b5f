"""Gaussians <-> integers: one step d for the whole file (codec/DESIGN.md and FORMAT.md, "Quantisation").

The coefficient is quantised with d in orthonormal luma-chroma. Its magnitude class t, |e| ~ d * 2^(t/2), sets every
other step so that all errors cost about the same image energy: strong Gaussians are placed finely, faint ones coarsely.

    >>> grid = Grid(width=48, height=32, step_index=step_index(0.25), cell_log2=3)
    >>> one = Gaussians.build([[20.0, 10.0]], [[[9.0, 0.0], [0.0, 4.0]]], [[0.8, 0.4, 0.1]])
    >>> symbols = quantise(one, grid)
    >>> bool(abs(dequantise(symbols, grid).mean - one.mean).max() < 0.5)
    True

Whoever needs the columns of `Symbols.values` reads them through this module, `from daub.codec import symbols as s`.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np

from daub.render.gaussians import Gaussians

CLASSES = 32

# Orthonormal luma-chroma; its rows are luma, red-blue and green-magenta.
LUMA_CHROMA = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])

# Steps of the geometry in class t, before the caps: log-scale and position sqrt(2) * 2^(-t/2), shear 2 * 2^(-t/2).
_RELATIVE = 2.0 ** (-np.arange(CLASSES) / 2)
LOG_SCALE_STEP = np.minimum(math.sqrt(2) * _RELATIVE, 1.0)  # steps of natural logarithms
SHEAR_STEP = np.minimum(2 * _RELATIVE, 1.0)
POSITION_STEP = math.sqrt(2) * _RELATIVE  # in units of the Gaussian's standard deviations

# Tables that the decoder steers by, in 1/65536 octaves: integers, so that no two machines can disagree.
OCTAVE = 65536
LOG_SCALE_STEP_OCTAVES = np.round(LOG_SCALE_STEP / math.log(2) * OCTAVE).astype(np.int64)
POSITION_STEP_OCTAVES = np.round(np.log2(POSITION_STEP) * OCTAVE).astype(np.int64)
# Positions per cell side, for each quarter octave of cell size over pitch.
LEVELS = np.round(2.0 ** (np.arange(64) / 4)).astype(np.int64)

LARGEST_OCTAVES = 17 * OCTAVE  # largest magnitude of log2 l, 1/OCTAVE
LARGEST_SHEAR = 4096  # largest magnitude of a shear: a line of half a pixel across the largest image, at 45 degrees

# Columns of Symbols.values.
CELL_Y, CELL_X, CLASS, SCALE_1, SCALE_3, SHEAR, LUMA, CHROMA_1, CHROMA_2, SUB_Y, SUB_X = range(11)
COLUMNS = 11


# The step d in the header is in 1/64 octaves, the middle index for d = 1: so fine, because it also steers file sizes.
STEP_INDICES = 1024


def step_of(index: int) -> float:
    """Tell the step d that an index in the header stands for.

    >>> step_of(512), step_of(512 - 64)
    (1.0, 0.5)
    """
    return 2.0 ** ((index - STEP_INDICES // 2) / 64)


def step_index(step: float) -> int:
    """Find the index in the header nearest to a step."""
    return int(np.clip(round(STEP_INDICES / 2 + 64 * math.log2(step)), 0, STEP_INDICES - 1))


@dataclass(frozen=True)
class Grid:
    """What all Gaussians of a file are quantised against.

    Args:
        width, height: of the image, pixels.
        step_index: of the step d.
        cell_log2: log2 of the side of a cell, pixels; cells carry the coarse positions.
    """

    width: int
    height: int
    step_index: int
    cell_log2: int

    @property
    def step(self) -> float:
        """The step d, in the unit of pixels in [0, 1]."""
        return step_of(self.step_index)

    @property
    def cell(self) -> int:
        """The side of a cell, pixels."""
        return 1 << self.cell_log2

    @property
    def rows(self) -> int:
        """How many rows of cells there are."""
        return -(-self.height // self.cell)

    @property
    def columns(self) -> int:
        """How many columns of cells there are."""
        return -(-self.width // self.cell)


@dataclass(frozen=True)
class Symbols:
    """Everything a file says of its Gaussians: (N, COLUMNS) int64.

    Args:
        origin: (N,) integer, row of the fitted Gaussian that each came of; None where nobody knows. No file holds it.
    """

    values: np.ndarray
    origin: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, chosen: np.ndarray) -> Symbols:
        """Those of some rows, in that order."""
        return Symbols(self.values[chosen], None if self.origin is None else self.origin[chosen])

    def without_invisible(self) -> Symbols:
        """Leave out those whose coefficient is zero."""
        return self[self.values[:, LUMA : CHROMA_2 + 1].any(1)]


def classes(coefficient: np.ndarray, step: float) -> np.ndarray:
    """Work out the class t (N,) int64 of coefficients (N, 3), RGB."""
    magnitude = np.sqrt((np.float64(coefficient) ** 2).sum(1)) / step
    return np.clip(np.round(2 * np.log2(np.maximum(magnitude, 1))), 0, CLASSES - 1).astype(np.int64)


class Tables(NamedTuple):
    """The tables that `dequantise` looks up, as arrays of the module that it works with."""

    log_scale_step_octaves: np.ndarray
    position_step_octaves: np.ndarray
    levels: np.ndarray
    shear_step: np.ndarray
    luma_chroma: np.ndarray


_TABLES = Tables(LOG_SCALE_STEP_OCTAVES, POSITION_STEP_OCTAVES, LEVELS, SHEAR_STEP, LUMA_CHROMA)


@functools.lru_cache(maxsize=4)
def _tables(xp: ModuleType) -> Tables:
    return Tables(*map(xp.asarray, _TABLES))


def positions_per_cell(octaves: np.ndarray, t: np.ndarray, cell_log2: int, tables: Tables = _TABLES) -> np.ndarray:
    """Work out how many positions a cell side holds, for scales in octaves (log2 l, 1/OCTAVE) and classes t."""
    room = cell_log2 * OCTAVE - octaves - tables.position_step_octaves[t]
    return tables.levels[((room + OCTAVE // 8) >> 14).clip(0, len(tables.levels) - 1)]


def _shear_range(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest integers (N,) of a shear in classes t."""
    largest = np.floor(LARGEST_SHEAR / SHEAR_STEP[t])
    return -largest, largest


def quantise(gaussians: Gaussians, grid: Grid, t: np.ndarray | None = None) -> Symbols:
    """Round Gaussians to the nearest symbols.

    Args:
        t: (N,) classes to quantise by; by default those of the coefficients as they are.
    """
    parameters = gaussians.parameters.astype(np.float64)
    t = classes(gaussians.coefficient, grid.step) if t is None else t
    values = np.empty((len(parameters), COLUMNS), np.int64)
    values[:, CLASS] = t
    scale_step = LOG_SCALE_STEP_OCTAVES[t]
    limit = LARGEST_OCTAVES // scale_step
    for column, symbol in ((2, SCALE_1), (3, SCALE_3)):
        octaves = parameters[:, column] * (OCTAVE / math.log(2))
        values[:, symbol] = np.clip(np.round(octaves / scale_step), -limit, limit)
    rounded = np.exp2(values[:, [SCALE_1, SCALE_3]] * scale_step[:, None] / OCTAVE)  # (N, 2) l1, l3

    # Rounding l1 and l3 at fixed k would turn the ellipse. Its slope Sigma_xy / Sigma_xx = k * l3 / l1 is kept instead.
    slope = parameters[:, 4] * np.exp(parameters[:, 3] - parameters[:, 2])
    shear = slope * rounded[:, 0] / rounded[:, 1]
    values[:, SHEAR] = np.trunc(np.clip(shear / SHEAR_STEP[t] + np.copysign(0.5, shear), *_shear_range(t)))

    cells = [grid.columns, grid.rows]
    shift = np.zeros(len(values))
    for axis, (cell_column, sub_column) in enumerate(((CELL_X, SUB_X), (CELL_Y, SUB_Y))):
        octaves = values[:, SCALE_1 + axis] * scale_step
        levels = positions_per_cell(octaves, t, grid.cell_log2)
        position = parameters[:, axis] + shift + 0.5
        index = np.clip(np.floor(position * levels / grid.cell), 0, cells[axis] * levels - 1).astype(np.int64)
        values[:, cell_column], values[:, sub_column] = index // levels, index % levels
        # An error in x is an error in z2 as well unless y follows along the ellipse's own slope.
        shift = slope * ((index + 0.5) * grid.cell / levels - position)
    luma_chroma = gaussians.coefficient.astype(np.float64) @ LUMA_CHROMA.T
    values[:, LUMA : CHROMA_2 + 1] = np.round(luma_chroma / grid.step)
    return Symbols(values)


def dequantise(symbols: Symbols, grid: Grid, xp: ModuleType = np) -> Gaussians:
    """Reconstruct the Gaussians that symbols stand for, as every decoder does.

    Args:
        xp: module of the arrays that the Gaussians shall have, numpy or that of a device; each call of it costs time.
    """
    tables, values = _tables(xp), xp.asarray(symbols.values)
    t = values[:, CLASS : CLASS + 1]  # (N, 1)
    octaves = values[:, SCALE_1 : SCALE_3 + 1] * tables.log_scale_step_octaves[t]  # (N, 2)
    levels = positions_per_cell(octaves, t, grid.cell_log2, tables)
    across = values[:, CELL_X::-1] + (values[:, SUB_X : SUB_Y - 1 : -1] + 0.5) / levels  # (N, 2) x and y, in cells
    luma_chroma = values[:, LUMA : CHROMA_2 + 1] * grid.step
    # A device's `@` would need a library of its own.
    rgb = luma_chroma @ LUMA_CHROMA if xp is np else (luma_chroma[:, :, None] * tables.luma_chroma).sum(1)
    shear = values[:, SHEAR : SHEAR + 1] * tables.shear_step[t]
    columns = [across * grid.cell - 0.5, octaves * (math.log(2) / OCTAVE), shear, rgb]
    return Gaussians(xp.concatenate(columns, 1).astype(np.float32))
