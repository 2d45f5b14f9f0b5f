"""From stored samples to sRGB: what their colours mean, and transparency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import imagecodecs
import numpy as np

from daub.codec.images.colour import enumerated, icc
from daub.codec.images.colour.signals import Encoding, Profile
from daub.codec.images.colour.tone import REFERENCE_WHITE
from daub.codec.images.samples import WHITE, Samples

Convert = Callable[[np.ndarray], np.ndarray]

STRIP_PIXELS = 1 << 20  # pixels converted at a time: bounds the temporaries of a huge image


def to_srgb(
    samples: Samples, background: tuple[float, float, float] | None, levels: bool = False
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Interpret samples: convert their colours, and lay what is transparent on a background.

    Args:
        samples: as decoded.
        background: sRGB-encoded colour laid under transparent pixels; None: they keep their alpha.
        levels: as of `still.load`.

    Returns:
        (H, W, 3) float32 sRGB-encoded in [0, 1], and the notices, those of decoding first. (H, W, 4), straight colours
        and alpha, where some of it is transparent and there is no background. (H, W, 3) uint8 as `levels` allows.
    """
    values, notices = samples.values, list(samples.notices)
    white = WHITE[values.dtype]
    transparent = samples.alpha and values[..., -1].min() < white
    if transparent and background is not None:
        notices.append("its transparency was laid on a background colour")
    convert = _conversion(samples, notices)
    height, width, channels = values.shape
    if levels and convert is None and values.dtype == np.uint8 and not transparent:
        colours = values[..., : channels - samples.alpha]
        return np.ascontiguousarray(colours if colours.shape[2] == 3 else colours.repeat(3, 2)), tuple(notices)
    convert = convert or _as_stored(np.float32(white))
    keeps_alpha = transparent and background is None
    pixels = np.empty((height, width, 4 if keeps_alpha else 3), np.float32)
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        strip, out = values[top : top + rows], pixels[top : top + rows]
        out[..., :3] = convert(strip[..., : channels - samples.alpha])
        if keeps_alpha:
            out[..., 3:] = np.clip(strip[..., -1:] / np.float32(white), 0, 1)
        elif transparent:
            opacity = strip[..., -1:] / np.float32(white)
            out *= opacity
            out += (1 - opacity) * np.float32(background)
    return pixels, tuple(notices)


def _conversion(samples: Samples, notices: list[str]) -> Convert | None:
    """The first usable signal as a function from (h, w, 1, 3 or 4) stored colours to (h, w, 1 or 3) sRGB in [0, 1].

    None where they are sRGB as they are stored.
    """
    white = np.float32(WHITE[samples.values.dtype])
    colours = samples.values[..., : samples.values.shape[2] - samples.alpha]
    for signal in samples.colour:
        if isinstance(signal, Encoding) and colours.shape[2] == 4:  # numbers are of RGB; the ink has a notice below
            continue
        try:
            by_profile = isinstance(signal, Profile)
            convert = _by_profile(signal, colours, notices) if by_profile else _by_numbers(signal, colours, notices)
        except (imagecodecs.CmsError, ValueError) as error:
            what = "its colour profile is damaged or does not fit" if by_profile else "its colour space is not usable"
            notices.append(f"{what} ({error}), so its colours may be off")
        else:
            return convert
    if colours.shape[2] == 4:
        notices.append("it is CMYK without a usable colour profile, so its colours are approximate")
        return lambda strip: (1 - strip[..., :3] / white) * (1 - strip[..., 3:] / white)
    return None


def _as_stored(white: np.float32) -> Convert:
    """For sRGB: untouched samples stay exact; only in floating point there may be some to clip."""
    return lambda strip: np.clip(strip / white, 0, 1) if white == 1 else strip / white


def _by_profile(profile: Profile, colours: np.ndarray, notices: list[str]) -> Convert | None:
    found = icc.conversion(profile.data, colours.shape[2])
    named = icc.code_points(profile.data) if colours.shape[2] < 4 else None
    if named:  # exact, and the profile's own tables cannot be brighter than white
        return _by_numbers(replace(named, title=icc.name_of(profile.data)), colours, notices)
    if found and not found.is_srgb:
        notices.append(f"its colours were converted from {icc.name_of(profile.data)} to sRGB")
    return found.convert if found else None


def _by_numbers(encoding: Encoding, colours: np.ndarray, notices: list[str]) -> Convert | None:
    found = enumerated.conversion(encoding, colours)
    if found is None:
        return None
    convert, peak = found
    name = encoding.name_for(colours.shape[2])
    if peak > REFERENCE_WHITE:
        tone_mapped = f"of up to {peak:.0f} cd/m2 was tone-mapped to the range of sRGB (ITU-R BT.2390)"
        notices.append(f"it is HDR ({name}), and its light {tone_mapped}")
    else:
        notices.append(f"its colours were converted from {name} to sRGB")
    return convert
