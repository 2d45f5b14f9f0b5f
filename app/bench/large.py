"""`bench large`: what photos of many megapixels take, in seconds and in memory, through the command line.

Each command runs in a process of its own, so that its peak memory is its own, with everything that a user waits for in
its seconds: the start of Python, loading of kernels, reading and writing.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from daub.app.bench.setting import images_in, machine
from daub.app.terminal import ProgressLine, decibels, duration, table
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX
from daub.codec.part_files import scratch_folder
from daub.codec.settings import EncodeSettings

_PEAK = "peak memory: "
# Linux alone tells a process its own peak: what the system tells a parent has the memory of the parent in it.
_RUN = f"""
import os, re, sys
from daub.app.cli.main import main
code = main(sys.argv[1:])
if os.path.exists("/proc/self/status"):
    print("{_PEAK}" + re.search("VmHWM:\\\\s*(.*)", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""


@dataclass(frozen=True)
class LargeRow:
    """One image at one size.

    Args:
        encode_seconds: of the whole command.
        decode_seconds: of the file to pixels alone, as the command says.
        png_seconds: of the whole command that decodes to a PNG.
        encode_mb, decode_mb: peak memory of each command, megabytes; None where the system does not tell.
        encode_silence, decode_silence: the longest time in which a command told nothing of how far it was, seconds.
    """

    image: str
    width: int
    height: int
    gaussians: int
    bpp: float
    psnr: float
    encode_seconds: float
    decode_seconds: float
    png_seconds: float
    encode_mb: float | None
    decode_mb: float | None
    encode_silence: float
    decode_silence: float


@dataclass(frozen=True)
class _Run:
    """A command that has ended.

    Args:
        said: as JSON.
        seconds: that it took.
        megabytes: its peak memory; None where the system does not tell.
        silence: the longest time between two lines about its progress, seconds.
    """

    said: dict
    seconds: float
    megabytes: float | None
    silence: float


def bench_large(
    folder: str | None, megapixels: Sequence[float], settings: EncodeSettings, device: str = "auto",
    threads: int | None = None,
) -> dict:  # fmt: skip
    """Encodes and decodes every image of a folder at every size; the keys of `--json`.

    Raises:
        DaubError: no such folder or image, or a command failed.
    """
    paths, rows = images_in(folder), []
    options = ["--device", device, *([] if threads is None else ["--threads", str(threads)])]
    encoding = ["--quality", str(settings.goal.value), "--effort", str(settings.effort)]
    encoding += [] if settings.steps is None else ["--steps", str(settings.steps)]
    with ProgressLine() as line, scratch_folder() as scratch:
        for size in megapixels:
            for path in paths:
                line.say(f"{path.name}, {size:g} megapixels")
                rows.append(_row(path, size, [*encoding, *options], options, scratch))
    return {"images": [asdict(row) for row in rows], "settings": settings.as_dict(), "machine": machine()}


def large_text(done: dict) -> str:
    """What `bench_large` found, as a table."""
    lines = []
    for row in done["images"]:
        lines.append(
            (
                row["image"], f"{row['width']}x{row['height']}", f"{row['gaussians']:,}", f"{row['bpp']:.3f}",
                decibels(row["psnr"]), *(duration(row[f"{what}_seconds"]) for what in ("encode", "decode", "png")),
                *(_megabytes(row[f"{what}_mb"]) for what in ("encode", "decode")),
                *(duration(row[f"{what}_silence"]) for what in ("encode", "decode")),
            )
        )  # fmt: skip
    header = [
        "\nimage", "\nsize", "\nGaussians", "\nbpp", "\nPSNR", "\nencode", "\ndecode", "decode\nto PNG",
        "memory\nencode", "memory\nto PNG", "silence\nencode", "silence\nto PNG",
    ]  # fmt: skip
    mean = fmean(row["encode_seconds"] / (row["width"] * row["height"]) for row in done["images"])
    return (
        f"On {done['machine']}\n\n{table(lines, header)}\n\n"
        "encode, decode to PNG: the whole commands, start and kernels included; decode: from the open file to pixels.\n"
        "silence: the longest time in which a command told nothing of how far it was, once it had begun.\n"
        f"An encode takes {1e6 * mean:.1f} s for a megapixel on average."
    )


def _megabytes(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f} MB"


def _row(path: Path, megapixels: float, encoding: list[str], options: list[str], scratch: Path) -> LargeRow:
    source, file, picture = scratch / "source.png", scratch / f"large{SUFFIX}", scratch / "picture.png"
    _resampled(path, megapixels, source)
    encode = _command("encode", megapixels, source, file, *encoding)
    decode = _command("decode", megapixels, file, picture, "--yes-large", *options)
    encoded = encode.said
    return LargeRow(
        path.name, encoded["width"], encoded["height"], encoded["gaussians"], encoded["bpp"], encoded["psnr"],
        encode.seconds, decode.said["decode_seconds"], decode.seconds, encode.megabytes, decode.megabytes,
        encode.silence, decode.silence,
    )  # fmt: skip


def _resampled(path: Path, megapixels: float, target: Path) -> None:
    """Writes an image with so many million pixels, of the same shape."""
    from PIL import Image

    picture = Image.fromarray((images.load(path).pixels * 255 + 0.5).astype("uint8"))
    factor = math.sqrt(1e6 * megapixels / (picture.width * picture.height))
    size = max(round(picture.width * factor), 1), max(round(picture.height * factor), 1)
    picture.resize(size, Image.Resampling.LANCZOS).save(target, compress_level=1)


def _command(name: str, megapixels: float, *arguments: object) -> _Run:
    """Runs a command to its end; raises DaubError where it fails."""
    began = time.perf_counter()
    command = [sys.executable, "-c", _RUN, name, *map(str, arguments), "--json", "--progress", "json"]
    peak, said, silence, heard = None, "", 0.0, None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        for line in run.stderr:
            now = time.perf_counter()
            found = re.fullmatch(rf"{_PEAK}(\d+) kB\n", line)
            if found:
                peak = int(found[1]) / 1000
            elif _event(line).get("event") in ("doing", "progress"):
                silence, heard = max(silence, now - (heard or now)), now
            else:
                said = _event(line).get("text", line.strip())
        result = run.stdout.read()
    if run.returncode:
        raise DaubError(f"cannot {name} {megapixels:g} megapixels", said or "it says nothing", "try a smaller size")
    return _Run(json.loads(result), time.perf_counter() - began, peak, silence)


def _event(line: str) -> dict:
    """What stands in a line of stderr; nothing where that is no event."""
    try:
        return json.loads(line)
    except ValueError:
        return {}
