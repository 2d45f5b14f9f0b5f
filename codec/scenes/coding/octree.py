"""Where Gaussians are, to within a cell: an octree whose occupancy is coded level by level, and counts of its leaves.

A cell is named by its Morton code, whose bits are those of x, y and z in turn, x lowest. Sorting the Gaussians by cell
and sending no order saves log2(N!) bits, some fifteen for each of 100 000.
"""

from __future__ import annotations

import numpy as np

from daub.codec.entropy.range_coder import ENCODING
from daub.codec.scenes.coding.mixing import ESCAPE, code_mixed_bit, code_mixed_magnitude
from daub.render.jit import njit

DEEPEST = 20  # levels: three times as many bits fit an int64

_X = np.int64(0x1249249249249249)  # the bits of x in a Morton code
NEIGHBOURS = 4  # that the attributes of a Gaussian are foretold from

# The first row of each context of the occupancy: six neighbours and child; siblings; level, sides and nearest; sides,
# nearest, child and number of siblings.
_BY_FACES, _BY_SIBLINGS, _BY_LEVEL, _BY_SIDES = 0, 512, 512 + 2048, 512 + 2048 + 2048
OCCUPANCY_MODELS = _BY_SIDES + 4096
OCCUPANCY_MIXERS = 64  # by child and number of siblings
COUNT_MODELS = 7 * 8 * ESCAPE  # by occupied neighbours, and by the count before
COUNT_MIXERS = 6


@njit(cache=True)
def spread_bits(x):
    """The bits of x, up to 21, three apart."""
    x &= 0x1FFFFF
    x = (x | x << 32) & 0x1F00000000FFFF
    x = (x | x << 16) & 0x1F0000FF0000FF
    x = (x | x << 8) & 0x100F00F00F00F00F
    x = (x | x << 4) & 0x10C30C30C30C30C3
    return (x | x << 2) & 0x1249249249249249


@njit(cache=True)
def gathered_bits(c):
    """Every third bit of a Morton code, the lowest first: x; of c >> 1 and c >> 2 y and z."""
    x = 0
    for bit in range(DEEPEST + 1):
        x |= ((c >> (3 * bit)) & 1) << bit
    return x


@njit(nogil=True, cache=True)
def morton_codes(cells):
    """(N,) int64 Morton codes of (N, 3) int64 cells."""
    codes = np.empty(len(cells), np.int64)
    for n in range(len(cells)):
        codes[n] = spread_bits(cells[n, 0]) | spread_bits(cells[n, 1]) << 1 | spread_bits(cells[n, 2]) << 2
    return codes


@njit(nogil=True, cache=True)
def cells_of(codes):
    """(N, 3) int64 cells of (N,) Morton codes."""
    cells = np.empty((len(codes), 3), np.int64)
    for n in range(len(codes)):
        for axis in range(3):
            cells[n, axis] = gathered_bits(codes[n] >> axis)
    return cells


@njit(cache=True)
def _beside(code, axis, forward, level):
    """The Morton code of the cell next to one along an axis, -1 outside the box."""
    mask = _X << axis
    one = np.int64(1) << axis
    along = code & mask
    if forward:
        if along == mask & ((np.int64(1) << (3 * level)) - 1):
            return np.int64(-1)
        along = ((code | ~mask) + one) & mask
    else:
        if along == 0:
            return np.int64(-1)
        along = (along - one) & mask
    return along | (code & ~mask)


@njit(cache=True)
def _find(codes, count, code):
    """Where a code stands among the first `count` of the sorted codes, -1 where it does not."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if codes[middle] < code:
            low = middle + 1
        else:
            high = middle
    return low if low < count and codes[low] == code else -1


@njit(cache=True)
def code_octree(coder, buffer, models, mixers, leaves, depth, most):
    """Code which leaves are occupied: sorted Morton codes, of which there are `most` at the most.

    Args:
        models: OCCUPANCY_MODELS of them, mixers: OCCUPANCY_MIXERS.
        leaves: (M,) int64; decoding, none.
        depth: of the tree, 0..DEEPEST.

    Returns:
        The coder, and the leaves: none where a stream claims more cells than that, which is damaged.
    """
    nodes = np.zeros(1, np.int64)
    rows = np.zeros(4, np.int64)
    for level in range(depth):
        children = np.empty(min(8 * len(nodes), most), np.int64)
        found = 0
        at = 0  # in the leaves
        below = 3 * (depth - level - 1)  # bits of a leaf under a child
        for node in nodes:
            faces = 0  # which of the six neighbours are there
            for axis in range(3):
                for forward in range(2):
                    beside = _beside(node, axis, forward, level)
                    if beside >= 0 and _find(nodes, len(nodes), beside) >= 0:
                        faces |= 1 << (2 * axis + forward)
            occupied = 0
            if coder.mode == ENCODING:
                while at < len(leaves) and leaves[at] >> (below + 3) == node:
                    occupied |= 1 << ((leaves[at] >> below) & 7)
                    at += 1
            siblings, number = 0, 0  # found so far
            for k in range(8):
                child = node << 3 | k
                nearest, sides = 0, 0
                for axis in range(3):
                    beside = _beside(child, axis, False, level + 1)
                    if beside >= 0 and _find(children, found, beside) >= 0:
                        nearest |= 1 << axis
                    sides |= ((faces >> (2 * axis + ((k >> axis) & 1))) & 1) << axis
                bit = (occupied >> k) & 1
                if k == 7 and siblings == 0:
                    bit = 1  # a node has a child
                else:
                    rows[0] = _BY_FACES + faces * 8 + k
                    rows[1] = _BY_SIBLINGS + siblings * 8 + k
                    rows[2] = _BY_LEVEL + (level * 8 + sides) * 8 + nearest
                    rows[3] = _BY_SIDES + ((sides * 8 + nearest) * 8 + k) * 8 + number
                    coder, bit = code_mixed_bit(coder, buffer, models, mixers, rows, 4, 0, k * 8 + number, bit)
                if bit:
                    if found == len(children):  # more cells than Gaussians: the stream is damaged
                        return coder, np.zeros(0, np.int64)
                    siblings |= 1 << k
                    number += 1
                    children[found] = child
                    found += 1
        nodes = children[:found].copy()
    return coder, nodes


@njit(cache=True)
def code_counts(coder, buffer, models, mixers, leaves, depth, counts, total):
    """Code how many Gaussians each leaf holds, at least one: counts (M,) int64 that sum to `total`, filled in decoding.

    Args:
        models: 2 * COUNT_MODELS of them, mixers: COUNT_MIXERS.

    Returns:
        The coder, and whether they sum to the total, which those of a damaged stream may not.
    """
    rows = np.zeros(2, np.int64)
    left, before = total, 1
    for i in range(len(leaves)):
        around = 0
        for axis in range(3):
            for forward in range(2):
                beside = _beside(leaves[i], axis, forward, depth)
                around += beside >= 0 and _find(leaves, len(leaves), beside) >= 0
        rows[0] = around * ESCAPE
        rows[1] = COUNT_MODELS + min(before - 1, 7) * ESCAPE
        coder, more = code_mixed_magnitude(coder, buffer, models, mixers, rows, 2, 0, 0, counts[i] - 1, total)
        counts[i] = before = more + 1
        left -= counts[i]
        if left < 0:
            return coder, False
    return coder, left == 0


@njit(cache=True)
def neighbours(leaves, counts, depth):
    """The Gaussians before each, in the order of the leaves, from which it is foretold: (N, NEIGHBOURS) int32, -1 none.

    Those of its own leaf, the latest first; then the last one of each leaf before it that touches its own, by the
    number of steps along the axes; then the ones right before it.
    """
    firsts = np.cumsum(counts) - counts
    out = np.full((firsts[-1] + counts[-1] if len(leaves) else 0, NEIGHBOURS), -1, np.int32)
    near = np.empty(26, np.int64)
    steps = np.empty(26, np.int64)
    for i in range(len(leaves)):
        code, found = leaves[i], 0
        for place in range(27):
            beside, far = code, 0
            for axis in range(3):
                step = place // 3**axis % 3 - 1
                if step != 0 and beside >= 0:
                    beside = _beside(beside, axis, step > 0, depth)
                    far += 1
            if 0 <= beside < code:
                at = _find(leaves, i, beside)
                if at >= 0:
                    near[found], steps[found] = firsts[at] + counts[at] - 1, far
                    found += 1
        for own in range(counts[i]):
            n = firsts[i] + own
            filled = 0
            for back in range(1, min(own, NEIGHBOURS) + 1):
                out[n, filled] = n - back
                filled += 1
            for far in range(1, 4):
                for k in range(found):
                    if steps[k] == far and filled < NEIGHBOURS:
                        out[n, filled] = near[k]
                        filled += 1
            back = 1
            while filled < NEIGHBOURS and back <= min(firsts[i], NEIGHBOURS):
                candidate = firsts[i] - back
                twice = False
                for k in range(filled):
                    twice |= out[n, k] == candidate
                if not twice:
                    out[n, filled] = candidate
                    filled += 1
                back += 1
    return out
