"""What the viewport draws, as GL objects: the sides of the picture, a tint and overlays on top. No widget, no input."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from OpenGL import GL

from daub.app.model.compare.difference import Difference
from daub.app.model.compare.modes import Look, Mode, Pane
from daub.app.model.fit.frame import Framing
from daub.app.model.picture.registration import SAME
from daub.app.model.sources.sides import Sides
from daub.app.model.view.camera import Camera
from daub.app.model.view.view import View
from daub.app.model.workbench import Workbench
from daub.app.window.viewport.fade import Fade
from daub.app.window.viewport.image_texture import ImageTexture, Prepare
from daub.app.window.viewport.map_painter import MapPainter
from daub.app.window.viewport.overlay_painter import OverlayPainter
from daub.app.window.viewport.selection_painter import SelectionPainter
from daub.app.window.viewport.side import SidePainter
from daub.render.gl import display
from daub.render.gl.display import GREYS, Display, Kind, Placement, Shading, Side

GRID_FROM = 10.0  # zoom at which the pixel grid appears
_GRID = 0.4  # opacity of the grid, once the zoom is twice that: on any colour a contrast of 1.5 or more
_TILE = 64  # device pixels
_VIEWS = {
    Mode.A: display.View.A,
    Mode.B: display.View.B,
    Mode.SPLIT: display.View.SPLIT,
    Mode.DIFFERENCE: display.View.DIFFERENCE,
}
_KINDS = {
    Difference.SIGNED: Kind.SIGNED,
    Difference.ABSOLUTE: Kind.ABSOLUTE,
    Difference.SQUARED: Kind.SQUARED,
    Difference.FLIP: Kind.MEASURED,
    Difference.SSIM: Kind.MEASURED,
}


class Scene:
    """Needs a current context in `initialize`, `draw` and `cleanup`; the first may run again after the last.

    Attributes:
        a, b: the painters of the two sides.
        map: that of what is important.
        overlay: that of what is drawn of the Gaussians.
        selection: that of those that are selected.
        framing: the part of the picture that was looked at last, None where it lay beside the screen.
        fade: how a fit comes over the source.
        coarseness: screen pixels per decoded one of what was drawn last.
        errors: (H, W) float16, the difference that is measured rather than drawn, None where there is none.
        table: (N, 3) uint8, colours of the difference.
    """

    def __init__(self, bench: Workbench):
        self.a, self.b = SidePainter(), SidePainter()
        self.errors: np.ndarray | None = None
        self.table = GREYS
        self.coarseness = 1
        self._errors_texture: ImageTexture | None = None
        self._prepare: Prepare | None = None
        self.map = MapPainter()
        self.overlay = OverlayPainter(bench.overlay)
        self.selection = SelectionPainter(bench.editing)
        self.framing: Framing | None = None
        self.fade = Fade()
        self._sides: Sides = None, None
        self._objects: list = []

    def initialize(self) -> None:
        """Makes the GL objects in the current context."""
        self._display = Display()
        self._objects = [self._display]
        for painter in (self.a, self.b, self.map, self.overlay, self.selection):
            painter.initialize()
        for painter in (self.a, self.b):
            painter.prepare()  # how Gaussians can be drawn here is told before there are any

    def prepare_by(self, prepare: Prepare) -> None:
        """Large images are made ready so, see `ImageTexture`."""
        self._prepare = self.a.prepare_by = self.b.prepare_by = prepare

    def cleanup(self) -> None:
        """Frees what is on the GPU; may be called twice."""
        for thing in self._objects:
            thing.delete()
        self._objects = []
        self._errors_texture = None
        for painter in (self.a, self.b, self.map, self.overlay, self.selection):
            painter.cleanup()

    def show(self, sides: Sides) -> None:
        """From now on these are the sides."""
        self._sides = sides
        for painter, side in zip((self.a, self.b), sides, strict=True):
            painter.show(side)

    @property
    def gaussian_draws(self) -> int:
        """How often a sum of Gaussians was drawn anew."""
        return self.a.gaussian_draws + self.b.gaussian_draws

    @property
    def is_whole(self) -> bool:
        """All that is shown is on the GPU."""
        return all(image.is_whole for image in self._images)

    @property
    def is_sending(self) -> bool:
        """More of it goes there with the next frame."""
        return any(image.is_sending for image in self._images)

    @property
    def _images(self) -> list[ImageTexture]:
        return [image for image in (self.a.image, self.b.image, self._errors_texture) if image is not None]

    def shown(self, mode: Mode) -> Mode:
        """What a pane shows: where the one side that is wanted is not there yet, the other."""
        a, b = self.a.can_draw, self.b.can_draw
        if a and not b:
            return Mode.A
        return Mode.B if b and not a else mode

    def draw(self, framebuffer: int, view: View, coarse: int, surround: tuple[float, float, float]) -> None:
        """Draws everything into that framebuffer.

        Args:
            coarse: screen pixels per decoded one, 1 at best: a preview for slow machines.
            surround: RGB in [0, 1], the colour beside the picture.
        """
        camera, look = view.camera, view.look
        panes = [(pane, self.shown(pane.mode)) for pane in view.panes]
        modes = {mode for _, mode in panes}
        at_pixels = camera.zoom > 1 and _only_pixels(camera, look, modes)
        self.framing = _framing(camera, at_pixels, 1)
        live = self._sides[1] is not None and self._sides[1].is_live
        self.fade.follow(self.b.can_draw, live, self.a.can_draw)
        opacity = self.fade.opacity
        a = b = None
        if self.framing is not None:
            drawn = _framing(camera, at_pixels, coarse)
            a = self.a.draw(self.framing, drawn) if modes != {Mode.B} or opacity < 1 else None
            b = self.b.draw(self.framing, drawn) if modes != {Mode.A} else None
        self.coarseness = max(_coarseness(self.framing, side) for side in (a, b))
        errors = self._upload_errors() if Mode.DIFFERENCE in modes else None
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, framebuffer)
        if len(panes) > 1:
            GL.glClearColor(*surround, 1)
            GL.glClear(GL.GL_COLOR_BUFFER_BIT)  # between them
        for pane, mode in panes:
            placement = Placement((pane.width, camera.view[1]), camera.image, camera.offset, camera.zoom, pane.left)
            shading = _shading(view, mode, surround)
            if opacity < 1 and mode in (Mode.B, Mode.SPLIT):
                self._display.draw(placement, a, b, replace(shading, view=display.View.A))
                shading = replace(shading, opacity=opacity)
            self._display.draw(placement, a, b, shading, errors, self.table)
            self._draw_over(view, pane, placement)

    def _draw_over(self, view: View, pane: Pane, placement: Placement) -> None:
        """What lies over the picture, no further than the pane."""
        look = view.look
        GL.glEnable(GL.GL_SCISSOR_TEST)
        GL.glScissor(*placement.viewport)
        if look.importance and view.registration == SAME:
            self.map.draw(placement, view.scale)
        self.overlay.draw(placement, view.scale)
        self.selection.draw(placement, view.scale)
        GL.glDisable(GL.GL_SCISSOR_TEST)

    def _upload_errors(self) -> int | None:
        if self.errors is None:
            return None
        if self._errors_texture is None:
            self._errors_texture = ImageTexture(self._prepare)
            self._objects.append(self._errors_texture)
        return self._errors_texture.texture(self.errors)


def _shading(view: View, mode: Mode, surround: tuple[float, float, float]) -> Shading:
    camera, look = view.camera, view.look
    grid = _GRID * min(1.0, (camera.zoom - GRID_FROM) / GRID_FROM) if camera.zoom > GRID_FROM else 0.0
    return Shading(
        _VIEWS[mode], surround, round(view.split_at), _KINDS[look.difference], look.gain, look.by_channel, look.linear,
        grid,
    )  # fmt: skip


def _only_pixels(camera: Camera, look: Look, modes: set[Mode]) -> bool:
    """Gaussians are drawn at the pixels of the picture: between them an image has no values to differ from, nor has a
    single row or column a way that leads from one to the next."""
    return look.at_pixels or look.linear or Mode.DIFFERENCE in modes or min(camera.image) == 1


def _coarseness(wanted: Framing | None, side: Side | None) -> int:
    """How many pixels of the screen share one that was decoded for it."""
    return 1 if wanted is None or side is None or side.part is None else max(1, round(wanted.scale / side.part.scale))


def _framing(camera: Camera, at_pixels: bool, coarse: int) -> Framing | None:
    """What is decoded of the picture; None where it lies beside the screen. Args: coarse: as of `Scene.draw`."""
    left, top, right, bottom = camera.visible()
    if right <= left or bottom <= top:
        return None
    if at_pixels:
        return Framing((float(left), float(top)), 1.0, right - left, bottom - top)
    # On the pixel grid of the screen: nothing is resampled unless it has to be coarse.
    (first, width), (above, height) = (
        _covered(*ends, side)
        for *ends, side in zip(camera.to_screen(0, 0), camera.to_screen(*camera.image), camera.view, strict=True)
    )
    return Framing(camera.to_image(first, above), camera.zoom / coarse, -(-width // coarse), -(-height // coarse))


def _covered(low: float, high: float, side: int) -> tuple[int, int]:
    """The first pixel of a side of the screen that the picture covers, and how many from there on.

    In whole tiles, so that not every movement asks for another size, which would have all memory made anew.
    """
    first = max(0, math.floor(low) // _TILE * _TILE)
    last = min(side, -(-math.ceil(high) // _TILE) * _TILE)
    return first, last - first
