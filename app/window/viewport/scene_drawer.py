"""Pictures of scenes by a graphics card, in an OpenGL context of their own that belongs to the thread which draws them.

The window's context is not touched: however long a picture takes, the window goes on, and what compares two pictures
has pixels as from the processor.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

from daub.app.window.viewport import opengl

if TYPE_CHECKING:
    from daub.render.splats.camera import Camera
    from daub.render.splats.cpu.scene import CpuScene
    from daub.render.splats.gl.drawer import Drawer

CHOICE = "DAUB_DRAW_SCENES"  # variable of the environment that says by what: one of the two following
OPENGL, PROCESSOR = "opengl", "processor"


def draws_scenes(renderer: str) -> bool:
    """OpenGL shall draw scenes: there is a graphics card, unless a person has chosen.

    Args:
        renderer: what OpenGL calls itself, GL_RENDERER.
    """
    chosen = os.environ.get(CHOICE, "").lower()
    if chosen in (OPENGL, PROCESSOR):
        return chosen == OPENGL
    return not opengl.is_software(renderer) and QOpenGLContext.supportsThreadedOpenGL()


class GlSceneDrawer:
    """A `daub.app.model.scene.drawing.SceneDrawer`. Made on the thread of the window, used on another.

    Args:
        owner: on whose thread the surface has to be deleted; with it that is.
    """

    def __init__(self, owner: QObject):
        self._surface = QOffscreenSurface(None, owner)
        self._surface.create()
        self._context: QOpenGLContext | None = None
        self._drawer: Drawer | None = None

    def image(self, scene: CpuScene, camera: Camera, order: np.ndarray) -> np.ndarray:
        if self._drawer is None:
            self._begin()
        return self._drawer.image(scene, camera, order)

    def close(self) -> None:
        if self._drawer is not None:
            self._drawer.delete()
        if self._context is not None:
            self._context.doneCurrent()
        self._drawer = self._context = None

    def _begin(self) -> None:
        from daub.render.splats.gl.drawer import Drawer

        self._context = QOpenGLContext()
        if not self._context.create() or not self._context.makeCurrent(self._surface):
            raise RuntimeError("this system gives no OpenGL context beside that of the window")
        self._drawer = Drawer()
