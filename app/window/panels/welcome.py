"""What the viewport says while nothing is open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from daub.app.window.actions import Actions
from daub.app.window.look.icons import application_icon
from daub.app.window.look.sizes import TITLE
from daub.app.window.panels.action_button import ActionButton


class Welcome(QFrame):
    """An invitation to open something.

    Args:
        actions: some of its commands have buttons here.
        over: it stays in the middle of that widget.
    """

    def __init__(self, actions: Actions, over: QWidget):
        super().__init__(over)
        self.setObjectName("welcome")
        column = QVBoxLayout(self)
        column.setSpacing(10)
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(72, 72))
        title = QLabel("Drop a picture or a 3D scene here")
        font = title.font()
        font.setPixelSize(TITLE)
        title.setFont(font)
        hint = QLabel("Daub turns it into Gaussians and a small file, before your eyes.")
        hint.setProperty("role", "dim")
        buttons = QHBoxLayout()
        for name, role in (("open_file", "primary"), ("open_sample", "plain"), ("recent_projects", "plain")):
            buttons.addWidget(ActionButton(actions[name], role))
        for widget in (picture, title, hint):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addLayout(buttons)
        over.installEventFilter(self)

    def eventFilter(self, watched, event) -> bool:
        if event.type() in (event.Type.Resize, event.Type.Show):
            self.adjustSize()
            self.move((watched.width() - self.width()) // 2, (watched.height() - self.height()) // 2)
        return False
