"""An image of any format, or a .daub that is decoded, as pixels."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import numpy as np

from daub.app.tasks.device import OpenDevice
from daub.app.tasks.telling import Progress, silent
from daub.codec import container, images
from daub.codec.decoder import decode
from daub.codec.files import is_daub
from daub.render.eight_bit import as_real
from daub.render.interruption import aside
from daub.render.rasteriser import Rasteriser


def open_image(
    source: str,
    device: OpenDevice,
    background: tuple[float, float, float] | None = images.WHITE,
    large: bool = False,
    levels: bool = False,
) -> images.Image:
    """An image of any format, or a .daub, which is decoded. Args: background, levels: as of `images.load`."""
    if not is_daub(source):
        return aside(partial(images.load, source, background, levels=levels))  # decoders ask nobody
    image8, _, size, _ = decode_file(source, device.rasteriser, large=large, background=background)
    return images.Image(image8 if levels else as_real(image8), (), size, Path(source))


def decode_file(
    source: str,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None = None,
    large: bool = False,
    progress: Progress = silent,
    background: tuple[float, float, float] | None = images.WHITE,
) -> tuple[np.ndarray, container.Document, int, float]:
    """Returns: (H, W, 3 or 4) uint8 as of `decode`, the document, its bytes, seconds from opening it to pixels."""
    began = time.perf_counter()
    data = container.load_bytes(source)
    document = aside(partial(container.read, data, source, large))
    image8 = decode(
        document, rasteriser, size, large=large, progress=progress, background=background, name=source
    )
    return image8, document, len(data), time.perf_counter() - began


def notices_of(name: str, image: images.Image) -> tuple[str, ...]:
    """The notices of an image, with its name in front."""
    return tuple(f"{name}: {notice}" for notice in image.notices)
