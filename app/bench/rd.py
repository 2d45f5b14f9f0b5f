"""`bench rd`: the rate-distortion of written files, ours and those of the ordinary codecs.

Everything timed runs after the kernels have been loaded, and every size is that of a file on the disk.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from daub.app.bench.setting import KODAK, images_in
from daub.app.model.rivals.plot_style import DAUB
from daub.app.tasks.comparison import compare
from daub.app.tasks.device import warm_up
from daub.app.tasks.reading import decode_file
from daub.app.terminal import ProgressLine, decibels
from daub.codec import images
from daub.codec.encoder import encode
from daub.codec.errors import DaubError
from daub.codec.evaluation.peers import PEERS, Peer, peer_named
from daub.codec.evaluation.perceptual import available
from daub.codec.evaluation.rd_table import RdRow, scaled_count
from daub.codec.files import SUFFIX, write_atomic
from daub.codec.goal import Goal
from daub.codec.part_files import scratch_folder
from daub.codec.progress import drive
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning
from daub.render.eight_bit import to_8bit
from daub.render.rasteriser import Rasteriser


def bench_rd(
    rasteriser: Rasteriser, folder: str | None, counts: Sequence[int], effort: int, steps: int | None,
    codecs: Sequence[str] | None, earlier: Sequence[RdRow] = (), only_kodak: bool = False, tune: Tuning = Tuning.PSNR,
) -> list[RdRow]:  # fmt: skip
    """Writes, reads and judges a file for every image, codec and setting.

    Args:
        counts: the sweep of Daub, Gaussians fitted per 768x512 pixels.
        steps: of each fit, where they shall not follow from the effort.
        codecs: names of peers, None for all.
        earlier: rows that stand in for measuring the same image (by its name), peer and setting again; others, those of
            Daub, and those that `lacks_measures` tells of are passed over.
        only_kodak: refuse images that cannot be from the Kodak set, to which published figures refer.
        tune: of Daub; the others have no such choice, or are as `peers` sets them.

    Raises:
        DaubError: no such folder, image or codec; nothing of `earlier` can be used, or a row of it is of an image of
            another size; an image is not of the Kodak set.
    """
    peers = [peer_named(name) for name in codecs] if codecs is not None else list(PEERS.values())
    paths = images_in(folder)
    known = {(row.codec, row.image, row.setting): row for row in earlier}
    wanted = {(one.name, path.name, setting) for one in peers for path in paths for setting in one.sweep}
    if earlier and known.keys().isdisjoint(wanted):
        raise DaubError(
            "cannot reuse the measurements given", "none is of these images and codecs", "leave --reuse out"
        )
    if only_kodak:
        _refuse_all_but_kodak(paths)
    rows: list[RdRow] = []
    total = len(paths) * (len(counts) + sum(len(one.sweep) for one in peers))
    with ProgressLine() as line, scratch_folder() as scratch:
        line.say("loading the kernels")
        warm_up(rasteriser, tune)
        for path in paths:
            pixels = images.load(path).pixels
            file = scratch / f"one{SUFFIX}"
            for row in _all_codecs(path.name, pixels, counts, effort, steps, peers, known, rasteriser, file, tune):
                rows.append(row)
                line.advance(
                    "measuring", len(rows) / total, path.name, row.codec, f"{row.bpp:.2f} bpp", decibels(row.psnr)
                )
    return rows


def lacks_measures(row: RdRow) -> bool:
    """A row is older than the perceptual measures, which can be had: no other measure tells them."""
    return row.flip is None and available()


def daub_row(
    name: str, pixels: np.ndarray, count: int, effort: int, steps: int | None, rasteriser: Rasteriser, file: Path,
    tune: Tuning = Tuning.PSNR,
) -> RdRow:  # fmt: skip
    """One file of Daub; like those of other goals than a number it leaves out Gaussians not worth their bits.

    Args:
        count: Gaussians fitted per 768x512 pixels.
    """
    scaled = scaled_count(count, pixels.shape[1], pixels.shape[0])
    settings = recipe_of(EncodeSettings(Goal("gaussians", scaled), effort, steps, exact_count=False, tune=tune))
    began = time.perf_counter()
    write_atomic(file, drive(encode(pixels, settings, rasteriser)).data)
    encode_seconds = time.perf_counter() - began
    image8, _, size, decode_seconds = decode_file(str(file), rasteriser, large=True)
    return _row(DAUB, name, count, size, pixels, image8, encode_seconds, decode_seconds)


def _all_codecs(
    name: str, pixels: np.ndarray, counts: Sequence[int], effort: int, steps: int | None, peers: Sequence[Peer],
    known: dict[tuple[str, str, float], RdRow], rasteriser: Rasteriser, file: Path, tune: Tuning,
) -> Iterator[RdRow]:  # fmt: skip
    area = pixels.shape[0] * pixels.shape[1]
    for count in counts:
        yield daub_row(name, pixels, count, effort, steps, rasteriser, file, tune)
    image8 = to_8bit(pixels)
    for one in peers:
        for setting in one.sweep:
            row = known.get((one.name, name, setting))
            if row is None or lacks_measures(row):
                row = _peer_row(one, name, setting, pixels, image8, file)
            elif not math.isclose(8 * row.bytes, row.bpp * area, rel_tol=1e-6):
                raise DaubError(
                    f"cannot reuse the rows of {name}", "they are of an image of another size", "measure it again"
                )
            yield row


def _refuse_all_but_kodak(paths: Sequence[Path]) -> None:
    for path in paths:
        height, width, _ = images.load(path).pixels.shape
        if (max(width, height), min(width, height)) != KODAK:
            raise DaubError(
                "cannot compare with published figures",
                f"they are of the Kodak images of 768x512 pixels and {path.name} has {width}x{height}",
                "measure those or leave --published out",
            )


def _peer_row(one: Peer, name: str, setting: float, pixels: np.ndarray, image8: np.ndarray, file: Path) -> RdRow:
    began = time.perf_counter()
    write_atomic(file, one.encode(image8, setting))
    encode_seconds = time.perf_counter() - began
    began = time.perf_counter()
    decoded = one.decode(file.read_bytes())
    decode_seconds = time.perf_counter() - began
    return _row(one.name, name, setting, file.stat().st_size, pixels, decoded, encode_seconds, decode_seconds)


def _row(codec, name, setting, size, pixels, image8, encode_seconds, decode_seconds) -> RdRow:
    score = compare(name, size, pixels, image8, perceptually=True)
    return RdRow(
        codec, name, setting, size, score.bpp, score.psnr, score.ms_ssim, encode_seconds, decode_seconds,
        score.ssimulacra2, score.flip,
    )  # fmt: skip
