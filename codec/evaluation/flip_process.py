"""The process that `flip` measures in: one pair of images on stdin, their mean FLIP on stdout.

Asked by one line of JSON, the shape [H, W, 3], followed by the reference and the image as float32. It ends with the
answer, or soon after whoever asked.
"""

from __future__ import annotations

import json
import os
import sys

import numpy as np

_ROWS = 128  # of a strip: what the package takes on the way is 100 bytes for each of its pixels
# The filters reach so far at 67 pixels per degree: three times the widest standard deviation, sqrt(0.04 / (2 pi^2))
# degrees, of the contrast sensitivity functions (Andersson et al. 2020, section 4.1.1), which the package rounds up.
_REACH = 10


def main() -> None:
    """Answers, and ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    shape = tuple(json.loads(sys.stdin.buffer.readline()))
    reference, image = (_read(shape) for _ in range(2))
    answers.write(repr(mean_flip(reference, image)))
    answers.flush()


def mean_flip(reference: np.ndarray, image: np.ndarray) -> float:
    """The mean of the error map of two images (H, W, 3) float32 in [0, 1], made a strip of rows at a time.

    Raises:
        ProcessLookupError: whoever started this process has ended.
    """
    import flip_evaluator

    height, width, _ = reference.shape
    total, parent = 0.0, os.getppid()
    for top in range(0, height, _ROWS):
        if os.getppid() != parent:
            raise ProcessLookupError("nobody is there any more to tell")
        first, last = max(top - _REACH, 0), min(top + _ROWS + _REACH, height)
        # Not "magma", a picture of the map, and no mean of the strip: it covers its neighbours' rows, too.
        errors, *_ = flip_evaluator.evaluate(
            reference[first:last], image[first:last], "LDR", applyMagma=False, computeMeanError=False
        )
        total += errors[top - first : top - first + _ROWS].sum(dtype=np.float64)
    return float(total / (height * width))


def _read(shape: tuple[int, ...]) -> np.ndarray:
    pixels = np.empty(shape, np.float32)
    view, done = memoryview(pixels).cast("B"), 0
    while done < len(view):
        read = sys.stdin.buffer.readinto(view[done:])
        if not read:
            raise EOFError("the images end too early")
        done += read
    return pixels


if __name__ == "__main__":
    main()
