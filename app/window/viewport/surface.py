"""What the viewport paints on: a QOpenGLWidget that covers it and takes no input."""

from __future__ import annotations

from OpenGL import GL
from PySide6.QtCore import Qt
from PySide6.QtOpenGLWidgets import QOpenGLWidget


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
