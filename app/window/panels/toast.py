"""Messages that lie over the picture and do not stop anybody: errors with details to copy, and notices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from daub.app.model.output.log import Entry, Kind

_MOST = 3  # at a time; older ones go
_SECONDS = {Kind.NOTICE: 6, Kind.ERROR: 30}  # until they go
_WIDTH = 420  # logical pixels, at most
_MARGIN = 12  # logical pixels beside and below them
_GAP = 6  # logical pixels between two
_PLACES = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}  # events that give them another


class Toasts(QWidget):
    """Stacked in the lower right corner of the widget they lie on. All of it stands in the log, too.

    Args:
        strip: at the foot of that widget, which comes, goes and moves; they lie above it.
        taken: logical pixels that it takes of the foot.
    """

    def __init__(self, over: QWidget, strip: QWidget, taken: Callable[[], int]):
        super().__init__(over)
        self._over, self._taken = over, taken
        strip.installEventFilter(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        over.installEventFilter(self)
        self.hide()

    def show_entry(self, entry: Entry) -> None:
        """A notice or an error, which go by themselves; what is finished is seen without."""
        if entry.kind is Kind.DONE:
            return
        toasts = self._toasts()
        for old in toasts[: max(0, len(toasts) - _MOST + 1)]:
            old.dismiss()
        self._column.addWidget(_Toast(entry, self))
        self.show()
        self.raise_()
        self.place()

    def forget_errors(self) -> None:
        """What failed is over and done with."""
        for toast in self._toasts():
            if toast.is_error:
                toast.dismiss()

    def lines(self) -> list[str]:
        """What is shown, oldest first."""
        return [toast.line for toast in self._toasts()]

    def eventFilter(self, watched, event) -> bool:
        if event.type() in _PLACES:
            self.place()
        return False

    def _toasts(self) -> list[_Toast]:
        widgets = [self._column.itemAt(i).widget() for i in range(self._column.count())]
        return [widget for widget in widgets if widget is not None]

    def forget(self, toast: _Toast) -> None:
        self._column.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        if not self._column.count():
            self.hide()
        self.place()

    def place(self) -> None:
        """Lies above what is taken."""
        width = min(_WIDTH, self._over.width() - 2 * _MARGIN)
        for toast in self._toasts():
            toast.setFixedWidth(width)
        height = max(1, sum(toast.heightForWidth(width) + _GAP for toast in self._toasts()) - _GAP)
        bottom = self._over.height() - self._taken() - _MARGIN
        self.setGeometry(self._over.width() - width - _MARGIN, bottom - height, width, height)


class _Toast(QFrame):
    def __init__(self, entry: Entry, owner: Toasts):
        super().__init__(owner)
        self.line, self.is_error = entry.line, entry.kind is Kind.ERROR
        self._details = entry.details
        self._owner = owner
        self._timer = QTimer(self, singleShot=True, interval=1000 * _SECONDS[entry.kind])
        self._timer.timeout.connect(self.dismiss)
        self._timer.start()
        self.setObjectName("toast")
        self.setProperty("error", "true" if self.is_error else "false")
        self.setAccessibleName(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 6, 8)
        text = QLabel(self.line)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(text, 1)
        if self._details:
            button = QPushButton("Details")
            button.setFlat(True)
            button.clicked.connect(self.show_details)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Close")
        close.clicked.connect(self.dismiss)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def enterEvent(self, event) -> None:
        """Whoever reads it is not hurried."""
        self._timer.stop()

    def leaveEvent(self, event) -> None:
        self._timer.start()

    def dismiss(self) -> None:
        self._owner.forget(self)

    def show_details(self) -> None:
        dialog = QDialog(self.window())
        dialog.setWindowTitle("Details")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.resize(680, 360)
        column = QVBoxLayout(dialog)
        view = QPlainTextEdit(f"{self.line}\n\n{self._details}")
        view.setReadOnly(True)
        column.addWidget(view)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(view.toPlainText()))
        buttons.rejected.connect(dialog.close)
        column.addWidget(buttons)
        dialog.show()
