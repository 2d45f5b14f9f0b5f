"""What is dropped on the window: files and pictures, which are opened, added or put on a side, and rows of the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from daub.app.model.commands import file as file_commands
from daub.app.model.picture.origin import Origin
from daub.app.model.sources.pair import SideName
from daub.app.model.work.failure import failure_of_work
from daub.app.model.workbench import Workbench
from daub.app.window.dialogs.clipboard import origins_of
from daub.app.window.look.fonts import scaled
from daub.app.window.panels.sources_rows import MIME
from daub.codec.errors import DaubError

_GAP = 8  # logical pixels


@dataclass(frozen=True)
class Zone:
    """A part of the window that something can be dropped on.

    Args:
        words: what would become of it.
        area: in the coordinates of the widget that it is in.
        drop: does that.
    """

    words: str
    area: QRect
    drop: Callable[[QMimeData], None]


class DropZones(QWidget):
    """Lies over a widget while something is dragged over it, and shows where it can be dropped."""

    def __init__(self, over: QWidget):
        super().__init__(over)
        self._zones: list[Zone] = []
        self._under: Zone | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_zones(self, zones: list[Zone], under: Zone | None) -> None:
        """Shows these; one of them is under the pointer."""
        self._zones, self._under = zones, under
        self.setGeometry(self.parentWidget().rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled(painter.font(), 1.3))
        for zone in self._zones:
            is_under = zone.area == (self._under.area if self._under else None)
            role = QPalette.ColorRole.Highlight if is_under else QPalette.ColorRole.Window
            ground = QColor(self.palette().color(role))
            ground.setAlphaF(0.85 if is_under else 0.7)
            painter.setBrush(ground)
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            area = QRectF(zone.area).adjusted(_GAP, _GAP, -_GAP, -_GAP)
            painter.drawRoundedRect(area, 8, 8)
            role = QPalette.ColorRole.HighlightedText if is_under else QPalette.ColorRole.WindowText
            painter.setPen(self.palette().color(role))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(_GAP, 0, -_GAP, 0), words, zone.words)


class Drops:
    """Takes what is dragged over a window.

    Args:
        window: in whose coordinates drags come.
        viewport: on which sides are.
        sources: the list, None where there is none.
        foot: logical pixels at the foot of the viewport that are no part of the picture.
    """

    def __init__(self, bench: Workbench, window: QWidget, viewport: QWidget, sources: QWidget, foot: Callable[[], int]):
        self._bench, self._window, self._foot = bench, window, foot
        self._parts = viewport, sources
        self._overlays = {part: DropZones(part) for part in self._parts}

    def enter(self, event: QDropEvent) -> None:
        """Something is dragged over the window; it is taken where anything can be made of it."""
        data = event.mimeData()
        if data.hasUrls() or data.hasImage() or data.hasFormat(MIME):
            event.acceptProposedAction()
            self.move(event)

    def move(self, event: QDropEvent) -> None:
        """It is elsewhere now."""
        event.acceptProposedAction()
        for part, zones, under in self._zones_at(event):
            self._overlays[part].show_zones(zones, under)

    def leave(self) -> None:
        """It is not over the window any more."""
        for overlay in self._overlays.values():
            overlay.hide()

    def drop(self, event: QDropEvent) -> None:
        """It is let go of."""
        self.leave()
        event.acceptProposedAction()
        under = next((zone for *_, zone in self._zones_at(event) if zone is not None), None)
        if under is not None:
            under.drop(event.mimeData())
        elif not event.mimeData().hasFormat(MIME):
            self._open(event.mimeData())

    def _zones_at(self, event: QDropEvent) -> list[tuple[QWidget, list[Zone], Zone | None]]:
        """The parts that have zones, these, and the one under the pointer."""
        position, found = event.position().toPoint(), []
        for part in self._parts:
            if not part.isVisible():
                continue
            zones = self._zones(part, event.mimeData())
            here = part.mapFrom(self._window, position)
            under = next((zone for zone in zones if zone.area.contains(here)), None)
            if zones:
                found.append((part, zones, under))
        return found

    def _zones(self, part: QWidget, data: QMimeData) -> list[Zone]:
        area, (viewport, _) = part.rect(), self._parts
        is_row, is_open = data.hasFormat(MIME), self._bench.is_open
        if part is not viewport:
            return [Zone("Add to the list", area, self._add)] if is_open and not is_row else []
        area.setHeight(area.height() - self._foot())
        if not is_open:
            return [] if is_row else [Zone("Open", area, self._open)]
        if is_row and not self._bench.sources.pair.can_compare(_key(data)):
            return [Zone("Of another size: it cannot be compared with what is open", area, self._onto("b"))]
        sides = [("Put on side A", self._onto("a")), ("Put on side B", self._onto("b"))]
        if not is_row:
            sides.insert(1, ("Open", self._open))
        width = area.width() // len(sides)
        return [
            Zone(words, QRect(index * width, 0, width, area.height()), drop)
            for index, (words, drop) in enumerate(sides)
        ]

    def _onto(self, side: SideName) -> Callable[[QMimeData], None]:
        def drop(data: QMimeData) -> None:
            if data.hasFormat(MIME):
                self._bench.sources.pair.put(_key(data), side)
            else:
                file_commands.add_all(self._bench, self._origins(data), side)

        return drop

    def _open(self, data: QMimeData) -> None:
        file_commands.open_all(self._bench, self._origins(data))

    def _add(self, data: QMimeData) -> None:
        file_commands.add_all(self._bench, self._origins(data))

    def _origins(self, data: QMimeData) -> list[Origin]:
        origins = origins_of(data, "dropped picture")
        if not origins:
            where = next((url.host() for url in data.urls()), "") or "what was dropped"
            error = DaubError(f"{where} cannot be opened", "it is no file on this computer", "save it first")
            self._bench.workspace.failed.emit(failure_of_work(error))
        return origins


def _key(data: QMimeData) -> str:
    """Of the row that is dragged."""
    return bytes(data.data(MIME).data()).decode()
