"""From HDR to the range of a standard display.

Light of the display, in cd/m2, is what all kinds meet in. Reference white is 203 cd/m2 (Report ITU-R BT.2408-7, Table
1) and becomes the white of sRGB, so that nothing changes in a picture that is nowhere brighter. Where one is, the EETF
of Report ITU-R BT.2390-11, section 5.4.1, bends the upper part of its range below that white.

The curve acts on the largest of red, green and blue, and all three are scaled by what becomes of it: hue and
saturation stay, no channel ends up out of range, and no light is cut off.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from daub.codec.images.colour import transfers
from daub.codec.images.colour.signals import Encoding

REFERENCE_WHITE = 203.0  # cd/m2
_HLG_PEAK = 1000.0  # cd/m2 of the display that HLG is made for; its system gamma is 1.2, BT.2100-2, Table 5, note 5e
_HLG_GAMMA = 1.2
_LARGEST = 10_000.0  # cd/m2, what PQ ends at
_POINTS = 4096  # of the table of the curve

Light = Callable[[np.ndarray], np.ndarray]


def eetf(light: np.ndarray, peak: float, target: float = REFERENCE_WHITE) -> np.ndarray:
    """The curve of BT.2390-11, section 5.4.1, for a black of zero on both sides.

    Args:
        light: cd/m2, of any shape; above `peak` it is cut off.
        peak: cd/m2 of the brightest of the picture.
        target: cd/m2 of the brightest that the display has.

    Returns:
        float64 of the same shape, cd/m2, at most `target`.
    """
    light = np.clip(light, 0, max(peak, target)).astype(np.float64)
    if peak <= target:
        return light
    top = transfers.nits_to_pq(np.float64(peak))
    largest = transfers.nits_to_pq(np.float64(target)) / top
    knee = 1.5 * largest - 0.5
    signal = transfers.nits_to_pq(light) / top
    t = np.maximum(signal - knee, 0) / (1 - knee)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * largest
    mapped = np.where(signal <= knee, light, transfers.pq_to_nits(bent * top))
    return np.minimum(mapped, target)


def to_display_range(light: np.ndarray, peak: float) -> np.ndarray:
    """Bring light into range.

    Args:
        light: (..., 1 or 3) cd/m2.
        peak: cd/m2 of the brightest of the picture.

    Returns:
        float32 of the same shape, in [0, 1] where reference white or the brightest of the picture is 1.
    """
    light = np.maximum(light, 0)
    if peak <= REFERENCE_WHITE:
        return np.minimum(light / np.float32(REFERENCE_WHITE), 1)
    return light * np.interp(light.max(-1, keepdims=True), *_scales(peak)).astype(np.float32)


@lru_cache(8)  # of pictures in turn
def _scales(peak: float) -> tuple[np.ndarray, np.ndarray]:
    """Points of what scales light into [0, 1], and the light they stand for, evenly spaced to the eye."""
    light = transfers.pq_to_nits(np.linspace(0, transfers.nits_to_pq(np.float64(peak)), _POINTS))
    light[0] = light[1] / 2  # the curve begins as a line, so that the scale is the same all the way down to black
    return light, eetf(light, peak) / light / REFERENCE_WHITE


def light_of(encoding: Encoding) -> Light:
    """The function from decoded values of an HDR encoding, as `Transfer.to_linear` gives them, to cd/m2."""
    if encoding.transfer.hdr == "PQ":
        return lambda nits: nits
    if encoding.transfer.hdr == "HLG":
        weights = encoding.primaries.to_xyz()[1].astype(np.float32)
        return lambda scene: _hlg_display(scene, weights)
    return lambda linear: np.clip(np.nan_to_num(linear), 0, _LARGEST / REFERENCE_WHITE) * np.float32(REFERENCE_WHITE)


def _hlg_display(scene: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The OOTF of HLG, BT.2100-2, Table 5: light of the scene in [0, 1], (..., 1 or 3), to cd/m2."""
    luminance = scene @ weights[:, None] if scene.shape[-1] == 3 else scene
    return np.float32(_HLG_PEAK) * scene * luminance ** np.float32(_HLG_GAMMA - 1)


def peak_of(encoding: Encoding, largest: float) -> float:
    """The brightest light of a picture, in cd/m2: what the file says, or else what follows from its largest sample.

    Args:
        encoding: an HDR one.
        largest: of all decoded values, as `Transfer.to_linear` gives them.
    """
    if encoding.peak and encoding.transfer.hdr == "PQ":  # the other two are relative
        return min(encoding.peak, _LARGEST)
    return float(light_of(encoding)(np.float32([largest]))[0])
