"""Choices of a Gaussian's geometry in integers, and their neighbours: what a refinement tries.

A choice is six integers, (T, I1, I3, IK, PX, PY): class, scales, shear, and the position as a number of places from the
image's left and top.
"""

import math

from daub.codec import symbols as s
from daub.codec.entropy.network import levels
from daub.render.jit import njit

T, I1, I3, IK, PX, PY = range(6)
MOVES = 12  # neighbours of a choice: one down and one up of each number, in their order

_SMALLEST_OCTAVES = round(math.log2(0.35) * s.OCTAVE)  # shortest standard deviation, 0.35 pixels as in fits


@njit(cache=True)
def levels_of(choice, cell_log2):
    """Places per cell along x and y."""
    step = s.LOG_SCALE_STEP_OCTAVES[choice[T]]
    return (
        levels(choice[I1] * step, choice[T], cell_log2),
        levels(choice[I3] * step, choice[T], cell_log2),
    )


@njit(cache=True)
def choice_of(value, cell_log2, choice):
    """Fill choice with the geometry of value (COLUMNS,)."""
    choice[:4] = value[s.CLASS], value[s.SCALE_1], value[s.SCALE_3], value[s.SHEAR]
    levels_x, levels_y = levels_of(choice, cell_log2)
    choice[PX] = value[s.CELL_X] * levels_x + value[s.SUB_X]
    choice[PY] = value[s.CELL_Y] * levels_y + value[s.SUB_Y]


@njit(cache=True)
def keep(choice, cell_log2, value):
    """Put a geometry into value (COLUMNS,)."""
    levels_x, levels_y = levels_of(choice, cell_log2)
    value[s.CLASS], value[s.SCALE_1], value[s.SCALE_3], value[s.SHEAR] = choice[T], choice[I1], choice[I3], choice[IK]
    value[s.CELL_X], value[s.SUB_X] = choice[PX] // levels_x, choice[PX] % levels_x
    value[s.CELL_Y], value[s.SUB_Y] = choice[PY] // levels_y, choice[PY] % levels_y


@njit(cache=True)
def neighbour(choice, move, cell_log2, columns, rows, moved):
    """Fill moved with a neighbour of choice; False where there is none."""
    moved[:] = choice
    what, by = move // 2, 2 * (move % 2) - 1
    t = choice[T]
    moved[what] += by
    if what == T:
        if not 0 <= moved[T] < s.CLASSES:
            return False
        old, new = s.LOG_SCALE_STEP_OCTAVES[t], s.LOG_SCALE_STEP_OCTAVES[moved[T]]
        moved[I1] = round(choice[I1] * old / new)
        moved[I3] = round(choice[I3] * old / new)
        moved[IK] = round(choice[IK] * s.SHEAR_STEP[t] / s.SHEAR_STEP[moved[T]])
    for i in (I1, I3):
        octaves, before = moved[i] * s.LOG_SCALE_STEP_OCTAVES[moved[T]], choice[i] * s.LOG_SCALE_STEP_OCTAVES[t]
        if abs(octaves) > s.LARGEST_OCTAVES or (octaves < _SMALLEST_OCTAVES and octaves < before):
            return False
    if abs(moved[IK]) > s.LARGEST_SHEAR // s.SHEAR_STEP[moved[T]]:
        return False
    levels_x, levels_y = levels_of(choice, cell_log2)
    new_x, new_y = levels_of(moved, cell_log2)
    if new_x != levels_x:
        moved[PX] = (2 * choice[PX] + 1) * new_x // (2 * levels_x)
    if new_y != levels_y:
        moved[PY] = (2 * choice[PY] + 1) * new_y // (2 * levels_y)
    return 0 <= moved[PX] < columns * new_x and 0 <= moved[PY] < rows * new_y


@njit(cache=True)
def atom_of(choice, cell_log2, atom):
    """Fill atom with what the kernels of render/cpu/atoms.py take for a geometry."""
    cell = 1 << cell_log2
    levels_x, levels_y = levels_of(choice, cell_log2)
    step = s.LOG_SCALE_STEP_OCTAVES[choice[T]]
    octaves_1, octaves_3 = choice[I1] * step / s.OCTAVE, choice[I3] * step / s.OCTAVE
    atom[0] = (choice[PX] + 0.5) / levels_x * cell - 0.5
    atom[1] = (choice[PY] + 0.5) / levels_y * cell - 0.5
    atom[2] = 2.0**-octaves_1
    atom[3] = 2.0**-octaves_3
    atom[4] = choice[IK] * s.SHEAR_STEP[choice[T]]
    atom[5] = 2.0 ** (-0.5 * (octaves_1 + octaves_3)) / math.sqrt(math.pi)
