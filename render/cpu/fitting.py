"""Both directions of a fit, over planes: Gaussians become a picture, and a cotangent of it one of Gaussians.

They are what `drawing` does for pictures that are looked at, in fewer vectors and with sums that stay in registers;
the last bits of a pixel differ. Additive blending has no order, so neither needs a sort, a depth or an atomic:

- forward: each band of rows adds its Gaussians in index order;
- backward: each Gaussian gathers moments over the pixels it touches, band by band, and then adds the bands up.

Both are bitwise the same for any number of threads.
"""

import math

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS
from daub.render.cpu.distortion import shared_energy
from daub.render.cpu.drawing import EDGE, EXP_HALF, SUPPORT32
from daub.render.cpu.vectors import (
    SHORT,
    fma,
    keep_less,
    maximum,
    short_broadcast,
    short_load,
    short_ramp,
    store,
    total,
)
from daub.render.jit import FAST, njit, prange

MOMENTS = 8  # of a Gaussian over its pixels, see `gather`

_f = np.float32
_E0, _E1, _E2, _E3, _E4, _E5 = EXP_HALF


@njit(inline="always")
def exp_half(q):
    """As `drawing.exp_half`, of a vector."""
    p = fma(q, _E5, _E4)
    p = fma(p, q, _E3)
    p = fma(p, q, _E2)
    p = fma(p, q, _E1)
    p = fma(p, q, _E0)
    p = p * p
    p = p * p
    return p * p


@njit(fastmath=FAST, inline="always")
def columns_of(x, y, inv1, inv3, k, top, width, ends):
    """Fills ends (2 * BAND_ROWS,): row top + i is inside the ellipse from column ends[i] to before ends[i + BAND_ROWS].

    Done for all rows of a band at once: one by one, the root and the conversions cost more than the pixels of a row.
    """
    l1 = _f(1) / inv1
    flat = _f(1) / (_f(1) + k * k)
    for i in range(BAND_ROWS):
        v = (_f(np.int32(top + i)) - y) * inv3
        middle = x + k * v * flat * l1
        inside = SUPPORT32 - v * v * flat
        root = math.sqrt(max(inside, _f(0)) * flat) * l1
        # A pixel nearer to the edge than this has a weight of nothing.
        first = np.int32(min(max(middle - root + _f(0.9999), _f(0)), _f(width)))
        last = np.int32(min(max(middle + root + _f(1), _f(0)), _f(width)))
        ends[i] = first if inside > _f(0) else np.int32(0)  # NaN is not greater, so it has none
        ends[i + BAND_ROWS] = last if inside > _f(0) else np.int32(0)


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def draw(threads, derived, rows, members, start, fresh, width, canvas):
    """Adds Gaussians up in planes (H, 3, pitch); beyond the width, too.

    Args:
        threads: how many share the bands.
        members: indices of Gaussians; those from start[band] to start[band + 1] are added in a band.
        fresh: begin with zeros, rather than with what the planes hold.
    """
    pitch = canvas.shape[2]
    flat = canvas.reshape(canvas.size)
    for thread in prange(threads):
        ends = np.empty(2 * BAND_ROWS, np.int32)
        for band in range(thread, len(start) - 1, threads):  # in turns: one half of a photo is busier than the other
            top = np.int32(band * BAND_ROWS)
            if fresh:
                canvas[top : top + BAND_ROWS] = _f(0)
            for m in range(start[band], start[band + 1]):
                n = members[m]
                d = derived[n]
                x, y, inv1, inv3, k = d[0], d[1], d[2], d[3], d[4]
                c0, c1, c2 = d[5] * d[6], d[5] * d[7], d[5] * d[8]
                columns_of(x, y, inv1, inv3, k, top, width, ends)
                along = short_ramp() * inv1
                for row in range(max(top, rows[n, 0]), min(top + BAND_ROWS, rows[n, 1])):
                    v = (_f(row) - y) * inv3
                    for column in range(ends[row - top], ends[row - top + BAND_ROWS], SHORT):
                        z1 = along + (_f(np.int32(column)) - x) * inv1
                        z2 = v - k * z1
                        q = fma(z1, z1, z2 * z2)
                        w = keep_less(q, SUPPORT32, exp_half(q) - EDGE)
                        red = row * 3 * pitch + column
                        green, blue = red + pitch, red + 2 * pitch
                        store(flat, red, fma(w, c0, short_load(flat, red)))
                        store(flat, green, fma(w, c1, short_load(flat, green)))
                        store(flat, blue, fma(w, c2, short_load(flat, blue)))


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def gather(threads, derived, rows, start, members, slot, cotangent, weights, width, partial):
    """Fills partial (len(members), MOMENTS) float32: for each Gaussian and band, sums over their common pixels.

    With weights of the pixels it is (len(members), MOMENTS + 1), and the last sum is that of weight * w^2.

    With the cotangent dL/dI and u = sum_ch c_ch * dL/dI_ch, three are the sums of w * dL/dI_ch for each channel, then
    come those of E*u times z1, z2, z1^2, z2^2 and z1*z2: E = exp(-q/2) is the part of w that depends on the geometry.

    A Gaussian could gather all its pixels at once. It goes by bands because the pixels of one stay in the cache, and
    because all threads share a huge Gaussian that way. Sums are kept per lane to the end of the band, because a
    horizontal sum after every short row would cost more than the row.

    Args:
        threads: how many share the bands.
        weights: (H * pitch,) float32, of the pixels in planes, or None; flat, as a view of it made in here would be
            made anew for each vector.
    """
    pitch = cotangent.shape[2]
    flat = cotangent.reshape(cotangent.size)
    for thread in prange(threads):
        ends = np.empty(2 * BAND_ROWS, np.int32)
        for band in range(thread, len(start) - 1, threads):  # in turns, as in `draw`
            top = np.int32(band * BAND_ROWS)
            for m in range(start[band], start[band + 1]):
                n = members[m]
                d = derived[n]
                x, y, inv1, inv3, k = d[0], d[1], d[2], d[3], d[4]
                c0, c1, c2 = d[5] * d[6], d[5] * d[7], d[5] * d[8]
                columns_of(x, y, inv1, inv3, k, top, width, ends)
                along = short_ramp() * inv1
                s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = own = short_broadcast(_f(0))
                for row in range(max(top, rows[n, 0]), min(top + BAND_ROWS, rows[n, 1])):
                    v = (_f(row) - y) * inv3
                    for column in range(ends[row - top], ends[row - top + BAND_ROWS], SHORT):
                        z1 = along + (_f(np.int32(column)) - x) * inv1
                        z2 = v - k * z1
                        q = fma(z1, z1, z2 * z2)
                        e = keep_less(q, SUPPORT32, exp_half(q))
                        w = maximum(e - EDGE, _f(0))
                        red = row * 3 * pitch + column
                        g0, g1 = short_load(flat, red), short_load(flat, red + pitch)
                        g2 = short_load(flat, red + 2 * pitch)
                        s0, s1, s2 = fma(w, g0, s0), fma(w, g1, s1), fma(w, g2, s2)
                        eu = e * fma(g2, c2, fma(g1, c1, g0 * c0))
                        eu1, eu2 = eu * z1, eu * z2
                        s3, s4 = s3 + eu1, s4 + eu2
                        s5, s6, s7 = fma(eu1, z1, s5), fma(eu2, z2, s6), fma(eu1, z2, s7)
                        if weights is not None:
                            own = fma(w * w, short_load(weights, row * pitch + column), own)
                part = partial[slot[n] + band - rows[n, 0] // BAND_ROWS]
                part[0], part[1], part[2], part[3] = total(s0), total(s1), total(s2), total(s3)
                part[4], part[5], part[6], part[7] = total(s4), total(s5), total(s6), total(s7)
                if weights is not None:
                    part[MOMENTS] = total(own)


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def to_gradient(derived, slot, partial, gradient, energy, coarse):
    """Adds up the parts of each Gaussian.

    Fills gradient (N, 8) float32 = dL/d(z1, z2, a, c, b, e0, e1, e2), in the whitened frame that
    `Gaussians.gradient_of_parameters` describes; and with weights energy (N,) float32, that of `Surface.energy`.
    """
    for n in prange(len(derived)):
        s = np.zeros(MOMENTS + 1, np.float32)
        for part in range(slot[n], slot[n + 1]):
            for moment in range(MOMENTS):
                s[moment] += partial[part, moment]
            if energy is not None:
                s[MOMENTS] += partial[part, MOMENTS]
        unit = derived[n, 5]
        for channel in range(3):
            s[channel] *= unit
        # c = e / sqrt(pi*l1*l3) falls by half of any growth in log-scale.
        shrink = _f(0.5) * (derived[n, 6] * s[0] + derived[n, 7] * s[1] + derived[n, 8] * s[2])
        gradient[n, 0] = s[3]
        gradient[n, 1] = s[4]
        gradient[n, 2] = s[5] - shrink
        gradient[n, 3] = s[6] - shrink
        gradient[n, 4] = s[7]
        gradient[n, 5] = s[0]
        gradient[n, 6] = s[1]
        gradient[n, 7] = s[2]
        if energy is not None:
            shared = shared_energy(derived[n, 2], derived[n, 3], derived[n, 4], coarse)
            energy[n] = unit * unit * s[MOMENTS] * shared
