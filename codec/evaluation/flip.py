"""FLIP, mean difference seen when two images are flipped to and fro (Andersson et al. 2020), by NVIDIA's package.

The package holds the interpreter's lock for as long as it takes, half a second for a Kodak image: a thread that called
it would stop the window, and Ctrl-C. So it is called in a process of its own, `flip_process`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.evaluation.flip_process import REACH
from daub.codec.evaluation.metrics import check_pair

# Run as a file and not as a module, whose package would load SciPy first: that takes longer than FLIP. -P: beside the
# file, or where Daub was started, there may be modules whose names others have too.
COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("flip_process.py")))
_LOOK_UP = 0.1  # seconds between two looks at whether the map is still wanted


def flip(reference: np.ndarray, image: np.ndarray) -> float:
    """Measure how different two images look: 0 where they are equal, up to 1. Symmetric.

    As seen from where 67 pixels cover a degree, which is the package's default: 0.7 m from a screen of 0.7 m with 3840
    pixels across.

    Args:
        reference, image: (H, W, 3) floating point, sRGB-encoded, in [0, 1]; any size from 1x1.

    Raises:
        ValueError: shapes differ, or the samples are integers.
        DaubError: the process did not answer, as where the package is not installed.
    """
    with FlipProcess(reference, image) as beside:
        return beside.result()


def flip_map(reference: np.ndarray, image: np.ndarray, wanted: Callable[[], bool] = lambda: True) -> np.ndarray | None:
    """Measure where two images look different, by how much: of this map `flip` is the mean.

    Args:
        reference, image: as of `flip`.
        wanted: asked now and then, from this thread; once it says no, nothing is measured any more.

    Returns:
        (H, W) float32 in [0, 1], None where it is not wanted any more.

    Raises:
        ValueError, DaubError: as `flip`.
    """
    with FlipProcess(reference, image, "map") as beside:
        return beside.errors(wanted)


def flip_of_part(reference: np.ndarray, image: np.ndarray, part: tuple[slice, slice]) -> float:
    """Measure how different a part of two images looks: the mean of their `flip_map` there.

    Not FLIP of the part alone, which would take its edges for those of the image.

    Args:
        reference, image: as of `flip`.
        part: rows and columns, with ends in the image and at least one pixel between them.

    Raises:
        ValueError, DaubError: as `flip`.
    """
    around = tuple(slice(max(side.start - REACH, 0), side.stop + REACH) for side in part)
    errors = flip_map(reference[around], image[around])
    inside = tuple(
        slice(side.start - outer.start, side.stop - outer.start) for side, outer in zip(part, around, strict=True)
    )
    return float(errors[inside].mean(dtype=np.float64))


class FlipProcess:
    """Measures as `flip` does, or as `flip_map`, beside whoever asked: `result` and `errors` wait for the answer.

    A context manager: the process has ended when it ends, however it ends.

    Args:
        reference, image: as of `flip`.
        answer: "" for a mean, "map" for the errors.
    """

    def __init__(self, reference: np.ndarray, image: np.ndarray, answer: str = ""):
        check_pair(reference, image)
        self._shape = reference.shape[:2]
        pipe, flags = subprocess.PIPE, getattr(subprocess, "CREATE_NO_WINDOW", 0)
        command = (*COMMAND, answer) if answer else COMMAND
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, creationflags=flags)
        with suppress(BrokenPipeError):  # it has ended: the answer tells why
            self._process.stdin.write(json.dumps(reference.shape).encode() + b"\n")
            for pixels in (reference, image):
                self._process.stdin.write(np.ascontiguousarray(pixels, np.float32))

    def __enter__(self) -> FlipProcess:
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()  # does nothing where it has answered
        self._process.communicate()

    def result(self) -> float:
        """The mean FLIP. Raises: DaubError: the process did not answer."""
        answer, said = self._process.communicate()
        try:
            return float(answer)
        except ValueError as error:
            raise self._refusal(said) from error

    def errors(self, wanted: Callable[[], bool] = lambda: True) -> np.ndarray | None:
        """The map, None where it is not wanted any more. Raises: DaubError: the process did not answer."""
        while wanted():
            try:
                answer, said = self._process.communicate(timeout=_LOOK_UP)
            except subprocess.TimeoutExpired:
                continue
            errors = np.frombuffer(answer, np.uint8)
            if errors.size != 4 * self._shape[0] * self._shape[1]:
                raise self._refusal(said)
            return errors.view(np.float32).reshape(self._shape)
        return None

    def _refusal(self, said: bytes) -> DaubError:
        why = (said.decode(errors="replace").strip().splitlines() or [f"code {self._process.returncode}"])[-1]
        return DaubError("cannot measure FLIP", why, 'install Daub\'s extra "metrics" anew')
