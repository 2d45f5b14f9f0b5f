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
from daub.render.cpu.blocks import BAND_ROWS
from daub.render.cpu.distortion import shared_energy
from daub.render.cpu.planes import ROOM, parts, planes
from daub.render.cpu.vectors import LANES, evens, fma, load, merged_high, merged_low, odds, store
from daub.render.gaussians import PARAMETERS, Gaussians
from daub.render.interruption import go_on
from daub.render.jit import at_most, njit, prange

SHORTEST = 3.0  # least shorter standard deviation of a Gaussian of a level, in pixels of that level
DEEPEST = 4  # the last level, a sixteenth as wide as the picture
LEAST_PIXELS = 1 << 16  # of a picture that has levels: with fewer, the calls of more kernels cost what they save
LEAST_SIDE = 8  # pixels of the shorter side of a level
MARGIN = 4  # pixels around a level; even
# What a second thread is worth it for: small levels, and the few Gaussians of them, are done before it is awake.
GAUSSIANS_PER_THREAD = 1024
PIXELS_PER_THREAD = 1 << 15
BLUR = 1.25  # pixels^2 of the finer level, what widening by two adds to both variances

_f = np.float32
FAR, NEAR, MOST = _f(1 / 16), _f(5 / 16), _f(10 / 16)  # taps of a pixel, by how far a coarse one is


class Level(NamedTuple):
    """One picture of the pyramid."""

    number: int  # 0 for the full size
    width: int  # pixels, margins included
    height: int
    margin: int  # pixels on each side
    weights: np.ndarray | None  # (H, 1, pitch) of its pixels, means of those of the full size
    canvas: np.ndarray | None  # (H, 3, pitch), what is drawn or narrowed last; None for the full size

    @property
    def threads(self) -> int:
        """How many are worth it for its pixels."""
        return self.width * self.height // PIXELS_PER_THREAD


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
        weights: of its pixels in planes, (H, 1, pitch) float32; None: all alike.
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
        for level, members in zip(self._levels, members_of(number, deepest), strict=False):
            there = Gaussians(gaussians.parameters[members])
            with at_most(len(members) // GAUSSIANS_PER_THREAD):
                if level.number:
                    narrow_gaussians(there.parameters, _f(2**level.number), _blur(level))
                placed.append(_placed(level, members, there))
        return placed

    def rasterise(self, placed: list[Placed], picture: np.ndarray) -> None:
        """Fills planes (H, 3, pitch) with the sum of all Gaussians."""
        coarser = None
        for level, _, _, binned in reversed(placed):
            go_on()
            canvas = picture if level.canvas is None else level.canvas
            with at_most(level.threads):
                if coarser is not None:
                    for rows in parts(level.height, level.width):
                        widen(coarser, level.margin, canvas, rows.start, rows.stop)
                binned.draw(level.width, canvas, fresh=coarser is None)
            coarser = canvas

    def gather(
        self, placed: list[Placed], cotangent: np.ndarray, coarse: float
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """As `Binned.gather`, of a cotangent (H, 3, pitch) of the full size."""
        if len(placed) == 1:
            level, _, _, binned = placed[0]
            return binned.gather(cotangent, level.width, level.weights, coarse)
        count = sum(len(each.gaussians) for each in placed)
        gradient, energy = np.empty((count, PARAMETERS), np.float32), np.empty(count, np.float32)
        finer, margin, threads = cotangent, 0, self._levels[0].threads
        for level, members, there, binned in placed:
            go_on()
            if level.canvas is not None:
                with at_most(threads):
                    for rows in parts(level.height, level.width):
                        narrow(finer, margin, level.canvas, level.width, rows.start, rows.stop)
                finer, margin, threads = level.canvas, level.margin, level.threads
            with at_most(threads):
                own, own_energy = binned.gather(finer, level.width, level.weights, 0.0 if level.number else coarse)
            if level.number:
                with at_most(len(members) // GAUSSIANS_PER_THREAD):
                    widen_gradient(there.parameters, _f(2**level.number), _blur(level), own)
                if own_energy is not None:
                    share_energy(there.parameters, _f(2**level.number), _f(coarse), own_energy)
            gradient[members] = own
            if own_energy is not None:
                energy[members] = own_energy
        return gradient, None if placed[0].level.weights is None else energy


def _half(finer: Level, width: int, height: int) -> Level:
    """The level after one, of so many pixels without the margins."""
    go_on()
    canvas = planes(height + 2 * MARGIN, width + 2 * MARGIN)
    weights = None
    if finer.weights is not None:
        weights = planes(height + 2 * MARGIN, width + 2 * MARGIN, 1)
        for rows in parts(height, width):
            halve_weights(finer.weights, finer.margin, finer.width, finer.height, weights, rows.start, rows.stop)
    return Level(finer.number + 1, width + 2 * MARGIN, height + 2 * MARGIN, MARGIN, weights, canvas)


def _placed(level: Level, members: np.ndarray | slice, there: Gaussians) -> Placed:
    return Placed(level, members, there, Binned.of(Derived.of(there, level.height), 0, level.height))


def _blur(level: Level) -> np.float32:
    """What widening to the full size adds to both variances, in pixels^2 of the level."""
    return _f(BLUR / 3 * (1 - 4.0**-level.number))


@njit(nogil=True, cache=True)
def _sorted_by_level(number, levels):
    """Indices of the Gaussians of each level in turn, in their order, and where those of each begin."""
    start = np.zeros(levels + 1, np.int64)
    for n in range(len(number)):
        start[number[n] + 1] += 1
    for level in range(levels):
        start[level + 1] += start[level]
    members, cursor = np.empty(len(number), np.int64), start.copy()
    for n in range(len(number)):
        members[cursor[number[n]]] = n
        cursor[number[n]] += 1
    return members, start


def members_of(number: np.ndarray, deepest: int) -> list[np.ndarray]:
    """Indices of the Gaussians of each level, the full size first; number: (N,) their levels, up to `deepest`."""
    members, start = _sorted_by_level(number, deepest + 1)
    return [members[start[level] : start[level + 1]] for level in range(deepest + 1)]


@njit(nogil=True, cache=True)
def share_energy(narrowed, scale, coarse, energy):
    """Multiplies energies (M,) of what a level draws by `shared_energy`, whose cells are those of the full size.

    Args:
        narrowed: (M, 8) from `narrow_gaussians`, with the same `scale`.
    """
    for m in range(len(narrowed)):
        inv1, inv3 = math.exp(-narrowed[m, 2]) / scale, math.exp(-narrowed[m, 3]) / scale
        energy[m] *= shared_energy(inv1, inv3, narrowed[m, 4], coarse)


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
        xx, xy = first - blur, k * math.sqrt(first * second)
        rest = second * (_f(1) - k * k * (blur / xx)) - blur  # l3^2 of the narrower one, as in `Gaussians.resized`
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
        xx = l1 * l1 + blur
        wide_1 = math.sqrt(xx)
        wide_3 = math.sqrt(l3 * l3 * (_f(1) + k * k * (blur / xx)) + blur)
        m11, m22 = wide_1 / l1, wide_3 / l3
        m21 = -k * blur / (l1 * wide_1)  # k l1 / wide_1 - k m11
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


@njit(parallel=True, nogil=True, cache=True)
def widen(coarse, margin, canvas, begin, end):
    """Fills planes (H, 3, pitch) with a level (H', 3, pitch'), which is the next smaller one, twice as large.

    Args:
        margin: of the planes that are filled.
        begin, end: rows of them that are filled, the first one of a band, and the end of one or of all.
    """
    pitch = canvas.shape[2]
    across = coarse.shape[2]  # of a channel of the level
    small, large = coarse.reshape(coarse.size), canvas.reshape(canvas.size)
    first = MARGIN - margin // 2  # column of the level in which those of the planes begin
    columns = (pitch - ROOM) // 2 + 1  # of the level, that the pixels of a row lie in
    for band in prange(begin // BAND_ROWS, -(-end // BAND_ROWS)):
        mixed = np.empty(3 * across, np.float32)
        for row in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, end)):
            middle = (((row - margin) >> 1) + MARGIN) * 3 * across
            above, below = (FAR, NEAR) if row & 1 else (NEAR, FAR)  # margins are even
            for i in range(0, 3 * across, LANES):
                mix = fma(load(small, middle - 3 * across + i), above, load(small, middle + i) * MOST)
                store(mixed, i, fma(load(small, middle + 3 * across + i), below, mix))
            for channel in range(3):
                left, there = channel * across + first, (3 * row + channel) * pitch
                for i in range(0, columns, LANES):
                    a, b, c = load(mixed, left + i - 1), load(mixed, left + i), load(mixed, left + i + 1)
                    middle_share = b * MOST
                    even = fma(c, FAR, fma(a, NEAR, middle_share))
                    odd = fma(c, NEAR, fma(a, FAR, middle_share))
                    store(large, there + 2 * i, merged_low(even, odd))
                    store(large, there + 2 * i + LANES, merged_high(even, odd))


@njit(parallel=True, nogil=True, cache=True)
def narrow(canvas, margin, coarse, width, first, end):
    """The transpose of `widen`: fills a level from the planes below it; what is beyond its width is zero.

    Each row of the planes is halved once, and kept for the three rows of the level that it is part of.

    Args:
        margin: of the planes, whose pixels beyond their own width are zero.
        width: of the level, its own margin included.
        first, end: rows of the level that are filled, as of `widen`.
    """
    height, pitch = len(canvas), canvas.shape[2]
    across = coarse.shape[2]
    small, large = coarse.reshape(coarse.size), canvas.reshape(canvas.size)
    begin = MARGIN + margin // 2 - 1  # in even and odd ones, of what the first column of the level takes
    for band in prange(first // BAND_ROWS, -(-end // BAND_ROWS)):
        kept = np.zeros(8 * 3 * across, np.float32)  # halved rows, each where its number modulo 8 says
        even, odd = np.zeros(pitch // 2 + across, np.float32), np.zeros(pitch // 2 + across, np.float32)
        halved = 2 * (band * BAND_ROWS - MARGIN) - 2 + margin  # the next row to halve
        for row in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, end)):
            top = 2 * (row - MARGIN) - 2 + margin
            while halved < top + 6:
                there = (halved & 7) * 3 * across
                if 0 <= halved < height:
                    for channel in range(3):
                        line = (3 * halved + channel) * pitch
                        for i in range(0, pitch // (2 * LANES) * LANES, LANES):
                            low, high = load(large, line + 2 * i), load(large, line + 2 * i + LANES)
                            store(even, 2 * MARGIN + i, evens(low, high))
                            store(odd, 2 * MARGIN + i, odds(low, high))
                        for i in range(0, width, LANES):
                            e0, e1, e2 = load(even, begin + i), load(even, begin + i + 1), load(even, begin + i + 2)
                            o0, o1, o2 = load(odd, begin + i), load(odd, begin + i + 1), load(odd, begin + i + 2)
                            inner = fma(o0 + e2, NEAR, (e1 + o1) * MOST)
                            store(kept, there + channel * across + i, fma(e0 + o2, FAR, inner))
                else:
                    kept[there : there + 3 * across] = _f(0)
                halved += 1
            a, b, c, d, e, f = (
                (top & 7) * 3 * across, (top + 1 & 7) * 3 * across, (top + 2 & 7) * 3 * across,
                (top + 3 & 7) * 3 * across, (top + 4 & 7) * 3 * across, (top + 5 & 7) * 3 * across,
            )  # fmt: skip
            for i in range(0, 3 * across, LANES):
                outer, inner = load(kept, a + i) + load(kept, f + i), load(kept, b + i) + load(kept, e + i)
                middle = (load(kept, c + i) + load(kept, d + i)) * MOST
                store(small, row * 3 * across + i, fma(outer, FAR, fma(inner, NEAR, middle)))
            for channel in range(3):
                coarse[row, channel, width:] = _f(0)


@njit(nogil=True, cache=True)
def halve_weights(weights, margin, width, height, halved, begin, end):
    """Fills halved (H', 1, pitch'), but for its margin, with the means of 2x2 weights (H, 1, pitch).

    Args:
        margin, width, height: of the weights; the size has the margin in it.
        begin, end: rows of what is filled, counted without its margin.
    """
    width, height = width - 2 * margin, height - 2 * margin
    for row in range(begin, end):
        for column in range(-(-width // 2)):
            total = _f(0)
            for y in range(2 * row, min(2 * row + 2, height)):
                for x in range(2 * column, min(2 * column + 2, width)):
                    total += weights[y + margin, 0, x + margin]
            halved[row + MARGIN, 0, column + MARGIN] = total / _f(4)
