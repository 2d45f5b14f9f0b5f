"""Gaussians over the picture, their histogram, and a Gaussian looked into. Real mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from scenes import some_gaussians

from daub.app.model.gaussians.picture_maps import MapKind
from daub.app.model.gaussians.properties import Property
from daub.app.window.viewport.marks import Chip
from daub.app.window.viewport.overlay_hud import legends_of

pytestmark = pytest.mark.gui
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
WIDTH, HEIGHT = 96, 64


@pytest.fixture
def opened(driver, tmp_path):
    """A .daub of a hundred Gaussians, open; row and column of the strip's histogram are known."""
    from daub.codec import container
    from daub.codec.symbols import Grid, quantise, step_index

    grid = Grid(WIDTH, HEIGHT, step_index(0.05), 3)
    path = tmp_path / "some.daub"
    path.write_bytes(container.write(quantise(some_gaussians(100, WIDTH, HEIGHT, seed=5), grid), grid))
    driver.open(path)
    driver.until(lambda: driver.bench.overlay.subject is not None)
    driver.paint(2)
    return driver


def key(driver, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(driver.viewport, key, modifier)


def click(driver, at):
    """As a person does: the pointer comes, a frame is drawn, the button is pressed."""
    QTest.mouseMove(driver.viewport, at)
    driver.paint(2)
    QTest.mouseClick(driver.viewport, LEFT, pos=at)


def until_read(driver, which):
    overlay = driver.bench.overlay
    driver.until(lambda: overlay.reading is not None and overlay.reading.which is which)
    driver.until(lambda: not overlay._readings.is_busy)
    driver.paint()


def test_each_style_is_drawn_and_has_a_legend(opened):
    bare = opened.screen()
    for shortcut, modifier in ((Qt.Key.Key_C, None), (Qt.Key.Key_O, None), (Qt.Key.Key_O, SHIFT)):
        key(opened, shortcut, modifier or Qt.KeyboardModifier.NoModifier)
        until_read(opened, Property.LIGHT)
        assert (opened.screen() != bare).any(2).sum() > 300
        (legend,) = legends_of(opened.bench.overlay)
        assert legend.title.startswith("Light") and legend.ends == ("takes away", "adds")
        key(opened, shortcut, modifier or Qt.KeyboardModifier.NoModifier)
        assert not legends_of(opened.bench.overlay)
        assert np.array_equal(opened.screen(), bare)


def test_a_dot_has_the_colour_that_its_legend_says(opened):
    overlay = opened.bench.overlay
    opened.run("colour_bits")
    key(opened, Qt.Key.Key_C)
    until_read(opened, Property.BITS)
    opened.until(lambda: overlay.reading.subject.bits is not None)
    reading = overlay.reading
    for place in (len(reading.drawn) - 1, len(reading.drawn) - 2):  # on top of all others
        x, y = reading.drawn.mean[place] + 0.5
        if not (2 < x < WIDTH - 2 and 2 < y < HEIGHT - 12):
            continue
        expected = reading.colours[round(255 * float(reading.shares[place]))]
        assert np.abs(opened.shown_at(x, y) - expected).max() < 30
    (legend,) = legends_of(overlay)
    assert legend.ends == tuple(f"{end:.3g}" for end in reading.span)


def test_a_range_is_dragged_over_the_histogram(opened):
    overlay, viewport = opened.bench.overlay, opened.viewport
    key(opened, Qt.Key.Key_H)
    key(opened, Qt.Key.Key_C)
    opened.run("colour_size")
    until_read(opened, Property.SIZE)
    shown = opened.screen()
    y = viewport.height() - 50
    plot = 220, viewport.width() - 30
    start, end, beside = (QPoint(round(plot[0] + share * (plot[1] - plot[0])), y) for share in (0.2, 0.6, 0.9))
    QTest.mouseMove(viewport, start)
    opened.paint(2)
    QTest.mousePress(viewport, LEFT, pos=start)
    opened.paint()
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * share)
        opened.paint()
    QTest.mouseRelease(viewport, LEFT, pos=end)
    opened.paint(2)
    low, high = overlay.filters[Property.SIZE]
    until_read(opened, Property.SIZE)
    opened.until(lambda: not overlay.reading.kept.all())
    sizes = overlay.reading.values
    assert np.array_equal(overlay.reading.kept, (sizes >= low) & (sizes <= high)) and overlay.reading.kept.any()
    edges = overlay.reading.histogram.edges
    assert edges[0] < low < high < edges[-1]
    assert (opened.screen() != shown).any()
    assert "pass the filters" in legends_of(overlay)[0].notes[-1]
    click(opened, beside)  # beside the range, without a drag
    opened.paint(2)
    assert not overlay.filters


def test_the_property_is_chosen_beside_the_histogram(opened):
    key(opened, Qt.Key.Key_H)
    opened.paint(2)
    top = opened.viewport.height() - opened.bench.chrome.strip_height + 6
    for row, which in ((1, Property.SIZE), (2, Property.ENERGY)):
        click(opened, QPoint(40, top + row * 22 + 10))
        opened.paint(2)
        assert opened.bench.overlay.which is which
    click(opened, QPoint(40, top + 4 * 22 + 10))  # the step of birth is not known of a file
    opened.paint(2)
    assert opened.bench.overlay.which is Property.ENERGY


def test_maps_lie_over_the_picture(opened):
    bare = opened.screen()
    for shortcut, kind in ((Qt.Key.Key_B, MapKind.BITS), (Qt.Key.Key_D, MapKind.DENSITY)):
        key(opened, shortcut, SHIFT)
        opened.until(lambda kind=kind: opened.bench.overlay.map is not None and opened.bench.overlay.map.kind is kind)
        assert (opened.screen() != bare).any(2).mean() > 0.3
        (legend,) = legends_of(opened.bench.overlay)
        assert legend.title == kind.value
    key(opened, Qt.Key.Key_D, SHIFT)
    assert np.array_equal(opened.screen(), bare)


def test_the_page_has_a_tab_as_soon_as_there_are_gaussians(driver, photo):
    driver.fit(photo)
    driver.until(lambda: driver.bench.overlay.subject is not None)
    bar = driver.window.panel._bar
    place = next(index for index in range(bar.count()) if bar.tabText(index) == "Inspect")
    driver.until(lambda: bar.tabRect(place).width() > 40)
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(place).center())
    assert driver.bench.chrome.page == "Inspect" and driver.window.inspect.hint.isVisible()


def test_a_click_picks_and_the_page_says_what(opened):
    bench, window = opened.bench, opened.window
    inspector, panel = bench.inspector, window.inspect
    at = opened.logical(40.5, 30.5)
    click(opened, at)
    assert inspector.picked is None, "the tool is not at hand"
    key(opened, Qt.Key.Key_K)
    click(opened, at)
    opened.until(lambda: inspector.found is not None and bool(inspector.found.bits))
    assert bench.chrome.page == "Inspect" and panel.facts.isVisible()
    shape, (_, index) = inspector.shape, inspector.picked
    assert f"Gaussian {index + 1} of 100" in panel.title.text()
    assert panel.values["Position"].text() == f"x {shape.x:.2f}  y {shape.y:.2f} px"
    bits = bench.overlay.account.total[index]
    assert panel.values["Bits"].text().startswith(f"{bits:.1f}, ")
    opened.lay_out()
    rows = len(inspector.found.bits)
    assert "place" in panel.bars.accessibleName() and panel.bars.height() == rows * panel.bars._row > 60
    assert "file does not keep" in panel.why.text()
    click(opened, at)
    assert inspector.rank[0] == 1
    for shortcut, rank in ((Qt.Key.Key_Semicolon, 0), (Qt.Key.Key_Comma, 1)):
        key(opened, shortcut)
        assert inspector.rank[0] == rank


def test_the_picture_is_shown_without_it(opened, monkeypatch):
    said = []
    real = Chip.draw
    monkeypatch.setattr(Chip, "draw", lambda chip, solid: (said.append(chip.text), real(chip, solid))[1])
    key(opened, Qt.Key.Key_K)
    click(opened, opened.logical(40.5, 30.5))
    inspector = opened.bench.inspector
    opened.until(lambda: inspector.found is not None)
    before = opened.screen()
    key(opened, Qt.Key.Key_W)
    after = opened.screen()
    left, top, right, bottom = inspector.found.crop
    x0, y0 = opened.bench.view.camera.to_screen(left, top)
    x1, y1 = opened.bench.view.camera.to_screen(right, bottom)
    box = (slice(round(y0), round(y1)), slice(round(x0), round(x1)))
    assert np.abs(before[box].astype(int) - after[box]).max() > 8
    note = f"without Gaussian {inspector.picked[1] + 1:,}"
    assert said[-1] == note, "nobody shall take it for the whole picture"
    key(opened, Qt.Key.Key_W)
    said.clear()
    assert np.array_equal(opened.screen(), before) and note not in said


def test_a_drag_with_the_tool_moves_the_picture_and_the_brush_takes_its_place(opened):
    key(opened, Qt.Key.Key_K)
    assert opened.bench.inspector.is_on
    offset = opened.bench.view.camera.offset
    start = opened.logical(40.5, 30.5)
    QTest.mousePress(opened.viewport, LEFT, pos=start)
    for share in (0.5, 1.0):
        QTest.mouseMove(opened.viewport, start + QPoint(40, 20) * share)
    QTest.mouseRelease(opened.viewport, LEFT, pos=start + QPoint(40, 20))
    assert opened.bench.view.camera.offset == (offset[0] + 40, offset[1] + 20)
    assert opened.bench.inspector.picked is None


def test_picking_needs_no_mouse(opened):
    key(opened, Qt.Key.Key_K, SHIFT)
    assert opened.bench.inspector.picked is not None and opened.bench.chrome.page == "Inspect"
    opened.run("pick_none")
    assert opened.bench.inspector.picked is None and not opened.window.inspect.facts.isVisible()


def test_brush_and_pick_are_never_both_at_hand(driver, photo):
    driver.open(photo)
    driver.until(lambda: driver.bench.painting.is_possible)
    driver.run("paint")
    driver.run("pick")
    assert driver.bench.inspector.is_on and not driver.bench.painting.is_on
    driver.run("paint")
    assert driver.bench.painting.is_on and not driver.bench.inspector.is_on


def test_a_region_tells_how_many_bits_are_there(opened):
    from daub.app.model.picture.box import Box

    region, overlay = opened.bench.region, opened.bench.overlay
    region.switch(True)
    region.place(Box(0, 0, WIDTH, HEIGHT))
    opened.until(lambda: region.figures[1].bits is not None)
    assert region.figures[1].bits == pytest.approx(overlay.account.coded, rel=1e-3)
    told = []
    region.changed.connect(lambda: told.append(1))
    region.place(Box(0, 0, 20, HEIGHT))
    assert 0 < region.figures[1].bits < 0.6 * overlay.account.coded and told


def test_side_by_side_both_panes_have_overlay_and_map(driver, photo):
    driver.fit(photo)
    driver.until(lambda: driver.state.encoded is not None)
    driver.run("view_side_by_side")
    bare = driver.screen()
    middle = bare.shape[1] // 2
    driver.run("map_bits")
    driver.until(lambda: driver.bench.overlay.map is not None)
    shown = driver.screen()
    changed = (shown != bare).any(2)
    assert changed[:, :middle].mean() > 0.1 and changed[:, middle:].mean() > 0.1
    u, v = 60.5, 40.5
    x, y = (round(each) for each in driver.bench.view.camera.to_screen(u, v))
    first, second = (pane.left for pane in driver.bench.view.panes)
    expected = driver.bench.overlay.map.colours[driver.bench.overlay.map.shares[40, 60]]
    for left in (first, second):
        assert np.abs(shown[y, left + x].astype(int) - expected).max() < 60
