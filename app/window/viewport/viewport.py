"""The viewport: paints the picture as the view says. The central widget; as a `ToolWidget` it has the tools."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from OpenGL import GL
from PySide6.QtCore import QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QPainter

from daub.app.model.compare.difference import table_of
from daub.app.model.compare.difference_maps import DifferenceMap
from daub.app.model.fit.state import FitState
from daub.app.model.picture.box import Box
from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.workbench import Workbench
from daub.app.window.look.theme import DARK, Theme, rgb
from daub.app.window.viewport import opengl, plain_overlay, scene_drawer
from daub.app.window.viewport.imgui_backends import GlBackend, ImageBackend
from daub.app.window.viewport.picture_hud import PictureHud
from daub.app.window.viewport.plain_scene import PlainScene
from daub.app.window.viewport.scene import Scene
from daub.app.window.viewport.surface import GlSurface, PlainSurface
from daub.app.window.viewport.tool_widget import ToolWidget
from daub.app.window.viewport.tools import SplitLine
from daub.render.errors import Reason
from daub.render.gl.display import GREYS

_LONGEST_WAIT = 0.3  # seconds: slower, nobody would call it live
_SMOOTH = 0.08  # seconds: where frames take longer, moving pictures are drawn coarser ...
_REST = 150  # ... until nothing has moved for so many milliseconds
_SAID = 120  # letters of what OpenGL says of a failure


class Viewport(ToolWidget):
    """Draws only when something has changed, and while a fit runs no more of the time than it may.

    Args:
        bench: what it compares is painted, as its view says.
    """

    framed = Signal(object)  # Framing: another part of the picture is looked at
    drawn_otherwise = Signal()  # `reason` is another one
    broken = Signal(str, str)  # one line, details

    def __init__(self, bench: Workbench, parent=None):
        super().__init__(bench, parent)
        view = bench.view
        self._bench, self._painting = bench, bench.painting
        self.frames = 0  # painted, for tests and measurements
        self.theme: Theme = DARK
        self._state = FitState()
        self._sides: Sides = None, None
        self._found: DifferenceMap | None = None  # that is shown
        self._broken = False
        self._details = ""  # of what is wrong with OpenGL
        self._image: ImageBackend | None = None  # what draws over the picture without OpenGL, once it is ready
        self._scene_drawer: scene_drawer.GlSceneDrawer | None = None
        self._plain = opengl.missing()  # why OpenGL is not used, "" where it is
        self._told: tuple = (None, None)  # framing and reason
        self._place = QRect()  # in the window
        self._raised = 0  # logical pixels that the upper edge has moved upwards, until the view is told
        self._paint_seconds = 0.0
        self._painted = 0.0  # when, by the monotonic clock
        self._fine_seconds = 0.0  # what a frame takes, or would take, at full resolution
        self._moving = QTimer(self, singleShot=True, interval=_REST)
        self._moving.timeout.connect(self.update)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.update)
        self._blinking = QTimer(self)
        self._blinking.timeout.connect(view.blink)
        self._set_up()
        for source in (
            view, bench.region, bench.decoded, bench.maps, bench.tables, bench.overlay, bench.inspector, bench.editing,
            bench.edit_tool, bench.brushing,
        ):  # fmt: skip
            source.changed.connect(self.update)
        bench.brushing.drawn.connect(self.update)
        view.changed.connect(self._follow_blinking)
        bench.chrome.changed.connect(self._show_strip)
        view.moved.connect(self._rest_later)
        self._painting.changed.connect(self._show_brush)
        self._painting.painted.connect(self._show_painted)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Picture")

    def _set_up(self) -> None:
        """Draws with OpenGL from now on, or without."""
        bench = self._bench
        self.scene = PlainScene(self._plain, bench) if self._plain else Scene(bench)
        self._hud = PictureHud(self._bench, self.scene)
        self.surface = PlainSurface(self) if self._plain else GlSurface(self)
        self.scene.prepare_by(self._prepare)
        self.scene.show(self._sides)
        self.strip.draws = not self._plain
        self.surface.setGeometry(self.rect())
        self.surface.lower()
        self.surface.show()
        if self._plain:
            line = f"the picture is {self.reason}"
            QTimer.singleShot(0, self, lambda: self.broken.emit(line, self._details))
            self._draw_by_image()

    def _draw_by_image(self) -> None:
        """Has what lies over the picture drawn without OpenGL, as soon as what does that is ready."""
        image = ImageBackend()

        def begin(_: object) -> None:
            self.imgui.initialize(image)
            self._image, self.strip.draws = image, True
            self._show_strip()

        def warm_up() -> None:
            image.warm_up()
            plain_overlay.warm_up()

        self._bench.workspace.background.run_alone(warm_up, begin)

    # What is shown.

    def show_state(self, state: FitState, sides: Sides) -> None:
        """A newer state of the fit; it is painted as soon as painting leaves the fit its share of the time.

        One that differs by how far its step is has nothing else to show, and is not painted: without a graphics card
        a frame of the window takes the fit as long as a twentieth of a second.
        """
        alike = _look_alike(self._state, state) and all(map(_are_alike, self._sides, sides))
        self._state, self._sides = state, sides
        self.scene.show(sides)
        self.strip.refresh()
        self.view.leave_free(round(self.strip.taken * self.devicePixelRatio()))
        if alike:
            return
        share = self._bench.chrome.share
        rest = (1 - share) / share * self._paint_seconds  # that the fit has to itself after painting
        wait = self._painted + min(rest, _LONGEST_WAIT) - time.perf_counter()
        if wait <= 0:
            self.update()
        elif not self._later.isActive():
            self._later.start(max(1, round(1000 * wait)))

    def _show_brush(self) -> None:
        self.scene.map.show(self._painting.canvas)
        self.update()

    def _show_painted(self, box: Box) -> None:
        self.scene.map.touch(box)
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draws in its colours from now on."""
        self.theme = theme
        self.update()

    def update(self) -> None:
        """Paints anew, soon."""
        self.surface.update()

    @property
    def reason(self) -> Reason:
        """How the Gaussians come onto the screen; it has a `why` where that is a fallback."""
        return self.scene.b.reason

    def close_gl(self) -> None:
        """Frees what is on the GPU, once, when the window closes."""
        for timer in (self._later, self._moving, self._blinking):
            timer.stop()
        self.surface.cleanup()
        self.imgui.cleanup()  # where it was not OpenGL that drew
        self.imgui.close()

    # OpenGL.

    def initializeGL(self) -> None:
        """For the surface, as what follows."""
        try:
            self.scene.initialize()
            self.imgui.initialize(GlBackend())
            self._broken = False
            renderer = GL.glGetString(GL.GL_RENDERER).decode(errors="replace")
            self._bench.workspace.fitting.worker.render_frames_by_cpu(opengl.is_software(renderer))
            self._draw_scenes(renderer)
        except Exception as error:
            self._break(error)

    def _draw_scenes(self, renderer: str) -> None:
        """Has pictures of scenes drawn by the graphics card, where there is one."""
        if self._scene_drawer is None and scene_drawer.draws_scenes(renderer):
            self._scene_drawer = scene_drawer.GlSceneDrawer(self)
            self._bench.stage.draw_by(self._scene_drawer)

    def resizeGL(self, width: int, height: int) -> None:
        dpr = self.devicePixelRatio()
        raised, self._raised = round(self._raised * dpr), 0
        self.view.resize(round(self.width() * dpr), round(self.height() * dpr), dpr, raised)

    def paintGL(self) -> None:
        began = time.perf_counter()
        draws, coarse = self.scene.gaussian_draws, self._coarseness()
        try:
            if not self._broken:
                self._paint(coarse)
        except Exception as error:  # an exception may not pass through Qt's event loop
            self._break(error)
        self.frames += 1
        self._painted = time.perf_counter()
        self._paint_seconds = self._painted - began
        if self.scene.gaussian_draws > draws:
            self._fine_seconds = self._paint_seconds * coarse**2
        self._tell()

        if self.scene.is_sending or self.scene.fade.is_on:
            self.update()

    def paint_plainly(self, painter: QPainter) -> None:
        """For the surface, where OpenGL is not used."""
        self._supply()
        dpr = self.devicePixelRatio()
        painter.save()
        painter.scale(1 / dpr, 1 / dpr)
        surround = QColor(self.theme.surround)
        if self.view.has_picture:
            self.scene.draw(painter, self.view, surround)
        else:
            painter.fillRect(QRectF(0, 0, dpr * self.width(), dpr * self.height()), surround)
        painter.restore()
        if self._image is not None:
            self.imgui.frame(self.width(), self.height(), dpr, self._draw_hud)
            painter.drawImage(0, 0, self._image.image(dpr))
        if self.scene.fade.is_on:
            QTimer.singleShot(0, self, self.update)  # not from within the painting that it would repeat
        self.frames += 1
        self._tell()

    def _tell(self) -> None:
        told, self._told = self._told, (self.scene.framing, self.reason)
        if self._told[0] != told[0]:
            self.framed.emit(self._told[0])
        if self._told[1] != told[1]:
            self.drawn_otherwise.emit()

    def _coarseness(self) -> int:
        """Screen pixels per decoded one: 1 where sides are compared, at rest, and with a graphics card."""
        if self.view.look.mode.compares or self.view.peeked is not None:
            return 1
        if not self._state.phase.running and not self._moving.isActive():
            return 1
        return min(4, max(1, math.ceil(math.sqrt(self._fine_seconds / _SMOOTH))))

    def _paint(self, coarse: int) -> None:
        if self.view.has_picture:
            self._supply()
            self.scene.draw(self.surface.defaultFramebufferObject(), self.view, coarse, rgb(self.theme.surround))
        else:
            GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self.surface.defaultFramebufferObject())
            GL.glClearColor(*rgb(self.theme.surround), 1)
            GL.glClear(GL.GL_COLOR_BUFFER_BIT)
        self.imgui.frame(self.width(), self.height(), self.devicePixelRatio(), self._draw_hud)

    def _supply(self) -> None:
        """Gives the scene what it cannot make itself."""
        if not self.view.has_picture:
            return
        self._prepare_difference()
        for painter, side in zip((self.scene.a, self.scene.b), self._sides, strict=True):
            if painter.needs_pixels:
                painter.set_pixels(self._bench.decoded.shown(side))

    def _prepare_difference(self) -> None:
        look, maps = self.view.look, self._bench.maps
        if not self.view.differs:
            maps.forget()
            return
        measured = look.difference.is_measured
        self._found = maps.get(look.difference) if measured else None
        if not measured:
            maps.forget()
        self.scene.errors = None if self._found is None else self._found.errors
        channels = look.by_channel and not measured
        self.scene.table = GREYS if channels else self._bench.tables.get(table_of(look.difference, look.colour_map))

    def _prepare(self, work: Callable[[], object], deliver: Callable[[object], None]) -> None:
        """As `image_texture.Prepare`."""

        def take(result: object) -> None:
            deliver(result)
            self.update()

        self._bench.workspace.background.run(work, take)

    def _follow_blinking(self) -> None:
        period = round(1000 * self.view.look.blink)
        if not self.view.blinks:
            self._blinking.stop()
        elif not self._blinking.isActive() or self._blinking.interval() != period:
            self._blinking.start(period)

    def _draw_hud(self) -> None:
        if self.view.has_picture:
            drags = isinstance(self.hand.holder, SplitLine)
            self._hud.draw(self._sides, self._found, self.height() - self.strip.taken, drags)
        if self.ring is not None and self._brush_diameter:
            self._hud.draw_brush(self.ring, self._brush_diameter)
        self.strip.draw(self.theme)

    @property
    def _brush_diameter(self) -> float:
        """Of the brush that is at hand, image pixels; 0 where none is."""
        tool = self._bench.edit_tool
        if tool.is_on and tool.kind.has_brush:
            return tool.diameter
        if self._bench.brushing.is_on:
            return self._bench.brushing.brush.diameter
        return self._painting.brush.diameter if self._painting.is_on else 0.0

    def resizeEvent(self, event) -> None:
        """What lies above has come or gone if it is the upper edge alone that moves: the picture stays then."""
        before, self._place = self._place, self.geometry()
        moves = before.width() == self.width() and before.bottom() == self._place.bottom()
        self._raised = before.top() - self._place.top() if moves else 0
        self.surface.setGeometry(self.rect())
        self._show_strip()

    def _show_strip(self) -> None:
        """As it is now; the picture is fitted above it, not behind it."""
        self.strip.refresh()
        self.view.leave_free(round(self.strip.taken * self.devicePixelRatio()))
        self.update()

    def _rest_later(self) -> None:
        self._moving.start()
        self.update()

    def cleanup(self) -> None:
        """Frees what is on the GPU; may be called twice."""
        self.scene.cleanup()
        self.imgui.cleanup()

    def _break(self, error: Exception) -> None:
        if not self._broken:
            self._broken, self._details = True, traceback.format_exc()
            QTimer.singleShot(
                0, self, lambda: self._go_on_without(f"OpenGL has failed ({' '.join(str(error).split())[:_SAID]})")
            )

    def _go_on_without(self, why: str) -> None:
        """Args: why: OpenGL cannot be used any more."""
        broken = self.surface
        with suppress(Exception):  # whatever is wrong with OpenGL
            broken.cleanup()
        broken.hide()
        broken.deleteLater()
        self._plain = why
        self._bench.stage.draw_by(None)
        self._set_up()
        self.update()


def _look_alike(old: FitState, new: FitState) -> bool:
    """Nothing that is painted tells two states apart, but for their sides."""
    told = [(state.ticket, state.phase, state.progress.stage, state.progress.attempt, state.progress.step)
            for state in (old, new)]  # fmt: skip
    parts = ("snapshot", "frame", "timeline", "encoded", "kept", "failure")
    return told[0] == told[1] and all(getattr(old, part) is getattr(new, part) for part in parts)


def _are_alike(old: CompareSource | None, new: CompareSource | None) -> bool:
    """Likewise two sides."""
    if old is None or new is None:
        return old is new
    told = [(side.label, side.is_live, side.has_stages) for side in (old, new)]
    parts = ("pixels", "texels", "gaussians", "frame", "document", "born")
    return told[0] == told[1] and all(getattr(old, part) is getattr(new, part) for part in parts)
