"""The process that `flip` measures in: one pair of images on stdin, their FLIP on stdout.

Asked by one line of JSON, the shape [H, W, 3], followed by the reference and the image as float32. It answers with the
mean as text, or where its one argument is "map" with the error map as float32, and ends then, or soon after whoever
asked.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator

import numpy as np

_ROWS = 128  # of a strip: what the package takes on the way is 100 bytes for each of its pixels
# The filters reach so far at 67 pixels per degree: three times the widest standard deviation, sqrt(0.04 / (2 pi^2))
# degrees, of the contrast sensitivity functions (Andersson et al. 2020, section 4.1.1), which the package rounds up.
REACH = 10


def main() -> None:
    """Answers, and ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    shape = tuple(json.loads(sys.stdin.buffer.readline()))
    reference, image = (_read(shape) for _ in range(2))
    if sys.argv[1:] == ["map"]:
        for errors in error_strips(reference, image):
            answers.write(np.ascontiguousarray(errors, np.float32))
    else:
        answers.write(repr(mean_flip(reference, image)).encode())
    answers.flush()


def mean_flip(reference: np.ndarray, image: np.ndarray) -> float:
    """The mean of the error map of two images (H, W, 3) float32 in [0, 1].

    Raises:
        ProcessLookupError: whoever started this process has ended.
    """
    height, width, _ = reference.shape
    total = sum(errors.sum(dtype=np.float64) for errors in error_strips(reference, image))
    return float(total / (height * width))


def error_strips(reference: np.ndarray, image: np.ndarray) -> Iterator[np.ndarray]:
    """The error map from the top, strips (rows, W) float32. Arguments and errors as of `mean_flip`."""
    import flip_evaluator

    height, parent = len(reference), os.getppid()
    for top in range(0, height, _ROWS):
        if os.getppid() != parent:
            raise ProcessLookupError("nobody is there any more to tell")
        first, last = max(top - REACH, 0), min(top + _ROWS + REACH, height)
        # Not "magma", a picture of the map, and no mean of the strip: it covers its neighbours' rows, too.
        errors, *_ = flip_evaluator.evaluate(
            reference[first:last], image[first:last], "LDR", applyMagma=False, computeMeanError=False
        )
        yield errors[top - first : top - first + _ROWS]


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
