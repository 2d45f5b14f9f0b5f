"""What a window works on, without a window: opening, settings, the fit, its results, and undo of all that."""

from __future__ import annotations

import itertools
import threading

import numpy as np
import PIL.Image
import pytest
from pretended_encoder import Backend

from daub.app.model.fit.state import Phase
from daub.app.model.picture.origin import FileOrigin, PixelOrigin
from daub.codec.goal import Goal, GoalKind
from daub.render.devices import Chosen
from daub.render.errors import Reason


@pytest.mark.parametrize("order", list(itertools.permutations(["picture read", "first frame", "device open"])))
@pytest.mark.parametrize("asked", ["before", "after"])
def test_a_picture_comes_to_a_fit_in_whatever_order_it_all_happens(new_desk, photo, monkeypatch, order, asked):
    """A first start compiles shaders and kernels, so that the picture may be read long before, or after, either."""
    from daub.app.model.workspace import opening as module

    desk, read, device = new_desk(), threading.Event(), threading.Event()
    whole = module.open_picture

    def open_picture(*given):
        assert read.wait(120)
        return whole(*given)

    def choose(wanted):
        assert device.wait(120)
        return Chosen(Backend(wanted), Reason("found"))

    monkeypatch.setattr(module, "open_picture", open_picture)
    monkeypatch.setattr("daub.render.devices.choose", choose)
    events = {
        "picture read": lambda: (read.set(), desk.until(lambda: desk.heard["opened"] or asked == "after")),
        "first frame": desk.workspace.wake,
        "device open": lambda: (device.set(), desk.pump()),
    }
    if asked == "before":
        desk.workspace.open(FileOrigin(photo))
    for name in order:
        events[name]()
        desk.pump(0.02)
    if asked == "after":
        desk.workspace.open(FileOrigin(photo))
    desk.until(lambda: desk.heard["opened"])
    assert desk.finish().data.startswith(b"whole")
    assert desk.workspace.state.phase is Phase.FINISHED


def test_what_is_shown_until_the_fit_begins_is_the_truth(new_desk, photo, monkeypatch):
    desk, go_on = new_desk(), threading.Event()

    def warm_up(rasteriser):
        yield 0.25
        assert go_on.wait(120)

    monkeypatch.setattr("daub.app.model.fit.device._warm_up", warm_up)
    assert desk.state.phase is Phase.WARMING
    desk.open(photo)
    assert desk.state.phase is Phase.WARMING and desk.workspace.fitting.is_under_way
    desk.workspace.wake()
    desk.until(lambda: desk.state.progress.fraction == 0.25)
    assert desk.state.phase is Phase.WARMING and desk.state.gaussians is None
    go_on.set()
    desk.until(lambda: desk.state.phase is Phase.PLANNING)
    assert desk.heard["ready"]


def test_a_result_is_kept_and_shown_again_without_another_fit(desk, photo):
    desk.open(photo)
    first = desk.finish()
    desk.workspace.change(goal=Goal("quality", 20))
    desk.until(lambda: desk.state.ticket == 2)
    second = desk.finish()
    assert [result.encoded for result in desk.workspace.results] == [first, second]
    desk.workspace.change(goal=Goal("quality", 50))
    desk.pump()
    assert desk.state.encoded is first and desk.state.phase is Phase.FINISHED
    assert len(desk.encoder.encoded) == 2 and not desk.workspace.fitting.is_under_way
    desk.workspace.fitting.restart()
    desk.until(lambda: desk.state.ticket == 3)
    assert desk.state.encoded is None, "whoever asks for another fit gets one"
    third = desk.finish()
    desk.workspace.change(goal=Goal("quality", 20))
    desk.workspace.change(goal=Goal("quality", 50))
    assert desk.state.encoded is third, "the newest of equals"


def test_a_result_knows_what_was_asked_for_and_how_good_it_is(desk, photo):
    desk.open(photo)
    desk.workspace.change(goal=Goal("gaussians", 30), seed=5)
    desk.until(lambda: desk.state.goal == Goal("gaussians", 30))
    desk.finish()
    (result,) = desk.workspace.results
    assert (result.settings.goal, result.settings.seed) == (Goal("gaussians", 30), 5)
    assert result.picture == desk.workspace.picture.key
    desk.until(lambda: desk.workspace.results.of(desk.state.ticket).ms_ssim == 0.9)


def test_an_ms_ssim_that_was_the_goal_is_not_measured_again(desk, photo):
    desk.open(photo)
    desk.workspace.change(goal=Goal("ms-ssim", 0.8))
    desk.until(lambda: desk.state.goal == Goal("ms-ssim", 0.8))
    file = desk.finish()
    desk.pump()
    assert desk.workspace.results.of(desk.state.ticket).ms_ssim == file.ms_ssim == 0.8


def test_a_fit_that_is_given_up_is_no_result_and_one_that_was_stopped_is(desk, photo):
    desk.open(photo)
    desk.encoder.permits.release(3)
    desk.until(lambda: desk.state.progress.step == 3)
    desk.workspace.fitting.cancel()
    desk.encoder.permits.release(1)
    desk.until(lambda: desk.state.phase is Phase.STOPPED)
    assert not len(desk.workspace.results) and not desk.workspace.fitting.is_under_way
    desk.workspace.fitting.restart()
    desk.encoder.permits.release(3)
    desk.until(lambda: desk.state.ticket == 2 and desk.state.progress.step == 3)
    desk.workspace.fitting.play_or_pause()
    desk.workspace.fitting.stop()
    desk.encoder.permits.release(100)
    desk.until(lambda: desk.state.encoded is not None)
    assert desk.state.phase is Phase.STOPPED and len(desk.workspace.results) == 1


def test_cancelling_goes_back_to_the_result_there_was(desk, photo):
    desk.open(photo)
    first = desk.finish()
    desk.workspace.fitting.restart()
    desk.until(lambda: desk.state.ticket == 2)
    desk.workspace.fitting.cancel()
    desk.pump()
    assert desk.state.encoded is first and desk.state.phase is Phase.FINISHED


def test_two_quick_toggles_cancel_each_other(desk, photo):
    desk.open(photo)
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.state.progress.step == 2)
    desk.workspace.fitting.play_or_pause()
    desk.workspace.fitting.play_or_pause()
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.state.progress.step == 4)
    assert desk.state.phase is Phase.PLANNING


def test_a_step_of_an_ended_fit_goes_on_from_its_end(desk, photo):
    desk.open(photo)
    desk.finish()
    desk.workspace.fitting.step()
    desk.encoder.permits.release(5)
    desk.until(lambda: desk.state.ticket == 2 and desk.state.phase is Phase.PAUSED)
    assert desk.state.progress.step == 301


def test_settings_are_undone_and_done_again_with_their_labels(desk):
    history = desk.workspace.history
    for quality in (51, 52, 60):  # a slider
        desk.workspace.change(goal=Goal("quality", quality))
    assert history.undo_label == "quality"
    desk.workspace.change(effort=8, steps=None)
    assert history.undo_label == "effort"
    desk.workspace.change(goal=Goal("psnr", 32))
    assert history.undo_label == "goal"
    desk.workspace.change(goal=Goal("psnr", 33))
    assert history.undo_label == "PSNR"
    desk.workspace.undo()
    assert desk.workspace.settings.goal == Goal("psnr", 32) and history.redo_label == "PSNR"
    desk.workspace.undo()
    desk.workspace.undo()
    assert (desk.workspace.settings.effort, desk.workspace.settings.goal) == (5, Goal("quality", 60))
    desk.workspace.undo()
    assert desk.workspace.settings.goal == Goal("quality", 50), "all that the slider did"
    for _ in range(4):
        desk.workspace.redo()
    assert desk.workspace.settings.goal == Goal("psnr", 33) and desk.workspace.settings.effort == 8
    assert desk.heard["settings_changed"][-1] == desk.workspace.settings


def test_edits_before_and_after_a_result_are_two_tries(desk, photo):
    desk.open(photo)
    desk.workspace.change(goal=Goal("quality", 60))
    desk.finish()
    desk.workspace.change(goal=Goal("quality", 70))
    desk.workspace.undo()
    assert desk.workspace.settings.goal == Goal("quality", 60) and desk.state.phase is Phase.FINISHED


def test_what_is_chosen_by_a_click_is_undone_click_by_click(desk):
    for kind, value in (("psnr", 30), ("bytes", 5000), ("quality", 50)):
        desk.workspace.change(goal=Goal(kind, value))
    desk.workspace.undo()
    assert desk.workspace.settings.goal == Goal("bytes", 5000)


def test_opening_is_undone_and_the_result_comes_back_without_a_fit(desk, photo, draw):
    desk.open(photo)
    first = desk.finish()
    assert desk.workspace.history.undo_label == "", "there was nothing before"
    other = draw("other.png", 7)
    desk.open(other)
    second = desk.finish()
    assert desk.workspace.history.undo_label == "opening other.png"
    desk.workspace.undo()
    assert desk.workspace.picture.path == photo and desk.state.encoded is first
    desk.pump()
    assert len(desk.encoder.encoded) == 2 and not desk.workspace.fitting.is_under_way
    desk.workspace.redo()
    assert desk.workspace.picture.path == other and desk.state.encoded is second


def test_an_unfinished_fit_is_begun_again_when_its_picture_comes_back(desk, photo, draw):
    desk.open(photo)
    desk.until(lambda: desk.encoder.asked)
    desk.open(draw("other.png", 7))
    desk.finish()
    desk.workspace.undo()
    desk.until(lambda: desk.state.ticket == 3)
    assert desk.finish() is not None and desk.workspace.picture.path == photo


def test_a_picture_that_is_not_at_hand_any_more_is_read_again(desk, photo, draw):
    desk.workspace._shelf._budget = 0
    desk.open(photo)
    first = desk.finish()
    desk.open(draw("other.png", 7))
    desk.workspace.undo()
    assert desk.workspace.picture.path != photo, "it takes a moment"
    desk.until(lambda: desk.workspace.picture.path == photo)
    assert desk.state.encoded is first and desk.workspace.history.redo_label == "opening other.png"


def test_a_picture_that_has_changed_or_gone_is_told_and_nothing_moves(desk, photo, draw):
    desk.workspace._shelf._budget = 0
    desk.open(photo)
    other = draw("other.png", 7)
    desk.open(other)
    draw(photo.name, 9, (30, 40))
    desk.workspace.undo()
    desk.until(lambda: any("changed on the disk" in line for line in desk.heard["noticed"]))
    photo.unlink()
    desk.workspace.undo()
    desk.until(lambda: desk.heard["failed"])
    assert desk.workspace.picture.path == other and desk.workspace.history.undo_label == "opening other.png"


def test_the_background_is_undone_with_its_picture(desk, tmp_path):
    path = tmp_path / "glass.png"
    PIL.Image.new("RGBA", (12, 8), (255, 0, 0, 0)).save(path)
    desk.open(path)
    clear = desk.finish()
    desk.workspace.opening.lay_on((0.0, 0.0, 1.0))
    desk.until(lambda: len(desk.heard["opened"]) == 2)
    np.testing.assert_allclose(desk.workspace.picture.pixels[0, 0], [0, 0, 1], atol=1e-6)
    assert desk.workspace.background_colour == (0.0, 0.0, 1.0) and desk.workspace.history.undo_label == "background"
    desk.workspace.undo()
    np.testing.assert_allclose(desk.workspace.picture.pixels[0, 0], 1, atol=1e-6)
    assert desk.workspace.background_colour is None and desk.state.encoded is clear
    assert desk.heard["background_changed"] == [(0.0, 0.0, 1.0), None]


def test_a_background_without_a_picture_and_one_that_changes_nothing(desk, photo):
    desk.workspace.opening.lay_on((0.0, 0.0, 1.0))
    assert desk.workspace.background_colour == (0.0, 0.0, 1.0)
    desk.open(photo)
    file = desk.finish()
    desk.workspace.opening.lay_on((0.0, 1.0, 0.0))
    desk.until(lambda: desk.workspace.background_colour == (0.0, 1.0, 0.0))
    assert desk.state.encoded is file and len(desk.heard["opened"]) == 1, "the picture is opaque"
    desk.workspace.undo()
    assert desk.workspace.background_colour == (0.0, 0.0, 1.0) and desk.state.encoded is file


def test_pasted_pixels_can_be_gone_back_to(desk, photo):
    desk.workspace._shelf._budget = 0
    pixels = np.full((8, 12, 4), 255, np.uint8)
    desk.workspace.open(PixelOrigin(pixels))
    desk.until(lambda: desk.heard["opened"])
    first = desk.finish()
    assert (desk.workspace.picture.name, desk.workspace.picture.source_bytes) == ("pasted picture", None)
    desk.open(photo)
    desk.workspace.undo()
    desk.until(lambda: desk.state.encoded is first)


def test_the_file_of_one_picture_is_none_of_the_next(desk, photo, draw):
    desk.open(photo)
    desk.finish()
    seen = []
    desk.workspace.opened.connect(lambda _: seen.append((desk.exports.possible, desk.state.encoded)))
    desk.open(draw("other.png", 7))
    assert seen == [(False, None)] and desk.state.readings == {}
    desk.finish()
    assert desk.exports.possible


def test_another_device_restarts_a_fit_under_way_and_leaves_a_result(desk, photo):
    desk.open(photo)
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.state.progress.step == 2)
    desk.workspace.use_device("cpu")
    assert len(desk.state.gaussians) == 2, "the last snapshot stays on the screen"
    file = desk.finish()
    assert desk.state.ticket == 2 and desk.encoder.encoded[-1][2].name == "cpu"
    desk.workspace.use_device("auto")
    desk.pump()
    assert desk.state.encoded is file and len(desk.encoder.encoded) == 2


def test_while_the_method_is_none_no_fit_starts_and_then_it_does(desk, photo, draw):
    desk.open(photo)
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.state.progress.step == 2)
    desk.workspace.fitting.hold(True)
    desk.workspace.fitting.restart()
    assert desk.heard["noticed"] == ["No fit starts until the parts of the method go together"]
    desk.encoder.permits.release(1)
    desk.until(lambda: desk.state.progress.step == 3)
    assert desk.state.ticket == 1, "the one under way goes on"
    desk.open(draw("other.png", 7))
    desk.encoder.permits.release(1)
    desk.pump()
    assert desk.state.phase is Phase.IDLE and not desk.workspace.fitting.is_under_way
    desk.workspace.fitting.hold(False)
    desk.finish()
    desk.workspace.fitting.hold(True)
    desk.workspace.fitting.hold(False)
    desk.pump()
    assert desk.state.phase is Phase.FINISHED, "nothing was owed"


def test_a_method_of_its_own_takes_a_number_of_gaussians_and_gives_the_goal_back(desk, photo):
    desk.workspace.change(goal=Goal("psnr", 25), steps=70)
    desk.workspace.choose_method("smartsplat", ())
    settings = desk.workspace.settings
    assert settings.goal.kind is GoalKind.GAUSSIANS and settings.steps is None
    assert desk.workspace.method.writes_files and desk.workspace.history.undo_label == "method"
    desk.workspace.change(goal=Goal("gaussians", 77), steps=9000)
    desk.workspace.choose_method("smartsplat", (("loss", "l2"),))
    assert desk.workspace.settings.steps == 9000, "somebody has asked for them"
    desk.workspace.choose_method("native", ())
    assert desk.workspace.settings.goal == Goal("psnr", 25) and desk.workspace.settings.steps is None
    for _ in range(4):
        desk.workspace.undo()
    assert (desk.workspace.settings.goal, desk.workspace.settings.steps) == (Goal("psnr", 25), 70)
    assert not desk.workspace.method.writes_files


def test_a_result_of_a_method_in_a_file_answers_only_while_the_file_says_the_same(desk, photo, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("base = 'smartsplat'\nsteps = 5")
    desk.open(photo)
    desk.workspace.choose_method(str(path), ())
    file = desk.finish()
    assert desk.state.method.name == "mine"
    desk.workspace.change(goal=Goal("gaussians", 70))
    desk.workspace.undo()
    assert desk.state.encoded is file
    desk.workspace.redo()
    path.write_text("base = 'smartsplat'\nsteps = 5\nloss = 'l2'")
    desk.workspace.undo()
    assert desk.workspace.fitting.is_under_way
    path.unlink()
    desk.workspace.choose_method("native", ())
    desk.workspace.undo()
    (failure,) = desk.heard["failed"]
    assert "mine.toml" in failure.line and desk.workspace.settings.profile == "native"
    assert desk.workspace.history.undo_label == "method", "it was not undone"


def test_a_goal_out_of_reach_keeps_its_file_and_says_so(desk, photo, monkeypatch):
    from dataclasses import replace

    from daub.codec.rate.encoded import Missed

    desk.open(photo)
    missed = Missed(Goal("psnr", 60), 55.82, 60)
    whole = desk.encoder._round

    def round_(*given, **named):
        return replace((yield from whole(*given, **named)), missed=missed)

    monkeypatch.setattr(desk.encoder, "_round", round_)
    assert desk.finish().missed is missed and desk.state.phase is Phase.FINISHED
    assert desk.heard["noticed"] == ["60 dB cannot be reached, 55.82 dB is the best found, ask for less"]
    assert not desk.heard["failed"] and len(desk.workspace.results) == 1
