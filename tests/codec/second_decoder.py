"""A second decoder of `.daub`, written from codec/FORMAT.md alone: slow, plain, and no code shared with the codec."""

import math
import struct
import zlib
from pathlib import Path

import numpy as np

# Quantisation: the normative tables.
S = [94548, 94548, 66856, 47274, 33428, 23637, 16714, 11819, 8357, 5909, 4178, 2955, 2089, 1477, 1045, 739, 522, 369]
S += [261, 185, 131, 92, 65, 46, 33, 23, 16, 12, 8, 6, 4, 3]
LEVELS = [1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16, 19, 23, 27, 32, 38, 45, 54, 64, 76, 91, 108, 128, 152]
LEVELS += [181, 215, 256, 304, 362, 431, 512, 609, 724, 861, 1024, 1218, 1448, 1722, 2048, 2435, 2896, 3444, 4096, 4871]
LEVELS += [5793, 6889, 8192, 9742, 11585, 13777, 16384, 19484, 23170, 27554, 32768, 38968, 46341, 55109]


# Where the models start: p and n of each, then the offsets o1 and o3 of every class.
TRAINED = (Path(__file__).parents[2] / "resources" / "models.bin").read_bytes()
STATES = list(struct.iter_unpack("<HH", TRAINED[: -64 * 4]))
OFFSETS = struct.unpack("<64i", TRAINED[-64 * 4 :])
# First model of each family, and models of one of its contexts.
FAMILIES = {"cell": (0, 18), "class": (216, 32), "scale": (504, 38), "shear": (5368, 38), "colour": (9016, 38)}
CONTEXTS = {"scale": 4, "shear": 3, "colour": 7}  # of each class
PARTS = {"zero": 0, "negative": 1, "+": 2, "-": 20}


def place(family, context, *rest):
    """The number of a model from its name."""
    first, size = FAMILIES[family]
    if family in CONTEXTS:
        context = context * CONTEXTS[family] + rest[0]
        rest = (PARTS[rest[1]] + sum(rest[2:]),)
    return first + context * size + rest[0]


class Damaged(ValueError):
    """The file breaks the specification."""


def require(condition, complaint):
    """Refuse the file unless the condition holds."""
    if not condition:
        raise Damaged(complaint)


def varint(data, at):
    """A LEB128 number and the position after it."""
    number = 0
    for i in range(5):
        require(at + i < len(data), "ends inside a number")
        number |= (data[at + i] & 127) << 7 * i
        if data[at + i] < 128:
            return number, at + i + 1
    raise Damaged("a number is longer than five bytes")


def chunks(data):
    """The contents of the chunks H and G, every chunk having been checked."""
    require(data[:5] == b"DAUB\x01", "not a .daub file of version 1")
    found, at = {}, 5
    while "G" not in found:
        require(at < len(data), "ends before the chunk G")
        tag = chr(data[at])
        length, start = varint(data, at + 1)
        end = start + length
        require(end + 4 <= len(data), "ends inside a chunk")
        require(zlib.crc32(data[at:end]) == int.from_bytes(data[end : end + 4], "little"), "wrong CRC")
        require(tag in "HG" or "a" <= tag <= "z", f"unknown chunk {tag!r}")
        require(tag not in found or tag not in "HG", f"the chunk {tag} stands twice")
        found[tag], at = data[start:end], end + 4
    require(at == len(data), "bytes follow the chunk G")
    require("H" in found, "there is no header")
    return found["H"], found["G"]


class RangeDecoder:
    """Decodes decisions; models are made, as [p, n], when first named."""

    def __init__(self, data):
        self.data, self.at, self.models = data, 0, {}
        self.range, self.code = 2**32 - 1, 0
        for _ in range(4):
            self.shift_in()

    def shift_in(self):
        """One more byte of code; up to four past the end are zero."""
        require(self.at < len(self.data) + 4, "the stream ends too early")
        byte = self.data[self.at] if self.at < len(self.data) else 0
        self.code, self.at = (self.code << 8 | byte) % 2**32, self.at + 1

    def renormalise(self):
        """Range is at least 2^24 before every decision."""
        while self.range < 2**24:
            self.range <<= 8
            self.shift_in()

    def bit(self, *name):
        """An adaptive bit with the model of that name."""
        model = self.models.setdefault(name, list(STATES[place(*name)]))
        p, n = model
        bound = (self.range >> 16) * min(max(p, 32), 65504)
        bit = int(self.code < bound)
        if bit:
            self.range = bound
        else:
            self.range, self.code = self.range - bound, self.code - bound
        model[:] = p + (((65536 if bit else 0) - p) * (131072 // (2 * n + 3)) >> 16), min(n + 1, 120)
        self.renormalise()
        return bit

    def uniform(self, total):
        """A number in 0..total-1, all equally likely."""
        if total == 1:
            return 0
        share = self.range // total
        value = min(self.code // share, total - 1)
        self.code, self.range = self.code - share * value, share
        self.renormalise()
        return value

    def magnitude(self, largest, *name):
        """A number from 0 up: unary with 18 models, then Exp-Golomb."""
        for i in range(18):
            if not self.bit(*name, i):
                return i
        b = 0
        while b < 25 and self.uniform(2):
            b += 1
        m = 1
        for _ in range(min(b, 24)):
            m = 2 * m + self.uniform(2)
        return min(m + 17, largest)

    def integer(self, *name):
        """A signed number: zero?, negative?, magnitude less one."""
        if self.bit(*name, "zero"):
            return 0
        if self.bit(*name, "negative"):
            return -1 - self.magnitude(2**20, *name, "-")
        return 1 + self.magnitude(2**20, *name, "+")

    def coarse(self, f, *name):
        """A signed number whose f lowest bits are uniform."""
        return (self.integer(*name) << f) + self.uniform(2**f)


def read_counts(coder, rows, columns, total):
    """How many Gaussians each cell holds, row by row, with a border of empty cells before and after."""
    count = [[0] * (columns + 2) for _ in range(rows + 1)]  # count[row + 1][column + 1]
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            north = count[row - 1]
            context = 2 * count[row][column - 1] + 2 * north[column] + north[column - 1] + north[column + 1]
            count[row][column] = coder.magnitude(total, "cell", min(context, 11))
    require(sum(map(sum, count)) == total, "the counts do not sum to N")
    return [line[1:-1] for line in count[1:]]


def sign(number):
    """0 for zero, 1 for positive, 2 for negative."""
    return 0 if number == 0 else 1 if number > 0 else 2


def read_gaussian(coder, tree, c, means):
    """The integers t, i1, i3, ik, y, u, v, jy, jx of one Gaussian, then its lattice: L1, L3, n(L1), n(L3)."""
    t = 1
    for _ in range(5):
        t = 2 * t + coder.bit("class", tree, t)
    t -= 32
    mean, f = means[t], max(0, (t - 5) // 2)
    i1 = mean[0] // S[t] + coder.coarse(f, "scale", t, 0)
    i3 = mean[1] // S[t] + coder.coarse(f, "scale", t, 1 + sign((i1 - mean[0] // S[t]) >> f))
    L1, L3 = i1 * S[t], i3 * S[t]
    require(max(abs(L1), abs(L3)) <= 17 * 65536, "a scale is out of range")
    mean[0] += (L1 - mean[0]) >> 4
    mean[1] += (L3 - mean[1]) >> 4
    f = max(0, (t - 6) // 2)
    ik = coder.coarse(f, "shear", t, 0 if L1 - L3 > 32768 else 1 if L1 - L3 > -32768 else 2)
    y = coder.coarse(f, "colour", t, 0)
    u = coder.coarse(f, "colour", t, 1 + sign(y))
    v = coder.coarse(f, "colour", t, 4 + sign(u))
    n1, n3 = (LEVELS[min(max((c * 65536 - L - (32768 - 32768 * t) + 8192) >> 14, 0), 63)] for L in (L1, L3))
    jy = coder.uniform(n3)
    jx = coder.uniform(n1)
    return (t, i1, i3, ik, y, u, v, jy, jx), (L1, L3, n1, n3)


def parameters_of(symbols, lattice, c, d):
    """What the integers of a Gaussian mean: x, y, log l1, log l3, k, e_red, e_green, e_blue."""
    row, column, t, _, _, ik, *colour, jy, jx = symbols
    L1, L3, n1, n3 = lattice
    k = ik * min(2 * 2 ** (-t / 2), 1)
    require(abs(k) <= 4096, "a shear is out of range")
    x = (column + (jx + 0.5) / n1) * 2**c - 0.5
    y = (row + (jy + 0.5) / n3) * 2**c - 0.5
    Y, U, V = (d * component for component in colour)
    red = Y / math.sqrt(3) + U / math.sqrt(2) + V / math.sqrt(6)
    green = Y / math.sqrt(3) - 2 * V / math.sqrt(6)
    blue = Y / math.sqrt(3) - U / math.sqrt(2) + V / math.sqrt(6)
    return x, y, L1 / 65536 * math.log(2), L3 / 65536 * math.log(2), k, red, green, blue


def decode(data):
    """Width, height, integers (N, 11), parameters (N, 8) of a file, the Gaussians in the order of the stream.

    The integers are cell row, cell column, t, i1, i3, ik, y, u, v, jy, jx; the parameters x, y, log l1, log l3, k, e.
    """
    header, content = chunks(data)
    fields, at = [], 0
    for _ in range(5):
        number, at = varint(header, at)
        fields.append(number)
    width, height, total, s, c = fields
    require(at == len(header), "bytes follow the numbers of the header")
    require(1 <= width <= 2**20 and 1 <= height <= 2**20 and width * height <= 2**28, "no such size")
    require(total <= min(2**24, 2 * len(content)) and s <= 1023 and c <= 20, "the header is out of range")
    rows, columns = -(-height // 2**c), -(-width // 2**c)
    require(rows * columns <= min(4096 + 1024 * len(content), 2**24), "too many cells")
    coder, means = RangeDecoder(content), [[c * 65536 + OFFSETS[t], c * 65536 + OFFSETS[32 + t]] for t in range(32)]
    integers, parameters = [], []
    for row, counts in enumerate(read_counts(coder, rows, columns, total)):
        for column, count in enumerate(counts):
            tree = 0
            for _ in range(count):
                symbols, lattice = read_gaussian(coder, tree, c, means)
                tree = 1 + min(symbols[0] // 2, 7)
                integers.append((row, column, *symbols))
                parameters.append(parameters_of(integers[-1], lattice, c, 2 ** ((s - 512) / 64)))
    return width, height, np.array(integers, np.int64).reshape(-1, 11), np.array(parameters, float).reshape(-1, 8)


def render(width, height, parameters):
    """The 8-bit image (height, width, 3), pixel by pixel and Gaussian by Gaussian."""
    image = [[[0.0, 0.0, 0.0] for _ in range(width)] for _ in range(height)]
    for x, y, log_l1, log_l3, k, *e in parameters.tolist():
        l1, l3 = math.exp(log_l1), math.exp(log_l3)
        norm = math.sqrt(math.pi * l1 * l3)
        for i in range(height):
            for j in range(width):
                z1 = (j - x) / l1
                z2 = (i - y) / l3 - k * z1
                q = z1**2 + z2**2
                if q < 9:
                    w = math.exp(-q / 2) - math.exp(-9 / 2)
                    for channel in range(3):
                        image[i][j][channel] += w * e[channel] / norm
    levels = [[[math.floor(255 * min(max(value, 0), 1) + 0.5) for value in pixel] for pixel in line] for line in image]
    return np.array(levels, np.uint8)
