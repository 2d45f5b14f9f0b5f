"""The settings of a fit: one of five goals, the effort, the steps, the seed and the background.

A published method with a file of its own has one goal, a number of Gaussians, and knows no effort.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QButtonGroup,
    QColorDialog,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from daub.app.model.wanted import GOALS, GoalKind, Wanted, from_slider, goal_kind, to_slider
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.effort import DEFAULT_EFFORT, EFFORTS

if TYPE_CHECKING:
    from daub.codec.profiles.profile import Profile

_FIELD_WIDTH = 112
_SLIDER_TICKS = 1000
_GAUSSIANS = (100, 50_000)  # ends of the slider; the field goes further
_MOST_STEPS = 10_000_000
_EFFORT_HINT = "from 0, instant, to 9, the smallest file, in six or seven times the time"
_STEPS_HINT = "those of the fit, by the effort or the method unless changed"


class GoalPanel(QWidget):
    """Exactly one goal is active; the others show what the fit has come to, and editing one makes it active."""

    wanted = Signal(object)  # Wanted
    background_chosen = Signal(tuple)  # red, green, blue in [0, 1]

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._wanted = Wanted()
        self._steered: Wanted | None = None  # before the goals were locked
        self._paper_steps: int | None = None  # what the method brings with it
        self._guard = WheelGuard(self)
        self.radios: dict[str, QRadioButton] = {}
        self.fields: dict[str, QDoubleSpinBox | QSpinBox] = {}
        self.sliders: dict[str, QSlider] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        group = QButtonGroup(self)
        row = 0
        for goal in GOALS:
            radio = QRadioButton(goal.label)
            radio.setToolTip(f"Goal: {goal.hint}")
            radio.toggled.connect(lambda on, kind=goal.kind: on and self._choose(kind))
            group.addButton(radio)
            field = self._field(goal)
            grid.addWidget(radio, row, 0)
            grid.addWidget(field, row, 1)
            self.radios[goal.kind], self.fields[goal.kind] = radio, field
            row += 1
            if goal.kind in ("quality", "gaussians"):
                slider = self._slider(goal)
                grid.addWidget(slider, row, 0, 1, 2)
                self.sliders[goal.kind] = slider
                row += 1
        self.effort = _whole_field(
            "Effort",
            0,
            len(EFFORTS) - 1,
            DEFAULT_EFFORT,
            _EFFORT_HINT,
        )
        self.steps = _whole_field("Steps", 10, _MOST_STEPS, EFFORTS[DEFAULT_EFFORT].steps, _STEPS_HINT)
        self.steps.setSingleStep(50)
        self.seed = _whole_field("Seed", 0, 999_999, 0, "the same seed gives the same file")
        self.background = QPushButton()
        self.background.setProperty("role", "plain")
        self.background.setToolTip("Transparent parts of a picture are laid on this colour")
        self.background.clicked.connect(self._choose_background)
        grid.setRowMinimumHeight(row, 8)
        for text, widget in (
            ("Effort", self.effort),
            ("Steps", self.steps),
            ("Seed", self.seed),
            ("Background", self.background),
        ):
            row += 1
            label = QLabel(text)
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        self.effort.valueChanged.connect(self._choose_effort)
        self.steps.valueChanged.connect(lambda value: self._change(steps=value))
        self.seed.valueChanged.connect(lambda value: self._change(seed=value))
        for widget in (*self.fields.values(), *self.sliders.values(), self.effort, self.steps, self.seed):
            self._guard.watch(widget)
        self.show_background((1.0, 1.0, 1.0))
        self._mark_active()

    def value(self) -> Wanted:
        return self._wanted

    def use_method(self, profile: str, parts: tuple[tuple[str, str], ...], method: Profile) -> None:
        """Args:
        profile, parts: as in `Wanted`.
        method: the profile that they make.
        """
        changes = {"profile": profile, "parts": parts}
        if (profile, method.steps) != (self._wanted.profile, self._paper_steps):
            self._paper_steps = method.steps
            changes["steps"] = method.steps or EFFORTS[self._wanted.effort].steps
            self._set_quietly(self.steps, changes["steps"])
        if method.writes_method_file and self._steered is None:
            self._steered = self._wanted
            changes |= {"kind": "gaussians", "value": self.fields["gaussians"].value()}
        elif not method.writes_method_file and self._steered is not None:
            changes |= {"kind": self._steered.kind, "value": self._steered.value}
            self._show(goal_kind(self._steered.kind), self._steered.value)
            self._steered = None
        self._change(**changes)
        self._lock(method.name if method.writes_method_file else "")
        self._mark_active()

    def _lock(self, method: str) -> None:
        """Only a number of Gaussians can be asked of a method with a file of its own; "" unlocks."""
        for goal in GOALS:
            hint = f"{goal.label}: {goal.hint}"
            if method and goal.kind != "gaussians":
                hint = f"{method} goes by a number of Gaussians alone: its quantiser has no steps to choose"
            for widget in (self.radios[goal.kind], self.fields[goal.kind], self.sliders.get(goal.kind)):
                if widget is not None:
                    widget.setEnabled(not method or goal.kind == "gaussians")
                    widget.setToolTip(hint)
        self.effort.setEnabled(not method)
        without = f"without effect on {method}, which is not searched for a smaller file"
        self.effort.setToolTip(f"Effort: {without if method else _EFFORT_HINT}")

    def show_background(self, colour: tuple[float, float, float]) -> None:
        chosen = QColor.fromRgbF(*colour)
        self.background.setText("White" if chosen == QColor("white") else chosen.name())
        ink = "#000000" if chosen.lightnessF() > 0.5 else "#ffffff"
        self.background.setStyleSheet(f"background: {chosen.name()}; color: {ink}; padding: 3px 8px;")

    def show_result(self, gaussians: int | None, size: int | None, area: int, psnr: float | None) -> None:
        """What the fit has come to, or for `gaussians` will, in the fields of the goals that are not active."""
        bits = None if size is None else 8 * size / area
        for kind, value in (("gaussians", gaussians), ("bytes", size), ("bpp", bits), ("psnr", psnr)):
            if kind != self._wanted.kind and value is not None and not self.fields[kind].hasFocus():
                self._show(goal_kind(kind), value)

    def _field(self, goal: GoalKind) -> QDoubleSpinBox | QSpinBox:
        field = QDoubleSpinBox() if goal.decimals else QSpinBox()
        if goal.decimals:
            field.setDecimals(goal.decimals)
            field.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        elif goal.kind == "gaussians":
            field.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        field.setRange(goal.smallest, goal.largest)
        field.setGroupSeparatorShown(True)
        field.setSuffix(goal.unit)
        field.setValue(goal.start)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setKeyboardTracking(False)  # typing 5000 is not a wish for 5 Gaussians first
        field.setFixedWidth(_FIELD_WIDTH)
        field.setAccessibleName(goal.label)
        field.setToolTip(f"{goal.label}: {goal.hint}")
        field.valueChanged.connect(lambda value, kind=goal.kind: self._edit(kind, value))
        return field

    def _slider(self, goal: GoalKind) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setFixedHeight(20)
        slider.setAccessibleName(goal.label)
        slider.setToolTip(f"{goal.label}: {goal.hint}")
        if goal.kind == "quality":
            slider.setRange(0, 100)
            slider.setValue(round(goal.start))
            slider.valueChanged.connect(lambda value: self.fields["quality"].setValue(value))
        else:
            slider.setRange(0, _SLIDER_TICKS)
            slider.setValue(to_slider(goal.start, *_GAUSSIANS))
            slider.valueChanged.connect(
                lambda value: self.fields["gaussians"].setValue(round(from_slider(value, *_GAUSSIANS)))
            )
            slider.setPageStep(_SLIDER_TICKS // 10)
        slider.sliderPressed.connect(lambda: self.radios[goal.kind].setChecked(True))
        return slider

    def _edit(self, kind: str, value: float) -> None:
        self._move_slider(kind, value)
        self._change(kind=kind, value=value * goal_kind(kind).per_unit)
        self._mark_active()

    def _choose(self, kind: str) -> None:
        if kind != self._wanted.kind:
            self._change(kind=kind, value=self.fields[kind].value() * goal_kind(kind).per_unit)
            self._mark_active()

    def _choose_effort(self, effort: int) -> None:
        steps = self._wanted.steps if self._paper_steps else EFFORTS[effort].steps
        self._set_quietly(self.steps, steps)  # one change, not two
        self._change(effort=effort, steps=steps)

    def _change(self, **changes) -> None:
        self._wanted = replace(self._wanted, **changes)
        self.wanted.emit(self._wanted)

    def _mark_active(self) -> None:
        """The active goal stands out; the others are readings."""
        for kind, radio in self.radios.items():
            active = kind == self._wanted.kind
            radio.blockSignals(True)
            radio.setChecked(active)
            radio.blockSignals(False)
            if active:
                self.fields[kind].setSpecialValueText("")  # a goal can be the least there is
            for widget in (radio, self.fields[kind], self.sliders.get(kind)):
                if widget is not None:
                    widget.setProperty("reading", not active)
                    widget.style().unpolish(widget)
                    widget.style().polish(widget)

    def _show(self, goal: GoalKind, value: float) -> None:
        field = self.fields[goal.kind]
        self._set_quietly(field, value / goal.per_unit)
        # The field cannot hold what nobody can ask for; a fit may come to it nevertheless.
        below = value / goal.per_unit < goal.smallest
        field.setSpecialValueText(f"< {field.textFromValue(goal.smallest)}{goal.unit}" if below else "")
        self._move_slider(goal.kind, field.value())

    def _set_quietly(self, field: QDoubleSpinBox | QSpinBox, value: float) -> None:
        field.blockSignals(True)
        field.setValue(value)
        field.blockSignals(False)

    def _move_slider(self, kind: str, value: float) -> None:
        slider = self.sliders.get(kind)
        if slider is None or slider.isSliderDown():
            return
        slider.blockSignals(True)
        slider.setValue(round(value) if kind == "quality" else to_slider(value, *_GAUSSIANS))
        slider.blockSignals(False)

    def _choose_background(self) -> None:
        dialog = QColorDialog(QColor(self.background.palette().window().color()), self)
        dialog.setWindowTitle("Background of transparent pictures")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self._set_background(colour.getRgbF()[:3]))
        dialog.open()

    def _set_background(self, colour: tuple[float, float, float]) -> None:
        self.show_background(colour)
        self.background_chosen.emit(tuple(colour))


def _whole_field(name: str, smallest: int, largest: int, value: int, hint: str) -> QSpinBox:
    field = QSpinBox()
    field.setRange(smallest, largest)
    field.setValue(value)
    field.setGroupSeparatorShown(True)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setKeyboardTracking(False)
    field.setFixedWidth(_FIELD_WIDTH)
    field.setAccessibleName(name)
    field.setToolTip(f"{name}: {hint}")
    return field
