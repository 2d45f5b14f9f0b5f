"""CIE L*a*b* of the white point D50, as TIFF stores it, to sRGB by the formulas."""

from __future__ import annotations

import numpy as np

from daub.codec.images.colour.primaries import D50, D65, SRGB, adaptation
from daub.codec.images.colour.transfers import linear_to_srgb
from daub.codec.images.readers.refusal import Refused

_STRIP = 1 << 20  # pixels handled at a time, which bounds the temporaries
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27  # CIE 15:2018, section 8.2.1: where the line meets the cube root


def to_srgb(values: np.ndarray, bits: int, offset: bool, notices: list[str]) -> np.ndarray:
    """Convert stored L*a*b*. Colours that sRGB does not hold are cut off channel by channel in linear light.

    Args:
        values: (H, W, 3) integers of 8 or 16 bits.
        bits: of a sample.
        offset: a* and b* are stored with 128 added (ICC), otherwise as signed numbers (TIFF 6.0, section 23).
        notices: is added to.

    Returns:
        (H, W, 3) float32 sRGB in [0, 1].

    Raises:
        Refused: another depth.
    """
    if bits not in (8, 16):
        raise Refused(f"it is an image in CIE L*a*b* with {bits} bits, which is not read", "save it as RGB")
    notices.append("its colours were converted from CIE L*a*b* to sRGB")
    unit = 1 << (bits - 8)  # of a* and b*, stored
    lightest = 255 * unit if offset or bits == 8 else 65535
    unsigned, signed = np.dtype(f"u{bits // 8}"), np.dtype(f"i{bits // 8}")
    flat = np.ascontiguousarray(values).view(unsigned).reshape(-1, 3)
    result = np.empty(flat.shape, np.float32)
    to_linear = np.linalg.solve(SRGB.to_xyz(), adaptation(D50, D65))
    white = np.array([D50[0] / D50[1], 1, (1 - D50[0] - D50[1]) / D50[1]])
    for start in range(0, len(flat), _STRIP):
        strip = flat[start : start + _STRIP]
        lightness = strip[:, 0] * (100 / lightest)
        opponent = strip[:, 1:].astype(float) - 128 * unit if offset else strip[:, 1:].view(signed).astype(float)
        middle = (lightness + 16) / 116
        roots = np.stack([middle + opponent[:, 0] / (500 * unit), middle, middle - opponent[:, 1] / (200 * unit)], 1)
        cubes = roots**3
        xyz = white * np.where(cubes > _EPSILON, cubes, (116 * roots - 16) / _KAPPA)
        result[start : start + _STRIP] = linear_to_srgb(np.clip(xyz @ to_linear.T, 0, 1))
    return result.reshape(values.shape)
