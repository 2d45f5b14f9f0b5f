"""The viewport: shows the picture, takes mouse and keys. The central widget of the window."""

from __future__ import annotations

import math
import time
import traceback
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtOpenGLWidgets import QOpenGLWidget

from daub.app.model import writer
from daub.app.model.fit_state import FitState, Phase
from daub.app.window.look.theme import DARK, Theme, rgb
from daub.app.window.viewport import hud
from daub.app.window.viewport.camera import Camera
from daub.app.window.viewport.imgui_layer import ImGuiLayer
from daub.app.window.viewport.scene import Look, Scene
from daub.render.gl.display import View

_GRIP = 9  # logical pixels on either side of the split line that take hold of it
_TOP = 10  # of the labels
_FIT_SHARE = 3  # after painting, the fit gets this many times as long to itself
_LONGEST_WAIT = 0.3  # seconds: slower, nobody would call it live
_SMOOTH = 0.08  # seconds: where frames take longer, moving pictures are drawn coarser ...
_REST = 150  # ... until nothing has moved for so many milliseconds
_LOOSE = 4  # logical pixels a held button may move before it drags


class Viewport(QOpenGLWidget):
    """Draws only when something has changed, and while a fit runs at most a quarter of the time."""

    hovered = Signal(object)  # (column, row) of the image, or None
    zoomed = Signal(float)
    tapped = Signal()  # the space bar, without a drag
    timeline_toggled = Signal(bool)
    framed = Signal(object)  # Framing: another part of the picture is looked at
    drawn_otherwise = Signal()  # `scene.reason` is another one
    broken = Signal(str, str)  # one line, details

    def __init__(self, parent=None):
        super().__init__(parent)
        self.camera = Camera()
        self.scene = Scene()
        self.look = Look()
        self.timeline = hud.Timeline()
        self.frames = 0  # painted, for tests and measurements
        self.theme: Theme = DARK
        self.split = 0.5  # of the width of the viewport
        self.compares = False  # there is a source to compare with
        self._state = FitState()
        self._shown = False  # there is a picture
        self._peeking = False
        self._imgui = ImGuiLayer()
        self._held: QPointF | None = None  # where the last drag event was
        self._pressed_at = QPointF()
        self._dragging_split = False
        self._space: str = ""  # "", "down", "dragged"
        self._broken = False
        self._told: tuple = (None, "")  # framing and reason
        self._paint_seconds = 0.0
        self._painted = 0.0
        self._fine_seconds = 0.0  # what a frame takes, or would take, at full resolution
        self._moving = QTimer(self, singleShot=True, interval=_REST)
        self._moving.timeout.connect(self.update)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.update)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Picture")

    # What is shown.

    def show_picture(self, width: int, height: int, texels) -> None:
        """Args: texels (H, W, 3) float16 of the source, None for a .daub."""
        self._shown, self.compares = True, texels is not None
        self.scene.set_source(texels)
        self.scene.set_gaussians(None)
        self.scene.set_decoded(None)
        self.scene.set_frame(None)
        self._fit_insets()
        self.camera.show(width, height)
        self.zoomed.emit(self.camera.zoom)
        self.update()

    def show_state(self, state: FitState) -> None:
        """A newer state of the fit; it is painted as soon as painting leaves the fit its share of the time."""
        if state.gaussians is not self._state.gaussians:
            self.scene.set_gaussians(state.gaussians)
        # While a fit runs the next one follows at once; of what stands still the picture has to be the very one.
        fits = state.frame is not None and (state.phase is Phase.FITTING or state.frame.gaussians is state.gaussians)
        self.scene.set_frame(state.frame if fits else None)
        self._state = state
        self._fit_insets()
        wait = self._painted + min(_FIT_SHARE * self._paint_seconds, _LONGEST_WAIT) - time.perf_counter()
        if wait <= 0:
            self.update()
        elif not self._later.isActive():
            self._later.start(max(1, round(1000 * wait)))

    def show_look(self, look: Look) -> None:
        self.look = look
        self.update()

    def show_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_timeline(self, expanded: bool) -> None:
        self.timeline.expanded = expanded
        self._fit_insets()
        self.update()

    # Moving around.

    def fit(self) -> None:
        if self._shown:
            self.camera.fit()
            self._moved()

    def zoom_to(self, zoom: float) -> None:
        if self._shown:
            self.camera.zoom_to(zoom)
            self._moved()

    def jump_split(self, where: float) -> None:
        """Args: where 0 left, 0.5 middle, 1 right of the part of the picture in view."""
        left, _ = self.camera.to_screen(0, 0)
        right, _ = self.camera.to_screen(*self.camera.image)
        left, right = max(left, 0), min(right, self.camera.view[0])
        self.split = (left + where * (right - left)) / self.camera.view[0]
        self.update()

    def peek(self, on: bool) -> None:
        """Shows the source as long as it is on."""
        self._peeking = on and self.compares
        self.update()

    def close_gl(self) -> None:
        """Frees what is on the GPU, once, when the window closes."""
        self._later.stop()
        self._moving.stop()
        self.makeCurrent()
        self._cleanup()
        self.doneCurrent()
        self._imgui.close()

    # OpenGL.

    def initializeGL(self) -> None:
        self.context().aboutToBeDestroyed.connect(self._context_dies)
        try:
            self.scene.initialize()
            self._imgui.initialize()
            self._broken = False
        except Exception as error:
            self._break(error)

    def resizeGL(self, width: int, height: int) -> None:
        dpr = self.devicePixelRatio()
        self.camera.resize(round(self.width() * dpr), round(self.height() * dpr))
        if self._shown:
            self.zoomed.emit(self.camera.zoom)

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
        told, self._told = self._told, (self.scene.framing, self.scene.reason)
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
        dpr = self.devicePixelRatio()
        if self._shown:
            look = replace(self.look, coarse=coarse, view=View.SOURCE if self._peeking else self.look.view)
            split = round(self.split * self.camera.view[0])
            surround = rgb(self.theme.surround)
            self.scene.draw(self.defaultFramebufferObject(), self.camera, look, split, surround, dpr)
        else:
            self._clear()
        self._imgui.frame(self.width(), self.height(), dpr, self._draw_hud)
        if self.timeline.toggled:
            self.timeline.toggled = False
            QTimer.singleShot(0, lambda: self.timeline_toggled.emit(not self.timeline.expanded))

    def _clear(self) -> None:
        from OpenGL import GL

        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self.defaultFramebufferObject())
        GL.glClearColor(*rgb(self.theme.surround), 1)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT)

    def _draw_hud(self) -> None:
        if self._shown:
            self._draw_labels()
        self.timeline.draw(self._state, self.theme, self.width(), self.height())

    def _draw_labels(self) -> None:
        if self._peeking:
            hud.draw_label(hud.Label("Source", 10, _TOP))
        elif self.look.view is View.SPLIT and self.compares:
            x = self.split * self.width()
            bottom = self.height() - self.timeline.height(self._state)
            hud.draw_split(x, 0, bottom, self._dragging_split)
            hud.draw_label(hud.Label("Source", x - 10, _TOP, 1.0))
            hud.draw_label(hud.Label(writer.label(self._state), x + 10, _TOP))
        elif self.look.view is View.DIFFERENCE and self.compares:
            hud.draw_label(hud.Label(f"|Decoded - source| × {self.look.gain:g}", 10, _TOP))
        elif self.compares:
            hud.draw_label(
                hud.Label("Source" if self.look.view is View.SOURCE else writer.label(self._state), 10, _TOP)
            )

    def _fit_insets(self) -> None:
        """The picture is fitted above the timeline, not behind it."""
        inset = round(self.timeline.height(self._state) * self.devicePixelRatio())
        if inset != self.camera.inset:
            self.camera.inset = inset
            if self.camera.fitted:
                self.camera.fit()
                self.zoomed.emit(self.camera.zoom)

    def _context_dies(self) -> None:
        self.makeCurrent()
        self._cleanup()
        self.doneCurrent()

    def _cleanup(self) -> None:
        self.scene.cleanup()
        self._imgui.cleanup()

    def _break(self, error: Exception) -> None:
        self._broken = True
        self.broken.emit(f"the picture cannot be drawn, {error}, update the graphics driver", traceback.format_exc())

    # Mouse and keys.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        self._imgui.mouse_moved(position.x(), position.y())
        if event.button() == Qt.MouseButton.LeftButton and self._imgui.mouse_button(True):
            self.update()
            return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self._shown:
            self._held = self._pressed_at = position
            left = event.button() == Qt.MouseButton.LeftButton
            self._dragging_split = left and not self._space and self._over_split(position)
            self._show_cursor(position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        wanted = self._imgui.mouse_moved(position.x(), position.y())
        if wanted or self._over_strip(position):
            self.update()  # the strip shows what the mouse is over
        if self._held is not None:
            self._drag(position)
        else:
            self._show_cursor(position)
        self._hover(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._imgui.mouse_button(False)
        self._held, self._dragging_split = None, False
        self._show_cursor(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)
        if self.look.view is View.SPLIT and self.compares and not self._over_strip(event.position()):
            width = self.camera.view[0]
            left, right = self.camera.to_screen(0, 0)[0], self.camera.to_screen(*self.camera.image)[0]
            here = (self.split * width - left) / max(right - left, 1)
            self.jump_split(0.5 if here < 0.25 else 1.0 if here < 0.75 else 0.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        position = event.position() * self.devicePixelRatio()
        touchpad = event.device() is not None and event.device().type() == event.device().DeviceType.TouchPad
        if not self._shown or self._over_strip(event.position()):
            return
        if touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier and not event.pixelDelta().isNull():
            self.camera.pan(event.pixelDelta().x(), event.pixelDelta().y())
        else:
            turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
            self.camera.zoom_to(self.camera.zoom * 2 ** (turns / 3), position.x(), position.y())
        self._moved()
        self._hover(event.position())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            position = event.position() * self.devicePixelRatio()
            self.camera.zoom_to(self.camera.zoom * (1 + event.value()), position.x(), position.y())
            self._moved()
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._imgui.mouse_left()
        self.hovered.emit(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        step = 60 * self.devicePixelRatio()
        arrows = {
            Qt.Key.Key_Left: (step, 0),
            Qt.Key.Key_Right: (-step, 0),
            Qt.Key.Key_Up: (0, step),
            Qt.Key.Key_Down: (0, -step),
        }
        if key == Qt.Key.Key_P and not event.modifiers():
            self.peek(True)
        elif key == Qt.Key.Key_Space:
            self._space = self._space or "down"
        elif key in arrows and self._shown:
            self.camera.pan(*arrows[key])
            self._moved()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_P:
            self.peek(False)
        elif event.key() == Qt.Key.Key_Space:
            if self._space == "down":
                self.tapped.emit()
            self._space = ""
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event) -> None:
        self.peek(False)  # the release will go elsewhere
        self._space = ""
        super().focusOutEvent(event)

    def _drag(self, position: QPointF) -> None:
        if self._dragging_split:
            self.split = min(max(position.x() / self.width(), 0.0), 1.0)
            self.update()
            return
        moved = position - self._held
        if (position - self._pressed_at).manhattanLength() < _LOOSE and self._held == self._pressed_at:
            return
        self._held = position
        if self._space:
            self._space = "dragged"
        dpr = self.devicePixelRatio()
        self.camera.pan(moved.x() * dpr, moved.y() * dpr)
        self._moved()

    def _hover(self, position: QPointF) -> None:
        dpr = self.devicePixelRatio()
        inside = self._shown and not self._over_strip(position)
        self.hovered.emit(self.camera.pixel_at(position.x() * dpr, position.y() * dpr) if inside else None)

    def _show_cursor(self, position: QPointF) -> None:
        if self._held is not None and not self._dragging_split:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._dragging_split or self._over_split(position):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.unsetCursor()

    def _over_split(self, position: QPointF) -> bool:
        if not self.compares or self.look.view is not View.SPLIT or self._over_strip(position):
            return False
        return abs(position.x() - self.split * self.width()) <= _GRIP

    def _over_strip(self, position: QPointF) -> bool:
        return position.y() > self.height() - self.timeline.height(self._state)

    def _moved(self) -> None:
        self._moving.start()
        self.zoomed.emit(self.camera.zoom)
        self.update()
