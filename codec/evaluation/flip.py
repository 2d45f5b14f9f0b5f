"""FLIP, mean difference seen when two images are flipped to and fro (Andersson et al. 2020), by NVIDIA's package.

The package holds the interpreter's lock for as long as it takes, half a second for a Kodak image: a thread that called
it would stop the window, and Ctrl-C. So it is called in a process of its own, `flip_process`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import check_pair

# Run as a file and not as a module, whose package would load SciPy first: that takes longer than FLIP. -P: beside the
# file, or where Daub was started, there may be modules whose names others have too.
COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("flip_process.py")))


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


class FlipProcess:
    """Measures as `flip` does, beside whoever asked: `result` waits for the answer.

    A context manager: the process has ended when it ends, however it ends.
    """

    def __init__(self, reference: np.ndarray, image: np.ndarray):
        check_pair(reference, image)
        pipe, flags = subprocess.PIPE, getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._process = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, creationflags=flags)
        with suppress(BrokenPipeError):  # it has ended: `result` tells why
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
            why = (said.decode(errors="replace").strip().splitlines() or [f"code {self._process.returncode}"])[-1]
            raise DaubError("cannot measure FLIP", why, 'install Daub\'s extra "metrics" anew') from error
