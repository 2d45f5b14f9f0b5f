"""What is said of a fit while it goes on."""

from __future__ import annotations

from daub.app.model.fit_state import FitState, Phase
from daub.app.model.pace import about
from daub.codec.progress import Stage


def stage_line(state: FitState) -> str:
    """What it does, and which try that is, as in "Writing the file (try 2)"."""
    progress = state.progress
    does = {
        Stage.PLAN: f"Finding how many Gaussians {state.goal} needs",
        Stage.FIT: "Fitting",
        Stage.ROUND: "Writing the file",
    }[progress.stage]
    return f"{does} (try {progress.attempt})" if progress.attempt > 1 else does


def phase_line(state: FitState) -> str:
    """The same with the step, or how it ended."""
    progress = state.progress
    if state.phase.running:
        fits = progress.stage is Stage.FIT and progress.step
        steps = f" · step {progress.step} of {progress.steps}" if fits else ""
        return stage_line(state) + steps
    if state.phase is Phase.PAUSED:
        if progress.stage is Stage.FIT:
            return f"Paused · step {progress.step} of {progress.steps}"
        line = stage_line(state)
        return f"Paused · {line[:1].lower()}{line[1:]}"
    if state.encoded is not None and state.phase in (Phase.FINISHED, Phase.STOPPED):
        return f"{state.phase.value} · the file is ready"
    return state.phase.value


def time_left(state: FitState) -> str:
    """As in "25 s", or nothing where it is unknown or over."""
    seconds = state.progress.seconds_left
    return about(seconds) if seconds is not None and state.phase.active else ""
