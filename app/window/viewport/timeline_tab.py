"""The tab of the strip that tells how a fit goes: figures, and its plot."""

from __future__ import annotations

from collections.abc import Callable

from imgui_bundle import ImVec2, imgui

from daub.app.model.fit_state import FitState
from daub.app.model.words import stage_line, time_left
from daub.app.window.look.theme import Theme
from daub.app.window.viewport.plot import draw_plot, tint
from daub.codec.progress import Stage

_COLUMN = 168  # logical pixels, of figures
_ROW = 21  # logical pixels
_GAP = 16  # logical pixels between figures and plot


class TimelineTab:
    """Args: state: the fit that is shown."""

    name = "Timeline"

    def __init__(self, state: Callable[[], FitState]):
        self._state = state

    def has_content(self) -> bool:
        return self._state().timeline is not None

    def summary(self) -> str:
        state = self._state()
        parts = [stage_line(state) if state.phase.running else state.phase.value, f"Step {_step(state)}"]
        if state.gaussians is not None:
            parts.append(f"{len(state.gaussians):,} Gaussians")
        if state.psnr is not None:
            parts.append(f"{state.psnr:.2f} dB")
        if time_left(state):
            parts.append(f"{time_left(state)} left")
        return "   ·   ".join(parts)

    def draw(self, width: float, height: float, theme: Theme) -> None:
        state = self._state()
        _draw_figures(state, theme)
        if width > 2 * _COLUMN:
            imgui.same_line(_COLUMN + _GAP)
            draw_plot(state, theme, width - _COLUMN - _GAP, height)


def _draw_figures(state: FitState, theme: Theme) -> None:
    imgui.begin_group()
    psnr = None if state.snapshot is None else state.snapshot.psnr
    rows = [
        ("Step", _step(state)),
        ("Gaussians", f"{len(state.gaussians):,}" if state.gaussians is not None else "–"),
        ("PSNR of fit", f"{psnr:.2f} dB" if psnr is not None else "–"),
        ("Speed", _speed(state)),
        ("Time left", time_left(state) or "–"),
    ]
    top = imgui.get_cursor_pos_y()
    tints = {"Gaussians": theme.count, "PSNR of fit": theme.psnr}
    for row, (name, value) in enumerate(rows):
        imgui.set_cursor_pos(ImVec2(12, top + _ROW * row))
        imgui.text_colored(tint(tints.get(name, theme.dim)), name)
        imgui.same_line(_COLUMN - imgui.calc_text_size(value).x)
        imgui.text(value)
    imgui.end_group()


def _speed(state: FitState) -> str:
    speed = state.progress.steps_per_second
    if not state.phase.running or speed is None:
        return "–"
    return f"{speed:.{0 if speed >= 10 else 1}f} steps/s"


def _step(state: FitState) -> str:
    """Of the plan while there is one, then of the fit."""
    if state.progress.stage is Stage.PLAN:
        return f"{state.progress.step} / {state.progress.steps}"
    return f"{state.timeline.step} / {state.timeline.steps}"
