"""What a bit is worth: the step d, the number of Gaussians N and lambda are one number."""

from __future__ import annotations

import math

STEP_SHARE = 0.49  # d^2 over the error energy per Gaussian, see step_for
LAMBDA = 0.09  # image energy that a bit must save, in units of d^2, see step_for
GAUSSIAN_BITS = 27  # bits of a whole Gaussian in a file, about


def step_for(count: int, error_energy: float) -> float:
    """The step d at which a bit spent on precision saves as much as one spent on a further Gaussian.

    A Gaussian costs about 27 bits and saves exponent * E / N of the error energy E, with an exponent near 3/4 (see
    `rate.plan.PowerLaw`). Its eight numbers, rounded with d and made up for as harden.py does, err by about
    8 * d^2 / 12 / 2, and a bit more for each quarters that. Both savings per bit are equal at d^2 = 0.48 E / N.
    Measured on Kodak at 1000, 2500, 5000 and 10000 Gaussians, the optimum lies between 0.37 and 0.64 at each, and is
    flat.

    So d, N and lambda, the energy that a bit must save, are one number: a Gaussian more saves about 0.75 * 1.26 * E / N
    (1.26 for what rounding adds) with 27 bits, which makes lambda 0.07 d^2. Measured: 0.08 to 0.11 are best, LAMBDA.

    Args:
        count: Gaussians, N.
        error_energy: of the fit before quantisation, E, the sum of squares over pixels and channels.

    Returns:
        d, in the unit of pixels in [0, 1].
    """
    return min(max(math.sqrt(STEP_SHARE * error_energy / max(count, 1)), 0.01), 4.0)
