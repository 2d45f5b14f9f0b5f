"""The settings of a fit: one of six goals, the tuning, the effort, the steps, the seed and the background.

A published method with a file of its own has one goal, a number of Gaussians, and knows no effort and no tuning.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QButtonGroup,
    QColorDialog,
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from daub.app.model.fit_state import FitState
from daub.app.model.method import steps_of
from daub.app.model.picture import Colour
from daub.app.model.workspace import Workspace
from daub.app.window.panels.goal_field import FIELD_WIDTH, GoalField, GoalSlider
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.goal import GOALS, GoalKind
from daub.codec.options import option_of
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import TUNINGS

_LARGEST = 2**31 - 1  # that a field of Qt can hold
_TUNE_HINT = "what an error counts; usually balanced, but as the goal says with one of PSNR or MS-SSIM"
_SLIDERS = (GoalKind.QUALITY, GoalKind.GAUSSIANS)


class GoalPanel(QWidget):
    """Exactly one goal is active; the others show what the fit has come to, and editing one makes it active."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None):
        super().__init__(parent)
        self._workspace = workspace
        self._guard = WheelGuard(self)
        self.radios: dict[GoalKind, QRadioButton] = {}
        self.fields: dict[GoalKind, GoalField] = {}
        self.sliders: dict[GoalKind, GoalSlider] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        self._add_goals(grid)
        self.tune = self._add_tunings()
        self.effort = self._add_number("effort")
        self.steps = self._add_number("steps")
        self.steps.setSingleStep(50)
        self.seed = self._add_number("seed")
        self.background = QPushButton()
        self.background.setProperty("role", "plain")
        self.background.setToolTip("Transparent parts of a picture are laid on this colour")
        self.background.clicked.connect(self._choose_background)
        grid.setRowMinimumHeight(grid.rowCount(), 8)
        for text in ("Tune", "Effort", "Steps", "Seed", "Background"):
            row, widget = grid.rowCount(), getattr(self, text.lower())
            label = QLabel(text)
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        self.tune.currentIndexChanged.connect(lambda: workspace.change(tune=self.tune.currentData()))
        # The steps that the effort or the method would take follow these, until somebody asks for others.
        self.effort.valueChanged.connect(self._choose_effort)
        self.steps.valueChanged.connect(lambda value: workspace.change(steps=value))
        self.seed.valueChanged.connect(lambda value: workspace.change(seed=value))
        workspace.settings_changed.connect(self.show_settings)
        workspace.background_changed.connect(self.show_background)
        workspace.changed.connect(self.show_state)
        workspace.results.changed.connect(lambda: self.show_state(workspace.state))
        self.show_settings(workspace.settings)
        self.show_background(workspace.background_colour)
        self.show_state(workspace.state)

    def show_settings(self, settings: EncodeSettings) -> None:
        """What is wanted."""
        method = self._workspace.method
        for field, value in (
            (self.effort, settings.effort),
            (self.steps, steps_of(settings, method)),
            (self.seed, settings.seed),
        ):
            field.blockSignals(True)
            field.setValue(min(value, _LARGEST))
            field.blockSignals(False)
        self.tune.blockSignals(True)
        self.tune.setCurrentIndex(self.tune.findData(settings.tune))
        self.tune.blockSignals(False)
        self.fields[settings.goal.kind].show_goal(settings.goal.value)
        if settings.goal.kind in self.sliders:
            self.sliders[settings.goal.kind].show_value(settings.goal.value)
        self._mark_active(settings.goal.kind)
        self._lock(method.name if method.writes_files else "")
        self.tune.setEnabled(method.weighs_pixels)
        hint = _TUNE_HINT if method.weighs_pixels else f"{method.name} has a loss of its own"
        self.tune.setToolTip(f"Tune: {hint}")
        self.show_state(self._workspace.state)

    def show_state(self, state: FitState) -> None:
        """What the fit has come to, in the fields of the goals that are not active."""
        active, picture = self._workspace.settings.goal.kind, self._workspace.picture
        readings = state.readings if picture is not None and picture.can_be_fitted else {}
        if GoalKind.BYTES in readings:
            readings[GoalKind.BPP] = 8 * readings[GoalKind.BYTES] / (picture.width * picture.height)
        result = None if state.encoded is None else self._workspace.results.of(state.ticket)
        if readings and result is not None and result.ms_ssim is not None:
            readings[GoalKind.MS_SSIM] = result.ms_ssim
        for kind, field in self.fields.items():
            if kind is not active and not field.hasFocus():
                field.show_reading(readings.get(kind))
                if kind in readings and kind in self.sliders:
                    self.sliders[kind].show_value(readings[kind])

    def show_background(self, colour: Colour) -> None:
        """What transparent parts are laid on."""
        chosen = QColor.fromRgbF(*colour)
        self.background.setText("White" if chosen == QColor("white") else chosen.name())
        ink = "#000000" if chosen.lightnessF() > 0.5 else "#ffffff"
        self.background.setStyleSheet(f"background: {chosen.name()}; color: {ink}; padding: 3px 8px;")

    def _add_goals(self, grid: QGridLayout) -> None:
        group = QButtonGroup(self)
        for row, (kind, option) in enumerate(GOALS.items()):
            radio, field = QRadioButton(option.label), GoalField(kind)
            radio.clicked.connect(lambda _, kind=kind: self._choose(kind))
            field.asked.connect(lambda goal: self._workspace.change(goal=goal))
            group.addButton(radio)
            grid.addWidget(radio, 2 * row, 0)
            grid.addWidget(field, 2 * row, 1)
            self.radios[kind], self.fields[kind] = radio, field
            self._guard.watch(field)
            if kind in _SLIDERS:
                slider = self.sliders[kind] = GoalSlider(kind)
                slider.asked.connect(lambda goal: self._workspace.change(goal=goal))
                slider.sliderPressed.connect(lambda slider=slider: self._workspace.change(goal=slider.goal))
                grid.addWidget(slider, 2 * row + 1, 0, 1, 2)
                self._guard.watch(slider)

    def _add_tunings(self) -> QComboBox:
        """The choice of a tuning; the first follows from the goal."""
        field = QComboBox()
        field.addItem("Usual", None)
        for tuning, option in TUNINGS.items():
            field.addItem(option.label, tuning)
            field.setItemData(field.count() - 1, option.help, Qt.ItemDataRole.ToolTipRole)
        field.setFixedWidth(FIELD_WIDTH)
        field.setAccessibleName("Tune")
        self._guard.watch(field)
        return field

    def _add_number(self, name: str) -> QSpinBox:
        """A field for a setting of whole numbers."""
        option, field = option_of(EncodeSettings, name), QSpinBox()
        field.setRange(int(option.smallest), int(min(option.largest, _LARGEST)))
        field.setGroupSeparatorShown(True)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setKeyboardTracking(False)
        field.setFixedWidth(FIELD_WIDTH)
        field.setAccessibleName(name.capitalize())
        field.setToolTip(f"{name.capitalize()}: {option.help}")
        self._guard.watch(field)
        return field

    def _lock(self, method: str) -> None:
        """Only a number of Gaussians can be asked of a method with a file of its own; "" unlocks."""
        for kind, option in GOALS.items():
            hint = f"{option.label}: {option.help}"
            if method and kind is not GoalKind.GAUSSIANS:
                hint = f"{method} goes by a number of Gaussians alone: its quantiser has no steps to choose"
            for widget in (self.radios[kind], self.fields[kind], self.sliders.get(kind)):
                if widget is not None:
                    widget.setEnabled(not method or kind is GoalKind.GAUSSIANS)
                    widget.setToolTip(hint)
        self.effort.setEnabled(not method)
        without = f"without effect on {method}, which is not searched for a smaller file"
        self.effort.setToolTip(f"Effort: {without if method else option_of(EncodeSettings, 'effort').help}")

    def _mark_active(self, active: GoalKind) -> None:
        """The active goal stands out; the others are readings."""
        for kind, radio in self.radios.items():
            radio.setChecked(kind is active)
            for widget in (radio, self.fields[kind], self.sliders.get(kind)):
                if widget is not None and widget.property("reading") is not (kind is not active):
                    widget.setProperty("reading", kind is not active)
                    widget.style().unpolish(widget)
                    widget.style().polish(widget)

    def _choose(self, kind: GoalKind) -> None:
        if kind is not self._workspace.settings.goal.kind:
            self._workspace.change(goal=self.fields[kind].goal)

    def _choose_effort(self, effort: int) -> None:
        method = self._workspace.method
        steps = self._workspace.settings.steps if method.steps else None  # a method's own do not follow the effort
        self._workspace.change(effort=effort, steps=steps)

    def _choose_background(self) -> None:
        dialog = QColorDialog(QColor.fromRgbF(*self._workspace.background_colour), self)
        dialog.setWindowTitle("Background of transparent pictures")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self._workspace.set_background(tuple(colour.getRgbF()[:3])))
        dialog.open()
