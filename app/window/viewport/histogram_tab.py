"""The tab of the strip that counts a property of the Gaussians: a range that is dragged over its bars filters them."""

from __future__ import annotations

import math

import numpy as np
from imgui_bundle import ImVec2, ImVec4, imgui, implot

from daub.app.model.gaussians.histogram import Histogram, RangeDrag, log_ticks
from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.gaussians.overlay_reading import Reading, shares_of
from daub.app.model.gaussians.properties import Property
from daub.app.window.look.theme import Theme
from daub.app.window.viewport.hint import draw_hint
from daub.app.window.viewport.tint import tint

_COLUMN = 150  # logical pixels, of the properties
_GAP = 16  # logical pixels between them and the plot
_LEAST_ROW = 15  # logical pixels, lowest row of a property
_FADED = 0.22  # opacity of what does not pass the filters


class HistogramTab:
    """Args: overlay: whose values are counted, and who filters."""

    name = short = "Histogram"

    def __init__(self, overlay: Overlay):
        self._overlay = overlay
        self._drag = RangeDrag()

    def has_content(self) -> bool:
        return self._overlay.subject is not None

    def summary(self) -> tuple[str, ...]:
        ranges = [range_words(each, ends) for each, ends in self._overlay.filters.items()]
        return ("   ·   ".join(ranges), f"{len(ranges)} filters") if len(ranges) > 1 else tuple(ranges)

    def draw(self, width: float, height: float, theme: Theme) -> None:
        top = imgui.get_cursor_pos()
        self._draw_properties(height, theme)
        if width < 2 * _COLUMN:
            return
        imgui.set_cursor_pos(ImVec2(top.x + _COLUMN + _GAP, top.y))
        wide = width - _COLUMN - _GAP
        why, reading = self._overlay.why_not(self._overlay.which), self._overlay.reading
        if why:
            imgui.text_colored(tint(theme.dim), f"Not known: {why}")
        elif reading is None or reading.which is not self._overlay.which or reading.histogram is None:
            imgui.text_colored(tint(theme.dim), "Counting …")
        else:
            self._draw_plot(reading, wide, height, theme)

    def _draw_properties(self, height: float, theme: Theme) -> None:
        """One row for each; the chosen one is in the colour of the accent."""
        corner = imgui.get_cursor_screen_pos()
        row = max(_LEAST_ROW, min(22.0, height / len(Property)))
        for place, which in enumerate(Property):
            imgui.set_cursor_screen_pos(ImVec2(corner.x, corner.y + place * row))
            known = not self._overlay.why_not(which)
            if imgui.invisible_button(which.name, ImVec2(_COLUMN, row)) and known:
                self._overlay.colour_by(which)
            if imgui.is_item_hovered():
                draw_hint([which.value.note if known else f"Not known: {self._overlay.why_not(which)}"], theme)
            chosen = which is self._overlay.which
            ink = theme.accent if chosen else theme.text if known else theme.faint
            drawing, y = imgui.get_window_draw_list(), corner.y + place * row + (row - imgui.get_font_size()) / 2
            if chosen:
                box = ImVec2(corner.x, corner.y + place * row), ImVec2(corner.x + 3, corner.y + (place + 1) * row)
                drawing.add_rect_filled(*box, imgui.get_color_u32(tint(theme.accent)))
            drawing.add_text(ImVec2(corner.x + 10, y), imgui.get_color_u32(tint(ink)), which.value.title)
            if which in self._overlay.filters:
                words = "filtered"
                x = corner.x + _COLUMN - imgui.calc_text_size(words).x
                drawing.add_text(ImVec2(x, y), imgui.get_color_u32(tint(theme.dim)), words)

    def _draw_plot(self, reading: Reading, width: float, height: float, theme: Theme) -> None:
        corner, line = imgui.get_cursor_pos(), imgui.get_text_line_height_with_spacing()
        _draw_line(self._overlay, reading, theme)
        imgui.set_cursor_pos(ImVec2(corner.x, corner.y + line))
        height -= line
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
        implot.push_style_var(implot.StyleVar_.plot_padding, ImVec2(2, 2))
        implot.push_style_var(implot.StyleVar_.label_padding, ImVec2(3, 2))
        flags = implot.Flags_.canvas_only | implot.Flags_.no_inputs
        if implot.begin_plot("##histogram", ImVec2(width, height), flags):
            _set_axes(reading)
            self._drag_range()
            _draw_bars(reading, theme)
            self._draw_range(theme)
            implot.end_plot()
        implot.pop_style_var(2)
        implot.pop_style_color(len(colours))

    def _drag_range(self) -> None:
        """What the mouse does over the plot; ends outside of it are at its edge."""
        corner, size, mouse = implot.get_plot_pos(), implot.get_plot_size(), imgui.get_mouse_pos()
        inside = 0 <= mouse.x - corner.x < size.x and 0 <= mouse.y - corner.y < size.y
        if inside and imgui.is_mouse_clicked(imgui.MouseButton_.left):
            ends = self._overlay.filters.get(self._overlay.which)
            self._drag.press(mouse.x, None if ends is None else tuple(implot.plot_to_pixels(e, 0).x for e in ends))
        if not self._drag.is_dragging:
            return
        x = min(max(mouse.x, corner.x), corner.x + size.x)
        ends = self._drag.move(x)
        if ends is not None:
            low, high = (implot.pixels_to_plot(end, corner.y).x for end in ends)
            if (low, high) != self._overlay.filters.get(self._overlay.which):
                self._overlay.keep(low, high)
        if not imgui.is_mouse_down(imgui.MouseButton_.left) and self._drag.release():
            self._overlay.keep_all(self._overlay.which)

    def _draw_range(self, theme: Theme) -> None:
        ends = self._overlay.filters.get(self._overlay.which)
        if ends is None:
            return
        corner, size, drawing = implot.get_plot_pos(), implot.get_plot_size(), implot.get_plot_draw_list()
        left, right = (min(max(implot.plot_to_pixels(end, 0).x, corner.x), corner.x + size.x) for end in ends)
        box = ImVec2(left, corner.y), ImVec2(right, corner.y + size.y)
        drawing.add_rect_filled(*box, imgui.get_color_u32(tint(theme.accent, 0.14)))
        for x in (left, right):
            line = ImVec2(x, corner.y), ImVec2(x, corner.y + size.y)
            drawing.add_line(*line, imgui.get_color_u32(tint(theme.accent)), 2.0)


def range_words(which: Property, ends: tuple[float, float]) -> str:
    """ "Size 1.2 to 3.4 px"."""
    low, high = ends
    return f"{which.value.title} {low:.3g} to {which.value.words(high)}"


def _draw_line(overlay: Overlay, reading: Reading, theme: Theme) -> None:
    """What is counted, and what passes the filters."""
    unit = f", {reading.which.value.unit}" if reading.which.value.unit else ""
    words = f"{reading.which.value.title}{unit}"
    if overlay.filters:
        parts = [range_words(each, ends) for each, ends in overlay.filters.items()]
        passed = f"{int(reading.kept.sum()):,} of {len(reading.kept):,} Gaussians"
        words = f"{passed} with " + " and ".join(part[:1].lower() + part[1:] for part in parts)
        imgui.text(words)
    else:
        imgui.text_colored(tint(theme.dim), f"{words}: drag over the bars to draw only some of them")


def _set_axes(reading: Reading) -> None:
    counted: Histogram = reading.histogram
    plain = implot.AxisFlags_.no_highlight | implot.AxisFlags_.no_menus
    implot.setup_axis(implot.ImAxis_.x1, None, plain | implot.AxisFlags_.no_grid_lines)
    implot.setup_axis(implot.ImAxis_.y1, None, plain)
    if reading.which.value.logarithmic:
        implot.setup_axis_scale(implot.ImAxis_.x1, implot.Scale_.log10)
        ticks = log_ticks(counted.edges[0], counted.edges[-1])
        implot.setup_axis_ticks(implot.ImAxis_.x1, ticks, [f"{tick:g}" for tick in ticks])
    implot.setup_axis_limits(implot.ImAxis_.x1, counted.edges[0], counted.edges[-1], implot.Cond_.always)
    most = max(int(counted.counts.max()), 1)
    implot.setup_axis_limits(implot.ImAxis_.y1, 0, 1.05, implot.Cond_.always)
    # Heights are roots of the counts, so that a few are seen beside many: half way up is a quarter.
    implot.setup_axis_ticks(implot.ImAxis_.y1, 0, 1, 3, ["0", f"{most / 4:,.0f}", f"{most:,}"])
    implot.setup_axis_format(implot.ImAxis_.x1, "%g")


def _draw_bars(reading: Reading, theme: Theme) -> None:
    """All, faded, and in front of them those that pass the filters, in the colours of the picture."""
    counted, drawing = reading.histogram, implot.get_plot_draw_list()
    most = max(int(counted.counts.max()), 1)
    logarithmic = reading.which.value.logarithmic
    mid = (
        np.sqrt(counted.edges[1:] * counted.edges[:-1]) if logarithmic else (counted.edges[1:] + counted.edges[:-1]) / 2
    )
    along = shares_of(mid, reading.span, reading.which.value)
    entries = reading.colours[np.rint(255 * along).astype(int)] / 255
    implot.push_plot_clip_rect()
    for left, right, all_of_it, kept, colour in zip(
        counted.edges[:-1], counted.edges[1:], counted.counts, counted.kept, entries, strict=True
    ):
        for count, alpha in ((all_of_it, _FADED), (kept, 1.0)):
            if count:
                height = math.sqrt(count / most)
                start, end = implot.plot_to_pixels(left, height), implot.plot_to_pixels(right, 0)
                ink = imgui.get_color_u32(ImVec4(*colour, alpha))
                drawing.add_rect_filled(start, ImVec2(max(end.x - 1, start.x + 1), end.y), ink)
                if alpha == 1.0:  # the darkest colours would be lost on a dark strip
                    drawing.add_line(
                        start, ImVec2(max(end.x - 1, start.x + 1), start.y), imgui.get_color_u32(tint(theme.dim)), 1.0
                    )
    implot.pop_plot_clip_rect()
