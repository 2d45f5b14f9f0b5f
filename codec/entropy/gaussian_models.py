"""Symbols <-> entropy-coded bytes: the adaptive models of every symbol (FORMAT.md, "Payload").

`_walk` visits every symbol in the order of the stream and serves both directions (see range_coder.py). What it expects
of a symbol, a mean and a spread, comes from the network of network.py (DESIGN.md has a picture of it); the models learn
how symbols scatter around that.
"""

from __future__ import annotations

import functools

import numpy as np

from daub.codec.entropy import network as context
from daub.codec.entropy.network import (
    FINE,
    H_CLASS,
    H_LUMA,
    H_SCALE_1,
    H_SHEAR,
    HEADS,
    HIDDENS,
    LOG2_SCALE_STEP,
    OUT,
    SHEAR_65536,
    VECTOR,
    levels,
)
from daub.codec.entropy.range_coder import (
    DECODING,
    DROPPED_ZEROS,
    ESCAPE,
    INTEGER_MODELS,
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
from daub.codec.symbols import (
    CELL_X,
    CELL_Y,
    CHROMA_1,
    CHROMA_2,
    CLASS,
    CLASSES,
    COLUMNS,
    LARGEST_OCTAVES,
    LARGEST_SHEAR,
    LOG_SCALE_STEP_OCTAVES,
    LUMA,
    OCTAVE,
    SCALE_1,
    SCALE_3,
    SHEAR,
    SHEAR_STEP,
    SUB_X,
    SUB_Y,
    Grid,
    Symbols,
)
from daub.render.jit import njit
from daub.resources import ROOT

_MAXIMUM = 1 << 20  # of any integer

# The models of each family, one after the other in one table: contexts * models of one context.
_COUNT_CONTEXTS = 12
_SPREADS, _FRACTIONS, _SIGNS = 16, 4, 9
_COUNTS = 0
_AROUND = _COUNTS + _COUNT_CONTEXTS * ESCAPE
_SIGN = _AROUND + len(HEADS) * _SPREADS * _FRACTIONS * INTEGER_MODELS
MODELS = _SIGN + _SIGNS

_COLUMN_OF_HEAD = np.array([CLASS, SCALE_1, SCALE_3, SHEAR, LUMA, CHROMA_1, CHROMA_2])

STATES_FILE = ROOT / "models.bin"


@functools.cache
def _trained() -> tuple[np.ndarray, np.ndarray]:
    """What is known before the first bit, as training/states.py found it; part of the format.

    Returns:
        states: (MODELS, 2) uint32, probability and experience of every model.
        usual: (2, CLASSES) int64, log2 l1 and log2 l3 usual in each class, in 1/OCTAVE and above that of the cell.
    """
    content = STATES_FILE.read_bytes()
    if len(content) != 4 * MODELS + 8 * CLASSES:
        raise RuntimeError(f"{STATES_FILE.name} does not fit these models: train it anew")
    states = np.frombuffer(content, "<u2", 2 * MODELS).astype(np.uint32).reshape(-1, 2)
    usual = np.frombuffer(content, "<i4", 2 * CLASSES, 4 * MODELS).astype(np.int64).reshape(2, CLASSES)
    return states, usual


@njit(cache=True, inline="always")
def _code_around(coder, buffer, table, which, mean, spread, unit, log2_unit, value, fine):
    """A signed integer that is expected near mean / unit, with the models for that spread.

    Its lowest `fine` bits are too fine to have a shape: those are coded with even odds, and `unit` is what one of the
    others is worth. mean, unit, spread (of log2) and log2_unit are in 1/65536.
    """
    quarters = mean >> 14 if unit == OCTAVE else 4 * mean // unit  # most are one octave: a division is slow
    centre = quarters >> 2
    bucket = min(max(((spread - log2_unit) >> 15) + 6, 0), _SPREADS - 1)
    first = _AROUND + ((which * _SPREADS + bucket) * _FRACTIONS + (quarters & 3)) * INTEGER_MODELS
    coder, above = code_integer(coder, buffer, table, first, (value >> fine) - centre, _MAXIMUM)
    coder, low = code_uniform(coder, buffer, 1 << fine, value & ((1 << fine) - 1))
    return coder, ((centre + above) << fine) + low


@njit(cache=True, _nrt=False)  # no counts of references: each would be an atomic operation
def _code_gaussians(coder, buffer, table, usual, net, values, start, counts, attributes, places, scratch, cell_log2):
    """The second part of `_walk`, with what `context.features` needs; allocates nothing."""
    hidden, out = scratch[HIDDENS:OUT], scratch[OUT:]
    for n in range(len(values)):
        value, mine = values[n], attributes[n]
        context.features(n, values, attributes, places, start, counts, cell_log2, scratch)
        context.trunk(net, scratch)
        t = 0
        for which in range(len(HEADS)):
            # One turn for each symbol, in this order: so `_code_around` and the network are compiled in only once.
            context.head(net, which, scratch)
            mean, unit, log2_unit = np.int64(out[0]), np.int64(OCTAVE), 0
            fine = FINE[which, t]
            integer = value[_COLUMN_OF_HEAD[which]]
            if H_CLASS < which < H_SHEAR:
                mean += usual[which - H_SCALE_1, t] + cell_log2 * OCTAVE
                unit = LOG_SCALE_STEP_OCTAVES[t] << fine
                log2_unit = LOG2_SCALE_STEP + min(0, 32768 * (1 - t)) + OCTAVE * fine
            elif which == H_SHEAR:
                unit, log2_unit = SHEAR_65536[t] << fine, min(0, 32768 * (2 - t)) + OCTAVE * fine
            elif which == H_LUMA:
                positive = 1 if integer > 0 else 0
                integer = abs(integer)
            coder, integer = _code_around(coder, buffer, table, which, mean, out[1], unit, log2_unit, integer, fine)
            if which == H_CLASS:
                if not 0 <= integer < CLASSES:
                    return coder, False
                t = integer
            elif which == H_LUMA:
                if integer < 0:
                    return coder, False
                if integer > 0:
                    sign = _SIGN + min(max((out[2] >> 15) + 4, 0), _SIGNS - 1)
                    coder, positive = code_bit(coder, buffer, table, sign, positive)
                    integer = integer if positive else -integer
            value[_COLUMN_OF_HEAD[which]] = integer
            context.attribute(which, value, cell_log2, usual, mine)
            context.tell(net, which, t, mine, hidden)
        step = LOG_SCALE_STEP_OCTAVES[t]
        octaves_1, octaves_3 = value[SCALE_1] * step, value[SCALE_3] * step
        if abs(octaves_1) > LARGEST_OCTAVES or abs(octaves_3) > LARGEST_OCTAVES:
            return coder, False
        coder, value[SUB_Y] = code_uniform(coder, buffer, levels(octaves_3, t, cell_log2), value[SUB_Y])
        coder, value[SUB_X] = code_uniform(coder, buffer, levels(octaves_1, t, cell_log2), value[SUB_X])
        context.place(value, cell_log2, places[n])
    return coder, True


@njit(nogil=True, cache=True)
def _walk(coder, buffer, table, usual, net, values, rows, columns, cell_log2):
    """Codes all of values (N, COLUMNS), sorted by cell, with the models of table, which learn.

    Returns the coder, and whether a decoded stream makes sense so far.
    """
    count = len(values)

    # Cells: how many Gaussians each holds, knowing the neighbours above and to the left.
    counts = np.zeros((rows + 2, columns + 2), np.int64)
    start = np.zeros(rows * columns + 1, np.int64)
    if coder[0] != DECODING:
        for n in range(count):
            counts[values[n, CELL_Y] + 1, values[n, CELL_X] + 1] += 1
    n = 0
    for row in range(rows):
        for column in range(columns):
            around = 2 * (counts[row + 1, column] + counts[row, column + 1])
            around += counts[row, column] + counts[row, column + 2]
            first = _COUNTS + min(around, _COUNT_CONTEXTS - 1) * ESCAPE
            coder, here = code_magnitude(coder, buffer, table, first, counts[row + 1, column + 1], count)
            counts[row + 1, column + 1] = here
            if n + here > count:
                return coder, False
            for _ in range(here):
                values[n, CELL_Y], values[n, CELL_X] = row, column
                n += 1
            start[row * columns + column + 1] = n
    if n != count:
        return coder, False

    attributes, places = np.zeros((count, VECTOR), np.int32), np.zeros((count, 2), np.int32)
    scratch = np.empty(context.SCRATCH, np.int32)
    return _code_gaussians(
        coder, buffer, table, usual, net, values, start, counts, attributes, places, scratch, cell_log2
    )


def write(symbols: Symbols, grid: Grid) -> bytes:
    """The entropy-coded bytes of a set of Gaussians; their order is not kept."""
    expected = in_order(symbols)
    values = expected.copy()  # what is coded comes back in it: capped, where it was beyond what can be written
    coder, buffer = encoder(64 * len(values) + grid.rows * grid.columns + 64)
    coder, sensible = _walked(coder, buffer, values, grid)
    if not sensible or _too_sheared(values) or not np.array_equal(values, expected):
        raise ValueError("symbols lie outside the format's limits")
    return flush(coder, buffer).tobytes()


def _walked(coder, buffer, values: np.ndarray, grid: Grid):
    """`_walk` with the models as they start."""
    states, usual = _trained()
    net = context.network()
    return _walk(coder, buffer, states.copy(), usual, net, values, grid.rows, grid.columns, grid.cell_log2)


def tally(symbols: Symbols, grid: Grid, usual: np.ndarray) -> np.ndarray:
    """(MODELS, 2) uint32: how often each model meets a 0 and a 1 in these symbols, with `usual` as of `_trained`."""
    counts = np.zeros((MODELS, 2), np.uint32)
    _walk(*tallier(), counts, usual, context.network(), in_order(symbols), grid.rows, grid.columns, grid.cell_log2)
    return counts


def in_order(symbols: Symbols) -> np.ndarray:
    """The values by cell, as the stream has them."""
    values = symbols.values
    # By cell, and inside a cell by class, strongest first: what order would carry is spent on nothing.
    keys = (-values[:, LUMA], -values[:, CLASS], values[:, CELL_X], values[:, CELL_Y])
    return np.ascontiguousarray(values[np.lexsort(keys)])


def read(data: bytes, count: int, grid: Grid) -> Symbols | None:
    """The symbols in the order of the stream, or None when the bytes make no sense."""
    values = np.zeros((count, COLUMNS), np.int64)
    coder, buffer = decoder(np.frombuffer(data, np.uint8).copy())
    coder, sensible = _walked(coder, buffer, values, grid)
    if not sensible or overrun(coder, buffer) > DROPPED_ZEROS:
        return None
    if _too_sheared(values):
        return None
    return Symbols(values)


def _too_sheared(values: np.ndarray) -> bool:
    return bool((np.abs(values[:, SHEAR]) > LARGEST_SHEAR // SHEAR_STEP[values[:, CLASS]]).any())
