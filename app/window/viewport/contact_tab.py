"""The tab of the strip with one crop for each source: what they all make of the place under the pointer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from daub.app.model.figures.contact_strip import NAME, ContactStrip
from daub.app.model.sources.source import Figures, Source, psnr_text, size_text
from daub.app.model.sources.sources import Sources
from daub.app.window.dialogs.clipboard import to_qimage

_GAP = 10  # logical pixels between crops, and around them
_NARROWEST = 116  # logical pixels, of a crop with its words
_LINES = 2  # of words under a crop


class ContactTab:
    """See above.

    Args:
        strip: the crops.
        sources: what lies on the sides.
    """

    name, short = NAME, "Contact"

    def __init__(self, strip: ContactStrip, sources: Sources):
        self._strip = strip
        self.widget = QScrollArea()
        self.widget.setObjectName("contact")
        self.widget.setFrameShape(QScrollArea.Shape.NoFrame)
        self.widget.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.widget.setWidgetResizable(True)
        self.crops = Crops(strip, sources)
        self.widget.setWidget(self.crops)

    def has_content(self) -> bool:
        return len(self._strip.entries) > 1

    def summary(self) -> tuple[str, ...]:
        return (f"{len(self._strip.entries)} sources",)


class Crops(QWidget):
    """The row of crops. A click puts one on side B.

    Args: as of `ContactTab`.
    """

    def __init__(self, strip: ContactStrip, sources: Sources):
        super().__init__()
        self._strip, self._sources = strip, sources
        self._images: dict[str, tuple[np.ndarray, QImage]] = {}  # by key of the row, with what they were made of
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Crops of all sources")
        strip.changed.connect(self._refresh)
        sources.pair.changed.connect(self.update)

    def place_of(self, key: str) -> QRect:
        """Where the crop of a row and its words are; empty of one that is not there."""
        keys = [row.key for row, _ in self._strip.entries]
        if key not in keys:
            return QRect()
        return QRect(_GAP + keys.index(key) * (self._pitch + _GAP), 0, self._pitch, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_GAP + len(self._strip.entries) * (self._pitch + _GAP), 40)

    @property
    def _side(self) -> int:
        """Logical pixels of a crop: as many as fit, in height, and in width as long as they stay large enough."""
        high = self.height() - 2 * 4 - _LINES * QFontMetrics(self.font()).lineSpacing()
        wide = (self.parentWidget().width() - _GAP) // max(len(self._strip.entries), 1) - _GAP
        return max(24, min(high, max(wide, _NARROWEST)))

    @property
    def _pitch(self) -> int:
        return max(self._side, _NARROWEST)

    def _refresh(self) -> None:
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event) -> None:
        self.updateGeometry()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        sides = {self._sources.pair.on(side): side.upper() for side in ("a", "b")}
        for row, crop in self._strip.entries:
            self._paint(painter, row, crop, sides.get(row.key, ""))

    def _paint(self, painter: QPainter, row: Source, crop: np.ndarray | None, side: str) -> None:
        place, palette = self.place_of(row.key), self.palette()
        square = QRect(place.left(), 4, self._side, self._side)
        if crop is not None:
            image = self._image(row.key, crop)
            scaled = image.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
            square = QRect(square.topLeft(), scaled)
            painter.drawImage(square, image)
        else:
            painter.fillRect(square, palette.color(QPalette.ColorRole.Mid))
        if side:
            self._mark(painter, square, side)
        metrics = QFontMetrics(self.font())
        top = 4 + self._side + 1
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, place.width())
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(place.left(), top + metrics.ascent(), name)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        facts = metrics.elidedText(short_facts(row), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place.left(), top + metrics.ascent() + metrics.lineSpacing(), facts)

    def _mark(self, painter: QPainter, square: QRect, side: str) -> None:
        """A frame and a letter, for what is on a side."""
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(accent)
        painter.drawRect(square.adjusted(-2, -2, 1, 1))
        painter.drawRect(square.adjusted(-1, -1, 0, 0))
        letter = QRect(square.topLeft(), QSize(18, 16))
        painter.fillRect(letter, accent)
        painter.setPen(QColor("white"))
        painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, side)

    def _image(self, key: str, crop: np.ndarray) -> QImage:
        known = self._images.get(key)
        if known is None or known[0] is not crop:
            known = self._images[key] = crop, to_qimage(crop)
        return known[1]

    def _row_at(self, position: QPoint) -> Source | None:
        return next((row for row, _ in self._strip.entries if self.place_of(row.key).contains(position)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self._strip.put(row.key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().toPoint())
        words = "" if row is None else "\n".join(filter(None, (row.name, *row.facts, row.remark)))
        QToolTip.showText(event.globalPosition().toPoint(), words, self)


def short_facts(row: Source) -> str:
    """Bytes and PSNR, as far as they are known."""
    figures = row.figures or Figures()
    size = None if row.bytes is None else size_text(row.bytes)
    psnr = None if figures.psnr is None else psnr_text(figures.psnr)
    return " · ".join(filter(None, (size, psnr)))
