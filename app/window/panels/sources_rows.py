"""The rows of the sources for a view of Qt: a model that follows them, and what paints one."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from daub.app.model.sources.names import kind_words
from daub.app.model.sources.source import Kind, Source
from daub.app.model.workbench import Workbench
from daub.app.window.dialogs.clipboard import to_qimage
from daub.app.window.look.fonts import scaled

ROW = Qt.ItemDataRole.UserRole  # the `Source`
THUMBNAIL = Qt.ItemDataRole.UserRole + 1  # a `QImage`, None while there is none
SIDES = Qt.ItemDataRole.UserRole + 2  # "A", "B" or ""
MIME = "application/x-daub-source"  # the key of a row that is dragged

_HEIGHT = 50  # logical pixels of a row ...
_PICTURE = QSize(48, 38)  # ... and of its small picture, at most
_MARGIN = 6  # logical pixels
_INDENT = 12  # logical pixels of what was made of a file
_BADGE = 18  # logical pixels
_FILES = Kind.PICTURE, Kind.FILE

Index = QModelIndex | QPersistentModelIndex


class SourceModel(QAbstractListModel):
    """Follows the sources of a workbench."""

    def __init__(self, bench: Workbench, parent=None):
        super().__init__(parent)
        self._bench = bench
        self._rows: tuple[Source, ...] = ()
        self._on: tuple[str | None, ...] = ()  # keys of the rows on both sides
        self._images: dict[str, QImage] = {}
        bench.thumbnails.made.connect(self._take_thumbnail)
        self.follow()

    def follow(self) -> bool:
        """Takes over the rows as they are now; True where there are others than before."""
        sources = self._bench.sources
        rows, on = sources.rows, (sources.pair.on("a"), sources.pair.on("b"))
        same = [row.key for row in rows] == [row.key for row in self._rows]
        if same:
            differs = (rows, on) != (self._rows, self._on)
            self._rows, self._on = rows, on
            if rows and differs:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows, self._on = rows, on
            self.endResetModel()
        return not same

    def index_of(self, key: str | None) -> QModelIndex:
        """Where the row of that key is; an invalid index where it is nowhere."""
        places = [place for place, row in enumerate(self._rows) if row.key == key]
        return self.index(places[0]) if places else QModelIndex()

    def row(self, index: Index) -> Source | None:
        """What is there."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, sources = self.row(index), self._bench.sources
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(_words_on(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            on = self.data(index, SIDES)
            return ", ".join([*_words_on(row), *(f"on side {each}" for each in on)])
        if role == ROW:
            return row
        if role == SIDES:
            return "".join(side.upper() for side in ("a", "b") if sources.pair.on(side) == row.key)
        return self._images.get(row.key) if role == THUMBNAIL else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index)
        if row is None or role != Qt.ItemDataRole.EditRole:
            return False
        self._bench.sources.rename(row.key, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return usual if row.kind is Kind.LIVE else usual | Qt.ItemFlag.ItemIsEditable

    def _take_thumbnail(self, key: str) -> None:
        self._images[key] = to_qimage(self._bench.thumbnails.get(key))
        index = self.index_of(key)
        if index.isValid():
            self.dataChanged.emit(index, index, [THUMBNAIL])


class SourceDelegate(QStyledItemDelegate):
    """Paints a row: its small picture, its name, its figures, and the side that it is on."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Source = index.data(ROW)
        area = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        area.adjust(_MARGIN + (0 if row.kind in _FILES else _INDENT), 0, -_MARGIN, 0)
        place = QRect(area.left(), area.top() + (_HEIGHT - _PICTURE.height()) // 2, _PICTURE.width(), _PICTURE.height())
        self._paint_picture(painter, place, index.data(THUMBNAIL), option.palette, row)
        area.setLeft(place.right() + 1 + _MARGIN)
        for side in reversed(index.data(SIDES)):
            self._paint_badge(painter, QRectF(area.right() - _BADGE, area.top() + 6, _BADGE, _BADGE), side, option)
            area.setRight(area.right() - _BADGE - 3)
        self._paint_words(painter, area, row, option, bool(index.data(SIDES)))
        painter.restore()

    def setEditorData(self, editor, index: Index) -> None:
        if not editor.isModified():  # figures of the row may come while somebody types
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor, option: QStyleOptionViewItem, index: Index) -> None:
        row: Source = index.data(ROW)
        indent = 0 if row.kind in _FILES else _INDENT
        left = option.rect.left() + 2 * _MARGIN + indent + _PICTURE.width()
        editor.setGeometry(left, option.rect.top() + 4, option.rect.right() - left - _MARGIN, 22)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state, palette = option.state, option.palette
        if state & QStyle.StateFlag.State_Selected:
            colour = QColor(palette.color(QPalette.ColorRole.Highlight))
            colour.setAlphaF(0.28 if state & QStyle.StateFlag.State_HasFocus else 0.18)
        elif state & QStyle.StateFlag.State_MouseOver:
            colour = palette.color(QPalette.ColorRole.Base)
        else:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 1, -2, -1), 5, 5)

    def _paint_picture(self, painter: QPainter, place: QRect, image: QImage | None, palette, row: Source) -> None:
        if image is None:
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            if row.kind is Kind.LIVE:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
                painter.drawEllipse(QRectF(place.center().x() - 4, place.center().y() - 4, 9, 9))
            return
        size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        target = QRect(place.topLeft(), size)
        target.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)

    def _paint_badge(self, painter: QPainter, area: QRectF, side: str, option: QStyleOptionViewItem) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(area, 4, 4)
        font = QFont(option.font)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(option.palette.color(QPalette.ColorRole.HighlightedText))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, side)

    def _paint_words(self, painter: QPainter, area: QRect, row: Source, option, seen: bool) -> None:
        font = QFont(option.font)
        font.setBold(seen)
        painter.setFont(font)
        upper = QRect(area.left(), area.top() + 6, area.width(), 18)
        name = f"★ {row.name}" if row.starred else row.name
        painter.setPen(option.palette.color(QPalette.ColorRole.WindowText))
        metrics = painter.fontMetrics()
        # The end of a name tells it apart from others, as the beginning does: "200 Gaussians, steps 40 (3)".
        painter.drawText(upper, _LINE, metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, upper.width()))
        painter.setFont(scaled(option.font, 0.9))
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        lower = QRect(area.left(), area.top() + 25, option.rect.right() - _MARGIN - area.left(), 18)
        words, metrics = " · ".join(_facts(row)), painter.fontMetrics()
        painter.drawText(lower, _LINE, metrics.elidedText(words, Qt.TextElideMode.ElideRight, lower.width()))


_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _facts(row: Source) -> tuple[str, ...]:
    """Of a file its size in pixels and bytes; of what was made of it bytes and PSNR: there is no room for more."""
    if row.kind in _FILES and not row.has_gaussians:
        return f"{row.width} × {row.height}", *row.facts[:1]
    return tuple(fact for fact in row.facts if not fact.endswith(" bpp") and not fact.startswith("MS-SSIM"))


def _words_on(row: Source) -> list[str]:
    """All that there is to say of a row, a line each."""
    lines = [row.name, f"{kind_words(row)}, {row.width} × {row.height} pixels", " · ".join(row.facts), row.remark]
    return [line for line in lines if line]
