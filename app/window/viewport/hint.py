"""Words beside the mouse in the strip, where its bar of tabs, which is a widget on top, does not hide them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from imgui_bundle import ImVec2, imgui

from daub.app.window.look.theme import Theme
from daub.app.window.viewport.tint import tint

BAR = 28  # logical pixels, height of the bar of tabs
_AWAY = 14, 6  # logical pixels to the right of the mouse and below it
_PADDING = 8, 6  # logical pixels around the words
_LONGEST = 70  # letters of a line
_EDGE = 4  # logical pixels that are left between the words and any edge


def draw_hint(lines: Sequence[str], theme: Theme) -> None:
    """Draws them into the current frame; to be called while the window of the strip is the current one."""
    lines = [part for line in lines for part in textwrap.wrap(line, _LONGEST)]
    sizes = [imgui.calc_text_size(line) for line in lines]
    spacing = imgui.get_style().item_spacing.y
    width = max(size.x for size in sizes) + 2 * _PADDING[0]
    height = sum(size.y for size in sizes) + spacing * (len(sizes) - 1) + 2 * _PADDING[1]
    mouse, screen = imgui.get_mouse_pos(), imgui.get_io().display_size
    place = hint_place((mouse.x, mouse.y), (width, height), (screen.x, screen.y), imgui.get_window_pos().y)
    imgui.push_style_color(imgui.Col_.popup_bg, tint(theme.raised))
    imgui.push_style_color(imgui.Col_.border, tint(theme.line))
    imgui.push_style_color(imgui.Col_.text, tint(theme.text))
    imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(*_PADDING))
    imgui.set_next_window_pos(ImVec2(*place))
    imgui.begin_tooltip()
    for line in lines:
        imgui.text(line)
    imgui.end_tooltip()
    imgui.pop_style_var()
    imgui.pop_style_color(3)


def hint_place(
    mouse: tuple[float, float], size: tuple[float, float], screen: tuple[float, float], top: float
) -> tuple[float, float]:
    """Where the upper left corner of a hint lies: beside the mouse and under the bar, or all of it above the bar.

    >>> hint_place((100, 700), (200, 60), (900, 780), top=660), hint_place((880, 770), (200, 60), (900, 780), top=660)
    ((114, 706), (666, 716))
    >>> hint_place((100, 700), (200, 130), (900, 780), top=660)  # higher than what is under the bar
    (114, 498)

    Args:
        mouse, size, screen: x and y, logical pixels.
        top: where the bar ends.
    """
    (x, y), (width, height) = mouse, size
    left = x + _AWAY[0]
    if left + width > screen[0] - _EDGE:
        left = max(x - _AWAY[0] - width, _EDGE)
    if height + 2 * _EDGE > screen[1] - top:
        return left, max(top - BAR - _EDGE - height, _EDGE)
    return left, min(max(y + _AWAY[1], top + _EDGE), screen[1] - _EDGE - height)
