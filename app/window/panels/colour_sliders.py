"""Hue, saturation, light and strength of what is selected: each slider shows what would become of it, and goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from daub.app.model.editing.recolouring import Recolouring
from daub.app.window.look.sizes import GAP
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.editing import colours

_REST = 700  # milliseconds after a key, until what the slider says is done


class _Slider(NamedTuple):
    """One of them.

    Args:
        least, most, usual: of its values; the last changes nothing.
        note: what it does, for its tooltip.
        attempt: shows what comes of a value.
    """

    name: str
    least: int
    most: int
    usual: int
    unit: str
    note: str
    attempt: Callable[[Recolouring, int], None]


def _mapped(name: str, matrix: Callable[[int], np.ndarray]) -> Callable[[Recolouring, int], None]:
    return lambda recolouring, value: recolouring.map(matrix(value), f"changing {name} of")


_SLIDERS = (
    _Slider("Hue", -180, 180, 0, "°", "Turns it, from red towards green", _mapped("hue", colours.hue_turned)),
    _Slider(
        "Saturation", 0, 300, 100, " %", "0 is grey",
        _mapped("saturation", lambda percent: colours.saturated(percent / 100)),
    ),
    _Slider(
        "Light", 0, 300, 100, " %", "How light the picture is in the shape that was drawn: 0 is black",
        _mapped("light", lambda percent: colours.lightened(percent / 100)),
    ),
    _Slider(
        "Strength", 0, 300, 100, " %", "How much the selected Gaussians add, however they were selected: 0 is nothing",
        lambda recolouring, percent: recolouring.strengthen(percent / 100),
    ),
)  # fmt: skip


class ColourSliders(QWidget):
    """See above. Args: give_colour: of the button below them."""

    def __init__(self, recolouring: Recolouring, give_colour: QAction):
        super().__init__()
        self._recolouring = recolouring
        self._tried: _Slider | None = None  # that is somewhere else
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._keep)
        self.sliders: dict[str, QSlider] = {}
        self._words: dict[str, QLabel] = {}
        grid, guard = QGridLayout(self), WheelGuard(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        for row, each in enumerate(_SLIDERS):
            slider, label, words = QSlider(Qt.Orientation.Horizontal), QLabel(each.name), QLabel()
            slider.setRange(each.least, each.most)
            slider.setValue(each.usual)
            slider.setPageStep(10)
            slider.setAccessibleName(f"{each.name} of what is selected")
            label.setProperty("role", "dim")
            words.setAlignment(Qt.AlignmentFlag.AlignRight)
            words.setMinimumWidth(words.fontMetrics().horizontalAdvance("−180 %"))
            words.setText(f"{each.usual}{each.unit}")
            slider.valueChanged.connect(lambda value, each=each: self._try(each, value))
            slider.sliderReleased.connect(self._keep)
            guard.watch(slider)
            for column, widget in enumerate((label, slider, words)):
                widget.setToolTip(each.note)
                grid.addWidget(widget, row, column)
            self.sliders[each.name], self._words[each.name] = slider, words
        self.pick = ActionButton(give_colour, "plain", "Give a colour…")
        grid.addWidget(self.pick, len(_SLIDERS), 0, 1, 3)

    def _try(self, each: _Slider, value: int) -> None:
        self._words[each.name].setText(f"{value}{each.unit}".replace("-", "−"))
        if self._tried is not None and self._tried is not each:
            self._keep()
        self._tried = each
        each.attempt(self._recolouring, value)
        if not self.sliders[each.name].isSliderDown():  # a key, which may be pressed again
            self._rest.start()

    def _keep(self) -> None:
        """What the slider says is done, and it is back where nothing changes."""
        self._rest.stop()
        each, self._tried = self._tried, None
        if each is None:
            return
        slider = self.sliders[each.name]
        if slider.value() == each.usual:
            self._recolouring.give_up()
        else:
            self._recolouring.keep()
        slider.blockSignals(True)
        slider.setValue(each.usual)
        slider.blockSignals(False)
        self._words[each.name].setText(f"{each.usual}{each.unit}")
