"""The figures of a region in words, for the panel and for the picture."""

from __future__ import annotations

import math

from daub.app.model.compare.region import PartFigures
from daub.app.model.picture.box import Box
from daub.app.model.sources.source import size_text

UNKNOWN = "–"


def place(box: Box) -> str:
    """Where it is, and how large.

    >>> place(Box(10, 20, 74, 68))
    '64 × 48 pixels at 10, 20'
    """
    return f"{box.right - box.left:,} × {box.bottom - box.top:,} pixels at {box.left:,}, {box.top:,}"


def psnr(figures: PartFigures) -> str:
    """With its unit; pixels that are all equal have no error to express in dB."""
    if figures.psnr is None:
        return UNKNOWN
    return "equal" if math.isinf(figures.psnr) else f"{figures.psnr:.2f} dB"


def ms_ssim(figures: PartFigures) -> str:
    """Four figures, as everywhere in the window."""
    return UNKNOWN if figures.ms_ssim is None else f"{figures.ms_ssim:.4f}"


def flip(figures: PartFigures) -> str:
    """Four figures."""
    return UNKNOWN if figures.flip is None else f"{figures.flip:.4f}"


def bits(figures: PartFigures, box: Box) -> str:
    """Size, and bits per pixel of the rectangle."""
    if figures.bits is None:
        return UNKNOWN
    area = (box.right - box.left) * (box.bottom - box.top)
    return f"{size_text(round(figures.bits / 8))}, {figures.bits / area:.3f} bpp"


def line(figures: PartFigures, box: Box) -> str:
    """What is known, in one line.

    >>> line(PartFigures(psnr=31.25, ms_ssim=0.98765), Box(0, 0, 8, 8))
    '31.25 dB · MS-SSIM 0.9877'
    """
    if figures.is_reference:
        return "the source picture itself"
    parts = [psnr(figures), f"MS-SSIM {ms_ssim(figures)}", f"FLIP {flip(figures)}", bits(figures, box)]
    return " · ".join(part for part in parts if not part.endswith(UNKNOWN)) or UNKNOWN
