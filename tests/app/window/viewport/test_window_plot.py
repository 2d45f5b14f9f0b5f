"""The plot of a fit: what happened to the population is marked, named, and told of the step under the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from scipy import ndimage

from daub.app.model.fit.state import Phase
from daub.app.model.fit.timeline import Moment, Timeline
from daub.app.window.viewport.plot import reading
from daub.codec.progress import Event

pytestmark = pytest.mark.gui

# Fast steps of plain covariances: every hundred steps some are not positive definite any more.
WILD = """
parametrisation = "covariance"
densifier = "distortion-driven"
optimiser = { part = "adam", rate = 0.5 }
quantiser = "gaussianimage++"
coder = "adaptive"
"""


@pytest.fixture
def pruned(driver, photo, tmp_path):
    """A paused fit that has lost some Gaussians."""
    path = tmp_path / "wild.toml"
    path.write_text(WILD)
    driver.until(lambda: driver.window.method.profiles.isEnabled())
    driver.window.method.choose(str(path))
    driver.window.goals.advanced.steps.setValue(2000)
    driver.window.goals.fields["gaussians"].setValue(200)
    driver.open(photo)
    driver.until(lambda: driver.state.timeline is not None and len(driver.state.timeline.events(Event.PRUNED)) > 1)
    driver.workspace.fitting.play_or_pause()
    driver.until(lambda: driver.state.phase is Phase.PAUSED)
    return driver


def test_where_gaussians_were_pruned_is_marked(pruned):
    timeline, theme = pruned.state.timeline, pruned.viewport.theme
    assert {step % 100 for step in timeline.events(Event.PRUNED)} == {1}
    strip = _strip(pruned)
    assert _marks(strip, theme.pruned) == len(timeline.events(Event.PRUNED)) + 1, "one more in the legend"
    assert not _marks(strip, theme.relocated)


def test_where_gaussians_were_relocated_is_marked(driver, photo):
    driver.fit(photo, steps=200)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    relocated = driver.state.timeline.events(Event.RELOCATED)
    assert len(relocated) and not len(driver.state.timeline.events(Event.PRUNED))
    strip, theme = _strip(driver), driver.viewport.theme
    assert _marks(strip, theme.relocated) == len(relocated) + 1
    assert not _marks(strip, theme.pruned)


def test_the_step_under_the_mouse_is_told_and_forgotten(pruned):
    before = _strip(pruned)
    view = pruned.viewport
    where = QPoint(view.width() // 2, view.height() - pruned.bench.chrome.strip_height // 2)
    QTest.mouseMove(view, where)
    told = _strip(pruned)
    assert (told != before).any(2).sum() > 2000, "a tooltip"
    QTest.mouseMove(view, QPoint(where.x(), 50))
    np.testing.assert_array_equal(_strip(pruned), before)


def test_a_change_near_the_mouse_goes_before_a_nearer_step():
    timeline = Timeline(100)
    assert timeline.moment(5, 3) is None
    for step in range(1, 31):
        event = {11: Event.GROWN, 21: Event.PRUNED, 22: Event.RELOCATED}.get(step)
        timeline.record(step, 40 if step < 11 else 60 if step < 21 else 57, step / 2, event)
    assert timeline.moment(6.2, 3) == Moment(6, 40, 3.0, None, 0)
    assert timeline.moment(8.1, 3) == Moment(11, 60, 5.5, Event.GROWN, 20)
    assert timeline.moment(20, 3) == Moment(21, 57, 10.5, Event.PRUNED, -3)
    assert timeline.moment(90, 3) == Moment(30, 57, 15.0, None, 0)
    lines = [reading(timeline.moment(step, 3)) for step in (6, 11, 20, 23)]
    assert lines == [
        ("Step 6: 40 Gaussians, 3.00 dB before rounding",),
        ("Step 11: 60 Gaussians, 5.50 dB before rounding", "20 added before it"),
        ("Step 21: 57 Gaussians, 10.50 dB before rounding", "3 removed before it"),
        ("Step 22: 57 Gaussians, 11.00 dB before rounding", "the weakest were moved before it"),
    ]


def _strip(driver) -> np.ndarray:
    """(H, W, 3) int: the strip under the picture on the screen."""
    return driver.screen()[-round(driver.bench.chrome.strip_height * driver.viewport.devicePixelRatio()) :].astype(int)


def _marks(strip: np.ndarray, colour: str) -> int:
    """How many marks of a colour there are, apart from each other."""
    there = abs(strip - np.array(QColor(colour).getRgb()[:3])).max(2) < 30
    labels, _ = ndimage.label(there)
    return int((np.bincount(labels.ravel())[1:] > 8).sum())  # one has two columns of nine pixels
