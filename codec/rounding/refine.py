"""Rate in the loop: integers chosen by true distortion + lambda * bits, one Gaussian after another.

Each Gaussian in turn is taken out of the residual. Every neighbouring choice of its geometry (one step of a scale, of
the shear, of the position; one class up or down) is tried with the coefficient that suits it best, found in closed form
from inner products and a search over the nearest integers. The cheapest choice goes back in; a Gaussian that saves
less than its bits cost is left out. Distortion never counts what rounding would do: all of it is rounded already.
Gaussians that do not meet are visited at once (waves.py), which changes nothing.

Bits are those of a static model of the file's own symbols, renewed before every sweep.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from daub.codec import symbols as s
from daub.codec.entropy.network import FINE, H_CHROMA_1, H_CHROMA_2, H_LUMA, H_SCALE_1, H_SCALE_3, H_SHEAR
from daub.codec.evaluation.metrics import psnr_of_error
from daub.codec.rounding.choices import I1, I3, IK, MOVES, T, atom_of, choice_of, keep, levels_of, neighbour
from daub.codec.rounding.waves import waves_of
from daub.codec.symbols import Grid, Symbols, dequantise
from daub.codec.tradeoff import LAMBDA
from daub.render import compiling
from daub.render.cpu.atoms import ATOM, add, project
from daub.render.cpu.backend import CpuSurface
from daub.render.cpu.windows import CELL, SHORTEST, cells_for, include, project_reduced, snap
from daub.render.cpu.windows import means as cell_means
from daub.render.gaussians import SUPPORT
from daub.render.interruption import aside, go_on
from daub.render.jit import njit, parallel, prange
from daub.render.weighting import Weighting

PLACE_BITS = 2.6  # bits of a Gaussian's place, in the count of its cell

_BATCH = 256  # least number of Gaussians between two records of progress
_MOST_BATCHES = 1024  # most records of progress in a sweep: with 192, one of 33 megapixels took 0.4 s of a core
_SHOWN = 8  # copies of everything in a sweep, at most: a large picture has nothing to show before
_VISIT = 200  # pixels of an atom that take as long as what a visit costs however small the atom is
_SPAN = 64  # largest magnitude of integers whose bits are tabulated
# Columns that have tables of bits, in their order, and the heads of the network that say how many of them are fine.
_CODED = s.SCALE_1, s.SCALE_3, s.SHEAR, s.LUMA, s.CHROMA_1, s.CHROMA_2
_HEADS = H_SCALE_1, H_SCALE_3, H_SHEAR, H_LUMA, H_CHROMA_1, H_CHROMA_2
_SEEN = 1e-3  # energy of an atom at the pixels, below which none of them sees it
_PRIOR = 8.0  # observations that a smooth distribution counts for beside the file's histogram


@dataclass(frozen=True)
class RefineSettings:
    """How hard to search, and what a bit is worth.

    Args:
        sweeps: visits of every Gaussian, at least 0.
        lambda_: image energy that a bit must save, in units of d^2 per bit; 0 chooses by distortion alone.
        remove: whether Gaussians that are not worth their bits are left out.
    """

    sweeps: int = 4
    lambda_: float = LAMBDA
    remove: bool = True


@dataclass(frozen=True)
class RefineProgress:
    """The state after `step` of `steps`.

    Args:
        symbols: a snapshot of now, or the one of a few records before.
        psnr: dB before clipping, at the start of the sweep.
    """

    step: int
    steps: int
    symbols: Symbols
    psnr: float


def refine(
    target: np.ndarray, symbols: Symbols, grid: Grid, settings: RefineSettings, weights: Weighting | None = None
) -> Generator[RefineProgress, None, Symbols]:
    """Improve symbols that stand for a target.

    Args:
        target: (H, W, 3) float32 in [0, 1], or uint8.
        weights: of the pixels; None: all alike, and each alone.

    Yields:
        Progress, a record every few hundred Gaussians.

    Returns:
        The symbols in another order, fewer where some are removed; the given ones stay as they are.

    >>> from daub.codec.progress import drive
    >>> from daub.render.gaussians import Gaussians
    >>> grey, grid = np.full((16, 16, 3), 0.5, np.float32), Grid(16, 16, step_index=400, cell_log2=3)
    >>> wide = Gaussians.build([[7.5, 7.5]], [[[40.0, 0.0], [0.0, 40.0]]], [[0.5, 0.5, 0.5]])
    >>> symbols = s.quantise(wide, grid)
    >>> len(drive(refine(grey, symbols, grid, RefineSettings(sweeps=2))))
    1
    >>> len(drive(refine(0 * grey, symbols, grid, RefineSettings(sweeps=2))))  # black needs none
    0
    """
    values, origin = symbols.values, symbols.origin
    # On the CPU whatever the backend: a choice depends on all those before that it overlaps, so few are made at once.
    surface = CpuSurface(target, weights)
    frame = grid.width, grid.cell_log2, grid.columns, grid.rows, grid.step
    bit_energy = settings.lambda_ * grid.step**2
    batches = min(max(-(-len(values) // _BATCH), 1), _MOST_BATCHES)
    for sweep in range(settings.sweeps):
        # The weakest first: what they leave unsaid, the stronger ones can still make up for.
        order = np.argsort(values[:, s.CLASS], kind="stable")
        values, origin = np.ascontiguousarray(values[order]), None if origin is None else origin[order]
        tables = _tables(values)
        go_on()
        surface.error(dequantise(Symbols(values), grid))
        psnr = psnr_of_error(surface.squares / target.size)
        alive = np.ones(len(values), bool)
        members, start = aside(partial(waves_of, values, grid))
        done = np.append(0.0, np.cumsum(_work(values)[members]))[start]  # before each wave
        bounds = np.searchsorted(done, np.linspace(0, done[-1], batches + 1))
        for batch, (first, last) in enumerate(pairwise(bounds)):
            with parallel(grid.width * grid.height):
                _sweep(
                    values, alive, members, start[first : last + 1], surface.residual, surface.weights, surface.coarse,
                    frame, bit_energy, settings.remove, tables,
                )  # fmt: skip
            if batch % -(-batches // _SHOWN) == 0 or batch == batches - 1:
                shown = Symbols(values[alive])
            yield RefineProgress(sweep * batches + batch + 1, settings.sweeps * batches, shown, psnr)
        values, origin = values[alive], None if origin is None else origin[alive]
    return Symbols(values, origin)


def is_compiled() -> bool:
    """Whether the one kernel that takes half a minute to compile has been, for the sources as they are."""
    return compiling.is_compiled(_sweep)


def _work(values: np.ndarray) -> np.ndarray:
    """(N,) about how long it takes to visit each Gaussian: by its pixels, and those of its cells for each move."""
    octaves = values[:, [s.SCALE_1, s.SCALE_3]] * s.LOG_SCALE_STEP_OCTAVES[values[:, s.CLASS], None] / s.OCTAVE
    side = np.exp2(np.floor(np.log2(np.exp2(octaves.min(1)) / SHORTEST))).clip(1, CELL)
    return _VISIT + SUPPORT * math.pi * np.exp2(octaves.sum(1)) * (1 + MOVES / side**2)


def _tables(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Work out what each choice costs.

    Returns:
        bits: (6, CLASSES, 2 * _SPAN + 1) float32, of an integer above its centre without its fine bits, by column.
        class_bits: (CLASSES,) float32, of each class.
        centres: (2, CLASSES) int64, the mean scales i1 and i3 of each class, or what is likely where there are none.
    """
    t = values[:, s.CLASS]
    count = np.bincount(t, minlength=s.CLASSES)
    step, met = s.LOG_SCALE_STEP_OCTAVES, np.flatnonzero(count)
    centres = np.zeros((2, s.CLASSES), np.int64)
    if len(met):  # averages are in octaves, so that a class without Gaussians is taken for the nearest ones with some
        for row, column in zip(centres, (s.SCALE_1, s.SCALE_3), strict=True):
            octaves = np.bincount(t, values[:, column] * step[t])[met] / count[met]
            row[:] = np.round(np.interp(range(s.CLASSES), met, octaves) / step)
    reach = np.arange(-_SPAN, _SPAN + 1)
    bits = np.empty((len(_CODED), s.CLASSES, len(reach)), np.float32)
    for i, column in enumerate(_CODED):
        # Luma is taken with its sign, which is nearly what the coder does.
        integer = values[:, column] - (centres[i][t] if i < 2 else 0)
        coarse = np.clip(integer >> FINE[_HEADS[i]][t], -_SPAN, _SPAN)
        histogram = np.zeros((s.CLASSES, len(reach)))
        np.add.at(histogram, (t, coarse + _SPAN), 1)
        magnitude = ((histogram * abs(reach)).sum(1) + 1.5) / (count + 1)
        laplace = (magnitude / (1 + magnitude))[:, None] ** abs(reach)
        laplace /= laplace.sum(1, keepdims=True)
        bits[i] = -np.log2((histogram + _PRIOR * laplace) / (count[:, None] + _PRIOR) + 1e-6)
        bits[i] += FINE[_HEADS[i]][:, None]
    class_bits = -np.log2((count + 0.5) / (count.sum() + s.CLASSES / 2)).astype(np.float32)
    return bits, class_bits, centres


@njit(cache=True, inline="always")
def _bits_of(bits, which, t, integer):
    """Bits of an integer of class t in the table `which`, without those that are too fine to have a shape."""
    return bits[which, t, min(max(integer >> FINE[H_SCALE_1 + which, t], -_SPAN), _SPAN) + _SPAN]


@njit(cache=True)
def _geometry_bits(choice, cell_log2, bits, class_bits, centres):
    """Bits of a geometry: class, place inside the cell, scales and shear."""
    t = choice[T]
    levels_x, levels_y = levels_of(choice, cell_log2)
    total = class_bits[t] + math.log2(levels_x * levels_y)
    total += _bits_of(bits, 0, t, choice[I1] - centres[0, t])
    total += _bits_of(bits, 1, t, choice[I3] - centres[1, t])
    return total + _bits_of(bits, 2, t, choice[IK])


@njit(cache=True)
def _best_colour(moments, seen, t, step, bit_energy, bits, colour):
    """Fill colour (3,) with the integers of least error + bit_energy * bits, each next to the optimum or zero.

    Args:
        seen: least energy of an atom that is worth a look.

    Returns:
        That sum, against leaving the Gaussian out and its bits uncounted; infinite for an atom that no pixel sees.
    """
    colour[:] = 0
    energy = moments[3]
    if energy < seen:
        return math.inf
    total = 0.0
    for i in range(3):  # channels are independent, as luma-chroma is orthonormal
        slope = s.LUMA_CHROMA[i, 0] * moments[0] + s.LUMA_CHROMA[i, 1] * moments[1] + s.LUMA_CHROMA[i, 2] * moments[2]
        best = bit_energy * _bits_of(bits, 3 + i, t, 0)
        colour[i] = 0
        low = math.floor(-slope / energy / step)
        for integer in (low, low + 1):
            if abs(integer) >> FINE[H_LUMA + i, t] > _SPAN:
                continue  # beyond the table of bits
            e = integer * step
            cost = 2 * e * slope + energy * e * e + bit_energy * _bits_of(bits, 3 + i, t, integer)
            if cost < best:
                best = cost
                colour[i] = integer
        total += best
    return total


@njit(parallel=True, nogil=True, cache=True)
def _sweep(values, alive, members, start, residual, weights, coarse, frame, bit_energy, remove, tables):
    """Visit the Gaussians of some waves once; values (N, COLUMNS), alive (N,) and the residual follow.

    Args:
        members, start: the waves, as `waves_of` has them.
        residual, weights, coarse: of a `CpuSurface`.
        frame: (width, cell_log2, columns, rows, step) of the grid.
        bit_energy: image energy that a bit must save.
        remove: whether those that are not worth their bits are left out.
        tables: what choices cost, as `_tables` has them.
    """
    for wave in range(len(start) - 1):
        for i in prange(start[wave], start[wave + 1]):
            alive[members[i]] = _visit(values[members[i]], residual, weights, coarse, frame, bit_energy, remove, tables)


@njit(cache=True)
def _visit(value, residual, weights, coarse, frame, bit_energy, remove, tables):
    """Give a Gaussian, value (COLUMNS,), the choice that costs least; False where that is to leave it out.

    The residual follows. Arguments: those of `_sweep`.
    """
    width, cell_log2, columns, rows, step = frame
    bits, class_bits, centres = tables
    choice, moved = np.empty(6, np.int64), np.empty(6, np.int64)
    atom, moments = np.empty(ATOM, np.float32), np.empty(4)
    colour, trial, e = np.empty(3, np.int64), np.empty(3, np.int64), np.empty(3)
    window = np.zeros(4, np.int64)
    choice_of(value, cell_log2, choice)
    colour[:] = value[s.LUMA : s.CHROMA_2 + 1]
    _coefficient(colour, step, e)
    atom_of(choice, cell_log2, atom)
    add(residual, weights, coarse, width, atom, -e)
    side = cells_for(atom)
    if side > 1:
        side = _window(choice, atom, side, cell_log2, columns, rows, width, len(residual), window)
    if side == 1:
        window[:] = 0  # no cells are asked for
    means = cell_means(residual, window, side, 3)
    weight_means = cell_means(weights, window, side, 1) if weights is not None else None
    _project(residual, weights, means, weight_means, coarse, width, window, side, atom, moments)
    area = np.float64(width) * len(residual)
    best = _best_colour(moments, _seen(atom, area), choice[T], step, bit_energy, bits, trial)
    best += bit_energy * _geometry_bits(choice, cell_log2, bits, class_bits, centres)
    colour[:] = trial
    for move in range(MOVES):
        if not neighbour(choice, move, cell_log2, columns, rows, moved):
            continue
        atom_of(moved, cell_log2, atom)
        _project(residual, weights, means, weight_means, coarse, width, window, side, atom, moments)
        cost = _best_colour(moments, _seen(atom, area), moved[T], step, bit_energy, bits, trial)
        cost += bit_energy * _geometry_bits(moved, cell_log2, bits, class_bits, centres)
        if cost < best:
            best = cost
            choice[:] = moved
            colour[:] = trial
    if remove and (best + bit_energy * PLACE_BITS >= 0 or not colour.any()):
        return False
    _coefficient(colour, step, e)
    atom_of(choice, cell_log2, atom)
    add(residual, weights, coarse, width, atom, e)
    keep(choice, cell_log2, value)
    value[s.LUMA : s.CHROMA_2 + 1] = colour
    return True


@njit(cache=True, inline="always")
def _seen(atom, area):
    """The least energy of an atom that some pixel sees; one that is broader than the picture has but a share in it."""
    return _SEEN * min(area * atom[ATOM - 1] ** 2, 1.0)


@njit(cache=True)
def _window(choice, atom, side, cell_log2, columns, rows, width, height, window):
    """Fill window with the pixels that a choice, of this atom, and its neighbours touch: waves keep others out of them.

    Returns:
        The side of the cells, at most that given, which the window is whole ones of.
    """
    moved, neighbouring, bounds = np.empty(6, np.int64), np.empty(ATOM, np.float32), np.empty(4)
    bounds[:2], bounds[2:] = math.inf, -math.inf
    include(atom, bounds)
    for move in range(MOVES):
        if neighbour(choice, move, cell_log2, columns, rows, moved):
            atom_of(moved, cell_log2, neighbouring)
            include(neighbouring, bounds)
    snap(bounds, width, height, window)
    while side > 1 and ((window[2] - window[0]) % side or (window[3] - window[1]) % side):
        side //= 2
    return side


@njit(cache=True)
def _project(residual, weights, means, weight_means, coarse, width, window, side, atom, moments):
    """Fill moments (4,) as `atoms.project`, where it is large enough by the means of a window."""
    if side > 1:
        project_reduced(means, weight_means, coarse, window, side, atom, moments)
    else:
        project(residual, weights, coarse, width, atom, moments)


@njit(cache=True, inline="always")
def _coefficient(colour, step, e):
    """Fill e (3,) with the red, green and blue of integers of luma-chroma."""
    for channel in range(3):
        e[channel] = 0.0
        for i in range(3):
            e[channel] += step * colour[i] * s.LUMA_CHROMA[i, channel]
