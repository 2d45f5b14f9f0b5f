"""Encode, decode, describe a file: a request in, a result out, nothing of how it is asked for or printed.

    device = OpenDevice("auto")
    for name in names:
        encode_file(EncodeRequest(f"{name}.png", f"{name}.daub"), device)

Results whose fields are the keys of `--json` hold nothing else, in that order.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from daub.codec import container, images
from daub.codec.decode_stages import asks, obstacles_of, stages_of
from daub.codec.decoder import decode, decode_strips, render
from daub.codec.errors import DaubError
from daub.codec.evaluation.score import score
from daub.codec.files import SUFFIX, is_daub, write_atomic
from daub.codec.goal import Goal
from daub.codec.importance import Importance
from daub.codec.progress import EncodeProgress, drive
from daub.codec.restoration.layer import described
from daub.codec.settings import EncodeSettings
from daub.codec.symbols import COLUMNS, Grid, Symbols
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.devices import Failover, choose, warn
from daub.render.errors import Reason
from daub.render.rasteriser import Rasteriser
from daub.render.strips import Region, scaled_size

Say = Callable[[str], None]  # is told what is going on where progress cannot be measured
Progress = Callable[[float], None]  # is given how much of the picture there is, 0 to 1


class OpenDevice:
    """A device opened once for any number of tasks, one after another, with its kernels loaded once.

    Args:
        device: "auto", "cpu" or "cuda".
        on_fall_back: is told why the CPU goes on, where the device fails.

    Raises:
        DeviceUnavailable: "cuda" cannot be had.
    """

    def __init__(self, device: str = "auto", on_fall_back: Callable[[Reason], None] = warn):
        chosen, self._why_chosen = choose(device)
        self.rasteriser = Failover(chosen, on_fall_back)
        self._loaded: set[Callable[[Rasteriser], None]] = set()

    @property
    def name(self) -> str:
        """ "cpu" or "cuda", as it is now."""
        return self.rasteriser.name

    @property
    def reason(self) -> Reason:
        """Why it is that one."""
        return self.rasteriser.fell_back or self._why_chosen

    def load_encoder(self, say: Say) -> None:
        """Loads every kernel an encode needs, so that it is not part of any measured time."""
        self._load(warm_up, say)

    def load_decoder(self, say: Say) -> None:
        """The same for a decode."""
        self._load(_decode_one, say)

    def _load(self, work: Callable[[Rasteriser], None], say: Say) -> None:
        if work not in self._loaded:
            say("loading the kernels (they are compiled once, on the first run)")
            work(self.rasteriser)
            self._loaded.add(work)


@dataclass(frozen=True)
class EncodeRequest:
    """An image to become a file.

    Args:
        source: path of an image, or of a .daub.
        target: path of the .daub to write.
        settings: what to reach and how.
        background: (red, green, blue) in [0, 1] that transparency is laid on.
        strict: a file that misses its goal is an error, and is not written.
        replacing: what the file may take the place of.
        large: a .daub is decoded though it is more than `container.limits` has done unasked.
        importance: path of the image of a map of what matters in the image; None where everything does.
    """

    source: str
    target: str
    settings: EncodeSettings = field(default_factory=EncodeSettings)
    background: tuple[float, float, float] = images.WHITE
    strict: bool = False
    replacing: Replacing = ANYTHING_BUT_SOURCES
    large: bool = False
    importance: str | None = None


@dataclass(frozen=True)
class DecodeRequest:
    """A .daub to become an image, at its own size or another, whole or in part.

    Args:
        source, target: paths; the format of the image follows its name.
        scale: how many times as wide and high.
        size: (width, height) of the whole picture in pixels instead.
        region: of the picture at its own size; None: all of it.
        replacing: what the image may take the place of.
        large: also what `container.limits` has done only when it is asked for.
        restore: as of `decoder.decode`.
        refine: steps in which the Gaussians are fitted to the restored picture of the file, where it has one, before
            they are rendered; 0: none.
    """

    source: str
    target: str
    scale: float | None = None
    size: tuple[int, int] | None = None
    replacing: Replacing = ANYTHING_BUT_SOURCES
    large: bool = False
    region: Region | None = None
    restore: bool = True
    refine: int = 0


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
    encode_seconds: float  # from opening the image to the file on the disk
    decode_seconds: float  # from opening the file to 8-bit pixels
    device: str
    device_reason: Reason
    missed: str | None  # what to say of a goal that the file does not meet; None where it does
    plain_psnr: float | None  # dB, without the restoration layer; None where the file has none


@dataclass(frozen=True)
class Decoding:
    """An image that was made of a file."""

    width: int  # of the output, as height
    height: int
    gaussians: int
    bytes: int
    bpp: float  # of the file, at the size it was encoded from
    decode_seconds: float
    device: str
    device_reason: Reason
    plain: str | None  # why the picture lacks what its file adds, or was asked for; None where it lacks nothing


@dataclass(frozen=True)
class Description:
    """What a file says of itself."""

    version: int
    width: int
    height: int
    gaussians: int
    bytes: int
    bpp: float
    bits_per_gaussian: float | None  # None without Gaussians
    step: float | None  # of our own quantiser
    parts: dict | None  # of another method: "parametrisation", "quantisers", "coder"
    tune: str | None  # what it says it was tuned for, None where it says nothing
    restoration: dict | None  # its layer, as `restoration.layer.described` says; None where it has none
    chunks: tuple[dict, ...]  # {"tag", "bytes" of content}


@dataclass(frozen=True)
class Comparison:
    """An image beside a reference."""

    file: str
    bytes: int
    bpp: float
    psnr: float
    ms_ssim: float
    ssimulacra2: float | None = None  # None where it was not measured, or the image is too small for it
    flip: float | None = None  # None where it was not measured


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


def silent(_: object) -> None:
    """Says and shows nothing."""


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
    from daub.codec.recipe import recipe_of

    source, target = request.source, request.target
    if not target.lower().endswith(SUFFIX):
        raise DaubError(f"cannot write {target}", f"its name does not end in {SUFFIX}", f"call it *{SUFFIX}")
    check_target(target, [source, *filter(None, [request.importance])], request.replacing)
    recipe = recipe_of(request.settings)
    began = time.perf_counter()
    say(f"reading {os.path.basename(source)}")
    image = open_image(source, device, request.background, request.large)
    height, width, _ = image.pixels.shape
    container.check_image(width, height)
    importance = None if request.importance is None else Importance.load(request.importance, (width, height))
    device.load_encoder(say)
    say("placing the first Gaussians")
    fitted = 0

    def watch(record: EncodeProgress) -> None:
        nonlocal fitted
        fitted = record.goal_count
        progress(record)

    encoded = drive(encode(image.pixels, recipe, device.rasteriser, importance), watch)
    notices = notices_of(source, image)
    if encoded.missed is not None:
        if request.strict:
            raise encoded.missed.error
        notices = (*notices, str(encoded.missed))
    if request.settings.restore and encoded.plain_psnr is None:
        notices = (*notices, _why_unrestored())
    write_atomic(target, encoded.data, replace=request.replacing.files)
    encode_seconds = time.perf_counter() - began

    say("decoding the file from disk, and comparing it")
    image8, document, size, decode_seconds = decode_file(target, device.rasteriser, large=True)
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
    )
    return EncodeResult(encoding, fitted, image.source_bytes, notices)


def decode_to_file(
    request: DecodeRequest, device: OpenDevice, say: Say = silent, progress: Progress = silent
) -> Decoding:
    """Renders a .daub and writes the image, of formats that take it so strip by strip while it is rendered."""
    source, target = request.source, request.target
    images.check_format(target)
    check_target(target, [source], request.replacing)
    own = container.read_size(container.load_bytes(source), source)
    size = request.size or (own if request.scale is None else scaled_size(own, request.scale))
    part = Region(0, 0, *size)
    if request.region is not None:
        container.check_region(request.region, *own, source)
        part = request.region.on_grid(own, size)
        container.check_region(part, *size, source)
    container.check_output(part.width, part.height, source, request.large)
    check_target(target, (), request.replacing, room=images.check_format(target, part.width, part.height))
    device.load_decoder(say)
    say(f"decoding {os.path.basename(source)}")
    began = time.perf_counter()
    data = container.load_bytes(source)
    document = container.read(data, source, request.large)
    shown = _refined(document, request, device, say)
    strips = decode_strips(
        shown, device.rasteriser, size, region=None if request.region is None else part, large=request.large,
        restore=request.restore, name=source,
    )  # fmt: skip
    seconds = time.perf_counter() - began

    def followed() -> Iterator[np.ndarray]:
        nonlocal seconds
        done = 0
        for strip, taken in _timed(strips):
            seconds += taken
            done += len(strip)
            progress(done / part.height)
            if done == part.height:
                say(f"writing {os.path.basename(target)}")
            yield strip

    images.save_strips(target, followed(), part.width, part.height, replace=request.replacing.files)
    return Decoding(
        width=part.width,
        height=part.height,
        gaussians=len(document),
        bytes=len(data),
        bpp=8 * len(data) / (document.width * document.height),
        decode_seconds=seconds,
        device=device.name,
        device_reason=device.reason,
        plain=_why_plain(document, request),
    )


def _refined(document: container.Document, request: DecodeRequest, device: OpenDevice, say: Say) -> container.Document:
    """The document with its Gaussians fitted to its restored picture; the same where none of that is asked for."""
    if not request.refine or not request.restore or not stages_of(document):
        return document
    from daub.codec.restoration.refinement import refined  # the fit, which other decodes do without

    say(f"refining {os.path.basename(request.source)}")
    restored = render(document, device.rasteriser, large=request.large, name=request.source)
    return refined(document, restored, request.refine, device.rasteriser)


def _why_unrestored() -> str:
    """One line on why a file has no restoration layer, though one was asked for."""
    from daub.codec.restoration.stage import obstacle_of
    from daub.codec.restoration.weights import newest

    network = newest()
    why = "this Daub has no network for it" if network is None else obstacle_of(network)
    return f"the file has no restoration layer: {why or 'it is better without'}"


def _why_plain(document: container.Document, request: DecodeRequest) -> str | None:
    """One line on why a picture is as it was rendered, though more was in its file or asked for; None where not."""
    if not asks(document):
        return "nothing is refined: the file has no restoration layer" if request.refine else None
    if request.restore:
        return next(iter(obstacles_of(document)), None)
    return "shown as rendered, without what its file adds: --restore off asks for that"


def describe(source: str, large: bool = False) -> Description:
    """What a .daub says of itself, checked by decoding it up to its pixels.

    Args:
        large: also more Gaussians than `container.limits` has decoded unasked.
    """
    data = container.load_bytes(source)
    document = container.read(data, source, large)
    count, payload = len(document), document.payload
    return Description(
        version=document.version,
        width=document.width,
        height=document.height,
        gaussians=count,
        bytes=len(data),
        bpp=8 * len(data) / (document.width * document.height),
        bits_per_gaussian=8 * len(data) / count if count else None,
        step=payload.grid.step if isinstance(payload, container.NativePayload) else None,
        parts=vars(payload.parts) if isinstance(payload, container.MethodPayload) else None,
        tune=container.tuning_of(document),
        restoration=described(document),
        chunks=tuple({"tag": chunk.tag.decode("latin-1"), "bytes": len(chunk.content)} for chunk in document.chunks),
    )


def notices_of(name: str, image: images.Image) -> tuple[str, ...]:
    """The notices of an image, with its name in front."""
    return tuple(f"{name}: {notice}" for notice in image.notices)


def compare(name: str, size: int, pixels: np.ndarray, image8: np.ndarray, perceptually: bool = False) -> Comparison:
    """An image beside the reference it was made of.

    Args:
        size: in bytes.
        pixels: (H, W, 3) float32 in [0, 1], the reference.
        image8: (H, W, 3) uint8.
        perceptually: by SSIMULACRA2 and FLIP too, where the packages for them are installed.
    """
    bpp = 8 * size / (pixels.shape[0] * pixels.shape[1])
    return Comparison(name, size, bpp, **vars(score(pixels, image8, perceptually)))


def open_image(
    source: str, device: OpenDevice, background: tuple[float, float, float] = images.WHITE, large: bool = False
) -> images.Image:
    """An image of any format, or a .daub, which is decoded."""
    if not is_daub(source):
        return images.load(source, background)
    image8, _, size, _ = decode_file(source, device.rasteriser, large=large)
    return images.Image(image8 / np.float32(255), (), size, Path(source))


def decode_file(
    source: str,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None = None,
    large: bool = False,
    progress: Progress = silent,
) -> tuple[np.ndarray, container.Document, int, float]:
    """Returns: (H, W, 3) uint8, the document, its bytes, seconds from opening it to pixels."""
    began = time.perf_counter()
    data = container.load_bytes(source)
    document = container.read(data, source, large)
    image8 = decode(document, rasteriser, size, large=large, progress=progress, name=source)
    return image8, document, len(data), time.perf_counter() - began


def warm_up(rasteriser: Rasteriser) -> None:
    """Loads every kernel an encode needs, so that it is not part of any measured time."""
    from daub.codec.encoder import encode
    from daub.codec.recipe import Recipe

    pixels = np.full((16, 16, 3), 0.5, np.float32)
    drive(encode(pixels, Recipe(Goal("gaussians", 4), steps=2), rasteriser))


def _decode_one(rasteriser: Rasteriser) -> None:
    """A file of one Gaussian, as of none a device would load nothing."""
    grid = Grid(1, 1, 512, 0)
    decode(container.read(container.write(Symbols(np.zeros((1, COLUMNS), np.int64)), grid)), rasteriser)


def _timed(strips: Iterator[np.ndarray]) -> Iterator[tuple[np.ndarray, float]]:
    """Each strip with the seconds that it took to make."""
    while True:
        began = time.perf_counter()
        strip = next(strips, None)
        if strip is None:
            return
        yield strip, time.perf_counter() - began
