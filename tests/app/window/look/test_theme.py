"""What is written can be read: WCAG 2.2 asks for a contrast of 4.5, and of 3 for lines and marks."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from daub.app.window.look.theme import DARK, LIGHT

WRITTEN = ("text", "dim", "accent", "psnr", "count", "relocated", "pruned", "error", "notice")


def luminance(colour: str) -> float:
    """Relative, as WCAG has it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(colour).getRgbF()[:3]]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_what_is_written_can_be_read(theme):
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for ground in ("window", "strip"):
        for name in WRITTEN:
            assert contrast(getattr(theme, name), getattr(theme, ground)) >= 4.5, (name, ground)
    assert contrast(theme.accent_text, theme.fill) >= 4.5
    for name in ("text", "dim"):
        assert contrast(getattr(theme, name), theme.raised) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_beside_the_picture_it_is_neutral_grey(theme):
    red, green, blue = QColor(theme.surround).getRgb()[:3]
    assert red == green == blue
