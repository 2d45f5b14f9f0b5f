"""A row of the sources: something that can be put on a side of the comparison, and what is known of it in figures.

>>> size_text(812), size_text(35_128), size_text(1_354_000)
('812 bytes', '35.13 kB', '1.35 MB')
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from daub.app.model.picture.picture import PictureKey
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.codec.evaluation.perceptual import Perceptual

LIVE = "live"  # key of the fit under way: there is one at most


class Kind(Enum):
    """What a row is."""

    PICTURE = "picture"  # what is open: the image that is fitted, or a .daub
    LIVE = "live"  # the fit under way, or one that has ended without a file
    RESULT = "result"  # a finished encode
    FILE = "file"  # another file: a .daub or an image
    RIVAL = "rival"  # what another codec has made of the picture, or a restoration adds to a file of it
    EDITED = "edited"  # Gaussians of another row, changed by hand


@dataclass(frozen=True)
class Figures:
    """How close something is to the reference.

    Args:
        psnr: dB; of a fit under way about that.
        ms_ssim: 1 for equal images.
        perceptual: SSIMULACRA2 and FLIP.
        against: in words, what else than the reference it is held against, as in "the edited picture".
    """

    psnr: float | None = None
    ms_ssim: float | None = None
    perceptual: Perceptual | None = None
    against: str = ""


@dataclass(frozen=True)
class Source:
    """One row.

    Args:
        key: its identity for as long as the window is open.
        name: that a person has given it, or a usual one.
        picture: what it is, or what it was made of.
        width, height: pixels.
        bytes: of the file; of a fit under way about those that it would take; None where nobody knows.
        figures: None for what nothing is lost of.
        settings: what was asked for; None for what Daub has not made here.
        starred: a person wants to find it again.
        remark: what else there is to say, as the settings of another codec.
        has_gaussians: it is a sum of Gaussians rather than an image.
        is_estimate: bytes and figures are about those that a file would have.
    """

    key: str
    kind: Kind
    name: str
    picture: PictureKey
    width: int
    height: int
    bytes: int | None = None
    figures: Figures | None = None
    settings: EncodeSettings | None = None
    starred: bool = False
    remark: str = ""
    has_gaussians: bool = False
    is_estimate: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def bits_per_pixel(self) -> float | None:
        """Of the file, None where nobody knows."""
        return None if self.bytes is None else 8 * self.bytes / (self.width * self.height)

    @property
    def facts(self) -> tuple[str, ...]:
        """Bytes, bits per pixel, PSNR and MS-SSIM, as far as they are known; a tilde marks what is not exact."""
        about = "~" if self.is_estimate else ""
        figures = self.figures or Figures()
        against = f" to {figures.against}" if figures.against else ""
        known = (
            (self.bytes, lambda size: about + size_text(size)),
            (self.bits_per_pixel, lambda bits: f"{about}{bits:.3f} bpp"),
            (figures.psnr, lambda psnr: psnr_text(psnr, about) + against),
            (figures.ms_ssim, lambda value: f"MS-SSIM {value:.4f}"),
        )
        return tuple(words(value) for value, words in known if value is not None)


def psnr_text(psnr: float, about: str = "") -> str:
    """ "32.10 dB". Args: about: stands in front of it."""
    return f"{about}{psnr:.2f} dB" if math.isfinite(psnr) else "no difference"


def size_text(size: int) -> str:
    """ "812 bytes", "35.13 kB", "135.1 kB", "1.35 MB": four digits, units of a thousand."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.{2 if size < 100_000 else 1}f} kB"
    return f"{size / 1e6:.2f} MB"
