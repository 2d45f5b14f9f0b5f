"""An image file to a .daub, which is decoded from the disk and compared."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from daub.app.tasks.comparison import compare
from daub.app.tasks.device import OpenDevice
from daub.app.tasks.reading import decode_file, notices_of, open_image
from daub.app.tasks.telling import Say, silent
from daub.codec import container, images
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX, write_atomic
from daub.codec.importance import Importance
from daub.codec.metadata import NOTHING
from daub.codec.progress import EncodeProgress, drive
from daub.codec.settings import EncodeSettings
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.errors import Reason


@dataclass(frozen=True)
class EncodeRequest:
    """An image to become a file.

    Args:
        source: path of an image, or of a .daub.
        target: path of the .daub to write.
        settings: what to reach and how.
        background: (red, green, blue) in [0, 1] that transparency is laid on; None: it is kept, or laid on white where
            the profile has no place for it.
        strict: a file that misses its goal is an error, and is not written.
        replacing: what the file may take the place of.
        large: a .daub is decoded though it is more than `container.limits` has done unasked.
        importance: path of the image of a map of what matters in the image; None where everything does.
        metadata: what the image says of itself is kept, as long as that is worth its bytes (`photo_metadata`).
        keep_location: where it was taken is kept, too.
    """

    source: str
    target: str
    settings: EncodeSettings = field(default_factory=EncodeSettings)
    background: tuple[float, float, float] | None = None
    strict: bool = False
    replacing: Replacing = ANYTHING_BUT_SOURCES
    large: bool = False
    importance: str | None = None
    metadata: bool = True
    keep_location: bool = False


@dataclass(frozen=True)
class Encoding:
    """A file that was written, and how it came about."""

    width: int
    height: int
    gaussians: int
    bytes: int
    bpp: float
    psnr: float  # dB, of the file decoded from disk to 8 bits, as ms_ssim
    ms_ssim: float
    fit_psnr: float  # dB, before quantisation
    steps: int
    seed: int
    fit_seconds: float
    encode_seconds: float  # from opening the image to the file on the disk, without loading kernels
    decode_seconds: float  # from opening the file to 8-bit pixels
    device: str
    device_reason: Reason
    missed: str | None  # what to say of a goal that the file does not meet; None where it does
    plain_psnr: float | None  # dB, without the restoration layer; None where the file has none
    alpha_gaussians: int | None = None  # those of its opacity, beside the others; None where it is opaque


@dataclass(frozen=True)
class EncodeResult:
    """What an encode has come to.

    Args:
        encoding: the file.
        fitted: Gaussians of the fit, whose PSNR is `encoding.fit_psnr`: unless a number was asked for, the file leaves
            out those that are not worth their bits.
        source_bytes: size of the source, None where it has none.
        notices: one line each of what a person should know.
    """

    encoding: Encoding
    fitted: int
    source_bytes: int | None
    notices: tuple[str, ...]


def encode_file(
    request: EncodeRequest,
    device: OpenDevice,
    say: Say = silent,
    progress: Callable[[EncodeProgress], None] = silent,
) -> EncodeResult:
    """Reads, fits, writes, and decodes from the disk what was written.

    Raises:
        DaubError: with one line for the user.
    """
    from daub.codec.encoder import encode  # half of the codec, and SciPy: to decode must not wait for it
    from daub.codec.photo_metadata import metadata_for
    from daub.codec.recipe import recipe_of

    source, target = request.source, request.target
    if not target.lower().endswith(SUFFIX):
        raise DaubError(f"cannot write {target}", f"its name does not end in {SUFFIX}", f"call it *{SUFFIX}")
    check_target(target, [source, *filter(None, [request.importance])], request.replacing)
    recipe = recipe_of(request.settings)
    began = time.perf_counter()
    say(f"reading {os.path.basename(source)}")
    background = request.background
    if background is None and not recipe.keeps_transparency:
        background = images.WHITE
    image = open_image(source, device, background, request.large, levels=True)
    height, width, _ = image.pixels.shape
    container.check_image(width, height)
    importance = None if request.importance is None else Importance.load(request.importance, (width, height))
    loading = time.perf_counter()
    device.load_encoder(say, recipe.tune)
    began += time.perf_counter() - loading  # on a first run they are compiled, which takes a minute
    say("placing the first Gaussians")
    fitted = 0

    def watch(record: EncodeProgress) -> None:
        nonlocal fitted
        fitted = record.goal_count
        progress(record)

    notices = notices_of(source, image)
    metadata = NOTHING
    if request.metadata:
        metadata, unsaid = metadata_for(source, recipe.goal, width * height, request.keep_location)
        notices = (*notices, *(f"{source}: {why}" for why in unsaid))
    encoded = drive(encode(image.pixels, recipe, device.rasteriser, importance, metadata=metadata), watch)
    if encoded.missed is not None:
        if request.strict:
            raise encoded.missed.error
        notices = (*notices, str(encoded.missed))
    if request.settings.restore and encoded.plain_psnr is None:
        notices = (*notices, _why_unrestored())
    write_atomic(target, encoded.data, replace=request.replacing.files)
    encode_seconds = time.perf_counter() - began

    say("decoding the file from disk, and comparing it")
    image8, document, size, decode_seconds = decode_file(target, device.rasteriser, large=True, background=None)
    score = compare(target, size, image.pixels, image8)
    encoding = Encoding(
        width=document.width,
        height=document.height,
        gaussians=len(document),
        bytes=size,
        bpp=score.bpp,
        psnr=score.psnr,
        ms_ssim=score.ms_ssim,
        fit_psnr=encoded.fit_psnr,
        steps=encoded.steps,
        seed=encoded.seed,
        fit_seconds=encoded.fit_seconds,
        encode_seconds=encode_seconds,
        decode_seconds=decode_seconds,
        device=device.name,
        device_reason=device.reason,
        missed=None if encoded.missed is None else str(encoded.missed),
        plain_psnr=encoded.plain_psnr,
        alpha_gaussians=None if document.alpha is None else len(document.alpha),
    )
    return EncodeResult(encoding, fitted, image.source_bytes, notices)


def _why_unrestored() -> str:
    """One line on why a file has no restoration layer, though one was asked for."""
    from daub.codec.restoration.stage import obstacle_of
    from daub.codec.restoration.weights import newest

    network = newest()
    why = "this Daub has no network for it" if network is None else obstacle_of(network)
    return f"the file has no restoration layer: {why or 'it is better without'}"
