"""What the entropy coder expects of a Gaussian before it reads it: a small network over what is decoded already.

All in integers, so that no two machines can disagree (FORMAT.md, "Network"). A feature, an attribute and an activation
are in 1/64, a weight is in 1/1024, so a sum of products is in 1/65536; the bounds below keep every sum within 32 bits.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from daub.codec.entropy.vectors import add_rows, dot_clamped
from daub.codec.symbols import (
    CELL_X,
    CELL_Y,
    CLASS,
    CLASSES,
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
)
from daub.render.jit import njit
from daub.resources import ROOT

NETWORK_FILE = ROOT / "network.bin"

# Lowest bits of each head's integer, by class, that are too fine to have a shape: coded with even odds.
_T = np.arange(CLASSES)
_SCALE_FINE, _OTHER_FINE = np.maximum(0, (_T - 5) // 2), np.maximum(0, (_T - 6) // 2)
FINE = np.stack([np.zeros(CLASSES, np.int64), *[_SCALE_FINE] * 2, *[_OTHER_FINE] * 4])  # (heads, CLASSES)

# Attributes of a decoded Gaussian: class, both scales above those usual in its class, shear, luma and chroma
# (logarithmic, signed), their magnitudes, and one.
ATTRIBUTES = 11
VECTOR = 16  # numbers of a row of them, the last ones zero: the widths of `add_rows` are powers of two
A_CLASS, A_SCALE_1, A_SCALE_3, A_SHEAR, A_LUMA, A_CHROMA_1, A_CHROMA_2, A_LUMA_SIZE, _, _, A_ONE = range(ATTRIBUTES)

# Two weighted means over the neighbours, a near and a wide one, then what the counts of the cells say.
FEATURES = 2 * ATTRIBUTES + 8
TRUNK = 32
HIDDEN = 16
HEADS = ("class", "scale 1", "scale 3", "shear", "luma", "chroma 1", "chroma 2")
H_CLASS, H_SCALE_1, H_SCALE_3, H_SHEAR, H_LUMA, H_CHROMA_1, H_CHROMA_2 = range(7)
# What the heads see of the Gaussian itself beside its class, and which of them do, the last one included: each scale,
# how unlike the two are, the size of the shear, luma and its size, chroma and its size.
OWN = (
    *((H_SCALE_3, H_CHROMA_2), (H_SHEAR, H_CHROMA_2), (H_SHEAR, H_SHEAR), (H_LUMA, H_CHROMA_2)),
    *((H_CHROMA_1, H_CHROMA_2), (H_CHROMA_1, H_CHROMA_2), (H_CHROMA_2, H_CHROMA_2), (H_CHROMA_2, H_CHROMA_2)),
)
OUTPUTS = 3  # mean, log2 of the spread, and for luma the sign

MOST_NEIGHBOURS = 64  # in each row of cells: a file may put all its Gaussians into one
LARGEST_FEATURE, LARGEST_ACTIVATION, LARGEST_WEIGHT = 511, 1023, 8191

_DISTANCES = 64
_SQUARED = np.arange(_DISTANCES) / 4  # squared cells
NEAR = np.round(256 * np.exp(-_SQUARED / 0.8)).astype(np.int32)
WIDE = np.round(256 * np.exp(-_SQUARED / 5)).astype(np.int32)
LOGARITHM = np.round(64 * np.log2(1 + np.arange(64))).astype(np.int32)
SHEAR_65536 = np.round(SHEAR_STEP * 65536).astype(np.int64)


LOG2_SCALE_STEP = round(-math.log2(math.log(2)) * OCTAVE)  # of the coarsest, in octaves

_OWN_START = np.cumsum([0, *(1 + last - first for first, last in OWN)])

# The network is one array of int32: these parts, one after the other. Weights are in 1/1024, biases and what depends on
# the class alone (its bias included) in 1/65536. One array, because each array that a call passes on costs it time.
SHAPES = {
    "trunk": (FEATURES, TRUNK),
    "trunk bias": (TRUNK,),
    "heads": (TRUNK, len(HEADS) * HIDDEN),
    "own": (int(_OWN_START[-1]), HIDDEN),  # for each of OWN those of the heads that see it
    "class": (CLASSES, len(HEADS) * HIDDEN),
    "outputs": (len(HEADS), OUTPUTS, HIDDEN),
    "output bias": (len(HEADS), OUTPUTS),
}
_BIASES = "trunk bias", "class", "output bias"
_TRUNK, _TRUNK_BIAS, _HEADS, _OWN, _CLASS, _OUTPUTS, _OUTPUT_BIAS, _WEIGHTS = np.cumsum(
    [0, *(math.prod(shape) for shape in SHAPES.values())]
)
_ALL_HIDDEN = len(HEADS) * HIDDEN
_TRUNK_ROWS = (_TRUNK + TRUNK * np.arange(FEATURES)).astype(np.int32)

# What one function leaves to the next for one Gaussian, likewise in one array of int32: the weights of each neighbour
# and where its attributes begin (then that of the rows that the trunk makes active), sums over neighbours, features,
# and what comes of them.
_NEIGHBOURS = 3 * MOST_NEIGHBOURS
_LENGTHS = _NEIGHBOURS, _NEIGHBOURS, _NEIGHBOURS, VECTOR, VECTOR, FEATURES, TRUNK, _ALL_HIDDEN, OUTPUTS
_NEAR, _WIDE, _ROWS, _NEAR_SUMS, _WIDE_SUMS, X, _ACTIVE, HIDDENS, OUT, SCRATCH = np.cumsum([0, *_LENGTHS]).tolist()


@functools.cache
def network() -> np.ndarray:
    """The weights as trained, as one array; part of the format."""
    flat = np.frombuffer(NETWORK_FILE.read_bytes(), "<i2").astype(np.int32)
    if len(flat) != _WEIGHTS:
        raise RuntimeError(f"{NETWORK_FILE.name} does not fit this network: train it anew")
    parts = np.split(flat, np.cumsum([math.prod(shape) for shape in SHAPES.values()])[:-1])
    # In the file everything is in 1/1024.
    return np.concatenate([part << 6 if name in _BIASES else part for name, part in zip(SHAPES, parts, strict=True)])


@njit(cache=True)
def levels(octaves, t, cell_log2):
    """How many positions a cell side holds."""
    room = cell_log2 * OCTAVE - octaves - POSITION_STEP_OCTAVES[t]
    return LEVELS[min(max((room + OCTAVE // 8) >> 14, 0), len(LEVELS) - 1)]


@njit(cache=True, inline="always")
def _bounded(value, limit):
    return np.int32(min(max(value, -limit), limit))


@njit(cache=True, inline="always")
def _logarithm(value):
    magnitude = LOGARITHM[min(abs(value), len(LOGARITHM) - 1)]
    return magnitude if value >= 0 else -magnitude


@njit(cache=True, inline="always")
def attribute(which, value, cell_log2, usual, attributes):
    """Fills what head `which` was about.

    Args:
        usual: (2, CLASSES) log2 of the scales above that of the cell, in 1/OCTAVE.
    """
    t = value[CLASS]
    if which == H_CLASS:
        attributes[A_CLASS] = (t - 9) * 16
        attributes[A_ONE] = 64
    elif which == H_SHEAR:
        attributes[A_SHEAR] = _bounded((value[SHEAR] * SHEAR_65536[t]) >> 10, 256)
    elif which < H_SHEAR:
        axis = which - H_SCALE_1
        octaves = value[SCALE_1 + axis] * LOG_SCALE_STEP_OCTAVES[t] - cell_log2 * OCTAVE
        attributes[A_SCALE_1 + axis] = _bounded((octaves - usual[axis, t]) >> 10, 256)
    else:
        channel = which - H_LUMA
        logarithm = _logarithm(value[LUMA + channel])
        attributes[A_LUMA + channel] = logarithm
        attributes[A_LUMA_SIZE + channel] = abs(logarithm)


@njit(cache=True, inline="always")
def place(value, cell_log2, where):
    """Fills where (2,) with x and y in 1/16 cells."""
    t = value[CLASS]
    step = LOG_SCALE_STEP_OCTAVES[t]
    where[0] = value[CELL_X] * 16 + value[SUB_X] * 16 // levels(value[SCALE_1] * step, t, cell_log2)
    where[1] = value[CELL_Y] * 16 + value[SUB_Y] * 16 // levels(value[SCALE_3] * step, t, cell_log2)


@njit(cache=True, _nrt=False)  # no counts of references: each would be an atomic operation
def features(n, values, attributes, places, start, counts, cell_log2, scratch):
    """Fills scratch[X:] for Gaussian n from those before it within two cells, and from the counts of all cells.

    Args:
        attributes: (N, 16) int32, places (N, 2) int32: of the Gaussians before n.
        start: (cells + 1,) where each cell begins; counts: (rows + 2, columns + 2), with a border of zeros.
    """
    column, row = values[n, CELL_X], values[n, CELL_Y]
    columns = counts.shape[1] - 2
    middle_x, middle_y = 16 * column + 8, 16 * row + 8
    neighbours = 0
    for r in range(max(row - 2, 0), row + 1):
        first = start[r * columns + max(column - 2, 0)]
        last = start[r * columns + min(column + 3, columns)] if r < row else n
        for j in range(max(first, last - MOST_NEIGHBOURS), last):
            across, down = places[j, 0] - middle_x, places[j, 1] - middle_y
            distance = min((across * across + down * down) >> 6, _DISTANCES - 1)
            scratch[_NEAR + neighbours], scratch[_WIDE + neighbours] = NEAR[distance], WIDE[distance]
            scratch[_ROWS + neighbours] = j * VECTOR
            neighbours += 1
    x, rows, table = scratch[X : X + FEATURES], scratch[_ROWS:], attributes.reshape(-1)
    for i in range(2 * VECTOR):
        scratch[_NEAR_SUMS + i] = 0
    add_rows(scratch[_NEAR_SUMS:], VECTOR, neighbours, scratch[_NEAR:], rows, table)
    add_rows(scratch[_WIDE_SUMS:], VECTOR, neighbours, scratch[_WIDE:], rows, table)
    for which in range(2):
        sums = scratch[_NEAR_SUMS + which * VECTOR :]
        weight = sums[A_ONE] >> 6
        share = (1 << 20) // (weight + 64 * (1 + which))
        for i in range(ATTRIBUTES - 1):
            x[which * ATTRIBUTES + i] = (np.int64(sums[i]) * share) >> 20
        x[which * ATTRIBUTES + ATTRIBUTES - 1] = min(weight >> (2 + which), 256)
    i = 2 * ATTRIBUTES
    begin = start[row * columns + column]
    x[i] = 0 if n == begin else 64
    x[i + 1] = 0 if n == begin else attributes[n - 1, A_CLASS]
    x[i + 2] = 16 * cell_log2
    corners = counts[row, column] + counts[row, column + 2] + counts[row + 2, column] + counts[row + 2, column + 2]
    x[i + 3] = _bounded(32 * counts[row + 1, column + 1], LARGEST_FEATURE)
    x[i + 4] = _bounded(32 * (counts[row + 1, column] + counts[row + 1, column + 2]), LARGEST_FEATURE)
    x[i + 5] = _bounded(32 * (counts[row, column + 1] + counts[row + 2, column + 1]), LARGEST_FEATURE)
    x[i + 6] = _bounded(32 * corners, LARGEST_FEATURE)
    x[i + 7] = _bounded(32 * (n - begin), LARGEST_FEATURE)


@njit(cache=True, _nrt=False)
def trunk(net, scratch):
    """Fills scratch[HIDDENS:] with what all heads see of the features scratch[X:]; that of the class needs no more.

    `tell` adds what they see of the Gaussian itself, as it becomes known.
    """
    active, hidden, rows = scratch[_ACTIVE:], scratch[HIDDENS:], scratch[_ROWS:]
    for j in range(TRUNK):
        active[j] = net[_TRUNK_BIAS + j]
    add_rows(active, TRUNK, FEATURES, scratch[X:], _TRUNK_ROWS, net)
    found = 0
    for i in range(TRUNK):
        active[found] = min(max(active[i] >> 10, 0), LARGEST_ACTIVATION)
        rows[found] = _HEADS + i * _ALL_HIDDEN
        found += 1 if active[found] else 0
    for j in range(_ALL_HIDDEN):
        hidden[j] = net[_CLASS + j] if j < HIDDEN else 0
    # All of `hidden`, by powers of two.
    add_rows(hidden, 64, found, active, rows, net)
    add_rows(hidden[64:], 32, found, active, rows, net[64:])
    add_rows(hidden[96:], 16, found, active, rows, net[96:])


@njit(cache=True, inline="always")
def head(net, which, scratch):
    """Fills scratch[OUT:] in 1/65536 for head `which`; the last one is for luma alone."""
    seen = scratch[HIDDENS + which * HIDDEN :]
    for i in range(OUTPUTS):
        k = which * OUTPUTS + i
        weights = net[_OUTPUTS + k * HIDDEN :]
        scratch[OUT + i] = net[_OUTPUT_BIAS + k] + dot_clamped(seen, HIDDEN, 10, LARGEST_ACTIVATION, weights)


@njit(cache=True, inline="always")
def _add(to, factor, row):
    """to += factor * row, all int32. Over len(row): loops of 16 known turns are unrolled instead of made vectors."""
    for j in range(len(row)):
        to[j] += np.int32(factor * row[j])


@njit(cache=True, inline="always")
def tell(net, which, t, attributes, hidden):
    """Adds to hidden what later heads see of the symbol of head `which`, which is in attributes now."""
    if which == H_CLASS:
        row = _CLASS + t * _ALL_HIDDEN
        _add(hidden[HIDDEN:], 1, net[row + HIDDEN : row + _ALL_HIDDEN])
    elif which == H_SCALE_1:
        _tell_one(net, 0, attributes[A_SCALE_1], hidden)
    elif which == H_SCALE_3:
        _tell_one(net, 1, attributes[A_SCALE_3], hidden)
        _tell_one(net, 2, abs(attributes[A_SCALE_1] - attributes[A_SCALE_3]), hidden)
    elif which == H_SHEAR:
        _tell_one(net, 3, abs(attributes[A_SHEAR]), hidden)
    elif which == H_LUMA:
        _tell_one(net, 4, attributes[A_LUMA], hidden)
        _tell_one(net, 5, abs(attributes[A_LUMA]), hidden)
    elif which == H_CHROMA_1:
        _tell_one(net, 6, attributes[A_CHROMA_1], hidden)
        _tell_one(net, 7, abs(attributes[A_CHROMA_1]), hidden)


@njit(cache=True, inline="always")
def _tell_one(net, own, value, hidden):
    first, last = _OWN + _OWN_START[own] * HIDDEN, _OWN + _OWN_START[own + 1] * HIDDEN
    head = OWN[own][0]
    _add(hidden[head * HIDDEN : head * HIDDEN + last - first], value, net[first:last])
