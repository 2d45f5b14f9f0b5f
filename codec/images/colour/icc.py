"""ICC profiles: conversions by LittleCMS.

The rendering intent is perceptual, LittleCMS's default, whatever the profile or the file asks for: it is the one that
every profile has, and for the matrix profiles of cameras and displays all intents but the absolute one are the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import imagecodecs
import numpy as np
import PIL.ImageCms

SRGB = imagecodecs.cms_profile("srgb")


def conversion(profile: bytes, channels: int) -> Callable[[np.ndarray], np.ndarray] | None:
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
    return None if channels < 4 and moved < 1 / 255 else convert


def is_srgb(profile: bytes) -> bool:
    """Whether a profile is sRGB by another name, so that nothing is worth saying about a conversion."""
    channels = 1 if profile[16:20] == b"GRAY" else 3
    try:
        return conversion(profile, channels) is None
    except (imagecodecs.CmsError, ValueError):
        return False


def name_of(profile: bytes) -> str:
    """What a profile says it is."""
    try:
        return PIL.ImageCms.getProfileDescription(PIL.ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except (PIL.ImageCms.PyCMSError, OSError):
        return "an embedded profile without a name"
