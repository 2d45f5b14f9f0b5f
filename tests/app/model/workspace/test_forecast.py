"""What size is expected while the first fit of a picture is under way."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from daub.app.model.fit.state import FitState, Phase, Progress, Snapshot
from daub.app.model.workspace.forecast import size_of
from daub.codec.goal import Goal
from daub.codec.progress import Stage
from daub.codec.settings import EncodeSettings
from daub.render.gaussians import Gaussians


def workspace(goal: Goal, now: int, later: int, stage: Stage = Stage.FIT):
    """With a fit that has `now` Gaussians of `later`, for a file of about 9000 bytes."""
    gaussians = Gaussians.build(np.ones((now, 2)), [np.eye(2)] * now, np.ones((now, 3)))
    snapshot = Snapshot(gaussians, later, estimated_bytes=9_000)
    state = FitState(1, Phase.of(stage), goal, Progress(stage), snapshot)
    picture = SimpleNamespace(key="picture", can_be_fitted=True, width=768, height=512)
    return SimpleNamespace(picture=picture, settings=EncodeSettings(goal), results=[], newest=state)


@pytest.mark.parametrize("goal", [Goal("quality", 50), Goal("gaussians", 300)])
def test_a_fit_that_still_grows_tells_nothing_of_what_it_will_come_to(goal):
    assert size_of(workspace(goal, 20, 300), goal) is None
    expected = size_of(workspace(goal, 300, 300), goal)
    assert expected.low < 9_000 < expected.high and expected.likely == pytest.approx(9_000, rel=0.01)
    assert size_of(workspace(goal, 300, 300, Stage.PLAN), goal) is None


def test_a_size_is_what_it_was_asked_for():
    assert size_of(workspace(Goal("quality", 50), 20, 300), Goal("bytes", 5_000)).likely == pytest.approx(4_990, abs=10)
