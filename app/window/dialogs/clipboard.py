"""Pictures to and from the clipboard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage


def origin_of(data: QMimeData) -> object | None:
    """What pasted or dropped data holds that can be opened: a Path, a `PIL.Image.Image`, or None."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    if data.hasImage():
        image = QImage(data.imageData())
        return None if image.isNull() else to_pillow(image)
    return None


def to_pillow(image: QImage):
    """A copy as RGBA with 8 bits."""
    import PIL.Image

    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return PIL.Image.fromarray(rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy())


def to_qimage(pixels8: np.ndarray) -> QImage:
    """Args: pixels8 (H, W, 3) uint8."""
    height, width, _ = pixels8.shape
    return QImage(np.ascontiguousarray(pixels8).data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
