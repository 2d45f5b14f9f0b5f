"""Primaries and white points, and the matrices that follow from them: from linear RGB to CIE XYZ and to linear sRGB."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Point = tuple[float, float]  # CIE 1931 chromaticity x, y

D65: Point = (0.3127, 0.3290)
D50: Point = (0.3457, 0.3585)
_ILLUMINANT_C: Point = (0.310, 0.316)
_DCI_WHITE: Point = (0.314, 0.351)
_EQUAL_ENERGY: Point = (1 / 3, 1 / 3)

_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


@dataclass(frozen=True)
class Primaries:
    """The chromaticities of an RGB space.

    Args:
        name: as a notice says it; not part of what is compared.
        red, green, blue, white: CIE 1931 x and y.
    """

    name: str
    red: Point
    green: Point
    blue: Point
    white: Point = D65

    def to_xyz(self) -> np.ndarray:
        """(3, 3) float64 matrix from linear RGB to XYZ, with Y = 1 for white. SMPTE RP 177.

        Raises:
            ValueError: no such space exists (the primaries lie on a line, or a coordinate makes no sense).
        """
        points = np.array([self.red, self.green, self.blue, self.white], float)
        if not np.isfinite(points).all() or np.abs(points).max() > 5 or np.abs(points[:, 1]).min() < 0:
            raise ValueError("its chromaticities make no sense")
        corners = np.column_stack([points[:3], 1 - points[:3].sum(1)]).T  # xyz of each primary, a column each
        if self.white[1] <= 0 or abs(np.linalg.det(corners)) < 1e-6:
            raise ValueError("its chromaticities make no sense")
        return corners * np.linalg.solve(corners, _white_xyz(self.white))

    def is_close_to(self, other: Primaries, tolerance: float = 0.0015) -> bool:
        """Whether all chromaticities are those of `other`, as files round them."""
        ours, theirs = ([space.red, space.green, space.blue, space.white] for space in (self, other))
        return bool(np.abs(np.subtract(ours, theirs)).max() <= tolerance)


def _white_xyz(white: Point) -> np.ndarray:
    """(3,) XYZ of a white point, with Y = 1."""
    x, y = white
    return np.array([x / y, 1, (1 - x - y) / y])


def adaptation(source: Point, target: Point) -> np.ndarray:
    """(3, 3) matrix from XYZ seen under one white to XYZ seen under another: linear Bradford, ICC.1:2022, annex E."""
    if source == target:
        return np.eye(3)
    gains = (_BRADFORD @ _white_xyz(target)) / (_BRADFORD @ _white_xyz(source))
    return np.linalg.solve(_BRADFORD, gains[:, None] * _BRADFORD)


def to_linear_srgb(space: Primaries) -> np.ndarray:
    """(3, 3) float64 matrix from linear RGB of `space` to linear sRGB; its white becomes white.

    Raises:
        ValueError: as `Primaries.to_xyz`.
    """
    return np.linalg.solve(SRGB.to_xyz(), adaptation(space.white, D65) @ space.to_xyz())


SRGB = Primaries("sRGB", (0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
BT2020 = Primaries("BT.2020", (0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
DISPLAY_P3 = Primaries("Display P3", (0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
DCI_P3 = Primaries("DCI-P3", (0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _DCI_WHITE)
ADOBE_RGB = Primaries("Adobe RGB", (0.640, 0.330), (0.210, 0.710), (0.150, 0.060))
ROMM_RGB = Primaries("ROMM RGB", (0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001), D50)
_SMPTE_C = Primaries("SMPTE 170M", (0.630, 0.340), (0.310, 0.595), (0.155, 0.070))

# ITU-T H.273 (07/2024), Table 2. Value 2 is unspecified, 0, 3, 13 to 21 and from 23 on are reserved.
BY_CODE: dict[int, Primaries] = {
    1: SRGB,
    4: Primaries("BT.470M", (0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _ILLUMINANT_C),
    5: Primaries("BT.470BG", (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: _SMPTE_C,
    7: Primaries("SMPTE 240M", _SMPTE_C.red, _SMPTE_C.green, _SMPTE_C.blue),
    8: Primaries("colour film", (0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _ILLUMINANT_C),
    9: BT2020,
    10: Primaries("CIE XYZ", (1, 0), (0, 1), (0, 0), _EQUAL_ENERGY),
    11: DCI_P3,
    12: DISPLAY_P3,
    22: Primaries("EBU Tech. 3213", (0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
}


def of_points(red: Point, green: Point, blue: Point, white: Point = D65) -> Primaries:
    """The space of chromaticities that a file gives, under the name of a known space where they are its own.

    Raises:
        ValueError: as `Primaries.to_xyz`.
    """
    space = Primaries("primaries of its own", red, green, blue, white)
    space.to_xyz()
    known = next((each for each in (*BY_CODE.values(), ADOBE_RGB, ROMM_RGB) if space.is_close_to(each)), space)
    return Primaries(known.name, red, green, blue, white)
