"""The chunk `S` of `.daub` in the second decoder: from codec/container/FORMAT.md alone, "Scenes"."""

import math
import struct
from itertools import product
from typing import NamedTuple

import numpy as np
from second_decoder import Damaged, RangeDecoder, chunks, clamp, require, varint

C0 = 1 / (2 * math.sqrt(math.pi))
HARMONICS = (0, 3, 8, 15, 24)

STRETCH = [round(256 * math.log((i + 0.5) / (4095.5 - i))) for i in range(4096)]
SQUASH = {v: round(65536 / (1 + math.exp(-v / 256))) for v in range(-2047, 2048)}

E = [2.0 ** (2 - t) for t in range(16)]
SCALE = COLOUR = [round(65536 * min(e, 1)) for e in E]
OPACITY = [round(65536 * min(1.7 * e, 1.5)) for e in E]
PLACE = [round(256 * math.log2(min(e, 1.5))) for e in E]
TURN = [round(-256 * math.log2(0.3 * e)) for e in E]
BEND = [round(256 * math.log2(max(2 ** (i / 16) - 2 ** (-i / 16), 1 / 256))) for i in range(512)]
LEVELS = [round(2 ** (i / 16)) for i in range(257)]
POWER = [round(2 ** (i / 16) * 65536) for i in range(16)]
LOG = [round(256 * math.log2(1 + i / 64)) for i in range(64)]


def levels(a):
    return LEVELS[clamp((a + 8) // 16, 0, 256)]


def bend(a, b):
    return BEND[clamp((a - b + 8) // 16, 0, 511)]


def power(a):
    """65536 times 2 to the power of a / 256."""
    i = (clamp(a, -4096, 7680) + 8) // 16
    return POWER[i & 15] << (i >> 4) if i >= 0 else POWER[i & 15] >> -(i >> 4)


def log(x):
    """256 times the logarithm of x to base 2."""
    b = 0
    while x > 127:
        x, b = x >> 1, b + 1
    while x < 64:
        x, b = x << 1, b - 1
    return 256 * (b + 6) + LOG[x - 64]


class Mixer(RangeDecoder):
    """Decodes bits under mixtures; models, as [p, n], and weights are made when first used."""

    def __init__(self, data):
        super().__init__(data)
        self.weights = {}

    def mixed_bit(self, family, rows, w):
        models = [self.models.setdefault((family, row), [32768, 0]) for row in rows]
        k = len(rows)
        weights = self.weights.setdefault((family, w), [65536 * 8 // (5 * k)] * k)
        stretched = [STRETCH[p >> 4] for p, _ in models]
        P = SQUASH[clamp(sum(map(int.__mul__, weights, stretched)) >> 16, -2047, 2047)]
        bound = (self.range >> 16) * P
        bit = int(self.code < bound)
        if bit:
            self.range = bound
        else:
            self.range, self.code = self.range - bound, self.code - bound
        goal = 65536 if bit else 0
        for i, model in enumerate(models):
            p, n = model
            weights[i] += (stretched[i] * (goal - P) * 3 + 32768) >> 16
            model[:] = clamp(p + ((goal - p) * (131072 // (2 * n + 3)) >> 16), 16, 65520), min(n + 1, 250)
        self.renormalise()
        return bit

    def mixed_magnitude(self, family, rows, w, largest):
        for i in range(20):
            if not self.mixed_bit(family, [row + i for row in rows], w + min(i, 5)):
                return i
        b = 0
        while b < 25 and self.uniform(2):
            b += 1
        m = 1
        for _ in range(min(b, 24)):
            m = 2 * m + self.uniform(2)
        return min(m + 19, largest)

    def mixed_integer(self, family, rows, w):
        if self.mixed_bit(family, rows, w):
            return 0
        if self.mixed_bit(family, [row + 1 for row in rows], w + 1):
            return -1 - self.mixed_magnitude(family, [row + 22 for row in rows], w + 2, 2**20)
        return 1 + self.mixed_magnitude(family, [row + 2 for row in rows], w + 2, 2**20)

    def mixed_tree(self, family, rows, w, b):
        node = 1
        for i in range(b):
            node = 2 * node + self.mixed_bit(family, [row + node for row in rows], w + i)
        return node - 2**b


def cell_of(code):
    """x, y, z of a Morton code."""
    return tuple(sum((code >> (3 * i + axis) & 1) << i for i in range(20)) for axis in range(3))


def shifted(cell, axis, by):
    return tuple(x + by * (a == axis) for a, x in enumerate(cell))


def read_cells(coder, depth, total):
    """The Morton codes of the cells, in order."""
    codes = [0]
    for level in range(depth):
        nodes, children, there = {cell_of(code) for code in codes}, [], set()
        for code in codes:
            node = cell_of(code)
            F = sum((shifted(node, a, 2 * s - 1) in nodes) << (2 * a + s) for a in range(3) for s in range(2))
            G = 0
            for k in range(8):
                child = tuple(2 * x + (k >> a & 1) for a, x in enumerate(node))
                S = sum((F >> (2 * a + (k >> a & 1)) & 1) << a for a in range(3))
                N = sum((shifted(child, a, -1) in there) << a for a in range(3))
                g = G.bit_count()
                rows = 8 * F + k, 512 + 8 * G + k, 2560 + 64 * level + 8 * S + N
                rows += (4608 + 8 * (8 * (8 * S + N) + k) + g,)
                if (k == 7 and g == 0) or coder.mixed_bit("cell", rows, 8 * k + g):
                    G |= 1 << k
                    children.append(8 * code + k)
                    there.add(child)
            require(len(children) <= total, "there are more cells than Gaussians")
        codes = children
    return codes


def read_counts(coder, codes, total):
    cells = {cell_of(code) for code in codes}
    counts, before = [], 1
    for code in codes:
        near = sum(shifted(cell_of(code), a, by) in cells for a in range(3) for by in (-1, 1))
        rows = 20 * near, 1120 + 20 * min(before - 1, 7)
        before = 1 + coder.mixed_magnitude("count", rows, 0, total)
        counts.append(before)
    require(sum(counts) == total, "the counts do not sum to N")
    return counts


TOUCHING = sorted(
    (d for d in product((-1, 0, 1), repeat=3) if any(d)),
    key=lambda d: (sum(map(abs, d)), d[0] + 3 * d[1] + 9 * d[2]),
)


def around(n, first, cell, last):
    """Numbers of those around Gaussian n; `last` has that of the last Gaussian of every earlier cell."""
    touching = [last[where] for d in TOUCHING if (where := tuple(map(int.__add__, cell, d))) in last]
    found = [*range(n - 1, first - 1, -1), *touching]
    found += [m for m in range(first - 1, max(first - 5, -1), -1) if m not in found]
    return found[:4]


class Gaussian(NamedTuple):
    """What was read of one, or follows from that in integers alone."""

    cell: tuple
    numbers: list  # the nine
    given: list  # of the mixed integer of each
    axes: tuple  # L, M, S
    needle: bool
    n: int
    turns: int
    u: int
    v: int
    coarse: int  # place of the direction
    roll: int
    places: list  # in the cell, along x, y, z
    split: list  # into so many
    harmonics: list  # channel by channel


def units(numbers):
    """Those of the numbers that are known."""
    colour, t = [*numbers, 0, 0][:2]
    return [65536, 65536, *[SCALE[t]] * 3, OPACITY[t], *[COLOUR[colour]] * 3]


def hold(x, most):
    return clamp(x, -most, most) + most


def read_number(coder, j, near, numbers, given):
    """Number j, appended to the numbers before it, and what its mixed integer gave."""
    unit, m = units(numbers)[j], len(near)
    values = [other.numbers[j] * units(other.numbers)[j] for other in near]
    told = (sum(values) + values[0]) // (m + 1) if m else 0
    apart = sum(abs(value - told) for value in values)
    spread = min((8 * apart // (m * unit)).bit_length(), 9) if m > 1 else 11 - m
    q = 4 * told // unit
    h = q >> 2
    kind = numbers[1] if 2 <= j <= 5 else numbers[0] if j else near[0].numbers[0] if m else 0
    a, b = ([0, 0, *given][-i] for i in (1, 2))
    c, d = ([*[other.given[j] for other in near], 0, 0][i] for i in (0, 1))
    rows = 4 * spread + (q & 3), 48 + kind, 64 + 7 * hold(a, 3) + hold(b, 3), 113 + 5 * hold(c, 3) + hold(d, 2)
    rows += (148 + clamp(h + 32, 0, 63),)
    given.append(coder.mixed_integer("number", [42 * (212 * j + row) for row in rows], 8 * (12 * j + spread)))
    numbers.append(h + given[-1])
    value = numbers[-1] * unit
    if j < 2:
        require(0 <= numbers[-1] <= 15, "a class is out of range")
    elif j < 5:
        require(0 <= value <= 64 * 65536, "a length is out of range")
    elif j == 5:
        require(0 <= value <= 16 * 65536, "a fading is out of range")
    else:
        require(abs(value) <= 4096 * 65536, "a colour is out of range")


def read_direction(coder, n, needle, near):
    """u, v and their coarse place."""
    p1, p2 = ([*[other.coarse for other in near], 64, 64][i] for i in (0, 1))
    found, own = [], 0
    for axis in range(2):
        u = 0
        if n > 1:
            rows = 520 * needle + 8 * p1 + own, 1040 + p2, 1105 + 8 * (10 * needle + min(n.bit_length(), 9)) + own
            rows = [8 * (1265 * axis + row) for row in rows]
            coarse = coder.mixed_tree("direction", rows, 3 * (2 * axis + needle), 3)
            low, high = -(-coarse * n // 8), -(-(coarse + 1) * n // 8)
            u = low + coder.uniform(high - low) if n >= 8 else min(coarse, n - 1)
        found.append(u)
        own = (2 * u + 1) * 8 // (2 * n)
    u, v = found
    return u, v, 8 * ((2 * u + 1) * 8 // (2 * n)) + own


def direction(n, u, v):
    a, b = 2 * u + 1 - n, 2 * v + 1 - n
    return a + b, a - b, 2 * n - abs(a + b) - abs(a - b)


def read_harmonics(coder, degree, colour, near):
    """Lists for luma and the two chromas."""
    found, r = [], 0
    for channel in range(3):
        found.append([])
        for k in range(HARMONICS[degree]):
            i = 24 * channel + k
            sizes = sum(abs(other.harmonics[channel][k]) * COLOUR[other.numbers[0]] for other in near)
            before = found[channel - 1][k] if channel else 0
            rows = 16 * i + colour, 1152 + 16 * i + min((4 * sizes // COLOUR[colour]).bit_length(), 15)
            rows += 2304 + 32 * channel + min(r, 31), 2400 + 5 * i + hold(before, 2)
            h = coder.mixed_integer("harmonic", [42 * row for row in rows], 8 * i)
            require(abs(h) * COLOUR[colour] <= 4096 * 65536, "a harmonic is out of range")
            found[-1].append(h)
            r = (3 * r + 3) // 4 + 4 * min(abs(h), 4) if h else 3 * r // 4
    return found


def read_gaussian(coder, head, cell, near):
    numbers, given = [], []
    for j in range(6):
        read_number(coder, j, near, numbers, given)
    t = numbers[1]
    long, middle, short = (number * SCALE[t] >> 8 for number in numbers[2:5])
    L = -head.f + long
    M = L - middle
    S = M - short
    require(-head.f <= S, "an axis is shorter than the resolution")
    needle = L - M > M - S
    B = bend(L, S) + (bend(L, M) if needle else bend(M, S))
    n = min(levels(256 + B // 2 + TURN[t]), 4096)
    turns = min(levels(423 + (bend(M, S) if needle else bend(L, M)) + TURN[t]), 4096)
    u, v, coarse = read_direction(coder, n, needle, near)
    roll = coder.uniform(turns)
    main, across = (L, (M + S) >> 1) if needle else (S, (L + M) >> 1)
    stretch = power(2 * (across - main))
    d = direction(n, u, v)
    places, split = [], []
    for axis in range(3):
        s = d[axis] ** 2 * 65536 // sum(x * x for x in d)
        c = log(max(65536 + (s * (stretch - 65536) >> 16), 1)) - 4096
        split.append(levels(-256 * head.depth - PLACE[t] - across + c // 2))
        places.append(coder.uniform(split[-1]))
    for j in range(6, 9):
        read_number(coder, j, near, numbers, given)
    harmonics = read_harmonics(coder, head.degree, numbers[0], near)
    return Gaussian(cell, numbers, given, (L, M, S), needle, n, turns, u, v, coarse, roll, places, split, harmonics)


class Head(NamedTuple):
    """What stands before the stream."""

    degree: int
    antialiased: bool
    total: int
    depth: int
    f: int
    corner: tuple
    side: float


def read_head(content):
    """The numbers before the stream, and the stream."""
    numbers, at = [], 0
    for _ in range(4):
        number, at = varint(content, at)
        numbers.append(number)
    flags, total, depth, f = numbers
    require(at + 16 <= len(content), "the chunk is cut short")
    *corner, side = struct.unpack("<4f", content[at : at + 16])
    stream = content[at + 16 :]
    require(flags <= 15 and flags & 7 <= 4 and depth <= 20 and f <= 16384, "the header is out of range")
    require(total <= min(2**24, 8 * len(stream)), "so many Gaussians cannot be in so few bytes")
    require(all(map(math.isfinite, (*corner, side))) and side > 0, "the cube is none")
    return Head(flags & 7, flags >= 8, total, depth, f, tuple(corner), side), stream


def read(data):
    """The header, the codes and counts of the cells, and the Gaussians, of a file."""
    found = chunks(data, ends="S")
    head, stream = read_head(found["S"])
    if head.total == 0:
        return head, [], [], []
    coder = Mixer(stream)
    codes = read_cells(coder, head.depth, head.total)
    counts = read_counts(coder, codes, head.total)
    gaussians, last = [], {}
    for code, count in zip(codes, counts, strict=True):
        cell, first = cell_of(code), len(gaussians)
        for n in range(first, first + count):
            near = [gaussians[m] for m in around(n, first, cell, last)]
            gaussians.append(read_gaussian(coder, head, cell, near))
        last[cell] = len(gaussians) - 1
    return head, codes, counts, gaussians


class Meaning(NamedTuple):
    """Of one Gaussian."""

    mean: list
    deviations: list
    axes: np.ndarray  # (3, 3) the columns are the axes
    opacity: float
    dc: np.ndarray  # (3,)
    sh: np.ndarray  # (K, 3)


def coloured(yuv):
    """Red, green, blue of Y, U, V."""
    Y, U, V = yuv
    return np.array([
        Y / math.sqrt(3) + U / math.sqrt(2) + V / math.sqrt(6),
        Y / math.sqrt(3) - 2 * V / math.sqrt(6),
        Y / math.sqrt(3) - U / math.sqrt(2) + V / math.sqrt(6),
    ])  # fmt: skip


def meaning(head, one):
    cell = zip(head.corner, one.cell, one.places, one.split, strict=True)
    mean = [corner + head.side * (x + (place + 0.5) / split) / 2**head.depth for corner, x, place, split in cell]
    least = 4 ** (-head.f / 256)
    deviations = [head.side * math.sqrt(max(4 ** (X / 256) - least, least / 256)) for X in one.axes]
    main = np.array(direction(one.n, one.u, one.v), float)
    main /= np.linalg.norm(main)
    x, y, z = main
    a = -1 / (1 + z)
    b = x * y * a
    angle = math.pi * (one.roll + 0.5) / one.turns
    beside = np.array([1 + x * x * a, b, -x]) * math.cos(angle) + np.array([b, 1 + y * y * a, -y]) * math.sin(angle)
    third = np.cross(main, beside)
    axes = np.stack([main, beside, third] if one.needle else [beside, third, main], axis=1)
    colour, t, *_ = one.numbers
    c = COLOUR[colour] / 65536
    opacity = min(2 ** (-one.numbers[5] * OPACITY[t] / 65536), 1 - 2**-12)
    dc = (coloured(c * np.array(one.numbers[6:])) - 0.5) / C0
    sh = coloured(c * np.array(one.harmonics, float)).T / C0
    return Meaning(mean, deviations, axes, opacity, dc, sh)


def decode(data):
    """The header, codes, counts, Gaussians and meanings of a file.

    Raises:
        Damaged: it breaks the specification.
    """
    head, codes, counts, gaussians = read(data)
    return head, codes, counts, gaussians, [meaning(head, one) for one in gaussians]


__all__ = ["Damaged", "decode"]
