"""Messages that lie over the picture and do not stop anybody: errors with details to copy, and notices."""

from __future__ import annotations

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

_MOST = 3  # at a time; older ones go
_NOTICE_SECONDS = 6
_WIDTH = 460  # logical pixels, at most


class Toasts(QWidget):
    """Stacked in the upper middle of the widget they lie on."""

    def __init__(self, over: QWidget):
        super().__init__(over)
        self._over = over
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        over.installEventFilter(self)
        self.hide()

    def notice(self, line: str) -> None:
        """Goes by itself."""
        toast = self._add(line, "", False)
        timer = QTimer(toast, singleShot=True)  # ends with the toast, which may be closed before
        timer.timeout.connect(toast.dismiss)
        timer.start(1000 * _NOTICE_SECONDS)

    def error(self, line: str, details: str) -> None:
        """Stays until it is closed or pushed out."""
        self._add(line, details, True)

    def lines(self) -> list[str]:
        """What is shown, oldest first."""
        return [toast.line for toast in self._toasts()]

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _add(self, line: str, details: str, error: bool) -> _Toast:
        toasts = self._toasts()
        for old in toasts[: max(0, len(toasts) - _MOST + 1)]:
            old.dismiss()
        toast = _Toast(line, details, error, self)
        self._column.addWidget(toast)
        self.show()
        self.raise_()
        self._place()
        return toast

    def _toasts(self) -> list[_Toast]:
        widgets = [self._column.itemAt(i).widget() for i in range(self._column.count())]
        return [widget for widget in widgets if widget is not None]

    def forget(self, toast: _Toast) -> None:
        self._column.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        if not self._column.count():
            self.hide()
        self._place()

    def _place(self) -> None:
        width = min(_WIDTH, self._over.width() - 24)
        for toast in self._toasts():
            toast.setFixedWidth(width)
        height = sum(toast.heightForWidth(width) + 6 for toast in self._toasts())
        self.setGeometry((self._over.width() - width) // 2, 44, width, max(height, 1))


class _Toast(QFrame):
    def __init__(self, line: str, details: str, error: bool, owner: Toasts):
        super().__init__(owner)
        self.line = line
        self._details = details
        self._owner = owner
        self.setObjectName("toast")
        self.setProperty("error", "true" if error else "false")
        self.setAccessibleName(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 6, 8)
        starts = line.partition(" ")[0]
        text = QLabel(line[:1].upper() + line[1:] if starts.isalpha() else line)  # a file keeps its name
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(text, 1)
        if details:
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
