"""The picture for a viewport whose OpenGL cannot draw it: decoded on the CPU, beside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.background import Background
from daub.app.model.picture import decode
from daub.app.window.viewport.viewport import Viewport

if TYPE_CHECKING:
    from daub.codec.container import Document


class ScreenDecode:
    """One decode at a time; the newest document follows it."""

    def __init__(self, background: Background, viewport: Viewport):
        self._background, self._viewport = background, viewport
        self._waiting: Document | None = None
        self._busy = False

    def show(self, document: Document) -> None:
        """Decodes the document, and then shows it unless another picture has been opened."""
        self._waiting = document
        if not self._busy:
            self._next()

    def _next(self) -> None:
        document, self._waiting, self._busy = self._waiting, None, True

        def work() -> np.ndarray:
            return (decode(document) / np.float32(255)).astype(np.float16)

        self._background.run(work, lambda texels: self._deliver(document, texels))

    def _deliver(self, document: Document, texels: np.ndarray) -> None:
        self._busy = False
        if self._viewport.camera.image == (document.width, document.height):
            self._viewport.scene.set_decoded(texels)
            self._viewport.update()
        if self._waiting is not None:
            self._next()
