"""Strokes over Gaussians: what they leave, that they are seen as they go on, wait for one another, and are undone."""

from __future__ import annotations

import numpy as np
from strokes_made import GREEN, made, picture, stroke

from daub.app.model.commands.edit import undo
from daub.app.model.editing import changing
from daub.app.model.editing.brushing import RECENT
from daub.app.model.editing.paint_brush import Effect
from daub.app.model.fit import device
from daub.codec.editing.shapes import Rectangle
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import Chosen
from daub.render.errors import Reason


def test_paint_has_its_colour_and_leaves_the_rest(desk, brushing):
    desk.bench.editing.begin()
    before, position = picture(desk), desk.workspace.history.position
    stroke(brushing, (40, 24), (50, 24), (50, 34))
    made(desk)
    after = picture(desk)
    assert np.abs(after[24, 45] - GREEN).max() < 0.04 and np.abs(after[30, 49] - GREEN).max() < 0.04
    assert np.abs(after[:, :28] - before[:, :28]).max() < 0.02
    assert desk.workspace.history.position == position + 1
    assert desk.workspace.history.undo_label.startswith("painting ")
    assert not desk.bench.editing.count  # what was selected still is, and nothing else
    desk.workspace.undo()
    assert np.array_equal(picture(desk), before)


def test_a_stroke_is_seen_under_the_hand_and_can_be_given_up(desk, brushing):
    brushing.begin(40, 24)
    assert brushing.is_busy and [len(trail.path) for trail in brushing.trails] == [1]
    brushing.extend(48, 24)
    desk.until(lambda: not brushing.trails, seconds=240)  # all of it is in the picture
    editing = desk.bench.editing
    assert len(editing.seen) > len(editing.population)
    brushing.escape()
    assert not brushing.is_busy and editing.seen is editing.population and brushing.is_on
    brushing.escape()
    assert not brushing.is_on


def test_strokes_wait_for_one_another_and_the_last_is_taken_back_first(desk, brushing):
    for y in (10, 24, 38):
        stroke(brushing, (36, y), (56, y))
    assert len(brushing.trails) == 3  # nothing has been delivered yet
    undo(desk.bench)
    assert len(brushing.trails) == 2
    made(desk)
    shown = picture(desk)
    assert np.abs(shown[[10, 24], 46] - GREEN).max() < 0.05 and np.abs(shown[38, 46] - GREEN).max() > 0.2


def test_what_is_edited_meanwhile_stays(desk, brushing):
    stroke(brushing, (40, 24), (50, 24))
    editing = desk.bench.editing
    editing.select(np.array([True, False]))  # before the stroke has been made
    made(desk)
    assert editing.population.selected.tolist()[0] and editing.count == 1
    assert np.abs(picture(desk)[24, 45] - GREEN).max() < 0.05


def test_smear_moves_and_blur_widens_what_is_selected_alone(desk, brushing):
    editing = desk.bench.editing
    editing.begin()
    before = editing.population.gaussians
    brushing.take(Effect.SMEAR)
    stroke(brushing, *((20 + step, 24) for step in range(0, 14, 2)))
    made(desk)
    smeared = editing.population.gaussians
    spot = int(np.argmin(before.log_scale.sum(1)))
    assert smeared.mean[spot, 0] > before.mean[spot, 0] + 2
    assert np.array_equal(smeared.mean[1 - spot], before.mean[1 - spot])  # larger than the brush: it stays
    desk.workspace.undo()
    brushing.take(Effect.BLUR)
    stroke(brushing, (20, 24), (22, 24))
    made(desk)
    blurred = editing.population.gaussians
    assert blurred.log_scale[spot].sum() > before.log_scale[spot].sum() + 0.1
    assert desk.workspace.history.undo_label == "blurring 1 Gaussian"
    desk.workspace.undo()
    editing.select(np.arange(2) != spot)
    stroke(brushing, (20, 24), (22, 24))
    made(desk)
    assert np.array_equal(editing.population.gaussians.parameters[spot], before.parameters[spot])


def test_what_is_locked_is_not_painted_over(desk, brushing):
    editing = desk.bench.editing
    editing.begin()
    before = editing.population.gaussians.parameters.copy()
    editing.select(np.ones(2, bool))
    changing.lock(editing)
    stroke(brushing, (18, 24), (24, 24))
    made(desk)
    after = editing.population.gaussians.parameters
    assert np.array_equal(after[:2], before) and len(after) > 2


def test_paint_holds_to_the_shape_that_is_selected(desk, brushing):
    editing = desk.bench.editing
    editing.select_shape(Rectangle(14, 16, 20, 16))
    before = picture(desk)
    for y in (20, 28):
        stroke(brushing, (8, y), (60, y))
        made(desk)
        after = picture(desk)
        assert np.abs(after[y, 18:31] - GREEN).max() < 0.08
        assert np.abs(after - before)[:, 38:].max() < 0.03  # dabs have an edge of some pixels
        assert np.abs(after - before)[:, :9].max() < 0.03
        assert editing.drawn is not None and editing.count  # what was painted is in the selection
    desk.workspace.undo()
    desk.workspace.undo()
    assert np.array_equal(picture(desk), before) and editing.drawn is not None


def test_paint_holds_to_where_selected_gaussians_are_seen(desk, brushing):
    editing = desk.bench.editing
    editing.begin()
    spot = int(np.argmin(editing.population.gaussians.log_scale.sum(1)))
    editing.select(np.arange(2) == spot)
    before, position = picture(desk), desk.workspace.history.position
    stroke(brushing, (50, 10), (58, 10))
    made(desk)
    assert desk.workspace.history.position == position and np.array_equal(picture(desk), before)
    assert desk.heard["noticed"][-1].startswith("Nothing was painted")
    stroke(brushing, (14, 24), (60, 24))
    made(desk)
    after = picture(desk)
    assert np.abs(after[24, 19:22] - GREEN).max() < 0.1 and np.abs(after - before)[:, 36:].max() < 0.03


def test_the_fit_of_a_stroke_runs_on_the_device_that_is_chosen(desk, brushing, monkeypatch):
    asked = []

    def choose(wanted: str) -> Chosen:
        asked.append(wanted)
        return Chosen(CpuRasteriser(), Reason("asked for"))

    monkeypatch.setattr(device, "choose", choose)
    desk.workspace.device = "cuda"
    stroke(brushing, (40, 24), (50, 24))
    made(desk)
    assert asked == ["cuda"] and np.abs(picture(desk)[24, 45] - GREEN).max() < 0.05


def test_a_click_of_a_smear_changes_nothing_and_is_not_undone(desk, brushing):
    desk.bench.editing.begin()
    position = desk.workspace.history.position
    brushing.take(Effect.SMEAR)
    stroke(brushing, (20, 24))
    made(desk)
    assert desk.workspace.history.position == position


def test_colours_of_late_are_remembered(desk, brushing):
    first = brushing.recent[0]
    for blue in range(RECENT + 2):
        brushing.choose(colour=(0.0, 0.0, blue / 16))
        stroke(brushing, (40, 24))
    assert len(brushing.recent) == RECENT and brushing.recent[0] == (0.0, 0.0, (RECENT + 1) / 16)
    assert first not in brushing.recent
    brushing.swap_colours()
    assert brushing.brush.colour == (0.0, 0.0, RECENT / 16)
    brushing.swap_colours()
    assert brushing.brush.colour == (0.0, 0.0, (RECENT + 1) / 16)
    made(desk)


def test_the_brush_stays_within_its_limits_and_puts_other_tools_away(desk, brushing):
    bench = desk.bench
    bench.edit_tool.switch(True)
    assert not brushing.is_on
    brushing.take(Effect.BLUR)
    assert brushing.is_on and not bench.edit_tool.is_on
    brushing.take(Effect.BLUR)
    assert not brushing.is_on
    brushing.choose(diameter=1e9, strength=3.0, hardness=-1.0)
    assert (brushing.brush.diameter, brushing.brush.strength, brushing.brush.hardness) == (4000.0, 1.0, 0.0)


def test_no_stroke_begins_without_gaussians(desk, photo):
    desk.open(photo)
    desk.bench.brushing.take(Effect.PAINT)
    desk.bench.brushing.begin(3, 3)
    assert not desk.bench.brushing.is_busy and desk.heard["failed"]
