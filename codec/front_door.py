"""An image becomes a file and a file becomes pixels, each in one call: `encode` and `decode` of `daub.codec`.

Whoever wants to pause an encode, or to stop it and keep what there is, drives the generator `encoder.encode` instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from daub.codec import container, decoder, encoder, images
from daub.codec.container import Document
from daub.codec.goal import DEFAULT_GOAL, Goal
from daub.codec.photo_metadata import metadata_for
from daub.codec.progress import EncodeProgress, drive
from daub.codec.rate.encoded import Encoded
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.codec.transparency import is_transparent, laid_on
from daub.render.devices import choose
from daub.render.eight_bit import as_real
from daub.render.rasteriser import Rasteriser
from daub.render.strips import Region, scaled_size

if TYPE_CHECKING:
    import PIL.Image

    from daub.codec.importance import Importance


def encode(
    image: np.ndarray | PIL.Image.Image | str | os.PathLike | bytes | BinaryIO,
    settings: EncodeSettings | Goal = DEFAULT_GOAL,
    *,
    background: tuple[float, float, float] | None = None,
    importance: Importance | np.ndarray | PIL.Image.Image | str | os.PathLike | bytes | BinaryIO | None = None,
    device: str | Rasteriser = "auto",
    report: Callable[[EncodeProgress], None] | None = None,
    metadata: bool = True,
    keep_location: bool = False,
) -> Encoded:
    """Encodes an image towards a goal.

    >>> import numpy as np
    >>> from daub.codec import EncodeSettings, Goal, decode, encode
    >>> y, x = np.mgrid[:48, :64]
    >>> image = np.stack([4 * x, 5 * y, 0 * x + 90], -1).astype(np.uint8)
    >>> encoded = encode(image, Goal("bytes", 300))
    >>> len(encoded.data) <= 300 and encoded.psnr > 35
    True
    >>> encoded = encode(image, EncodeSettings(Goal("gaussians", 40), effort=2, seed=1))
    >>> len(encoded.gaussians)
    40
    >>> decode(encoded).shape
    (48, 64, 3)

    Args:
        image: pixels, an open Pillow image, or an image file: its path, its content, or opened for reading. Pixels are
            sRGB-encoded, (H, W, 3) or (H, W, 4) floating point in [0, 1], or uint8 of those shapes or (H, W). Colours
            are straight: not multiplied by alpha, the fourth channel.
        settings: what the file shall reach, and perhaps how; by default `Goal("quality", 50)`.
        background: what transparent parts are laid on, sRGB-encoded, each in [0, 1]. None: they stay transparent, or
            are laid on white where the method of the settings knows no alpha.
        importance: what parts matter: an `Importance` of the image's size, which may change meanwhile, or a grey image
            in any of the forms of `image`, in which 128 is neutral. None: all alike.
        device: "auto", "cpu", "cuda", or an open backend, which saves opening one for every image.
        report: is given a record of every step.
        metadata: what an image file or a Pillow image says of itself (EXIF, XMP) is kept in the file, where it takes
            no more than an eighth of the bytes asked for; the orientation, which has been applied, is not.
        keep_location: where a photo was taken is kept, too.

    Returns:
        The file as `data`, with what it has come to. A goal that is out of reach is told by `missed`: the file is the
        best there is all the same.

    Raises:
        DaubError: the image cannot be read or is too large, or the settings do not go together.
        DeviceUnavailable: "cuda" cannot be had.
        ValueError: the array holds no such pixels.
    """
    recipe = recipe_of(settings if isinstance(settings, EncodeSettings) else EncodeSettings(settings))
    if background is None and not recipe.keeps_transparency:
        background = images.WHITE
    pixels = _pixels_of(image, background)
    about = None
    if metadata and not isinstance(image, np.ndarray):
        about, _ = metadata_for(image, recipe.goal, pixels.shape[0] * pixels.shape[1], keep_location)
    given = _importance_of(importance, pixels)
    return drive(encoder.encode(pixels, recipe, _opened(device), given, metadata=about), report)


def decode(
    source: str | os.PathLike | bytes | Encoded | Document,
    size: tuple[int, int] | None = None,
    *,
    scale: float | None = None,
    region: tuple[int, int, int, int] | None = None,
    background: tuple[float, float, float] | None = None,
    device: str | Rasteriser = "auto",
    large: bool = False,
) -> np.ndarray:
    """The picture of a .daub or a part of it, rendered anew at the size asked for rather than resized.

    >>> from daub.codec import Goal, decode, encode
    >>> encoded = encode("photo.png", Goal("quality", 20))
    >>> pixels = decode(encoded.data)
    >>> pixels.shape, pixels.dtype
    ((48, 64, 3), dtype('uint8'))
    >>> decode(encoded.data, size=(320, 240)).shape
    (240, 320, 3)
    >>> decode(encoded.data, region=(8, 4, 20, 10), scale=2).shape
    (20, 40, 3)

    Args:
        source: the path of the file, its content, what `encode` returned, or a document that has been read.
        size: (width, height) of the whole picture, pixels; by default that of the image which was encoded.
        scale: how many times as wide and high instead. What is smaller than the image is what the means over its larger
            pixels would be, as far as Gaussians can tell.
        region: (x, y, width, height) of the part that is wanted, in pixels of the image which was encoded, with (0, 0)
            at the top left; None: all. It is to the bit what the whole picture has there, and takes the time of the
            Gaussians that meet it.
        background: what a transparent picture is laid on, sRGB-encoded, each in [0, 1]; None: it keeps its alpha.
        device: as of `encode`.
        large: also what a file of a few bytes may claim, gigabytes or minutes: without it, 134 megapixels, four million
            Gaussians, and some seconds of work are the most.

    Returns:
        (height, width, 3) uint8, sRGB-encoded; (height, width, 4), straight colours and alpha, of a transparent picture
        without a background.

    Raises:
        DaubError: the file cannot be read, or is damaged, the size is too large, or the region not inside the image.
        Large: a DaubError, of what is done only where it is said to be meant.
        DeviceUnavailable: "cuda" cannot be had.
        ValueError: both a size and a scale.
    """
    if size is not None and scale is not None:
        raise ValueError("give a size or a scale, not both")
    document = _document_of(source, large)
    own = document.width, document.height
    size = size or (own if scale is None else scaled_size(own, scale))
    if region is not None:
        region = Region(*region)
        container.check_region(region, *own)
        region = region.on_grid(own, size)
    return decoder.decode(document, _opened(device), size, region=region, large=large, background=background)


def _pixels_of(image, background: tuple[float, float, float] | None) -> np.ndarray:
    """(H, W, 3) float32 in [0, 1], or uint8; (H, W, 4) of what is transparent, without a background."""
    import PIL.Image

    if isinstance(image, np.ndarray):
        if image.dtype != np.uint8:
            pixels = _checked(image)
            if is_transparent(pixels):
                return pixels if background is None else laid_on(pixels, background)
            return np.ascontiguousarray(pixels[..., :3])
        if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (3, 4)) or 0 in image.shape:
            raise ValueError(f"expected pixels (H, W), (H, W, 3) or (H, W, 4), got {image.shape}")
        image = PIL.Image.fromarray(image)
    if isinstance(image, PIL.Image.Image):
        return images.from_pillow(image, background, levels=True).pixels
    return images.load(image, background, levels=True).pixels


def _importance_of(source, pixels: np.ndarray) -> Importance | None:
    """A map for those pixels, (H, W, 3 or 4)."""
    from daub.codec.importance import BACKGROUND, Importance

    if source is None or isinstance(source, Importance):
        return source
    height, width, _ = pixels.shape
    if isinstance(source, str | os.PathLike | bytes) or hasattr(source, "readinto"):
        return Importance.load(source, (width, height))
    return Importance.from_pixels(as_real(_pixels_of(source, BACKGROUND)), (width, height))


def _checked(pixels: np.ndarray) -> np.ndarray:
    if not np.issubdtype(pixels.dtype, np.floating):
        raise ValueError(f"expected pixels of uint8 or floating point, got {pixels.dtype}")
    if pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or 0 in pixels.shape:
        raise ValueError(f"expected pixels (H, W, 3) or (H, W, 4), got {pixels.shape}")
    if not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(f"expected pixels in [0, 1], got {pixels.min():g} to {pixels.max():g}")
    return np.ascontiguousarray(pixels, np.float32)


def _document_of(source, large: bool) -> Document:
    if isinstance(source, Document):
        return source
    if isinstance(source, Encoded):
        return source.document
    if isinstance(source, bytes | bytearray | memoryview):
        return container.read(bytes(source), large=large)
    return container.read(container.load_bytes(source), os.fspath(source), large)


def _opened(device: str | Rasteriser) -> Rasteriser:
    return choose(device)[0] if isinstance(device, str) else device
