"""What the entropy coder expects of a Gaussian before it reads it: a small network over what is decoded already.

All in integers, so that no two machines can disagree (FORMAT.md, "Network"; codec/DESIGN.md has a picture of it). A
feature, an attribute and an activation are in 1/64, a weight is in 1/1024, so a sum of products is in 1/65536; the
bounds below keep every sum within 32 bits.

Features of the neighbours go through a trunk once for each Gaussian. Then its symbols are coded one after the other,
each as its own head expects it, and every head sees what is known of the Gaussian by then:

| head, in the order of coding | its number | sees of the Gaussian itself |
|---|---|---|
| class | class t | nothing |
| scale 1 | log2 l1 | class |
| scale 3 | log2 l3 | class, scale 1 |
| shear | k | class, both scales, how unlike they are |
| luma | luma, and which sign is likely | class, both scales, size of the shear |
| chroma 1 | red-blue | class, both scales, size of the shear, luma, its size |
| chroma 2 | green-magenta | class, both scales, size of the shear, luma, its size, chroma 1, its size |

For one Gaussian the routines are called in this order: `features`, `trunk`, then for each head `head`, `attribute` and
`tell`, and at last `place`. What one leaves to the next lies in one array of int32, `scratch`:

| begins at | numbers | what |
|---|---|---|
| 0 | 192 | near weight of each neighbour, 1/256 |
| 192 | 192 | wide weight of each neighbour, 1/256 |
| 384 | 192 | where its row of attributes begins |
| 576 | 16, 16 | sums of the attributes by near and by wide weights |
| X | 30 | features |
| X + 30 | 32 | the trunk's units |
| HIDDENS | 7 * 16 | hidden units of the heads, which `tell` goes on filling |
| OUT | 3 | mean, log2 of the spread, and the sign of the head that was asked last |
| SCRATCH | | its length |
"""

from __future__ import annotations

import functools
import math

import numpy as np

from daub.codec import symbols as s
from daub.codec.entropy.vectors import PAIRS, add_pairs, add_row, add_rows, clamp_all, dot_clamped, paired
from daub.render.jit import njit
from daub.resources import ROOT

NETWORK_FILE = ROOT / "network.bin"

# How many of the lowest bits of each head's integer are too fine to have a shape, by class: coded with even odds.
_T = np.arange(s.CLASSES)
_SCALE_FINE, _OTHER_FINE = np.maximum(0, (_T - 5) // 2), np.maximum(0, (_T - 6) // 2)
FINE = np.stack([np.zeros(s.CLASSES, np.int64), *[_SCALE_FINE] * 2, *[_OTHER_FINE] * 4])  # (heads, CLASSES)

# Attributes of a decoded Gaussian: class, both scales above those usual in its class, shear, luma and chroma
# (logarithmic, signed), their magnitudes, and one.
ATTRIBUTES = 11
VECTOR = 16  # numbers of a row of attributes, the last ones zero: the widths of `add_rows` are powers of two
A_CLASS, A_SCALE_1, A_SCALE_3, A_SHEAR, A_LUMA, A_CHROMA_1, A_CHROMA_2, A_LUMA_SIZE, _, _, A_ONE = range(ATTRIBUTES)

# Two weighted means over the neighbours, a near and a wide one, then what the counts of the cells say.
FEATURES = 2 * ATTRIBUTES + 8
TRUNK = 32  # units of the trunk
HIDDEN = 16  # hidden units of each head
HEADS = ("class", "scale 1", "scale 3", "shear", "luma", "chroma 1", "chroma 2")
H_CLASS, H_SCALE_1, H_SCALE_3, H_SHEAR, H_LUMA, H_CHROMA_1, H_CHROMA_2 = range(7)
# What the heads see of the Gaussian itself beside its class: each scale, how unlike the two are, the size of the shear,
# luma and its size, chroma 1 and its size. For each the first and the last head that see it.
SEEN_BY = (
    *((H_SCALE_3, H_CHROMA_2), (H_SHEAR, H_CHROMA_2), (H_SHEAR, H_SHEAR), (H_LUMA, H_CHROMA_2)),
    *((H_CHROMA_1, H_CHROMA_2), (H_CHROMA_1, H_CHROMA_2), (H_CHROMA_2, H_CHROMA_2), (H_CHROMA_2, H_CHROMA_2)),
)
OUTPUTS = 3  # mean, log2 of the spread, and for luma the sign

MOST_NEIGHBOURS = 64  # neighbours in each row of cells: a file may put all its Gaussians into one
LARGEST_FEATURE, LARGEST_ACTIVATION, LARGEST_WEIGHT = 511, 1023, 8191

_DISTANCES = 64
_SQUARED = np.arange(_DISTANCES) / 4  # squared distance, cells^2
NEAR = np.round(256 * np.exp(-_SQUARED / 0.8)).astype(np.int32)
WIDE = np.round(256 * np.exp(-_SQUARED / 5)).astype(np.int32)
LOGARITHM = np.round(64 * np.log2(1 + np.arange(64))).astype(np.int32)
SHEAR_65536 = np.round(s.SHEAR_STEP * 65536).astype(np.int64)
LOG2_SCALE_STEP = round(-math.log2(math.log(2)) * s.OCTAVE)  # log2 of the coarsest step of a log-scale, 1/OCTAVE

_SEEN_START = np.cumsum([0, *(1 + last - first for first, last in SEEN_BY)])

# The network is one array of int32: these parts, one after the other. Weights are in 1/1024, biases and what depends on
# the class alone (its bias included) in 1/65536. One array, because each array that a call passes on costs it time.
SHAPES = {
    "trunk": (FEATURES, TRUNK),
    "trunk bias": (TRUNK,),
    "heads": (TRUNK, len(HEADS) * HIDDEN),
    "seen": (int(_SEEN_START[-1]), HIDDEN),  # rows of each of SEEN_BY, one for each head that sees it
    "class": (s.CLASSES, len(HEADS) * HIDDEN),
    "outputs": (len(HEADS), OUTPUTS, HIDDEN),
    "output bias": (len(HEADS), OUTPUTS),
}
_BIASES = "trunk bias", "class", "output bias"
_PAIRED = "trunk", "heads"
_TRUNK, _TRUNK_BIAS, _HEADS, _SEEN, _CLASS, _OUTPUTS, _OUTPUT_BIAS, _WEIGHTS = np.cumsum(
    [0, *(math.prod(shape) for shape in SHAPES.values())]
)
_ALL_HIDDEN = len(HEADS) * HIDDEN
# Behind them, once more, what the trunk and the heads weigh, in 16 bits and as `add_pairs` wants it, the
# hidden units by powers of two.
_HIDDEN_PARTS = 32, 32, 32, 16  # of 64 the two sums of each would not fit into 16 registers of 8 lanes
_TRUNK_PAIRS = _WEIGHTS
_HEADS_PAIRS = _TRUNK_PAIRS + PAIRS * TRUNK

_NEIGHBOURS = 3 * MOST_NEIGHBOURS
_LENGTHS = _NEIGHBOURS, _NEIGHBOURS, _NEIGHBOURS, VECTOR, VECTOR, FEATURES, TRUNK, _ALL_HIDDEN, OUTPUTS
_NEAR, _WIDE, _ROWS, _NEAR_SUMS, _WIDE_SUMS, X, _ACTIVE, HIDDENS, OUT, SCRATCH = np.cumsum([0, *_LENGTHS]).tolist()


@functools.cache
def weights() -> np.ndarray:
    """Read the network as trained, as one array of int32: the parts of SHAPES, and then pairs; part of the format."""
    flat = np.frombuffer(NETWORK_FILE.read_bytes(), "<i2").astype(np.int32)
    if len(flat) != _WEIGHTS:
        raise RuntimeError(f"{NETWORK_FILE.name} does not fit this network: train it anew")
    parts = np.split(flat, np.cumsum([math.prod(shape) for shape in SHAPES.values()])[:-1])
    trunk, heads = (part.reshape(SHAPES[name]) for name, part in zip(SHAPES, parts, strict=True) if name in _PAIRED)
    # The file has everything in 1/1024.
    shifted = (part << 6 if name in _BIASES else part for name, part in zip(SHAPES, parts, strict=True))
    return np.concatenate([*shifted, paired(trunk, (TRUNK,)), paired(heads, _HIDDEN_PARTS)])


@njit(cache=True)
def levels(octaves, t, cell_log2):
    """Tell how many positions a cell side holds, for a scale in 1/OCTAVE and a class: `symbols.positions_per_cell`."""
    room = cell_log2 * s.OCTAVE - octaves - s.POSITION_STEP_OCTAVES[t]
    return s.LEVELS[min(max((room + s.OCTAVE // 8) >> 14, 0), len(s.LEVELS) - 1)]


@njit(cache=True, inline="always")
def _bounded(value, limit):
    return np.int32(min(max(value, -limit), limit))


@njit(cache=True, inline="always")
def _logarithm(value):
    magnitude = LOGARITHM[min(abs(value), len(LOGARITHM) - 1)]
    return magnitude if value >= 0 else -magnitude


@njit(cache=True, inline="always")
def attribute(which, value, cell_log2, usual, attributes):
    """Fill the attributes (VECTOR,) that the symbol of head `which` decides.

    Args:
        usual: (2, CLASSES) log2 of the scales above that of the cell, in 1/OCTAVE.
    """
    t = value[s.CLASS]
    if which == H_CLASS:
        attributes[A_CLASS] = (t - 9) * 16
        attributes[A_ONE] = 64
    elif which == H_SHEAR:
        attributes[A_SHEAR] = _bounded((value[s.SHEAR] * SHEAR_65536[t]) >> 10, 256)
    elif which < H_SHEAR:
        axis = which - H_SCALE_1
        octaves = value[s.SCALE_1 + axis] * s.LOG_SCALE_STEP_OCTAVES[t] - cell_log2 * s.OCTAVE
        attributes[A_SCALE_1 + axis] = _bounded((octaves - usual[axis, t]) >> 10, 256)
    else:
        channel = which - H_LUMA
        logarithm = _logarithm(value[s.LUMA + channel])
        attributes[A_LUMA + channel] = logarithm
        attributes[A_LUMA_SIZE + channel] = abs(logarithm)


@njit(cache=True, inline="always")
def place(value, cell_log2, where):
    """Fill where (2,) with x and y in 1/16 cells."""
    t = value[s.CLASS]
    step = s.LOG_SCALE_STEP_OCTAVES[t]
    where[0] = value[s.CELL_X] * 16 + value[s.SUB_X] * 16 // levels(value[s.SCALE_1] * step, t, cell_log2)
    where[1] = value[s.CELL_Y] * 16 + value[s.SUB_Y] * 16 // levels(value[s.SCALE_3] * step, t, cell_log2)


# Without reference counts, each of which would be an atomic operation.
@njit(cache=True, _nrt=False, error_model="numpy")
def features(n, values, attributes, places, start, counts, cell_log2, scratch):
    """Fill scratch[X:] for Gaussian n from those before it within two cells, and from the counts of all cells.

    Args:
        attributes: (N, VECTOR) int32, those of the Gaussians before n.
        places: (N, 2) int32, likewise.
        start: (cells + 1,) where each cell begins.
        counts: (rows + 2, columns + 2), with a border of zeros.
    """
    column, row = values[n, s.CELL_X], values[n, s.CELL_Y]
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
    x, rows, table = scratch[X : X + FEATURES], scratch[_ROWS:], attributes
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
    """Fill scratch[HIDDENS:] with what all heads see of the features scratch[X:]; the head of the class sees no more.

    `tell` adds what they see of the Gaussian itself, as it becomes known.
    """
    active, hidden = scratch[_ACTIVE:], scratch[HIDDENS:]
    for j in range(TRUNK):
        active[j] = net[_TRUNK_BIAS + j]
    # There are two features less than pairs can take: of what lies behind them, nothing is weighed.
    add_pairs(active, TRUNK, scratch[X:], net[_TRUNK_PAIRS:])
    clamp_all(active, TRUNK, 10, LARGEST_ACTIVATION)
    for j in range(_ALL_HIDDEN):
        hidden[j] = net[_CLASS + j] if j < HIDDEN else 0
    add_pairs(hidden, 32, active, net[_HEADS_PAIRS:])
    add_pairs(hidden[32:], 32, active, net[_HEADS_PAIRS + PAIRS * 32 :])
    add_pairs(hidden[64:], 32, active, net[_HEADS_PAIRS + PAIRS * 64 :])
    add_pairs(hidden[96:], 16, active, net[_HEADS_PAIRS + PAIRS * 96 :])


@njit(cache=True, inline="always")
def head(net, which, scratch):
    """Fill scratch[OUT:] with what head `which` expects, in 1/65536; the sign is left as it was but for luma."""
    seen = scratch[HIDDENS + which * HIDDEN :]
    for i in range(OUTPUTS if which == H_LUMA else OUTPUTS - 1):
        k = which * OUTPUTS + i
        weights = net[_OUTPUTS + k * HIDDEN :]
        scratch[OUT + i] = net[_OUTPUT_BIAS + k] + dot_clamped(seen, HIDDEN, 10, LARGEST_ACTIVATION, weights)


@njit(cache=True, inline="always")
def tell(net, which, t, attributes, hidden):
    """Add to hidden what later heads see of the symbol of head `which`, which is in attributes now."""
    if which == H_CLASS:
        row = _CLASS + t * _ALL_HIDDEN
        add_row(hidden[HIDDEN:], 1, net[row + HIDDEN :], len(HEADS) - 1)
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
def _tell_one(net, which, value, hidden):
    """Add one number, the one of SEEN_BY[which], to the hidden units of the heads that see it."""
    first, count = _SEEN_START[which], _SEEN_START[which + 1] - _SEEN_START[which]
    add_row(hidden[SEEN_BY[which][0] * HIDDEN :], value, net[_SEEN + first * HIDDEN :], count)
