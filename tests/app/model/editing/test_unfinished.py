"""Strokes that are still being made: files and what changes the canvas wait for them, and no stroke is lost."""

from __future__ import annotations

import numpy as np
from strokes_made import GREEN, made, picture, stroke

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.commands.project import may_close
from daub.app.model.editing.paint_brush import Effect
from daub.app.model.host import Leaving
from daub.codec import decode


def run(desk, name: str, **answers) -> None:
    desk.host.answers |= answers
    BY_NAME[name].run(desk.bench)


def is_green(pixels: np.ndarray, x: int, y: int) -> bool:
    return bool(np.abs(pixels[y, x] - GREEN).max() < 0.06)


def test_an_export_has_the_strokes_that_are_still_being_made(desk, brushing, tmp_path):
    stroke(brushing, (40, 12), (50, 12))
    stroke(brushing, (40, 36), (50, 36))
    path = tmp_path / "painted.daub"
    run(desk, "export_daub", save=path)
    assert desk.bench.unfinished.words == "Making 2 edits, then writing painted.daub"
    desk.until(path.exists, seconds=240)
    pixels = decode(path) / 255
    assert is_green(pixels, 45, 12) and is_green(pixels, 45, 36) and not desk.bench.unfinished.words


def test_another_row_beside_it_meanwhile_is_not_what_is_written(desk, brushing, tmp_path):
    bench, opened = desk.bench, desk.bench.sources.pair.on("b")
    stroke(brushing, (40, 12), (50, 12))
    run(desk, "export_png", save=tmp_path / "painted.png", scale=1.0)
    bench.sources.pair.put(opened, "b")
    desk.until((tmp_path / "painted.png").exists, seconds=240)
    import PIL.Image

    assert is_green(np.asarray(PIL.Image.open(tmp_path / "painted.png")) / 255, 45, 12)


def test_a_project_has_the_stroke_under_the_hand(desk, brushing, new_desk, tmp_path):
    brushing.begin(40, 12)
    brushing.extend(50, 12)
    run(desk, "save_project", save=tmp_path / "work.daubproj")
    assert not brushing.is_busy and brushing.is_on  # it has ended where it was
    desk.until(lambda: desk.bench.project.path is not None, seconds=240)
    assert not desk.bench.is_unsaved
    other = new_desk()
    other.bench.project.open(desk.bench.project.path)
    other.until(lambda: other.bench.project.path is not None and other.bench.editing.session is not None)
    assert np.array_equal(
        other.bench.editing.population.gaussians.parameters, desk.bench.editing.population.gaussians.parameters
    )


def test_a_file_that_waits_is_given_up_and_the_stroke_is_not(desk, brushing, tmp_path):
    stroke(brushing, (40, 12), (50, 12))
    path = tmp_path / "painted.daub"
    run(desk, "export_daub", save=path)
    run(desk, "cancel_export")
    assert desk.heard["noticed"][-1] == "Gave up writing painted.daub" and not desk.bench.unfinished.words
    made(desk)
    desk.pump()
    assert is_green(picture(desk), 45, 12) and not path.exists()


def test_a_window_that_closes_asks_about_a_stroke_and_saves_it(desk, brushing, tmp_path):
    brushing.begin(40, 12)
    brushing.extend(50, 12)
    desk.host.answers |= {"lose": Leaving.SAVE, "save": tmp_path / "work.daubproj"}
    assert not may_close(desk.bench)
    assert len(desk.host.asked[0]) == 1 and desk.host.asked[0][0].endswith(", edited")
    desk.until(lambda: desk.host.opened == ["nothing in this window"], seconds=240)  # it closes by itself
    assert may_close(desk.bench) and is_green(picture(desk), 45, 12)
    stroke(brushing, (40, 36), (50, 36))
    desk.host.answers["leave"] = Leaving.STAY
    assert not may_close(desk.bench)  # it has changed since
    made(desk)


def test_a_window_that_closes_amid_a_stroke_waits_for_nothing(desk, brushing):
    stroke(brushing, (40, 12), (50, 12))
    before = desk.bench.editing.population
    desk.bench.close()
    assert not desk.bench.pending.is_busy and not desk.bench.pending.has_time()
    assert desk.bench.editing.population is before


def test_a_canvas_turns_with_the_stroke_that_was_drawn_on_it(desk, brushing):
    stroke(brushing, (40, 12), (50, 12))
    run(desk, "flip_vertically")
    run(desk, "turn_right")
    assert desk.bench.editing.size == (64, 48)  # they wait
    desk.until(lambda: desk.bench.editing.size == (48, 64), seconds=240)
    # (45, 12) is at (45, 35) after the flip, and a turn to the right brings that to (47 - 35, 45).
    assert is_green(picture(desk), 12, 45) and not is_green(picture(desk), 35, 45)


def test_a_stroke_is_not_made_on_another_canvas_than_it_was_drawn_on(desk, brushing):
    run(desk, "turn_right")
    count = len(desk.bench.editing.population)
    stroke(brushing, (20, 12), (30, 12))
    desk.workspace.undo()  # as a click in the history does
    made(desk)
    assert len(desk.bench.editing.population) == count and desk.bench.editing.size == (64, 48)
    assert "given up" in desk.heard["failed"][-1].line


def test_nothing_is_done_again_in_the_midst_of_a_stroke(desk, brushing):
    run(desk, "flip_vertically")
    run(desk, "undo")
    stroke(brushing, (40, 12), (50, 12))
    run(desk, "redo")
    made(desk)
    assert desk.workspace.history.next_redo is None and is_green(picture(desk), 45, 12)


def test_another_tool_ends_a_stroke_and_loses_none_of_it(desk, brushing):
    for y, take in ((12, lambda: brushing.take(Effect.BLUR)), (36, lambda: desk.bench.edit_tool.switch(True))):
        if brushing.brush.effect is not Effect.PAINT:
            brushing.take(Effect.PAINT)
        brushing.begin(40, y)
        brushing.extend(50, y)
        take()
        brushing.extend(10, y)  # the button is still down
        brushing.end()
        made(desk)
        assert is_green(picture(desk), 45, y) and not is_green(picture(desk), 10, y)


def test_escape_gives_up_the_stroke_under_the_hand_alone(desk, brushing):
    stroke(brushing, (40, 12), (50, 12))
    brushing.begin(40, 36)
    brushing.escape()
    brushing.extend(50, 36)  # the button is still down
    brushing.end()
    made(desk)
    assert is_green(picture(desk), 45, 12) and not is_green(picture(desk), 45, 36) and brushing.is_on
