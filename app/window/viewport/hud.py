"""The strip under the picture, with figures and plot of the fit. Dear ImGui content."""

from __future__ import annotations

from imgui_bundle import ImVec2, imgui

from daub.app.model.fit_state import FitState
from daub.app.model.words import stage_line, time_left
from daub.app.window.look.theme import Theme
from daub.app.window.viewport.plot import draw_plot, tint
from daub.codec.progress import Stage

OPEN_HEIGHT = 118  # logical pixels, expanded ...
CLOSED_HEIGHT = 26  # ... and collapsed to a line
_COLUMN = 168  # of figures


class Timeline:
    """The strip; `expanded` is also switched from the menu."""

    def __init__(self):
        self.expanded = True
        self.toggled = False  # by a click on the strip, since the viewport last looked

    def height(self, state: FitState) -> int:
        """Logical pixels it takes from the picture; nothing while there is no fit to tell of."""
        if state.timeline is None:
            return 0
        return OPEN_HEIGHT if self.expanded else CLOSED_HEIGHT

    def draw(self, state: FitState, theme: Theme, width: float, bottom: float) -> None:
        height = self.height(state)
        if not height:
            return
        imgui.set_next_window_pos(ImVec2(0, bottom - height))
        imgui.set_next_window_size(ImVec2(width, height))
        imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(10, 5))
        imgui.push_style_var(imgui.StyleVar_.window_border_size, 0.0)
        imgui.push_style_var(imgui.StyleVar_.window_min_size, ImVec2(1, 1))
        imgui.push_style_color(imgui.Col_.window_bg, tint(theme.strip))
        imgui.push_style_color(imgui.Col_.text, tint(theme.text))
        flags = imgui.WindowFlags_
        fixed = flags.no_decoration | flags.no_move | flags.no_saved_settings | flags.no_nav
        imgui.begin("timeline", None, fixed | flags.no_scroll_with_mouse)
        if self.expanded:
            self._figures(state, theme)
            if width > 2 * _COLUMN:
                imgui.same_line(_COLUMN + 28)
                draw_plot(state, theme, width - _COLUMN - 62, height - 8)
        else:
            imgui.text(_summary(state))
        self._switch(theme, width, bottom - height)
        imgui.end()
        imgui.pop_style_color(2)
        imgui.pop_style_var(3)

    def _figures(self, state: FitState, theme: Theme) -> None:
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
            imgui.set_cursor_pos(ImVec2(12, top + 21 * row))
            imgui.text_colored(tint(tints.get(name, theme.dim)), name)
            imgui.same_line(_COLUMN - imgui.calc_text_size(value).x)
            imgui.text(value)
        imgui.end_group()

    def _switch(self, theme: Theme, width: float, top: float) -> None:
        """The triangle in the corner that folds the strip."""
        x, y = width - 26, top + 3
        imgui.set_cursor_screen_pos(ImVec2(x, y))
        if imgui.invisible_button("fold", ImVec2(20, 20)):
            self.toggled = True
        ink = imgui.get_color_u32(tint(theme.text if imgui.is_item_hovered() else theme.dim))
        up = -1 if not self.expanded else 1
        centre = ImVec2(x + 10, y + 10)
        imgui.get_window_draw_list().add_triangle_filled(
            ImVec2(centre.x - 5 * up, centre.y - 3 * up),
            ImVec2(centre.x + 5 * up, centre.y - 3 * up),
            ImVec2(centre.x, centre.y + 4 * up),
            ink,
        )


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


def _summary(state: FitState) -> str:
    parts = [stage_line(state) if state.phase.running else state.phase.value, f"Step {_step(state)}"]
    if state.gaussians is not None:
        parts.append(f"{len(state.gaussians):,} Gaussians")
    if state.psnr is not None:
        parts.append(f"{state.psnr:.2f} dB")
    if time_left(state):
        parts.append(f"{time_left(state)} left")
    return "   ·   ".join(parts)
