"""The plot of a fit: count and PSNR against step, where the population changed, the step looked at, and pins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from imgui_bundle import ImVec2, ImVec4, imgui, implot

from daub.app.model.fit.state import FitState
from daub.app.model.fit.timeline import Moment, Pin, Timeline
from daub.app.model.fit.words import EVENTS
from daub.app.window.look.theme import Theme
from daub.app.window.viewport.hint import draw_hint
from daub.app.window.viewport.tint import tint
from daub.codec.progress import Event

_POINTS = 500  # of a curve
_REACH = 4  # logical pixels to either side of the mouse in which a change is found
_TICK = 9  # logical pixels, height of a mark


_HEAD = 5  # logical pixels, half the width of the head's grip
_PIN = 4  # logical pixels, half the width of a pin


@dataclass(frozen=True)
class PlotMouse:
    """Where the mouse is.

    Args:
        step: of the fit, at its place from left to right.
        is_inside: it is over the plot.
    """

    step: float
    is_inside: bool


def draw_plot(state: FitState, theme: Theme, width: float, height: float) -> PlotMouse | None:
    """At the cursor of the current window; logical pixels. Returns where the mouse is, None where there is no plot."""
    steps, counts, psnrs = state.timeline.curves(_POINTS)
    with bare_plot("##curves", width, height, theme) as opened:
        if not opened:
            return None
        _set_axes(state, counts, psnrs)
        _draw_changes(state.timeline, theme)
        if len(steps) > 1:
            implot.plot_line("count", steps, counts, implot.Spec(line_color=tint(theme.count), line_weight=1.5))
            implot.set_axes(implot.ImAxis_.x1, implot.ImAxis_.y1)
            implot.plot_line("psnr", steps, psnrs, implot.Spec(line_color=tint(theme.psnr), line_weight=2.0))
        _draw_legend(state.timeline, theme)
        _draw_states(state, theme)
        mouse = _mouse()
        if mouse.is_inside:
            _draw_reading(state.timeline, theme, mouse)
    return mouse


@contextmanager
def bare_plot(name: str, width: float, height: float, theme: Theme) -> Iterator[bool]:
    """A plot without a frame in the colours of a theme, which the mouse cannot move; whether it is seen."""
    colours = {
        implot.Col_.frame_bg: ImVec4(0, 0, 0, 0),
        implot.Col_.plot_bg: ImVec4(0, 0, 0, 0),
        implot.Col_.plot_border: tint(theme.line),
        implot.Col_.axis_text: tint(theme.dim),
        implot.Col_.axis_grid: tint(theme.line),
        implot.Col_.axis_bg_hovered: ImVec4(0, 0, 0, 0),
    }
    for which, colour in colours.items():
        implot.push_style_color(which, colour)
    implot.push_style_var(implot.StyleVar_.plot_padding, ImVec2(2, 4))
    implot.push_style_var(implot.StyleVar_.label_padding, ImVec2(_HEAD + 3, 2))  # beside the head, too
    flags = implot.Flags_.no_legend | implot.Flags_.no_menus | implot.Flags_.no_box_select | implot.Flags_.no_inputs
    opened = implot.begin_plot(name, ImVec2(width, height), flags | implot.Flags_.no_mouse_text)
    try:
        yield opened
    finally:
        if opened:
            implot.end_plot()
        implot.pop_style_var(2)
        implot.pop_style_color(len(colours))


def reading(moment: Moment, pins: tuple[Pin, ...] = ()) -> tuple[str, ...]:
    """What is said of a step, in lines. Args: pins: at that step."""
    lines = (f"Step {moment.step:,}: {moment.count:,} Gaussians, {moment.psnr:.2f} dB before rounding",)
    if moment.event is Event.RELOCATED:
        lines = *lines, "the weakest were moved before it"
    elif moment.event is not None:
        lines = *lines, f"{abs(moment.gained):,} {EVENTS[moment.event]} before it"
    return *lines, *(pin.words for pin in pins)


def _set_axes(state: FitState, counts: np.ndarray, psnrs: np.ndarray) -> None:
    plain = implot.AxisFlags_.no_highlight | implot.AxisFlags_.no_menus
    bare = plain | implot.AxisFlags_.no_grid_lines
    implot.setup_axis(implot.ImAxis_.x1, None, bare)
    implot.setup_axis(implot.ImAxis_.y1, None, plain)
    implot.setup_axis(implot.ImAxis_.y2, None, bare | implot.AxisFlags_.opposite)
    last = max(state.timeline.steps, state.timeline.step, 1)
    implot.setup_axis_limits(implot.ImAxis_.x1, 0, last, implot.Cond_.always)
    implot.setup_axis_limits(implot.ImAxis_.y1, *_decibel_range(psnrs), implot.Cond_.always)
    full = _round_up(counts)
    implot.setup_axis_limits(implot.ImAxis_.y2, 0, 1.06 * full, implot.Cond_.always)
    implot.setup_axis_ticks(implot.ImAxis_.y2, full / 2, full, 2, [f"{full / 2:,.0f}", f"{full:,.0f}"])
    implot.setup_axis_format(implot.ImAxis_.y1, "%g dB")
    implot.set_axes(implot.ImAxis_.x1, implot.ImAxis_.y2)


def _draw_changes(timeline: Timeline, theme: Theme) -> None:
    """A line through the plot where it grew, which is seldom; ticks on its floor for what may happen every 20 steps."""
    grown = timeline.events(Event.GROWN)
    if len(grown):
        implot.plot_inf_lines("grown", grown, implot.Spec(line_color=tint(theme.count, 0.28)))
    floor = implot.get_plot_pos().y + implot.get_plot_size().y - 1
    implot.push_plot_clip_rect()
    for kind in (Event.RELOCATED, Event.PRUNED):  # the later lies on top: it is the rarer
        for x in {round(implot.plot_to_pixels(step, 0).x) for step in timeline.events(kind)}:
            _draw_mark(kind, x, floor, theme)
    implot.pop_plot_clip_rect()


def _draw_mark(kind: str, x: float, floor: float, theme: Theme) -> None:
    ink = imgui.get_color_u32(
        tint({Event.GROWN: theme.count, Event.RELOCATED: theme.relocated, Event.PRUNED: theme.pruned}[kind])
    )
    implot.get_plot_draw_list().add_line(ImVec2(x, floor), ImVec2(x, floor - _TICK), ink, 2.0)


def _draw_legend(timeline: Timeline, theme: Theme) -> None:
    """In the lower right corner, which the curves seldom come to, above the ticks; of what has happened."""
    corner, size = implot.get_plot_pos(), implot.get_plot_size()
    x, floor = corner.x + size.x, corner.y + size.y - _TICK - 5
    for kind in reversed(Event):
        if len(timeline.events(kind)):
            text = imgui.calc_text_size(EVENTS[kind])
            x -= text.x + 20
            _draw_mark(kind, x, floor, theme)
            ink = imgui.get_color_u32(tint(theme.dim))
            implot.get_plot_draw_list().add_text(ImVec2(x + 6, floor - text.y + 2), ink, EVENTS[kind])


def _draw_states(state: FitState, theme: Theme) -> None:
    """Dots at the upper edge for the states that can be looked at, a head at the one that is, and pins."""
    corner, size, drawing = implot.get_plot_pos(), implot.get_plot_size(), implot.get_plot_draw_list()

    def x_of(step: float) -> float:
        return implot.plot_to_pixels(step, 0).x

    implot.push_plot_clip_rect(_HEAD)
    dim, accent = imgui.get_color_u32(tint(theme.dim)), imgui.get_color_u32(tint(theme.accent))
    for kept in state.timeline.reel.states:
        drawing.add_circle_filled(ImVec2(x_of(kept.step), corner.y + 3), 1.5, dim, 8)
    for pin in state.timeline.pins:
        x, foot = x_of(pin.step), corner.y + size.y
        drawing.add_line(ImVec2(x, corner.y + 2 * _PIN), ImVec2(x, foot), accent, 1.0)
        left, right, tip = ImVec2(x - _PIN, corner.y), ImVec2(x + _PIN, corner.y), ImVec2(x, corner.y + 2 * _PIN)
        drawing.add_triangle_filled(left, right, tip, accent)
    if len(state.timeline):
        x = x_of(state.timeline.step if state.kept is None else state.kept.step)
        ink = accent if state.kept is not None else dim
        drawing.add_line(ImVec2(x, corner.y), ImVec2(x, corner.y + size.y), ink, 2.0 if state.kept is not None else 1.0)
        drawing.add_rect_filled(ImVec2(x - _HEAD, corner.y), ImVec2(x + _HEAD, corner.y + 2 * _HEAD), ink, 3)
    implot.pop_plot_clip_rect()


def _mouse() -> PlotMouse:
    corner, size, mouse = implot.get_plot_pos(), implot.get_plot_size(), imgui.get_mouse_pos()
    is_inside = 0 <= mouse.x - corner.x < size.x and 0 <= mouse.y - corner.y < size.y
    return PlotMouse(implot.pixels_to_plot(mouse.x, mouse.y).x, is_inside)


def _draw_reading(timeline: Timeline, theme: Theme, mouse: PlotMouse) -> None:
    corner, size, place = implot.get_plot_pos(), implot.get_plot_size(), imgui.get_mouse_pos()
    reach = implot.pixels_to_plot(place.x + _REACH, place.y).x - mouse.step
    moment = timeline.moment(mouse.step, reach)
    if moment is None:
        return
    pins = tuple(pin for pin in timeline.pins if abs(pin.step - moment.step) <= reach)
    x = implot.plot_to_pixels(moment.step, 0).x
    ends = ImVec2(x, corner.y), ImVec2(x, corner.y + size.y)
    implot.get_plot_draw_list().add_line(*ends, imgui.get_color_u32(tint(theme.dim, 0.6)), 1.0)
    draw_hint(reading(moment, pins), theme)


def _decibel_range(psnrs: np.ndarray) -> tuple[float, float]:
    """From a little below the bulk of the curve: the first steps would flatten everything after them."""
    if not len(psnrs):
        return 0.0, 40.0
    low, high = float(np.percentile(psnrs, 3)), float(psnrs.max())
    return 5 * np.floor((low - 0.5) / 5), max(5 * np.ceil((high + 0.3) / 5), 5 * np.floor((low - 0.5) / 5) + 5)


def _round_up(counts: np.ndarray) -> float:
    """The next number with one or two digits that are not zero."""
    most = max(float(counts.max()), 2.0) if len(counts) else 2.0
    digit = 10 ** max(0, math.floor(math.log10(most)) - 1)
    return 2 * digit * math.ceil(most / (2 * digit))
