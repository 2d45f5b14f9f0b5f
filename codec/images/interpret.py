"""From stored samples to sRGB: what their colours mean, and transparency."""

from __future__ import annotations

from collections.abc import Callable

import imagecodecs
import numpy as np

from daub.codec.images import icc
from daub.codec.images.samples import WHITE, Samples

STRIP_PIXELS = 1 << 22  # pixels converted at a time: bounds the temporaries of a huge image


def to_srgb(samples: Samples, background: tuple[float, float, float]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Interpret samples: convert their colours, and lay what is transparent on a background.

    Args:
        samples: as decoded.
        background: sRGB-encoded colour laid under transparent pixels.

    Returns:
        (H, W, 3) float32 sRGB-encoded in [0, 1], and the notices, those of decoding first.
    """
    values, notices = samples.values, list(samples.notices)
    white = WHITE[values.dtype]
    transparent = samples.alpha and values[..., -1].min() < white
    if transparent:
        notices.append("its transparency was laid on a background colour")
    convert = _conversion(samples, notices)
    height, width, channels = values.shape
    pixels = np.empty((height, width, 3), np.float32)
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        strip, out = values[top : top + rows], pixels[top : top + rows]
        out[:] = convert(strip[..., : channels - samples.alpha])
        if transparent:
            opacity = strip[..., -1:] / np.float32(white)
            out *= opacity
            out += (1 - opacity) * np.float32(background)
    return pixels, tuple(notices)


def _conversion(samples: Samples, notices: list[str]) -> Callable[[np.ndarray], np.ndarray]:
    """The function from (h, w, 1, 3 or 4) stored colours to (h, w, 1 or 3) sRGB in [0, 1]."""
    white = np.float32(WHITE[samples.values.dtype])
    channels = samples.values.shape[2] - samples.alpha
    if samples.profile:
        try:
            convert = icc.conversion(samples.profile, channels)
        except (imagecodecs.CmsError, ValueError) as error:
            notices.append(f"its colour profile is damaged or does not fit ({error}), so its colours may be off")
        else:
            if convert is None:  # the profile is sRGB by another name: untouched samples stay exact
                return lambda colours: colours / white
            if samples.profile is not icc.LINEAR_SRGB:
                notices.append(f"its colours were converted from {icc.name_of(samples.profile)} to sRGB")
            return convert
    if channels == 4:
        notices.append("it is CMYK without a usable colour profile, so its colours are approximate")
        return lambda colours: (1 - colours[..., :3] / white) * (1 - colours[..., 3:] / white)
    return lambda colours: colours / white
