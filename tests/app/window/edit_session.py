"""A person's work in the real program, with mouse and keys: run as `python edit_session.py FOLDER`, until it is killed.

Select by histogram and delete, refit, remove a wire from a sky, recolour a hat, paste from another picture, undo all of
it, do it again, save, and go on. Pictures of the steps go into the folder, which has photo.png and thing.daub; a line
of JSON on standard output says what there was in the end, when that has been kept for recovery.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from daub.app.model.fit.state import Phase
from daub.app.model.gaussians.properties import Property

LEFT = Qt.MouseButton.LeftButton
NONE, CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
GAUSSIANS, STEPS = 110, 60


class Hand:
    """Works in one window. Args: folder: for pictures."""

    def __init__(self, window, folder: Path):
        self.window, self.bench, self.viewport = window, window.bench, window.viewport
        self.editing, self.history = window.bench.editing, window.workspace.history
        self._folder, self._number = folder, 0

    def until(self, condition, seconds: float = 100) -> None:
        """Lets the window do its work until something is so."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            QTest.qWait(5)

    def take(self) -> None:
        """Brings the window to the front."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.viewport.setFocus()

    def paint(self) -> None:
        frames = self.viewport.frames
        self.viewport.update()
        self.until(lambda: self.viewport.frames > frames + 1 or (self.viewport.update(), False)[1])

    def key(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(self.viewport, key, modifiers)

    def place(self, u: float, v: float) -> QPoint:
        x, y = self.bench.view.camera.to_screen(u, v)
        dpr = self.viewport.devicePixelRatio()
        return QPoint(round(x / dpr), round(y / dpr))

    def drag(self, start: QPoint, end: QPoint, modifiers=NONE) -> None:
        QTest.mousePress(self.viewport, LEFT, modifiers, start)
        for share in (0.5, 1.0):
            at = QPointF(start + share * (end - start))
            event = QMouseEvent(
                QEvent.Type.MouseMove, at, QPointF(self.viewport.mapToGlobal(at)), Qt.MouseButton.NoButton, LEFT,
                modifiers,
            )  # fmt: skip
            QApplication.sendEvent(self.viewport, event)
            self.paint()
        QTest.mouseRelease(self.viewport, LEFT, modifiers, end)
        self.paint()

    def select(self, left: float, top: float, right: float, bottom: float) -> int:
        """With the rectangle; how many Gaussians are selected then."""
        tool = self.bench.edit_tool
        if not tool.is_on:
            self.key(Qt.Key.Key_R, SHIFT)
        self.drag(self.place(left, top), self.place(right, bottom))
        return self.editing.count

    def fit(self, key: Qt.Key, modifiers) -> None:
        """Something that is fitted here, to its end."""
        before = self.history.position
        self.key(key, modifiers)
        self.until(lambda: self.history.position == before + 1 and not self.bench.refitting.is_on)

    def picture(self, name: str) -> None:
        """Keeps what the window shows."""
        self._number += 1
        self.paint()
        self.window.grab().save(str(self._folder / f"{self._number:02}-{name}.png"))

    def file(self, key: str | None = None) -> bytes:
        """What an export of side B writes."""
        target = self._folder / f"export-{self._number}-{self.history.position}.daub"
        self.window.host.files.ask = lambda *_: target
        self.key(Qt.Key.Key_D, CONTROL | SHIFT)
        self.until(lambda: target.exists() and self.bench.workspace.background.running == 0)
        return target.read_bytes()


def work(hand: Hand, open_window) -> dict:
    """The session; what there is at its end."""
    editing, history, workspace = hand.editing, hand.history, hand.bench.workspace
    hand.take()
    result = hand.bench.sources.get(hand.bench.sources.pair.on("b"))
    began, written = history.position, workspace.state.encoded.data
    _by_histogram(hand)
    assert 0 < editing.count < GAUSSIANS / 2, f"the histogram has selected {editing.count}"
    hand.picture("histogram")
    hand.key(Qt.Key.Key_Delete)
    hand.key(Qt.Key.Key_H)
    hand.paint()
    assert hand.select(40, 24, 95, 63)
    hand.fit(Qt.Key.Key_R, CONTROL | ALT)
    hand.picture("refit")
    assert hand.select(-2, 15, 97, 27)
    hand.fit(Qt.Key.Key_Delete, SHIFT)
    hand.picture("wire-removed")
    assert hand.select(60, 34, 82, 58)
    hand.bench.chrome.show_page("Edit")
    QTest.keyClick(hand.window.edit.colour.sliders["Hue"], Qt.Key.Key_Home)
    hand.until(lambda: history.undo_label.startswith("changing hue of") and not hand.bench.pending.is_busy)
    hand.picture("hat-recoloured")
    _paste(hand, open_window)
    hand.picture("pasted")
    work_done, steps = editing.population.work, history.position
    while history.position > began:
        hand.key(Qt.Key.Key_Z, CONTROL)
    assert editing.session is None and hand.bench.sources.pair.on("b") == result.key
    assert hand.file() == written, "undone to other bytes"
    while history.next_redo is not None:
        hand.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert editing.population.work == work_done and history.position == steps
    return _save_and_go_on(hand, work_done) | {"steps": history.titles[began : history.position]}


def _by_histogram(hand: Hand) -> None:
    overlay = hand.bench.overlay
    hand.key(Qt.Key.Key_H)
    hand.until(lambda: overlay.reading is not None and overlay.reading.histogram is not None)
    hand.window.actions_by_name["colour_size"].trigger()
    hand.until(lambda: overlay.reading is not None and overlay.reading.which is Property.SIZE)
    hand.paint()
    y, (left, right) = hand.viewport.height() - 50, (220, hand.viewport.width() - 30)
    start, end = (QPoint(round(left + share * (right - left)), y) for share in (0.005, 0.2))
    QTest.mouseMove(hand.viewport, start)
    hand.paint()
    hand.drag(start, end)
    hand.until(lambda: overlay.filters and overlay.reading.kept is not None)
    hand.until(lambda: overlay.reading.kept.any() and not overlay.reading.kept.all())
    hand.key(Qt.Key.Key_H, CONTROL | SHIFT)
    beside = QPoint(round(left + 0.9 * (right - left)), y)
    QTest.mouseMove(hand.viewport, beside)
    hand.paint()
    QTest.mouseClick(hand.viewport, LEFT, NONE, beside)
    hand.until(lambda: not overlay.filters or (hand.viewport.update(), False)[1])


def _paste(hand: Hand, open_window) -> None:
    other = Hand(open_window(hand._folder / "thing.daub"), hand._folder)
    other.until(lambda: other.bench.workspace.picture is not None)
    other.take()
    other.key(Qt.Key.Key_A, CONTROL)
    other.until(lambda: other.editing.count == 3)
    other.key(Qt.Key.Key_C, CONTROL)
    other.key(Qt.Key.Key_Z, CONTROL)
    hand.take()
    count = len(hand.editing.population)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert len(hand.editing.population) == count + 3 and hand.editing.count == 3
    other.window.close()


def _save_and_go_on(hand: Hand, work_done: bytes) -> dict:
    project, editing = hand.bench.project, hand.editing
    hand.window.host.files.ask = lambda *_: hand._folder / "work.daubproj"
    hand.key(Qt.Key.Key_S, CONTROL)
    hand.until(lambda: project.path is not None)
    assert not hand.bench.is_unsaved and not hand.window.isWindowModified()
    hand.key(Qt.Key.Key_V)
    hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Right)
    assert hand.bench.is_unsaved and hand.window.isWindowModified()
    hand.until(lambda: project._kept == project._state(all_of_it=True))
    return {
        "work": editing.population.work.hex(), "saved": work_done.hex(), "selected": editing.count,
    }  # fmt: skip


def main(folder: Path) -> None:
    """Runs the program, as it is started by `daub photo.png`."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    # Named in full: whatever is left out is as the system has it, and not as it was set here.
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Daub", "Daub")
    settings.setValue("autosave_seconds", 0.3)
    settings.sync()
    from daub.app.window import start

    run = QApplication.exec

    def exec_(*_) -> int:
        from daub.app.window.main_window import Window

        window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Window))
        hand = Hand(window, folder)
        workspace = window.workspace
        hand.until(lambda: workspace.picture is not None and window.viewport.frames > 0)
        window.goals.fields["gaussians"].setValue(GAUSSIANS)
        window.goals.advanced.steps.setValue(STEPS)
        hand.until(lambda: workspace.settings.steps == STEPS and workspace.state.phase is Phase.FINISHED)
        try:
            print(json.dumps(work(hand, lambda path: _beside(window, path))), flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # the threads of the window would go on
        return run()

    QApplication.exec = exec_
    sys.exit(start.run([str(folder / "photo.png")]))


def _beside(window, path: Path):
    """Another window, with that file."""
    from daub.app.window.main_window import Window

    window.host.open_window()
    other = next(
        each for each in QApplication.topLevelWidgets()
        if isinstance(each, Window) and each is not window and each.isVisible()
    )  # fmt: skip
    other.open_path(path)
    return other


if __name__ == "__main__":
    main(Path(sys.argv[1]))
