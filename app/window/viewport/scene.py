"""What the viewport draws, as GL objects: the sides of the picture, a tint and overlays on top. No widget, no input."""

from __future__ import annotations

from OpenGL import GL

from daub.app.model.camera import Camera
from daub.app.model.compare import Sides
from daub.app.model.frame import Framing
from daub.app.model.overlay import Overlay
from daub.app.model.view import Mode, View
from daub.app.window.viewport.map_painter import MapPainter
from daub.app.window.viewport.overlay_painter import OverlayPainter
from daub.app.window.viewport.side import SidePainter
from daub.render.gl import display
from daub.render.gl.display import Display, Placement

GRID_FROM = 10.0  # zoom at which the pixel grid appears
_GRID = 0.22  # opacity of the grid, once the zoom is twice that
_VIEWS = {
    Mode.A: display.View.A,
    Mode.B: display.View.B,
    Mode.SPLIT: display.View.SPLIT,
    Mode.DIFFERENCE: display.View.DIFFERENCE,
}


class Scene:
    """Needs a current context in `initialize`, `draw` and `cleanup`; the first may run again after the last.

    Attributes:
        a, b: the painters of the two sides.
        map: that of what is important.
        overlay: that of what is drawn of the Gaussians.
        framing: the part of the picture that was looked at last, None where it lay beside the screen.
    """

    def __init__(self, overlay: Overlay):
        self.a, self.b = SidePainter(), SidePainter()
        self.map = MapPainter()
        self.overlay = OverlayPainter(overlay)
        self.framing: Framing | None = None
        self._sides: Sides = None, None
        self._objects: list = []

    def initialize(self) -> None:
        """Makes the GL objects in the current context."""
        self._display = Display()
        self._objects = [self._display]
        for painter in (self.a, self.b, self.map, self.overlay):
            painter.initialize()
        self.b.prepare()  # how Gaussians can be drawn here is told before there are any

    def cleanup(self) -> None:
        """Frees what is on the GPU; may be called twice."""
        for thing in self._objects:
            thing.delete()
        self._objects = []
        for painter in (self.a, self.b, self.map, self.overlay):
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

    def shown_mode(self, view: View) -> Mode:
        """What is seen: where the one side that is wanted is not there yet, the other."""
        a, b = self._sides
        if b is None and a is not None:
            return Mode.A
        return Mode.B if a is None and b is not None else view.mode

    def draw(self, framebuffer: int, view: View, coarse: int, surround: tuple[float, float, float]) -> None:
        """Draws everything into that framebuffer.

        Args:
            coarse: screen pixels per decoded one, 1 at best: a preview for slow machines.
            surround: RGB in [0, 1], the colour beside the picture.
        """
        camera, look, mode = view.camera, view.look, self.shown_mode(view)
        # Between its pixels an image has no values to differ from.
        at_pixels = (look.at_pixels or mode is Mode.DIFFERENCE) and camera.zoom > 1
        self.framing = _framing(camera, at_pixels, 1)
        a = b = None
        if self.framing is not None:
            drawn = _framing(camera, at_pixels, coarse)
            a = self.a.draw(self.framing, drawn) if mode is not Mode.B else None
            b = self.b.draw(self.framing, drawn) if mode is not Mode.A else None
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, framebuffer)
        placement = Placement(camera.view, camera.image, camera.offset, camera.zoom)
        grid = _GRID * min(1.0, (camera.zoom - GRID_FROM) / GRID_FROM) if camera.zoom > GRID_FROM else 0.0
        self._display.draw(placement, a, b, _VIEWS[mode], round(view.split_at), look.gain, grid, surround)
        if look.importance:
            self.map.draw(placement, view.scale)
        self.overlay.draw(placement, view.scale)


def _framing(camera: Camera, at_pixels: bool, coarse: int) -> Framing | None:
    """What is decoded of the picture; None where it lies beside the screen. Args: coarse: as of `Scene.draw`."""
    left, top, right, bottom = camera.visible()
    if right <= left or bottom <= top:
        return None
    if at_pixels:
        return Framing((float(left), float(top)), 1.0, right - left, bottom - top)
    # The whole screen, on its own pixel grid: nothing is resampled unless it has to be coarse.
    width, height = (-(-side // coarse) for side in camera.view)
    return Framing(camera.to_image(0, 0), camera.zoom / coarse, width, height)
