"""Large Gaussians at a reduced size: a pyramid of pictures, in which each Gaussian stands where it is small enough.

Most pairs of pixel and Gaussian belong to few Gaussians, of which a pixel says little that its neighbours do not say
too: of 2238 on kodim03 the 7 % whose shorter standard deviation is above 8 pixels have 77 % of the work. Level k is
2^k times as small, and has those whose shorter standard deviation is SHORTEST of its pixels or more.

    forward    level 2 --widened--> + level 1 --widened--> + level 0 = picture
    backward   level 2 <--narrowed-- level 1 <--narrowed-- level 0 = cotangent, and each gathers for its own Gaussians

- Widening is by two, with the taps (1, 5, 10, 10, 5, 1) / 16 in both directions: smooth enough to leave no trace of the
  coarse grid. It blurs by a variance that is known, so a level draws its Gaussians narrower by as much, with the same
  integral.
- Narrowing is its transpose: gradients are those of the picture that is drawn.
- A level has a margin around it, as pixels at the border take from coarse ones beyond.

What is left as an error comes from the edge of the support, where a Gaussian is not smooth: 1 / 500 000 of the energy
of the Gaussians that are drawn reduced, which is for fits, and not for decoders.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from daub.render.cpu.binned import Binned, Derived
from daub.render.cpu.blocks import BAND_ROWS, BLOCK, LANES
from daub.render.gaussians import PARAMETERS, Gaussians
from daub.render.jit import FAST, njit, prange
from daub.render.weighting import shared_energy

SHORTEST = 3.0  # least shorter standard deviation of a Gaussian of a level, in pixels of that level
DEEPEST = 4  # the last level, a sixteenth as wide as the picture
LEAST_PIXELS = 1 << 16  # of a picture that has levels: with fewer, the calls of more kernels cost what they save
LEAST_SIDE = 8  # pixels of the shorter side of a level
MARGIN = 4  # pixels around a level; even
BLUR = 1.25  # pixels^2 of the finer level, what widening by two adds to both variances
HALF = LANES // 2

_f = np.float32
FAR, NEAR, MOST = _f(1 / 16), _f(5 / 16), _f(10 / 16)  # taps of a pixel, by how far a coarse one is


class Level(NamedTuple):
    """One picture of the pyramid."""

    number: int  # 0 for the full size
    width: int  # pixels, margins included
    height: int
    margin: int  # pixels on each side
    weights: np.ndarray | None  # (H, blocks, LANES) of its pixels, means of those of the full size
    canvas: np.ndarray | None  # (H, blocks, BLOCK), what is drawn or narrowed last; None for the full size


class Placed(NamedTuple):
    """The Gaussians of one level."""

    level: Level
    members: np.ndarray | slice  # (M,) which ones they are
    gaussians: Gaussians  # (M, 8), as the level draws them
    binned: Binned


class Levels:
    """The pyramid over one picture.

    Args:
        width, height: of the picture, pixels.
        weights: of its pixels in blocks, (H, blocks, LANES) float32; None: all alike.
        reduced: whether there is more than the full size, if the picture is large enough.
    """

    def __init__(self, width: int, height: int, weights: np.ndarray | None, reduced: bool):
        self._levels = [Level(0, width, height, 0, weights, None)]
        deepest = DEEPEST if reduced and width * height >= LEAST_PIXELS else 0
        while len(self._levels) <= deepest and min(width, height) >= 2 * LEAST_SIDE:
            width, height = -(-width // 2), -(-height // 2)
            self._levels.append(_half(self._levels[-1], width, height))

    def place(self, gaussians: Gaussians) -> list[Placed]:
        """Puts Gaussians on their levels, the full size first; levels beyond the last one that has any are left out."""
        number = np.zeros(len(gaussians), np.int8)
        choose_levels(gaussians.parameters, len(self._levels) - 1, number)
        deepest = int(number.max(initial=0))
        if not deepest:
            return [_placed(self._levels[0], slice(None), gaussians)]
        placed = []
        for level in self._levels[: deepest + 1]:
            members = np.flatnonzero(number == level.number)
            there = Gaussians(gaussians.parameters[members])
            if level.number:
                narrow_gaussians(there.parameters, _f(2**level.number), _blur(level))
            placed.append(_placed(level, members, there))
        return placed

    def rasterise(self, placed: list[Placed], blocks: np.ndarray) -> None:
        """Fills blocks (H, blocks, BLOCK) with the sum of all Gaussians."""
        coarser = None
        for level, _, _, binned in reversed(placed):
            canvas = blocks if level.canvas is None else level.canvas
            binned.rasterise(level.width, canvas)
            if coarser is not None:
                widen(coarser, level.margin, canvas)
            coarser = canvas

    def gather(
        self, placed: list[Placed], cotangent: np.ndarray, coarse: float
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """As `Binned.gather`, of a cotangent (H, blocks, BLOCK) of the full size."""
        if len(placed) == 1:
            level, _, _, binned = placed[0]
            return binned.gather(cotangent, level.width, level.weights, coarse)
        count = sum(len(each.gaussians) for each in placed)
        gradient, energy = np.empty((count, PARAMETERS), np.float32), np.empty(count, np.float32)
        finer, margin = cotangent, 0
        for level, members, there, binned in placed:
            if level.canvas is not None:
                narrow(finer, margin, level.canvas, level.width)
                finer, margin = level.canvas, level.margin
            own, own_energy = binned.gather(finer, level.width, level.weights, 0.0 if level.number else coarse)
            if level.number:
                widen_gradient(there.parameters, _f(2**level.number), _blur(level), own)
            gradient[members] = own
            if own_energy is not None:
                energy[members] = own_energy * _shared(level, there, coarse) if level.number else own_energy
        return gradient, None if placed[0].level.weights is None else energy


def _half(finer: Level, width: int, height: int) -> Level:
    """The level after one, of so many pixels without the margins."""
    across = -(-(width + 2 * MARGIN) // LANES)
    canvas = np.zeros((height + 2 * MARGIN, across, BLOCK), np.float32)
    weights = None
    if finer.weights is not None:
        weights = np.zeros((height + 2 * MARGIN, across, LANES), np.float32)
        halve_weights(finer.weights, finer.margin, finer.width, finer.height, weights)
    return Level(finer.number + 1, width + 2 * MARGIN, height + 2 * MARGIN, MARGIN, weights, canvas)


def _placed(level: Level, members: np.ndarray | slice, there: Gaussians) -> Placed:
    return Placed(level, members, there, Binned.of(Derived.of(there, level.height), 0, level.height))


def _blur(level: Level) -> np.float32:
    """What widening to the full size adds to both variances, in pixels^2 of the level."""
    return _f(BLUR / 3 * (1 - 4.0**-level.number))


def _shared(level: Level, there: Gaussians, coarse: float) -> np.ndarray:
    """(M,) `render.weighting.shared_energy`, whose cells are those of the full size."""
    log_scale = there.log_scale + _f(level.number * math.log(2))
    return shared_energy(*log_scale.T, there.shear, _f(coarse))


@njit(parallel=True, nogil=True, cache=True)
def choose_levels(parameters, deepest, level):
    """Fills level (N,) int8: the coarsest whose pixels are small enough for a Gaussian."""
    for n in prange(len(parameters)):
        p = parameters[n]
        k = p[4]
        trace = math.exp(2 * p[2]) + (1 + k * k) * math.exp(2 * p[3])
        determinant = math.exp(2 * (p[2] + p[3]))
        # The smaller eigenvalue, as the quotient that does not cancel.
        half = trace / 2
        smaller = determinant / (half + math.sqrt(max(half * half - determinant, _f(0))))
        chosen = 0
        bound = _f(4 * SHORTEST * SHORTEST)
        while chosen < deepest and smaller >= bound:
            chosen += 1
            bound *= 4
        level[n] = chosen


@njit(parallel=True, nogil=True, cache=True)
def narrow_gaussians(parameters, scale, blur):
    """Makes of Gaussians (M, 8) of the full size what a level `scale` times as small draws for them, in place.

    Args:
        blur: what widening adds to both variances, in pixels^2 of the level.
    """
    for m in prange(len(parameters)):
        p = parameters[m]
        first, second, k = math.exp(2 * p[2]) / (scale * scale), math.exp(2 * p[3]) / (scale * scale), p[4]
        xx, yy, xy = first - blur, second * (_f(1) + k * k) - blur, k * math.sqrt(first * second)
        rest = yy - xy * xy / xx  # l3^2 of the narrower one
        ratio = _ratio(first * second, xx * rest, scale)
        p[0] = (p[0] + _f(0.5)) / scale - _f(0.5) + MARGIN
        p[1] = (p[1] + _f(0.5)) / scale - _f(0.5) + MARGIN
        p[2] = _f(0.5) * math.log(xx)
        p[3] = _f(0.5) * math.log(rest)
        p[4] = xy / math.sqrt(xx * rest)
        for channel in range(5, 8):
            p[channel] *= ratio


@njit(inline="always")
def _ratio(determinant, narrower, scale):
    """Coefficient on a level over that of the full size, for the same integral in the picture."""
    return math.sqrt(math.sqrt(determinant / narrower)) / scale


@njit(parallel=True, nogil=True, cache=True)
def widen_gradient(narrowed, scale, blur, gradient):
    """Makes of the gradient (M, 8) by what a level draws that by the Gaussians of the full size, in place.

    Both are in whitened frames, which differ by M = L'^-1 L. Shapes change alike, so with D = [[a, 0], [b, c]] in one
    frame it is D' + D'^T = M (D + D^T) M^T in the other; and e' = ratio * e falls where the narrower one grows faster.

    Args:
        narrowed: (M, 8) from `narrow_gaussians`, with the same `scale` and `blur`.
    """
    for m in prange(len(narrowed)):
        r, g = narrowed[m], gradient[m]
        l1, l3, k = math.exp(r[2]), math.exp(r[3]), r[4]
        xx, yy, xy = l1 * l1 + blur, l3 * l3 * (_f(1) + k * k) + blur, k * l1 * l3
        wide_1 = math.sqrt(xx)
        wide_3 = math.sqrt(yy - xy * xy / xx)
        m11, m22 = wide_1 / l1, wide_3 / l3
        m21 = xy / (wide_1 * l3) - k * m11
        ratio = _ratio((wide_1 * wide_3) ** 2, (l1 * l3) ** 2, scale)
        half = _f(0.5) * (r[5] * g[5] + r[6] * g[6] + r[7] * g[7])
        a, c, b = g[2] - half, g[3] - half, g[4]
        g[0] = m11 * g[0] + m21 * g[1]
        g[1] = m22 * g[1]
        g[2] = m11 * m11 * a + _f(2) * m11 * m21 * b + m21 * m21 * c + half
        g[3] = m22 * m22 * c + half
        g[4] = m22 * (m11 * b + m21 * c)
        for channel in range(5, 8):
            g[channel] *= ratio


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def widen(coarse, margin, blocks):
    """Adds a level (H', blocks', BLOCK), twice as large in both directions, to the one below it, (H, blocks, BLOCK).

    Args:
        margin: of the one below.
    """
    height, across = blocks.shape[:2]
    lines = coarse.reshape(len(coarse), coarse.shape[1] * BLOCK)
    columns = across * HALF  # coarse ones that the pixels of a row lie in
    first = MARGIN - margin // 2  # of those
    for band in prange(-(-height // BAND_ROWS)):
        mixed = np.empty(lines.shape[1], np.float32)
        line = np.zeros((3, max(coarse.shape[1] * LANES, columns + 2 * MARGIN)), np.float32)
        wide = np.empty((3, across * LANES), np.float32)
        for row in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, height)):
            middle = ((row - margin) >> 1) + MARGIN
            above, below = (FAR, NEAR) if row & 1 else (NEAR, FAR)  # margins are even
            _mix_3(lines[middle - 1], lines[middle], lines[middle + 1], above, below, mixed)
            for block in range(coarse.shape[1]):
                for channel in range(3):
                    for i in range(LANES):
                        line[channel, block * LANES + i] = mixed[block * BLOCK + channel * LANES + i]
            for channel in range(3):
                _spread(line[channel, first - 1 : first + columns + 1], wide[channel])
            for block in range(across):
                for channel in range(3):
                    for i in range(LANES):
                        blocks[row, block, channel * LANES + i] += wide[channel, block * LANES + i]


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def narrow(blocks, margin, coarse, width):
    """The transpose of `widen`: fills a level from the one below; what is beyond its width is zero.

    Args:
        margin: of the one below, whose pixels beyond its own width are zero.
        width: of the level, its own margin included.
    """
    height, across = blocks.shape[:2]
    rows = blocks.reshape(height, across * BLOCK)
    nothing = np.zeros(rows.shape[1], np.float32)
    columns = coarse.shape[1] * LANES
    for band in prange(-(-len(coarse) // BAND_ROWS)):
        mixed = np.empty(rows.shape[1], np.float32)
        pairs = np.empty((2, rows.shape[1] // 2), np.float32)  # even and odd pixels, in blocks of HALF
        line = np.zeros((2, 3, max(across * HALF, columns) + 4 * MARGIN), np.float32)  # the same, not in blocks
        summed = np.empty((3, columns), np.float32)
        for row in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, len(coarse))):
            top = 2 * (row - MARGIN) - 2 + margin
            _mix_6(
                rows[top] if 0 <= top < height else nothing,
                rows[top + 1] if 0 <= top + 1 < height else nothing,
                rows[top + 2] if 0 <= top + 2 < height else nothing,
                rows[top + 3] if 0 <= top + 3 < height else nothing,
                rows[top + 4] if 0 <= top + 4 < height else nothing,
                rows[top + 5] if 0 <= top + 5 < height else nothing,
                mixed,
            )
            _part(mixed, pairs[0], pairs[1])
            for parity in range(2):
                for block in range(across):
                    for channel in range(3):
                        for i in range(HALF):
                            value = pairs[parity, (3 * block + channel) * HALF + i]
                            line[parity, channel, 2 * MARGIN + block * HALF + i] = value
            first = MARGIN + margin // 2 - 1
            for channel in range(3):
                ends = line[:, channel, first : first + columns + 2]
                _sum_6(ends[0], ends[1], summed[channel])
                summed[channel, width:] = _f(0)
            for block in range(coarse.shape[1]):
                for channel in range(3):
                    for i in range(LANES):
                        coarse[row, block, channel * LANES + i] = summed[channel, block * LANES + i]


# Loops over whole rows as functions of their own: the compiler makes vectors of them once it has seen, for a row and
# not for each block, that what they read does not overlap what they write.


@njit(fastmath=FAST, nogil=True, cache=True)
def _mix_3(up, here, down, above, below, mixed):
    for i in range(len(mixed)):
        mixed[i] = above * up[i] + MOST * here[i] + below * down[i]


@njit(fastmath=FAST, nogil=True, cache=True)
def _spread(line, wide):
    for i in range(len(wide) // 2):
        wide[2 * i] = NEAR * line[i] + MOST * line[i + 1] + FAR * line[i + 2]
        wide[2 * i + 1] = FAR * line[i] + MOST * line[i + 1] + NEAR * line[i + 2]


@njit(fastmath=FAST, nogil=True, cache=True)
def _mix_6(a, b, c, d, e, f, mixed):
    for i in range(len(mixed)):
        mixed[i] = FAR * (a[i] + f[i]) + NEAR * (b[i] + e[i]) + MOST * (c[i] + d[i])


@njit(fastmath=FAST, nogil=True, cache=True)
def _part(mixed, even, odd):
    for i in range(len(even)):
        even[i], odd[i] = mixed[2 * i], mixed[2 * i + 1]


@njit(fastmath=FAST, nogil=True, cache=True)
def _sum_6(even, odd, summed):
    for i in range(len(summed)):
        outer, inner = even[i] + odd[i + 2], odd[i] + even[i + 2]
        summed[i] = FAR * outer + NEAR * inner + MOST * (even[i + 1] + odd[i + 1])


@njit(nogil=True, cache=True)
def halve_weights(weights, margin, width, height, halved):
    """Fills halved (H', blocks', LANES), but for its margin, with the means of 2x2 weights (H, blocks, LANES).

    Args:
        margin, width, height: of the weights; the size has the margin in it.
    """
    width, height = width - 2 * margin, height - 2 * margin
    for row in range(-(-height // 2)):
        for column in range(-(-width // 2)):
            total = _f(0)
            for y in range(2 * row, min(2 * row + 2, height)):
                for x in range(2 * column, min(2 * column + 2, width)):
                    total += weights[y + margin, (x + margin) // LANES, (x + margin) % LANES]
            x = column + MARGIN
            halved[row + MARGIN, x // LANES, x % LANES] = total / _f(4)
