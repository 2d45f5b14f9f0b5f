"""What the viewport paints on: a widget that covers it and takes no input, with OpenGL or without."""

from __future__ import annotations

from OpenGL import GL
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget


class GlSurface(QOpenGLWidget):
    """Calls `initializeGL`, `resizeGL`, `paintGL` and `cleanup` of the widget that it covers, with a current context.

    It is a child rather than the viewport itself, so that a picture that OpenGL cannot draw can be painted on another.
    """

    def __init__(self, owner):
        super().__init__(owner)
        self._owner = owner
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def initializeGL(self) -> None:
        self.context().aboutToBeDestroyed.connect(self.cleanup)
        self._owner.initializeGL()

    def resizeGL(self, width: int, height: int) -> None:
        self._owner.resizeGL(width, height)

    def paintGL(self) -> None:
        self._owner.paintGL()

    def cleanup(self) -> None:
        """Has what is on the GPU freed."""
        self.makeCurrent()
        self._owner.cleanup()
        self.doneCurrent()

    def driver(self) -> str:
        """Version and renderer of the OpenGL that draws."""
        self.makeCurrent()
        version, renderer = (GL.glGetString(name).decode() for name in (GL.GL_VERSION, GL.GL_RENDERER))
        self.doneCurrent()
        return f"{version}, {renderer}"


class PlainSurface(QWidget):
    """Calls `paint_plainly` of the widget that it covers."""

    def __init__(self, owner):
        super().__init__(owner)
        self._owner = owner
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def resizeEvent(self, event) -> None:
        self._owner.resizeGL(self.width(), self.height())

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        self._owner.paint_plainly(painter)
        painter.end()

    def cleanup(self) -> None:
        """There is nothing on the GPU."""

    def driver(self) -> str:
        """Stands for that of OpenGL."""
        return "not used"
