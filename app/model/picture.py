"""What is open: a source image to be fitted, or a .daub file, ready for the screen. Knows nothing of Qt.

Everything here may take seconds for a large image, so it runs on a background thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daub.codec.files import SUFFIX
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document

WHITE = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Picture:
    """One open file.

    Args:
        name: shown in the title.
        width, height: pixels.
        origin: what it was read from, to read it again on another background: a path or a `PIL.Image.Image`.
        pixels: (H, W, 3) float32 in [0, 1], None for a .daub.
        texels: (H, W, 3) float16, the same for the GPU.
        document: of a .daub.
        data: the bytes of a .daub.
        method: the parts of another method that made a .daub, in a line; "" of our own.
        source_bytes: size of the source file, None for a pasted image.
        notices: what a person should know about the reading.
    """

    name: str
    width: int
    height: int
    origin: object
    pixels: np.ndarray | None = None
    texels: np.ndarray | None = None
    document: Document | None = None
    data: bytes | None = None
    method: str = ""
    source_bytes: int | None = None
    notices: tuple[str, ...] = ()

    @property
    def path(self) -> Path | None:
        return self.origin if isinstance(self.origin, Path) else None

    @property
    def gaussians(self) -> Gaussians | None:
        """Those of a .daub."""
        return None if self.document is None else self.document.gaussians


def open_picture(origin: object, background: tuple[float, float, float] = WHITE) -> Picture:
    """Reads a path (an image or a .daub) or a Pillow image.

    Raises:
        DaubError: with one line for the user.
    """
    if isinstance(origin, Path) and origin.suffix.lower() == SUFFIX:
        return _open_daub(origin)
    from daub.codec import images

    if isinstance(origin, Path):
        image, name = images.load(origin, background), origin.name
    else:
        image, name = images.from_pillow(origin, background), "pasted image"
    height, width, _ = image.pixels.shape
    texels = image.pixels.astype(np.float16)
    known = {"source_bytes": image.source_bytes, "notices": image.notices}
    return Picture(name, width, height, origin, image.pixels, texels, **known)


def _open_daub(path: Path) -> Picture:
    from daub.codec.container import MethodPayload, check_work, load_bytes, read

    data = load_bytes(path)
    document = read(data, path.name)
    size = document.width, document.height
    check_work(document.gaussians, *size, path.name)
    method = str(document.payload.parts) if isinstance(document.payload, MethodPayload) else ""
    return Picture(path.name, *size, path, document=document, data=data, method=method, source_bytes=len(data))


def scaled_size(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * scale)), max(1, round(height * scale))


def has_stages(document: Document) -> bool:
    """Whether the picture of a document is more than the sum of its Gaussians: OpenGL alone cannot draw it."""
    from daub.codec.decode_stages import stages_of

    return bool(stages_of(document))


def decode(document: Document, scale: float = 1.0) -> np.ndarray:
    """(H, W, 3) uint8: rendered on a grid `scale` times as fine, not a resized image; raises DaubError.

    On the CPU whatever the fit runs on: a CUDA backend belongs to one thread, that of the fit.
    """
    from daub.codec import decoder
    from daub.render.cpu.backend import CpuRasteriser

    return decoder.decode(document, CpuRasteriser(), scaled_size(document.width, document.height, scale))


def export_png(path: Path, document: Document, scale: float) -> None:
    """Writes the picture of a document; raises DaubError."""
    from daub.codec import images

    images.save(path, decode(document, scale).astype(np.float32) / 255)


def measure(pixels: np.ndarray, document: Document) -> float:
    """MS-SSIM of the decoded image against pixels (H, W, 3)."""
    from daub.codec.evaluation import metrics

    return metrics.ms_ssim(pixels, decode(document).astype(np.float32) / 255)
