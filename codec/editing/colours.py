"""Recolouring: linear maps of colours, as 3x3 matrices, on the amplitudes of Gaussians.

A picture is a sum of signed amplitudes, so a linear map of the amplitudes of some Gaussians is just that map of the
part of the picture that they make: hues turn, shadows and highlights stay where they are. What other Gaussians add at
the same place stays as it is; `repainting` makes up for that where a region shall look wholly recoloured.

Hue and saturation are those of CSS and SVG (W3C Filter Effects, section 9.6, feColorMatrix), which keep the luma.

    >>> red = np.array([0.8, 0.1, 0.1])
    >>> towards(red, np.array([0.1, 0.3, 0.7])) @ red
    array([0.1, 0.3, 0.7])
"""

from __future__ import annotations

import math

import numpy as np

from daub.codec.symbols import LUMA_CHROMA
from daub.render.gaussians import COEFFICIENT, Gaussians

LUMA = np.array([0.213, 0.715, 0.072])  # of the same section: Rec. 709, rounded as there
_LEAST_CHROMA = 0.04  # of a colour, over its luma, below which it is grey and has no hue to turn


def hue_turned(degrees: float) -> np.ndarray:
    """(3, 3): hues turned by an angle, from red towards yellow and green.

    >>> (hue_turned(360) @ [0.7, 0.2, 0.1]).round(6).tolist()
    [0.7, 0.2, 0.1]
    """
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    grey = np.tile(LUMA, (3, 1))
    across = np.array([[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]])
    return grey + cos * (np.eye(3) - grey) + sin * across


def saturated(factor: float) -> np.ndarray:
    """(3, 3): colours so many times as far from the grey of their luma; 0 leaves grey."""
    grey = np.tile(LUMA, (3, 1))
    return grey + factor * (np.eye(3) - grey)


def lightened(factor: float) -> np.ndarray:
    """(3, 3): every value so many times as large: contrast grows with the light, as in brighter illumination."""
    return factor * np.eye(3)


def towards(colour: np.ndarray, picked: np.ndarray, keep_light: bool = False) -> np.ndarray:
    """(3, 3): the map that turns one colour into another, and colours near it into neighbours of that.

    Hues turn and saturations grow by what that takes, alike for all; the light by one factor. From a grey there is no
    hue to turn: each colour then gets the picked one's share of its light.

    Args:
        colour: (3,) the present one, such as the mean of a thing.
        picked: (3,) what it shall become.
        keep_light: only hue and saturation change; the luma stays as it is.
    """
    source, wanted = LUMA_CHROMA @ np.asarray(colour, np.float64), LUMA_CHROMA @ np.asarray(picked, np.float64)
    light = max(source[0], 1e-6)
    gain = 1.0 if keep_light else wanted[0] / light
    wanted = wanted * (gain * light / wanted[0]) if wanted[0] > 1e-6 else wanted
    before, after = complex(*source[1:]), complex(*wanted[1:])
    matrix = np.zeros((3, 3))
    matrix[0, 0] = gain
    if abs(before) >= _LEAST_CHROMA * light:
        turn = after / before
        matrix[1:, 1:] = [[turn.real, -turn.imag], [turn.imag, turn.real]]
    else:
        matrix[1:, 0] = [after.real / light, after.imag / light]
    return LUMA_CHROMA.T @ matrix @ LUMA_CHROMA


def recoloured(gaussians: Gaussians, selected: np.ndarray, matrix: np.ndarray) -> Gaussians:
    """Gaussians with the colours of those selected mapped. Args: selected: (N,) bool; matrix: (3, 3)."""
    parameters = gaussians.parameters.copy()
    parameters[selected, COEFFICIENT] = gaussians.coefficient[selected] @ np.asarray(matrix, np.float32).T
    return Gaussians(parameters)


def strengthened(gaussians: Gaussians, selected: np.ndarray, factor: float) -> Gaussians:
    """Gaussians of which those selected add so many times as much; 0 leaves nothing of them, -1 the negative."""
    return recoloured(gaussians, selected, lightened(factor))


def mean_colour(picture: np.ndarray, region: np.ndarray) -> np.ndarray:
    """(3,) of the picture (H, W, 3) over a region (H, W) bool; its mean where that holds no pixel."""
    return (picture[region] if region.any() else picture.reshape(-1, 3)).mean(0, dtype=np.float64)
