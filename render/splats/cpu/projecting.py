"""Gaussians of a scene as ellipses in the picture: `rule` says how.

What all views share is computed once (`prepare`), the rest for each view (`project`). The arithmetic of both is in
float64 where differences of large numbers matter: a needle of a thousand pixels is still half a pixel thin.
"""

import math

import numpy as np

from daub.render.jit import njit, prange
from daub.render.splats import kernels
from daub.render.splats.cpu import harmonics
from daub.render.splats.kernels import TILE
from daub.render.splats.rule import DILATION, LARGEST, LEAST_ALPHA, LEAST_COMPENSATION, NEAR
from daub.render.splats.splats import C0

CHUNK = 512  # Gaussians that a thread takes at a time
FACTOR = 9  # numbers of R diag(exp(s)), row by row
TILE_SHIFT = TILE.bit_length() - 1

# Numbers of a projected Gaussian. With d from its mean to a pixel, z1 = l1 dx + l2 dy and z2 = l3 dy are the pixel in
# the whitened frame, q = z1^2 + z2^2: of the same use as the inverse covariance, but nothing cancels.
X, Y, L1, L2, L3, REACH, OPACITY, RED, GREEN, BLUE, ACROSS, DOWN, SLANT, LEAN, BROAD = range(15)
NUMBERS = 16  # float32, a whole line of the cache

_f = np.float32
SLACK = _f(kernels.SLACK)


def lines(n: int) -> np.ndarray:
    """(n, NUMBERS) float32, not filled: rows that begin where lines of the cache do."""
    size = NUMBERS * 4
    memory = np.empty((n + 1) * size, np.uint8)
    begin = -memory.ctypes.data % size
    return memory[begin : begin + n * size].view(np.float32).reshape(n, NUMBERS)


@njit(parallel=True, nogil=True, cache=True)
def prepare(log_scales, rotations, logits, factor, opacity):
    """Fills factor (N, FACTOR) float32, R diag(exp(s)), and opacity (N, 2) float32: o, and the q where it ends."""
    for n in prange(len(logits)):
        w, x, y, z = (
            np.float64(rotations[n, 0]), np.float64(rotations[n, 1]),
            np.float64(rotations[n, 2]), np.float64(rotations[n, 3]),
        )  # fmt: skip
        two = 2 / (w * w + x * x + y * y + z * z)
        s0, s1, s2 = math.exp(log_scales[n, 0]), math.exp(log_scales[n, 1]), math.exp(log_scales[n, 2])
        factor[n, 0] = (1 - two * (y * y + z * z)) * s0
        factor[n, 1] = two * (x * y - w * z) * s1
        factor[n, 2] = two * (x * z + w * y) * s2
        factor[n, 3] = two * (x * y + w * z) * s0
        factor[n, 4] = (1 - two * (x * x + z * z)) * s1
        factor[n, 5] = two * (y * z - w * x) * s2
        factor[n, 6] = two * (x * z - w * y) * s0
        factor[n, 7] = two * (y * z + w * x) * s1
        factor[n, 8] = (1 - two * (x * x + y * y)) * s2
        opacity[n, 0] = _f(1) / (_f(1) + math.exp(-logits[n]))
        opacity[n, 1] = _reach(opacity[n, 0])


@njit(inline="always")
def _reach(opacity):
    """q where a Gaussian ends, of an opacity of at least LEAST_ALPHA; -1 for others."""
    return _f(2) * math.log(opacity * _f(1 / LEAST_ALPHA)) if opacity >= _f(LEAST_ALPHA) else _f(-1)


@njit(inline="always")
def jacobian(t0, t1, t2, view):
    """The four numbers of J that are not zero: [[j0, 0, j1], [0, j2, j3]]; t_x/t_z and t_y/t_z; and whether J was taken
    there, along x and along y, rather than at the bounds.

    Args:
        view: (22,) float64, see `kernels.view_of`.
    """
    inverse = 1 / t2
    a, b = t0 * inverse, t1 * inverse
    near_a, near_b = min(max(a, view[18]), view[19]), min(max(b, view[20]), view[21])
    sx, sy = view[12] * inverse, view[13] * inverse
    return sx, -sx * near_a, sy, -sy * near_b, a, b, near_a == a, near_b == b


@njit(inline="always")
def footprint(view, j0, j1, j2, j3, factor, n):
    """The two rows of J W M, (6,) float64, with M the factor of the covariance of Gaussian n."""
    u0, u1, u2 = j0 * view[0] + j1 * view[6], j0 * view[1] + j1 * view[7], j0 * view[2] + j1 * view[8]
    v0, v1, v2 = j2 * view[3] + j3 * view[6], j2 * view[4] + j3 * view[7], j2 * view[5] + j3 * view[8]
    m0, m1, m2 = factor[n, 0], factor[n, 1], factor[n, 2]
    m3, m4, m5 = factor[n, 3], factor[n, 4], factor[n, 5]
    m6, m7, m8 = factor[n, 6], factor[n, 7], factor[n, 8]
    return (
        u0 * m0 + u1 * m3 + u2 * m6, u0 * m1 + u1 * m4 + u2 * m7, u0 * m2 + u1 * m5 + u2 * m8,
        v0 * m0 + v1 * m3 + v2 * m6, v0 * m1 + v1 * m4 + v2 * m7, v0 * m2 + v1 * m5 + v2 * m8,
    )  # fmt: skip


@njit(inline="always")
def tiles_between(low, high, end):
    """Of the tiles before `end`, those that hold centres of pixels from low to high: the first, and the one behind the
    last. Both float32, pixels."""
    # Clamped before they become integers, as what is beyond their range is undefined; and to what is positive, where
    # to cut off is to round down, which without a function to call is several times as fast.
    most = _f(end << TILE_SHIFT)
    first = np.int32(min(max(low + (_f(0.5) - SLACK), _f(0)), most)) >> TILE_SHIFT
    behind = np.int32(min(max(high + (_f(TILE - 0.5) + SLACK), _f(0)), most)) >> TILE_SHIFT
    return first, behind


@njit(inline="always")
def area_of(p0, p1, p2, r0, r1, r2):
    """det of [p; r] [p; r]^T as a sum of squares (Cauchy and Binet), which no rounding makes negative."""
    c0, c1, c2 = p1 * r2 - p2 * r1, p2 * r0 - p0 * r2, p0 * r1 - p1 * r0
    return c0 * c0 + c1 * c1 + c2 * c2


@njit(parallel=True, nogil=True, cache=True)
def project(means, factor, opacity, dc, sh, antialiased, view, numbers, depth, boxes):
    """Fills numbers (N, NUMBERS) float32 and boxes (N, 4) int16, the tiles that a Gaussian may touch, left, right, top
    and bottom, half-open, where it is seen; and depth (N,) float32, -1 where it is not.

    Args:
        means, dc: (N, 3) float32, as in `Splats`; sh: (N, K, 3) float32.
        factor, opacity: of `prepare`.
        antialiased: multiply opacities by the compensation.
        view: (22,) float64, see `kernels.view_of`.
    """
    count = sh.shape[1]
    eye0 = -(view[0] * view[9] + view[3] * view[10] + view[6] * view[11])
    eye1 = -(view[1] * view[9] + view[4] * view[10] + view[7] * view[11])
    eye2 = -(view[2] * view[9] + view[5] * view[10] + view[8] * view[11])
    width, height = _f(view[16]), _f(view[17])
    tiles, rows = (int(view[16]) + TILE - 1) // TILE, (int(view[17]) + TILE - 1) // TILE
    for chunk in prange((len(means) + CHUNK - 1) // CHUNK):
        basis = np.empty(24, np.float32)
        for n in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(means))):
            depth[n] = _f(-1)
            p0, p1, p2 = np.float64(means[n, 0]), np.float64(means[n, 1]), np.float64(means[n, 2])
            t2 = view[6] * p0 + view[7] * p1 + view[8] * p2 + view[11]
            strength, reach = opacity[n, 0], opacity[n, 1]
            if not (t2 >= NEAR and reach >= _f(0)):  # NaN is neither
                continue
            t0 = view[0] * p0 + view[1] * p1 + view[2] * p2 + view[9]
            t1 = view[3] * p0 + view[4] * p1 + view[5] * p2 + view[10]
            j0, j1, j2, j3, a, b, _, _ = jacobian(t0, t1, t2, view)
            x, y = _f(view[12] * a + view[14]), _f(view[13] * b + view[15])
            u0, u1, u2, v0, v1, v2 = footprint(view, j0, j1, j2, j3, factor, n)
            xx, xy, yy = u0 * u0 + u1 * u1 + u2 * u2, u0 * v0 + u1 * v1 + u2 * v2, v0 * v0 + v1 * v1 + v2 * v2
            bare = area_of(u0, u1, u2, v0, v1, v2)
            area = bare + DILATION * (xx + yy) + DILATION * DILATION
            # From here on nothing cancels, and float32 is several times as fast.
            a, b, c = _f(xx + DILATION), _f(xy), _f(yy + DILATION)
            if not (max(a, c) <= _f(LARGEST * LARGEST) and abs(x) <= _f(LARGEST) and abs(y) <= _f(LARGEST)):
                continue
            if antialiased:
                strength *= math.sqrt(_f(max(bare / area, LEAST_COMPENSATION)))
                reach = _reach(strength)
                if not reach >= _f(0):
                    continue
            across, down = math.sqrt(reach * a), math.sqrt(reach * c)
            if not (x + across >= _f(0) and x - across <= width and y + down >= _f(0) and y - down <= height):
                continue
            d0, d1, d2 = _f(p0 - eye0), _f(p1 - eye1), _f(p2 - eye2)
            inverse = _f(1) / math.sqrt(d0 * d0 + d1 * d1 + d2 * d2)
            harmonics.evaluate(d0 * inverse, d1 * inverse, d2 * inverse, count, basis)
            finite = True
            for channel in range(3):
                colour = _f(0.5) + _f(C0) * dc[n, channel]
                for k in range(count):
                    colour += basis[k] * sh[n, k, channel]
                finite = finite and abs(colour) <= _f(LARGEST)
                numbers[n, RED + channel] = max(colour, _f(0))
            if not finite:
                continue
            l1 = math.sqrt(_f((yy + DILATION) / area))
            numbers[n, X], numbers[n, Y] = x, y
            numbers[n, L1], numbers[n, L2], numbers[n, L3] = l1, -l1 * (b / c), _f(1) / math.sqrt(c)
            numbers[n, REACH], numbers[n, OPACITY] = reach, strength
            # Where the ellipse lies: its half width and half height; how far its rightmost point is below the mean; and
            # of each row the middle, by the pixel that it is below the mean, and the half width, by that of z1.
            numbers[n, ACROSS], numbers[n, DOWN], numbers[n, SLANT] = across, down, across * (b / a)
            numbers[n, LEAN], numbers[n, BROAD] = b / c, _f(1) / l1
            boxes[n, 0], boxes[n, 1] = tiles_between(x - across, x + across, tiles)
            boxes[n, 2], boxes[n, 3] = tiles_between(y - down, y + down, rows)
            depth[n] = t2
