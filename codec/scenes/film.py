"""Pictures to an MP4 film, by the ffmpeg that is installed: H.264, which every player and page of the web shows.

The pictures go to it through a pipe, and are in no file on the way. Colours are marked as BT.709, and converted so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.files import write_atomic

SUFFIX = ".mp4"
RATE = 30  # pictures a second
_QUALITY = 18  # constant rate factor of x264: next to nothing is seen of it
_MATRIX = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int"
_SAID = 160  # characters of what ffmpeg says of a failure


def check_film(path: str | os.PathLike) -> None:
    """Raises DaubError where no film can be made here."""
    if shutil.which("ffmpeg") is None:
        what, why = f"cannot write {os.fspath(path)}", "there is no ffmpeg here"
        raise DaubError(what, why, "install it, or write .png images")


def even(width: int, height: int) -> tuple[int, int]:
    """The size that a film of such pictures has: its colours are kept for two by two pixels."""
    return width + width % 2, height + height % 2


def write_film(
    path: str | os.PathLike, pictures: Iterable[np.ndarray], width: int, height: int, *, replace: bool = True
) -> int:
    """Writes a film, whole or not at all; returns its bytes.

    Args:
        pictures: (height, width, 3) uint8 each; what their making raises ends it.
        width, height: pixels, even.
        replace: as of `files.write_atomic`.

    Raises:
        DaubError: there is no ffmpeg, it refuses, or the disk does.
    """
    check_film(path)
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder, f"film{SUFFIX}")
        process = subprocess.Popen(_command(film, width, height), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            for picture in pictures:
                try:
                    process.stdin.write(np.ascontiguousarray(picture).data)
                except OSError:  # it has ended: its own words say why
                    break
            with suppress(OSError):
                process.stdin.close()
            said = process.stderr.read().decode(errors="replace")
            code = process.wait()
        finally:
            process.kill()
            process.wait()
            process.stderr.close()
            with suppress(OSError):
                process.stdin.close()
        if code != 0:
            lines = [line for line in said.splitlines() if line.strip()]
            why = f"ffmpeg has failed ({' '.join(lines[-1].split())[:_SAID] if lines else f'code {code}'})"
            raise DaubError(f"cannot write {os.fspath(path)}", why, "install one with libx264, or write .png images")
        data = film.read_bytes()
    write_atomic(path, data, replace=replace)
    return len(data)


def _command(film: Path, width: int, height: int) -> list[str]:
    pictures = f"-f rawvideo -pix_fmt rgb24 -video_size {width}x{height} -framerate {RATE} -i pipe:0"
    colours = "-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv"
    codec = f"-c:v libx264 -pix_fmt yuv420p -crf {_QUALITY} -movflags +faststart"
    words = f"ffmpeg -nostdin -hide_banner -loglevel error {pictures} -an -vf {_MATRIX} {codec} {colours}"
    return [*words.split(), os.fspath(film)]
