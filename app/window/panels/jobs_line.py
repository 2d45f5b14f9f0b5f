"""What is made beside the window at the moment, how far it is, and a button that gives it up."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from daub.app.model.work.jobs import Jobs


class JobsLine(QWidget):
    """Seen while there is something.

    Args:
        jobs: what is told.
        cancel: gives all of it up.
    """

    def __init__(self, jobs: Jobs, cancel: QAction):
        super().__init__()
        self._jobs = jobs
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.words)
        self.give_up = QToolButton()
        self.give_up.setText("×")
        self.give_up.setToolTip(cancel.text())
        self.give_up.setAccessibleName(cancel.text())
        self.give_up.setAutoRaise(True)
        self.give_up.clicked.connect(cancel.trigger)
        row.addWidget(self.give_up)
        jobs.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows them as they are now."""
        waiting = self._jobs.waiting
        self.setVisible(bool(waiting))
        if waiting:
            others = f", {len(waiting) - 1} more" if len(waiting) > 1 else ""
            self.words.setText(f"{waiting[0].name}: {100 * self._jobs.fraction:.0f} %{others}")
