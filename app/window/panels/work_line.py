"""What is made beside the window at the moment, how far it is, and a button that gives it up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from daub.app.model.work.jobs import Jobs
from daub.app.model.work.signal import Signal


class WorkLine(QWidget):
    """Seen while there is something.

    Args:
        changed: it has got further.
        says: what it is and how far, "" for nothing.
        cancel: gives all of it up.
    """

    def __init__(self, changed: Signal, says: Callable[[], str], cancel: QAction):
        super().__init__()
        self._says = says
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
        changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows it as it is now."""
        words = self._says()
        self.words.setText(words)
        self.setVisible(bool(words))  # with the words in it, so that there is room for them at once


def words_of_jobs(jobs: Jobs) -> str:
    """The first of them, and how many wait."""
    waiting = jobs.waiting
    others = f", {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return f"{waiting[0].name}: {100 * jobs.fraction:.0f} %{others}" if waiting else ""
