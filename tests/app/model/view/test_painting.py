"""Painting what matters before, during and after a fit, without a window: what the encoder is given, and undo."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.fit.state import Phase
from daub.app.model.picture.brush import LARGEST, SMALLEST, Effect
from daub.codec.goal import Goal
from daub.codec.importance import Importance


@pytest.fixture
def painting(desk):
    return desk.bench.painting


def dab(painting, x: float = 6.5, y: float = 4.5, **brush) -> None:
    if brush:
        painting.choose(**brush)
    painting.begin(x, y)
    painting.end()


def can(desk, *names: str) -> bool:
    return all(BY_NAME[name].enabled(desk.bench) for name in names)


def steps_of(desk, count: int) -> None:
    """Lets the fit take so many steps more."""
    step = desk.state.progress.step
    desk.encoder.permits.release(count)
    desk.until(lambda: desk.state.progress.step == step + count)


@pytest.fixture
def fitting(desk, photo):
    """A fit of 40 steps for 50 Gaussians is under way."""
    desk.workspace.change(goal=Goal("gaussians", 50), steps=40)
    desk.open(photo)
    desk.until(lambda: desk.encoder.encoded)
    return desk


def test_there_is_nothing_to_paint_on_without_a_picture(desk, painting, photo):
    assert not can(desk, "paint", "brush_more") and not can(desk, "import_importance")
    painting.switch(True)
    assert not painting.is_on and desk.workspace.canvas is None and not painting.has_map
    desk.open(photo)
    assert can(desk, "paint", "brush_more", "brush_less", "brush_erase", "import_importance", "show_importance")
    assert not can(desk, "clear_importance") and not can(desk, "export_importance")


def test_the_brush_is_taken_by_any_of_its_commands_and_the_tint_comes_and_goes_with_it(fitting, painting):
    look = lambda: fitting.bench.view.look.importance  # noqa: E731
    BY_NAME["brush_less"].run(fitting.bench)
    assert painting.is_on and painting.brush.effect is Effect.LESS and look()
    BY_NAME["paint"].run(fitting.bench)
    assert not painting.is_on and not look()
    BY_NAME["show_importance"].run(fitting.bench)
    assert look() and not painting.is_on


def test_the_size_suits_the_picture_until_somebody_chooses_one(desk, painting, draw):
    desk.open(draw("large.png", 3, (800, 400)))
    assert painting.brush.diameter == 50
    desk.open(draw("small.png", 3, (8, 6)))
    assert painting.brush.diameter == SMALLEST
    painting.resize(5)
    chosen = painting.brush.diameter
    desk.open(draw("other.png", 4, (800, 400)))
    assert painting.brush.diameter == chosen > SMALLEST
    painting.choose(diameter=1e9, strength=7)
    assert (painting.brush.diameter, painting.brush.strength) == (LARGEST, 1)
    painting.choose(diameter=0, strength=0)
    assert painting.brush.diameter == SMALLEST and painting.brush.strength > 0


def test_a_fit_under_way_gets_each_stroke_and_goes_on(fitting, painting):
    steps_of(fitting, 3)
    given = fitting.encoder.maps[-1]
    assert given.is_neutral
    dab(painting)
    assert given.values.max() == 255 and (given.values == fitting.workspace.canvas.values).all()
    steps_of(fitting, 3)
    assert fitting.state.ticket == 1 and len(fitting.encoder.encoded) == 1
    fitting.finish()
    fitting.pump(0.1)
    assert fitting.state.phase is Phase.FINISHED and len(fitting.encoder.encoded) == 1


def test_a_long_stroke_reaches_the_fit_before_it_ends(fitting, painting, monkeypatch):
    monkeypatch.setattr("daub.app.model.view.painting._PUBLISH_EVERY", 0)
    painting.begin(2, 2)
    painting.extend(9, 6)
    assert not fitting.encoder.maps[-1].is_neutral and painting.is_painting
    painting.end()
    assert fitting.workspace.history.undo_label == "brush stroke"


@pytest.mark.parametrize("when", ["late in the fit", "while the file is made", "afterwards"])
def test_what_is_painted_too_late_for_a_file_is_fitted_anew(fitting, painting, when):
    if when == "late in the fit":
        steps_of(fitting, 30)
        dab(painting)
        steps_of(fitting, 2)
    elif when == "while the file is made":
        fitting.encoder.permits.release(41)
        fitting.until(lambda: fitting.state.phase is Phase.WRITING)
        dab(painting)
        fitting.encoder.permits.release(5)  # for records under way
    else:
        first = fitting.finish()
        dab(painting)
    if when == "late in the fit":
        fitting.encoder.permits.release(500)
    fitting.until(lambda: fitting.state.ticket == 2)
    second = fitting.finish()
    fitting.pump(0.1)
    assert fitting.state.ticket == 2 and fitting.state.encoded is second
    assert fitting.encoder.maps[-1].values.max() == 255
    if when == "afterwards":
        fitting.workspace.undo()
        assert fitting.state.encoded is first, "of the map as it was before"
        fitting.workspace.redo()
        assert fitting.state.encoded is second and len(fitting.encoder.encoded) == 2


def test_strokes_clearing_and_erasing_are_undone_in_turn(fitting, painting):
    canvas = fitting.workspace.canvas
    states = [canvas.values.copy()]
    dab(painting, diameter=6)
    states.append(canvas.values.copy())
    dab(painting, 3, 3, effect=Effect.ERASE)
    states.append(canvas.values.copy())
    assert can(fitting, "clear_importance", "export_importance")
    BY_NAME["clear_importance"].run(fitting.bench)
    assert painting.has_map is False and fitting.encoder.maps[-1].is_neutral
    labels = ["clearing importance", "erasing importance", "brush stroke"]
    for label, state in zip(labels, states[::-1], strict=True):
        assert fitting.workspace.history.undo_label == label
        fitting.workspace.undo()
        assert (canvas.values == state).all() and (canvas.importance.values == state).all()
    for _ in labels:
        fitting.workspace.redo()
    assert canvas.is_blank and not can(fitting, "clear_importance")


def test_a_stroke_that_changes_nothing_is_none(fitting, painting):
    dab(painting, effect=Effect.ERASE)
    dab(painting, -500, -500, effect=Effect.MORE)
    painting.end()
    painting.extend(3, 3)
    assert fitting.workspace.history.undo_label == "goal" and fitting.workspace.canvas.is_blank


def test_undo_in_the_middle_of_a_stroke_takes_that_and_the_one_before_back(fitting, painting):
    dab(painting)
    painting.begin(2, 2)
    fitting.workspace.undo()
    painting.extend(9, 6)
    painting.end()
    assert fitting.workspace.canvas.is_blank and not painting.is_painting


def test_a_map_goes_and_comes_back_with_its_picture(fitting, painting, draw):
    painting.switch(True)
    dab(painting)
    first = fitting.workspace.canvas
    fitting.open(draw("other.png", 40, (16, 10)))
    assert fitting.workspace.canvas.size == (16, 10) and not painting.has_map and painting.is_on
    fitting.encoder.permits.release()
    fitting.until(lambda: len(fitting.encoder.maps) == 2)
    assert fitting.encoder.maps[-1].is_neutral
    painting.begin(5, 5)
    fitting.workspace.undo()
    assert fitting.workspace.canvas is first and painting.has_map and not painting.is_painting
    fitting.workspace.undo()
    assert not painting.has_map


def test_another_background_keeps_the_map(desk, painting, tmp_path):
    rgba = np.full((8, 12, 4), 200, np.uint8)
    rgba[:, :6, 3] = 0
    PIL.Image.fromarray(rgba).save(tmp_path / "clear.png")
    desk.open(tmp_path / "clear.png")
    dab(painting)
    desk.workspace.opening.lay_on((0.0, 0.0, 1.0))
    desk.until(lambda: len(desk.heard["opened"]) == 2)
    assert painting.has_map


def test_a_map_is_exported_and_imported(fitting, painting, tmp_path):
    dab(painting)
    values = fitting.workspace.canvas.values.copy()
    fitting.host.answers["save"] = tmp_path / "map.png"
    BY_NAME["export_importance"].run(fitting.bench)
    fitting.until(lambda: "Saved map.png" in fitting.heard["noticed"])
    _, name, suffixes, _, folder = fitting.host.asked[-1]
    assert (name, suffixes, folder) == ("photo-importance.png", (".png",), tmp_path)
    assert (Importance.load(tmp_path / "map.png", (12, 8)).values == values).all()
    painting.clear()
    fitting.host.answers["map"] = tmp_path / "map.png"
    BY_NAME["import_importance"].run(fitting.bench)
    fitting.until(lambda: painting.has_map)
    assert (fitting.encoder.maps[-1].values == values).all() and painting.is_on
    fitting.workspace.undo()
    assert not painting.has_map


def test_the_picture_is_never_written_over_by_its_map(fitting, painting, photo):
    dab(painting)
    before = photo.read_bytes()
    fitting.bench.exports.importance(photo)
    assert photo.read_bytes() == before and "it is the picture that is open" in fitting.heard["failed"][0].line


@pytest.mark.parametrize("content", ["no image", "another shape"])
def test_what_cannot_be_imported_is_told_in_one_line(fitting, painting, tmp_path, content):
    path = tmp_path / "map.png"
    if content == "no image":
        path.write_text(content)
    else:
        PIL.Image.new("L", (8, 12), 255).save(path)
    painting.load(path)
    fitting.until(lambda: fitting.heard["failed"])
    assert "map.png" in fitting.heard["failed"][0].line and not painting.has_map
    assert not fitting.workspace.opening.is_reading


def test_a_map_that_comes_when_another_picture_is_wanted_is_dropped(fitting, painting, draw, tmp_path):
    PIL.Image.new("L", (12, 8), 255).save(tmp_path / "map.png")
    painting.load(tmp_path / "map.png")
    fitting.open(draw("other.png", 40))
    fitting.pump(0.1)
    assert not painting.has_map and not fitting.heard["failed"]


def test_a_file_that_is_asked_for_on_the_way_goes_by_the_map(fitting, painting, tmp_path):
    steps_of(fitting, 3)
    dab(painting)
    fitting.encoder.permits.release(100)
    fitting.exports.daub(tmp_path / "out.daub")
    fitting.until(lambda: fitting.encoder.packed)
    assert fitting.encoder.maps[-1] is fitting.workspace.canvas.importance


def test_a_method_that_knows_no_importance_gets_none_and_the_brush_is_put_away(fitting, painting):
    painting.switch(True)
    dab(painting)
    fitting.workspace.choose_method("gaussianimage-rs", ())
    fitting.workspace.change(steps=20)
    assert not painting.is_on and not can(fitting, "paint") and fitting.workspace.importance is None
    fitting.finish()
    fitting.pump(0.1)
    assert fitting.encoder.maps[-1] is None and fitting.state.ticket == fitting.workspace.tries.newest
    fitting.workspace.choose_method("native", ())
    assert can(fitting, "paint") and painting.has_map
