"""The controls of one kind of goal: a field with its unit, and a slider."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QSlider, QWidget

from daub.app.window.panels.log_scale import from_slider, to_slider
from daub.codec.goal import GOALS, Goal, GoalKind

FIELD_WIDTH = 132  # logical pixels
_BLANK = "–"


class GoalField(QDoubleSpinBox):
    """A goal's value in the unit of the screen: a wish while it is the active goal, else a reading, or nothing."""

    asked = Signal(object)  # Goal

    def __init__(self, kind: GoalKind, parent: QWidget | None = None):
        super().__init__(parent)
        self._kind, self._option = kind, GOALS[kind]
        self._blank = False
        option, digits = self._option, 2 if self._option.per_unit > 1 else self._option.decimals
        self.setDecimals(digits)
        # Rounded inwards: what the field can show, the goal must allow.
        smallest = math.ceil(option.smallest / option.per_unit * 10**digits) / 10**digits
        self.setRange(smallest, math.floor(option.largest / option.per_unit * 10**digits) / 10**digits)
        if option.increment is not None:
            self.setSingleStep(option.increment)
        else:
            self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.setGroupSeparatorShown(True)
        self.setSuffix(self._option.unit)
        self.setValue(self._option.default / self._option.per_unit)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setKeyboardTracking(False)  # typing 5000 is not a wish for 5 Gaussians first
        self.setFixedWidth(FIELD_WIDTH)
        self.setAccessibleName(self._option.label)
        self.valueChanged.connect(lambda _: self.asked.emit(self.goal))

    @property
    def goal(self) -> Goal:
        """The goal that the field would be."""
        value = self.value() * self._option.per_unit
        return Goal(self._kind, value if self._option.decimals else round(value))

    def show_goal(self, value: float) -> None:
        """What is wanted. Args: value: in the goal's own unit."""
        self._set(value)
        self.setSpecialValueText("")  # a goal can be the least there is

    def show_reading(self, value: float | None) -> None:
        """What a fit has come to, in the goal's own unit; None where nothing is known."""
        if value is None:
            self._set_blank(True)
            return
        self._set(value)
        # The field cannot hold what nobody can ask for; a fit may come to it nevertheless.
        below = value / self._option.per_unit < self.minimum()
        self.setSpecialValueText(f"< {self.textFromValue(self.minimum())}{self._option.unit}" if below else "")

    def textFromValue(self, value: float) -> str:
        """Nothing where nothing is known, and whole qualities without a point."""
        if self._blank:
            return _BLANK
        text = super().textFromValue(value)
        return text.removesuffix(f"{self.locale().decimalPoint()}0") if self._kind is GoalKind.QUALITY else text

    def _set(self, value: float) -> None:
        self._set_blank(False)
        self.blockSignals(True)
        self.setValue(value / self._option.per_unit)
        self.blockSignals(False)

    def _set_blank(self, blank: bool) -> None:
        if blank != self._blank:
            self._blank = blank
            self.setSpecialValueText("")
            self.setSuffix("" if blank else self._option.unit)
            self.lineEdit().setText(self.textFromValue(self.value()) + self.suffix())


@dataclass(frozen=True)
class _Scale:
    """What the ends of a slider stand for, in the goal's own unit; the field goes further.

    Args:
        ticks: that the slider has.
        is_log: equal distances are equal ratios.
    """

    lowest: float
    highest: float
    ticks: int = 1000
    is_log: bool = False

    def value(self, tick: int) -> float:
        """At a tick."""
        if self.is_log:
            return from_slider(tick, self.lowest, self.highest, self.ticks)
        return self.lowest + (self.highest - self.lowest) * tick / self.ticks

    def tick(self, value: float) -> int:
        """Of a value; beyond the ends, the end."""
        if self.is_log:
            return to_slider(value, self.lowest, self.highest, self.ticks)
        return round(
            self.ticks * (min(max(value, self.lowest), self.highest) - self.lowest) / (self.highest - self.lowest)
        )


_DECIBELS = 5.0, 30.0  # of an MS-SSIM of 0.684 to 0.999
_SCALES = {
    GoalKind.QUALITY: _Scale(0, 100, 100),
    GoalKind.GAUSSIANS: _Scale(100, 50_000, is_log=True),
    GoalKind.BYTES: _Scale(500, 500_000, is_log=True),
    GoalKind.BPP: _Scale(0.01, 8, is_log=True),
    GoalKind.PSNR: _Scale(20, 45, 250),
    GoalKind.MS_SSIM: _Scale(*_DECIBELS, 250),
}


class GoalSlider(QSlider):
    """The slider of a kind of goal. That of an MS-SSIM goes by its dB: good pictures all have 0.99 and some more."""

    asked = Signal(object)  # Goal

    def __init__(self, kind: GoalKind, parent: QWidget | None = None):
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._kind, self._scale = kind, _SCALES[kind]
        self.setFixedHeight(20)
        self.setAccessibleName(GOALS[kind].label)
        self.setRange(0, self._scale.ticks)
        self.setPageStep(self._scale.ticks // 10)
        self.show_value(GOALS[kind].default)
        self.valueChanged.connect(lambda _: self.asked.emit(self.goal))

    @property
    def goal(self) -> Goal:
        """The goal at its position."""
        value, option = self._scale.value(self.value()), GOALS[self._kind]
        if self._kind is GoalKind.MS_SSIM:
            value = 1 - 10 ** (-value / 10)
        return Goal(self._kind, round(value, option.decimals) if option.decimals else round(value))

    def show_value(self, value: float) -> None:
        """Moves there, unless somebody drags it."""
        if not self.isSliderDown():
            value = -10 * math.log10(max(1 - value, 1e-6)) if self._kind is GoalKind.MS_SSIM else value
            self.blockSignals(True)
            self.setValue(self._scale.tick(value))
            self.blockSignals(False)
