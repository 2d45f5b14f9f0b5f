"""Play, step, stop, and how far the fit is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from daub.app.model.fit import writer
from daub.app.model.fit.state import FitState, Phase
from daub.app.model.fit.words import phase_line, time_left
from daub.app.model.workspace.workspace import Workspace
from daub.app.window.actions import Actions
from daub.app.window.mnemonics import unmarked
from daub.app.window.panels.action_button import ActionButton

_STEPS = 1000  # of the bar
_JOINED = "\u2060"  # no line is broken here; it has no width


class Transport(QWidget):
    """The buttons of a fit, its progress, and who writes its file.

    Args:
        actions: the buttons are theirs.
    """

    def __init__(self, actions: Actions, workspace: Workspace, parent: QWidget | None = None):
        super().__init__(parent)
        self._workspace = workspace
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        row = QHBoxLayout()
        row.setSpacing(6)
        for name in ("play", "step", "stop", "restart"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(20, 20))
            button.setProperty("transport", True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFixedHeight(34)
            button.setAccessibleName(unmarked(actions[name].text()))
            row.addWidget(button)
        column.addLayout(row)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        column.addWidget(self.bar)
        self.phase = QLabel()
        self.phase.setWordWrap(True)
        column.addWidget(self.phase)
        self.left = QLabel()  # stands beside the heading of the panel
        self.left.setProperty("role", "dim")
        self.left.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.making = QLabel()  # what an export makes before the fit goes on
        self.making.setWordWrap(True)
        self.making.hide()
        column.addWidget(self.making)
        self.back = QWidget()  # while an earlier step is looked at
        self.back.hide()
        row = QHBoxLayout(self.back)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(ActionButton(actions["go_on"], "primary"), 1)
        row.addWidget(ActionButton(actions["look_newest"], "plain", "Newest"))
        column.addWidget(self.back)
        self.longer = ActionButton(actions["extend"], "plain")  # where a fit has ended
        self.longer.hide()
        column.addWidget(self.longer)
        self.writer = QLabel()
        self.writer.setProperty("role", "dim")
        self.writer.setWordWrap(True)
        self.writer.hide()
        column.addWidget(self.writer)
        workspace.changed.connect(self.show_state)
        self.show_state(workspace.state)

    def show_state(self, state: FitState) -> None:
        """How far the fit is."""
        making, rewind = self._workspace.fitting.making, self._workspace.rewind
        self._show_fraction(state.progress.fraction if making is None else making.fraction)
        self.making.setText("" if making is None else f"Making {making.name}, {100 * making.fraction:.0f} %")
        self.making.setVisible(making is not None)
        self.back.setVisible(state.kept is not None)
        self.longer.setVisible(state.kept is None and not state.phase.active and rewind.can_go_on)
        self.phase.setText(phase_line(state))
        left = time_left(state)
        self.left.setText(f"{left} left" if left and state.phase is not Phase.PAUSED else "")
        note = writer.note(state)
        self.writer.setText(note.replace("+", f"{_JOINED}+"))  # no line ends within gaussianimage++
        self.writer.setVisible(bool(note))

    def _show_fraction(self, fraction: float) -> None:
        value = round(_STEPS * fraction)
        if value != self.bar.value():
            # A bar paints the window in the midst of `setValue`, its picture too; so it is held until the next frame.
            self.bar.setUpdatesEnabled(False)
            self.bar.setValue(value)
            self.bar.setUpdatesEnabled(True)
