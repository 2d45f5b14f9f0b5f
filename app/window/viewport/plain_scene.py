"""The picture without OpenGL: Qt paints what the CPU has decoded. It has the attributes of `Scene`."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from daub.app.model.compare.difference import Difference, between, scale_of
from daub.app.model.compare.modes import Mode, Pane
from daub.app.model.editing.marked import marked_of
from daub.app.model.picture.box import Box
from daub.app.model.picture.canvas import Canvas
from daub.app.model.picture.registration import SAME
from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.view.view import View
from daub.app.model.workbench import Workbench
from daub.app.window.viewport.fade import Fade
from daub.app.window.viewport.image_texture import Prepare
from daub.app.window.viewport.plain_overlay import draw_overlay, draw_selected, draw_tint
from daub.app.window.viewport.seen import seen_of
from daub.render.eight_bit import to_8bit
from daub.render.errors import Reason
from daub.render.gl.display import GREYS

_SMALLEST = 512  # pixels of the shorter side of the smallest reduced image
_OPENED = "update the graphics driver, or set LIBGL_ALWAYS_SOFTWARE=1"


def reason_of(why: str) -> Reason:
    """How the picture comes about. Args: why: OpenGL cannot be used."""
    return Reason("painted without OpenGL", why, _OPENED)


class PlainSide:
    """One side as images of Qt, whole and reduced.

    Args:
        reason: how it comes about.

    Attributes:
        prepare_by: as of `ImageTexture`; the viewport sets it.
        levels: (H, W, 3) uint8 of what is shown, None before there is anything.
    """

    def __init__(self, reason: Reason):
        self.reason = reason
        self.prepare_by: Prepare | None = None
        self.levels: np.ndarray | None = None
        self._source: CompareSource | None = None
        self._asked: np.ndarray | None = None  # pixels that are, or were, made into images
        self._images: list[QImage] = []  # each half as large as the one before

    def show(self, source: CompareSource | None) -> None:
        """From now on this is the side."""
        old, self._source = self._source, source
        if source is None or (old is not None and not old.goes_on_as(source)):
            self._images, self._asked, self.levels = [], None, None  # of another picture
        if source is not None and source.pixels is not None:
            self.set_pixels(source.pixels, source.is_live)

    @property
    def needs_pixels(self) -> bool:
        """There are Gaussians, which somebody else has to decode."""
        return self._source is not None and self._source.gaussians is not None

    @property
    def can_draw(self) -> bool:
        """There is something to show."""
        return bool(self._images)

    def set_pixels(self, pixels: np.ndarray | None, is_live: bool = False) -> None:
        """
        Args:
            pixels: (H, W, 3), float32 in [0, 1] or uint8; they are shown as soon as they are made ready.
            is_live: others follow at once: none would be ready in time, so that these are made so here and now.
        """
        if pixels is None or pixels is self._asked:
            return
        self._asked = pixels
        if is_live:
            self.levels, self._images = _images_of(pixels)
            return

        def deliver(made: tuple[np.ndarray, list[QImage]]) -> None:
            if self._asked is pixels:
                self.levels, self._images = made

        self.prepare_by(lambda: _images_of(pixels), deliver)

    def image_for(self, zoom: float) -> QImage:
        """The smallest one that has a pixel for each of the screen. Args: zoom: device pixels per image pixel."""
        halvings = 0
        while halvings + 1 < len(self._images) and zoom * 2 ** (halvings + 1) <= 1:
            halvings += 1
        return self._images[halvings]


class PlainMap:
    """Stands for `MapPainter`: knows the map of importance, which is drawn anew each time.

    Attributes:
        canvas: that map, None where there is none.
    """

    def __init__(self):
        self.canvas: Canvas | None = None

    def show(self, canvas: Canvas | None) -> None:
        """As that of `MapPainter`."""
        self.canvas = canvas

    def touch(self, box: Box) -> None:
        """As that of `MapPainter`."""


class PlainScene:
    """See above.

    Args:
        why: OpenGL cannot be used.
        bench: what is drawn over the picture, and selected.

    Attributes: as those of `Scene`.
    """

    framing = None
    coarseness = 1
    is_whole = True
    is_sending = False
    gaussian_draws = 0

    def __init__(self, why: str, bench: Workbench):
        self._overlay, self._editing = bench.overlay, bench.editing
        reason = reason_of(why)
        self.a, self.b = PlainSide(reason), PlainSide(reason)
        self.map = PlainMap()
        self.errors: np.ndarray | None = None
        self.table = GREYS
        self.fade = Fade()
        self._sides: Sides = None, None

    def prepare_by(self, prepare: Prepare) -> None:
        """As that of `Scene`."""
        self.a.prepare_by = self.b.prepare_by = prepare

    def show(self, sides: Sides) -> None:
        """As that of `Scene`."""
        self._sides = sides
        for painter, side in zip((self.a, self.b), sides, strict=True):
            painter.show(side)

    def shown(self, mode: Mode) -> Mode:
        """As that of `Scene`."""
        a, b = self.a.can_draw, self.b.can_draw
        if a and not b:
            return Mode.A
        return Mode.B if b and not a else mode

    def cleanup(self) -> None:
        """There is nothing on the GPU."""

    def draw(self, painter: QPainter, view: View, surround: QColor) -> None:
        """Draws everything, in device pixels."""
        live = self._sides[1] is not None and self._sides[1].is_live
        self.fade.follow(self.b.can_draw, live, self.a.can_draw)
        painter.fillRect(QRectF(0, 0, *view.size), surround)
        for pane in view.panes:
            mode = self.shown(pane.mode)
            painter.save()
            painter.translate(pane.left, 0)
            for side, left, right, opacity in self._parts(view, pane, mode):
                painter.setClipRect(QRectF(left, 0, right - left, view.size[1]))
                painter.setOpacity(opacity)
                _draw_side(painter, view, side)
            painter.setOpacity(1)
            if mode is Mode.DIFFERENCE:
                painter.setClipRect(QRectF(0, 0, pane.width, view.size[1]))
                self._draw_difference(painter, view, pane)
            painter.setClipRect(QRectF(0, 0, pane.width, view.size[1]))
            self._draw_over(painter, view, pane)
            painter.restore()

    def _draw_over(self, painter: QPainter, view: View, pane: Pane) -> None:
        """What lies over the picture."""
        if view.look.importance and view.registration == SAME:
            draw_tint(painter, self.map.canvas, view.camera, pane.width, view.scale)
        draw_overlay(painter, self._overlay, view.camera, pane.width, view.scale)
        draw_selected(painter, marked_of(self._editing.marked), view.camera, pane.width, view.scale)

    def _parts(self, view: View, pane: Pane, mode: Mode) -> list[tuple[PlainSide, float, float, float]]:
        """Sides that are drawn, from one x of the pane to another, with their opacity."""
        if mode is Mode.DIFFERENCE:
            return []
        begins = {Mode.A: pane.width, Mode.B: 0, Mode.SPLIT: view.split_at}[mode]
        opacity = self.fade.opacity
        below = [(self.a, 0, begins if opacity == 1 else pane.width, 1.0)] if begins or opacity < 1 else []
        return below + ([(self.b, begins, pane.width, opacity)] if begins < pane.width else [])

    def _draw_difference(self, painter: QPainter, view: View, pane: Pane) -> None:
        """Pixel by pixel of the screen, as squares."""
        rows, columns, (x, y) = seen_of(view.camera, pane.width)
        if not len(rows) or not len(columns) or not (self.a.can_draw and self.b.can_draw):
            return
        where = np.ix_(rows, columns)
        look = view.look
        if look.difference.is_measured:
            if self.errors is None:
                return
            numbers = self.errors[where].astype(np.float32)[..., None]
        else:
            numbers = between(look.difference, self.a.levels[where], self.b.levels[where]).astype(np.float32)
            if not look.by_channel:
                numbers = numbers.mean(-1, keepdims=True)
        painter.drawImage(x, y, _qimage(_coloured(numbers, look.difference, look.gain, self.table)))


def _images_of(pixels: np.ndarray) -> tuple[np.ndarray, list[QImage]]:
    """8-bit levels, and an image of them with its halves, for as long as there is something to halve."""
    levels = np.ascontiguousarray(pixels if pixels.dtype == np.uint8 else to_8bit(pixels))
    images = [_qimage(levels)]
    while min(images[-1].width(), images[-1].height()) >= 2 * _SMALLEST:
        last = images[-1]
        images.append(
            last.scaled(
                last.width() // 2, last.height() // 2, Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )  # fmt: skip
    return levels, images


def _qimage(levels: np.ndarray) -> QImage:
    """A copy in the format that Qt paints fastest. Args: levels: (H, W, 3) uint8, contiguous."""
    height, width, _ = levels.shape
    image = QImage(levels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _draw_side(painter: QPainter, view: View, side: PlainSide) -> None:
    """The part of the picture that is in view."""
    if not side.can_draw:
        return
    camera = view.camera
    left, top, right, bottom = camera.visible()
    if right <= left or bottom <= top:
        return
    image = side.image_for(camera.zoom)
    across, down = image.width() / camera.image[0], image.height() / camera.image[1]
    x, y = camera.to_screen(left, top)
    target = QRectF(x, y, (right - left) * camera.zoom, (bottom - top) * camera.zoom)
    source = QRectF(left * across, top * down, (right - left) * across, (bottom - top) * down)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, camera.zoom < 1 or view.look.linear)
    painter.drawImage(target, image, source)


def _coloured(numbers: np.ndarray, kind: Difference, gain: float, table: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8. Args: numbers: (h, w, 1), or (h, w, 3) of three channels. table: (N, 3) uint8."""
    scale = scale_of(kind, gain)
    place = ((numbers - scale.low) / (scale.high - scale.low)).clip(0, 1) * (len(table) - 1)
    place = place.round().astype(int)
    colours = table[place[..., 0]] if place.shape[-1] == 1 else np.take_along_axis(
        table[None], place.reshape(1, -1, 3), 1
    ).reshape(place.shape)  # fmt: skip
    return np.ascontiguousarray(colours)
