"""What a user asks for, and the number of Gaussians and the step that should give it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daub.codec.container.limits import LARGEST_CELLS, LARGEST_COUNT
from daub.codec.errors import DaubError

STEP_SHARE = 0.49  # of the error energy per Gaussian: d^2, see step_for
PRICE = 0.09  # of d^2: lambda, the image energy that a bit must save, see step_for
GAUSSIAN_BITS = 27  # of a whole Gaussian in a file, about
FITTED_BITS = 23  # of the file for each Gaussian of the fit, of which some are not worth their bits
FILE_OVERHEAD = 26  # bytes of a file besides its Gaussians

KINDS = {  # lowest and highest value
    "gaussians": (1, 1 << 24),
    "quality": (0, 100),
    "bpp": (1e-4, 48),
    "bytes": (32, 1 << 30),
    "psnr": (5, 60),
}


@dataclass(frozen=True)
class Goal:
    """One of: a number of Gaussians, a quality 0..100, bits per pixel, bytes, dB of PSNR.

    Raises:
        DaubError: the value is outside its range.
    """

    kind: str
    value: float

    def __post_init__(self):
        low, high = KINDS[self.kind]
        if not isinstance(self.value, (int, float)):
            raise DaubError(f"{self.kind} {self.value!r} is no number", f"it must lie in {low:,}..{high:,}", "give one")
        if not low <= self.value <= high:
            raise DaubError(
                f"{self.kind} {self.value:g} is out of range",
                f"it must lie in {low:,}..{high:,}",
                "give one in that range",
            )

    def bytes_for(self, area: int) -> int:
        """The limit in bytes of a goal of bytes or bpp, for an image of `area` pixels."""
        return max(int(self.value if self.kind == "bytes" else self.value * area / 8), 1)


def step_for(count: int, error_energy: float) -> float:
    """The step d at which a bit spent on precision saves as much as one spent on a further Gaussian.

    A Gaussian costs about 27 bits and saves exponent * E / N of the error energy E, with an exponent near 3/4 (see
    PowerLaw). Its eight numbers, rounded with d and made up for as harden.py does, err by about 8 * d^2 / 12 / 2, and a
    bit more for each quarters that. Both savings per bit are equal at d^2 = 0.48 E / N. Measured on Kodak at 1000,
    2500, 5000 and 10000 Gaussians, the optimum lies between 0.37 and 0.64 at each, and is flat.

    So d, N and lambda, the energy that a bit must save, are one number: a Gaussian more saves about 0.75 * 1.26 * E / N
    (1.26 for what rounding adds) with 27 bits, which makes lambda 0.07 d^2. Measured: 0.08 to 0.11 are best, PRICE.

    Args:
        error_energy: of the fit before quantisation, the sum of squares over pixels and channels.
    """
    return min(max(math.sqrt(STEP_SHARE * error_energy / max(count, 1)), 0.01), 4.0)


def cell_log2_for(count: int, width: int, height: int) -> int:
    """Cells of which about every second holds a Gaussian: finer ones cost precision, coarser ones the order inside."""
    fitting = [c for c in range(21) if (-(-width >> c)) * (-(-height >> c)) <= LARGEST_CELLS]
    return min(
        fitting,
        key=lambda c: abs(math.log2(-(-width >> c) * -(-height >> c) / (2 * max(count, 1)))),
    )


def count_limit(area: int) -> int:
    """More Gaussians than this cost more than the pixels do."""
    return min(max(area // 3, 16), LARGEST_COUNT)


def count_for_bytes(limit: int, area: int) -> int:
    """The number of Gaussians that `limit` bytes hold at the step of `step_for`."""
    return min(max(round((limit - FILE_OVERHEAD) * 8 / FITTED_BITS), 1), count_limit(area))


@dataclass(frozen=True)
class PowerLaw:
    """Error energy against the number of Gaussians, E = scale * N^-exponent, for one image."""

    scale: float
    exponent: float

    @staticmethod
    def through(few: tuple[int, float], many: tuple[int, float]) -> PowerLaw:
        """From two (count, energy) pairs."""
        (n1, e1), (n2, e2) = few, many
        exponent = math.log(max(e1, 1e-9) / max(e2, 1e-9)) / math.log(n2 / n1)
        exponent = min(max(exponent, 0.25), 2.0)  # two noisy points must not send the count to the moon
        return PowerLaw(max(e2, 1e-9) * n2**exponent, exponent)

    def of_full_fit(self, count: int) -> PowerLaw:
        """From the law of short fits, of which the longer one had `count` Gaussians, to that of fits of usual length.

        Eight of the training photos: a fit of 40 steps leaves 1 / 0.68 of the energy there (0.58 to 0.79), and its
        exponent is 0.3 too low, because more Gaussians need longer to settle.
        """
        return PowerLaw(0.68 * self.scale * count**0.3, self.exponent + 0.3)

    def count_for_energy(self, energy: float) -> float:
        return (self.scale / energy) ** (1 / self.exponent)

    def count_for_price(self, price: float) -> float:
        """Where one more Gaussian saves just `price` of energy: -dE/dN = price."""
        return (self.scale * self.exponent / price) ** (1 / (1 + self.exponent))


def price_for(quality: float) -> float:
    """The image energy that a Gaussian must save to be worth its bits, for a quality 0..100.

    Calm images so get by with fewer Gaussians. Kodak: 50 gives about 5000 for an average image.
    """
    return 10 ** (1.3 - 0.044 * quality)
