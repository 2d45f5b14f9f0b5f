"""What is open: a source image to be fitted, or a .daub file, ready for the screen. Knows nothing of Qt.

Everything here may take seconds for a large image, so it runs on a background thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from daub.codec.errors import DaubError
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians

WHITE = (1.0, 1.0, 1.0)
SUFFIX = ".daub"


@dataclass(frozen=True)
class Picture:
    """One open file.

    Args:
        name: shown in the title.
        width, height: pixels.
        origin: what it was read from, to read it again on another background: a path or a `PIL.Image.Image`.
        pixels: (H, W, 3) float32 in [0, 1], None for a .daub.
        texels: (H, W, 3) float16, the same for the GPU.
        gaussians: of a .daub.
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
    gaussians: Gaussians | None = None
    data: bytes | None = None
    method: str = ""
    source_bytes: int | None = None
    notices: tuple[str, ...] = ()

    @property
    def path(self) -> Path | None:
        return self.origin if isinstance(self.origin, Path) else None


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
    from daub.codec.container import check_work, read

    try:
        data = path.read_bytes()
    except OSError as error:
        raise DaubError(f"cannot open {path}", error.strerror or str(error), "check the name") from error
    decoded = read(data, path.name)
    check_work(decoded.gaussians, decoded.width, decoded.height, path.name)
    size, method = (decoded.width, decoded.height), str(decoded.parts or "")
    return Picture(
        path.name, *size, path, gaussians=decoded.gaussians, data=data, method=method, source_bytes=len(data)
    )


def scaled_size(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * scale)), max(1, round(height * scale))


def decode(gaussians: Gaussians, width: int, height: int, scale: float = 1.0) -> np.ndarray:
    """(H', W', 3) float32 in [0, 1]: rendered on a finer or coarser grid, not a resized image; raises DaubError.

    On the CPU whatever the fit runs on: a CUDA backend belongs to one thread, that of the fit.
    """
    from daub.codec.decoder import render
    from daub.render.cpu.backend import CpuRasteriser

    return render(gaussians, (width, height), CpuRasteriser(), scaled_size(width, height, scale))


def export_png(path: Path, gaussians: Gaussians, width: int, height: int, scale: float) -> None:
    """Raises DaubError."""
    from daub.codec import images

    images.save(path, decode(gaussians, width, height, scale))


def measure(pixels: np.ndarray, gaussians: Gaussians) -> float:
    """MS-SSIM of the 8-bit decoded image against pixels (H, W, 3)."""
    from daub.codec.evaluation import metrics

    height, width, _ = pixels.shape
    decoded = to_8bit(decode(gaussians, width, height)).astype(np.float32) / 255
    return metrics.ms_ssim(pixels, decoded)
