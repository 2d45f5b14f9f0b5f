"""What a file of what is wanted now will take, and how long it takes: from the results of the picture that is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daub.app.model.fit.prediction import EXACT, ROUGH, Anchor, Prediction, predict
from daub.app.model.fit.state import FitState
from daub.app.model.workspace.result import Result
from daub.codec.goal import GOALS, Goal, GoalKind
from daub.codec.progress import Stage
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.app.model.workspace.workspace import Workspace


def size_of(workspace: Workspace, goal: Goal) -> Prediction | None:
    """The size of a file for that goal with the settings as they are; None where nothing is known.

    The real size where there is such a file already.
    """
    picture, settings = workspace.picture, replace(workspace.settings, goal=goal)
    if picture is None or not picture.can_be_fitted:
        return None
    results = [result for result in workspace.results if result.picture == picture.key]
    for result in reversed(results):
        if result.settings == settings and result.state.whole and not result.origin:
            size = float(result.file.bytes)
            return Prediction(size, size, size)
    anchors = [anchor for result in results if (anchor := _anchor(result, settings)) is not None]
    live = _live(workspace.newest, settings) if not anchors else None
    return predict(goal, [*anchors, *([live] if live else [])], picture.width * picture.height)


def _anchor(result: Result, settings: EncodeSettings) -> Anchor | None:
    """A result as a point on the curve of that kind of goal."""
    kind, size = settings.goal.kind, result.file.bytes
    alike = replace(result.settings, goal=settings.goal, seed=settings.seed) == settings
    if result.settings.goal.kind is kind and (result.encoded is None or result.encoded.missed is None):
        whole = alike and result.state.whole and not result.origin
        return Anchor(result.settings.goal, size, EXACT if whole else ROUGH)
    values = {
        GoalKind.GAUSSIANS: None if result.encoded is None else len(result.encoded.gaussians),
        GoalKind.PSNR: result.file.psnr,
        GoalKind.MS_SSIM: result.ms_ssim,
    }
    return _rough(kind, values.get(kind), size)


def _live(state: FitState, settings: EncodeSettings) -> Anchor | None:
    """The fit under way, before there is any file; not until it has all its Gaussians, as its size is of those."""
    if state.encoded is not None or state.size is None or state.progress.stage is not Stage.FIT:
        return None
    if len(state.snapshot.gaussians) < state.snapshot.goal_count:
        return None
    if state.goal.kind is settings.goal.kind:
        return Anchor(state.goal, state.size, 2 * ROUGH)
    return None


def _rough(kind: GoalKind, value: float | None, size: int) -> Anchor | None:
    option = GOALS[kind]
    if value is None or not option.smallest <= value <= option.largest:
        return None
    return Anchor(Goal(kind, value), size, ROUGH)
