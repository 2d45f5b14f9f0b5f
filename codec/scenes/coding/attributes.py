"""The walk over the Gaussians of a scene, cell by cell: symbols are foretold from the Gaussians before and around.

One routine writes and reads. What a symbol is foretold from stands in columns of `values`, in units which do not depend
on the class: a neighbour of another class has other steps.
"""

from __future__ import annotations

import numpy as np

from daub.codec.entropy.range_coder import code_uniform
from daub.codec.scenes.coding.mixing import (
    INTEGER_MIXERS,
    INTEGER_MODELS,
    code_mixed_integer,
    code_mixed_tree,
    new_mixers,
    new_models,
)
from daub.codec.scenes.coding.octree import NEIGHBOURS
from daub.codec.scenes.coding.steps import (
    CLASSES,
    COLOUR,
    OPACITY,
    SCALE,
    UNIT,
    direction_numbers,
    directions,
    is_needle,
    place_levels,
)
from daub.codec.scenes.reading import COUNT, STOPS
from daub.render.jit import njit

# The columns of the symbols, in the order of the stream but for the two of the direction and the roll, which stand
# behind the opacity. Those from LUMA on are followed by the harmonics: luma and the two chromas of each.
COLOUR_CLASS, SHAPE_CLASS, LONG, MIDDLE, SHORT, FADING, LUMA, CHROMA_1, CHROMA_2 = range(9)
FORETOLD = 9  # columns that are foretold as numbers
U, V, ROLL, X, Y, Z = range(9, 15)
SYMBOLS = 15

_COARSE = 3  # bits of a direction that are foretold, for each side of the map
_SIDE = 1 << _COARSE
_LARGEST = 1 << 20
_COUNTED_EVERY = 256  # Gaussians

# Contexts of a number: how far the neighbours are apart and the fraction of what they foretell; its class; what was
# wrong with the two numbers before; what was wrong with this number of the neighbours; what they foretell.
_SPREADS, _WRONG, _SEEN = 12, 7, 64
_ROWS = np.cumsum([0, 4 * _SPREADS, CLASSES, _WRONG * _WRONG, _WRONG * 5, _SEEN])
_CONTEXTS = 5
# Contexts of a direction: the directions of two neighbours, and how fine it is.
_DIRECTION_ROWS = np.cumsum([0, 2 * (_SIDE * _SIDE + 1) * _SIDE, (_SIDE * _SIDE + 1), 2 * 80])
# Contexts of a harmonic: its place, channel and class; the same harmonic of the neighbours and the place; what the
# harmonics before it were; the place and the same place in the channel before.
_HARMONIC_CONTEXTS = 4
_HARMONIC_ROWS = np.cumsum([0, 72 * CLASSES, 72 * 16, 3 * 32, 72 * 5])


def number_of_columns(harmonics: int) -> int:
    """Of the symbols of a scene with so many harmonics above degree 0."""
    return SYMBOLS + 3 * harmonics


@njit(cache=True, inline="always")
def _bits(value):
    """The number of bits of a non-negative integer."""
    count = 0
    while value > 0:
        value >>= 1
        count += 1
    return count


@njit(cache=True, inline="always")
def _within(value, most):
    return min(max(value, -most), most) + most


@njit(cache=True)
def _unit(column, colour_class, shape_class):
    """The step of a foretold column, in the units of `values`."""
    if column < LONG:
        return np.int64(UNIT)
    if column < FADING:
        return SCALE[shape_class]
    return OPACITY[shape_class] if column == FADING else COLOUR[colour_class]


@njit(cache=True)
def code_attributes(coder, buffer, around, depth, floor, harmonics, symbols, cells_side, counts):
    """Code the symbols of all Gaussians, in the order of their cells.

    Args:
        around: (N, NEIGHBOURS) the Gaussians before each that foretell it, as `octree.neighbours` gives them.
        depth: of the octree.
        floor: log2 of the resolution over the side of the box, in 1/256 octave.
        harmonics: above degree 0, for each channel.
        symbols: (N, SYMBOLS + 3 * harmonics) int32, filled in decoding.
        cells_side: (N, 3) int32: filled with the levels that each cell has along each axis.
        counts: (2,) int64, as of `reading.counted`.

    Returns:
        The coder, and whether all symbols are within the format, which those of a damaged stream may not be.
    """
    count = len(symbols)
    models = new_models(FORETOLD * _ROWS[-1] * INTEGER_MODELS)
    mixers = new_mixers(FORETOLD * _SPREADS * INTEGER_MIXERS, _CONTEXTS)
    map_models = new_models(2 * _DIRECTION_ROWS[-1] * _SIDE)
    map_mixers = new_mixers(2 * _COARSE * 2, 3)
    sh_models = new_models(_HARMONIC_ROWS[-1] * INTEGER_MODELS if harmonics else 1)
    sh_mixers = new_mixers(72 * INTEGER_MIXERS if harmonics else 1, _HARMONIC_CONTEXTS)
    values = np.zeros((count, FORETOLD), np.int64)
    wrong = np.zeros((count, FORETOLD), np.int8)
    places = np.full(count, _SIDE * _SIDE, np.int64)  # on the coarse map of directions
    rows = np.empty(8, np.int64)
    levels = np.empty(3, np.int64)
    for n in range(count):
        if n % _COUNTED_EVERY == 0:
            counts[COUNT] = n
            if counts[STOPS]:
                return coder, False
        known = 0
        while known < NEIGHBOURS and around[n, known] >= 0:
            known += 1
        before, earlier = 0, 0  # what was wrong with the numbers before
        for column in range(FORETOLD):
            if column == LUMA:
                # The direction stands here, as colours are foretold by what is known of the shape.
                long = floor + (symbols[n, LONG] * SCALE[symbols[n, SHAPE_CLASS]] >> 8)
                middle = long - (symbols[n, MIDDLE] * SCALE[symbols[n, SHAPE_CLASS]] >> 8)
                short = middle - (symbols[n, SHORT] * SCALE[symbols[n, SHAPE_CLASS]] >> 8)
                if short < floor:
                    return coder, False
                shape_class = symbols[n, SHAPE_CLASS]
                side, half_turn = directions(shape_class, long, middle, short)
                coder = _code_direction(
                    coder, buffer, map_models, map_mixers, rows, around, known, n, side,
                    1 if is_needle(long, middle, short) else 0, symbols, places,
                )  # fmt: skip
                coder, roll = code_uniform(coder, buffer, half_turn, symbols[n, ROLL])
                symbols[n, ROLL] = roll
                x, y, z = direction_numbers(side, np.int64(symbols[n, U]), np.int64(symbols[n, V]))
                place_levels(shape_class, depth, long, middle, short, x, y, z, levels)
                for axis in range(3):
                    cells_side[n, axis] = levels[axis]
                    coder, level = code_uniform(coder, buffer, levels[axis], symbols[n, X + axis])
                    symbols[n, X + axis] = level
            unit = _unit(column, symbols[n, COLOUR_CLASS], symbols[n, SHAPE_CLASS])
            told, weight = np.int64(0), 0
            for k in range(known):
                share = 2 if k == 0 else 1
                told += share * values[around[n, k], column]
                weight += share
            spread = _SPREADS - 1
            if known > 0:
                told = told // weight
                apart = np.int64(0)
                for k in range(known):
                    apart += abs(values[around[n, k], column] - told)
                spread = min(_bits(8 * apart // (known * unit)), _SPREADS - 3) if known > 1 else _SPREADS - 2
            quarter = 4 * told // unit
            whole = quarter >> 2
            if column == COLOUR_CLASS:
                known_class = symbols[around[n, 0], COLOUR_CLASS] if known else 0
            elif column == SHAPE_CLASS or column >= LUMA:
                known_class = symbols[n, COLOUR_CLASS]
            else:
                known_class = symbols[n, SHAPE_CLASS]
            first = column * _ROWS[-1]
            rows[0] = (first + _ROWS[0] + spread * 4 + (quarter & 3)) * INTEGER_MODELS
            rows[1] = (first + _ROWS[1] + known_class) * INTEGER_MODELS
            rows[2] = (first + _ROWS[2] + _within(before, 3) * _WRONG + _within(earlier, 3)) * INTEGER_MODELS
            theirs = wrong[around[n, 0], column] if known > 0 else 0
            others = wrong[around[n, 1], column] if known > 1 else 0
            rows[3] = (first + _ROWS[3] + _within(theirs, 3) * 5 + _within(others, 2)) * INTEGER_MODELS
            rows[4] = (first + _ROWS[4] + min(max(whole + _SEEN // 2, 0), _SEEN - 1)) * INTEGER_MODELS
            mixer = (column * _SPREADS + spread) * INTEGER_MIXERS
            coder, found = code_mixed_integer(
                coder, buffer, models, mixers, rows, _CONTEXTS, mixer, symbols[n, column] - whole, _LARGEST
            )
            symbols[n, column] = whole + found
            if column < LONG and not 0 <= symbols[n, column] < CLASSES:
                return coder, False
            if column == FADING and not 0 <= symbols[n, column] * OPACITY[symbols[n, SHAPE_CLASS]] <= 16 * UNIT:
                return coder, False
            if LONG <= column < FADING and not 0 <= symbols[n, column] * SCALE[symbols[n, SHAPE_CLASS]] <= 64 * UNIT:
                return coder, False
            if column >= LUMA and abs(symbols[n, column] * COLOUR[symbols[n, COLOUR_CLASS]]) > 4096 * UNIT:
                return coder, False
            values[n, column] = symbols[n, column] * unit
            wrong[n, column] = _within(found, 100) - 100
            earlier, before = before, found
        if harmonics:
            coder, fine = _code_harmonics(
                coder, buffer, sh_models, sh_mixers, rows, around, known, n, harmonics, symbols
            )
            if not fine:
                return coder, False
    return coder, True


@njit(cache=True)
def _code_direction(coder, buffer, models, mixers, rows, around, known, n, side, needle, symbols, places):
    """Code the place of a direction on the map: coarsely by the neighbours' places, the rest with even odds."""
    first = places[around[n, 0]] if known > 0 else _SIDE * _SIDE
    second = places[around[n, 1]] if known > 1 else _SIDE * _SIDE
    fine = min(_bits(side), 9)
    place = 0
    for axis in range(2):
        value = symbols[n, U + axis]
        coarse = value if side < _SIDE else value * _SIDE // side
        base = axis * _DIRECTION_ROWS[-1]
        if side > 1:
            seen = first * _SIDE + (place if axis else 0)
            rows[0] = (base + _DIRECTION_ROWS[0] + needle * (_SIDE * _SIDE + 1) * _SIDE + seen) * _SIDE
            rows[1] = (base + _DIRECTION_ROWS[1] + second) * _SIDE
            rows[2] = (base + _DIRECTION_ROWS[2] + (needle * 10 + fine) * _SIDE + (place if axis else 0)) * _SIDE
            coder, coarse = code_mixed_tree(
                coder, buffer, models, mixers, rows, 3, (axis * 2 + needle) * _COARSE, _COARSE, coarse
            )
            if side < _SIDE:
                value = min(coarse, side - 1)
            else:
                low = (coarse * side + _SIDE - 1) // _SIDE
                high = ((coarse + 1) * side + _SIDE - 1) // _SIDE
                coder, rest = code_uniform(coder, buffer, high - low, value - low)
                value = low + rest
        else:
            value = 0
        symbols[n, U + axis] = value
        middle = (2 * value + 1) * _SIDE // (2 * side)
        place = place * _SIDE + middle
    places[n] = place
    return coder


@njit(cache=True)
def _code_harmonics(coder, buffer, models, mixers, rows, around, known, n, harmonics, symbols):
    """Code the harmonics above degree 0, channel by channel: most of them are nothing."""
    colour_class = symbols[n, COLOUR_CLASS]
    unit = COLOUR[colour_class]
    recent = 0
    for channel in range(3):
        for k in range(harmonics):
            column = SYMBOLS + channel * harmonics + k
            near = np.int64(0)
            for b in range(known):
                other = around[n, b]
                near += abs(symbols[other, column]) * COLOUR[symbols[other, COLOUR_CLASS]]
            place = channel * 24 + k
            rows[0] = (_HARMONIC_ROWS[0] + place * CLASSES + colour_class) * INTEGER_MODELS
            rows[1] = (_HARMONIC_ROWS[1] + place * 16 + min(_bits(4 * near // unit), 15)) * INTEGER_MODELS
            rows[2] = (_HARMONIC_ROWS[2] + channel * 32 + min(recent, 31)) * INTEGER_MODELS
            beside = symbols[n, column - harmonics] if channel else 0
            rows[3] = (_HARMONIC_ROWS[3] + place * 5 + _within(beside, 2)) * INTEGER_MODELS
            coder, value = code_mixed_integer(
                coder, buffer, models, mixers, rows, _HARMONIC_CONTEXTS, place * INTEGER_MIXERS, symbols[n, column],
                _LARGEST,
            )  # fmt: skip
            symbols[n, column] = value
            if abs(value * unit) > 4096 * UNIT:
                return coder, False
            recent = (3 * recent + 3) // 4 + 4 * min(abs(value), 4) if value else 3 * recent // 4
    return coder, True
