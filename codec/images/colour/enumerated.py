"""Conversions from spaces that are given by numbers, in float32 by the exact formulas.

Colours that sRGB does not hold are cut off channel by channel in linear light. That keeps every colour that sRGB holds
as it is, which a mapping that makes room for the others could not, and is what LittleCMS and browsers do as well.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from daub.codec.images.colour import tone, transfers
from daub.codec.images.colour.primaries import to_linear_srgb
from daub.codec.images.colour.signals import Encoding

_MOST = np.float32(8)  # of floating-point samples around 0 to 1: beyond, powers and sums of them would overflow

Convert = Callable[[np.ndarray], np.ndarray]


def conversion(encoding: Encoding, colours: np.ndarray) -> tuple[Convert, float] | None:
    """The conversion from a space to sRGB.

    Args:
        encoding: the space.
        colours: (H, W, 1 or 3) uint8, uint16 or float32, all of the picture, which is asked for its largest sample.

    Returns:
        The function from (h, w, 1 or 3) such colours to float32 sRGB in [0, 1] of the same shape, and the brightest
        light of an HDR picture in cd/m2, 0 for others. None where the space is sRGB.

    Raises:
        ValueError: the chromaticities make no sense, or the channels are others.
    """
    channels = colours.shape[-1]
    if channels not in (1, 3):
        raise ValueError("it is not for CMYK")
    if encoding.is_srgb() or (channels == 1 and encoding.transfer is transfers.SRGB):
        return None
    decode = _decoder(encoding, colours.dtype, channels)
    matrix = to_linear_srgb(encoding.primaries).T.astype(np.float32) if channels == 3 else None
    if not encoding.transfer.hdr:
        return lambda strip: _encoded(decode(strip), matrix), 0.0
    light = tone.light_of(encoding)
    peak = tone.peak_of(encoding, _largest(decode, colours))
    return lambda strip: _encoded(tone.to_display_range(light(decode(strip)), peak), matrix), peak


def _encoded(linear: np.ndarray, matrix: np.ndarray | None) -> np.ndarray:
    """Linear light of a space to sRGB; `matrix`, (3, 3), is that from rows of the space to rows of linear sRGB."""
    if matrix is not None:
        linear = (linear.reshape(-1, 3) @ matrix).reshape(linear.shape)
    return transfers.linear_to_srgb_by_table(linear)


def _decoder(encoding: Encoding, dtype: np.dtype, channels: int) -> Convert:
    """The function from stored samples to linear light: by a table of all values of integers."""
    functions = [transfer.to_linear for transfer in encoding.channel_transfers or (encoding.transfer,)]
    if dtype == np.float32:
        most = np.finfo(np.float32).max if encoding.transfer.hdr else _MOST
        decoders = [
            lambda strip, function=function: function(np.clip(np.nan_to_num(strip), -most, most))
            for function in functions
        ]
    else:
        values = np.arange(np.iinfo(dtype).max + 1) / np.iinfo(dtype).max
        decoders = [table.take for table in (function(values).astype(np.float32) for function in functions)]
    if len(decoders) == 1 or channels == 1:
        return decoders[0]
    return lambda strip: np.stack([decode(strip[..., i]) for i, decode in enumerate(decoders)], -1)


def _largest(decode: Convert, colours: np.ndarray) -> float:
    """The largest of all decoded values: all transfer functions of HDR rise."""
    largest = colours.max()
    if not np.isfinite(largest):
        largest = np.max(colours, where=np.isfinite(colours), initial=0)
    return float(decode(np.array([largest], colours.dtype))[0])
