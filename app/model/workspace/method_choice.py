"""What else changes in the settings when another method is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daub.app.model.fit.method import method_of
from daub.codec.goal import DEFAULT_GOAL, GOALS, Goal, GoalKind
from daub.codec.settings import EncodeSettings


def values_for(
    profile: str,
    parts: tuple[tuple[str, str], ...],
    settings: EncodeSettings,
    readings: Mapping[GoalKind, float],
    free_goal: Goal | None,
) -> tuple[dict[str, Any], Goal | None]:
    """New values of settings, and the goal that is to come back with a method that knows all kinds.

    Args:
        profile, parts: of the method.
        settings: as they are.
        readings: what the fit that is shown has come to.
        free_goal: of before the method came that knows a number of Gaussians alone, None with any other.

    Raises:
        DaubError: there is no such method, or its parts do not go together.
    """
    values: dict[str, Any] = {"profile": profile, "parts": parts}
    if profile != settings.profile:
        values["steps"] = None  # the method's own
    method = method_of(replace(settings, goal=DEFAULT_GOAL, **values))
    if not method.weighs_pixels:
        values["tune"] = None  # its loss is its own
    if method.writes_files:
        if settings.goal.kind is not GoalKind.GAUSSIANS:
            free_goal = settings.goal
            count = readings.get(GoalKind.GAUSSIANS, GOALS[GoalKind.GAUSSIANS].default)
            values["goal"] = Goal(GoalKind.GAUSSIANS, int(count))
    elif free_goal is not None:
        values["goal"], free_goal = free_goal, None
    return values, free_goal
