"""Numbers in the pixels of a picture that is much enlarged: levels of a side, or how much the sides differ."""

from __future__ import annotations

import numpy as np
from imgui_bundle import ImVec2, imgui

from daub.app.model.compare.decoded import Decoded
from daub.app.model.compare.difference import Difference, between, scale_of
from daub.app.model.compare.difference_maps import DifferenceMap
from daub.app.model.compare.modes import Look, Mode, Pane
from daub.app.model.sources.sides import Sides
from daub.app.model.view.view import View

FROM = 32.0  # logical pixels of a pixel's side: smaller, three numbers have no room
_LARGEST_TEXT = 15.0  # logical pixels
_LINES = 3.4  # of text that a pixel is high
_LIGHT = np.array([0.2126, 0.7152, 0.0722], np.float32)
_MIDDLE = 0.18  # luminance on which black and white stand out alike


def are_seen(view: View) -> bool:
    """The picture is large enough for numbers."""
    return view.has_picture and view.camera.zoom >= FROM * view.scale


def visible_part(view: View) -> tuple[slice, slice]:
    """Rows and columns of the pixels in view."""
    left, top, right, bottom = view.camera.visible()
    return slice(top, bottom), slice(left, right)


def texts_of_levels(levels: np.ndarray) -> list[list[str]]:
    """Rows of words for (h, w, 3) integers: one number under the other."""
    return [["\n".join(map(str, pixel)) for pixel in row] for row in levels.tolist()]


def texts_of_errors(errors: np.ndarray) -> list[list[str]]:
    """Rows of words for (h, w) real numbers."""
    return [[f"{value:.3f}" for value in row] for row in errors.tolist()]


def is_light(colours: np.ndarray) -> np.ndarray:
    """(h, w): which of (h, w, 3) in [0, 1], sRGB, want black words rather than white ones."""
    light = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return light @ _LIGHT > _MIDDLE


class PixelValues:
    """Draws them.

    Args:
        decoded: gives the pixels of the sides; where it has none yet, there are no numbers yet.
    """

    def __init__(self, decoded: Decoded):
        self._decoded = decoded

    def draw(
        self, view: View, pane: Pane, mode: Mode, sides: Sides, found: DifferenceMap | None, table: np.ndarray
    ) -> None:
        """Draws those of one pane.

        Args:
            mode: what it shows.
            found: the difference that is shown, where that is a measured one.
            table: (N, 3) uint8: the colours of the difference.
        """
        part = visible_part(view)
        if part[0].stop <= part[0].start or part[1].stop <= part[1].start:
            return
        if mode is Mode.SPLIT:
            columns = np.arange(part[1].start, part[1].stop)
            on_a = view.camera.offset[0] + (columns + 0.5) * view.camera.zoom < view.split_at
            halves = (self.seen(view.look, part, side, sides, None, table) for side in (Mode.A, Mode.B))
            for half, shown in zip(halves, (on_a, ~on_a), strict=True):
                self._write(view, pane, part, half, shown)
        else:
            seen = self.seen(view.look, part, mode, sides, found, table)
            self._write(view, pane, part, seen, np.ones(part[1].stop - part[1].start, bool))

    def seen(
        self, look: Look, part: tuple[slice, slice], mode: Mode, sides: Sides, found: DifferenceMap | None,
        table: np.ndarray,
    ) -> tuple[list[list[str]], np.ndarray] | None:  # fmt: skip
        """Words, and (h, w) whether black ones; None where nothing is known yet."""
        if mode is Mode.DIFFERENCE and look.difference.is_measured:
            if found is None:
                return None
            errors = found.errors[part].astype(np.float32)
            return texts_of_errors(errors), is_light(_coloured(errors * look.gain, table))
        if mode is not Mode.DIFFERENCE:
            levels = self._decoded.levels(sides[0 if mode is Mode.A else 1], part)
            return None if levels is None else (texts_of_levels(levels), is_light(levels / np.float32(255)))
        a, b = (self._decoded.levels(side, part) for side in sides)
        if a is None or b is None:
            return None
        numbers = between(look.difference, a, b)
        scale = scale_of(look.difference, look.gain)
        shares = np.clip((numbers - scale.low) / (scale.high - scale.low), 0, 1).astype(np.float32)
        colours = shares if look.by_channel else _coloured(shares.mean(2), table)
        return (_signed(numbers) if look.difference is Difference.SIGNED else texts_of_levels(numbers)), is_light(
            colours
        )

    def _write(
        self, view: View, pane: Pane, part: tuple[slice, slice], seen: tuple[list[list[str]], np.ndarray] | None,
        shown: np.ndarray,
    ) -> None:  # fmt: skip
        """Args: shown: (w,) which columns."""
        if seen is None:
            return
        words, on_light = seen
        drawing, font = imgui.get_background_draw_list(), imgui.get_font()
        cell = view.camera.zoom / view.scale
        size = min(_LARGEST_TEXT, cell / _LINES)
        black, white = (imgui.get_color_u32(imgui.ImVec4(shade, shade, shade, 1)) for shade in (0.0, 1.0))
        left, top = (pane.left + view.camera.offset[0]) / view.scale, view.camera.offset[1] / view.scale
        widest = size / imgui.get_font_size()
        columns = np.flatnonzero(shown).tolist()
        for i, row in enumerate(words):
            y = top + (part[0].start + i) * cell
            for j in columns:
                text = row[j]
                extent = imgui.calc_text_size(text)
                x = left + (part[1].start + j) * cell + (cell - extent.x * widest) / 2
                ink = black if on_light[i, j] else white
                drawing.add_text(font, size, ImVec2(x, y + (cell - extent.y * widest) / 2), ink, text)


def _signed(numbers: np.ndarray) -> list[list[str]]:
    return [
        ["\n".join(f"{value:+d}" if value else "0" for value in pixel) for pixel in row] for row in numbers.tolist()
    ]


def _coloured(shares: np.ndarray, table: np.ndarray) -> np.ndarray:
    """(h, w, 3) in [0, 1] for (h, w) from 0, the first colour, to 1, the last."""
    return table[np.rint(np.clip(shares, 0, 1) * (len(table) - 1)).astype(int)] / np.float32(255)
