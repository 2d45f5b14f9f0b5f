"""Hue, saturation, light and strength of what is selected: each slider shows what would become of it, and goes back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from daub.app.model.editing.editing import Editing
from daub.app.model.editing.recolouring import Recolouring
from daub.app.window.look.sizes import GAP
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.editing import colours

_REST = 700  # milliseconds after a key, until what the slider says is done

# Name, range, where nothing changes, unit, and the matrix of a value.
_SLIDERS: tuple[tuple[str, int, int, int, str, Callable[[int], np.ndarray]], ...] = (
    ("Hue", -180, 180, 0, "°", colours.hue_turned),
    ("Saturation", 0, 300, 100, " %", lambda percent: colours.saturated(percent / 100)),
    ("Light", 0, 300, 100, " %", lambda percent: colours.lightened(percent / 100)),
)


class ColourSliders(QWidget):
    """See above. Light is the strength of what is added, too: at 0 nothing is left of it.

    Args:
        give_colour: of the button below them.
    """

    def __init__(self, editing: Editing, recolouring: Recolouring, give_colour: QAction):
        super().__init__()
        self._editing, self._recolouring = editing, recolouring
        self._tried: str | None = None  # name of the slider that is somewhere else
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._keep)
        self.sliders: dict[str, QSlider] = {}
        self._words: dict[str, QLabel] = {}
        grid, guard = QGridLayout(self), WheelGuard(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        for row, (name, least, most, usual, unit, matrix) in enumerate(_SLIDERS):
            slider, label, words = QSlider(Qt.Orientation.Horizontal), QLabel(name), QLabel()
            slider.setRange(least, most)
            slider.setValue(usual)
            slider.setPageStep(10)
            slider.setAccessibleName(f"{name} of what is selected")
            label.setProperty("role", "dim")
            words.setAlignment(Qt.AlignmentFlag.AlignRight)
            words.setMinimumWidth(words.fontMetrics().horizontalAdvance("−180 %"))
            words.setText(f"{usual}{unit}")
            slider.valueChanged.connect(
                lambda value, name=name, unit=unit, matrix=matrix: self._try(name, value, unit, matrix)
            )
            slider.sliderReleased.connect(self._keep)
            guard.watch(slider)
            for column, widget in enumerate((label, slider, words)):
                grid.addWidget(widget, row, column)
            self.sliders[name], self._words[name] = slider, words
        self.pick = ActionButton(give_colour, "plain", "Give a colour…")
        grid.addWidget(self.pick, len(_SLIDERS), 0, 1, 3)

    def _try(self, name: str, value: int, unit: str, matrix: Callable[[int], np.ndarray]) -> None:
        self._words[name].setText(f"{value}{unit}".replace("-", "−"))
        if self._tried is not None and self._tried != name:
            self._keep()
        self._tried = name
        self._recolouring.map(matrix(value), f"changing {name.lower()} of")
        if not self.sliders[name].isSliderDown():  # a key, which may be pressed again
            self._rest.start()

    def _keep(self) -> None:
        """What the slider says is done, and it is back where nothing changes."""
        self._rest.stop()
        name, self._tried = self._tried, None
        if name is None:
            return
        slider = self.sliders[name]
        usual, unit = next((each[3], each[4]) for each in _SLIDERS if each[0] == name)
        if slider.value() == usual:
            self._recolouring.give_up()
        else:
            self._recolouring.keep()
        slider.blockSignals(True)
        slider.setValue(usual)
        slider.blockSignals(False)
        self._words[name].setText(f"{usual}{unit}")
