"""The chunk `M` of `.daub` in the second decoder: from codec/container/FORMAT.md alone, "Methods"."""

import math
import struct

import numpy as np
from second_decoder import RangeDecoder, chunks, require, varint


class Bytes:
    """Reads from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        require(self.at + count <= len(self.data), "the chunk is cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def byte(self):
        return self.take(1)[0]

    def floats(self, count):
        numbers = struct.unpack(f"<{count}f", self.take(4 * count))
        require(all(map(math.isfinite, numbers)), "a number is not finite")
        return numbers


def read_quantiser(stream):
    """The number of columns, the alphabets, and the function from symbols to columns."""
    kind, columns = stream.byte(), stream.byte()
    require(kind <= 3 and columns >= 1, "no such quantiser")
    if kind == 0:

        def half(symbols):
            return [
                struct.unpack("<e", struct.pack("<H", abs(q - 31743)))[0] * (-1 if q < 31743 else 1) for q in symbols
            ]

        return columns, [63487] * columns, half
    if kind == 3:
        stages = stream.byte()
        entries = 1 + int.from_bytes(stream.take(2), "little")
        require(1 <= stages <= 8, "no such number of stages")
        words = [[stream.floats(columns) for _ in range(entries)] for _ in range(stages)]
        return (
            columns,
            [entries] * stages,
            lambda symbols: [sum(words[s][q][j] for s, q in enumerate(symbols)) for j in range(columns)],
        )
    bits = stream.byte()
    require(1 <= bits <= 16, "no such number of bits")
    scales, offsets = stream.floats(columns), stream.floats(columns)
    require(min(scales) > 0, "a scale is not positive")

    def uniform(symbols):
        values = [o + s * q for o, s, q in zip(offsets, scales, symbols, strict=True)]
        return [math.exp(v) for v in values] if kind == 2 else values

    return columns, [2**bits] * columns, uniform


class AdaptiveDecoder(RangeDecoder):
    """Whose models all start alike."""

    def first(self, *name):
        return [32768, 0]


def bits_of(alphabet):
    """ceil(log2 A)"""
    bits = 0
    while 2**bits < alphabet:
        bits += 1
    return bits


def read_adaptive(data, count, alphabets):
    coder = AdaptiveDecoder(data)
    low = [coder.uniform(17) for _ in alphabets]
    require(all(low[j] <= bits_of(a) for j, a in enumerate(alphabets)), "more low bits than bits")
    gaussians = []
    for _ in range(count):
        symbols = []
        for j, alphabet in enumerate(alphabets):
            high_bits, m = bits_of(alphabet) - low[j], 1
            for _ in range(high_bits):
                m = 2 * m + coder.bit(j, m)
            symbols.append((m - 2**high_bits) * 2 ** low[j] + coder.uniform(2 ** low[j]))
        gaussians.append(symbols)
    return gaussians


class Stack:
    """Of symbols."""

    def __init__(self, data):
        data = data.ljust(6, b"\0")
        self.state = int.from_bytes(data[:6], "little")
        require(self.state >= 2**32, "the state is too low")
        self.words = [int.from_bytes(data[i : i + 2], "little") for i in range(6, len(data), 2)][::-1]

    def peek(self, total):
        return (((self.state % 2**24) + 1) * total - 1) >> 24

    def pop(self, start, count, total):
        low = (start << 24) // total
        f = ((start + count) << 24) // total - low
        self.state = f * (self.state >> 24) + self.state % 2**24 - low
        while self.state < 2**32:
            self.state = self.state << 16 | (self.words.pop() if self.words else 0)

    def push(self, start, count, total):
        low = (start << 24) // total
        f = ((start + count) << 24) // total - low
        while self.state >> 24 >= f:
            self.words.append(self.state % 2**16)
            self.state >>= 16
        self.state = (self.state // f << 24) + self.state % f + low

    def number(self, total):
        value = self.peek(total)
        self.pop(value, 1, total)
        return value

    def histogram(self, symbols, total):
        leaves = 1
        while leaves < symbols:
            leaves *= 2
        tree = [0, total] + [0] * (2 * leaves - 2)
        for i in range(1, leaves):
            first = 2 * i + 1
            while first < leaves:
                first *= 2
            tree[2 * i] = self.number(tree[i] + 1) if first - leaves < symbols else tree[i]
            tree[2 * i + 1] = tree[i] - tree[2 * i]
        return tree[leaves : leaves + symbols]


def read_stack(data, count, alphabets, is_set):
    stack = Stack(data)
    low = [stack.number(17) for _ in alphabets]
    histograms = [stack.histogram(((a - 1) >> low[j]) + 1, count) for j, a in enumerate(alphabets)]
    gaussians = []
    for n in range(count):
        symbols = []
        for j, histogram in enumerate(histograms):
            slot, start, h = stack.peek(count), 0, 0
            while slot >= start + histogram[h]:
                start, h = start + histogram[h], h + 1
            stack.pop(start, histogram[h], count)
            symbols.append(h * 2 ** low[j] + stack.number(2 ** low[j]))
        gaussians.append(symbols)
        if is_set:
            stack.push(sum(other < symbols for other in gaussians), gaussians.count(symbols), n + 1)
    require(stack.state == 2**32 and not any(stack.words), "something is left")
    return gaussians


def read_raw(data, count, alphabets):
    widths = [bits_of(a) for a in alphabets]
    require(8 * len(data) >= count * sum(widths), "too few bits")
    bits = "".join(f"{byte:08b}" for byte in data)
    at, gaussians = 0, []
    for _ in range(count):
        symbols = []
        for width in widths:
            symbols.append(int("0" + bits[at : at + width], 2))
            at += width
        gaussians.append(symbols)
    return gaussians


def parameters_of(a, parametrisation, width, height, filter_variance):
    """x, y, log l1, log l3, k, e of a Gaussian from its eight columns."""
    x, y, colour = a[0], a[1], a[5:]
    if parametrisation in (0, 1, 3):
        x, y = (math.tanh(v) if parametrisation < 2 else v for v in (x, y))
        x, y = width / 2 * (x + 1), height / 2 * (y + 1)
    if parametrisation == 0:
        a2, a3, a4 = a[2] + 0.5, a[3], a[4] + 0.5
        xx, xy, yy = a2 * a2, a2 * a3, a3 * a3 + a4 * a4
    elif parametrisation == 2:
        xx, xy, yy = a[2:5]
    elif parametrisation == 4:
        l1, l3, k = math.exp(a[2]), math.exp(a[3]), a[4]
        xx, xy, yy = l1 * l1, k * l1 * l3, (1 + k * k) * l3 * l3
        colour = [e / math.sqrt(math.pi * l1 * l3) for e in colour]
    else:
        s1, s2 = (s + (0.5 if parametrisation == 1 else 0) for s in a[2:4])
        angle = 2 * math.pi / (1 + math.exp(-a[4]))
        cos, sin = math.cos(angle), math.sin(angle)
        xx, yy = (cos * s1) ** 2 + (sin * s2) ** 2, (sin * s1) ** 2 + (cos * s2) ** 2
        xy = sin * cos * (s1 * s1 - s2 * s2)
    xx, yy = xx + filter_variance, yy + filter_variance
    if not (xx > 1e-6 and yy > 1e-6 and xx * yy - xy * xy > 1e-6 * xx):
        return [x, y, 0, 0, 0, 0, 0, 0]
    l1, l3 = math.sqrt(xx), math.sqrt(yy - xy * xy / xx)
    energy = math.sqrt(math.pi * l1 * l3)
    parameters = [x, y, math.log(l1), math.log(l3), xy / (l1 * l3), *(c * energy for c in colour)]
    limits = [2**22, 2**22, 17 * math.log(2), 17 * math.log(2), 4096, 2**32, 2**32, 2**32]
    require(all(abs(p) <= limit for p, limit in zip(parameters, limits, strict=True)), "a Gaussian is out of range")
    return parameters


def decode(data):
    """Width, height, and parameters (N, 8) of a file, in the order of the stream."""
    content = chunks(data)["M"]
    width, at = varint(content, 0)
    height, at = varint(content, at)
    count, at = varint(content, at)
    require(1 <= width <= 2**20 and 1 <= height <= 2**20 and width * height <= 2**28, "no such size")
    require(count <= min(2**22, 2 * (len(content) - at)), "too many Gaussians")
    stream = Bytes(content[at:])
    parametrisation, coder = stream.byte(), stream.byte()
    require(parametrisation <= 4 and coder <= 3, "no such method")
    (filter_variance,) = stream.floats(1)
    require(0 <= filter_variance <= 2**16, "no such filter")
    quantisers = [read_quantiser(stream) for _ in range(stream.byte())]
    require(sum(columns for columns, _, _ in quantisers) == 8, "not eight columns")
    alphabets = [a for _, own, _ in quantisers for a in own]
    require(len(alphabets) <= 16, "too many symbols")
    coded = content[at + stream.at :]
    if coder == 0:
        gaussians = read_raw(coded, count, alphabets)
    elif coder == 2:
        gaussians = read_adaptive(coded, count, alphabets)
    else:
        gaussians = read_stack(coded, count, alphabets, coder == 3)
    parameters = []
    for symbols in gaussians:
        require(all(q < a for q, a in zip(symbols, alphabets, strict=True)), "no such symbol")
        columns, first = [], 0
        for _, own, values_of in quantisers:
            columns += values_of(symbols[first : first + len(own)])
            first += len(own)
        parameters.append(parameters_of(columns, parametrisation, width, height, filter_variance))
    return width, height, np.array(parameters, float).reshape(-1, 8)
