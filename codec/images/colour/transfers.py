"""Transfer characteristics: from the encoded values of a file to linear light, by the formulas of the standards.

Each function takes float32 or float64 of any shape, nominally in [0, 1], and returns the same type and shape: linear
light with white at 1. PQ and HLG are the exception, since their white is a matter of viewing: `pq_to_nits` gives the
light of the display in cd/m2, `hlg_to_scene` the light of the scene in [0, 1]. `tone` brings both into range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Transfer:
    """A transfer characteristic.

    Args:
        name: as a notice says it.
        to_linear: from encoded values to linear light; for the HDR ones see the head of this file.
        hdr: "" or, where what is brighter than white has to be brought into range, the kind: "PQ", "HLG" or "scene".
    """

    name: str
    to_linear: Function
    hdr: str = ""


def srgb_to_linear(encoded: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, section 5.2; with the exact constants of H.273, values below zero mirrored as in sYCC."""
    size = np.abs(encoded)
    linear = np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)
    return np.copysign(linear, encoded).astype(encoded.dtype, copy=False)


def linear_to_srgb(linear: np.ndarray) -> np.ndarray:
    """The inverse of `srgb_to_linear`, for values in [0, 1]."""
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)
    return encoded.astype(linear.dtype, copy=False)


_STEPS = 1 << 18  # of the table: an error of at most 0.006 steps of 8 bits, in the dark, where the curve is steepest


@cache
def _encoding_table() -> np.ndarray:
    return linear_to_srgb(np.arange(_STEPS + 1) / _STEPS).astype(np.float32)


def linear_to_srgb_by_table(linear: np.ndarray) -> np.ndarray:
    """`linear_to_srgb` of float32 values, clipped to [0, 1] before, in a tenth of the time."""
    index = np.clip(linear * np.float32(_STEPS) + np.float32(0.5), 0, _STEPS).astype(np.int32)
    return _encoding_table().take(index)


def power_law(exponent: float) -> Transfer:
    """A pure power law: linear = encoded ** exponent."""
    return Transfer(f"gamma {exponent:.4g}", lambda encoded: np.maximum(encoded, 0) ** encoded.dtype.type(exponent))


def between(transfer: Transfer, black: float, white: float) -> Transfer:
    """A transfer characteristic for samples whose black and white lie elsewhere than at 0 and 1, at these fractions."""
    span = white - black

    def to_linear(encoded: np.ndarray) -> np.ndarray:
        kind = encoded.dtype.type
        return transfer.to_linear((encoded - kind(black)) / kind(span))

    return replace(transfer, to_linear=to_linear)


def narrow_range(transfer: Transfer, bits: int) -> Transfer:
    """A transfer characteristic for RGB in the range of television: H.273, section 8.3, equations 27 to 29."""
    unit = 2 ** (bits - 8) / (2**bits - 1)
    return between(transfer, 16 * unit, 235 * unit)


def tabulated(curve: np.ndarray) -> Transfer:
    """The transfer characteristic of a table: (N,) linear light in [0, 1] for evenly spaced encoded values."""
    at = np.linspace(0, 1, len(curve))
    return Transfer("of a table", lambda encoded: np.interp(encoded, at, curve).astype(encoded.dtype, copy=False))


# ITU-T H.273, Table 3, value 14: alpha = 1 + 5.5 beta makes the line and the power meet smoothly.
_ALPHA, _BETA = 1.099296826809442, 0.018053968510807


def _bt709(encoded: np.ndarray) -> np.ndarray:
    """H.273, Table 3, values 1, 6, 14 and 15: the camera's function of BT.709, BT.601 and BT.2020, inverted."""
    encoded = np.maximum(encoded, 0)
    linear = np.where(encoded < 4.5 * _BETA, encoded / 4.5, ((encoded + (_ALPHA - 1)) / _ALPHA) ** (1 / 0.45))
    return linear.astype(encoded.dtype, copy=False)


def _xvycc(encoded: np.ndarray) -> np.ndarray:
    """H.273, Table 3, value 11: IEC 61966-2-4, mirrored below zero."""
    return np.copysign(_bt709(np.abs(encoded)), encoded)


def _bt1361(encoded: np.ndarray) -> np.ndarray:
    """H.273, Table 3, value 12: BT.1361 with its extended gamut, a quarter of the mirrored curve below zero."""
    below = -_bt709(-4 * np.minimum(encoded, 0)) / 4
    return np.where(encoded >= 0, _bt709(encoded), below).astype(encoded.dtype, copy=False)


def _smpte240(encoded: np.ndarray) -> np.ndarray:
    """H.273, Table 3, value 7: SMPTE ST 240."""
    encoded = np.maximum(encoded, 0)
    linear = np.where(encoded < 4 * 0.0228, encoded / 4, ((encoded + 0.1115) / 1.1115) ** (1 / 0.45))
    return linear.astype(encoded.dtype, copy=False)


def _logarithmic(decades: float) -> Function:
    """H.273, Table 3, values 9 and 10: 1 + log10(L) / decades, where zero stands for anything darker."""

    def to_linear(encoded: np.ndarray) -> np.ndarray:
        linear = np.where(encoded > 0, 10.0 ** (decades * (np.minimum(encoded, 1) - 1)), 0)
        return linear.astype(encoded.dtype, copy=False)

    return to_linear


def _smpte428(encoded: np.ndarray) -> np.ndarray:
    """H.273, Table 3, value 17: SMPTE ST 428-1 (cinema), in which 48 cd/m2 of 52.37 is white."""
    return np.maximum(encoded, 0) ** encoded.dtype.type(2.6) * encoded.dtype.type(52.37 / 48)


# Rec. ITU-R BT.2100-2, Table 4 (PQ) and Table 5 (HLG).
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_A, _B, _C = 0.17883277, 0.28466892, 0.55991073


def pq_to_nits(encoded: np.ndarray) -> np.ndarray:
    """The EOTF of PQ (SMPTE ST 2084): encoded values to light of the display, 0 to 10000 cd/m2."""
    root = np.clip(encoded, 0, 1).astype(np.float64) ** (1 / _M2)
    light = 10000 * (np.maximum(root - _C1, 0) / (_C2 - _C3 * root)) ** (1 / _M1)
    return light.astype(encoded.dtype, copy=False)


def nits_to_pq(light: np.ndarray) -> np.ndarray:
    """The inverse of `pq_to_nits`."""
    power = (np.clip(light, 0, 10000) / 10000.0) ** _M1
    return ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2


def hlg_to_scene(encoded: np.ndarray) -> np.ndarray:
    """The inverse OETF of HLG: encoded values to light of the scene, in [0, 1]."""
    encoded = np.clip(encoded, 0, 1)
    scene = np.where(encoded <= 0.5, encoded**2 / 3, (np.exp((encoded - _C) / _A) + _B) / 12)
    return scene.astype(encoded.dtype, copy=False)


def _romm(encoded: np.ndarray) -> np.ndarray:
    """ISO 22028-2, section 4.4: ROMM RGB, without its viewing flare."""
    encoded = np.maximum(encoded, 0)
    linear = np.where(encoded < 16 / 512, encoded / 16, encoded**1.8)
    return linear.astype(encoded.dtype, copy=False)


SRGB = Transfer("sRGB", srgb_to_linear)
LINEAR = Transfer("linear", lambda encoded: encoded)
PQ = Transfer("PQ", pq_to_nits, hdr="PQ")
HLG = Transfer("HLG", hlg_to_scene, hdr="HLG")
SCENE = Transfer("of scene light", LINEAR.to_linear, hdr="scene")  # 1 is white, and light may be brighter
ROMM = Transfer("ROMM", _romm)
ADOBE_RGB = Transfer("gamma 2.2", power_law(563 / 256).to_linear)  # Adobe RGB (1998), section 4.3.1.2: 2 51/256

_BT709 = Transfer("BT.709", _bt709)

# ITU-T H.273 (07/2024), Table 3. Value 2 is unspecified, 0, 3 and from 19 on are reserved.
BY_CODE: dict[int, Transfer] = {
    1: _BT709,
    4: Transfer("gamma 2.2", power_law(2.2).to_linear),
    5: Transfer("gamma 2.8", power_law(2.8).to_linear),
    6: Transfer("BT.601", _bt709),
    7: Transfer("SMPTE 240M", _smpte240),
    8: LINEAR,
    9: Transfer("logarithmic 100:1", _logarithmic(2)),
    10: Transfer("logarithmic 316:1", _logarithmic(2.5)),
    11: Transfer("xvYCC", _xvycc),
    12: Transfer("BT.1361", _bt1361),
    13: SRGB,
    14: Transfer("BT.2020", _bt709),
    15: Transfer("BT.2020", _bt709),
    16: PQ,
    17: Transfer("SMPTE 428", _smpte428),
    18: HLG,
}
