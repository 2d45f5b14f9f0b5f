"""Splats <-> the integers of a file (FORMAT.md, "Scenes")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.codec.scenes.coding import octree, steps
from daub.codec.scenes.coding.attributes import (
    CHROMA_2,
    COLOUR_CLASS,
    FADING,
    LONG,
    LUMA,
    MIDDLE,
    ROLL,
    SHAPE_CLASS,
    SHORT,
    SYMBOLS,
    U,
    V,
    X,
    number_of_columns,
)
from daub.codec.scenes.coding.steps import FIRST, OCTAVE, UNIT
from daub.codec.scenes.reading import done
from daub.codec.scenes.rotations import quaternions, rotations
from daub.render.jit import njit
from daub.render.splats.splats import C0, HARMONICS, Splats

MOST_OPAQUE = 1 - 2.0**-12  # renderers end at 0.99
LARGEST_OCTAVES = 64  # of a length above the resolution; longer ones become as long as that
LARGEST_COLOUR = 32  # of luma, chroma and harmonics, times their ranges: beyond it is no light; 4096 would be read
_THINNEST = 1 / 16  # of a Gaussian, as a share of the resolution

# Luma and the two chromas of a colour, by rows; orthonormal.
LUMA_CHROMA = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])


@dataclass(frozen=True)
class Box:
    """The cube that the octree divides.

    Args:
        origin: (3,) float32, its corner of the smallest coordinates.
        side: float32 above 0, in the lengths of the scene.
        depth: levels of the octree, 0..20.
        floor: log2 of the resolution over the side, in 1/256 octave: finer than that no shape is told apart.
    """

    origin: np.ndarray
    side: np.float32
    depth: int
    floor: int

    @property
    def resolution(self) -> float:
        """In the lengths of the scene."""
        return float(self.side) * 2.0 ** (self.floor / OCTAVE)


@dataclass(frozen=True, eq=False)
class SceneSymbols:
    """A scene as integers, in the order of the file.

    Args:
        box: where it lies.
        degree: of the harmonics, 0..4.
        antialiased: as of `Splats`.
        leaves: (M,) int64 sorted Morton codes of the occupied cells.
        counts: (M,) int64 Gaussians in each.
        table: (N, 15 + 3 K) int32, columns as in `attributes`.
        levels: (N, 3) int32: into how many levels its cell is divided along x, y, z.
    """

    box: Box
    degree: int
    antialiased: bool
    leaves: np.ndarray
    counts: np.ndarray
    table: np.ndarray
    levels: np.ndarray

    def __len__(self) -> int:
        return len(self.table)

    def splats(self) -> Splats:
        """The scene, float32."""
        table, box = self.table.astype(np.int64), self.box
        cells = np.repeat(octree.cells_of(self.leaves), self.counts, axis=0)
        means = (cells + (table[:, X : X + 3] + 0.5) / self.levels) * 2.0**-box.depth * float(box.side)
        done(0.2)
        logs = _lengths(table, box.floor) / OCTAVE
        squares = 4.0**logs - 4.0 ** (box.floor / OCTAVE)
        squares = np.maximum(squares, (_THINNEST * 2.0 ** (box.floor / OCTAVE)) ** 2) * float(box.side) ** 2
        opacity = np.minimum(2.0 ** (-table[:, FADING] * steps.OPACITY[table[:, SHAPE_CLASS]] / UNIT), MOST_OPAQUE)
        done(0.4)
        colour_step = (steps.COLOUR[table[:, COLOUR_CLASS]] / UNIT)[:, None]
        dc = (table[:, LUMA : CHROMA_2 + 1] * colour_step @ LUMA_CHROMA - 0.5) / C0
        harmonics = HARMONICS[self.degree]
        sh = table[:, SYMBOLS:].reshape(len(table), 3, harmonics).transpose(0, 2, 1) * colour_step[:, :, None]
        done(0.6)
        return Splats(
            (means + box.origin).astype(np.float32),
            (0.5 * np.log(squares)).astype(np.float32),
            quaternions(_axes(table, box.floor)).astype(np.float32),
            np.log(opacity / (1 - opacity)).astype(np.float32),
            dc.astype(np.float32),
            (sh @ LUMA_CHROMA / C0).astype(np.float32),
            self.antialiased,
        )


def quantise(splats: Splats, classes: np.ndarray, box: Box) -> SceneSymbols:
    """The integers of a scene.

    Args:
        classes: (N, 2) int: the colour class and the shape class of each Gaussian, as `classes_of` gives them.
        box: around all means.
    """
    inside = (splats.means.astype(np.float64) - box.origin) / float(box.side) * 2**box.depth
    cells = np.clip(np.floor(inside), 0, 2**box.depth - 1).astype(np.int64)
    codes = octree.morton_codes(cells)
    order = np.argsort(codes, kind="stable")
    splats, classes, inside, cells = splats.take(order), classes[order], inside[order], cells[order]
    leaves, counts = np.unique(codes[order], return_counts=True)
    table = np.zeros((len(splats), number_of_columns(HARMONICS[splats.degree])), np.int64)
    table[:, [COLOUR_CLASS, SHAPE_CLASS]] = classes
    shape_class = classes[:, 1]
    opacity = np.clip(splats.opacity.astype(np.float64), 2.0**-15, 1)
    table[:, FADING] = np.round(-np.log2(opacity) * UNIT / steps.OPACITY[shape_class])
    axes = _quantise_lengths(splats, box, table)
    _quantise_axes(axes, box.floor, table)
    levels = np.empty((len(splats), 3), np.int32)
    _place_levels(table, box.depth, box.floor, levels)
    table[:, X : X + 3] = np.clip(np.floor((inside - cells) * levels), 0, levels - 1)
    colour_step = (steps.COLOUR[classes[:, 0]] / UNIT)[:, None]
    colour = 0.5 + C0 * splats.dc.astype(np.float64)
    most = (LARGEST_COLOUR / colour_step).astype(np.int64)
    table[:, LUMA : CHROMA_2 + 1] = np.round(colour @ LUMA_CHROMA.T / colour_step).clip(-most, most)
    harmonics = C0 * splats.sh.astype(np.float64) @ LUMA_CHROMA.T / colour_step[:, :, None]
    # Rounded towards nothing a little: what is next to nothing costs more bits than it is worth.
    harmonics = (np.sign(harmonics) * np.floor(np.abs(harmonics) + 0.4)).clip(-most[:, :, None], most[:, :, None])
    table[:, SYMBOLS:] = harmonics.transpose(0, 2, 1).reshape(len(table), -1)
    return SceneSymbols(
        box, splats.degree, splats.antialiased, leaves, counts.astype(np.int64), table.astype(np.int32), levels
    )


def classes_of(energies: np.ndarray, distortion: float) -> np.ndarray:
    """(N, 2) int64 classes of colour and shape of (N, 2) energies, at a distortion d for every number."""
    logs = np.log2(np.maximum(energies, 1e-30) / distortion**2) / 2
    return np.clip(np.round(logs) + FIRST, 0, steps.CLASSES - 1).astype(np.int64)


def box_of(splats: Splats, resolution: float, depth: int) -> Box:
    """The cube around a scene.

    Args:
        resolution: finer than this no shape is told apart, in the lengths of the scene.
    """
    low = splats.means.min(axis=0).astype(np.float32)
    side = np.float32(max(float((splats.means - low).max()), resolution)) * np.float32(1 + 2.0**-16)
    floor = round(OCTAVE * np.log2(resolution / float(side)))
    return Box(low, side, depth, min(max(floor, -64 * OCTAVE), 0))


def _lengths(table: np.ndarray, floor: int) -> np.ndarray:
    """(N, 3) int64 logarithms of the lengths of the axes over the side, longest first, in 1/256 octave."""
    step = steps.SCALE[table[:, SHAPE_CLASS]]
    long = floor + (table[:, LONG] * step >> 8)
    middle = long - (table[:, MIDDLE] * step >> 8)
    return np.stack([long, middle, middle - (table[:, SHORT] * step >> 8)], axis=1)


def _quantise_lengths(splats: Splats, box: Box, table: np.ndarray) -> np.ndarray:
    """Fills in the lengths; gives the axes (N, 3, 3), one a column, the longest first."""
    squares = np.exp(2 * splats.log_scales.astype(np.float64)) / float(box.side) ** 2 + 4.0 ** (box.floor / OCTAVE)
    order = np.argsort(-squares, axis=1, kind="stable")
    logs = 0.5 * np.log2(np.take_along_axis(squares, order, axis=1)) - box.floor / OCTAVE
    ranks = np.round(logs.clip(max=LARGEST_OCTAVES) * UNIT / steps.SCALE[table[:, SHAPE_CLASS]][:, None])
    ranks = np.minimum(ranks, LARGEST_OCTAVES * UNIT // steps.SCALE[table[:, SHAPE_CLASS]][:, None]).astype(np.int64)
    table[:, LONG] = ranks[:, 0]
    table[:, MIDDLE], table[:, SHORT] = ranks[:, 0] - ranks[:, 1], ranks[:, 1] - ranks[:, 2]
    return np.take_along_axis(rotations(splats.rotations), order[:, None, :], axis=2)


def _quantise_axes(axes: np.ndarray, floor: int, table: np.ndarray) -> None:
    """Fills in the direction of the main axis and the roll."""
    sides, turns = _directions(table, floor)
    needle = _needles(table, floor)
    main = np.where(needle[:, None], axes[:, :, 0], axes[:, :, 2])
    main = main * np.where(main[:, 2:] < 0, -1, 1)
    flat = main[:, :2] / np.abs(main).sum(axis=1, keepdims=True)
    place = np.stack([flat[:, 0] + flat[:, 1], flat[:, 0] - flat[:, 1]], axis=1)
    place = np.floor((place + 1) / 2 * sides[:, None]).astype(np.int64)
    table[:, [U, V]] = np.clip(place, 0, sides[:, None] - 1)
    first, second = _across(_main(table, sides))
    other = np.where(needle[:, None], axes[:, :, 1], axes[:, :, 0])
    angle = np.arctan2((other * second).sum(axis=1), (other * first).sum(axis=1)) % np.pi
    table[:, ROLL] = np.floor(angle / np.pi * turns).astype(np.int64) % turns


def _axes(table: np.ndarray, floor: int) -> np.ndarray:
    """(N, 3, 3) the axes, one a column, the longest first: a rotation."""
    sides, turns = _directions(table, floor)
    main = _main(table, sides)
    first, second = _across(main)
    angle = ((table[:, ROLL] + 0.5) / turns * np.pi)[:, None]
    other = first * np.cos(angle) + second * np.sin(angle)
    third = np.cross(main, other)
    needle = _needles(table, floor)[:, None, None]
    return np.where(needle, np.stack([main, other, third], axis=2), np.stack([other, third, main], axis=2))


def _needles(table: np.ndarray, floor: int) -> np.ndarray:
    long, middle, short = _lengths(table, floor).T
    return long - middle > middle - short


def _main(table: np.ndarray, sides: np.ndarray) -> np.ndarray:
    a, b = 2 * table[:, U] + 1 - sides, 2 * table[:, V] + 1 - sides
    numbers = np.stack([a + b, a - b, 2 * sides - abs(a + b) - abs(a - b)], axis=1).astype(np.float64)
    return numbers / np.linalg.norm(numbers, axis=1, keepdims=True)


def _across(main: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two axes across unit vectors (N, 3) with z >= 0 (Duff et al., Building an Orthonormal Basis, 2017)."""
    x, y, z = main.T
    a = -1 / (1 + z)
    b = x * y * a
    return np.stack([1 + x * x * a, b, -x], axis=1), np.stack([b, 1 + y * y * a, -y], axis=1)


@njit(nogil=True, cache=True)
def _directions_of(table, lengths, sides, turns):
    for n in range(len(table)):
        sides[n], turns[n] = steps.directions(table[n, SHAPE_CLASS], lengths[n, 0], lengths[n, 1], lengths[n, 2])


def _directions(table: np.ndarray, floor: int) -> tuple[np.ndarray, np.ndarray]:
    """(N,) int64 sides of the map of directions, and turns of half a circle of the roll."""
    sides, turns = np.empty(len(table), np.int64), np.empty(len(table), np.int64)
    _directions_of(table, _lengths(table, floor), sides, turns)
    return sides, turns


@njit(nogil=True, cache=True)
def _place_levels_of(table, lengths, sides, depth, levels):
    out = np.empty(3, np.int64)
    for n in range(len(table)):
        x, y, z = steps.direction_numbers(sides[n], table[n, U], table[n, V])
        steps.place_levels(table[n, SHAPE_CLASS], depth, lengths[n, 0], lengths[n, 1], lengths[n, 2], x, y, z, out)
        levels[n] = out


def _place_levels(table: np.ndarray, depth: int, floor: int, levels: np.ndarray) -> None:
    _place_levels_of(table, _lengths(table, floor), _directions(table, floor)[0], depth, levels)
