"""OpenEXR by the optional package OpenEXR: scene-linear light.

The package writes what it finds wrong to the terminal, and hands out a picture with holes as if it were whole. So it
runs in a process of its own, of which any such line says that the file is damaged, and which can be ended.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np

from daub.codec.images.colour import primaries, transfers
from daub.codec.images.colour.signals import SCENE_LINEAR, Encoding, Signal
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.readers.scaling import finite
from daub.codec.images.samples import ONE_OF_SEVERAL, Samples
from daub.codec.part_files import scratch_folder

_PROGRAM = Path(__file__).with_name("exr_process.py")
_SECONDS = 120  # enough for the largest picture that is read


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The display window of the first part that has red, green and blue, or luminance.

    Raises:
        Refused: the package is not installed, or the file holds no such picture.
    """
    if importlib.util.find_spec("OpenEXR") is None:
        why = "it is an OpenEXR image, which is read by the package OpenEXR alone"
        raise Refused(why, 'install that (Daub\'s extra "exr"), or save the picture as PNG')
    values, found = _decoded(file.read(), limits)
    notices = [ONE_OF_SEVERAL] if found["parts"] > 1 else []
    values = finite(values, notices)
    values, alpha = _in_display_window(values, found["dataWindow"], found["displayWindow"], found["alpha"])
    if alpha:
        opacity = values[..., -1:]
        np.divide(values[..., :-1], opacity, out=values[..., :-1], where=opacity > 0)
        np.clip(opacity, 0, 1, out=opacity)
    return Samples(values, alpha, (_colour(found["chromaticities"]),), notices)


def _decoded(data: bytes, limits: Limits) -> tuple[np.ndarray, dict]:
    """(H, W, C) float32 of the data window, and what the header says."""
    with scratch_folder() as folder:
        target = folder / "values.npy"
        # -P: the folder of the program holds modules whose names others have too.
        command = [sys.executable, "-P", str(_PROGRAM), str(target), str(limits.pixels)]
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Refused("it is an OpenEXR image that takes too long to read", "save it as PNG") from error
        answer, said = (stream.decode("utf-8", "replace").strip() for stream in (done.stdout, done.stderr))
        if done.returncode or said or "\n" in answer:
            raise ValueError(f"{answer}\n{said}".strip().splitlines()[0] if answer or said else "its decoder crashed")
        found = json.loads(answer)
        if "refused" in found:
            raise Refused(*found["refused"])
        return np.load(target), found


def _in_display_window(values: np.ndarray, data_window, display_window, alpha: bool) -> tuple[np.ndarray, bool]:
    """The pixels of the display window: those beyond it are cut off, and where there are none it is transparent."""
    (left, top), (x, y), (right, bottom) = data_window[0], *display_window
    height, width = bottom - y + 1, right - x + 1
    rows, columns, channels = values.shape
    if (left, top, columns, rows) == (x, y, width, height):
        return values, alpha
    if not alpha:
        values = np.concatenate([values, np.ones((rows, columns, 1), np.float32)], 2)
    framed = np.zeros((height, width, values.shape[2]), np.float32)
    first, last = max(left, x), min(left + columns, right + 1)
    upper, lower = max(top, y), min(top + rows, bottom + 1)
    if first < last and upper < lower:
        framed[upper - y : lower - y, first - x : last - x] = values[
            upper - top : lower - top, first - left : last - left
        ]
    filled = (first, last, upper, lower) == (x, right + 1, y, bottom + 1)
    return (framed[..., :channels], alpha) if filled else (framed, True)


def _colour(numbers: list[float] | None) -> Signal:
    """Linear light of the primaries that the header states, red to white; those of sRGB where it does not."""
    try:
        space = primaries.of_points(*zip(numbers[::2], numbers[1::2], strict=True))
    except (TypeError, ValueError):
        return SCENE_LINEAR
    return Encoding(space, transfers.SCENE, f"scene-linear {space.name}")
