"""Offers to bring back the work of windows that did not close as usual."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from daub.app.model.commands.project import discard_leftover, recover
from daub.app.model.project.recovery import Leftover
from daub.app.model.workbench import Workbench
from daub.app.window.dialogs.project_list import ProjectList

if TYPE_CHECKING:
    from daub.app.window.main_window import Window


class RecoveryOffer(QDialog):
    """Lies over the window and stops nobody: what is not decided now is offered again at the next start."""

    def __init__(self, leftovers: Sequence[Leftover], window: Window):
        super().__init__(window)
        self.setWindowTitle("Recover work")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bench, self._leftovers = window.bench, list(leftovers)
        one = len(leftovers) == 1
        head = QLabel(
            "Daub did not close as usual. This work can be recovered:"
            if one
            else f"Daub did not close as usual. The work of {len(leftovers)} windows can be recovered:"
        )
        head.setWordWrap(True)
        self.list = ProjectList("Work that can be recovered")
        for leftover in leftovers:
            self.list.add(*words_on(leftover, time.time()), leftover.thumbnail)
        self.list.setCurrentRow(0)
        self.list.itemDoubleClicked.connect(lambda _: self.recover())
        self.recovers = self._button("Recover", self.recover)
        self.recovers.setProperty("role", "primary")
        self.recovers.setDefault(True)
        self.discards = self._button("Discard", self.discard)
        self.later = self._button("Later", self.reject)
        self.later.setToolTip("It stays, and is offered again at the next start, or by Recover work in the menu File")
        buttons = QHBoxLayout()
        buttons.addWidget(self.discards)
        buttons.addStretch(1)
        buttons.addWidget(self.later)
        buttons.addWidget(self.recovers)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(head)
        column.addWidget(self.list)
        column.addLayout(buttons)

    def recover(self) -> None:
        """Opens what is marked."""
        self._act(recover)

    def discard(self) -> None:
        """Removes what is marked."""
        self._act(discard_leftover)

    def _act(self, act: Callable[[Workbench, Leftover], None]) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        leftover = self._leftovers.pop(row)
        self.list.takeItem(row)
        if not self._leftovers:
            self.accept()
        act(self._bench, leftover)

    def _button(self, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda _=False: act())
        return button


def words_on(leftover: Leftover, now: float) -> tuple[str, str]:
    """Which work it is, and a line on it.

    Args:
        now: seconds since 1970.
    """
    about = leftover.about
    project = f", of the project {_stem(about.project)}" if about.project else ", not saved as a project"
    results = {0: "no result yet", 1: "one result"}.get(about.results, f"{about.results:,} results")
    edits = {0: "", 1: " · one edit"}.get(about.edits, f" · {about.edits:,} edits")
    return f"{about.name or 'Unnamed work'}{project}", f"{ago(now - about.saved)} · {results}{edits}"


def ago(seconds: float) -> str:
    """ "5 minutes ago".

    >>> ago(20), ago(60), ago(7200), ago(200_000)
    ('less than a minute ago', 'a minute ago', '2 hours ago', '2 days ago')
    """
    if seconds < 60:
        return "less than a minute ago"
    for length, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        number = int(seconds // length)
        if number:
            article = "an" if name == "hour" else "a"
            return f"{article} {name} ago" if number == 1 else f"{number} {name}s ago"
    return ""


def _stem(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
