"""The network as FORMAT.md words it ("Restoration"), in plain numpy, against the one that decoders run."""

from __future__ import annotations

import numpy as np
import pytest
from restoration_networks import SMALL, network_file

from daub.codec.restoration.network import network_of
from daub.codec.restoration.tiles import correction
from daub.codec.restoration.weights import Shape, from_bytes


class Numbers:
    """The numbers of a file of weights, taken in their order."""

    def __init__(self, data: bytes):
        self.values, self.at = np.frombuffer(data, "<f2", offset=8).astype(np.float64), 0

    def take(self, *shape: int) -> np.ndarray:
        count = int(np.prod(shape))
        self.at += count
        return self.values[self.at - count : self.at].reshape(shape)

    def convolution(self, into: int, out: int, side: int):
        return self.take(out, into, side, side), self.take(out)


def convolved(x, weight, bias, stride: int = 1, by_itself: bool = False):
    """x: (channels, rows, columns); 3x3 sees zeros outside."""
    side = weight.shape[-1]
    if side == 3:
        x = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    rows, columns = ((have - side) // stride + 1 for have in x.shape[1:])
    out = 0
    for row in range(side):
        for column in range(side):
            seen = x[:, row : row + stride * rows : stride, column : column + stride * columns : stride]
            tap = weight[:, :, row, column]
            out = out + (tap[:, :1, None] * seen if by_itself else np.einsum("oi,irc->orc", tap, seen))
    return out + bias[:, None, None]


def shuffled(x):
    channels, rows, columns = x.shape
    out = np.empty((channels // 4, 2 * rows, 2 * columns))
    for part in range(4):
        out[:, part // 2 :: 2, part % 2 :: 2] = x[part::4]
    return out


def squares(x):
    """The opposite: of each channel the four pixels of a square, row by row."""
    return np.stack([x[:, part // 2 :: 2, part % 2 :: 2] for part in range(4)], 1).reshape(-1, *_half(x))


def _half(x):
    return x.shape[1] // 2, x.shape[2] // 2


def level(numbers: Numbers, width: int, blocks: int):
    """Reads the blocks of a level, and gives what it does."""
    parts = []
    for _ in range(blocks):
        norms = [(numbers.take(width), numbers.take(width)) for _ in range(2)]
        parts.append((
            norms, numbers.convolution(width, 2 * width, 1), numbers.convolution(1, 2 * width, 3),
            numbers.convolution(width, width, 1), numbers.convolution(width, 2 * width, 1),
            numbers.convolution(width, width, 1), numbers.take(width), numbers.take(width),
        ))  # fmt: skip

    def norm(x, factor, offset):
        x = (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-6)
        return x * factor[:, None, None] + offset[:, None, None]

    def gate(x):
        return x[:width] * x[width:]

    def run(x):
        for (first, second), widen, depthwise, mix, feed, out, beta, gamma in parts:
            inner = gate(convolved(convolved(norm(x, *first), *widen), *depthwise, by_itself=True))
            x = x + beta[:, None, None] * convolved(inner, *mix)
            x = x + gamma[:, None, None] * convolved(gate(convolved(norm(x, *second), *feed)), *out)
        return x

    return run


def lengthened(part, rows: int, columns: int):
    """(channels, rows, columns), by the last row and column."""
    more = (0, rows - part.shape[0]), (0, columns - part.shape[1]), (0, 0)
    return np.pad(part.astype(np.float64), more, "edge").transpose(2, 0, 1)


def by_the_book(data: bytes, base, residual, maps, d: float | None):
    """C, (H, W, 3). Args: base, residual: (H, W, 3); maps: at half that; d: the step, None for a file with `M`."""
    a, b, c, *n = data[:8]
    numbers = Numbers(data)
    height, width, _ = base.shape
    rows, columns = -(-height // 8) * 8, -(-width // 8) * 8
    picture, beside = (lengthened(part, rows, columns) for part in (base, residual))
    told = lengthened(maps, rows // 2, columns // 2)
    u = np.sqrt(1 if d is None else d) / 32
    mean = np.empty_like(picture)
    for y in range(rows):
        for x in range(columns):
            mean[:, y, x] = picture[:, max(y - 4, 0) : y + 5, max(x - 4, 0) : x + 5].mean((1, 2))
    planes = np.array([0, 1] if d is None else [np.log2(d), 0])[:, None, None] + np.zeros((2, *_half(picture)))
    seen = np.concatenate([squares(picture - 0.5), squares(beside), squares((picture - mean) / (4 * u)), told, planes])
    assert len(seen) == 41
    first = numbers.convolution(41, a, 3)
    levels = [level(numbers, width, blocks) for width, blocks in zip((a, b, c, b, a), n, strict=True)]
    reduce = numbers.convolution(a, b, 2), numbers.convolution(b, c, 2)
    expand = numbers.convolution(c, 4 * b, 1), numbers.convolution(b, 4 * a, 1)
    last = numbers.convolution(a, 12, 3)
    assert numbers.at == len(numbers.values)
    x1 = levels[0](convolved(seen, *first))
    x2 = levels[1](convolved(x1, *reduce[0], stride=2))
    x3 = levels[2](convolved(x2, *reduce[1], stride=2))
    y2 = levels[3](x2 + shuffled(convolved(x3, *expand[0])))
    y1 = levels[4](x1 + shuffled(convolved(y2, *expand[1])))
    return (u * shuffled(convolved(y1, *last)))[:, :height, :width].transpose(1, 2, 0)


@pytest.mark.parametrize("d", [0.2, None])
@pytest.mark.parametrize("shape", [SMALL, Shape((3, 5, 7), (0, 2, 1, 0, 1))])
def test_the_network_is_the_one_of_the_specification(shape, d):
    draw = np.random.default_rng(3)
    base = draw.random((27, 37, 3), np.float32)
    residual = 0.1 * draw.standard_normal((27, 37, 3)).astype(np.float32)
    maps = draw.random((14, 19, 3), np.float32)
    data = network_file(shape, seed=5)
    conditions = np.array([0, 1] if d is None else [np.log2(d), 0], np.float32)
    expected = by_the_book(data, base, residual, maps, d)
    found = correction(network_of(from_bytes(data)), base, residual, maps, conditions)
    assert np.abs(expected).max() > 1e-3
    assert np.allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())
