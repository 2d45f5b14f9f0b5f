"""The steps of the quantisers, in tables: all integers, as the entropy decoder is steered by them.

A Gaussian has two classes: the colour class says how much light it brings to the views, the shape class how much the
views change with its opacity, shape and place, which is less where it looks as what lies behind it. Class t is
log4(E / d^2) + FIRST, rounded, with E the energy (`CpuView.energies`) and d the distortion spent on every
number; halving the steps with every class costs all numbers alike. Finer classes would fit the energies better, and
cost more bits than that saves (4 % with twice as many).

Logarithms of lengths count from the side of the scene's box, in 1/256 octave.
"""

from __future__ import annotations

import numpy as np

from daub.render.jit import njit

CLASSES = 16
FIRST = 2  # class of an energy that is one d^2
OCTAVE = 256  # units of a logarithm
UNIT = 65536  # of a step

# Steps in class FIRST, as multiples of what would cost d^2 / 12 if attributes were exactly as sensitive as the model
# of the energies says, and the largest of all. Measured: noise of one attribute alone, equal cost for each number.
_SCALE, _LARGEST_SCALE = 1.0, 1.0  # octaves
_OPACITY, _LARGEST_OPACITY = 1.7, 1.5  # octaves
_PLACE, _LARGEST_PLACE = 1.0, 1.5  # standard deviations
_COLOUR, _LARGEST_COLOUR = 1.0, 1.0  # of the range of a channel
_TURN = 0.3  # times what the anisotropy makes of it

_FALL = 2.0 ** -(np.arange(CLASSES) - FIRST)


def _table(step: float, largest: float) -> np.ndarray:
    return np.maximum(np.round(UNIT * np.minimum(step * _FALL, largest)), 1).astype(np.int64)


SCALE = _table(_SCALE, _LARGEST_SCALE)  # of log2 of a standard deviation, in 1/65536 octave
OPACITY = _table(_OPACITY, _LARGEST_OPACITY)  # of log2 of the opacity, likewise
COLOUR = _table(_COLOUR, _LARGEST_COLOUR)  # of luma and chroma, and of the harmonics times C0, in 1/65536
PLACE = np.round(OCTAVE * np.log2(np.minimum(_PLACE * _FALL, _LARGEST_PLACE))).astype(np.int64)  # log2 of the pitch
TURN = np.round(OCTAVE * -np.log2(_TURN * _FALL)).astype(np.int64)  # log2 of the turns that a radian is divided into

_SIXTEENTH = OCTAVE // 16
# log2(2^r - 2^-r) of r = i / 16 octaves: how far a turn by a radian bends two axes apart by so much.
BEND = np.round(OCTAVE * np.log2(np.maximum(2.0 ** (np.arange(512) / 16) - 2.0 ** -(np.arange(512) / 16), 2.0**-8)))
BEND = BEND.astype(np.int64)
LEVELS = np.round(2.0 ** (np.arange(257) / 16)).astype(np.int64)  # 2^(i / 16), 1 to 65536
_POWERS = np.round(UNIT * 2.0 ** (np.arange(16) / 16)).astype(np.int64)
_LOGARITHMS = np.round(OCTAVE * np.log2(1 + np.arange(64) / 64)).astype(np.int64)
_LOG2_PI = round(OCTAVE * np.log2(np.pi))
LARGEST_DIRECTIONS = 4096  # a side of the map of directions, and turns of the roll


@njit(cache=True)
def levels(log2):
    """A number of levels, 1..65536, of its logarithm in 1/256 octave."""
    return LEVELS[min(max((log2 + _SIXTEENTH // 2) // _SIXTEENTH, 0), 256)]


@njit(cache=True)
def bend(first, second):
    """log2 of how much a turn bends two axes, of the logarithms of their lengths, the longer first; 1/256 octave."""
    return BEND[min(max((first - second + _SIXTEENTH // 2) // _SIXTEENTH, 0), 511)]


@njit(cache=True)
def _log2(value):
    """log2 of a positive integer, in 1/256 octave."""
    bits = 0
    while value < 64:
        value <<= 1
        bits -= 1
    while value >= 128:
        value >>= 1
        bits += 1
    return (bits + 6) * OCTAVE + _LOGARITHMS[value - 64]


@njit(cache=True)
def _power(log2):
    """2^(log2 / 256) in 1/65536, of -16 to 30 octaves."""
    sixteenths = (min(max(log2, -16 * OCTAVE), 30 * OCTAVE) + _SIXTEENTH // 2) // _SIXTEENTH
    octaves = sixteenths >> 4
    value = _POWERS[sixteenths & 15]
    return value << octaves if octaves >= 0 else value >> -octaves


@njit(cache=True)
def is_needle(long, middle, short):
    """The longest axis stands out rather than the shortest: it is the one whose direction is coded."""
    return long - middle > middle - short


@njit(cache=True)
def directions(shape_class, long, middle, short):
    """How finely the direction of the main axis and the roll about it are coded, of the log-lengths of the axes.

    Returns:
        The side of the map of directions, and the turns that half a circle of the roll has; both 1..LARGEST_DIRECTIONS.
    """
    if is_needle(long, middle, short):
        main, roll = bend(long, middle) + bend(long, short), bend(middle, short)
    else:
        main, roll = bend(middle, short) + bend(long, short), bend(long, middle)
    side = levels(OCTAVE + main // 2 + TURN[shape_class])
    return min(side, LARGEST_DIRECTIONS), min(levels(_LOG2_PI + roll + TURN[shape_class]), LARGEST_DIRECTIONS)


@njit(cache=True)
def direction_numbers(side, u, v):
    """A direction of the upper half of the sphere as three integers, not normalised, of its place on the map.

    The map is the octahedral one of half a sphere, turned by 45 degrees (Cigolle et al., A Survey of Efficient
    Representations for Independent Unit Vectors, 2014), of side x side places; u and v are 0..side-1.
    """
    a, b = 2 * u + 1 - side, 2 * v + 1 - side
    return a + b, a - b, 2 * side - abs(a + b) - abs(a - b)


@njit(cache=True)
def place_levels(shape_class, depth, long, middle, short, x, y, z, out):
    """Into how many levels a cell of the octree is divided along each axis: out (3,), each 1..65536.

    The pitch is a share of the standard deviation along the axis with the others held, that is 1 / sqrt of the diagonal
    of the inverse covariance, with the two axes across the main one taken as equally long.

    Args:
        x, y, z: the direction of the main axis, as `direction_numbers` gives it.
    """
    if is_needle(long, middle, short):
        main, across = long, (middle + short) >> 1
    else:
        main, across = short, (long + middle) >> 1
    ratio = _power(2 * (across - main))
    length = x * x + y * y + z * z
    for axis in range(3):
        along = x if axis == 0 else (y if axis == 1 else z)
        square = along * along * 65536 // length
        precision = _log2(max(65536 + (square * (ratio - 65536) >> 16), 1)) - 16 * OCTAVE
        out[axis] = levels(-depth * OCTAVE - PLACE[shape_class] - across + precision // 2)
