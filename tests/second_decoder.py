"""A second decoder of `.daub`, written from codec/container/FORMAT.md alone: slow, plain, no code shared with ours."""

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


RESOURCES = Path(__file__).parents[1] / "resources"
# Where the models start: p and n of each, then the usual scales o1 and o3 of every class.
TRAINED = (RESOURCES / "models.bin").read_bytes()
STATES = list(struct.iter_unpack("<HH", TRAINED[: -64 * 4]))
USUAL = struct.unpack("<64i", TRAINED[-64 * 4 :])
HEADS = ("class", "scale 1", "scale 3", "shear", "luma", "chroma 1", "chroma 2")
PARTS = {"zero": 0, "negative": 1, "+": 2, "-": 20}
R = [round(min(2 * 2 ** (-t / 2), 1) * 65536) for t in range(32)]

# The network: rows of integers.
WEIGHTS = iter(struct.iter_unpack("<h", (RESOURCES / "network.bin").read_bytes()))


def matrix(rows, columns, scale=1):
    """The next rows * columns numbers of the file."""
    return [[next(WEIGHTS)[0] * scale for _ in range(columns)] for _ in range(rows)]


T, T0, H, O, C, P, P0 = (  # noqa: E741  the names of the specification
    matrix(30, 32), matrix(1, 32, 64)[0], matrix(32, 112), matrix(19, 16), matrix(32, 112, 64), matrix(21, 16),
    matrix(7, 3, 64),
)  # fmt: skip
O_ROWS = [[], [], [0], [1, 5, 9], [2, 6, 10], [3, 7, 11, 13, 15], [4, 8, 12, 14, 16, 17, 18]]


def place(family, *rest):
    """The number of a model from its name."""
    if family == "cell":
        return 18 * rest[0] + rest[1]
    if family == "sign":
        return 216 + 7 * 16 * 4 * 38 + rest[0]
    spread, fraction, part, *index = rest
    return 216 + ((HEADS.index(family) * 16 + spread) * 4 + fraction) * 38 + PARTS[part] + sum(index)


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


def chunks(data, ends="GM"):
    """The contents of the chunks up to the first that ends a file, H among them before G; every one is checked."""
    require(data[:5] == b"DAUB\x02", "not a .daub file of version 2")
    found, at = {}, 5
    while not found.keys() & set(ends):
        require(at < len(data), f"ends before a chunk {' or '.join(ends)}")
        tag = chr(data[at])
        length, start = varint(data, at + 1)
        end = start + length
        require(end + 4 <= len(data), "ends inside a chunk")
        require(zlib.crc32(data[at:end]) == int.from_bytes(data[end : end + 4], "little"), "wrong CRC")
        require(tag in "H" + ends or "a" <= tag <= "z", f"unknown chunk {tag!r}")
        require(tag not in found, f"the chunk {tag} stands twice")
        found[tag], at = data[start:end], end + 4
    require(at == len(data), "bytes follow the last chunk")
    require(("H" in found) == ("G" in found), "the header and the chunk G go together")
    return found


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

    def first(self, *name):
        """Where the model of that name starts."""
        return list(STATES[place(*name)])

    def bit(self, *name):
        """An adaptive bit with the model of that name."""
        if name not in self.models:
            self.models[name] = self.first(*name)
        model = self.models[name]
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

    def around(self, head, m, s, unit, log2_unit, f):
        """A signed number expected near m / unit, whose f lowest bits are uniform."""
        a = 4 * m // unit
        spread = min(max(((s - log2_unit) >> 15) + 6, 0), 15)
        h = (a >> 2) + self.integer(head, spread, a & 3)
        return (h << f) + self.uniform(2**f)


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


def clamp(x, low, high):
    return min(max(x, low), high)


def lg(x):
    """A signed logarithm, in 1/64."""
    size = round(64 * math.log2(1 + min(abs(x), 63)))
    return size if x >= 0 else -size


def features(n, cell, counts, before, c):
    """x of Gaussian n in cell (row, column); before: for each Gaussian read, its cell, place and attributes."""
    row, column = cell

    def count(down, across):
        r, k = row + down, column + across
        return counts[r][k] if 0 <= r < len(counts) and 0 <= k < len(counts[0]) else 0

    near, wide = [0] * 11, [0] * 11
    for r in range(row - 2, row + 1):
        for (_, _), (x, y), attributes in [b for b in before if b[0][0] == r and abs(b[0][1] - column) <= 2][-64:]:
            distance = min(((x - 16 * column - 8) ** 2 + (y - 16 * row - 8) ** 2) >> 6, 63)
            for sums, reach in ((near, 3.2), (wide, 20)):
                weight = round(256 * math.exp(-distance / reach))
                for i in range(10):
                    sums[i] += weight * attributes[i]
                sums[10] += weight
    x = []
    for w, sums in enumerate((near, wide)):
        share = 2**20 // (sums[10] + 64 * (1 + w))
        x += [(total * share) >> 20 for total in sums[:10]] + [min(sums[10] >> (2 + w), 256)]
    read = sum(b[0] == cell for b in before)
    x += [0, 0] if read == 0 else [64, before[-1][2][0]]
    x.append(16 * c)
    around = (
        count(0, 0),
        count(0, -1) + count(0, 1),
        count(-1, 0) + count(1, 0),
        count(-1, -1) + count(-1, 1) + count(1, -1) + count(1, 1),
        read,
    )
    return x + [min(32 * number, 511) for number in around]


def layer(bias, factors, rows):
    """bias + factors times rows."""
    return [b + sum(f * row[j] for f, row in zip(factors, rows, strict=True)) for j, b in enumerate(bias)]


def active(x):
    return clamp(x >> 10, 0, 1023)


def read_gaussian(coder, x, c):
    """The integers t, i1, i3, ik, y, u, v, jy, jx of one Gaussian, its lattice L1, L3, n(L1), n(L3), its attributes."""
    z = [active(total) for total in layer(T0, x, T)]
    q = layer([0] * 112, z, H)

    def head(k, t, own):
        rows = [O[i] for i in O_ROWS[k]]
        base = [q[16 * k + j] + C[t][16 * k + j] for j in range(16)]
        r = [active(total) for total in layer(base, own, rows)]
        return [P0[k][o] + sum(a * b for a, b in zip(r, P[3 * k + o], strict=True)) for o in range(3)]

    m, s, _ = head(0, 0, [])
    t = coder.around("class", m, s, 65536, 0, 0)
    require(0 <= t <= 31, "a class is out of range")
    f = max(0, (t - 5) // 2)
    attributes, scales = [16 * (t - 9)], []
    for axis in range(2):
        m, s, _ = head(1 + axis, t, attributes[1:])
        usual = USUAL[32 * axis + t] + c * 65536
        log2_unit = 34653 + min(0, 32768 * (1 - t)) + 65536 * f
        scales.append(coder.around(HEADS[1 + axis], usual + m, s, S[t] << f, log2_unit, f))
        require(abs(scales[-1] * S[t]) <= 17 * 65536, "a scale is out of range")
        attributes.append(clamp((scales[-1] * S[t] - usual) >> 10, -256, 256))
    L1, L3 = scales[0] * S[t], scales[1] * S[t]
    f = max(0, (t - 6) // 2)
    _, a1, a2 = attributes
    m, s, _ = head(3, t, [a1, a2, abs(a1 - a2)])
    ik = coder.around("shear", m, s, R[t] << f, min(0, 32768 * (2 - t)) + 65536 * f, f)
    attributes.append(clamp((ik * R[t]) >> 10, -256, 256))
    own = [a1, a2, abs(attributes[3])]
    m, s, g = head(4, t, own)
    y = coder.around("luma", m, s, 65536, 0, f)
    require(y >= 0, "a magnitude is negative")
    if y and not coder.bit("sign", clamp((g >> 15) + 4, 0, 8)):
        y = -y
    own += [lg(y), abs(lg(y))]
    m, s, _ = head(5, t, own)
    u = coder.around("chroma 1", m, s, 65536, 0, f)
    own += [lg(u), abs(lg(u))]
    m, s, _ = head(6, t, own)
    v = coder.around("chroma 2", m, s, 65536, 0, f)
    attributes += [lg(y), lg(u), lg(v), abs(lg(y)), abs(lg(u)), abs(lg(v))]
    n1, n3 = (LEVELS[clamp((c * 65536 - L - (32768 - 32768 * t) + 8192) >> 14, 0, 63)] for L in (L1, L3))
    jy = coder.uniform(n3)
    jx = coder.uniform(n1)
    return (t, *scales, ik, y, u, v, jy, jx), (L1, L3, n1, n3), attributes


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
    found = chunks(data)
    require("G" in found, "these are the Gaussians of another method")
    (width, height, *rest), left = varints(found["H"], 5)
    require(not left, "bytes follow the numbers of the header")
    return width, height, *read_gaussians(width, height, *rest, found["G"])


def opacity(data):
    """Width, height, integers and parameters, likewise, of the picture whose green is the opacity."""
    found = chunks(data)
    (width, height, *_), _ = varints(found["H"], 5)
    numbers, content = varints(found["a"], 3)
    return width, height, *read_gaussians(width, height, *numbers, content)


def varints(data, count):
    """The first numbers, and what follows them."""
    numbers, at = [], 0
    for _ in range(count):
        number, at = varint(data, at)
        numbers.append(number)
    return numbers, data[at:]


def read_gaussians(width, height, total, s, c, content):
    """Integers and parameters of a payload."""
    require(1 <= width <= 2**20 and 1 <= height <= 2**20 and width * height <= 2**28, "no such size")
    require(total <= min(2**24, 2 * len(content)) and s <= 1023 and c <= 20, "the header is out of range")
    rows, columns = -(-height // 2**c), -(-width // 2**c)
    require(rows * columns <= min(4096 + 1024 * len(content), 2**24), "too many cells")
    coder = RangeDecoder(content)
    integers, parameters, before = [], [], []
    all_counts = read_counts(coder, rows, columns, total)
    for row, counts in enumerate(all_counts):
        for column, count in enumerate(counts):
            for _ in range(count):
                x = features(len(before), (row, column), all_counts, before, c)
                symbols, lattice, attributes = read_gaussian(coder, x, c)
                integers.append((row, column, *symbols))
                parameters.append(parameters_of(integers[-1], lattice, c, 2 ** ((s - 512) / 64)))
                jy, jx = symbols[-2:]
                where = 16 * column + 16 * jx // lattice[2], 16 * row + 16 * jy // lattice[3]
                before.append(((row, column), where, attributes))
    return np.array(integers, np.int64).reshape(-1, 11), np.array(parameters, float).reshape(-1, 8)


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
