"""What rows of the sources are called until a person gives them another name."""

from __future__ import annotations

from collections.abc import Collection

from daub.app.model import writer
from daub.app.model.fit_state import FitState
from daub.codec.settings import EncodeSettings

_SAID_BY_METHOD = ("goal", "profile", "parts")  # settings that are named otherwise, and those nobody sets in a window
_LABELS = {"tune": "tuned for {}", "exact_count": "exact count {}"}


def name_of_result(settings: EncodeSettings, state: FitState) -> str:
    """What was asked for: the goal, the method where it is none of Daub's own, and what differs from the usual.

    >>> from daub.codec.goal import Goal
    >>> name_of_result(EncodeSettings(Goal("quality", 50), effort=8), FitState())
    'Quality 50, effort 8'
    """
    goal = str(settings.goal)
    usual = EncodeSettings()
    others = [
        _LABELS.get(name, f"{name} {{}}").format(getattr(settings, name))
        for name in usual.__dataclass_fields__
        if name not in _SAID_BY_METHOD and getattr(settings, name) != getattr(usual, name)
    ]
    return ", ".join([goal[:1].upper() + goal[1:] + writer.by(state), *others])


def told_apart(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where others have it already.

    >>> told_apart("Quality 50", ["Quality 50", "Quality 50 (2)"])
    'Quality 50 (3)'
    """
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found
