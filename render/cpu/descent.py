"""The step of the optimiser as a numba kernel."""

import math

import numpy as np

from daub.render.descent import LEAST_ENERGY
from daub.render.jit import FAST, njit, prange

_f = np.float32


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
            # What is larger than the bound, as after a crop, may shrink: cut off at once it would be another picture.
            p[2] = min(max(p[2] + math.log1p(a), limits[2]), max(limits[5], p[2]))
            p[3] = min(max(p[3] + math.log1p(c), limits[2]), max(limits[5], p[3]))
            p[4] = (k * (_f(1) + a) + b) / (_f(1) + c)
        if not frozen[n, 1]:
            p[5] += step * m[5]
            p[6] += step * m[6]
            p[7] += step * m[7]
