"""What is said of a fit: plain words, and nothing more exact than it is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pretended_encoder import encoded

from daub.app.model.fit.reel import Kept
from daub.app.model.fit.state import FitState, Phase, Progress, Snapshot
from daub.app.model.fit.timeline import Timeline
from daub.app.model.fit.words import goal_line, phase_line, speed_words, stage_line, step_words, time_left
from daub.codec.goal import Goal
from daub.codec.progress import Stage
from daub.codec.rate.encoded import missed
from daub.render.gaussians import Gaussians

SNAPSHOT = Snapshot(Gaussians.empty(5), 5, psnr=30.0)


def state(phase, stage, goal=None, **more) -> FitState:
    progress = Progress(stage, 1, 12, 300, 0.4, 38.4, 13.0)
    return FitState(1, phase, goal or Goal("quality", 50), progress, SNAPSHOT, Timeline(300), **more)


@pytest.mark.parametrize(
    "stage,goal,words",
    [
        (Stage.PLAN, Goal("quality", 50), "Finding how many Gaussians quality 50 needs"),
        (Stage.FIT, Goal("quality", 50), "Fitting"),
        (Stage.ROUND, Goal("quality", 50), "Making a file of quality 50"),
        (Stage.ROUND, Goal("bytes", 20_000), "Making a file of at most 20,000 bytes"),
        (Stage.ROUND, Goal("psnr", 32), "Making a file of 32 dB"),
    ],
)
def test_every_stage_says_what_it_does_and_which_try_it_is(stage, goal, words):
    told = state(Phase.of(stage), stage, goal)
    assert stage_line(told) == words
    again = replace(told, progress=replace(told.progress, attempt=2))
    assert stage_line(again) == f"{words}, try 2"


def test_the_line_follows_the_course_of_a_fit():
    told = state(Phase.FITTING, Stage.FIT)
    assert phase_line(told) == "Fitting · step 12 of 300"
    assert (speed_words(told), time_left(told)) == ("38 steps/s", "about 15 s")
    assert phase_line(replace(told, phase=Phase.PAUSED)) == "Paused · step 12 of 300"
    assert phase_line(replace(told, phase=Phase.PAUSED, snapshot=None)) == "Ready to fit, paused"
    assert phase_line(FitState()) == "Getting ready to fit · the first time takes a minute or two"
    plan = state(Phase.PLANNING, Stage.PLAN, Goal("psnr", 26), is_compiling=True)
    assert phase_line(plan) == (
        "Finding how many Gaussians 26 dB needs · compiling, the first time takes a minute or two"
    )
    assert phase_line(replace(told, is_compiling=True)) == "Fitting · compiling, the first time takes a minute or two"
    done = replace(told, phase=Phase.FINISHED, encoded=encoded(b"x", 5))
    assert phase_line(done) == "Finished · the file is ready" and time_left(done) == ""
    kept = replace(told, kept=Kept(8, SNAPSHOT))
    assert phase_line(kept) == "Looking at step 8 of 0 · the fit goes on" and step_words(kept) == "8 of 300"


def test_how_near_a_file_is_to_its_goal_is_said_and_when_it_is_short_of_it():
    file = encoded(b"x" * 995, 5)
    told = state(Phase.FINISHED, Stage.ROUND, Goal("bytes", 1000), encoded=file)
    assert goal_line(told) == "0.4 % under 1,000 bytes"
    assert goal_line(replace(told, goal=Goal("psnr", 29.1))) == "-0.10 dB from 29.1 dB"
    assert goal_line(replace(told, goal=Goal("quality", 50))) == ""
    short = replace(file, missed=missed(Goal("psnr", 60), file))
    line = phase_line(replace(told, goal=Goal("psnr", 60), encoded=short))
    assert line == "Finished · the file is ready, short of the goal"
