"""A list of projects, or of work that was kept: a small picture, a name, and a line about it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPalette
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from daub.app.window.dialogs.clipboard import to_qimage

_HEIGHT = 62  # logical pixels of a row
_PICTURE = QSize(72, 50)  # logical pixels, at most
_MARGIN = 10  # logical pixels
_IMAGE = Qt.ItemDataRole.UserRole
_LINE = Qt.ItemDataRole.UserRole + 1


class ProjectList(QListWidget):
    """See above. Args: name: for whoever cannot see it."""

    def __init__(self, name: str):
        super().__init__()
        self.setObjectName("projects")
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Row(self))
        self.setMinimumSize(440, 2 * _HEIGHT)

    def add(self, title: str, line: str, thumbnail: np.ndarray | None = None) -> QListWidgetItem:
        """One more. Args: thumbnail: (h, w, 3) uint8, None while there is none."""
        item = QListWidgetItem(title)
        item.setSizeHint(QSize(0, _HEIGHT))
        self.addItem(item)
        self.tell(item, line, thumbnail)
        return item

    def tell(self, item: QListWidgetItem, line: str, thumbnail: np.ndarray | None) -> None:
        """Other words about one, and a picture."""
        item.setData(_LINE, line)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {line}")
        item.setData(_IMAGE, None if thumbnail is None else to_qimage(thumbnail))


class _Row(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        roles, chosen = QPalette.ColorRole, bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(roles.Highlight))
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 5, 5)
        area = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        place = QRect(area.left(), area.top() + (_HEIGHT - _PICTURE.height()) // 2, _PICTURE.width(), _PICTURE.height())
        self._paint_picture(painter, place, index.data(_IMAGE), option.palette)
        words = area.adjusted(_PICTURE.width() + _MARGIN, 10, 0, -10)
        metrics = option.fontMetrics
        painter.setPen(option.palette.color(roles.HighlightedText if chosen else roles.Text))
        title = metrics.elidedText(index.data(), Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, title)
        painter.setPen(option.palette.color(roles.HighlightedText if chosen else roles.PlaceholderText))
        line = metrics.elidedText(index.data(_LINE), Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom, line)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRect, image: QImage | None, palette: QPalette) -> None:
        if image is None:
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 3, 3)
            return
        size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        target = QRect(place.topLeft(), size)
        target.moveCenter(place.center())
        painter.drawImage(target, image)
