"""Looking back at a fit without a window, and going on from there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.fit.state import Phase
from daub.app.model.sources.source import Kind
from daub.codec.goal import Goal
from daub.codec.progress import Stage

STEPS = 60


@pytest.fixture
def fitted(desk, photo):
    """A desk with a finished fit of 60 steps and a goal of Gaussians."""
    desk.workspace.change(goal=Goal("gaussians", 50), steps=STEPS)
    desk.open(photo)
    desk.finish()
    return desk


def run(desk, name: str) -> None:
    assert BY_NAME[name].enabled(desk.bench), name
    BY_NAME[name].run(desk.bench)


def step_of(desk) -> int | None:
    return None if desk.state.kept is None else desk.state.kept.step


def test_an_earlier_step_is_what_is_looked_at_and_the_file_stays(fitted):
    encoded, workspace = fitted.state.encoded, fitted.workspace
    workspace.rewind.look_at(20)
    assert step_of(fitted) == 20 and len(fitted.state.gaussians) == 20 and fitted.state.psnr == 40
    assert fitted.state.encoded is None and fitted.state.frame is None and not fitted.state.is_live
    assert fitted.bench.exports.document is not encoded.document
    workspace.rewind.look_at(STEPS + 5)
    assert fitted.state.kept is None and fitted.state.encoded is encoded


def test_the_keys_walk_through_the_states_and_stop_at_the_ends(fitted):
    steps = [kept.step for kept in fitted.workspace.rewind.reel.states]
    assert steps[0] == 1 and steps[-1] == STEPS
    assert not BY_NAME["look_later"].enabled(fitted.bench)
    run(fitted, "look_earlier")
    assert step_of(fitted) == steps[-2], "the last one is on the screen already"
    run(fitted, "look_earlier")
    assert step_of(fitted) == steps[-3]
    run(fitted, "look_first")
    assert step_of(fitted) == 1 and not BY_NAME["look_earlier"].enabled(fitted.bench)
    run(fitted, "look_later")
    assert step_of(fitted) == steps[1]
    run(fitted, "look_newest")
    assert step_of(fitted) is None and fitted.state.encoded is not None


def test_the_timeline_plays_to_its_end(fitted):
    run(fitted, "replay")
    seen, rewind = [step_of(fitted)], fitted.workspace.rewind
    while rewind.is_playing:
        rewind.tick()
        seen.append(step_of(fitted))
    assert seen[:-1] == [kept.step for kept in rewind.reel.states][:-1] and seen[-1] is None
    rewind.look_at(30)
    run(fitted, "replay")
    assert step_of(fitted) == 30
    run(fitted, "replay")
    rewind.tick()
    assert step_of(fitted) == 30, "it was stopped"


def test_a_fit_under_way_goes_on_unseen_and_play_shows_it_again(desk, photo):
    desk.workspace.change(goal=Goal("gaussians", 50), steps=STEPS)
    desk.open(photo)
    desk.encoder.permits.release(20)
    desk.until(lambda: desk.state.progress.step >= 20)
    desk.workspace.rewind.look_at(6)
    desk.encoder.permits.release(10)
    desk.until(lambda: desk.state.progress.step >= 30)
    assert step_of(desk) == 6 and desk.state.phase is Phase.FITTING
    desk.workspace.fitting.play_or_pause()
    assert step_of(desk) is None and desk.state.phase is Phase.FITTING and len(desk.state.gaussians) >= 29
    desk.finish()


def test_play_after_a_stop_goes_on_to_the_end_as_if_it_had_not_been_stopped(desk, photo):
    desk.workspace.change(goal=Goal("quality", 40), steps=STEPS)
    desk.open(photo)
    desk.encoder.permits.release(8 + 21)
    desk.until(lambda: desk.state.progress.step == 21 and desk.state.progress.stage is Stage.FIT)
    desk.workspace.fitting.stop()
    desk.encoder.permits.release(10)
    desk.until(lambda: desk.state.phase is Phase.STOPPED)
    stopped = desk.state
    desk.workspace.fitting.play_or_pause()
    desk.encoder.permits.release(5)
    desk.until(lambda: desk.state.ticket > stopped.ticket and desk.state.progress.step >= 24)
    start = desk.encoder.starts[-1]
    assert start.checkpoint.step in (21, 22) and start.count == 50, "and nothing is planned again"
    assert [len(desk.state.timeline), desk.state.timeline.steps] == [desk.state.timeline.step, STEPS]
    desk.finish()
    assert len(desk.workspace.results) == 2 and desk.workspace.results.of(stopped.ticket) is not None
    names = [row.name for row in desk.bench.sources.rows if row.kind is Kind.RESULT]
    assert names == ["Quality 40", "Quality 40, stopped"], "one sees which of them was stopped"
    desk.workspace.change(seed=1)
    desk.workspace.undo()
    assert desk.state.encoded is not None and desk.state.whole, "it answers as a fit that was never stopped does"


def test_play_after_a_cancelled_fit_goes_on(desk, photo):
    desk.workspace.change(goal=Goal("gaussians", 50), steps=STEPS)
    desk.open(photo)
    desk.encoder.permits.release(11)
    desk.until(lambda: desk.state.progress.step == 11)
    desk.workspace.fitting.cancel()
    desk.encoder.permits.release(1)
    desk.until(lambda: desk.state.phase is Phase.STOPPED and not desk.workspace.fitting.is_under_way)
    desk.until(lambda: desk.workspace.rewind.reel.last.step >= 11)  # the worker has given up by then
    desk.workspace.fitting.play_or_pause()
    desk.finish()
    assert desk.encoder.starts[-1].checkpoint.step in (11, 12)


def test_step_after_the_end_adds_one_and_play_goes_on_from_there(fitted):
    first = fitted.state
    run(fitted, "step")
    fitted.encoder.permits.release(3)
    fitted.until(lambda: fitted.state.phase is Phase.PAUSED and fitted.state.progress.step > STEPS)
    fitted.pump(0.1)
    assert fitted.state.progress.step == STEPS + 1
    run(fitted, "step")
    fitted.until(lambda: fitted.state.progress.step == STEPS + 2)
    assert fitted.state.timeline.step == STEPS + 2 and len(fitted.state.timeline) == STEPS + 2
    run(fitted, "play")
    fitted.finish()
    assert fitted.workspace.results.of(first.ticket) is not None, "the first file is still there"
    assert fitted.state.timeline.step == STEPS + STEPS // 3


def test_a_fit_is_extended_again_and_again(fitted):
    for longer in (STEPS + 20, STEPS + 40):
        assert BY_NAME["extend"].words(fitted.bench) == "Add 20 steps"
        run(fitted, "extend")
        fitted.finish()
        assert fitted.state.timeline.step == longer == fitted.encoder.encoded[-1][1].steps
        assert fitted.state.timeline.pins[-1].step == longer - 20
    assert fitted.workspace.settings.steps == STEPS, "what is asked of the next fit has not changed"
    result = fitted.workspace.results.of(fitted.state.ticket)
    assert result.settings.steps == STEPS + 40 and "step 80" in result.origin
    assert len(fitted.workspace.results) == 3


def test_a_branch_goes_on_from_there_with_other_settings(fitted):
    fitted.workspace.rewind.look_at(20)
    begun = len(fitted.encoder.encoded)
    fitted.workspace.change(goal=Goal("quality", 70), seed=9)
    fitted.pump(0.15)
    assert len(fitted.encoder.encoded) == begun and step_of(fitted) == 20, "it waits to be gone on with"
    assert BY_NAME["go_on"].words(fitted.bench) == "Continue from step 20"
    run(fitted, "go_on")
    assert fitted.state.gaussians is not None and step_of(fitted) is None
    fitted.finish()
    start, recipe = fitted.encoder.starts[-1], fitted.encoder.encoded[-1][1]
    assert (start.checkpoint.step, start.count, recipe.goal, recipe.seed) == (20, None, Goal("quality", 70), 9)
    assert [pin.step for pin in fitted.state.timeline.pins] == [20]
    assert fitted.workspace.results.of(fitted.state.ticket).origin == "step 20 of 50 Gaussians"
    fitted.workspace.fitting.restart()
    fitted.finish()
    assert fitted.encoder.starts[-1] is None, "a branch answers nobody who asks for such a fit from the start"


def test_what_a_branch_goes_on_from_stays_in_sight_until_it_has_come_to_something(fitted):
    fitted.workspace.rewind.look_at(20)
    seen = fitted.state.gaussians
    run(fitted, "go_on")
    ticket = fitted.state.ticket
    fitted.until(lambda: fitted.workspace.fitting.worker.state.take()[0].fit.ticket == ticket)
    fitted.workspace.fitting.refresh()  # it has begun, and has no step yet: there are no permits
    fitted.pump(0.1)
    assert fitted.state.ticket == ticket and fitted.state.gaussians is seen
    fitted.finish()
    assert fitted.state.gaussians is not seen


def test_settings_that_waited_are_fitted_once_the_newest_is_looked_at_again(fitted):
    fitted.workspace.rewind.look_at(20)
    fitted.workspace.change(seed=9)
    run(fitted, "look_newest")
    fitted.finish()
    assert fitted.encoder.encoded[-1][1].seed == 9 and fitted.encoder.starts[-1] is None
    fitted.workspace.rewind.look_at(20)
    run(fitted, "look_newest")
    assert not fitted.workspace.fitting.is_under_way and fitted.state.encoded is not None


def test_a_branch_of_a_running_fit_takes_its_place(desk, photo):
    desk.workspace.change(goal=Goal("gaussians", 50), steps=STEPS)
    desk.open(photo)
    desk.encoder.permits.release(20)
    desk.until(lambda: desk.state.progress.step >= 20)
    assert not BY_NAME["go_on"].enabled(desk.bench), "it is going on"
    desk.workspace.rewind.look_at(10)
    run(desk, "go_on")
    desk.finish()
    assert desk.encoder.starts[-1].checkpoint.step == 10 and desk.state.ticket == 2


def test_another_picture_has_nothing_to_look_back_at(fitted, draw):
    fitted.workspace.rewind.look_at(20)
    fitted.open(draw("other.png", 7))
    assert step_of(fitted) is None and not fitted.workspace.rewind.is_possible
    assert not any(BY_NAME[name].enabled(fitted.bench) for name in ("replay", "look_earlier", "go_on", "extend"))


def test_fits_that_begin_by_themselves_wait_where_that_is_wanted(desk, photo):
    run(desk, "start_paused")
    assert BY_NAME["start_paused"].checked(desk.bench)
    desk.open(photo)
    desk.encoder.permits.release(5)
    desk.until(lambda: desk.state.phase is Phase.PAUSED)
    desk.pump(0.1)
    assert desk.state.gaussians is None and desk.encoder.asked == 0
    desk.workspace.change(goal=Goal("gaussians", 9))
    desk.pump(0.15)
    assert desk.encoder.asked == 0
    run(desk, "play")
    assert desk.finish() is not None
    run(desk, "restart")
    desk.finish()
    assert len(desk.workspace.results) == 2, "what is asked for in so many words begins at once"


def test_the_results_of_branches_have_their_origin_and_others_none(fitted):
    result = next(iter(fitted.workspace.results))
    assert result.origin == ""
    assert replace(result, origin="x").answers(fitted.workspace.picture, result.settings, b"") is False
