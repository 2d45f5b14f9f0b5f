"""What an encode is tuned for: what a squared error counts, pixel by pixel.

Cheap to import, as command line and window ask for the names; `weights.py` has what follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from daub.codec.errors import DaubError


class Tuning(StrEnum):
    """What an encode is tuned for; the values are the names of `--tune`."""

    PSNR = "psnr"
    BALANCED = "balanced"
    MS_SSIM = "ms-ssim"


@dataclass(frozen=True)
class TuningOption:
    """What there is to know of a tuning.

    Args:
        label: its name on the screen.
        help: what it is for, as the end of a sentence that begins with its name.
        power: of the local variance by which errors are divided, 0 to 1; 0: all errors alike.
        coarse: what errors that neighbours share count beside, see `render.weighting`.
    """

    label: str
    help: str
    power: float
    coarse: float


def tuning_named(name: str) -> Tuning:
    """The tuning of that name; raises DaubError where there is none."""
    if name not in set(Tuning):
        raise DaubError(f"{name} is no tuning", "there is none of that name", f"choose from {', '.join(Tuning)}")
    return Tuning(name)


TUNINGS: dict[Tuning, TuningOption] = {
    Tuning.PSNR: TuningOption("PSNR", "every error alike", 0.0, 0.0),
    Tuning.BALANCED: TuningOption("Balanced", "calm parts count more, for the eye, at nearly the same PSNR", 0.3, 0.35),
    Tuning.MS_SSIM: TuningOption("MS-SSIM", "structure rather than squared error", 0.5, 1.0),
}
