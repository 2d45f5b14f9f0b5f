"""What is said of a fit while it goes on: plain words, rounded numbers."""

from __future__ import annotations

from daub.app.model.fit.pace import about
from daub.app.model.fit.state import FitState, Phase
from daub.codec.goal import GoalKind
from daub.codec.progress import Event, Stage

_ONCE = "the first time takes a minute or two"  # as long as kernels are compiled
EVENTS = {Event.GROWN: "added", Event.RELOCATED: "moved", Event.PRUNED: "removed"}  # what became of Gaussians


def stage_line(state: FitState) -> str:
    """What it does, and which try that is, as in "Finding how many Gaussians quality 50 needs, try 2"."""
    progress = state.progress
    does = {
        Stage.OPACITY: "Fitting the transparency",
        Stage.PLAN: f"Finding how many Gaussians {state.goal} needs",
        Stage.FIT: "Fitting",
        Stage.ROUND: f"Making a file of {_aim(state)}",
    }[progress.stage]
    return f"{does}, try {progress.attempt}" if progress.attempt > 1 else does


def phase_line(state: FitState) -> str:
    """The same with the step, or how it ended, or which step is looked at."""
    if state.kept is not None:
        goes_on = " · the fit goes on" if state.phase.running else ""
        return f"Looking at step {state.kept.step:,} of {state.timeline.step:,}{goes_on}"
    if state.phase is Phase.WARMING:
        return f"{state.phase.value} · {_ONCE}"
    if state.phase.running:
        return stage_line(state) + (f" · compiling, {_ONCE}" if state.is_compiling else _steps(state))
    if state.phase is Phase.PAUSED:
        if state.snapshot is None:
            return "Ready to fit, paused"
        if state.progress.stage is Stage.FIT:
            return f"Paused{_steps(state)}"
        line = stage_line(state)
        return f"Paused · {line[:1].lower()}{line[1:]}"
    if state.encoded is not None and state.phase in (Phase.FINISHED, Phase.STOPPED):
        missed = ", short of the goal" if state.encoded.missed is not None else ""
        return f"{state.phase.value} · the file is ready{missed}"
    return state.phase.value


def time_left(state: FitState) -> str:
    """As in "about 25 s", or nothing where it is unknown or over."""
    seconds = state.progress.seconds_left
    return about(seconds) if seconds is not None and state.phase.active else ""


def goal_line(state: FitState) -> str:
    """How near the file is to a goal of a size or a measure, as in "0.1 % under 20,000 bytes"; "" of other goals."""
    encoded, goal = state.encoded, state.goal
    if encoded is None:
        return ""
    limit = goal.limit(encoded.document.width * encoded.document.height)
    if limit is not None:
        off = 100 * (len(encoded.data) / limit - 1)
        return f"{abs(off):.1f} % {'under' if off <= 0 else 'over'} {goal}"
    if goal.kind is GoalKind.PSNR:
        return f"{encoded.psnr - goal.value:+.2f} dB from {goal}"
    if goal.kind is GoalKind.MS_SSIM and encoded.ms_ssim is not None:
        return f"{encoded.ms_ssim - goal.value:+.4f} from {goal}"
    return ""


def speed_words(state: FitState) -> str:
    """As in "38 steps/s", nothing where it is unknown."""
    speed = state.progress.steps_per_second
    if not state.phase.running or speed is None:
        return ""
    return f"{speed:,.{0 if speed >= 10 else 1}f} steps/s"


def step_words(state: FitState) -> str:
    """As in "120 of 300": of the plan while there is one, then of the fit."""
    if state.kept is not None:
        return f"{state.kept.step:,} of {state.timeline.steps:,}"
    if state.progress.stage is Stage.PLAN:
        return f"{state.progress.step:,} of {state.progress.steps:,}"
    steps = state.timeline.steps
    if state.progress.stage is Stage.FIT:  # which goes on for a while where it foresees what a network will add
        steps = max(steps, state.progress.steps)
    return f"{state.timeline.step:,} of {max(steps, state.timeline.step):,}"


def _steps(state: FitState) -> str:
    progress = state.progress
    return f" · step {progress.step:,} of {progress.steps:,}" if progress.stage is Stage.FIT and progress.step else ""


def _aim(state: FitState) -> str:
    """As in "at most 20,000 bytes"; of goals that any file will meet, what those who wait for it know it by."""
    if state.goal.kind in (GoalKind.BYTES, GoalKind.BPP):
        return f"at most {state.goal}"
    return str(state.goal)
