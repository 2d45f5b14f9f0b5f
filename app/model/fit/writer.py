"""Who makes the file of a fit, in words: its method, where that has a file of its own and the fit is whole, or Daub.

Every place that speaks of it (progress, tooltips, dialogs, notices, labels on the picture) takes its words from here.
"""

from __future__ import annotations

from daub.app.model.fit.state import FitState
from daub.codec.settings import NATIVE

BY_DAUB = "Daub's own quantiser and coder"


def note(state: FitState) -> str:
    """A sentence where Daub writes the file though the method has one of its own, else nothing."""
    if not state.native_file:
        return ""
    file = "A file made before the end" if state.encoded is None else "The file"
    return f"{file} is refined and written by {BY_DAUB}, not by {state.method.name}"


def remark(state: FitState) -> str:
    """Follows the size of a file that was saved; nothing where there is but one who could have written it."""
    if not state.method.writes_files:
        return ""
    return f", refined and written by {BY_DAUB}" if state.native_file else f", written by {state.method.name}"


def stopped(state: FitState) -> str:
    """Said when a fit was stopped and its file is there; nothing where that is as everywhere."""
    return f"Stopped early: refined and written by {BY_DAUB}" if state.native_file else ""


def title(state: FitState) -> str:
    """Of the dialog that asks where to write the file."""
    return f"Export .daub, by {BY_DAUB}" if state.native_file else "Export .daub"


def label(state: FitState) -> str:
    """Of the fit, one of its steps, or its file, on the picture."""
    if state.kept is not None:
        return f"Step {state.kept.step:,}" + by(state)
    return ("Decoded file" if state.encoded is not None else "Fit") + by(state)


def by(state: FitState) -> str:
    """Follows the name of a fit or its file: its method, and who has written the file; nothing where that is Daub."""
    if state.method.name == NATIVE:
        return ""
    writer = ", written by Daub" if state.encoded is not None and state.native_file else ""
    return f" · {state.method.name}{writer}"
