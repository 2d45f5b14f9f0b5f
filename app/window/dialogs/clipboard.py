"""Pictures to and from the clipboard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColorSpace, QImage

from daub.app.model.origin import FileOrigin, Origin, PixelOrigin


def origin_of(data: QMimeData, name: str) -> Origin | None:
    """What pasted or dropped data holds that can be opened, if anything.

    Args:
        name: of pixels without a file.
    """
    for url in data.urls():
        if url.isLocalFile():
            return FileOrigin(Path(url.toLocalFile()))
    if data.hasImage():
        image = QImage(data.imageData())
        return None if image.isNull() else PixelOrigin(pixels_of(image), name)
    return None


def pixels_of(image: QImage) -> np.ndarray:
    """A copy, (H, W, 4) uint8: red, green, blue and alpha, in sRGB whatever colour space the image is in."""
    image = _in_srgb(image).convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def _in_srgb(image: QImage) -> QImage:
    """Qt converts by the primaries and curves of the space, and cuts off what sRGB does not hold."""
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if not image.colorSpace().isValid() or image.colorSpace() == srgb:
        return image
    converted = image.convertedToColorSpace(srgb)
    return image if converted.isNull() else converted


def to_qimage(pixels8: np.ndarray) -> QImage:
    """A copy. Args: pixels8 (H, W, 3) uint8."""
    height, width, _ = pixels8.shape
    return QImage(np.ascontiguousarray(pixels8).data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
