"""The CPU rasteriser's numba kernels.

Additive blending has no order, so neither direction needs a sort, a depth or an atomic:

- forward: bands of rows are independent; each band adds its Gaussians in index order, row by row inside the ellipse,
  so a picture may be rendered a few bands at a time, and a band a few Gaussians at a time;
- backward: each Gaussian gathers moments over the pixels it touches, band by band, and then adds the bands up.

Both are bitwise the same for any number of threads. Rows are walked in whole vectors of LANES pixels, from a multiple
of LANES, with the weight masked at the ends: an unmasked remainder loop costs more than the pixels it saves.

Images and residuals are in blocks, (H, blocks, 3 * LANES): a block is LANES reds, then greens, then blues, so one
pointer serves all three channels and the compiler need not prove that they do not overlap. What lies beyond the width
is padding, zero in every residual. Weights of pixels are in blocks of one channel, (H, blocks, LANES), or None: numba
compiles a kernel for each of the two, and leaves out of one what the other needs.

All kernels let go of the interpreter (nogil): a window must be able to paint while they run.
"""

import math

import numpy as np

from daub.render.descent import LEAST_ENERGY
from daub.render.gaussians import SUPPORT
from daub.render.jit import FAST, njit, prange

LANES = 16  # float32 in a 512-bit register
BAND_ROWS = 16  # height of a band, rows of pixels
CELL = 4  # side of the largest cells that `render.weighting` takes means over: bands and blocks hold whole ones

_f = np.float32
SUPPORT32 = _f(SUPPORT)
_SMALL, _LARGE = _f(3 / 12), _f(15 / 12)  # variance of cells of 2 and of 4 pixels
EDGE = _f(math.exp(-SUPPORT / 2))  # exp(-q/2) at the edge of a Gaussian


def _exp_coefficients(degree: int = 5) -> list[np.float32]:
    """exp(-q/16) on [0, SUPPORT] as a polynomial in q, lowest power first, with the least relative error.

    Its eighth power is exp(-q/2) to 6e-7. Three squarings and a short polynomial vectorise where np.exp stays scalar.
    """
    q = (np.cos(np.linspace(0, np.pi, 4000)) + 1) * (SUPPORT / 2)
    relative = np.vander(q, degree + 1, increasing=True) * np.exp(q / 16)[:, None]
    return [_f(c) for c in np.linalg.lstsq(relative, np.ones_like(q), rcond=None)[0]]


_E0, _E1, _E2, _E3, _E4, _E5 = _exp_coefficients()


@njit(fastmath=FAST, inline="always")
def exp_half(q):
    """exp(-q/2) for q in [0, SUPPORT]; anything beyond."""
    p = ((((_E5 * q + _E4) * q + _E3) * q + _E2) * q + _E1) * q + _E0
    p = p * p
    p = p * p
    return p * p


MOMENTS = 8  # of a Gaussian over its pixels, see `gather`
DERIVED = 9  # numbers that both directions need of a Gaussian: x, y, 1/l1, 1/l3, k, 1/sqrt(pi*l1*l3), e0, e1, e2


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def derive(parameters, height, derived, rows):
    """Fills derived (N, DERIVED) float32 and rows (N, 2) int32, the half-open range of rows each Gaussian touches."""
    for n in prange(len(parameters)):
        p = parameters[n]
        k = p[4]
        derived[n, 0] = p[0]
        derived[n, 1] = p[1]
        derived[n, 2] = math.exp(-p[2])
        derived[n, 3] = math.exp(-p[3])
        derived[n, 4] = k
        derived[n, 5] = math.exp(_f(-0.5) * (p[2] + p[3])) * _f(1 / math.sqrt(math.pi))
        derived[n, 6] = p[5]
        derived[n, 7] = p[6]
        derived[n, 8] = p[7]
        reach = math.sqrt(SUPPORT32 * (_f(1) + k * k)) * math.exp(p[3])
        # Clamped before they become int32: converting a float beyond its range is undefined.
        first = min(max(math.ceil(p[1] - reach), _f(0)), _f(height))
        last = min(max(math.floor(p[1] + reach) + _f(1), _f(0)), _f(height))
        rows[n, 0] = np.int32(first)
        rows[n, 1] = np.int32(max(last, first))


@njit(nogil=True, cache=True)
def bin_bands(rows, top, bands):
    """Lists the Gaussians of each band, in index order, as compressed rows.

    Args:
        top: the row of pixels that the first band begins with.

    Returns:
        start: (bands + 1,) int64, where each band begins in members.
        members: int32, indices of Gaussians.
        slot: (N + 1,) int64, where the parts of each Gaussian begin: one part for each of its bands, top to bottom.
    """
    start = np.zeros(bands + 1, np.int64)
    slot = np.zeros(len(rows) + 1, np.int64)
    for n in range(len(rows)):
        slot[n + 1] = slot[n]
        first, end = max(rows[n, 0] - top, 0), min(rows[n, 1] - top, bands * BAND_ROWS)
        if first < end:
            first, last = first // BAND_ROWS, (end - 1) // BAND_ROWS
            slot[n + 1] += last - first + 1
            for band in range(first, last + 1):
                start[band + 1] += 1
    for band in range(bands):
        start[band + 1] += start[band]
    cursor = start.copy()
    members = np.empty(start[bands], np.int32)
    for n in range(len(rows)):
        first = max(rows[n, 0] - top, 0) // BAND_ROWS
        for band in range(first, first + slot[n + 1] - slot[n]):
            members[cursor[band]] = n
            cursor[band] += 1
    return start, members, slot


@njit(fastmath=FAST, inline="always")
def spans(x, y, inv1, inv3, k, top, width, edges):
    """Fills edges (2 * BAND_ROWS,): row top + i is inside the ellipse in the blocks [edges[i], edges[i + BAND_ROWS]).

    Done for all rows of a band at once: one by one, the root and the conversions cost more than the pixels of a row.
    """
    l1 = _f(1) / inv1
    flat = _f(1) / (_f(1) + k * k)
    for i in range(BAND_ROWS):
        v = (_f(np.int32(top + i)) - y) * inv3
        middle = x + k * v * flat * l1
        inside = SUPPORT32 - v * v * flat
        root = math.sqrt(max(inside, _f(0)) * flat) * l1
        first = np.int32(min(max(middle - root, _f(0)), _f(width)))
        last = np.int32(min(max(middle + root + _f(1), _f(0)), _f(width)))
        edges[i] = first // LANES if inside > _f(0) else np.int32(0)  # NaN is not greater, so it has none
        edges[i + BAND_ROWS] = (last + (LANES - 1)) // LANES if inside > _f(0) else np.int32(0)


@njit(fastmath=FAST, inline="always")
def _attributes(derived, n):
    """x, y, 1/l1, 1/l3, k, 1/sqrt(pi*l1*l3) and the colour of Gaussian n."""
    d = derived[n]
    return d[0], d[1], d[2], d[3], d[4], d[5], d[5] * d[6], d[5] * d[7], d[5] * d[8]


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def rasterise(derived, rows, members, start, end, fresh, top, width, blocks):
    """Adds Gaussians up in blocks (H, blocks, 3 * LANES), the rows of the picture from `top` on; the padding, too.

    Args:
        members: indices of Gaussians; those from start[band] to end[band] are added in a band.
        fresh: begin with zeros, rather than with what the blocks hold.
    """
    for band in prange(len(start)):
        first = top + band * BAND_ROWS
        if fresh:
            blocks[first - top : first - top + BAND_ROWS] = _f(0)
        edges = np.empty(2 * BAND_ROWS, np.int32)
        for m in range(start[band], end[band]):
            n = members[m]
            x, y, inv1, inv3, k, _unit, c0, c1, c2 = _attributes(derived, n)
            spans(x, y, inv1, inv3, k, first, width, edges)
            for row in range(max(first, rows[n, 0]), min(first + BAND_ROWS, rows[n, 1])):
                v = (_f(row) - y) * inv3
                for block in range(edges[row - first], edges[row - first + BAND_ROWS]):
                    offset = _f(block * LANES) - x
                    pixels = blocks[row - top, block]
                    for i in range(LANES):
                        z1 = (_f(np.int32(i)) + offset) * inv1
                        z2 = v - k * z1
                        q = z1 * z1 + z2 * z2
                        w = exp_half(q) - EDGE if q < SUPPORT32 else _f(0)
                        pixels[i] += c0 * w
                        pixels[i + LANES] += c1 * w
                        pixels[i + 2 * LANES] += c2 * w


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def gather(derived, rows, start, members, slot, cotangent, weights, width, partial):
    """Fills partial (len(members), MOMENTS) float32: for each Gaussian and band, sums over their common pixels.

    With weights of the pixels it is (len(members), MOMENTS + 1), and the last sum is that of weight * w^2.

    With the cotangent dL/dI and u = sum_ch c_ch * dL/dI_ch, three are the sums of w * dL/dI_ch for each channel, then
    come those of E*u times z1, z2, z1^2, z2^2 and z1*z2: E = exp(-q/2) is the part of w that depends on the geometry.

    A Gaussian could gather all its pixels at once. It goes by bands because the pixels of one stay in the cache, and
    because all threads share a huge Gaussian that way. Sums are kept per lane to the end of the band, because a
    horizontal sum after every short row would cost more than the row.
    """
    for band in prange(len(start) - 1):
        top = band * BAND_ROWS
        edges = np.empty(2 * BAND_ROWS, np.int32)
        lanes = np.empty((MOMENTS + 1) * LANES, np.float32)
        for m in range(start[band], start[band + 1]):
            n = members[m]
            x, y, inv1, inv3, k, _unit, c0, c1, c2 = _attributes(derived, n)
            spans(x, y, inv1, inv3, k, top, width, edges)
            if weights is not None:
                lanes[MOMENTS * LANES :] = _f(0)
            lanes[: MOMENTS * LANES] = _f(0)
            for row in range(max(top, rows[n, 0]), min(top + BAND_ROWS, rows[n, 1])):
                v = (_f(row) - y) * inv3
                for block in range(edges[row - top], edges[row - top + BAND_ROWS]):
                    offset = _f(block * LANES) - x
                    pixels = cotangent[row, block]
                    if weights is not None:
                        weight = weights[row, block]
                    for i in range(LANES):
                        z1 = (_f(np.int32(i)) + offset) * inv1
                        z2 = v - k * z1
                        q = z1 * z1 + z2 * z2
                        e = exp_half(q) if q < SUPPORT32 else _f(0)
                        w = e - EDGE if q < SUPPORT32 else _f(0)
                        g0, g1, g2 = pixels[i], pixels[i + LANES], pixels[i + 2 * LANES]
                        eu = e * (c0 * g0 + c1 * g1 + c2 * g2)
                        eu1 = eu * z1
                        eu2 = eu * z2
                        lanes[i] += w * g0
                        lanes[i + LANES] += w * g1
                        lanes[i + 2 * LANES] += w * g2
                        lanes[i + 3 * LANES] += eu1
                        lanes[i + 4 * LANES] += eu2
                        lanes[i + 5 * LANES] += eu1 * z1
                        lanes[i + 6 * LANES] += eu2 * z2
                        lanes[i + 7 * LANES] += eu1 * z2
                        if weights is not None:
                            lanes[i + MOMENTS * LANES] += w * w * weight[i]
            part = partial[slot[n] + band - rows[n, 0] // BAND_ROWS]
            for moment in range(MOMENTS):
                part[moment] = lanes[moment * LANES : (moment + 1) * LANES].sum()
            if weights is not None:
                part[MOMENTS] = lanes[MOMENTS * LANES :].sum()


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


@njit(parallel=True, nogil=True, cache=True)
def pack(image, blocks):
    """Fills blocks (H, blocks, C * LANES) with an image (H, W, C), and the padding with zeros."""
    width = image.shape[1]
    for row in prange(len(image)):
        blocks[row, -1] = _f(0)
        for column in range(width):
            for channel in range(image.shape[2]):
                blocks[row, column // LANES, channel * LANES + column % LANES] = image[row, column, channel]


@njit(parallel=True, nogil=True, cache=True)
def unpack(blocks, image):
    """Fills an image (H, W, 3) with what blocks (H, blocks, 3 * LANES) hold."""
    for row in prange(len(image)):
        for column in range(image.shape[1]):
            for channel in range(3):
                image[row, column, channel] = blocks[row, column // LANES, channel * LANES + column % LANES]


@njit(parallel=True, nogil=True, cache=True)  # no fused product: it has to be rounded as `to_8bit` rounds it
def unpack_8bit(blocks, image):
    """Likewise an image of 8 bits, (H, W, 3) uint8."""
    for row in prange(len(image)):
        for column in range(image.shape[1]):
            for channel in range(3):
                value = blocks[row, column // LANES, channel * LANES + column % LANES] * _f(255) + _f(0.5)
                image[row, column, channel] = np.uint8(min(max(value, _f(0)), _f(255)))


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def absolute_error(blocks, weights, error):
    """Fills error (H, W): the sum over the channels of what blocks hold, by its size, over sqrt(weight)."""
    width = error.shape[1]
    for row in prange(len(error)):
        for column in range(width):
            pixels, i = blocks[row, column // LANES], column % LANES
            total = abs(pixels[i]) + abs(pixels[i + LANES]) + abs(pixels[i + 2 * LANES])
            if weights is not None:
                weight = weights[row, column // LANES, i]
                total = total / math.sqrt(weight) if weight > _f(0) else _f(0)
            error[row, column] = total


@njit(fastmath=FAST, inline="always")
def _clear_padding(pixels, inside):
    """Sets the pixels (3 * LANES,) of a block to zero from the lane `inside` on."""
    for channel in range(0, 3 * LANES, LANES):
        for padding in range(max(0, inside), LANES):
            pixels[channel + padding] = _f(0)


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def residual(blocks, target, width, band_error):
    """blocks -= target, in place, the padding zero; fills band_error (bands,) float64, the sum of squares of a band."""
    height = blocks.shape[0]
    for band in prange(len(band_error)):
        total = 0.0
        for row in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, height)):
            part = _f(0)
            for block in range(blocks.shape[1]):
                pixels, goal = blocks[row, block], target[row, block]
                _clear_padding(pixels, width - block * LANES)
                for i in range(3 * LANES):
                    d = pixels[i] - goal[i]
                    pixels[i] = d
                    part += d * d
            total += part
        band_error[band] = total


@njit(nogil=True, cache=True)  # no fused products: numba would fuse others when it compiles than when it has compiled
def weigh(values, weight, coarse, out):
    """out = weight * values + coarse * (mean weight * mean value of the cells of 2x2 and of 4x4), all (CELL, LANES)."""
    for row in range(CELL):
        for i in range(LANES):
            out[row, i] = weight[row, i] * values[row, i]
    if coarse > _f(0):
        small, large = coarse * _f(1 / 16), coarse * _f(1 / 256)  # two means, of 4 and of 16 pixels each
        for left in range(0, LANES, CELL):
            all_values = all_weights = _f(0)
            for row in range(0, CELL, 2):
                for i in range(left, left + CELL, 2):
                    of_values = values[row, i] + values[row, i + 1] + values[row + 1, i] + values[row + 1, i + 1]
                    of_weights = weight[row, i] + weight[row, i + 1] + weight[row + 1, i] + weight[row + 1, i + 1]
                    shared = small * of_values * of_weights
                    out[row, i] += shared
                    out[row, i + 1] += shared
                    out[row + 1, i] += shared
                    out[row + 1, i + 1] += shared
                    all_values += of_values
                    all_weights += of_weights
            shared = large * all_values * all_weights
            for row in range(CELL):
                for i in range(left, left + CELL):
                    out[row, i] += shared


@njit(fastmath=FAST, inline="always")
def shared_energy(inv1, inv3, k, coarse):
    """`render.weighting.shared_energy` of an atom with 1/l1, 1/l3 and k."""
    first, second = _f(1) / (inv1 * inv1), _f(1) / (inv3 * inv3)
    determinant, trace = first * second, first + second * (_f(1) + k * k)
    left = math.sqrt(determinant / (determinant + _SMALL * (trace + _SMALL)))
    left += math.sqrt(determinant / (determinant + _LARGE * (trace + _LARGE)))
    return _f(1) + coarse * left


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def weighted_residual(blocks, target, weights, coarse, width, band_error, band_squares):
    """blocks = half the gradient of the distortion of `render.weighting` at r = blocks - target, in place.

    Fills band_error and band_squares (bands,) float64: the distortion of each band, and its sum of r^2.

    Args:
        weights: (H, blocks, LANES) float32, the padding zero.
        coarse: as of `Weighting`, float32.
    """
    height = blocks.shape[0]
    for band in prange(len(band_error)):
        total = squares = 0.0
        cells = np.zeros((3, CELL, LANES), np.float32)
        r, weight, out = cells[0], cells[1], cells[2]
        for top in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, height), CELL):
            rows = min(CELL, height - top)
            part = plain = _f(0)
            for block in range(blocks.shape[1]):
                for row in range(rows):
                    _clear_padding(blocks[top + row, block], width - block * LANES)
                    weight[row] = weights[top + row, block]
                weight[rows:] = _f(0)
                r[rows:] = _f(0)
                for channel in range(0, 3 * LANES, LANES):
                    for row in range(rows):
                        pixels, goal = blocks[top + row, block], target[top + row, block]
                        for i in range(LANES):
                            r[row, i] = pixels[channel + i] - goal[channel + i]
                    weigh(r, weight, coarse, out)
                    for row in range(rows):
                        pixels = blocks[top + row, block]
                        for i in range(LANES):
                            part += r[row, i] * out[row, i]
                            plain += r[row, i] * r[row, i]
                            pixels[channel + i] = out[row, i]
                for row in range(rows):  # cells at the border share with the padding
                    _clear_padding(blocks[top + row, block], width - block * LANES)
            total += part
            squares += plain
        band_error[band] = total
        band_squares[band] = squares


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def gauss_newton(parameters, momentum, gradient, energies, frozen, bit_cost, rate, decay, damping, gain, trust, limits):
    """Takes one step of every Gaussian along its part of the diagonal of the Gauss-Newton matrix, in place.

    codec/DESIGN.md, section Fitting, has the energies of unit errors that are the diagonal.

    Args:
        parameters: (N, 8) float32.
        momentum: (N, 10) float32: averaged direction in the whitened frame, its weight for bias correction, and the
            log-gain.
        gradient: (N, 8) float32 from `to_gradient`, for L = sum of weight * r^2 / 2.
        energies: (N,) float32 from `to_gradient`; None without weights: then it is taken for one.
        frozen: (N, 2) bool: hold the geometry, hold the coefficient.
        bit_cost: the bits of a Gaussian add bit_cost * log |e| to L.
        rate, decay, damping: as in `GaussNewton`.
        gain: (3,) `adaption` of GaussNewton, lowest and highest log-gain.
        trust: (2,) longest step of the position in standard deviations, and of log-scale and shear.
        limits: (6,) bounds of x, y and log-scale: lowest x, y, log l; highest x, y, log l.
    """
    for n in prange(len(parameters)):
        p, m, g = parameters[n], momentum[n], gradient[n]
        cost = bit_cost
        if energies is not None:  # L over what a unit of it costs here is what the step below was made for
            own = _f(1) / max(energies[n], _f(LEAST_ENERGY))
            cost *= own
            for i in range(8):
                g[i] *= own
        energy = p[5] * p[5] + p[6] * p[6] + p[7] * p[7]
        half = _f(1) / (_f(0.5) * energy + damping)
        quarter = _f(1) / (_f(0.25) * energy + damping)
        unit = _f(1) / (_f(1) + damping)
        keep = _f(1) - decay
        # The slope of bit_cost * log |e| is this times e; bounded, so that no step goes beyond e itself.
        pull = cost / (energy + cost) if cost > 0 else _f(0)
        m[8] = decay * m[8] + keep
        # The cosine between the momentum and the way down, where a unit of any parameter costs the same energy.
        along = norm_m = norm_g = _f(0)
        for i in range(8):
            scale = unit if i > 4 else (quarter if i == 4 else half)
            slope = g[i] + pull * p[i] if i > 4 else g[i]
            along -= m[i] * slope
            norm_m += m[i] * m[i] / scale
            norm_g += slope * slope * scale
            m[i] = decay * m[i] - keep * slope * scale
        cosine = along / (math.sqrt(norm_m) * math.sqrt(norm_g) + _f(1e-12))
        m[9] = min(max(m[9] + gain[0] * cosine, gain[1]), gain[2])
        step = rate * math.exp(m[9]) / m[8]
        if not frozen[n, 0]:
            z1, z2, a, c, b = step * m[0], step * m[1], step * m[2], step * m[3], step * m[4]
            length = math.sqrt(z1 * z1 + z2 * z2)
            if length > trust[0]:
                z1 *= trust[0] / length
                z2 *= trust[0] / length
            a = min(max(a, -trust[1]), trust[1])
            b = min(max(b, -trust[1]), trust[1])
            c = min(max(c, -trust[1]), trust[1])
            l1, l3, k = math.exp(p[2]), math.exp(p[3]), p[4]
            p[0] = min(max(p[0] + l1 * z1, limits[0]), limits[3])
            p[1] = min(max(p[1] + l3 * (k * z1 + z2), limits[1]), limits[4])
            p[2] = min(max(p[2] + math.log1p(a), limits[2]), limits[5])
            p[3] = min(max(p[3] + math.log1p(c), limits[2]), limits[5])
            p[4] = (k * (_f(1) + a) + b) / (_f(1) + c)
        if not frozen[n, 1]:
            p[5] += step * m[5]
            p[6] += step * m[6]
            p[7] += step * m[7]
