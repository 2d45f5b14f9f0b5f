"""A widget over whose picture tools work: it hands them the mouse and the keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from daub.app.model.workbench import Workbench
from daub.app.window.viewport.brush_tool import BrushTool
from daub.app.window.viewport.editing_tool import EditingTool
from daub.app.window.viewport.imgui_layer import ImGuiLayer
from daub.app.window.viewport.input import BUTTONS, CURSORS, FAR, HELD, KEYS, MODIFIERS
from daub.app.window.viewport.orbit_tool import OrbitTool
from daub.app.window.viewport.paint_tool import PaintTool
from daub.app.window.viewport.pick_tool import PickTool
from daub.app.window.viewport.region_tool import RegionTool
from daub.app.window.viewport.strip import Strip
from daub.app.window.viewport.tools import Button, Cursor, Hand, Pointer, usual_tools

# With one of these a letter is a command of the window or of the desktop, and no flight.
_OF_MENUS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class ToolWidget(QWidget):
    """First what is drawn over the picture may take mouse and keys, then the tools.

    Args:
        bench: mouse and keys change its view, brush and region through the tools; its chrome says how the strip is.

    Attributes:
        view: of the bench.
        imgui: what is drawn over the picture, and takes the mouse first.
        strip: what of that lies at the bottom; the tools have nothing to do there.
        hand: the tools.
        ring: where the brush is, None beside the picture.
    """

    tapped = Signal()  # the space bar, without a drag

    def __init__(self, bench: Workbench, parent: QWidget | None = None):
        super().__init__(parent)
        self.view = view = bench.view
        self.imgui = ImGuiLayer()
        self.strip = Strip(bench.chrome, self)
        drawing = (
            RegionTool(view, bench.region), BrushTool(view, bench.painting), PickTool(view, bench.inspector),
            EditingTool(view, bench.edit_tool), PaintTool(view, bench.brushing),
        )  # fmt: skip
        walking = (OrbitTool(view, bench.stage),)
        self.hand = Hand(usual_tools(view, self.tapped.emit, *drawing, moves=walking))
        self.ring: QPointF | None = None
        self._escapable = bench.region, bench.edit_tool, bench.brushing
        self._pane_left = 0  # of the pane that the pointer is in, or that a drag has begun in
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._hud_takes_press(event) and not self._over_strip(event.position()):
            self.hand.press(self._pointer(event.position(), BUTTONS.get(event.button()), event.modifiers()))
            self._show_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        wanted = self.imgui.mouse_moved(position.x(), position.y())
        if wanted or self._over_strip(position):
            self.update()  # the strip shows what the mouse is over
        self.hand.move(self._pointer(position, None, event.modifiers()))
        self._show_cursor(position)
        self._show_ring(position)
        self._point(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.imgui.mouse_button(False)
        self.hand.release(self._pointer(event.position(), None, event.modifiers()))
        self._show_cursor(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._hud_takes_press(event) and not self._over_strip(event.position()):
            self.hand.double_click(self._pointer(event.position(), BUTTONS.get(event.button()), event.modifiers()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._over_strip(event.position()):
            self.imgui.mouse_wheel(event.angleDelta().x() / 120, event.angleDelta().y() / 120)
            self.update()
            return
        if not self.view.has_picture:
            return
        at = self._pointer(event.position())
        touchpad = event.device() is not None and event.device().type() == event.device().DeviceType.TouchPad
        if touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier and not event.pixelDelta().isNull():
            self.hand.scroll(at, event.pixelDelta().x(), event.pixelDelta().y())
        else:
            self.hand.wheel(at, (event.angleDelta().y() or event.angleDelta().x()) / 120)
        self._point(event.position())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.hand.pinch(self._pointer(event.position()), 1 + event.value())
            return True
        escapes = event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape
        flies = (
            event.type() == QEvent.Type.ShortcutOverride
            and not event.modifiers() & _OF_MENUS
            and self.hand.wants(KEYS.get(event.key()))
        )
        if flies or (escapes and any(tool.is_on for tool in self._escapable)):
            event.accept()  # the key comes to the tool, rather than to a menu
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.ring = None
        self.imgui.mouse_left()
        self.view.point_away()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._tools_take(event, True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._tools_take(event, False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event) -> None:
        self.hand.let_go()
        super().focusOutEvent(event)

    def _tools_take(self, event: QKeyEvent, down: bool) -> bool:
        key = KEYS.get(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            key = FAR.get(key, key)
        held = key in HELD
        flies = down and event.modifiers() & _OF_MENUS and self.hand.wants(key)
        if key is None or (down and held and event.modifiers()) or flies:
            return False
        repeats = event.isAutoRepeat() and held
        return repeats or (event.isAutoRepeat() and not down) or self.hand.key(key, down)

    def _hud_takes_press(self, event: QMouseEvent) -> bool:
        self.imgui.mouse_moved(event.position().x(), event.position().y())
        if event.button() != Qt.MouseButton.LeftButton or not self.imgui.mouse_button(True):
            return False
        self.update()
        return True

    def _pointer(
        self,
        position: QPointF,
        button: Button | None = None,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> Pointer:
        dpr = self.devicePixelRatio()
        if self.hand.holder is None:
            self._pane_left = self.view.pane_at(position.x() * dpr).left
        keys = self.hand.keys | {key for modifier, key in MODIFIERS.items() if modifiers & modifier}
        side = self.view.side_at(position.x() * dpr)
        return Pointer(position.x() * dpr - self._pane_left, position.y() * dpr, button, keys, side)

    def _point(self, position: QPointF) -> None:
        if self._over_strip(position):
            self.view.point_away()
        else:
            dpr = self.devicePixelRatio()
            self.view.point_at(position.x() * dpr, position.y() * dpr)

    def _show_cursor(self, position: QPointF) -> None:
        cursor = Cursor.USUAL if self._over_strip(position) else self.hand.cursor(self._pointer(position))
        if cursor in CURSORS:
            self.setCursor(CURSORS[cursor])
        else:
            self.unsetCursor()

    def _show_ring(self, position: QPointF) -> None:
        """Around what the brush would paint; not while the pointer does something else."""
        ring = position if self.cursor().shape() == CURSORS[Cursor.PAINTING] else None
        if ring != self.ring:
            self.ring = ring
            self.update()

    def _over_strip(self, position: QPointF) -> bool:
        return position.y() > self.height() - self.strip.taken
