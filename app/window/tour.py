"""A tour of the window with mouse and keys, as of somebody who has never seen it: a test, and the README's pictures.

A photo is there at the first start; it is fitted, compared with AVIF of as many bytes side by side and by FLIP; another
goal makes another result, and a click goes back to the first; the plot is opened, a dot clicked, then a Gaussian.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from daub.app.model.compare.difference import Difference
from daub.app.model.fit.state import Phase
from daub.app.model.sources.source import Kind
from daub.app.window.dialogs.palette import Palette
from daub.app.window.viewport.rd_tab import RdTab
from daub.codec.progress import Stage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from daub.app.window.main_window import Window

PATIENCE = 300.0  # seconds for anything to happen, on a machine that does a lot besides and compiles kernels


class Stop(StrEnum):
    """What is to be seen at a stop of the tour."""

    FITTING = "fitting"
    FITTED = "fitted"
    SIDE_BY_SIDE = "side-by-side"
    FLIP = "flip"
    SECOND = "second"
    BACK = "back"
    PLOT = "plot"
    GAUSSIAN = "gaussian"


class Tour:
    """Leads through a window to which a photo has been given, and which has been started.

    Args:
        gaussians: of the second fit, a number unlike that of the first.
        place: (x, y) of the Gaussian that is clicked, shares of width and height.
    """

    def __init__(self, window: Window, gaussians: int, place: tuple[float, float] = (0.5, 0.5)):
        self._window, self._bench = window, window.bench
        self._gaussians, self._place = gaussians, place

    def stops(self) -> Iterator[Stop]:
        """Goes from stop to stop, each time waiting until it is to be seen.

        Raises:
            TimeoutError: something did not happen.
        """
        bench, workspace, sources = self._bench, self._bench.workspace, self._bench.sources
        self._window.activateWindow()  # keys go to no other
        self._until(self._window.isActiveWindow)
        self._until(lambda: workspace.state.progress.stage is Stage.FIT and workspace.state.progress.step > 5)
        yield Stop.FITTING
        self._until(lambda: self._results_measured(1))
        first = sources.pair.on("b")
        yield Stop.FITTED
        self._call("AVIF at as many bytes as B")
        self._until(lambda: sources.get(sources.pair.on("a")).kind is Kind.RIVAL)
        self._press(Qt.Key.Key_J)
        yield Stop.SIDE_BY_SIDE
        self._press(Qt.Key.Key_E)
        self._call("FLIP: what an eye")
        self._until(lambda: bench.maps.get(Difference.FLIP) is not None)
        yield Stop.FLIP
        self._press(Qt.Key.Key_X)
        self._type_goal()
        self._until(lambda: self._results_measured(2))
        yield Stop.SECOND
        self._click_row(first)
        yield Stop.BACK
        self._press(Qt.Key.Key_R)
        self._draw_curves("Curve of WebP", "Curve of AVIF")
        self._click_dot(next(dot.key for dot in bench.rd_plot.dots if dot.key not in (first, sources.pair.on("a"))))
        yield Stop.PLOT
        self._press(Qt.Key.Key_D)
        self._press(Qt.Key.Key_K)
        self._click_picture()
        self._until(lambda: bench.inspector.picked is not None and bench.inspector.found is not None)
        yield Stop.GAUSSIAN

    def _results_measured(self, count: int) -> bool:
        workspace = self._bench.workspace
        results = list(workspace.results)
        return (
            len(results) == count
            and workspace.state.phase is Phase.FINISHED
            and all(result.ms_ssim is not None for result in results)
        )

    def _press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._window.viewport.setFocus()
        QTest.keyClick(self._window.viewport, key, modifiers)
        self._settle()

    def _call(self, words: str) -> None:
        """Finds a command in the palette and calls it."""
        self._press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self._until(lambda: self._palette is not None)
        QTest.keyClicks(self._palette.field, words)
        QTest.keyClick(self._palette.field, Qt.Key.Key_Return)
        self._until(lambda: self._palette is None)

    @property
    def _palette(self) -> Palette | None:
        return self._window.findChild(Palette)

    def _type_goal(self) -> None:
        field = self._window.goals.fields["gaussians"]
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, str(self._gaussians))
        QTest.keyClick(field, Qt.Key.Key_Return)

    def _click_row(self, key: str) -> None:
        rows = self._window.source_list.list
        place = rows.visualRect(rows.model().index_of(key)).center()
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
        self._until(lambda: self._bench.sources.pair.on("b") == key)
        self._settle()

    def _draw_curves(self, *commands: str) -> None:
        for command in commands:
            self._call(command)
        self._until(lambda: not self._bench.rd_plot.is_busy)
        self._settle()

    def _click_dot(self, key: str) -> None:
        viewport = self._window.viewport
        tab = next(tab for tab in viewport.strip.all_tabs if isinstance(tab, RdTab))
        self._until(lambda: key in tab.spots)
        self._click(viewport, QPoint(*(round(place) for place in tab.spots[key])))
        self._until(lambda: self._bench.sources.pair.on("b") == key)
        self._settle()

    def _click_picture(self) -> None:
        viewport, camera = self._window.viewport, self._bench.view.camera
        width, height = camera.image
        x, y = camera.to_screen(self._place[0] * width, self._place[1] * height)
        ratio = viewport.devicePixelRatio()
        self._click(viewport, QPoint(round(x / ratio), round(y / ratio)))

    def _click(self, widget: QWidget, at: QPoint) -> None:
        """Slowly enough for what draws itself frame by frame to notice."""
        QTest.mouseMove(widget, at)
        self._settle()
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=at)
        self._settle()
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=at)
        self._settle()

    def _settle(self) -> None:
        """Lets the viewport draw what has changed."""
        for _ in range(2):
            frames = self._window.viewport.frames
            self._window.viewport.update()
            self._until(lambda seen=frames: self._window.viewport.frames > seen)

    def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"nothing came of it in {PATIENCE:g} s")
            QTest.qWait(10)
