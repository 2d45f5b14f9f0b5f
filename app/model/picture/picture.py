"""What is open: a source image to be fitted, or a .daub file, ready for the screen.

Everything here may take seconds for a large image, so it runs beside the window.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.picture.origin import CopyOrigin, FileOrigin, MissingOrigin, Origin, PixelOrigin
from daub.app.model.work.failure import by_name
from daub.codec.errors import DaubError
from daub.codec.files import is_daub
from daub.render.eight_bit import as_real
from daub.render.gaussians import Gaussians
from daub.render.spreading import spread

if TYPE_CHECKING:
    from daub.app.model.picture.image_reader import ReadImage
    from daub.codec.container import Document
    from daub.codec.evaluation.perceptual import Perceptual
    from daub.codec.images import Image

Colour = tuple[float, float, float]  # red, green, blue in [0, 1], sRGB
WHITE: Colour = (1.0, 1.0, 1.0)
BOARD = 0.8, 0.6  # greys of the chequerboard that is seen through what is transparent
_SQUARE, _SQUARES = 8, 80  # pixels of the picture a side of its squares at least, and squares a side of it at most

SEEN = 1 << 20  # pixels of a picture on the screen
DEEPEST = 512  # Gaussians over a pixel, on average: with a processor for a graphics card, seconds for a frame


@dataclass(frozen=True)
class PictureKey:
    """What a picture depends on: equal keys, equal pixels."""

    origin: Origin
    stamp: tuple[int, int]  # of the origin when it was read
    background: Colour | None  # that what is transparent is laid on; None: it stays transparent


_ROWS = 64  # looked at together
_EQUAL = 1e-6  # how far a number may be from one of 256, and is it


@dataclass(frozen=True, eq=False)
class Picture:
    """One open file, or pasted pixels.

    Args:
        key: what it was read from and how.
        width, height: pixels.
        pixels: (H, W, 3) float32 in [0, 1], None for a .daub. What stays transparent is laid on white here: so are
            results, wherever pixels are compared.
        texels: (H, W, 3), the same for the GPU, as of `texels_of`; what stays transparent lies on a chequerboard.
        straight: (H, W, 4) float32 in [0, 1], colours and alpha of what stays transparent: what is fitted.
        levels: (H, W, 3) uint8, the same as the pixels where 8 bits a sample say all of them: what is fitted then.
        document: of a .daub.
        data: the bytes of a .daub.
        method: the parts of another method that made a .daub, in a line; "" of a native one.
        source_bytes: size of the source file, None for pasted pixels.
        notices: what a person should know about the reading.
    """

    key: PictureKey
    width: int
    height: int
    pixels: np.ndarray | None = None
    texels: np.ndarray | None = None
    straight: np.ndarray | None = None
    levels: np.ndarray | None = None
    document: Document | None = None
    data: bytes | None = None
    method: str = ""
    source_bytes: int | None = None
    notices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Shown in the title."""
        return self.key.origin.name

    @property
    def path(self) -> Path | None:
        """Of the file; None for what is in none of the person's own."""
        return self.key.origin.path if isinstance(self.key.origin, FileOrigin) else None

    @property
    def photo(self) -> Path | None:
        """The file that it was read from, or a copy of it; None for pasted pixels."""
        return self.key.origin.path if isinstance(self.key.origin, FileOrigin | CopyOrigin) else None

    @property
    def can_be_fitted(self) -> bool:
        """It has pixels, rather than Gaussians."""
        return self.pixels is not None

    @property
    def fitted(self) -> np.ndarray | None:
        """What a fit is given: (H, W, 3) float32 or uint8, or (H, W, 4) where it stays transparent."""
        if self.straight is not None:
            return self.straight
        return self.pixels if self.levels is None else self.levels

    @property
    def gaussians(self) -> Gaussians | None:
        """Those of a .daub."""
        return None if self.document is None else self.document.gaussians

    @property
    def memory(self) -> int:
        """Bytes that it takes."""
        arrays = {id(each): each for each in (self.pixels, self.texels, self.straight, self.levels) if each is not None}
        return sum(each.nbytes for each in arrays.values()) + len(self.data or b"")


@dataclass(frozen=True, eq=False)
class Preview:
    """A small copy of a large image, seen until that has been read.

    Args:
        name: of the image.
        pixels: (h, w, 3) float32 in [0, 1].
        texels: (h, w, 3), the same for the GPU, as of `texels_of`.
    """

    name: str
    pixels: np.ndarray
    texels: np.ndarray

    @staticmethod
    def of(name: str, pixels: np.ndarray) -> Preview:
        """Of such an image."""
        return Preview(name, pixels, texels_of(pixels))


def texels_of(pixels: np.ndarray) -> np.ndarray:
    """The same for the GPU: as uint8 where that says all of it, which is sent in half the time, else as float16.

    Args:
        pixels: (H, W, 3) float32 in [0, 1].

    >>> [texels_of(np.full((1, 1, 3), value, np.float32)).dtype.name for value in (0.2, 0.3, 0.3001)]
    ['uint8', 'float16', 'float16']
    """
    texels = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), _ROWS):
        rows = pixels[top : top + _ROWS]
        levels = np.rint(rows * np.float32(255))
        if np.abs(levels / np.float32(255) - rows).max(initial=0) > _EQUAL:
            return pixels.astype(np.float16)
        texels[top : top + _ROWS] = levels
    return texels


def open_picture(
    origin: Origin,
    background: Colour | None = WHITE,
    load: Callable[..., ReadImage] | None = None,
) -> Picture:
    """Reads an image, a .daub or pasted pixels; transparent parts are laid on `background`, or stay where it is None.

    Args:
        load: reads the file of an image, in levels where it can; by default `codec.images.load`, here and now.

    Raises:
        DaubError: with one line for the user.
    """
    if isinstance(origin, PixelOrigin):
        return _open(origin, background, load)
    with by_name(origin.path, origin.name):
        return _open(origin, background, load)


def _open(origin: Origin, background: Colour | None, load: Callable[..., ReadImage] | None) -> Picture:
    if isinstance(origin, MissingOrigin):
        why = "the project names a file that is not there, or not as it was"
        raise DaubError(f"cannot open {origin.name}", why, "open the project again and say where it is")
    key = PictureKey(origin, origin.stamp(), background)
    if not isinstance(origin, PixelOrigin) and is_daub(origin.path):
        return _open_daub(key, origin.path)
    if not isinstance(origin, PixelOrigin) and load is not None:
        image = load(origin.path, background, levels=True)
    else:
        image = _read_here(origin, background)
    height, width, channels = image.pixels.shape
    pixels, straight, texels, levels = image.pixels, None, None, None
    if pixels.dtype == np.uint8:
        texels = levels = pixels
        pixels = _real(levels)
    elif channels == 4:
        from daub.codec.transparency import laid_on

        straight, pixels = pixels, laid_on(pixels, WHITE)
        texels = on_board(straight)
    texels = texels_of(pixels) if texels is None else texels
    return Picture(
        key, width, height, pixels, texels, straight, levels, source_bytes=image.source_bytes, notices=image.notices
    )


def _real(levels: np.ndarray) -> np.ndarray:
    """As of `as_real`, on all cores: of a large picture most of the time goes into memory that is new."""
    pixels = np.empty(levels.shape, np.float32)

    def work(rows: slice) -> None:
        np.divide(levels[rows], np.float32(255), out=pixels[rows])  # there is nothing in between that is new, too

    spread(work, [slice(top, top + _ROWS) for top in range(0, len(levels), _ROWS)])
    return pixels


def on_board(pixels: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8: a transparent picture in front of a chequerboard. Args: pixels: (H, W, 4) float32 or uint8."""
    height, width, _ = pixels.shape
    side = max(_SQUARE, max(height, width) // _SQUARES)
    y, x = np.arange(height)[:, None] // side, np.arange(width)[None] // side
    board = np.where((x + y) % 2, *map(np.float32, BOARD))[..., None]
    real = as_real(pixels)
    alpha = real[..., 3:]
    return np.rint(255 * (real[..., :3] * alpha + board * (1 - alpha))).astype(np.uint8)


def _read_here(origin: Origin, background: Colour | None) -> Image:
    from daub.codec import images

    if not isinstance(origin, PixelOrigin):
        return images.load(origin.path, background, levels=True)
    import PIL.Image

    image = images.from_pillow(PIL.Image.fromarray(origin.pixels), background, levels=True)
    return replace(image, notices=(*origin.notices, *image.notices))


def _open_daub(key: PictureKey, path: Path) -> Picture:
    from daub.codec.container import MethodPayload, load_bytes, read
    from daub.codec.decode_stages import obstacles_of

    data = load_bytes(path)
    document = read(data, path.name)
    size = document.width, document.height
    _check_frame(document, path.name)
    method = str(document.payload.parts) if isinstance(document.payload, MethodPayload) else ""
    notices = obstacles_of(document)
    return Picture(key, *size, document=document, data=data, method=method, source_bytes=len(data), notices=notices)


def _check_frame(document: Document, name: str) -> None:
    """Refuses what would stop the window whenever it paints, though its picture may be decoded.

    Raises:
        DaubError: too many Gaussians lie over each other.
    """
    from daub.codec.container import pixels_covered

    scale = min(1.0, math.sqrt(SEEN / (document.width * document.height)))
    width, height = scaled_size(document.width, document.height, scale)
    covered = pixels_covered(document.gaussians.resized(scale, scale), width, height, margin=2)
    if not covered <= DEEPEST * width * height:
        why = (
            f"some {covered / (width * height):,.0f} Gaussians lie over every pixel, more than can be drawn in a frame"
        )
        raise DaubError(f"{name} cannot be shown", why, "use daub decode")


def scaled_size(width: int, height: int, scale: float) -> tuple[int, int]:
    """(width, height) in pixels of a picture `scale` times as large, at least one each."""
    return max(1, round(width * scale)), max(1, round(height * scale))


def has_stages(document: Document) -> bool:
    """Whether the picture of a document is more than the sum of its Gaussians: OpenGL alone cannot draw it."""
    from daub.codec.decode_stages import stages_of

    return document.alpha is not None or bool(stages_of(document))


def has_restoration(document: Document) -> bool:
    """Whether a restoration is one of the stages that its picture goes through."""
    from daub.codec.decode_stages import stages_of
    from daub.codec.restoration.layer import TAG

    return any(chunk.tag == TAG for _, chunk in stages_of(document))


def has_other_stages(document: Document) -> bool:
    """Whether it is so for another reason than a restoration."""
    from daub.codec.decode_stages import stages_of
    from daub.codec.restoration.layer import TAG

    return any(chunk.tag != TAG for _, chunk in stages_of(document))


def decode(document: Document, scale: float = 1.0, large: bool = False) -> np.ndarray:
    """(H, W, 3) uint8: rendered on a grid `scale` times as fine, not a resized image; raises DaubError.

    What is transparent is laid on white; `decode_straight` gives its alpha, too.

    On the CPU whatever the fit runs on: a CUDA backend belongs to one thread, that of the fit.

    Args:
        large: also more than is decoded unasked (`container.limits`).
    """
    from daub.codec import decoder
    from daub.render.cpu.backend import CpuRasteriser

    size = scaled_size(document.width, document.height, scale)
    return decoder.decode(document, CpuRasteriser(), size, large=large)


def decode_straight(document: Document, scale: float = 1.0, large: bool = False) -> np.ndarray:
    """(H, W, 4) uint8 of a transparent document, (H, W, 3) of others; as `decode`."""
    from daub.codec import decoder
    from daub.render.cpu.backend import CpuRasteriser

    size = scaled_size(document.width, document.height, scale)
    return decoder.decode(document, CpuRasteriser(), size, large=large, background=None)


def export_png(path: Path, document: Document, scale: float) -> None:
    """Writes the picture of a document; raises DaubError."""
    from daub.codec import container, images

    images.check_format(path, *scaled_size(document.width, document.height, scale))  # before it is rendered
    images.save(path, decode_straight(document, scale), metadata=container.metadata_of(document))


def measure(pixels: np.ndarray, document: Document) -> float:
    """MS-SSIM of the decoded image against pixels (H, W, 3), or (H, W, 4) as of `evaluation.score`."""
    from daub.codec.evaluation.score import score

    return score(*_comparable(pixels, document)).ms_ssim


def _comparable(pixels: np.ndarray, document: Document) -> tuple[np.ndarray, np.ndarray]:
    """What was fitted and what was decoded, both with alpha where it was and is, otherwise on white."""
    from daub.codec.transparency import laid_on

    if pixels.shape[2] == 4 and document.alpha is not None:
        return pixels, decode_straight(document, large=True)
    return pixels if pixels.shape[2] == 3 else laid_on(pixels, WHITE), decode(document, large=True)


def closeness(pixels: np.ndarray, picture: Picture) -> tuple[float, float]:
    """PSNR in dB, infinite for equal images, and MS-SSIM of an image or a .daub against pixels (H, W, 3)."""
    from daub.codec.evaluation import metrics

    document = picture.document
    image = picture.pixels if document is None else decode(document, large=True)
    return metrics.psnr(pixels, image), metrics.ms_ssim(pixels, image)


def measure_perceptually(pixels: np.ndarray, document: Document) -> Perceptual | None:
    """The same by SSIMULACRA2 and FLIP; None where their packages are not installed. Raises DaubError."""
    from daub.codec.evaluation import perceptual

    if not perceptual.available():
        return None
    from daub.codec.evaluation.score import score

    found = score(*_comparable(pixels, document), perceptually=True)
    return perceptual.Perceptual(found.ssimulacra2, found.flip)
