"""What `job_process` does of other codecs, and of Daub itself, for comparisons in the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from daub.app.model.picture.registration import Registration
from daub.app.model.rivals.plot_style import DAUB
from daub.app.model.work.job_process import Done, Tell
from daub.codec.evaluation.matched import Match, at_bytes, at_psnr, trials_about
from daub.codec.evaluation.metrics import ms_ssim, psnr
from daub.codec.evaluation.peers import peer_named
from daub.codec.evaluation.perceptual import available
from daub.codec.evaluation.rd_table import COUNTS, RdRow, scaled_count
from daub.codec.evaluation.score import score
from daub.render.eight_bit import to_8bit


def match(given: dict, arrays: list[np.ndarray], tell: Tell) -> Done:
    """The best file of a codec at as many bytes, or its smallest at as good a PSNR.

    Args:
        given: "codec", and "bytes" or "psnr"; "size", width and height of what the codec is given, and "registration",
            the fields of that of the image on it.
        arrays: the image, (H, W, 3) float32 in [0, 1].

    Returns:
        "parameter_name", "parameter", "reached", "suffix" and what `Score` has; the file as uint8, and the picture that
        it decodes to, (H, W, 3) uint8.
    """
    pixels = _laid(arrays[0], Registration(**given["registration"]), tuple(given["size"]))
    peer = peer_named(given["codec"])
    tried, about = 0, trials_about(peer)

    def watch(_: Match) -> None:
        nonlocal tried
        tried += 1
        tell({"fraction": 0.95 * min(tried / about, 1.0)})

    if "bytes" in given:
        found = at_bytes(peer, pixels, given["bytes"], watch)
    else:
        found = at_psnr(peer, pixels, given["psnr"], watch)
    tell({"fraction": 0.95})
    measured = vars(score(pixels, found.image8, perceptually=True))
    done = {"parameter_name": peer.parameter_name, "parameter": found.parameter, "reached": found.reached}
    done |= {"suffix": peer.suffix, **measured}
    return done, [np.frombuffer(found.data, np.uint8), found.image8]


def _laid(image: np.ndarray, registration: Registration, size: tuple[int, int]) -> np.ndarray:
    """An image as it lies on a canvas; its own pixels where that is exact."""
    exact = registration.pixels(image, size)
    return np.ascontiguousarray(registration.resampled(image, size) if exact is None else exact)


def decode(given: dict, arrays: list[np.ndarray], tell: Tell) -> Done:
    """The picture, (H, W, 3) uint8, of the file of a codec. Args: given: "codec"; arrays: the file as uint8."""
    return {}, [peer_named(given["codec"]).decode(arrays[0].tobytes())]


def curve(given: dict, arrays: list[np.ndarray], tell: Tell) -> Done:
    """Rate and distortion of a codec over its sweep: tells a row of the table for every file, as "row".

    Args:
        given: "codec", and "image", its name.
        arrays: the image, (H, W, 3) float32 in [0, 1].
    """
    (pixels,) = arrays
    peer = peer_named(given["codec"])

    image8 = to_8bit(pixels)

    def file_of(setting: float) -> _File:
        began = time.perf_counter()
        data = peer.encode(image8, setting)
        encoded = time.perf_counter()
        decoded8 = peer.decode(data)
        return _File(len(data), decoded8, encoded - began, time.perf_counter() - encoded)

    return _sweep(peer.name, peer.sweep, given["image"], pixels, file_of, tell)


def own_curve(given: dict, arrays: list[np.ndarray], tell: Tell) -> Done:
    """The same of Daub, over numbers of Gaussians.

    Args:
        given: "image", "device", "settings" that the encodes have but for the goal, as of `EncodeSettings.as_dict`, and
            if not the usual ones "counts", Gaussians fitted per 768x512 pixels.
        arrays: as of `curve`.
    """
    from daub.codec.container import read
    from daub.codec.decoder import decode
    from daub.codec.encoder import encode
    from daub.codec.goal import Goal
    from daub.codec.progress import drive
    from daub.codec.recipe import recipe_of
    from daub.codec.settings import EncodeSettings
    from daub.render.devices import Failover, choose

    (pixels,) = arrays
    rasteriser = Failover(choose(given["device"])[0])
    counts, settings = given.get("counts", COUNTS), EncodeSettings.from_dict(given["settings"])
    tune = recipe_of(settings).tune  # which follows from the goal that is wanted, where nobody has chosen

    def file_of(count: int) -> _File:
        goal = Goal("gaussians", scaled_count(count, pixels.shape[1], pixels.shape[0]))
        asked = replace(settings, goal=goal, tune=tune, exact_count=False)
        done = counts.index(count)
        began = time.perf_counter()
        encoded = drive(
            encode(pixels, recipe_of(asked), rasteriser),
            lambda record: tell({"fraction": (done + 0.9 * record.fraction) / len(counts)}),
        )
        written = time.perf_counter()
        decoded8 = decode(read(encoded.data, large=True), rasteriser, large=True)
        return _File(len(encoded.data), decoded8, written - began, time.perf_counter() - written)

    return _sweep(DAUB, counts, given["image"], pixels, file_of, tell)


class _File(NamedTuple):
    """One of a sweep."""

    bytes: int
    image8: np.ndarray  # (H, W, 3) uint8, what it decodes to
    encode_seconds: float
    decode_seconds: float


def _sweep(
    codec: str, settings: Sequence[float], image: str, pixels: np.ndarray, file_of: Callable[[float], _File], tell: Tell
) -> Done:
    area = pixels.shape[0] * pixels.shape[1]
    for number, setting in enumerate(settings, 1):
        file = file_of(setting)
        decoded = file.image8 / np.float32(255)
        row = RdRow(
            codec, image, setting, file.bytes, 8 * file.bytes / area, psnr(pixels, decoded), ms_ssim(pixels, decoded),
            file.encode_seconds, file.decode_seconds, _ssimulacra2(pixels, decoded),
        )  # fmt: skip
        tell({"row": vars(row), "fraction": number / len(settings)})
    return {}, []


def _ssimulacra2(pixels: np.ndarray, decoded: np.ndarray) -> float | None:
    if not available():
        return None
    from daub.codec.evaluation.ssimulacra2 import ssimulacra2

    return ssimulacra2(pixels, decoded)
