"""Symbols <-> entropy-coded bytes: the adaptive models of every symbol (FORMAT.md, "Payload").

`_walk` visits every symbol in the order of the stream and serves both directions (see entropy.py).
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from numba import njit

from codec.entropy import (
    DECODING,
    DROPPED_ZEROS,
    ESCAPE,
    INTEGER_MODELS,
    MODE,
    code_bit,
    code_integer,
    code_magnitude,
    code_uniform,
    decoder,
    encoder,
    flush,
    overrun,
    tallier,
)
from codec.quantise import (
    CELL_X,
    CELL_Y,
    CHROMA_1,
    CHROMA_2,
    CLASS,
    CLASSES,
    COLUMNS,
    LARGEST_OCTAVES,
    LARGEST_SHEAR,
    LEVELS,
    LOG_SCALE_STEP_OCTAVES,
    LUMA,
    OCTAVE,
    POSITION_STEP_OCTAVES,
    SCALE_1,
    SCALE_3,
    SHEAR,
    SHEAR_STEP,
    SUB_X,
    SUB_Y,
    Grid,
    Symbols,
)

_MAXIMUM = 1 << 20  # of any integer

# The models of each family, one after the other in one table: contexts * models of one context.
_COUNT_CONTEXTS, _CLASS_CONTEXTS = 12, 9
_COUNTS = 0
_CLASS_TREES = _COUNTS + _COUNT_CONTEXTS * ESCAPE
_SCALES = _CLASS_TREES + _CLASS_CONTEXTS * CLASSES
_SHEARS = _SCALES + CLASSES * 4 * INTEGER_MODELS
_COLOURS = _SHEARS + CLASSES * 3 * INTEGER_MODELS
MODELS = _COLOURS + CLASSES * 7 * INTEGER_MODELS

STATES_FILE = Path(__file__).parent.parent / "resources" / "models.bin"


@functools.cache
def _trained() -> tuple[np.ndarray, np.ndarray]:
    """What is known before the first bit, as codec/train.py found it; part of the format.

    Returns:
        states: (MODELS, 2) uint32, probability and experience of every model.
        scales: (2, CLASSES) int64, log2 l1 and log2 l3 usual in each class, in 1/OCTAVE and above that of the cell.
    """
    content = STATES_FILE.read_bytes()
    if len(content) != 4 * MODELS + 8 * CLASSES:
        raise RuntimeError(f"{STATES_FILE.name} does not fit these models: train it anew")
    states = np.frombuffer(content, "<u2", 2 * MODELS).astype(np.uint32).reshape(-1, 2)
    scales = np.frombuffer(content, "<i4", 2 * CLASSES, 4 * MODELS).astype(np.int64).reshape(2, CLASSES)
    return states, scales


@njit(cache=True)
def _code_class(state, buffer, table, first, value):
    """A class as the 5 decisions of a binary tree."""
    node = 1
    for i in range(4, -1, -1):
        node = node << 1 | code_bit(state, buffer, table, first + node, (value >> i) & 1)
    return node - CLASSES


@njit(cache=True)
def _code_coarse(state, buffer, table, first, value, shift):
    """A signed integer whose lowest `shift` bits are too fine to have a shape: those are coded with even odds."""
    high = code_integer(state, buffer, table, first, value >> shift, _MAXIMUM)
    if shift == 0:
        return high
    return (high << shift) + code_uniform(state, buffer, 1 << shift, value & ((1 << shift) - 1))


@njit(cache=True)
def levels(octaves, t, cell_log2):
    room = cell_log2 * OCTAVE - octaves - POSITION_STEP_OCTAVES[t]
    return LEVELS[min(max((room + OCTAVE // 8) >> 14, 0), len(LEVELS) - 1)]


@njit(nogil=True, cache=True)
def _walk(state, buffer, table, scales, values, rows, columns, cell_log2):
    """Codes all of values (N, COLUMNS), sorted by cell, with the models of table, which learn.

    Returns False when a decoded stream makes no sense.
    """
    count = len(values)
    decoding = state[MODE] == np.uint64(DECODING)

    # Cells: how many Gaussians each holds, knowing the neighbours above and to the left.
    counts = np.zeros((rows + 1, columns + 2), np.int64)
    if not decoding:
        for n in range(count):
            counts[values[n, CELL_Y] + 1, values[n, CELL_X] + 1] += 1
    n = 0
    for row in range(rows):
        for column in range(columns):
            around = 2 * (counts[row + 1, column] + counts[row, column + 1])
            around += counts[row, column] + counts[row, column + 2]
            context = min(around, _COUNT_CONTEXTS - 1)
            here = code_magnitude(state, buffer, table, _COUNTS + context * ESCAPE, counts[row + 1, column + 1], count)
            counts[row + 1, column + 1] = here
            if n + here > count:
                return False
            for _ in range(here):
                values[n, CELL_Y], values[n, CELL_X] = row, column
                n += 1
    if n != count:
        return False

    mean_1 = scales[0] + cell_log2 * OCTAVE  # running mean of log2 l, per class
    mean_3 = scales[1] + cell_log2 * OCTAVE
    for n in range(count):
        value = values[n]
        first_in_cell = n == 0 or values[n - 1, CELL_X] != value[CELL_X] or values[n - 1, CELL_Y] != value[CELL_Y]
        context = 0 if first_in_cell else 1 + min(values[n - 1, CLASS] // 2, _CLASS_CONTEXTS - 2)
        t = _code_class(state, buffer, table, _CLASS_TREES + context * CLASSES, value[CLASS])
        value[CLASS] = t

        # Scales, as differences from the class's running mean; the second knows how the first differed.
        step = LOG_SCALE_STEP_OCTAVES[t]
        shift = max(0, (t - 5) // 2)
        centre = mean_1[t] // step
        base = _SCALES + t * 4 * INTEGER_MODELS
        d1 = _code_coarse(state, buffer, table, base, value[SCALE_1] - centre, shift)
        value[SCALE_1] = centre + d1
        centre = mean_3[t] // step
        lean = 1 + (0 if d1 >> shift == 0 else (1 if d1 > 0 else 2))
        d3 = _code_coarse(state, buffer, table, base + lean * INTEGER_MODELS, value[SCALE_3] - centre, shift)
        value[SCALE_3] = centre + d3
        octaves_1, octaves_3 = value[SCALE_1] * step, value[SCALE_3] * step
        if abs(octaves_1) > LARGEST_OCTAVES or abs(octaves_3) > LARGEST_OCTAVES:
            return False
        mean_1[t] += (octaves_1 - mean_1[t]) >> 4
        mean_3[t] += (octaves_3 - mean_3[t]) >> 4

        shift = max(0, (t - 6) // 2)
        gap = octaves_1 - octaves_3
        shape = 0 if gap > OCTAVE // 2 else (1 if gap > -OCTAVE // 2 else 2)
        value[SHEAR] = _code_coarse(
            state, buffer, table, _SHEARS + (t * 3 + shape) * INTEGER_MODELS, value[SHEAR], shift
        )

        base = _COLOURS + t * 7 * INTEGER_MODELS
        luma = _code_coarse(state, buffer, table, base, value[LUMA], shift)
        sign = 0 if luma == 0 else (1 if luma > 0 else 2)
        c1 = _code_coarse(state, buffer, table, base + (1 + sign) * INTEGER_MODELS, value[CHROMA_1], shift)
        sign = 0 if c1 == 0 else (1 if c1 > 0 else 2)
        c2 = _code_coarse(state, buffer, table, base + (4 + sign) * INTEGER_MODELS, value[CHROMA_2], shift)
        value[LUMA], value[CHROMA_1], value[CHROMA_2] = luma, c1, c2

        value[SUB_Y] = code_uniform(state, buffer, levels(octaves_3, t, cell_log2), value[SUB_Y])
        value[SUB_X] = code_uniform(state, buffer, levels(octaves_1, t, cell_log2), value[SUB_X])
    return True


def write(symbols: Symbols, grid: Grid) -> bytes:
    """The entropy-coded bytes of a set of Gaussians; their order is not kept."""
    values = _in_order(symbols)
    state, buffer = encoder(64 * len(values) + grid.rows * grid.columns + 64)
    states, scales = _trained()
    if not _walk(state, buffer, states.copy(), scales, values, grid.rows, grid.columns, grid.cell_log2):
        raise ValueError("symbols lie outside the format's limits")
    return flush(state, buffer).tobytes()


def tally(symbols: Symbols, grid: Grid, scales: np.ndarray) -> np.ndarray:
    """(MODELS, 2) uint32: how often each model meets a 0 and a 1 in these symbols, with `scales` as of `_trained`."""
    counts = np.zeros((MODELS, 2), np.uint32)
    _walk(*tallier(), counts, scales, _in_order(symbols), grid.rows, grid.columns, grid.cell_log2)
    return counts


def _in_order(symbols: Symbols) -> np.ndarray:
    """The values by cell, as the stream has them."""
    values = symbols.values
    # By cell, and inside a cell by class, strongest first: what order would carry is spent on nothing.
    keys = (-values[:, LUMA], -values[:, CLASS], values[:, CELL_X], values[:, CELL_Y])
    return np.ascontiguousarray(values[np.lexsort(keys)])


def read(data: bytes, count: int, grid: Grid) -> Symbols | None:
    """The symbols in the order of the stream, or None when the bytes make no sense."""
    values = np.zeros((count, COLUMNS), np.int64)
    state, buffer = decoder(np.frombuffer(data, np.uint8).copy())
    states, scales = _trained()
    sensible = _walk(state, buffer, states.copy(), scales, values, grid.rows, grid.columns, grid.cell_log2)
    if not sensible or overrun(state) > DROPPED_ZEROS:
        return None
    if (np.abs(values[:, SHEAR]) > LARGEST_SHEAR // SHEAR_STEP[values[:, CLASS]]).any():
        return None
    return Symbols(values)
