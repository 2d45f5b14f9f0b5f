"""From the gradient of ellipses to that of the Gaussians of a scene: `projecting`, backwards."""

import math

import numpy as np

from daub.render.jit import njit, prange
from daub.render.splats.cpu import harmonics
from daub.render.splats.cpu.projecting import CHUNK, RED, area_of, footprint, jacobian
from daub.render.splats.rule import DILATION, LEAST_COMPENSATION
from daub.render.splats.splats import C0

_f = np.float32


@njit(parallel=True, nogil=True, cache=True)
def to_scene(
    means, log_scales, rotations, sh, factor, opacity, antialiased, view, numbers, depth, sums,
    to_means, to_scales, to_rotations, to_logits, to_dc, to_sh, to_projected,
):  # fmt: skip
    """Fills the gradient by each array of a scene, float32, of the shapes that they have; nothing for what is not seen.

    Args:
        means, log_scales, rotations, sh, factor, opacity, antialiased, view, numbers, depth: as of
            `projecting.project`, which has filled numbers and depth.
        sums: (N, SUMS) float64 by `gathering`.
        to_projected: (N, 2), by the projected mean, per pixel.
    """
    count = sh.shape[1]
    fx, fy = view[12], view[13]
    eye0 = -(view[0] * view[9] + view[3] * view[10] + view[6] * view[11])
    eye1 = -(view[1] * view[9] + view[4] * view[10] + view[7] * view[11])
    eye2 = -(view[2] * view[9] + view[5] * view[10] + view[8] * view[11])
    for chunk in prange((len(means) + CHUNK - 1) // CHUNK):
        basis, weights, moved = np.empty(24, np.float32), np.empty(24, np.float32), np.empty(3, np.float32)
        for n in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(means))):
            if not depth[n] > _f(0):
                to_logits[n] = _f(0)
                for i in range(3):
                    to_means[n, i] = to_scales[n, i] = to_rotations[n, i] = to_dc[n, i] = _f(0)
                    for k in range(count):
                        to_sh[n, k, i] = _f(0)
                to_rotations[n, 3] = to_projected[n, 0] = to_projected[n, 1] = _f(0)
                continue
            p0, p1, p2 = np.float64(means[n, 0]), np.float64(means[n, 1]), np.float64(means[n, 2])
            t0 = view[0] * p0 + view[1] * p1 + view[2] * p2 + view[9]
            t1 = view[3] * p0 + view[4] * p1 + view[5] * p2 + view[10]
            t2 = view[6] * p0 + view[7] * p1 + view[8] * p2 + view[11]
            j0, j1, j2, j3, a, b, free_a, free_b = jacobian(t0, t1, t2, view)
            u0, u1, u2, v0, v1, v2 = footprint(view, j0, j1, j2, j3, factor, n)

            # By the projected mean and covariance: with U = [[l1, l2], [0, l3]], z = U d and Sigma'^-1 = U^T U,
            # dq = -2 (U^T z) . dmean - (U^T z)^T dSigma' (U^T z).
            # U is worked out anew: of a long needle the gradient is in digits that `numbers` has not.
            xx, xy, yy = u0 * u0 + u1 * u1 + u2 * u2, u0 * v0 + u1 * v1 + u2 * v2, v0 * v0 + v1 * v1 + v2 * v2
            bare = area_of(u0, u1, u2, v0, v1, v2)
            area = bare + DILATION * (xx + yy) + DILATION * DILATION
            l1, l3 = math.sqrt((yy + DILATION) / area), 1 / math.sqrt(yy + DILATION)
            l2 = -l1 * (xy / (yy + DILATION))
            x, y = l1 * sums[n, 4], l2 * sums[n, 4] + l3 * sums[n, 5]
            m11, m12, m22 = sums[n, 6], sums[n, 7], sums[n, 8]
            gxx = 0.5 * l1 * l1 * m11
            gxy = 0.5 * l1 * (l2 * m11 + l3 * m12)
            gyy = 0.5 * (l2 * l2 * m11 + 2 * l2 * l3 * m12 + l3 * l3 * m22)

            strength = sums[n, 3]  # by ln o
            to_logits[n] = strength * (1 - np.float64(opacity[n, 0]))
            du0 = du1 = du2 = dv0 = dv1 = dv2 = 0.0
            if antialiased and bare > LEAST_COMPENSATION * area:
                # o' = o sqrt(bare / area), and d(ln area) = tr(Sigma'^-1 dSigma').
                gxx -= 0.5 * strength * l1 * l1
                gxy -= 0.5 * strength * l1 * l2
                gyy -= 0.5 * strength * (l2 * l2 + l3 * l3)
                c0, c1, c2 = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
                f = strength / bare  # d(bare) = 2 (u x v) . (du x v + u x dv)
                du0, du1, du2 = f * (v1 * c2 - v2 * c1), f * (v2 * c0 - v0 * c2), f * (v0 * c1 - v1 * c0)
                dv0, dv1, dv2 = f * (c1 * u2 - c2 * u1), f * (c2 * u0 - c0 * u2), f * (c0 * u1 - c1 * u0)
            du0, du1, du2 = (
                du0 + 2 * (gxx * u0 + gxy * v0), du1 + 2 * (gxx * u1 + gxy * v1), du2 + 2 * (gxx * u2 + gxy * v2),
            )  # fmt: skip
            dv0, dv1, dv2 = (
                dv0 + 2 * (gxy * u0 + gyy * v0), dv1 + 2 * (gxy * u1 + gyy * v1), dv2 + 2 * (gxy * u2 + gyy * v2),
            )  # fmt: skip

            # [u; v] = J W M: by M, and by J.
            w0, w1, w2 = j0 * view[0] + j1 * view[6], j0 * view[1] + j1 * view[7], j0 * view[2] + j1 * view[8]
            r0, r1, r2 = j2 * view[3] + j3 * view[6], j2 * view[4] + j3 * view[7], j2 * view[5] + j3 * view[8]
            dj0 = dj1 = dj2 = dj3 = 0.0
            for i in range(3):
                m0, m1, m2 = factor[n, 3 * i], factor[n, 3 * i + 1], factor[n, 3 * i + 2]
                across, down = du0 * m0 + du1 * m1 + du2 * m2, dv0 * m0 + dv1 * m1 + dv2 * m2
                dj0 += across * view[i]
                dj1 += across * view[6 + i]
                dj2 += down * view[3 + i]
                dj3 += down * view[6 + i]
            d00, d01, d02 = w0 * du0 + r0 * dv0, w0 * du1 + r0 * dv1, w0 * du2 + r0 * dv2
            d10, d11, d12 = w1 * du0 + r1 * dv0, w1 * du1 + r1 * dv1, w1 * du2 + r1 * dv2
            d20, d21, d22 = w2 * du0 + r2 * dv0, w2 * du1 + r2 * dv1, w2 * du2 + r2 * dv2
            to_scales[n, 0] = d00 * factor[n, 0] + d10 * factor[n, 3] + d20 * factor[n, 6]
            to_scales[n, 1] = d01 * factor[n, 1] + d11 * factor[n, 4] + d21 * factor[n, 7]
            to_scales[n, 2] = d02 * factor[n, 2] + d12 * factor[n, 5] + d22 * factor[n, 8]
            s0, s1, s2 = math.exp(log_scales[n, 0]), math.exp(log_scales[n, 1]), math.exp(log_scales[n, 2])
            d00, d10, d20 = d00 * s0, d10 * s0, d20 * s0
            d01, d11, d21 = d01 * s1, d11 * s1, d21 * s1
            d02, d12, d22 = d02 * s2, d12 * s2, d22 * s2
            qw, qx, qy, qz = (
                np.float64(rotations[n, 0]), np.float64(rotations[n, 1]),
                np.float64(rotations[n, 2]), np.float64(rotations[n, 3]),
            )  # fmt: skip
            inverse = 1 / math.sqrt(qw * qw + qx * qx + qy * qy + qz * qz)
            qw, qx, qy, qz = qw * inverse, qx * inverse, qy * inverse, qz * inverse
            gw = 2 * (qx * (d21 - d12) + qy * (d02 - d20) + qz * (d10 - d01))
            gx = 2 * (qw * (d21 - d12) + qy * (d01 + d10) + qz * (d02 + d20) - 2 * qx * (d11 + d22))
            gy = 2 * (qw * (d02 - d20) + qx * (d01 + d10) + qz * (d12 + d21) - 2 * qy * (d00 + d22))
            gz = 2 * (qw * (d10 - d01) + qx * (d02 + d20) + qy * (d12 + d21) - 2 * qz * (d00 + d11))
            along = gw * qw + gx * qx + gy * qy + gz * qz
            to_rotations[n, 0], to_rotations[n, 1] = (gw - along * qw) * inverse, (gx - along * qx) * inverse
            to_rotations[n, 2], to_rotations[n, 3] = (gy - along * qy) * inverse, (gz - along * qz) * inverse

            # By the mean in the camera: through a = t0 / t2 and b = t1 / t2, and through the t2 that J is divided by.
            da, db = fx * x, fy * y
            dt2 = -(dj0 * j0 + dj1 * j1 + dj2 * j2 + dj3 * j3)
            if free_a:
                da -= dj1 * j0
            if free_b:
                db -= dj3 * j2
            inverse = 1 / t2
            dt0, dt1, dt2 = da * inverse, db * inverse, (dt2 - da * a - db * b) * inverse

            # By the colours, and through the direction they are seen along.
            d0, d1, d2 = _f(p0 - eye0), _f(p1 - eye1), _f(p2 - eye2)
            nearness = _f(1) / math.sqrt(d0 * d0 + d1 * d1 + d2 * d2)
            d0, d1, d2 = d0 * nearness, d1 * nearness, d2 * nearness
            harmonics.evaluate(d0, d1, d2, count, basis)
            weights[:count] = _f(0)
            for channel in range(3):
                g = _f(sums[n, channel]) if numbers[n, RED + channel] > _f(0) else _f(0)
                to_dc[n, channel] = _f(C0) * g
                for k in range(count):
                    to_sh[n, k, channel] = basis[k] * g
                    weights[k] += g * sh[n, k, channel]
            harmonics.differentiate(d0, d1, d2, count, weights, moved)
            radial = moved[0] * d0 + moved[1] * d1 + moved[2] * d2
            e0, e1, e2 = (
                (moved[0] - radial * d0) * nearness, (moved[1] - radial * d1) * nearness,
                (moved[2] - radial * d2) * nearness,
            )  # fmt: skip
            to_means[n, 0] = view[0] * dt0 + view[3] * dt1 + view[6] * dt2 + e0
            to_means[n, 1] = view[1] * dt0 + view[4] * dt1 + view[7] * dt2 + e1
            to_means[n, 2] = view[2] * dt0 + view[5] * dt1 + view[8] * dt2 + e2
            to_projected[n, 0], to_projected[n, 1] = x, y
