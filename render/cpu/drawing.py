"""The forward direction of the rasteriser as numba kernels, for pictures that are looked at: Gaussians become an image.

Additive blending has no order, so it needs no sort, no depth and no atomic: bands of rows are independent; each band
adds its Gaussians in index order, row by row inside the ellipse, so a picture may be rendered a few bands at a time,
and a band a few Gaussians at a time. It is bitwise the same for any number of threads.

Rows are walked in whole vectors of LANES pixels, from a multiple of LANES, with the weight masked at the ends: an
unmasked remainder loop costs more than the pixels it saves. Long rows need no polynomial in each of them, as their
weights follow from one another. Images are in `blocks`. (What a fit does is in `fitting`: faster, but with other last
bits, which no decoder may have.)
"""

import math

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS, BLOCK, LANES
from daub.render.cpu.rounding import round_row
from daub.render.cpu.vectors import fma, load, maximum, ramp, store
from daub.render.gaussians import SUPPORT
from daub.render.jit import FAST, njit, prange

DERIVED = 9  # numbers that both directions need of a Gaussian: x, y, 1/l1, 1/l3, k, 1/sqrt(pi*l1*l3), e0, e1, e2

_f = np.float32
SUPPORT32 = _f(SUPPORT)
EDGE = _f(math.exp(-SUPPORT / 2))  # exp(-q/2) at the edge of a Gaussian

# Rows are long from a standard deviation of 12 pixels along them on: LANES - 1 pixels before the edge q is not above
# 2 * SUPPORT there.
WIDE = _f(1 / 12**2)
WIDE_SHEAR = _f(16)  # largest magnitude: of larger ones rounding would leave too little of z2
RESTART = 8  # blocks after which the weights of a long row are worked out anew

# exp(-q/16) on [0, SUPPORT] as a polynomial in q, lowest power first, with the least relative error, in the sense of
# squares: its eighth power is exp(-q/2) to 6e-7. Three squarings and a short polynomial vectorise where np.exp stays
# scalar. Written out, as what solvers of least squares make of it differs between processors in the last bit.
EXP_HALF = [_f(c) for c in (1.0, -0.06249984, 0.001952926, -4.0598537e-05, 6.163346e-07, -5.979184e-09)]
_E0, _E1, _E2, _E3, _E4, _E5 = EXP_HALF


@njit(fastmath=FAST, inline="always")
def exp_half(q):
    """exp(-q/2) for q in [0, SUPPORT]; anything beyond."""
    p = ((((_E5 * q + _E4) * q + _E3) * q + _E2) * q + _E1) * q + _E0
    p = p * p
    p = p * p
    return p * p


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def derive(parameters, height, derived, rows):
    """Fills derived (N, DERIVED) float32 and rows (N, 2) int32, the half-open range of rows each Gaussian touches."""
    for n in prange(len(parameters)):
        p = parameters[n]
        k = p[4]
        derived[n, 0] = p[0]
        derived[n, 1] = p[1]
        derived[n, 2] = math.exp(-p[2])
        derived[n, 3] = math.exp(-p[3])
        derived[n, 4] = k
        derived[n, 5] = math.exp(_f(-0.5) * (p[2] + p[3])) * _f(1 / math.sqrt(math.pi))
        derived[n, 6] = p[5]
        derived[n, 7] = p[6]
        derived[n, 8] = p[7]
        reach = math.sqrt(SUPPORT32 * (_f(1) + k * k)) * math.exp(p[3])
        # Clamped before they become int32: converting a float beyond its range is undefined.
        first = min(max(math.ceil(p[1] - reach), _f(0)), _f(height))
        last = min(max(math.floor(p[1] + reach) + _f(1), _f(0)), _f(height))
        rows[n, 0] = np.int32(first)
        rows[n, 1] = np.int32(max(last, first))


@njit(nogil=True, cache=True)
def bin_bands(rows, top, bands):
    """Lists the Gaussians of each band, in index order, as compressed rows.

    Args:
        top: the row of pixels that the first band begins with.

    Returns:
        start: (bands + 1,) int64, where each band begins in members.
        members: int32, indices of Gaussians.
        slot: (N + 1,) int64, where the parts of each Gaussian begin: one part for each of its bands, top to bottom.
    """
    start = np.zeros(bands + 1, np.int64)
    slot = np.zeros(len(rows) + 1, np.int64)
    for n in range(len(rows)):
        slot[n + 1] = slot[n]
        first, end = max(rows[n, 0] - top, 0), min(rows[n, 1] - top, bands * BAND_ROWS)
        if first < end:
            first, last = first // BAND_ROWS, (end - 1) // BAND_ROWS
            slot[n + 1] += last - first + 1
            for band in range(first, last + 1):
                start[band + 1] += 1
    for band in range(bands):
        start[band + 1] += start[band]
    cursor = start.copy()
    members = np.empty(start[bands], np.int32)
    for n in range(len(rows)):
        first = max(rows[n, 0] - top, 0) // BAND_ROWS
        for band in range(first, first + slot[n + 1] - slot[n]):
            members[cursor[band]] = n
            cursor[band] += 1
    return start, members, slot


@njit(nogil=True, cache=True)
def work_of_bands(derived, members, start, width):
    """(bands,) float64: how many pairs of pixel and Gaussian each band has at most."""
    work = np.zeros(len(start) - 1)
    for band in range(len(work)):
        for m in range(start[band], start[band + 1]):
            across = _f(2) * math.sqrt(SUPPORT32) / derived[members[m], 2] + _f(2 * LANES)  # pixels of a row
            work[band] += BAND_ROWS * min(across, _f(width + LANES))
    return work


@njit(fastmath=FAST, inline="always")
def spans(x, y, inv1, inv3, k, top, width, edges):
    """Fills edges (2 * BAND_ROWS,): row top + i is inside the ellipse in the blocks [edges[i], edges[i + BAND_ROWS]).

    Only columns before `width` count: a row that the ellipse crosses beyond them, and beside them only, has no blocks.

    Done for all rows of a band at once: one by one, the root and the conversions cost more than the pixels of a row.
    """
    l1 = _f(1) / inv1
    flat = _f(1) / (_f(1) + k * k)
    for i in range(BAND_ROWS):
        v = (_f(np.int32(top + i)) - y) * inv3
        middle = x + k * v * flat * l1
        inside = SUPPORT32 - v * v * flat
        root = math.sqrt(max(inside, _f(0)) * flat) * l1
        first = np.int32(min(max(middle - root, _f(0)), _f(width)))
        last = np.int32(min(max(middle + root + _f(1), _f(0)), _f(width)))
        some = inside > _f(0) and middle - root < _f(width)  # not so of NaN
        edges[i] = first // LANES if some else np.int32(0)
        edges[i + BAND_ROWS] = (last + (LANES - 1)) // LANES if some else np.int32(0)


@njit(fastmath=FAST, inline="always")
def _attributes(derived, n):
    """x, y, 1/l1, 1/l3, k, 1/sqrt(pi*l1*l3) and the colour of Gaussian n."""
    d = derived[n]
    return d[0], d[1], d[2], d[3], d[4], d[5], d[5] * d[6], d[5] * d[7], d[5] * d[8]


@njit(nogil=True, cache=True)  # no fused product but those named: a region has the bits of the whole, whoever draws
def _draw_wide(x, y, inv1, inv3, k, c0, c1, c2, top, first_row, end_row, begin, blocks_of_row, edges, flat):
    """Adds a Gaussian up whose rows are long: see `WIDE`.

    Along a row exp(-q/2) changes from one block of pixels to the next by a factor, which itself changes by a constant
    one: two products in place of a polynomial. Both start anew at every block of the picture that `RESTART` divides,
    wherever what is drawn begins.

    Args:
        begin: block of the picture that the blocks begin with; blocks_of_row: how many there are.
        flat: (BAND_ROWS * blocks_of_row * 3 * LANES,), the blocks.
    """
    square = np.float64(inv1) * inv1 * (1 + np.float64(k) * k)  # a row has q = square * (column - middle)^2 + rest
    slowing = _f(math.exp(-LANES * LANES * square))
    across = exp_half(ramp() * _f(2 * LANES * square))  # growth of each pixel of a block, over that of its first
    for row in range(first_row, end_row):
        v = (_f(row) - y) * inv3
        block, last = edges[row - top], edges[row - top + BAND_ROWS]
        block = max(block, begin // RESTART * RESTART)
        while block < last:
            offset = _f(block * LANES) - x
            z1 = (ramp() + offset) * inv1
            z2 = fma(z1, -k, v)
            e = exp_half(fma(z1, z1, z2 * z2) * _f(0.5))
            e = e * e
            # square * (column of the first pixel - middle)
            ahead = np.float64(offset) * square - np.float64(k) * inv1 * v
            growth = across * _f(math.exp(-LANES * (ahead + 0.5 * LANES * square)))
            end = min((block // RESTART + 1) * RESTART, last)
            at = ((row - top) * blocks_of_row + block - begin) * BLOCK
            for _ in range(end - block):
                if block >= begin:
                    w = maximum(e - EDGE, _f(0))
                    store(flat, at, fma(w, c0, load(flat, at)))
                    store(flat, at + LANES, fma(w, c1, load(flat, at + LANES)))
                    store(flat, at + 2 * LANES, fma(w, c2, load(flat, at + 2 * LANES)))
                e = e * growth
                growth = growth * slowing
                block += 1
                at += BLOCK


@njit(fastmath=FAST, inline="always")
def _draw(derived, rows, members, top, left, width, edges, blocks):
    """Adds Gaussians up in blocks (BAND_ROWS, blocks, 3 * LANES): a band from row `top` on, from column `left` on."""
    begin = left // LANES
    flat = blocks.reshape(blocks.size)
    for m in range(len(members)):
        n = members[m]
        x, y, inv1, inv3, k, _unit, c0, c1, c2 = _attributes(derived, n)
        spans(x, y, inv1, inv3, k, top, width, edges)
        first_row, end_row = max(top, rows[n, 0]), min(top + BAND_ROWS, rows[n, 1])
        if inv1 * inv1 * (_f(1) + k * k) <= WIDE and abs(k) <= WIDE_SHEAR:
            _draw_wide(x, y, inv1, inv3, k, c0, c1, c2, top, first_row, end_row, begin, blocks.shape[1], edges, flat)
            continue
        for row in range(first_row, end_row):
            v = (_f(row) - y) * inv3
            for block in range(max(edges[row - top], begin), edges[row - top + BAND_ROWS]):
                offset = _f(block * LANES) - x
                pixels = blocks[row - top, block - begin]
                for i in range(LANES):
                    z1 = (_f(np.int32(i)) + offset) * inv1
                    z2 = v - k * z1
                    q = z1 * z1 + z2 * z2
                    w = exp_half(q) - EDGE if q < SUPPORT32 else _f(0)
                    pixels[i] += c0 * w
                    pixels[i + LANES] += c1 * w
                    pixels[i + 2 * LANES] += c2 * w


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def rasterise(derived, rows, members, start, end, fresh, top, left, width, blocks):
    """Adds Gaussians up in blocks (H, blocks, 3 * LANES), the rows of the picture from `top` on and its columns from
    `left`, a multiple of LANES, to before `width`; the padding, too.

    Args:
        members: indices of Gaussians; those from start[band] to end[band] are added in a band.
        fresh: begin with zeros, rather than with what the blocks hold.
    """
    for band in prange(len(start)):
        above = band * BAND_ROWS
        here = blocks[above : above + BAND_ROWS]
        if fresh:
            here[:] = _f(0)
        edges = np.empty(2 * BAND_ROWS, np.int32)
        _draw(derived, rows, members[start[band] : end[band]], top + above, left, width, edges, here)


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def rasterise_8bit(derived, rows, members, start, top, first, left, scratch, image):
    """Fills rows of an image of 8 bits with the sum of all Gaussians, band by band and each in memory of the cache.

    Args:
        start: (bands + 1,) where each band begins in members.
        top: row of the picture that the first band begins with.
        first: row and column of the picture that the image begins with; what the bands have above or below is left out.
        left: column of the picture that the blocks begin with, a multiple of LANES.
        scratch: (threads, BAND_ROWS, blocks, 3 * LANES) float32.
        image: (H, W, 3) uint8.
    """
    width = first[1] + image.shape[1]
    for thread in prange(len(scratch)):
        blocks, edges = scratch[thread], np.empty(2 * BAND_ROWS, np.int32)
        for band in range(thread, len(start) - 1, len(scratch)):
            above = top + band * BAND_ROWS
            blocks[:] = _f(0)
            _draw(derived, rows, members[start[band] : start[band + 1]], above, left, width, edges, blocks)
            for row in range(max(above, first[0]), min(above + BAND_ROWS, first[0] + len(image))):
                round_row(blocks[row - above], first[1] - left, image[row - first[0]])
