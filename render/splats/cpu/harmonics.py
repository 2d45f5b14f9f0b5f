"""Real spherical harmonics of degrees 1 to 4, with the signs that `Splats` states, inside of kernels."""

from daub.render.jit import njit
from daub.render.splats.harmonics import C1, C2, C3, C4


@njit(inline="always")
def evaluate(x, y, z, count, basis):
    """Fills basis[:count] with the harmonics above degree 0 along a unit vector; count is 0, 3, 8, 15 or 24."""
    if count >= 3:
        basis[0], basis[1], basis[2] = -C1 * y, C1 * z, -C1 * x
    if count >= 8:
        xx, yy, zz = x * x, y * y, z * z
        basis[3] = C2[0] * x * y
        basis[4] = -C2[0] * y * z
        basis[5] = C2[1] * (2 * zz - xx - yy)
        basis[6] = -C2[0] * x * z
        basis[7] = C2[2] * (xx - yy)
        if count >= 15:
            basis[8] = -C3[0] * y * (3 * xx - yy)
            basis[9] = C3[1] * x * y * z
            basis[10] = -C3[2] * y * (4 * zz - xx - yy)
            basis[11] = C3[3] * z * (2 * zz - 3 * xx - 3 * yy)
            basis[12] = -C3[2] * x * (4 * zz - xx - yy)
            basis[13] = C3[4] * z * (xx - yy)
            basis[14] = -C3[0] * x * (xx - 3 * yy)
        if count >= 24:
            basis[15] = C4[0] * x * y * (xx - yy)
            basis[16] = -C4[1] * y * z * (3 * xx - yy)
            basis[17] = C4[2] * x * y * (7 * zz - 1)
            basis[18] = -C4[3] * y * z * (7 * zz - 3)
            basis[19] = C4[4] * (zz * (35 * zz - 30) + 3)
            basis[20] = -C4[3] * x * z * (7 * zz - 3)
            basis[21] = C4[5] * (xx - yy) * (7 * zz - 1)
            basis[22] = -C4[1] * x * z * (xx - 3 * yy)
            basis[23] = C4[6] * (xx * (xx - 3 * yy) - yy * (3 * xx - yy))


@njit(inline="always")
def differentiate(x, y, z, count, weights, gradient):
    """Fills gradient (3,) with that of sum_k weights[k] Y_k by x, y and z, which may be moved off the sphere: only its
    part along the sphere means something."""
    g0 = g1 = g2 = 0 * x
    if count >= 3:
        g1 -= C1 * weights[0]
        g2 += C1 * weights[1]
        g0 -= C1 * weights[2]
    if count >= 8:
        xx, yy, zz = x * x, y * y, z * z
        a, b, c, d, e = (
            C2[0] * weights[3], C2[0] * weights[4], C2[1] * weights[5], C2[0] * weights[6], C2[2] * weights[7]
        )  # fmt: skip
        g0 += a * y - 2 * c * x - d * z + 2 * e * x
        g1 += a * x - b * z - 2 * c * y - 2 * e * y
        g2 += -b * y + 4 * c * z - d * x
        if count >= 15:
            a, b, c, d = C3[0] * weights[8], C3[1] * weights[9], C3[2] * weights[10], C3[3] * weights[11]
            g0 += -6 * a * x * y + b * y * z + 2 * c * x * y - 6 * d * x * z
            g1 += -3 * a * (xx - yy) + b * x * z - c * (4 * zz - xx - 3 * yy) - 6 * d * y * z
            g2 += b * x * y - 8 * c * y * z + d * (6 * zz - 3 * xx - 3 * yy)
            a, b, c = C3[2] * weights[12], C3[4] * weights[13], C3[0] * weights[14]
            g0 += -a * (4 * zz - 3 * xx - yy) + 2 * b * x * z - 3 * c * (xx - yy)
            g1 += 2 * a * x * y - 2 * b * y * z + 6 * c * x * y
            g2 += -8 * a * x * z + b * (xx - yy)
        if count >= 24:
            a, b, c, d, e = (
                C4[0] * weights[15], C4[1] * weights[16], C4[2] * weights[17], C4[3] * weights[18], C4[4] * weights[19]
            )  # fmt: skip
            g0 += a * y * (3 * xx - yy) - 6 * b * x * y * z + c * y * (7 * zz - 1)
            g1 += a * x * (xx - 3 * yy) - 3 * b * z * (xx - yy) + c * x * (7 * zz - 1) - d * z * (7 * zz - 3)
            g2 += -b * y * (3 * xx - yy) + 14 * c * x * y * z - d * y * (21 * zz - 3) + e * z * (140 * zz - 60)
            a, b, c, d = C4[3] * weights[20], C4[5] * weights[21], C4[1] * weights[22], C4[6] * weights[23]
            g0 += -a * z * (7 * zz - 3) + 2 * b * x * (7 * zz - 1) - 3 * c * z * (xx - yy) + 4 * d * x * (xx - 3 * yy)
            g1 += -2 * b * y * (7 * zz - 1) + 6 * c * x * y * z + 4 * d * y * (yy - 3 * xx)
            g2 += -a * x * (21 * zz - 3) + 14 * b * z * (xx - yy) - c * x * (xx - 3 * yy)
    gradient[0], gradient[1], gradient[2] = g0, g1, g2
