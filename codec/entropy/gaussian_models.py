"""Symbols <-> entropy-coded bytes: the adaptive models of every symbol of Daub's own Gaussians (FORMAT.md, "Payload").

One walk visits every symbol in the order of the stream and serves both directions (see range_coder.py). What it expects
of a symbol, a mean and a spread, comes from the network of network.py (codec/DESIGN.md has a picture of it); the models
learn how symbols scatter around that.
"""

from __future__ import annotations

import functools

import numpy as np

from daub.codec import symbols as s
from daub.codec.entropy import network
from daub.codec.entropy.network import FINE, H_CLASS, H_LUMA, H_SCALE_1, H_SHEAR, HEADS, HIDDENS, OUT, levels
from daub.codec.entropy.range_coder import (
    DECODING,
    DROPPED_ZEROS,
    ESCAPE,
    INTEGER_MODELS,
    RangeCoder,
    bits_between,
    code_bit,
    code_bits,
    code_integer,
    code_magnitude,
    code_uniform,
    decoder,
    encoder,
    flush,
    mark,
    overrun,
    tallier,
)
from daub.codec.symbols import Grid, Symbols
from daub.render import compiling
from daub.render.jit import njit
from daub.resources import ROOT

_MAXIMUM = 1 << 20  # largest magnitude of any integer

# The models of each family stand one after the other in one table: contexts * models of one context.
_COUNT_CONTEXTS = 12
_SPREADS, _FRACTIONS, _SIGNS = 16, 4, 9
_COUNTS = 0
_AROUND = _COUNTS + _COUNT_CONTEXTS * ESCAPE
_SIGN = _AROUND + len(HEADS) * _SPREADS * _FRACTIONS * INTEGER_MODELS
MODELS = _SIGN + _SIGNS

# What is marked of each Gaussian where an account is kept: its heads in their order, and then its place in the cell.
_MARKS = len(HEADS) + 1
_UNMARKED = np.empty(0, np.int64)  # no account is kept

_COLUMN_OF_HEAD = np.array([s.CLASS, s.SCALE_1, s.SCALE_3, s.SHEAR, s.LUMA, s.CHROMA_1, s.CHROMA_2])

_LARGEST_SHEARS = s.LARGEST_SHEAR // s.SHEAR_STEP  # (CLASSES,) in steps

STATES_FILE = ROOT / "models.bin"


@functools.cache
def trained() -> tuple[np.ndarray, np.ndarray]:
    """Read what is known before the first bit, as training/states.py found it; part of the format.

    Returns:
        states: (MODELS, 2) uint32, probability and experience of every model.
        usual: (2, CLASSES) int64, log2 l1 and log2 l3 usual in each class, in 1/OCTAVE and above that of the cell.
    """
    content = STATES_FILE.read_bytes()
    if len(content) != 4 * MODELS + 8 * s.CLASSES:
        raise RuntimeError(f"{STATES_FILE.name} does not fit these models: train it anew")
    states = np.frombuffer(content, "<u2", 2 * MODELS).astype(np.uint32).reshape(-1, 2)
    usual = np.frombuffer(content, "<i4", 2 * s.CLASSES, 4 * MODELS).astype(np.int64).reshape(2, s.CLASSES)
    return states, usual


@njit(cache=True, inline="always")
def _code_around(coder, buffer, table, which, mean, spread, unit, log2_unit, value, fine):
    """Code a signed integer that is expected near mean / unit, with the models for that spread.

    Its lowest `fine` bits are too fine to have a shape: they are coded with even odds, and `unit` is what one step of
    the others is worth. mean, unit, log2_unit and spread, which is a log2, are in 1/65536.
    """
    quarters = mean >> 14 if unit == s.OCTAVE else 4 * mean // unit  # a division is slow, and most units are an octave
    centre = quarters >> 2
    bucket = min(max(((spread - log2_unit) >> 15) + 6, 0), _SPREADS - 1)
    first = _AROUND + ((which * _SPREADS + bucket) * _FRACTIONS + (quarters & 3)) * INTEGER_MODELS
    coder, above = code_integer(coder, buffer, table, first, (value >> fine) - centre, _MAXIMUM)
    coder, low = code_bits(coder, buffer, fine, value & ((1 << fine) - 1))
    return coder, ((centre + above) << fine) + low


# Without reference counts, each of which would be an atomic operation.
@njit(cache=True, _nrt=False, error_model="numpy")
def _code_gaussians(
    coder, buffer, table, usual, net, values, start, counts, attributes, places, scratch, cell_log2, marks
):
    """Code every Gaussian once the counts of all cells are known; allocates nothing."""
    hidden, out = scratch[HIDDENS:OUT], scratch[OUT:]
    for n in range(len(values)):
        value, mine = values[n], attributes[n]
        network.features(n, values, attributes, places, start, counts, cell_log2, scratch)
        network.trunk(net, scratch)
        t = 0
        for which in range(len(HEADS)):
            # One turn for each symbol, in this order: so `_code_around` and the network are compiled in only once.
            network.head(net, which, scratch)
            mean, unit, log2_unit = np.int64(out[0]), np.int64(s.OCTAVE), 0
            fine = FINE[which, t]
            integer = value[_COLUMN_OF_HEAD[which]]
            if H_CLASS < which < H_SHEAR:
                mean += usual[which - H_SCALE_1, t] + cell_log2 * s.OCTAVE
                unit = s.LOG_SCALE_STEP_OCTAVES[t] << fine
                log2_unit = network.LOG2_SCALE_STEP + min(0, 32768 * (1 - t)) + s.OCTAVE * fine
            elif which == H_SHEAR:
                unit, log2_unit = network.SHEAR_65536[t] << fine, min(0, 32768 * (2 - t)) + s.OCTAVE * fine
            elif which == H_LUMA:
                positive = 1 if integer > 0 else 0
                integer = abs(integer)
            coder, integer = _code_around(coder, buffer, table, which, mean, out[1], unit, log2_unit, integer, fine)
            if which == H_CLASS:
                if not 0 <= integer < s.CLASSES:
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
            network.attribute(which, value, cell_log2, usual, mine)
            network.tell(net, which, t, mine, hidden)
            if len(marks):
                marks[n * _MARKS + which] = mark(coder)
        step = s.LOG_SCALE_STEP_OCTAVES[t]
        octaves_1, octaves_3 = value[s.SCALE_1] * step, value[s.SCALE_3] * step
        if abs(octaves_1) > s.LARGEST_OCTAVES or abs(octaves_3) > s.LARGEST_OCTAVES:
            return coder, False
        coder, value[s.SUB_Y] = code_uniform(coder, buffer, levels(octaves_3, t, cell_log2), value[s.SUB_Y])
        coder, value[s.SUB_X] = code_uniform(coder, buffer, levels(octaves_1, t, cell_log2), value[s.SUB_X])
        network.place(value, cell_log2, places[n])
        if len(marks):
            marks[n * _MARKS + len(HEADS)] = mark(coder)
    return coder, True


@njit(cache=True, _nrt=False, error_model="numpy")
def _code_counts(coder, buffer, table, values, start, counts, marks):
    """Code how many Gaussians each cell holds, knowing those above and to the left; allocates nothing.

    Args:
        values: their cells are filled in.
        start: (cells + 1,), filled: where each cell begins.
        counts: (rows + 2, columns + 2), with a border of zeros; what is decoded comes into it.
    """
    rows, columns = counts.shape[0] - 2, counts.shape[1] - 2
    count, n = len(values), 0
    if len(marks):
        marks[0] = mark(coder)
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
                values[n, s.CELL_Y], values[n, s.CELL_X] = row, column
                n += 1
            start[row * columns + column + 1] = n
            if len(marks):
                marks[row * columns + column + 1] = mark(coder)
    return coder, n == count


@njit(nogil=True, cache=True)
def _walk(coder, buffer, table, usual, net, values, rows, columns, cell_log2, marks):
    """Code all of values (N, COLUMNS), sorted by cell, with the models of table, which learn.

    Args:
        marks: filled with a mark before everything, after the count of every cell, and _MARKS of each Gaussian; empty:
            no account is kept, which takes no time.

    Returns the coder, and whether a decoded stream makes sense so far.
    """
    count = len(values)
    counts = np.zeros((rows + 2, columns + 2), np.int64)
    start = np.zeros(rows * columns + 1, np.int64)
    if coder.mode != DECODING:
        for n in range(count):
            counts[values[n, s.CELL_Y] + 1, values[n, s.CELL_X] + 1] += 1
    coder, sensible = _code_counts(coder, buffer, table, values, start, counts, marks[: rows * columns + 1])
    if not sensible:
        return coder, False
    attributes, places = np.zeros((count, network.VECTOR), np.int32), np.zeros((count, 2), np.int32)
    scratch = np.empty(network.SCRATCH, np.int32)
    return _code_gaussians(
        coder, buffer, table, usual, net, values, start, counts, attributes, places, scratch, cell_log2,
        marks[rows * columns + 1 :],
    )  # fmt: skip


def is_compiled() -> bool:
    """Whether the one kernel that takes half a minute to compile has been, for the sources as they are."""
    return compiling.is_compiled(_walk)


def write(symbols: Symbols, grid: Grid) -> bytes:
    """Write a set of Gaussians as entropy-coded bytes; their order is not kept.

    Raises:
        ValueError: symbols lie outside the format's limits.
    """
    expected = in_order(symbols)
    # What is coded comes back in it, capped where it was beyond what can be written.
    values = expected.copy()
    coder, buffer = encoder(64 * len(values) + grid.rows * grid.columns + 64)
    coder, sensible = _walked(coder, buffer, values, grid)
    if not sensible or _too_sheared(values) or not np.array_equal(values, expected):
        raise ValueError("symbols lie outside the format's limits")
    return flush(coder, buffer).tobytes()


def _walked(
    coder: RangeCoder, buffer: np.ndarray, values: np.ndarray, grid: Grid, marks: np.ndarray = _UNMARKED
) -> tuple[RangeCoder, bool]:
    """`_walk` with the models as they start."""
    states, usual = trained()
    net = network.weights()
    return _walk(coder, buffer, states.copy(), usual, net, values, grid.rows, grid.columns, grid.cell_log2, marks)


def tally(symbols: Symbols, grid: Grid, usual: np.ndarray) -> np.ndarray:
    """Count how often each model meets a 0 and a 1 in these symbols.

    Args:
        usual: (2, CLASSES) int64, as of `trained`.

    Returns:
        (MODELS, 2) uint32.
    """
    counts, cells = np.zeros((MODELS, 2), np.uint32), (grid.rows, grid.columns, grid.cell_log2)
    _walk(*tallier(), counts, usual, network.weights(), in_order(symbols), *cells, _UNMARKED)
    return counts


def in_order(symbols: Symbols) -> np.ndarray:
    """Sort the values (N, COLUMNS) as the stream has them."""
    values = symbols.values
    # By cell, and inside a cell by class, strongest first: what order would carry is spent on nothing.
    keys = (-values[:, s.LUMA], -values[:, s.CLASS], values[:, s.CELL_X], values[:, s.CELL_Y])
    return np.ascontiguousarray(values[np.lexsort(keys)])


def read(data: bytes, count: int, grid: Grid) -> Symbols | None:
    """Read symbols in the order of the stream; None when the bytes make no sense."""
    values = np.zeros((count, s.COLUMNS), np.int64)
    coder, buffer = decoder(np.frombuffer(data, np.uint8).copy())
    coder, sensible = _walked(coder, buffer, values, grid)
    if not sensible or overrun(coder, buffer) > DROPPED_ZEROS:
        return None
    if _too_sheared(values):
        return None
    return Symbols(values)


def spent(data: bytes, count: int, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Work out what each Gaussian has cost in bytes that `read` can read, at the very odds that they were coded with.

    Returns:
        cells: (rows, columns) float64, bits of the count of each cell.
        bits: (N, len(HEADS) + 1) float64, bits of each Gaussian in the order of the stream: of each head's symbol, the
            sign with luma, and at last of its place in the cell.
    """
    values, cells = np.zeros((count, s.COLUMNS), np.int64), grid.rows * grid.columns
    marks = np.zeros(1 + cells + count * _MARKS, np.int64)
    coder, buffer = decoder(np.frombuffer(data, np.uint8).copy())
    _walked(coder, buffer, values, grid, marks)
    bits = bits_between(marks)
    return bits[:cells].reshape(grid.rows, grid.columns), bits[cells:].reshape(count, _MARKS)


def _too_sheared(values: np.ndarray) -> bool:
    return bool((np.abs(values[:, s.SHEAR]) > _LARGEST_SHEARS[values[:, s.CLASS]]).any())
