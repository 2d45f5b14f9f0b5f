"""What the subcommands do, without a word about how it is asked for or printed.

Each returns a frozen dataclass whose fields, in their order, are the keys of `--json`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from daub.codec import container, images
from daub.codec.decoder import decode
from daub.codec.encoder import encode
from daub.codec.errors import DaubError
from daub.codec.evaluation import metrics
from daub.codec.files import SUFFIX, write_atomic
from daub.codec.goal import Goal
from daub.codec.progress import EncodeProgress, drive
from daub.codec.recipe import Recipe
from daub.codec.settings import EncodeSettings
from daub.codec.symbols import COLUMNS, Grid, Symbols
from daub.render.devices import Failover, choose, warn
from daub.render.eight_bit import to_8bit
from daub.render.errors import Reason
from daub.render.rasteriser import Rasteriser


@dataclass(frozen=True)
class Encoding:
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


@dataclass(frozen=True)
class Decoding:
    width: int  # of the output, as height
    height: int
    gaussians: int
    bytes: int
    bpp: float  # of the file, at the size it was encoded from
    decode_seconds: float
    device: str
    device_reason: Reason


@dataclass(frozen=True)
class Description:
    version: int
    width: int
    height: int
    gaussians: int
    bytes: int
    bpp: float
    bits_per_gaussian: float | None  # None without Gaussians
    step: float | None  # of our own quantiser
    parts: dict | None  # of another method: "parametrisation", "quantisers", "coder"
    chunks: tuple[dict, ...]  # {"tag", "bytes" of content}


@dataclass(frozen=True)
class Comparison:
    file: str
    bytes: int
    bpp: float
    psnr: float
    ms_ssim: float


def encode_file(
    source: str,
    target: str,
    settings: EncodeSettings,
    background: tuple[float, float, float],
    device: str,
    say: Callable[[str], None],
    progress: Callable[[EncodeProgress], None],
    on_fall_back: Callable[[Reason], None] = warn,
) -> tuple[Encoding, images.Image, int]:
    """Reads, fits, writes, and decodes from the disk what was written.

    Args:
        say: is told what is going on before progress can be measured.
        on_fall_back: is told why the CPU goes on, where the device fails.

    Returns:
        What came out, the image, and how many Gaussians were fitted: `fit_psnr` is theirs. Unless a number was asked
        for, the file leaves out those that are not worth their bits.

    Raises:
        DaubError: with one line for the user.
    """
    _check_target(target)
    began = time.perf_counter()
    say(f"reading {os.path.basename(source)}")
    image = open_image(source, background, device, on_fall_back)
    chosen, reason = choose(device)
    rasteriser = Failover(chosen, on_fall_back)
    say("loading the kernels (they are compiled once, on the first run)")
    warm_up(rasteriser)
    say("placing the first Gaussians")
    fitted = 0

    def watch(record: EncodeProgress) -> None:
        nonlocal fitted
        fitted = record.goal_count
        progress(record)

    encoded = drive(encode(image.pixels, settings, rasteriser), watch)
    write_atomic(target, encoded.data)
    encode_seconds = time.perf_counter() - began

    say("decoding the file from disk, and comparing it")
    image8, document, size, decode_seconds = decode_file(target, rasteriser)
    score = compare(target, size, image.pixels, image8)
    return Encoding(
        document.width, document.height, len(document), size, score.bpp, score.psnr, score.ms_ssim,
        encoded.fit_psnr, encoded.steps, encoded.seed, encoded.fit_seconds, encode_seconds, decode_seconds,
        rasteriser.name, rasteriser.fell_back or reason,
    ), image, fitted  # fmt: skip


def decode_to_file(
    source: str,
    target: str,
    scale: float | None,
    size: tuple[int, int] | None,
    device: str = "auto",
    on_fall_back: Callable[[Reason], None] = warn,
) -> Decoding:
    """Renders a .daub at its own size, `scale` times that, or `size` = (width, height), and writes the image."""
    _check_folder(target)
    chosen, reason = choose(device)
    rasteriser = Failover(chosen, on_fall_back)
    _load_decoder(rasteriser)
    image8, document, bytes_, seconds = decode_file(source, rasteriser, scale, size)
    images.save(target, image8.astype(np.float32) / 255)
    height, width, _ = image8.shape
    bpp = 8 * bytes_ / (document.width * document.height)
    reason = rasteriser.fell_back or reason
    return Decoding(width, height, len(document), bytes_, bpp, seconds, rasteriser.name, reason)


def describe(source: str) -> Description:
    """What a .daub says of itself, checked by decoding it."""
    data = container.load_bytes(source)
    document = container.read(data, source)
    count, payload = len(document), document.payload
    return Description(
        document.version, document.width, document.height, count, len(data),
        8 * len(data) / (document.width * document.height), 8 * len(data) / count if count else None,
        payload.grid.step if isinstance(payload, container.NativePayload) else None,
        vars(payload.parts) if isinstance(payload, container.MethodPayload) else None,
        tuple({"tag": chunk.tag.decode("latin-1"), "bytes": len(chunk.content)} for chunk in document.chunks),
    )  # fmt: skip


def compare_files(
    reference: str,
    files: list[str],
    say: Callable[[str], None],
    device: str = "auto",
    on_fall_back: Callable[[Reason], None] = warn,
) -> list[Comparison]:
    """The distortion of each image against the reference, all rounded to 8 bits.

    Raises:
        DaubError: a file cannot be read, or is of another size.
    """
    pixels = open_image(reference, device=device, on_fall_back=on_fall_back).pixels
    compared = []
    for name in files:
        say(f"comparing {os.path.basename(name)}")
        image = open_image(name, device=device, on_fall_back=on_fall_back)
        if image.pixels.shape != pixels.shape:
            (height, width, _), (other_height, other_width, _) = pixels.shape, image.pixels.shape
            raise DaubError(
                f"cannot compare {name} with {reference}",
                f"it has {other_width}x{other_height} pixels and the reference {width}x{height}",
                "give images of one size",
            )
        compared.append(compare(name, image.source_bytes, pixels, to_8bit(image.pixels)))
    return compared


def compare(name: str, size: int, pixels: np.ndarray, image8: np.ndarray) -> Comparison:
    """Args: size in bytes; pixels (H, W, 3) float32 in [0, 1], the reference; image8 (H, W, 3) uint8."""
    decoded = image8.astype(np.float32) / 255
    bpp = 8 * size / (pixels.shape[0] * pixels.shape[1])
    return Comparison(name, size, bpp, metrics.psnr(pixels, decoded), metrics.ms_ssim(pixels, decoded))


def open_image(
    source: str,
    background: tuple[float, float, float] = images.WHITE,
    device: str = "auto",
    on_fall_back: Callable[[Reason], None] = warn,
) -> images.Image:
    """An image of any format, or a .daub, which is decoded."""
    if not source.lower().endswith(SUFFIX):
        return images.load(source, background)
    image8, _, size, _ = decode_file(source, Failover(choose(device).rasteriser, on_fall_back))
    return images.Image(image8.astype(np.float32) / 255, (), size, Path(source))


def decode_file(
    source: str, rasteriser: Rasteriser, scale: float | None = None, size: tuple[int, int] | None = None
) -> tuple[np.ndarray, container.Document, int, float]:
    """Returns: (H, W, 3) uint8, the document, its bytes, seconds from opening it to pixels."""
    began = time.perf_counter()
    data = container.load_bytes(source)
    document = container.read(data, source)
    if scale is not None:
        # Far beyond any limit is refused there; an infinite size could not even be rounded.
        size = tuple(max(1, round(min(side * scale, 2.0**40))) for side in (document.width, document.height))
    image8 = decode(document, rasteriser, size)
    return image8, document, len(data), time.perf_counter() - began


def warm_up(rasteriser: Rasteriser) -> None:
    """Loads every kernel an encode needs, so that it is not part of any measured time."""
    pixels = np.full((16, 16, 3), 0.5, np.float32)
    drive(encode(pixels, Recipe(Goal("gaussians", 4), steps=2), rasteriser))


def _load_decoder(rasteriser: Rasteriser) -> None:
    """The same for a decode: a file of one Gaussian, as of none a device would load nothing."""
    grid = Grid(1, 1, 512, 0)
    decode(container.read(container.write(Symbols(np.zeros((1, COLUMNS), np.int64)), grid)), rasteriser)


def _check_target(target: str) -> None:
    """Before the fit rather than after it."""
    if not target.lower().endswith(SUFFIX):
        raise DaubError(f"cannot write {target}", f"its name does not end in {SUFFIX}", f"call it *{SUFFIX}")
    _check_folder(target)


def _check_folder(target: str) -> None:
    folder = Path(target).absolute().parent
    if not folder.is_dir():
        raise DaubError(f"cannot write {target}", "there is no such folder", "create it or choose another")
    if not os.access(folder, os.W_OK):
        raise DaubError(f"cannot write {target}", "permission denied", "choose a folder you may write to")
