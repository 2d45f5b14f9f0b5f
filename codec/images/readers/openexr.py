"""OpenEXR by the optional package OpenEXR: scene-linear light."""

from __future__ import annotations

import io
from typing import BinaryIO

import numpy as np

from daub.codec.images.colour import primaries, transfers
from daub.codec.images.colour.signals import SCENE_LINEAR, Encoding, Signal
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.samples import ONE_OF_SEVERAL, Samples

_COLOURS = (("R", "G", "B"), ("Y",))
_ALPHA = "A"


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The display window of the first part that has red, green and blue, or luminance.

    Raises:
        Refused: the package is not installed, or the file holds no such picture.
    """
    try:
        import OpenEXR
    except ImportError as error:
        why = "it is an OpenEXR image, which is read by the package OpenEXR alone"
        raise Refused(why, 'install that (Daub\'s extra "exr"), or save the picture as PNG') from error
    data = file.read()
    parts = OpenEXR.File(io.BytesIO(data), separate_channels=True, header_only=True, num_threads=0).parts
    plain = (None, OpenEXR.scanlineimage, OpenEXR.tiledimage)
    usable = [n for n, part in enumerate(parts) if part.header.get("type") in plain and _colours_of(part)]
    if not usable:
        raise Refused("it is an OpenEXR image without plain colours (deep, or of other channels)", "save it as PNG")
    number, part = usable[0], parts[usable[0]]
    names = _colours_of(part)
    if names == ("Y",) and {"RY", "BY"} & _names(part):
        raise Refused("it is an OpenEXR image of luminance and chroma, which is not read", "save it as RGB")
    for each in parts:  # all of them are decoded
        (left, top), (right, bottom) = each.header["dataWindow"]
        limits.check(int(right) - int(left) + 1, int(bottom) - int(top) + 1, 4 * max(1, len(_names(each))))
    (left, top), (right, bottom) = part.header["displayWindow"]
    limits.check(int(right) - int(left) + 1, int(bottom) - int(top) + 1, 16)
    part = OpenEXR.File(io.BytesIO(data), separate_channels=True, num_threads=0).parts[number]
    notices = [ONE_OF_SEVERAL] if len(parts) > 1 else []
    alpha = _ALPHA in _names(part)
    planes = [part.channels[name].pixels for name in (*names, *([_ALPHA] if alpha else []))]
    values = _cleaned(np.stack([plane.astype(np.float32) for plane in planes], 2), notices)
    values, alpha = _in_display_window(values, part.header, alpha)
    if alpha:
        opacity = values[..., -1:]
        colours = np.divide(values[..., :-1], opacity, out=values[..., :-1].copy(), where=opacity > 0)
        values = np.concatenate([colours, np.clip(opacity, 0, 1)], 2)
    return Samples(values, alpha, (_colour(part.header),), notices)


def _colours_of(part) -> tuple[str, ...]:
    """The names of the channels that make the colours; empty where there are none."""
    return next((names for names in _COLOURS if set(names) <= _names(part)), ())


def _names(part) -> set[str]:
    """The channels of a part, as its header lists them."""
    return {channel.name for channel in part.header["channels"]}


def _cleaned(values: np.ndarray, notices: list[str]) -> np.ndarray:
    if not np.isfinite(values).all():
        notices.append("samples that are no finite numbers became black or white")
        values = np.nan_to_num(values, nan=0, posinf=1, neginf=0)
    return values


def _in_display_window(values: np.ndarray, header: dict, alpha: bool) -> tuple[np.ndarray, bool]:
    """The pixels of the display window: those beyond it are cut off, and where there are none it is transparent."""
    (left, top), _ = (np.asarray(corner, int) for corner in header["dataWindow"])
    (x, y), (right, bottom) = (np.asarray(corner, int) for corner in header["displayWindow"])
    height, width = bottom - y + 1, right - x + 1
    rows, columns, channels = values.shape
    if (left, top, columns, rows) == (x, y, width, height):
        return values, alpha
    if not alpha:
        values = np.concatenate([values, np.ones((rows, columns, 1), np.float32)], 2)
    framed = np.zeros((height, width, values.shape[2]), np.float32)
    first, last = max(left, x), min(left + columns, right + 1)
    upper, lower = max(top, y), min(top + rows, bottom + 1)
    if first < last and upper < lower:
        framed[upper - y : lower - y, first - x : last - x] = values[
            upper - top : lower - top, first - left : last - left
        ]
    filled = (first, last, upper, lower) == (x, right + 1, y, bottom + 1)
    return (framed[..., :channels], alpha) if filled else (framed, True)


def _colour(header: dict) -> Signal:
    """Linear light of the primaries that the header states; those of sRGB where it does not."""
    given = header.get("chromaticities")
    if given is None:
        return SCENE_LINEAR
    try:
        numbers = [float(number) for number in np.ravel(given)]
        space = primaries.of_points(*zip(numbers[::2], numbers[1::2], strict=True))
    except (TypeError, ValueError):
        return SCENE_LINEAR
    return Encoding(space, transfers.SCENE, f"scene-linear {space.name}")
