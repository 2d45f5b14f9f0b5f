"""A line that is shortened where it has no room, and comes back whole when it has."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy


class ElidedLabel(QLabel):
    """Takes the room that others leave; what it cannot show stands in its tool tip.

    Args:
        mode: where the dots stand.
    """

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight):
        super().__init__()
        self._whole, self._mode = "", mode
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def whole(self) -> str:
        """All of it."""
        return self._whole

    def show_line(self, line: str, *shorter: str) -> None:
        """Shows that, as much of it as there is room for. Args: shorter: what is shown rather than a part of it."""
        if (line, shorter) != (self._whole, self._shorter):
            self._whole, self._shorter = line, shorter
            self._elide()

    def minimumSizeHint(self) -> QSize:
        """Of no width: what it shows now must not keep it from getting narrower."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room, metrics = self.contentsRect().width(), self.fontMetrics()
        lines = self._whole, *self._shorter
        line = next((each for each in lines if metrics.horizontalAdvance(each) <= room), lines[-1])
        shown = metrics.elidedText(line, self._mode, room)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")
