"""How an image looks beside a reference, by what people who compare codecs trust: SSIMULACRA2 and FLIP.

Both want packages of the extra `metrics`. Without them there are no such figures, and `MISSING` says how to get them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

MISSING = "SSIMULACRA2 and FLIP are left out, as packages for them are missing: pip install -e '.[metrics]' brings them"
_PACKAGES = "ssimulacra2", "flip_evaluator"


@dataclass(frozen=True)
class Perceptual:
    """What was measured of one image.

    Args:
        ssimulacra2: 100 for equal images, without a lower end; None where a side has less than 8 pixels.
        flip: mean FLIP, 0 for equal images, at most 1.
    """

    ssimulacra2: float | None
    flip: float


def available() -> bool:
    """Whether the packages are installed; loads neither."""
    return all(find_spec(name) is not None for name in _PACKAGES)


def perceptual(reference: np.ndarray, image: np.ndarray) -> Perceptual:
    """Measure both at once, on two cores where there are two. To be asked where they are `available`.

    Args:
        reference, image: (H, W, 3) floating point, sRGB-encoded, in [0, 1].

    Raises:
        ValueError: shapes differ, or the samples are integers.
        DaubError: a package does not work.
    """
    from daub.codec.evaluation.flip import FlipProcess
    from daub.codec.evaluation.ssimulacra2 import ssimulacra2

    with FlipProcess(reference, image) as beside:
        score = ssimulacra2(reference, image)
        return Perceptual(score, beside.result())
