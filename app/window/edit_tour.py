"""A tour of editing, with mouse and keys: a test, and the README's pictures of edits.

What the histogram shows is selected and deleted, a part is fitted anew, something is taken out of a sky, something
else gets another hue, and a thing is pasted from another picture; all of it is undone, and done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from daub.app.model.editing.frame import Point
from daub.app.model.gaussians.properties import Property
from daub.app.window.person import ALT, CONTROL, NONE, SHIFT, Person

if TYPE_CHECKING:
    from daub.app.window.main_window import Window

_AXIS = 220, 30  # logical pixels from the left and the right of the viewport to the ends of the histogram
_BARS = 50  # logical pixels from the bottom of the viewport to where the bars are


class EditStop(StrEnum):
    """What is to be seen at a stop of the tour."""

    HISTOGRAM = "histogram"
    REFITTED = "refitted"
    REMOVED = "removed"
    RECOLOURED = "recoloured"
    PASTED = "pasted"
    UNDONE = "undone"
    REDONE = "redone"


@dataclass(frozen=True)
class Places:
    """What is done where, image positions.

    Args:
        sizes: least and most of the sizes that are deleted, shares of the axis of the histogram.
        refitted, removed: (left, top, right, bottom).
        recoloured: corners of a lasso.
        copied: corners of a lasso in the other picture; all of that where there are none.
        moved: how far what is laid over the picture goes from where it lies in the other one, (x, y); by (0, 0) it is
            added where it lies, and stays selected.
    """

    sizes: tuple[float, float]
    refitted: tuple[float, float, float, float]
    removed: tuple[float, float, float, float]
    recoloured: Sequence[Point]
    copied: Sequence[Point] = ()
    moved: Point = (0.0, 0.0)


class EditTour:
    """Leads through a window in which a fit has ended.

    Args:
        open_other: opens another window, with the picture that something is copied from.
    """

    def __init__(self, window: Window, places: Places, open_other: Callable[[], Window]):
        self._person, self._places, self._open_other = Person(window), places, open_other
        self._editing, self._history = window.bench.editing, window.workspace.history

    def stops(self) -> Iterator[EditStop]:
        """Goes from stop to stop, each time waiting until it is to be seen.

        Raises:
            TimeoutError: something did not happen.
        """
        person, places, history = self._person, self._places, self._history
        person.take()
        began = history.position
        self._select_by_size()
        yield EditStop.HISTOGRAM
        person.press(Qt.Key.Key_Delete)
        person.press(Qt.Key.Key_H)
        self._select_in(places.refitted)
        self._fit(Qt.Key.Key_R, CONTROL | ALT)
        yield EditStop.REFITTED
        self._select_in(places.removed)
        self._fit(Qt.Key.Key_Delete, SHIFT)
        yield EditStop.REMOVED
        self._recolour()
        yield EditStop.RECOLOURED
        self._paste()
        yield EditStop.PASTED
        while history.position > began:
            person.press(Qt.Key.Key_Z, CONTROL)
        yield EditStop.UNDONE
        while history.next_redo is not None:
            person.press(Qt.Key.Key_Z, CONTROL | SHIFT)
        yield EditStop.REDONE

    def _select_by_size(self) -> None:
        """Drags over a part of the histogram, selects what it keeps, and lets the range go."""
        person, overlay, viewport = self._person, self._person.bench.overlay, self._person.viewport
        person.press(Qt.Key.Key_H)
        person.until(lambda: overlay.reading is not None and overlay.reading.histogram is not None)
        person.window.actions_by_name["colour_size"].trigger()
        person.until(lambda: overlay.reading is not None and overlay.reading.which is Property.SIZE)
        person.settle()
        left, right = _AXIS[0], viewport.width() - _AXIS[1]

        def on_axis(share: float) -> QPoint:
            return QPoint(round(left + share * (right - left)), viewport.height() - _BARS)

        start, end = (on_axis(share) for share in self._places.sizes)
        person.point_at(start)
        person.drag([start, end])
        person.until(lambda: bool(overlay.filters) and overlay.reading.kept is not None)
        person.until(lambda: overlay.reading.kept.any() and not overlay.reading.kept.all())
        person.press(Qt.Key.Key_H, CONTROL | SHIFT)
        person.click(on_axis(0.9))
        person.until(lambda: not overlay.filters or (viewport.update(), False)[1])

    def _select_in(self, rectangle: tuple[float, float, float, float]) -> None:
        self._hold(self._person, "tool_rectangle", Qt.Key.Key_R, SHIFT)
        left, top, right, bottom = rectangle
        self._person.drag([self._person.place(left, top), self._person.place(right, bottom)])
        self._person.until(lambda: self._editing.count > 0)

    @staticmethod
    def _hold(person: Person, command: str, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Takes a tool, where it is not at hand: its key would put it away."""
        if not person.window.actions_by_name[command].isChecked():
            person.press(key, modifiers)

    def _fit(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Something that is fitted here, to its end."""
        before = self._history.position
        self._person.press(key, modifiers)
        refitting = self._person.bench.refitting
        self._person.until(lambda: self._history.position == before + 1 and not refitting.is_on)

    def _recolour(self) -> None:
        person, history = self._person, self._history
        self._lasso(person, self._places.recoloured)
        person.bench.chrome.show_page("Edit")
        QTest.keyClick(person.window.edit.colour.sliders["Hue"], Qt.Key.Key_Home)
        person.until(lambda: history.undo_label.startswith("changing hue of") and not person.bench.pending.is_busy)

    def _lasso(self, person: Person, path: Sequence[Point]) -> None:
        self._hold(person, "tool_lasso", Qt.Key.Key_L, SHIFT)
        person.drag([person.place(*corner) for corner in path])
        person.until(lambda: person.bench.editing.count > 0)

    def _paste(self) -> None:
        other, person = Person(self._open_other()), self._person
        other.until(lambda: other.bench.workspace.picture is not None and other.viewport.frames > 0)
        other.take()
        if self._places.copied:
            self._lasso(other, self._places.copied)
        else:
            other.press(Qt.Key.Key_A, CONTROL)
        other.until(lambda: other.bench.editing.count > 0)
        other.press(Qt.Key.Key_C, CONTROL)
        while other.bench.workspace.history.next_undo is not None:
            other.press(Qt.Key.Key_Z, CONTROL)
        other.window.close()
        person.take()
        count = len(self._editing.population)
        if any(self._places.moved):
            (left, top), (right, bottom) = (
                edge(np.array(self._places.copied), axis=0).tolist() for edge in (np.min, np.max)
            )
            dx, dy = self._places.moved
            person.point_at(person.place((left + right) / 2 + dx, (top + bottom) / 2 + dy))
            person.press(Qt.Key.Key_V, CONTROL | ALT)
            person.until(lambda: len(self._editing.population) > count and not person.bench.pending.is_busy)
            person.press(Qt.Key.Key_A, SHIFT)  # its marks would hide it
        else:
            person.press(Qt.Key.Key_V, CONTROL)
            person.until(lambda: len(self._editing.population) > count)
