"""Somebody at a window: what mouse and keys do to it, and the patience to see what comes of it.

The tours are led by one, and so are the pictures of the README.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from daub.app.window.dialogs.palette import Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from daub.app.window.main_window import Window

PATIENCE = 300.0  # seconds without a sign of life: a busy machine takes minutes to compile kernels
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
_LEFT = Qt.MouseButton.LeftButton


class Person:
    """Works in a window that has been started."""

    def __init__(self, window: Window):
        self.window, self.bench, self.viewport = window, window.bench, window.viewport

    def until(self, condition: Callable[[], bool]) -> None:
        """Waits for it as long as the fit moves, and some time longer.

        Raises:
            TimeoutError: it did not come, and nothing moved any more.
        """
        seen, end = None, 0.0
        while not condition():
            state, now = self.bench.workspace.state, time.monotonic()
            if (state.phase, state.progress.fraction) != seen:
                seen, end = (state.phase, state.progress.fraction), now + PATIENCE
            if now > end:
                what = f"{state.phase.value.lower()}, {state.progress.fraction:.0%} done"
                raise TimeoutError(f"nothing moved for {PATIENCE:g} s; the last that was seen: {what}")
            _pause(10)

    def take(self) -> None:
        """Brings the window to the front: keys go to no other."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.viewport.setFocus()

    def settle(self) -> None:
        """Lets the viewport draw what has changed."""
        for _ in range(2):
            frames = self.viewport.frames
            self.viewport.update()
            self.until(lambda seen=frames: self.viewport.frames > seen)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """A key, over the picture."""
        self.viewport.setFocus()
        QTest.keyClick(self.viewport, key, modifiers)
        self.settle()

    def call(self, words: str) -> None:
        """Finds a command in the palette and calls it."""
        self.press(Qt.Key.Key_P, CONTROL | SHIFT)
        self.until(lambda: self._palette is not None)
        QTest.keyClicks(self._palette.field, words)
        QTest.keyClick(self._palette.field, Qt.Key.Key_Return)
        self.until(lambda: self._palette is None)

    @property
    def _palette(self) -> Palette | None:
        return self.window.findChild(Palette)

    def place(self, u: float, v: float) -> QPoint:
        """Where an image position is, in the viewport."""
        x, y = self.bench.view.camera.to_screen(u, v)
        ratio = self.viewport.devicePixelRatio()
        return QPoint(round(x / ratio), round(y / ratio))

    def point_at(self, at: QPoint) -> None:
        """Moves the mouse there, over the picture or what lies on it."""
        QTest.mouseMove(self.viewport, at)
        self.settle()

    def click(self, at: QPoint) -> None:
        """Slowly enough for what draws itself frame by frame to notice."""
        self.point_at(at)
        QTest.mousePress(self.viewport, _LEFT, pos=at)
        self.settle()
        QTest.mouseRelease(self.viewport, _LEFT, pos=at)
        self.settle()

    def drag(self, path: Sequence[QPoint]) -> None:
        """Holds the button from the first place to the last, two steps from each to the next."""
        QTest.mousePress(self.viewport, _LEFT, NONE, path[0])
        for start, end in itertools.pairwise(path):
            for share in (0.5, 1.0):
                self._move_held(QPointF(start) + share * QPointF(end - start))
        QTest.mouseRelease(self.viewport, _LEFT, NONE, path[-1])
        self.settle()

    def click_row(self, key: str) -> None:
        """That of a source, in the column to the left: it comes to side B."""
        rows = self.window.source_list.list
        place = rows.visualRect(rows.model().index_of(key)).center()
        QTest.mouseClick(rows.viewport(), _LEFT, pos=place)
        self.until(lambda: self.bench.sources.pair.on("b") == key)
        self.settle()

    def type_into(self, field: QWidget, text: str) -> None:
        """Replaces what stands in it."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def _move_held(self, at: QPointF) -> None:
        """QTest moves the mouse without a button."""
        event = QMouseEvent(
            QEvent.Type.MouseMove, at, QPointF(self.viewport.mapToGlobal(at)), Qt.MouseButton.NoButton, _LEFT, NONE
        )  # fmt: skip
        QApplication.sendEvent(self.viewport, event)
        self.settle()


def _pause(milliseconds: int) -> None:
    """Events are handled meanwhile; `QTest.qWait` sleeps without letting another thread of Python work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
