"""A second reader of the restoration layer, written from FORMAT.md alone: numpy in double precision, no code of Daub.

It takes the rendering, the Gaussians' parameters and the step as given; those have second decoders of their own.
"""

from __future__ import annotations

import imagecodecs
import numpy as np


def restored(content, weights_file, rendering, parameters, step):
    """(H, W, 3) float64, from the content of a chunk `r` and (H, W, 3) of the rendering.

    Args:
        parameters: (N, 8): x, y, log l1, log l3, k, e.
        step: d of the quantiser; None for a file of a method.
    """
    height, width, _ = rendering.shape
    flags, at = content[0], 1
    strength, blocks, residual = 0.0, np.ones((-(-height // 64), -(-width // 64))), np.zeros_like(rendering)
    if flags & 1:
        strength, at = content[5] / 128, 6
    if flags & 2:
        count = blocks.size
        bits = [content[at + i // 8] >> (7 - i % 8) & 1 for i in range(count)]
        blocks, at = np.array(bits).reshape(blocks.shape), at + (count + 7) // 8
    if flags & 4:
        gain, unit = content[at], 1 << content[at + 1]
        samples = (imagecodecs.jpegxl_decode(content[at + 2 :]).astype(float) - 128) / (127.5 * gain)
        residual = np.array([[_between(samples, y, x, unit) for x in range(width)] for y in range(height)])
    base = np.clip(rendering + residual, 0, 1)
    if not flags & 1:
        return base
    padded = [np.pad(part, ((0, -height % 8), (0, -width % 8), (0, 0)), mode="edge") for part in (base, residual)]
    rows, columns = padded[0].shape[0] // 2, padded[0].shape[1] // 2
    maps = _maps(parameters, -(-height // 2), -(-width // 2))
    maps = np.pad(maps, ((0, rows - maps.shape[0]), (0, columns - maps.shape[1]), (0, 0)), mode="edge")
    conditions = (0, 1) if step is None else (np.log2(step), 0)
    planes = [np.full((rows, columns), value, float) for value in conditions]
    u = np.sqrt(1 if step is None else step) / 32
    picture = np.concatenate([padded[0] - 0.5, padded[1], (padded[0] - _means(padded[0])) / (4 * u)], 2)
    shuffled = [picture[i::2, j::2, c] for c in range(9) for i in range(2) for j in range(2)]
    x = np.stack([*shuffled, *np.moveaxis(maps, 2, 0), *planes])
    out = u * _network(weights_file, x)
    change = np.zeros((2 * rows, 2 * columns, 3))
    for c in range(3):
        for i in range(2):
            for j in range(2):
                change[i::2, j::2, c] = out[4 * c + 2 * i + j]
    wanted = blocks.repeat(64, 0)[:height].repeat(64, 1)[:, :width, None]
    return np.clip(base + strength * wanted * change[:height, :width], 0, 1)


def _means(picture):
    """Of the 9 x 9 pixels around each, as far as there are any."""
    rows, columns, _ = picture.shape
    means = [
        [picture[max(y - 4, 0) : y + 5, max(x - 4, 0) : x + 5].mean((0, 1)) for x in range(columns)]
        for y in range(rows)
    ]  # fmt: skip
    return np.array(means)


def _between(samples, y, x, unit):
    """Bilinear between the centres of samples."""
    rows, columns, _ = samples.shape
    v, u = (min(max((p + 0.5) / unit - 0.5, 0), n - 1) for p, n in ((y, rows), (x, columns)))
    i, j = int(v), int(u)
    k, m = min(i + 1, rows - 1), min(j + 1, columns - 1)
    top = samples[i, j] * (1 - (u - j)) + samples[i, m] * (u - j)
    bottom = samples[k, j] * (1 - (u - j)) + samples[k, m] * (u - j)
    return top * (1 - (v - i)) + bottom * (v - i)


def _maps(parameters, rows, columns):
    """Maps of the Gaussians, at half the size."""
    p = parameters.astype(float)
    l1, l3 = np.exp(p[:, 2]), np.exp(p[:, 3])
    scale = (p[:, 2] + p[:, 3]) / 2
    amplitude = np.abs(p[:, 5:8]).max(1) / np.sqrt(np.pi * l1 * l3)
    xx, yy, xy = l1 * l1 / 4, l3 * l3 * (1 + p[:, 4] ** 2) / 4, p[:, 4] * l1 * l3 / 4
    xx, yy = xx + 1 / 16, yy + 1 / 16
    m1 = np.sqrt(xx)
    m3, k = np.sqrt(yy - xy * xy / xx), xy / (m1 * np.sqrt(yy - xy * xy / xx))
    share = (l1 * l3 / 4) / (m1 * m3)
    i, j = np.mgrid[:rows, :columns]
    total = np.zeros((3, rows, columns))
    for n in range(len(p)):
        z1 = (j - ((p[n, 0] + 0.5) / 2 - 0.5)) / m1[n]
        z2 = (i - ((p[n, 1] + 0.5) / 2 - 0.5)) / m3[n] - k[n] * z1
        q = z1 * z1 + z2 * z2
        w = np.where(q < 9, np.exp(-q / 2) - np.exp(-4.5), 0) * share[n]
        total += w * np.array([1, scale[n], amplitude[n]])[:, None, None]
    weight = total[0]
    return np.stack([np.log2(1 + weight) / 4, total[1] / (weight + 1 / 16) / 4, np.log2(1 + 32 * total[2]) / 4], 2)


def _network(data, x):
    a, b, c, *blocks = data[:8]
    numbers, at = np.frombuffer(data[8:], "<f2").astype(float), 0

    def take(*shape):
        nonlocal at
        count = int(np.prod(shape))
        at += count
        return numbers[at - count : at].reshape(shape)

    def convolution(out, into, side):
        return take(out, into, side, side), take(out)

    first = convolution(a, x.shape[0], 3)
    levels = []
    for width, count in zip((a, b, c, b, a), blocks, strict=True):
        levels.append(
            [
                (
                    take(width), take(width), take(width), take(width), convolution(2 * width, width, 1),
                    convolution(2 * width, 1, 3), convolution(width, width, 1), convolution(2 * width, width, 1),
                    convolution(width, width, 1), take(width), take(width),
                )
                for _ in range(count)
            ]
        )  # fmt: skip
    reduce = convolution(b, a, 2), convolution(c, b, 2)
    expand = convolution(4 * b, c, 1), convolution(4 * a, b, 1)
    last = convolution(12, a, 3)
    assert at == len(numbers)

    def level(x, blocks):
        for n1, o1, n2, o2, widen, depthwise, mix, feed, out, beta, gamma in blocks:
            inner = _convolved(_normal(x, n1, o1), *widen)
            weights, bias = depthwise
            inner = np.concatenate(
                [_convolved(inner[k : k + 1], weights[k : k + 1], bias[k : k + 1]) for k in range(len(inner))]
            )
            x = x + beta[:, None, None] * _convolved(_gate(inner), *mix)
            x = x + gamma[:, None, None] * _convolved(_gate(_convolved(_normal(x, n2, o2), *feed)), *out)
        return x

    one = level(_convolved(x, *first), levels[0])
    two = level(_convolved(one, *reduce[0], stride=2), levels[1])
    x = level(_convolved(two, *reduce[1], stride=2), levels[2])
    x = level(two + _doubled(_convolved(x, *expand[0])), levels[3])
    x = level(one + _doubled(_convolved(x, *expand[1])), levels[4])
    return _convolved(x, *last)


def _normal(x, weight, bias):
    mean, variance = x.mean(0), x.var(0)
    return (x - mean) / np.sqrt(variance + 1e-6) * weight[:, None, None] + bias[:, None, None]


def _gate(x):
    half = len(x) // 2
    return x[:half] * x[half:]


def _doubled(x):
    channels, rows, columns = x.shape
    out = np.zeros((channels // 4, 2 * rows, 2 * columns))
    for i in range(2):
        for j in range(2):
            out[:, i::2, j::2] = x[2 * i + j :: 4]
    return out


def _convolved(x, weights, bias, stride=1):
    side = weights.shape[2]
    edge = side // 2 if stride == 1 else 0
    padded = np.pad(x, ((0, 0), (edge, edge), (edge, edge)))
    rows, columns = x.shape[1] // stride, x.shape[2] // stride
    out = np.zeros((len(weights), rows, columns)) + bias[:, None, None]
    for i in range(side):
        for j in range(side):
            part = padded[:, i : i + stride * rows : stride, j : j + stride * columns : stride]
            out += np.einsum("oc,chw->ohw", weights[:, :, i, j], part)
    return out
