"""Pictures and Gaussians to and from the clipboard."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColorSpace, QImage

from daub.app.model.picture.origin import FileOrigin, Origin, PixelOrigin

_GAUSSIANS = "application/x-daub-gaussians"
_MOST_LINES = 100  # of a text that may hold names of files
_SRGB = QColorSpace(QColorSpace.NamedColorSpace.SRgb)


def origins_of(data: QMimeData, name: str) -> list[Origin]:
    """What pasted or dropped data holds that can be opened: files, by their names in a text too, or else pixels.

    Args:
        name: of pixels without a file.
    """
    files = [FileOrigin(Path(url.toLocalFile())) for url in data.urls() if url.isLocalFile()]
    if files:
        return files
    if data.hasImage() and not (image := QImage(data.imageData())).isNull():
        return [_origin_of(image, name)]
    paths = [Path(line.strip()) for line in data.text().splitlines()[:_MOST_LINES] if line.strip().startswith(os.sep)]
    return [FileOrigin(path) for path in paths if path.is_file()]


def gaussians_as_mime(data: bytes) -> QMimeData:
    """Gaussians for the clipboard. Args: data: as of `Host.copy_gaussians`."""
    mime = QMimeData()
    mime.setData(_GAUSSIANS, data)
    return mime


def gaussians_of(data: QMimeData) -> bytes | None:
    """What `gaussians_as_mime` was given; None where there is none."""
    return bytes(data.data(_GAUSSIANS).data()) if data.hasFormat(_GAUSSIANS) else None


def _origin_of(image: QImage, name: str) -> PixelOrigin:
    in_srgb = _in_srgb(image)
    space = image.colorSpace().description() or "a colour space without a name"
    notices = () if in_srgb is image else (f"its colours were converted from {space} to sRGB",)
    return PixelOrigin(_pixels_of(in_srgb), name, notices)


def _in_srgb(image: QImage) -> QImage:
    """Qt converts by the primaries and curves of a colour space, and cuts off what sRGB does not hold."""
    if not image.colorSpace().isValid() or image.colorSpace() == _SRGB:
        return image
    converted = image.convertedToColorSpace(_SRGB)
    return image if converted.isNull() else converted


def _pixels_of(image: QImage) -> np.ndarray:
    """A copy, (H, W, 4) uint8: red, green, blue and alpha."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def to_qimage(pixels8: np.ndarray) -> QImage:
    """A copy. Args: pixels8 (H, W, 3) uint8."""
    height, width, _ = pixels8.shape
    return QImage(np.ascontiguousarray(pixels8).data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
