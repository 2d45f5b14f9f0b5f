"""A tour of the window with mouse and keys, as of somebody who has never seen it: a test, and the README's pictures.

A photo is there at the first start; it is fitted, compared with AVIF of as many bytes side by side and by FLIP; another
goal makes another result, and a click goes back to the first; the plot is opened, a dot clicked, then a Gaussian.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from daub.app.model.compare.difference import Difference
from daub.app.model.fit.state import Phase
from daub.app.model.sources.source import Kind
from daub.app.window.person import Person
from daub.app.window.viewport.rd_tab import RdTab
from daub.codec.progress import Stage

if TYPE_CHECKING:
    from daub.app.window.main_window import Window


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
        self._window, self._bench, self._person = window, window.bench, Person(window)
        self._gaussians, self._place = gaussians, place

    def stops(self) -> Iterator[Stop]:
        """Goes from stop to stop, each time waiting until it is to be seen.

        Raises:
            TimeoutError: something did not happen.
        """
        person, bench, workspace, sources = self._person, self._bench, self._bench.workspace, self._bench.sources
        person.take()
        person.until(lambda: workspace.state.progress.stage is Stage.FIT and workspace.state.progress.step > 5)
        yield Stop.FITTING
        person.until(lambda: self._results_measured(1))
        first = sources.pair.on("b")
        yield Stop.FITTED
        person.call("AVIF at as many bytes as B")
        person.until(lambda: sources.get(sources.pair.on("a")).kind is Kind.RIVAL)
        person.press(Qt.Key.Key_J)
        yield Stop.SIDE_BY_SIDE
        person.press(Qt.Key.Key_E)
        person.call("FLIP: what an eye")
        person.until(lambda: bench.maps.get(Difference.FLIP) is not None)
        yield Stop.FLIP
        person.press(Qt.Key.Key_X)
        person.type_into(self._window.goals.fields["gaussians"], str(self._gaussians))
        person.until(lambda: self._results_measured(2))
        yield Stop.SECOND
        person.click_row(first)
        yield Stop.BACK
        person.press(Qt.Key.Key_R)
        self._draw_curves("Curve of WebP", "Curve of AVIF")
        self._click_dot(next(dot.key for dot in bench.rd_plot.dots if dot.key not in (first, sources.pair.on("a"))))
        yield Stop.PLOT
        person.press(Qt.Key.Key_D)
        person.press(Qt.Key.Key_K)
        width, height = bench.view.camera.image
        person.click(person.place(self._place[0] * width, self._place[1] * height))
        person.until(lambda: bench.inspector.picked is not None and bench.inspector.found is not None)
        yield Stop.GAUSSIAN

    def _results_measured(self, count: int) -> bool:
        workspace = self._bench.workspace
        results = list(workspace.results)
        return (
            len(results) == count
            and workspace.state.phase is Phase.FINISHED
            and all(result.ms_ssim is not None for result in results)
        )

    def _draw_curves(self, *commands: str) -> None:
        for command in commands:
            self._person.call(command)
        self._person.until(lambda: not self._bench.rd_plot.is_busy)
        self._person.settle()

    def _click_dot(self, key: str) -> None:
        tab = next(tab for tab in self._window.viewport.strip.all_tabs if isinstance(tab, RdTab))
        self._person.until(lambda: key in tab.spots)
        self._person.click(QPoint(*(round(place) for place in tab.spots[key])))
        self._person.until(lambda: self._bench.sources.pair.on("b") == key)
        self._person.settle()
