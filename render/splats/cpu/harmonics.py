"""Real spherical harmonics of degrees 1 to 4, with the signs that `Splats` states, inside of kernels."""

from daub.render.jit import njit

C1 = 0.4886025119029199
C2 = (1.0925484305920792, 0.31539156525252005, 0.5462742152960396)
C3 = (0.5900435899266435, 2.890611442640554, 0.4570457994644658, 0.3731763325901154, 1.445305721320277)
C4 = (2.5033429417967046, 1.7701307697799304, 0.9461746957575601, 0.6690465435572892, 0.10578554691520431,
      0.47308734787878004, 0.6258357354491761)  # fmt: skip


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
