"""The tab of the strip with the rate-distortion plot: switches for curves and axes, and the plot."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from imgui_bundle import ImVec2, ImVec4, imgui, implot

from daub.app.model.rivals.plot_style import DAUB, colour_of
from daub.app.model.rivals.rd_plot import NAMES, Dot, Quality, Rate, RdPlot
from daub.app.model.sources.source import psnr_text
from daub.app.window.look.theme import Theme
from daub.app.window.viewport.hint import draw_hint
from daub.app.window.viewport.plot import bare_plot
from daub.app.window.viewport.tint import tint

_AXES, _CURVES = 104, 132  # logical pixels, of the columns of switches
_ROWS = 7  # of either, one below the other; where these do not fit, each is divided into two columns
_LEAST_PLOT = 200  # logical pixels, of its width: a narrower one says nothing
_GAP = 10  # logical pixels between them and the plot
_SHORT = {Quality.PSNR: "PSNR", Rate.BPP: "bits per pixel"}  # in the column
_REACH = 9  # logical pixels around a dot in which it takes a click
_RADIUS = 5.0  # logical pixels, of a dot
_MARGIN = 0.06  # of the axes, around what is on them


class RdTab:
    """See above.

    Args:
        plot: what is shown.

    Attributes:
        spots: where dots are, logical pixels, by key of their rows.
        switches: where switches are, likewise, by key of the axis or name of the codec.
    """

    name, short = "Rate-distortion", "RD"

    def __init__(self, plot: RdPlot):
        self._plot = plot
        self.spots: dict[str, tuple[float, float]] = {}
        self.switches: dict[str, tuple[float, float]] = {}

    def has_content(self) -> bool:
        return self._plot.possible or bool(self._plot.dots)

    def summary(self) -> tuple[str, ...]:
        count = len(self._plot.dots)
        return (f"{count} file{'s' * (count != 1)}",) if count else ()

    def draw(self, width: float, height: float, theme: Theme) -> None:
        imgui.push_style_var(imgui.StyleVar_.item_spacing, ImVec2(4, 2))
        fits = height >= _ROWS * imgui.get_text_line_height_with_spacing()
        columns = 1 if fits or width < 2 * (_AXES + _CURVES + _GAP) + _LEAST_PLOT else 2
        for name, column, draw in (("axes", _AXES, self._draw_axes), ("curves", _CURVES, self._draw_curve_switches)):
            imgui.begin_child(name, ImVec2(columns * column, height))
            draw(theme, columns)
            imgui.end_child()
            imgui.same_line(0, _GAP)
        imgui.pop_style_var()
        taken = columns * (_AXES + _CURVES) + 2 * _GAP
        if width > taken + _LEAST_PLOT:
            self._draw_plot(width - taken, height, theme)

    # The columns of switches.

    def _draw_axes(self, theme: Theme, columns: int) -> None:
        plot = self._plot
        for field, words, values in (("quality", "upwards", Quality), ("rate", "to the right", Rate)):
            if columns > 1 and values is Rate:
                imgui.same_line(_AXES)
            imgui.begin_group()
            imgui.text_colored(tint(theme.dim), words)
            for each in values:
                self._draw_axis(field, each, getattr(plot, field) is each, theme)
            imgui.end_group()

    def _draw_axis(self, field: str, each: Quality | Rate, chosen: bool, theme: Theme) -> None:
        imgui.push_style_color(imgui.Col_.text, tint(theme.accent if chosen else theme.text))
        if imgui.selectable(f"{_SHORT.get(each, each.label)}##{each.key}", False, 0, ImVec2(_AXES - 8, 0))[0]:
            self._plot.set(**{field: each})
        self._note_switch(each.key)
        imgui.pop_style_color()

    def _draw_curve_switches(self, theme: Theme, columns: int) -> None:
        rows = -(-len(NAMES) // columns)
        for first in range(0, len(NAMES), rows):
            if first:
                imgui.same_line(_CURVES)
            imgui.begin_group()
            for codec in NAMES[first : first + rows]:
                self._draw_curve_switch(codec, theme)
            imgui.end_group()

    def _draw_curve_switch(self, codec: str, theme: Theme) -> None:
        """A line in the colour of the codec, its name, and how far its curve is."""
        plot, fraction = self._plot, self._plot.fraction(codec)
        drawn = plot.is_drawn(codec)
        colour = tint(colour_of(codec)) if drawn else tint(theme.faint)
        corner = imgui.get_cursor_screen_pos()
        label = codec if fraction is None else f"{codec} {100 * fraction:.0f} %"
        imgui.push_style_color(imgui.Col_.text, tint(theme.text if drawn else theme.dim))
        if imgui.selectable(f"       {label}###{codec}", False, 0, ImVec2(_CURVES - 8, 0))[0]:
            plot.toggle(codec)
        self._note_switch(codec)
        imgui.pop_style_color()
        if imgui.is_item_hovered():
            draw_hint([_hint(drawn, fraction)], theme)
        middle = corner.y + imgui.get_text_line_height() / 2
        imgui.get_window_draw_list().add_line(
            ImVec2(corner.x + 2, middle), ImVec2(corner.x + 16, middle), imgui.get_color_u32(colour), 3.0
        )

    def _note_switch(self, name: str) -> None:
        low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
        self.switches[name] = low.x + 8, (low.y + high.y) / 2

    # The plot.

    def _draw_plot(self, width: float, height: float, theme: Theme) -> None:
        plot = self._plot
        curves = {
            name: np.ascontiguousarray(np.array(places).T)
            for name, curve in plot.curves.items()
            if (places := plot.places(curve))
        }
        dots = [(dot, place) for dot in plot.dots if (place := plot.place(dot.point)) is not None]
        dots.sort(key=lambda pair: pair[0].side or "")  # what is on a side lies on top
        with bare_plot("##rd", width, height, theme) as opened:
            if not opened:
                return
            self._set_axes(curves, [place for _, place in dots])
            for name, (rates, qualities) in curves.items():
                ink, weight = _ink(name, theme), 2.4 if name == DAUB else 1.4
                spec = implot.Spec(
                    line_color=ink, line_weight=weight, marker=implot.Marker_.circle, marker_size=2.5,
                    marker_fill_color=ink,
                )  # fmt: skip
                implot.plot_line(name, rates, qualities, spec)
            self._draw_target(theme)
            self.spots.clear()
            for dot, place in dots:
                at = implot.plot_to_pixels(*place)
                self.spots[dot.key] = at.x, at.y
                _draw_dot(dot, at, theme)
            self._read([dot for dot, _ in dots], theme)
            if not dots and not curves:
                _say("A dot comes here for every file that is made. Choose a codec at the left for its curve.", theme)
            elif len(dots) < len(plot.dots):
                _say(f"{len(plot.dots) - len(dots)} of {len(plot.dots)} files have not been measured so", theme)

    def _set_axes(self, curves: dict[str, np.ndarray], places: Sequence[tuple[float, float]]) -> None:
        plot = self._plot
        values = [*curves.values(), *(np.array([[x], [y]]) for x, y in places)]
        rates, qualities = np.concatenate(values, axis=1) if values else np.array([[0.0, 1.0], [20.0, 40.0]])
        target = plot.target
        if target is not None:
            axis = rates if target[0] == "rate" else qualities
            values = np.append(axis, target[1])
            rates, qualities = (values, qualities) if target[0] == "rate" else (rates, values)
        flags = implot.AxisFlags_.no_highlight | implot.AxisFlags_.no_menus
        implot.setup_axis(implot.ImAxis_.x1, plot.rate.label, flags)
        implot.setup_axis(implot.ImAxis_.y1, plot.quality.label, flags)
        implot.setup_axis_limits(implot.ImAxis_.x1, 0, float((1 + _MARGIN) * rates.max()), implot.Cond_.always)
        low, high = float(qualities.min()), float(qualities.max())
        margin = max(_MARGIN * (high - low), 1e-3 * max(abs(high), 1e-3))
        implot.setup_axis_limits(implot.ImAxis_.y1, low - margin, high + margin, implot.Cond_.always)

    def _draw_target(self, theme: Theme) -> None:
        target = self._plot.target
        if target is None:
            return
        flags = implot.InfLinesFlags_.horizontal if target[0] == "quality" else implot.InfLinesFlags_.none
        spec = implot.Spec(line_color=tint(theme.accent, 0.7), line_weight=1.0, flags=flags)
        implot.plot_inf_lines("goal", np.array([float(target[1])]), spec)

    def _read(self, dots: Sequence[Dot], theme: Theme) -> None:
        """What is at the mouse; a click puts it on B."""
        mouse = imgui.get_mouse_pos()
        near = [(dot, math.dist(self.spots[dot.key], (mouse.x, mouse.y))) for dot in dots]
        dot, distance = min(near, key=lambda pair: pair[1], default=(None, math.inf))
        if distance > _REACH:
            return
        if imgui.is_mouse_clicked(0):
            self._plot.show_on(dot.key)
        draw_hint(lines_of(dot), theme)


def lines_of(dot: Dot) -> tuple[str, ...]:
    """What is said of a dot."""
    point = dot.point
    lines = [dot.name, f"{point.bytes:,} bytes, {point.bpp:.3f} bpp, {psnr_text(point.psnr)}"]
    if point.ms_ssim is not None:
        lines.append(f"MS-SSIM {point.ms_ssim:.4f}")
    if point.ssimulacra2 is not None:
        lines[-1] += f", SSIMULACRA2 {point.ssimulacra2:.1f}"
    where = {None: "Click to put it on side B", "a": "On side A", "b": "On side B"}
    return (*lines, where[dot.side])


def _hint(drawn: bool, fraction: float | None) -> str:
    if fraction is not None:
        return "Give this curve up"
    return "Hide this curve" if drawn else "Draw the curve of this codec for this picture"


def _ink(codec: str, theme: Theme) -> ImVec4:
    return tint(colour_of(codec)) if codec in NAMES else tint(theme.text)


def _draw_dot(dot: Dot, at: ImVec2, theme: Theme) -> None:
    """In the colour of its codec; with a ring and a letter where it is on a side. Args: at: logical pixels."""
    drawing = implot.get_plot_draw_list()
    drawing.add_circle_filled(at, _RADIUS + 1.5, imgui.get_color_u32(tint(theme.strip)))
    drawing.add_circle_filled(at, _RADIUS, imgui.get_color_u32(_ink(dot.point.codec, theme)))
    if dot.side is not None:
        drawing.add_circle(at, _RADIUS + 3, imgui.get_color_u32(tint(theme.text)), 0, 1.5)
        drawing.add_text(ImVec2(at.x + 10, at.y - 7), imgui.get_color_u32(tint(theme.text)), dot.side.upper())


def _say(words: str, theme: Theme) -> None:
    """In the lower right corner, which curves seldom come to."""
    corner, size = implot.get_plot_pos(), implot.get_plot_size()
    text = imgui.calc_text_size(words)
    at = ImVec2(corner.x + size.x - text.x - 8, corner.y + size.y - text.y - 6)
    implot.get_plot_draw_list().add_text(at, imgui.get_color_u32(tint(theme.dim)), words)
