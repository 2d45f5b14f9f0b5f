"""ICC profiles: conversions by LittleCMS.

The rendering intent is perceptual, LittleCMS's default, whatever the profile or the file asks for: it is the one that
every profile has, and for the matrix profiles of cameras and displays all intents but the absolute one are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import imagecodecs
import numpy as np

from daub.codec.images.colour.signals import Encoding, of_cicp

SRGB = imagecodecs.cms_profile("srgb")
_NEARLY = 4 / 255  # how far a profile of sRGB may move a colour
_MOST_TAGS = 1000
_LONGEST_NAME = 100  # characters, as much as a line has room for


@dataclass(frozen=True)
class Conversion:
    """What a profile does.

    Args:
        convert: from (h, w, 1, 3 or 4) stored colours to (h, w, 3) sRGB in [0, 1].
        is_srgb: the profile is called sRGB and moves colours by a few 8-bit steps at most, so that there is no more to
            say: makers round the curve and the primaries of sRGB in ways of their own.
    """

    convert: Callable[[np.ndarray], np.ndarray]
    is_srgb: bool


def conversion(profile: bytes, channels: int) -> Conversion | None:
    """The conversion by an ICC profile; None when it moves no colour by more than an 8-bit step.

    Raises:
        CmsError, ValueError: the profile is damaged, or for another number of channels.
    """
    space = {b"GRAY": "gray", b"RGB ": "rgb", b"CMYK": "cmyk"}.get(profile[16:20])
    expected = {1: ("gray", "rgb"), 3: ("rgb",), 4: ("cmyk",)}[channels]
    if space not in expected:
        raise ValueError(f"it is for {profile[16:20].decode('ascii', 'replace').strip() or 'nothing'}")

    def convert(colours: np.ndarray) -> np.ndarray:
        if channels == 1:
            colours = colours[..., 0] if space == "gray" else np.repeat(colours, 3, 2)
        # LittleCMS speeds up 16-bit transforms by tables that are off by up to six 8-bit steps; its short cut for 8-bit
        # ones is off by a quarter of a step and seven times as fast.
        flags = None if colours.dtype == np.uint8 else imagecodecs.CMS.FLAGS.NOOPTIMIZE
        colours = np.ascontiguousarray(colours)
        options = {"colorspace": space, "outcolorspace": "rgb", "outdtype": np.uint16, "flags": flags}
        return imagecodecs.cms_transform(colours, profile, SRGB, **options) / np.float32(65535)

    grid = np.meshgrid(*[np.linspace(0, 65535, 17)] * channels, indexing="ij")
    probe = np.stack(grid, -1).reshape(-1, 1, channels).astype(np.uint16)
    moved = np.abs(convert(probe) - probe[..., :3] / np.float32(65535)).max()
    if channels < 4 and moved < 1 / 255:
        return None
    return Conversion(convert, moved < _NEARLY and name_of(profile).lower().startswith("srgb"))


def is_srgb(profile: bytes) -> bool:
    """Whether a profile is sRGB by whatever name, so that nothing is worth saying about a conversion."""
    channels = 1 if profile[16:20] == b"GRAY" else 3
    try:
        found = conversion(profile, channels)
    except (imagecodecs.CmsError, ValueError):
        return False
    return found is None or found.is_srgb


def code_points(profile: bytes) -> Encoding | None:
    """The space that a profile names beside its tables, ICC.1:2022, section 9.2.17 (cicpTag): the only way in which a
    profile can say that it is HDR. None where it names none that is known, or another than full-range RGB.
    """
    body = _tag(profile, b"cicp")
    if len(body) < 12 or body[10:12] != b"\0\1":
        return None
    try:
        return of_cicp(body[8], body[9])
    except ValueError:
        return None


def name_of(profile: bytes) -> str:
    """What a profile says it is, in its first language: ICC.1:2022, section 10.15; ICC.1:2001-04, section 6.5.17.

    Not by LittleCMS, which takes 190 MB for the name in some damaged profiles of 600 bytes.
    """
    body = _tag(profile, b"desc")
    if body[:4] == b"mluc":
        length, start = int.from_bytes(body[20:24], "big"), int.from_bytes(body[24:28], "big")
        name = body[start : start + length].decode("utf-16-be", "replace")
    else:
        name = body[12 : 12 + int.from_bytes(body[8:12], "big")].decode("ascii", "replace")
    readable = "".join(character for character in name.split("\0")[0][:_LONGEST_NAME] if character.isprintable())
    return readable.strip() or "an embedded profile without a name"


def _tag(profile: bytes, wanted: bytes) -> bytes:
    """The content of a tag; empty where there is none."""
    count = min(int.from_bytes(profile[128:132], "big"), _MOST_TAGS)
    for at in range(132, 132 + 12 * count, 12):
        if profile[at : at + 4] == wanted:
            start, length = (int.from_bytes(profile[at + n : at + n + 4], "big") for n in (4, 8))
            return profile[start : start + length]
    return b""
