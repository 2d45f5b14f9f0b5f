"""The tab of the strip that tells how a fit goes: figures, its plot, and a head in it that is dragged to look back."""

from __future__ import annotations

from imgui_bundle import ImVec2, imgui
from PySide6.QtCore import QTimer

from daub.app.model.fit.state import FitState
from daub.app.model.fit.words import phase_line, speed_words, step_words, time_left
from daub.app.model.workspace.workspace import Workspace
from daub.app.window.look.theme import Theme
from daub.app.window.viewport.plot import PlotMouse, draw_plot
from daub.app.window.viewport.tint import tint

_COLUMN = 168  # logical pixels, of figures
_ROW = 21  # logical pixels
_GAP = 16  # logical pixels between figures and plot
_PER_SECOND = 12  # states, while the timeline plays


class TimelineTab:
    """Args: workspace: whose fit it is."""

    name = short = "Timeline"

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._dragging = False  # the head
        self._dragged_to: float | None = None  # step
        self._wanted: float | None = None  # step to look at, until that is done
        self._player = QTimer(interval=round(1000 / _PER_SECOND))
        self._player.timeout.connect(workspace.rewind.tick)
        workspace.changed.connect(lambda _: self._play())

    def has_content(self) -> bool:
        return self._workspace.newest.timeline is not None

    def summary(self) -> tuple[str, ...]:
        state = self._workspace.state
        phase = phase_line(state)
        shorter = phase.split(" · ")[-1 if state.phase.running else 0]  # the step, or how it ended
        count = "" if state.gaussians is None else f"{len(state.gaussians):,} Gaussians"
        psnr = "" if state.psnr is None else f"{state.psnr:.2f} dB"
        left = time_left(state) and f"{time_left(state)} left"
        shortest = state.phase.value if state.kept is None else f"Step {state.kept.step:,}"
        lines = (phase, count, psnr, left), (shorter, count, psnr, left), (shorter, psnr), (shortest, psnr), (shortest,)
        return tuple("   ·   ".join(filter(None, line)) for line in lines)

    def draw(self, width: float, height: float, theme: Theme) -> None:
        state = self._workspace.state
        _draw_figures(state, theme)
        if width > 2 * _COLUMN:
            imgui.same_line(_COLUMN + _GAP)
            self._drag(draw_plot(state, theme, width - _COLUMN - _GAP, height))

    def _drag(self, mouse: PlotMouse | None) -> None:
        """The head follows the mouse from a press in the plot to its release."""
        if mouse is None:
            return
        if mouse.is_inside and imgui.is_mouse_clicked(0):
            self._dragging = True
        self._dragging = self._dragging and imgui.is_mouse_down(0)
        if self._dragging and mouse.step != self._dragged_to:
            self._dragged_to = mouse.step
            if self._wanted is None:
                QTimer.singleShot(0, self._look)  # not amid a frame: it changes what is drawn
            self._wanted = mouse.step

    def _look(self) -> None:
        step, self._wanted = self._wanted, None
        if step is not None:
            self._workspace.rewind.look_at(step)

    def _play(self) -> None:
        if self._workspace.rewind.is_playing != self._player.isActive():
            (self._player.start if self._workspace.rewind.is_playing else self._player.stop)()


def _draw_figures(state: FitState, theme: Theme) -> None:
    imgui.begin_group()
    rows = [
        ("Step", step_words(state)),
        ("Gaussians", "" if state.gaussians is None else f"{len(state.gaussians):,}"),
        ("PSNR", "" if state.psnr is None else f"{state.psnr:.2f} dB"),
        ("Speed", speed_words(state)),
        ("Time left", time_left(state).removeprefix("about ")),
    ]
    top = imgui.get_cursor_pos_y()
    tints = {"Gaussians": theme.count, "PSNR": theme.psnr}
    for row, (name, value) in enumerate(rows):
        value = value or "–"
        imgui.set_cursor_pos(ImVec2(12, top + _ROW * row))
        imgui.text_colored(tint(tints.get(name, theme.dim)), name)
        imgui.same_line(_COLUMN - imgui.calc_text_size(value).x)
        imgui.text(value)
    imgui.end_group()
