"""The command palette: some letters of a command, and Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QTextLayout
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from daub.app.model.commands.commands import COMMANDS
from daub.app.model.commands.palette import Match, find
from daub.app.window.actions import Actions, shortcut_text
from daub.app.window.mnemonics import unmarked

_WIDTH = 560  # logical pixels, at most
_ROWS = 11  # that are seen at once
_ROW = 30  # logical pixels, height of one
_TOP = 56  # logical pixels from the upper edge of the window
_MARGIN = 10  # logical pixels beside its words
_MATCH = Qt.ItemDataRole.UserRole


class Palette(QFrame):
    """All commands by name, those first that can be called now; choosing one calls it.

    Args:
        actions: the commands as they stand at this moment.
        window: it lies in the upper middle of that.
    """

    def __init__(self, actions: Actions, window: QWidget):
        super().__init__(window, Qt.WindowType.Popup)
        self._actions = actions
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Command palette")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.field = QLineEdit()
        self.field.setPlaceholderText("What do you want to do?")
        self.field.setAccessibleName("Letters of a command")
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Row(actions, self.list))
        self.list.itemClicked.connect(lambda _: self.choose())
        self.none = QLabel("No command has these letters in this order")
        self.none.setProperty("role", "dim")
        self.none.setContentsMargins(_MARGIN, 6, 0, 6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.none)
        width = min(_WIDTH, window.width() - 40)
        self._most = min(_ROWS, (window.height() - 160) // _ROW)
        self.setFixedWidth(width)
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, _TOP)))
        self.search("")

    def search(self, query: str) -> None:
        """Lists what has these letters."""
        matches = sorted(find(query, COMMANDS), key=lambda match: not self._can(match))
        self.list.clear()
        for match in matches:
            item = QListWidgetItem(unmarked(self._actions[match.command.name].text()))
            item.setData(_MATCH, match)
            item.setSizeHint(QSize(0, _ROW))
            if not self._can(match):
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        if matches and self._can(matches[0]):
            self.list.setCurrentRow(0)
        self.none.setVisible(not matches)
        self.list.setVisible(bool(matches))
        self.list.setFixedHeight(_ROW * min(len(matches), self._most))
        self.adjustSize()

    def choose(self) -> None:
        """Closes, and calls what is marked."""
        item = self.list.currentItem()
        if item is None or not self._can(item.data(_MATCH)):
            return
        action = self._actions[item.data(_MATCH).command.name]
        self.close()
        action.trigger()

    def eventFilter(self, watched, event) -> bool:
        """The keys that move the mark, while the field has the keyboard."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS - 1, Qt.Key.Key_PageUp: 1 - _ROWS,
        }  # fmt: skip
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        elif event.key() in steps:
            possible = sum(self._can(self.list.item(row).data(_MATCH)) for row in range(self.list.count()))
            row = self.list.currentRow() + steps[event.key()]
            self.list.setCurrentRow(min(max(row, 0), possible - 1))
        else:
            return False
        return True

    def _can(self, match: Match) -> bool:
        return self._actions[match.command.name].isEnabled()


class _Row(QStyledItemDelegate):
    """The command with its letters marked, a dot where it is on, its menu, and its key."""

    def __init__(self, actions: Actions, parent: QWidget):
        super().__init__(parent)
        self._actions = actions

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        match: Match = index.data(_MATCH)
        action = self._actions[match.command.name]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        group = QPalette.ColorGroup.Normal if action.isEnabled() else QPalette.ColorGroup.Disabled
        roles = QPalette.ColorRole
        ink = option.palette.color(group, roles.HighlightedText if chosen else roles.Text)
        dim = ink if chosen or not action.isEnabled() else option.palette.color(roles.PlaceholderText)
        painter.save()
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(roles.Highlight))
            painter.drawRoundedRect(option.rect, 5, 5)
        rect = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        painter.setPen(dim)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, right, shortcut_text(match.command))
        painter.drawText(rect.adjusted(rect.width() - 190, 0, -110, 0), right, match.command.menu)
        painter.setPen(ink)
        text = index.data()
        shown = match.places if text == match.command.text else ()
        at = _draw_marked(painter, rect.adjusted(0, 0, -200, 0), text, shown)
        if action.isChecked():
            painter.setPen(dim)
            painter.drawText(rect.adjusted(at + 10, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "on")
        painter.restore()


def _draw_marked(painter: QPainter, rect: QRect, text: str, places: tuple[int, ...]) -> int:
    """Draws the text with some letters bold; returns how far it reaches, logical pixels."""
    layout = QTextLayout(text, painter.font())
    bold = QFont(painter.font())
    bold.setWeight(QFont.Weight.Bold)
    ranges = []
    for place in places:
        each = QTextLayout.FormatRange()
        each.start, each.length = place, 1
        form = each.format
        form.setFont(bold)
        form.setFontUnderline(True)
        each.format = form
        ranges.append(each)
    layout.setFormats(ranges)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(rect.width())
    layout.endLayout()
    layout.draw(painter, QPointF(rect.x(), rect.y() + (rect.height() - line.height()) / 2))
    return round(line.naturalTextWidth())
