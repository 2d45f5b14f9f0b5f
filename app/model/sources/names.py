"""What rows of the sources are called until a person gives them another name."""

from __future__ import annotations

from collections.abc import Collection

from daub.app.model.fit import writer
from daub.app.model.fit.state import FitState
from daub.app.model.sources.source import Kind, Source
from daub.codec.settings import EncodeSettings

_SAID_BY_METHOD = ("goal", "profile", "parts")  # settings that are named otherwise, and those nobody sets in a window
_LABELS = {"tune": "tuned for {}", "exact_count": "exact count {}", "restore": "restored"}


def name_of_result(settings: EncodeSettings, state: FitState, taken: Collection[str] = ()) -> str:
    """What was asked for: the goal, the method where it is none of Daub's own, and whether it was stopped.

    Where others have that name, what differs from the usual stands behind it, and then a number.

    >>> from daub.codec.goal import Goal
    >>> settings = EncodeSettings(Goal("quality", 50), effort=8)
    >>> name_of_result(settings, FitState()), name_of_result(settings, FitState(), ["Quality 50"])
    ('Quality 50', 'Quality 50, effort 8')
    """
    goal = str(settings.goal)
    stopped = state.encoded is not None and not state.whole
    name = goal[:1].upper() + goal[1:] + writer.by(state) + (", stopped" if stopped else "")
    return name if name not in taken else told_apart(", ".join([name, *_unusual(settings)]), taken)


def _unusual(settings: EncodeSettings) -> list[str]:
    """What differs from the usual, a phrase each."""
    usual = EncodeSettings()
    return [
        _LABELS.get(name, f"{name} {{}}").format(getattr(settings, name))
        for name in usual.__dataclass_fields__
        if name not in _SAID_BY_METHOD and getattr(settings, name) != getattr(usual, name)
    ]


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


def kind_words(row: Source) -> str:
    """What a row is, in words."""
    if row.kind in (Kind.PICTURE, Kind.FILE):
        what = "Daub file" if row.has_gaussians else "Image"
        return f"{what}, open" if row.kind is Kind.PICTURE else what
    return {
        Kind.LIVE: "The fit under way", Kind.RESULT: "Result", Kind.RIVAL: "File of another codec",
        Kind.EDITED: "Edited Gaussians, in no file yet",
    }[row.kind]  # fmt: skip
