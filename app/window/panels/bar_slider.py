"""A slider in a bar of tools, between its name and its value in words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider

_WIDTH = 56, 120  # logical pixels, least and most


def bar_slider(name: str, least: int, most: int, hint: str, longest: str) -> tuple[QLabel, QSlider, QLabel]:
    """Name, slider, and a place for words. Args: longest: words that must have room there."""
    label, slider, words = QLabel(f"{name} "), QSlider(Qt.Orientation.Horizontal), QLabel()
    slider.setRange(least, most)
    slider.setPageStep((most - least) // 10)
    slider.setMinimumWidth(_WIDTH[0])
    slider.setMaximumWidth(_WIDTH[1])
    slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    slider.setAccessibleName(f"{name} of the brush")
    slider.setToolTip(hint)
    words.setMinimumWidth(words.fontMetrics().horizontalAdvance(longest) + 6)
    words.setProperty("role", "dim")
    label.setContentsMargins(6, 0, 2, 0)
    words.setContentsMargins(4, 0, 2, 0)
    return label, slider, words


def move(slider: QSlider, value: int) -> None:
    """Shows a value, but under a hand, and tells nobody."""
    if not slider.isSliderDown():
        slider.blockSignals(True)
        slider.setValue(value)
        slider.blockSignals(False)
