"""The picture for a viewport whose OpenGL cannot draw it: decoded on the CPU, beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.background import Background
from daub.app.model.fit_state import Failure
from daub.app.model.picture import decode
from daub.app.window.viewport.viewport import Viewport

if TYPE_CHECKING:
    from daub.codec.container import Document


class ScreenDecode:
    """One decode at a time; the newest document follows it."""

    def __init__(self, background: Background, viewport: Viewport, on_failure: Callable[[Failure], None]):
        self._background, self._viewport, self._on_failure = background, viewport, on_failure
        self._newest: Document | None = None
        self._under_way: Document | None = None
        self._decoded: Document | None = None  # of which the pixels are
        self._pixels: np.ndarray | None = None  # (H, W, 3) float16

    def show(self, document: Document) -> None:
        """Decodes the document, and then shows it unless another picture has been opened."""
        if document is self._newest:
            return
        self._newest = document
        if self._under_way is None:
            self._next()

    def colour_at(self, x: int, y: int) -> np.ndarray | None:
        """(3,) in [0, 1]: the pixel in column x and row y of the newest document; None until it is decoded."""
        return self._pixels[y, x] if self._pixels is not None and self._decoded is self._newest else None

    def _next(self) -> None:
        document = self._under_way = self._newest

        def work() -> np.ndarray:
            return (decode(document) / np.float32(255)).astype(np.float16)

        def deliver(pixels: np.ndarray) -> None:
            if self._viewport.camera.image == (document.width, document.height):
                self._decoded, self._pixels = document, pixels
                self._viewport.scene.set_decoded(pixels)
                self._viewport.update()
            self._go_on()

        def refuse(failure: Failure) -> None:
            self._on_failure(failure)
            self._go_on()

        self._background.run(work, deliver, refuse)

    def _go_on(self) -> None:
        done, self._under_way = self._under_way, None
        if done is not self._newest:
            self._next()
