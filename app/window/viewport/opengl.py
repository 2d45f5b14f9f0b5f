"""What Qt and OpenGL must agree on before the first window exists."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QOpenGLContext, QSurfaceFormat

_VERSION = 3, 3
_NEEDED = "3.3"
# Mesa's three, Google's, those of Windows and of macOS.
_SOFTWARE = (
    "llvmpipe", "softpipe", "swrast", "swiftshader", "gdi generic", "microsoft basic render", "apple software renderer",
)  # fmt: skip


def request_context() -> None:
    """Asks for OpenGL 3.3 core everywhere; call before the QApplication is made."""
    wanted = QSurfaceFormat()
    wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wanted.setVersion(*_VERSION)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setAlphaBufferSize(0)  # with alpha, the desktop would shine through the viewport
    wanted.setDepthBufferSize(0)
    QSurfaceFormat.setDefaultFormat(wanted)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


def missing() -> str:
    """Why OpenGL cannot draw the picture, "" where it can; call with a QApplication."""
    shared = QOpenGLContext.globalShareContext()
    if shared is None or not shared.isValid():
        return "this system gives no OpenGL context"
    version = shared.format().version()
    return "" if version >= _VERSION else f"this system has OpenGL {version[0]}.{version[1]}, {_NEEDED} is needed"


def is_software(renderer: str) -> bool:
    """OpenGL is computed on the CPU. Args: renderer: what it calls itself, GL_RENDERER."""
    return any(name in renderer.lower() for name in _SOFTWARE)


def match_pyopengl() -> None:
    """Points PyOpenGL at the library Qt has chosen; call with a QApplication, before anything imports OpenGL."""
    if QGuiApplication.platformName() == "wayland" or os.environ.get("QT_XCB_GL_INTEGRATION") == "xcb_egl":
        os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
