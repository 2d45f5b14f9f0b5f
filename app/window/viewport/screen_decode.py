"""The picture for a viewport whose OpenGL cannot blend floats: decoded on the CPU, beside the window."""

from __future__ import annotations

import numpy as np

from daub.app.model.picture import Picture, decode
from daub.app.window.background import Background
from daub.app.window.viewport.viewport import Viewport
from daub.render.gaussians import Gaussians


class ScreenDecode:
    """One decode at a time; the newest Gaussians follow it."""

    def __init__(self, background: Background, viewport: Viewport):
        self._background, self._viewport = background, viewport
        self._waiting: tuple[Picture, Gaussians] | None = None
        self._busy = False

    def show(self, picture: Picture, gaussians: Gaussians) -> None:
        self._waiting = (picture, gaussians)
        if not self._busy:
            self._next()

    def _next(self) -> None:
        picture, gaussians = self._waiting
        self._waiting, self._busy = None, True

        def work() -> np.ndarray:
            return decode(gaussians, picture.width, picture.height).astype(np.float16)

        self._background.run(work, lambda texels: self._deliver(picture, texels))

    def _deliver(self, picture: Picture, texels: np.ndarray) -> None:
        self._busy = False
        if self._viewport.camera.image == (picture.width, picture.height):
            self._viewport.scene.set_decoded(texels)
            self._viewport.update()
        if self._waiting is not None:
            self._next()
