"""Gaussians of a scene as ellipses in the picture: `rule` says how.

What all views share is computed once (`prepare`), the rest for each view (`project`). The arithmetic of both is in
float64 where differences of large numbers matter: a needle of a thousand pixels is still half a pixel thin.
"""

import math

import numpy as np

from daub.render.jit import njit, prange
from daub.render.splats.cpu import harmonics
from daub.render.splats.rule import DILATION, LARGEST, LEAST_ALPHA, LEAST_COMPENSATION, MARGIN, NEAR
from daub.render.splats.splats import C0

CHUNK = 512  # Gaussians that a thread takes at a time
FACTOR = 9  # numbers of R diag(exp(s)), row by row

# Numbers of a projected Gaussian. With d from its mean to a pixel, z1 = l1 dx + l2 dy and z2 = l3 dy are the pixel in
# the whitened frame, q = z1^2 + z2^2: of the same use as the inverse covariance, but nothing cancels.
X, Y, L1, L2, L3, REACH, OPACITY, RED, GREEN, BLUE, ACROSS, DOWN, SLANT = range(13)
NUMBERS = 16  # float32, a whole line of the cache

_f = np.float32


@njit(parallel=True, nogil=True, cache=True)
def prepare(log_scales, rotations, logits, factor, opacity):
    """Fills factor (N, FACTOR) float32, R diag(exp(s)), and opacity (N,) float32."""
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
        opacity[n] = _f(1) / (_f(1) + math.exp(-logits[n]))


@njit(inline="always")
def jacobian(t0, t1, t2, view):
    """The four numbers of J that are not zero: [[j0, 0, j1], [0, j2, j3]]; and whether a and b are within bounds.

    Args:
        view: (18,) float64, see `scene.numbers_of`.
    """
    fx, fy, cx, cy, width, height = view[12], view[13], view[14], view[15], view[16], view[17]
    a, b = t0 / t2, t1 / t2
    more = MARGIN / 2 * width / fx
    inside_a = -more - cx / fx <= a <= (width - cx) / fx + more
    a = min(max(a, -more - cx / fx), (width - cx) / fx + more)
    more = MARGIN / 2 * height / fy
    inside_b = -more - cy / fy <= b <= (height - cy) / fy + more
    b = min(max(b, -more - cy / fy), (height - cy) / fy + more)
    return fx / t2, -fx * a / t2, fy / t2, -fy * b / t2, inside_a, inside_b


@njit(inline="always")
def footprint(view, j0, j1, j2, j3, m):
    """The two rows of J W M, (6,) float64, with M (FACTOR,) a factor of the covariance of a Gaussian."""
    u0, u1, u2 = j0 * view[0] + j1 * view[6], j0 * view[1] + j1 * view[7], j0 * view[2] + j1 * view[8]
    v0, v1, v2 = j2 * view[3] + j3 * view[6], j2 * view[4] + j3 * view[7], j2 * view[5] + j3 * view[8]
    return (
        u0 * m[0] + u1 * m[3] + u2 * m[6], u0 * m[1] + u1 * m[4] + u2 * m[7], u0 * m[2] + u1 * m[5] + u2 * m[8],
        v0 * m[0] + v1 * m[3] + v2 * m[6], v0 * m[1] + v1 * m[4] + v2 * m[7], v0 * m[2] + v1 * m[5] + v2 * m[8],
    )  # fmt: skip


@njit(inline="always")
def area_of(p0, p1, p2, r0, r1, r2):
    """det of [p; r] [p; r]^T as a sum of squares (Cauchy and Binet), which no rounding makes negative."""
    c0, c1, c2 = p1 * r2 - p2 * r1, p2 * r0 - p0 * r2, p0 * r1 - p1 * r0
    return c0 * c0 + c1 * c1 + c2 * c2


@njit(parallel=True, nogil=True, cache=True)
def project(means, factor, opacity, dc, sh, antialiased, view, numbers, depth):
    """Fills numbers (N, NUMBERS) float32, where the Gaussian is seen, and depth (N,) float32, -1 where it is not.

    Args:
        means, dc: (N, 3) float32, as in `Splats`; sh: (N, K, 3) float32.
        factor, opacity: of `prepare`.
        antialiased: multiply opacities by the compensation.
        view: (18,) float64, see `scene.numbers_of`.
    """
    count = sh.shape[1]
    eye = (
        -(view[0] * view[9] + view[3] * view[10] + view[6] * view[11]),
        -(view[1] * view[9] + view[4] * view[10] + view[7] * view[11]),
        -(view[2] * view[9] + view[5] * view[10] + view[8] * view[11]),
    )
    width, height = view[16], view[17]
    for chunk in prange((len(means) + CHUNK - 1) // CHUNK):
        basis = np.empty(24, np.float64)
        for n in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(means))):
            depth[n] = _f(-1)
            p0, p1, p2 = np.float64(means[n, 0]), np.float64(means[n, 1]), np.float64(means[n, 2])
            t2 = view[6] * p0 + view[7] * p1 + view[8] * p2 + view[11]
            strength = np.float64(opacity[n])
            if not (t2 >= NEAR and strength >= LEAST_ALPHA):  # NaN is neither
                continue
            t0 = view[0] * p0 + view[1] * p1 + view[2] * p2 + view[9]
            t1 = view[3] * p0 + view[4] * p1 + view[5] * p2 + view[10]
            j0, j1, j2, j3, _, _ = jacobian(t0, t1, t2, view)
            u0, u1, u2, v0, v1, v2 = footprint(view, j0, j1, j2, j3, factor[n])
            a, b, c = u0 * u0 + u1 * u1 + u2 * u2, u0 * v0 + u1 * v1 + u2 * v2, v0 * v0 + v1 * v1 + v2 * v2
            bare = area_of(u0, u1, u2, v0, v1, v2)
            area = bare + DILATION * (a + c) + DILATION * DILATION
            a, c = a + DILATION, c + DILATION
            if antialiased:
                strength *= math.sqrt(max(bare / area, LEAST_COMPENSATION))
                if not strength >= LEAST_ALPHA:
                    continue
            reach = 2 * math.log(strength / LEAST_ALPHA)
            x, y = view[12] * t0 / t2 + view[14], view[13] * t1 / t2 + view[15]
            across, down = math.sqrt(reach * a), math.sqrt(reach * c)
            if not (x + across >= 0 and x - across <= width and y + down >= 0 and y - down <= height):
                continue
            if not (max(a, c) <= LARGEST * LARGEST and abs(x) <= LARGEST and abs(y) <= LARGEST):
                continue
            l1 = math.sqrt(c / area)
            to_x, to_y, to_z = p0 - eye[0], p1 - eye[1], p2 - eye[2]
            inverse = 1 / math.sqrt(to_x * to_x + to_y * to_y + to_z * to_z)
            harmonics.evaluate(to_x * inverse, to_y * inverse, to_z * inverse, count, basis)
            out = numbers[n]
            finite = True
            for channel in range(3):
                colour = 0.5 + C0 * np.float64(dc[n, channel])
                for k in range(count):
                    colour += basis[k] * np.float64(sh[n, k, channel])
                finite = finite and abs(colour) <= LARGEST
                out[RED + channel] = max(colour, 0.0)
            out[X], out[Y], out[L1], out[L2], out[L3] = x, y, l1, -l1 * b / c, 1 / math.sqrt(c)
            out[REACH], out[OPACITY] = reach, strength
            # Where rows end that touch the ellipse; the column of its highest point is DOWN * b / c right of the mean,
            # and the row of its rightmost one ACROSS * b / a below.
            out[ACROSS], out[DOWN], out[SLANT] = across, down, across * b / a
            if finite:
                depth[n] = t2
