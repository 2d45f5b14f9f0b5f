"""The viewport: paints the picture as the view says, and hands mouse and keys to the tools. The central widget."""

from __future__ import annotations

import math
import time
import traceback

from OpenGL import GL
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from daub.app.model.brush import Box
from daub.app.model.chrome import Chrome
from daub.app.model.compare import Sides
from daub.app.model.fit_state import FitState
from daub.app.model.inspector import Inspector
from daub.app.model.overlay import Overlay
from daub.app.model.painting import Painting
from daub.app.model.view import Mode, View
from daub.app.window.look.theme import DARK, Theme, rgb
from daub.app.window.viewport import hud
from daub.app.window.viewport.brush_tool import BrushTool
from daub.app.window.viewport.imgui_layer import ImGuiLayer
from daub.app.window.viewport.overlay_hud import draw_overlay
from daub.app.window.viewport.pick_tool import PickTool
from daub.app.window.viewport.scene import Scene
from daub.app.window.viewport.strip import Strip
from daub.app.window.viewport.surface import GlSurface
from daub.app.window.viewport.tools import Button, Cursor, Hand, Key, Pointer, SplitLine, usual_tools
from daub.render.errors import Reason

_TOP = 10  # logical pixels above the labels
_LONGEST_WAIT = 0.3  # seconds: slower, nobody would call it live
_SMOOTH = 0.08  # seconds: where frames take longer, moving pictures are drawn coarser ...
_REST = 150  # ... until nothing has moved for so many milliseconds
_KEYS = {
    Qt.Key.Key_Space: Key.SPACE,
    Qt.Key.Key_P: Key.PEEK,
    Qt.Key.Key_Left: Key.LEFT,
    Qt.Key.Key_Right: Key.RIGHT,
    Qt.Key.Key_Up: Key.UP,
    Qt.Key.Key_Down: Key.DOWN,
}
_BUTTONS = {Qt.MouseButton.LeftButton: Button.LEFT, Qt.MouseButton.MiddleButton: Button.MIDDLE}
_CURSORS = {
    Cursor.GRABBING: Qt.CursorShape.ClosedHandCursor,
    Cursor.SPLITTING: Qt.CursorShape.SplitHCursor,
    Cursor.PAINTING: Qt.CursorShape.CrossCursor,
    Cursor.PICKING: Qt.CursorShape.PointingHandCursor,
}


class Viewport(QWidget):
    """Draws only when something has changed, and while a fit runs only a share of the time.

    Args:
        view: what is seen; mouse and keys change it through the tools.
        painting: what the brush does, likewise.
        chrome: what is seen of the strip.
    """

    tapped = Signal()  # the space bar, without a drag
    framed = Signal(object)  # Framing: another part of the picture is looked at
    drawn_otherwise = Signal()  # `reason` is another one
    broken = Signal(str, str)  # one line, details

    def __init__(
        self, view: View, painting: Painting, chrome: Chrome, overlay: Overlay, inspector: Inspector, parent=None
    ):
        super().__init__(parent)
        self.view = view
        self._painting, self._overlay, self._inspector = painting, overlay, inspector
        self._ring: QPointF | None = None  # where the brush is, None beside the picture
        self.scene = Scene(overlay)
        self.surface = GlSurface(self)
        self.strip = Strip(chrome, self)
        self.frames = 0  # painted, for tests and measurements
        self.rest = 3.0  # how many times as long as a painting the fit has to itself after it
        self.theme: Theme = DARK
        self._state = FitState()
        self._sides: Sides = None, None
        self._imgui = ImGuiLayer()
        self._hand = Hand(usual_tools(view, self.tapped.emit, BrushTool(view, painting), PickTool(view, inspector)))
        self._broken = False
        self._told: tuple = (None, None)  # framing and reason
        self._paint_seconds = 0.0
        self._painted = 0.0  # when, by the monotonic clock
        self._fine_seconds = 0.0  # what a frame takes, or would take, at full resolution
        self._moving = QTimer(self, singleShot=True, interval=_REST)
        self._moving.timeout.connect(self.update)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.update)
        view.changed.connect(self.update)
        chrome.changed.connect(self._show_strip)
        overlay.changed.connect(self.update)
        inspector.changed.connect(self.update)
        view.moved.connect(self._rest_later)
        painting.changed.connect(self._show_brush)
        painting.painted.connect(self._show_painted)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Picture")

    # What is shown.

    def show_state(self, state: FitState, sides: Sides) -> None:
        """A newer state of the fit; it is painted as soon as painting leaves the fit its share of the time."""
        self._state, self._sides = state, sides
        self.scene.show(sides)
        self.strip.refresh()
        self.view.leave_free(round(self.strip.taken * self.devicePixelRatio()))
        wait = self._painted + min(self.rest * self._paint_seconds, _LONGEST_WAIT) - time.perf_counter()
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
        self._later.stop()
        self._moving.stop()
        self.surface.cleanup()
        self._imgui.close()

    # OpenGL.

    def initializeGL(self) -> None:
        """For the surface, as what follows."""
        try:
            self.scene.initialize()
            self._imgui.initialize()
            self._broken = False
        except Exception as error:
            self._break(error)

    def resizeGL(self, width: int, height: int) -> None:
        dpr = self.devicePixelRatio()
        self.view.resize(round(self.width() * dpr), round(self.height() * dpr), dpr)

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

    def _tell(self) -> None:
        told, self._told = self._told, (self.scene.framing, self.reason)
        if self._told[0] != told[0]:
            self.framed.emit(self._told[0])
        if self._told[1] != told[1]:
            self.drawn_otherwise.emit()

    def _coarseness(self) -> int:
        """Screen pixels per decoded one: 1 at rest and on any machine with a graphics card."""
        if not self._state.phase.running and not self._moving.isActive():
            return 1
        return min(4, max(1, math.ceil(math.sqrt(self._fine_seconds / _SMOOTH))))

    def _paint(self, coarse: int) -> None:
        if self.view.has_picture:
            self.scene.draw(self.surface.defaultFramebufferObject(), self.view, coarse, rgb(self.theme.surround))
        else:
            GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self.surface.defaultFramebufferObject())
            GL.glClearColor(*rgb(self.theme.surround), 1)
            GL.glClear(GL.GL_COLOR_BUFFER_BIT)
        self._imgui.frame(self.width(), self.height(), self.devicePixelRatio(), self._draw_hud)

    def _draw_hud(self) -> None:
        if self.view.has_picture and self.view.compares:
            self._draw_labels()
        if self._ring is not None and self._painting.is_on:
            radius = self._painting.brush.diameter / 2 * self.view.camera.zoom / self.devicePixelRatio()
            hud.draw_ring(self._ring.x(), self._ring.y(), radius)
        if self.view.has_picture:
            bottom = self.height() - self.strip.taken
            draw_overlay(self._overlay, self._inspector, self.view.camera, self.devicePixelRatio(), bottom)
        self.strip.draw(self.theme)

    def _draw_labels(self) -> None:
        a, b = (side.label if side is not None else "" for side in self._sides)
        titles = [side.title if side is not None else "" for side in self._sides]
        mode = self.scene.shown_mode(self.view)
        if mode is Mode.SPLIT:
            x = self.view.split * self.width()
            drags = isinstance(self._hand.holder, SplitLine)
            hud.draw_split(x, 0, self.height() - self.strip.taken, drags)
            hud.draw_label(hud.Label(a, x - 10, _TOP, 1.0))
            hud.draw_label(hud.Label(b, x + 10, _TOP))
        elif mode is Mode.DIFFERENCE:
            hud.draw_label(hud.Label(f"|{titles[1]} - {titles[0]}| × {self.view.look.gain:g}", 10, _TOP))
        else:
            hud.draw_label(hud.Label(a if mode is Mode.A else b, 10, _TOP))

    def resizeEvent(self, event) -> None:
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
        self._imgui.cleanup()

    def _break(self, error: Exception) -> None:
        self._broken = True
        self.broken.emit(f"the picture cannot be drawn, {error}, update the graphics driver", traceback.format_exc())

    # Mouse and keys: first what is drawn over the picture may take them, then the tools.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._hud_takes_press(event) and not self._over_strip(event.position()):
            self._hand.press(self._pointer(event.position(), _BUTTONS.get(event.button())))
            self._show_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        wanted = self._imgui.mouse_moved(position.x(), position.y())
        if wanted or self._over_strip(position):
            self.update()  # the strip shows what the mouse is over
        self._hand.move(self._pointer(position))
        self._show_cursor(position)
        self._show_ring(position)
        self._point(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._imgui.mouse_button(False)
        self._hand.release(self._pointer(event.position()))
        self._show_cursor(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._hud_takes_press(event) and not self._over_strip(event.position()):
            self._hand.double_click(self._pointer(event.position(), _BUTTONS.get(event.button())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._over_strip(event.position()):
            self._imgui.mouse_wheel(event.angleDelta().x() / 120, event.angleDelta().y() / 120)
            self.update()
            return
        if not self.view.has_picture:
            return
        at = self._pointer(event.position())
        touchpad = event.device() is not None and event.device().type() == event.device().DeviceType.TouchPad
        if touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier and not event.pixelDelta().isNull():
            self._hand.scroll(at, event.pixelDelta().x(), event.pixelDelta().y())
        else:
            self._hand.wheel(at, (event.angleDelta().y() or event.angleDelta().x()) / 120)
        self._point(event.position())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._hand.pinch(self._pointer(event.position()), 1 + event.value())
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._ring = None
        self._imgui.mouse_left()
        self.view.point_away()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._tools_take(event, True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._tools_take(event, False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event) -> None:
        self._hand.let_go()
        super().focusOutEvent(event)

    def _tools_take(self, event: QKeyEvent, down: bool) -> bool:
        key = _KEYS.get(event.key())
        if key is None or (down and key is Key.PEEK and event.modifiers()):
            return False
        repeats = event.isAutoRepeat() and key in (Key.SPACE, Key.PEEK)
        return repeats or (event.isAutoRepeat() and not down) or self._hand.key(key, down)

    def _hud_takes_press(self, event: QMouseEvent) -> bool:
        self._imgui.mouse_moved(event.position().x(), event.position().y())
        if event.button() != Qt.MouseButton.LeftButton or not self._imgui.mouse_button(True):
            return False
        self.update()
        return True

    def _pointer(self, position: QPointF, button: Button | None = None) -> Pointer:
        dpr = self.devicePixelRatio()
        return Pointer(position.x() * dpr, position.y() * dpr, button, self._hand.keys)

    def _point(self, position: QPointF) -> None:
        if self._over_strip(position):
            self.view.point_away()
        else:
            at = self._pointer(position)
            self.view.point_at(at.x, at.y)

    def _show_cursor(self, position: QPointF) -> None:
        cursor = Cursor.USUAL if self._over_strip(position) else self._hand.cursor(self._pointer(position))
        if cursor in _CURSORS:
            self.setCursor(_CURSORS[cursor])
        else:
            self.unsetCursor()

    def _show_ring(self, position: QPointF) -> None:
        """Around what the brush would paint; not while the pointer does something else."""
        ring = position if self.cursor().shape() == _CURSORS[Cursor.PAINTING] else None
        if ring != self._ring:
            self._ring = ring
            self.update()

    def _over_strip(self, position: QPointF) -> bool:
        return position.y() > self.height() - self.strip.taken
