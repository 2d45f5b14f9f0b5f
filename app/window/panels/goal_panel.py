"""What a fit shall reach: one goal of six kinds, how long to look for it, and behind a fold what few people change.

A published method with a file of its own has one goal, a number of Gaussians, and knows no effort and no tuning.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QStackedWidget, QWidget

from daub.app.model.fit.state import FitState
from daub.app.model.workspace.forecast import size_of
from daub.app.model.workspace.workspace import Workspace
from daub.app.window.panels.advanced_settings import AdvancedSettings, number_field
from daub.app.window.panels.goal_field import FIELD_WIDTH, GoalField, GoalSlider
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.goal import GOALS, GoalKind
from daub.codec.options import option_of
from daub.codec.settings import EncodeSettings


class GoalPanel(QWidget):
    """One kind of goal is chosen, and has a field and a slider; a line says what the file is expected to take.

    Args:
        switches: as of `AdvancedSettings`.

    Attributes:
        choice: the kind of goal.
        fields, sliders: of every kind, of which those of the chosen one are seen. Where another is chosen, it begins
            with what the fit has come to.
        expected: the size that is predicted, or known.
        effort: how long to look.
        advanced: the rest.
    """

    def __init__(self, workspace: Workspace, switches: Sequence[QAction]):
        super().__init__()
        self._workspace = workspace
        self._guard = WheelGuard(self)
        self.fields: dict[GoalKind, GoalField] = {}
        self.sliders: dict[GoalKind, GoalSlider] = {}
        self.choice = QComboBox()
        self.choice.setAccessibleName("Kind of goal")
        self.choice.setMinimumContentsLength(8)
        self._guard.watch(self.choice)
        self._fields, self._sliders = QStackedWidget(), QStackedWidget()
        self._fields.setFixedWidth(FIELD_WIDTH)
        self._sliders.setFixedHeight(20)
        self.expected = QLabel()
        self.expected.setProperty("role", "dim")
        self.expected.setToolTip("Size that the file is expected to have; ~ is nearly always within 3 %")
        self.effort = number_field("effort", self._guard)
        label = QLabel("Effort")
        label.setBuddy(self.effort)
        self.advanced = AdvancedSettings(workspace, self._guard, switches)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.choice, 0, 0)
        grid.addWidget(self._fields, 0, 1)
        grid.addWidget(self._sliders, 1, 0, 1, 2)
        grid.addWidget(self.expected, 2, 0, 1, 2)
        grid.addWidget(label, 3, 0)
        grid.addWidget(self.effort, 3, 1)
        grid.addWidget(self.advanced.fold, 4, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.advanced, 5, 0, 1, 2)
        self._add_goals()
        self.effort.valueChanged.connect(self._choose_effort)
        workspace.settings_changed.connect(self.show_settings)
        workspace.changed.connect(self.show_state)
        workspace.results.changed.connect(lambda: self.show_state(workspace.state))
        self.show_settings(workspace.settings)

    @property
    def chosen(self) -> GoalKind:
        """The kind of goal that is seen."""
        return self.choice.currentData()

    def show_settings(self, settings: EncodeSettings) -> None:
        """What is wanted."""
        method, kind = self._workspace.method, settings.goal.kind
        self.effort.blockSignals(True)
        self.effort.setValue(settings.effort)
        self.effort.blockSignals(False)
        self.fields[kind].show_goal(settings.goal.value)
        self.sliders[kind].show_value(settings.goal.value)
        self.choice.setCurrentIndex(self.choice.findData(kind))
        self._fields.setCurrentWidget(self.fields[kind])
        self._sliders.setCurrentWidget(self.sliders[kind])
        self._lock(method.name if method.writes_files else "")
        self.show_state(self._workspace.state)

    def show_state(self, state: FitState) -> None:
        """What the fit has come to, in the fields of the goals that are not chosen, and what is to be expected."""
        chosen, picture = self._workspace.settings.goal.kind, self._workspace.picture
        readings = state.readings if picture is not None and picture.can_be_fitted else {}
        if GoalKind.BYTES in readings:
            readings[GoalKind.BPP] = 8 * readings[GoalKind.BYTES] / (picture.width * picture.height)
        result = None if state.encoded is None else self._workspace.results.of(state.ticket)
        if readings and result is not None and result.ms_ssim is not None:
            readings[GoalKind.MS_SSIM] = result.ms_ssim
        for kind, field in self.fields.items():
            if kind is not chosen and not field.hasFocus():
                field.show_reading(readings.get(kind))
                if kind in readings:
                    self.sliders[kind].show_value(readings[kind])
        self._show_expected(state)

    def _show_expected(self, state: FitState) -> None:
        """Nothing where the file is there: its size is in the result."""
        workspace = self._workspace
        settled = state.encoded is not None and workspace.tries.settings_of(state).goal == workspace.settings.goal
        size = None if settled else size_of(workspace, workspace.settings.goal)
        self.expected.setText("" if size is None else f"File: {size}")

    def _add_goals(self) -> None:
        for kind, option in GOALS.items():
            field, slider = GoalField(kind), GoalSlider(kind)
            self.choice.addItem(option.label, kind)
            field.asked.connect(lambda goal: self._workspace.change(goal=goal))
            slider.asked.connect(lambda goal: self._workspace.change(goal=goal))
            self._fields.addWidget(field)
            self._sliders.addWidget(slider)
            self.fields[kind], self.sliders[kind] = field, slider
            self._guard.watch(field)
            self._guard.watch(slider)
        self.choice.activated.connect(lambda index: self.choose(self.choice.itemData(index)))

    def choose(self, kind: GoalKind) -> None:
        """Another kind of goal, which begins with what the fit has come to."""
        if kind is not self._workspace.settings.goal.kind:
            self._workspace.change(goal=self.fields[kind].goal)

    def _lock(self, method: str) -> None:
        """Only a number of Gaussians can be asked of a method with a file of its own; "" unlocks."""
        for index, (kind, option) in enumerate(GOALS.items()):
            hint = f"{option.label}: {option.help}"
            if method and kind is not GoalKind.GAUSSIANS:
                hint = f"{method} goes by a number of Gaussians alone: its quantiser has no steps to choose"
            on = not method or kind is GoalKind.GAUSSIANS
            self.choice.model().item(index).setEnabled(on)
            self.choice.setItemData(index, hint, Qt.ItemDataRole.ToolTipRole)
            for widget in (self.fields[kind], self.sliders[kind]):
                widget.setEnabled(on)
                widget.setToolTip(hint)
        self.choice.setToolTip("What the file shall reach; everything else follows from it")
        self.effort.setEnabled(not method)
        without = f"without effect on {method}, which is not searched for a smaller file"
        self.effort.setToolTip(f"Effort: {without if method else option_of(EncodeSettings, 'effort').help}")

    def _choose_effort(self, effort: int) -> None:
        method = self._workspace.method
        steps = self._workspace.settings.steps if method.steps else None  # a method's own do not follow the effort
        self._workspace.change(effort=effort, steps=steps)
