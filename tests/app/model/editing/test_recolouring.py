"""Other colours for what is selected: by a shape as the picture shall look there, and otherwise what is added."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.editing import colours
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.shapes import Rectangle
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians

BLUE = (0.1, 0.2, 0.8)


@pytest.fixture
def edited(desk, tmp_path):
    """A red square of small Gaussians, much of whose colour a large one beneath makes."""
    places = [(x, y) for x in range(16, 33, 4) for y in range(12, 37, 4)]
    gaussians = Gaussians.build(
        [*places, (24, 24)], [np.eye(2) * 6] * len(places) + [np.eye(2) * 600],
        [[0.25, 0.05, 0.05]] * len(places) + [[0.4, 0.15, 0.1]],
    )  # fmt: skip
    drawing = Drawing(gaussians, 64, 48)
    (tmp_path / "square.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=90)))
    desk.open(tmp_path / "square.daub")
    desk.bench.editing.begin()
    return desk


def picture(desk) -> np.ndarray:
    population = desk.bench.editing.seen
    return np.clip(Drawing(population.shown(), population.width, population.height).rendered(CpuRasteriser()), 0, 1)


def made(desk) -> None:
    desk.until(lambda: not desk.bench.pending.is_busy, seconds=240)


def test_what_lies_in_a_shape_gets_the_colour_whoever_makes_it(edited):
    editing, recolouring = edited.bench.editing, edited.bench.recolouring
    editing.select_shape(Rectangle(16, 12, 18, 26))
    before, drawn = picture(edited), editing.drawn
    region = drawn.pixels
    assert np.abs(np.array(recolouring.present) - before[region].mean(0)).max() < 0.1
    recolouring.aim(BLUE)
    edited.until(lambda: editing.seen is not editing.population, seconds=240)  # it is seen before it is done
    position = edited.workspace.history.position
    assert editing.marked is None  # one sees the colour
    recolouring.keep()
    assert editing.marked is editing.seen
    made(edited)
    after = picture(edited)
    inner = np.s_[18:32, 20:30]
    assert np.abs(after[inner].mean((0, 1)) - BLUE).max() < 0.06
    assert np.abs(after[:, 44:] - before[:, 44:]).max() < 0.04  # where the large one reaches
    assert edited.workspace.history.position == position + 1
    assert edited.workspace.history.undo_label.startswith("giving #1a33cc to ")
    assert editing.drawn is drawn  # the next one is of the same place
    edited.workspace.undo()
    assert np.array_equal(picture(edited), before) and editing.drawn is drawn


def test_without_a_shape_what_is_selected_adds_other_colours(edited):
    editing, recolouring = edited.bench.editing, edited.bench.recolouring
    some = np.zeros(len(editing.population), bool)
    some[:3] = True
    editing.select(some)
    before = editing.population.gaussians
    recolouring.map(colours.saturated(0.0), "changing saturation of")
    recolouring.keep()
    made(edited)
    after = editing.population.gaussians
    assert np.ptp(after.colour[some], 1).max() < 0.01
    assert np.array_equal(after.parameters[~some], before.parameters[~some])
    assert edited.workspace.history.undo_label == "changing saturation of 3 Gaussians"


def test_strength_is_that_of_the_gaussians_though_a_shape_was_drawn(edited):
    editing, recolouring = edited.bench.editing, edited.bench.recolouring
    editing.select_shape(Rectangle(16, 12, 10, 26))
    before, chosen = editing.population.gaussians, editing.population.selected
    assert 0 < chosen.sum() < len(before)
    for factor in (0.9, 0.5):
        recolouring.strengthen(factor)
    recolouring.keep()
    made(edited)
    after = editing.population.gaussians
    assert len(after) == len(before)
    assert np.array_equal(after.coefficient[chosen], np.float32(0.5) * before.coefficient[chosen])
    assert np.array_equal(after.parameters[~chosen], before.parameters[~chosen])
    assert edited.workspace.history.undo_label == f"changing strength of {chosen.sum()} Gaussians"
    recolouring.map(colours.hue_turned(30), "changing hue of")  # which is of the shape again
    recolouring.keep()
    made(edited)
    assert len(editing.population) > len(before)


def test_what_is_tried_is_given_up_and_undone(edited):
    editing, recolouring = edited.bench.editing, edited.bench.recolouring
    editing.select_shape(Rectangle(16, 12, 18, 26))
    position = edited.workspace.history.position
    for degrees in (30, 60, 90):
        recolouring.map(colours.hue_turned(degrees))
    edited.until(lambda: editing.seen is not editing.population, seconds=240)
    recolouring.give_up()
    assert editing.seen is editing.population
    made(edited)
    recolouring.keep()  # there is nothing
    made(edited)
    assert edited.workspace.history.position == position


def test_a_shape_counts_until_its_selection_moves(edited):
    from daub.app.model.editing import changing
    from daub.codec.editing.transforms import Affine

    editing = edited.bench.editing
    editing.select_shape(Rectangle(16, 12, 18, 26))
    editing.apply("recolouring", changing.recoloured(editing.population, colours.hue_turned(10)))
    assert editing.drawn is not None
    changing.transform(editing, Affine.translation(3, 0), "moving")
    assert editing.drawn is None
    edited.workspace.undo()
    assert editing.drawn is not None
    editing.select(np.zeros(len(editing.population), bool))
    assert editing.drawn is None


def test_no_fit_follows_where_there_is_no_time(edited, monkeypatch):
    monkeypatch.setattr("daub.app.model.editing.pending._LONGEST", 0.0)
    editing, recolouring = edited.bench.editing, edited.bench.recolouring
    editing.select_shape(Rectangle(16, 12, 18, 26))
    count = len(editing.population)
    recolouring.aim(BLUE)
    recolouring.keep()
    made(edited)
    assert len(editing.population) == count  # no more of them for the border
    assert picture(edited)[24, 24].argmax() == 2
