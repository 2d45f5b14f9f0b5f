"""What a file shall reach: one of six kinds of goal, with their ranges, units and words in one table.

>>> Goal("bytes", 20_000).limit(768 * 512)
20000
>>> Goal("bpp", 0.4).limit(768 * 512)
19660
>>> Goal("sharpness", 3)
Traceback (most recent call last):
daub.codec.errors.DaubError: sharpness 3 is no goal, there is none of that name, choose from quality, gaussians, ...
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from daub.codec.errors import DaubError
from daub.codec.options import Option


class GoalKind(StrEnum):
    """What a goal is about; the values are the names of the options of the command line.

    >>> GoalKind.MS_SSIM, GoalKind.MS_SSIM.keyword
    (<GoalKind.MS_SSIM: 'ms-ssim'>, 'ms_ssim')
    """

    QUALITY = "quality"
    GAUSSIANS = "gaussians"
    BYTES = "bytes"
    BPP = "bpp"
    PSNR = "psnr"
    MS_SSIM = "ms-ssim"

    @property
    def keyword(self) -> str:
        """Its name where Python takes it for a name of its own, which cannot have a hyphen."""
        return self.value.replace("-", "_")


@dataclass(frozen=True)
class GoalOption(Option):
    """A kind of goal.

    Args:
        letter: what stands for its value in the usage of the command line.
        label: its name on the screen.
        per_unit: how much of the goal's value one unit on the screen is, such as the 1000 bytes of a kB.
        increment: what one press of an arrow key adds, in units of the screen; None for about a tenth of the value.
    """

    letter: str = ""
    label: str = ""
    per_unit: float = 1.0
    increment: float | None = None


# In the order of the panel in the window. `default` is where a control begins.
GOALS: dict[GoalKind, GoalOption] = {
    GoalKind.QUALITY: GoalOption(
        50, 0, 100, "0 is the smallest file, 100 the best picture", decimals=1, letter="Q", label="Quality", increment=1
    ),
    GoalKind.GAUSSIANS: GoalOption(5000, 1, 1 << 24, "exactly this many Gaussians", letter="N", label="Gaussians"),
    GoalKind.BYTES: GoalOption(
        20_000, 32, 1 << 30, "at most this many bytes on disk", " kB", letter="B", label="File size", per_unit=1000.0
    ),
    GoalKind.BPP: GoalOption(
        0.4, 1e-4, 48, "at most this many bits for each pixel of the image", " bpp", 3, "R", "Bits per pixel"
    ),
    GoalKind.PSNR: GoalOption(
        32.0, 5, 60, "the smallest file that is about this close to the source", " dB", 2, "D", "PSNR"
    ),
    GoalKind.MS_SSIM: GoalOption(
        0.95, 0.5, 0.9999, "the smallest file that is about this similar, 1 being equal", "", 4, "V", "MS-SSIM", 1, 1e-3
    ),
}


@dataclass(frozen=True)
class Goal:
    """One of: a quality 0..100, a number of Gaussians, bytes, bits per pixel, dB of PSNR, or an MS-SSIM 0.5..0.9999.

    Args:
        kind: a `GoalKind`, or its name.
        value: in the goal's own unit: bytes rather than kB.

    Raises:
        DaubError: there is no such kind, or the value is outside its range.
    """

    kind: GoalKind
    value: float

    def __post_init__(self):
        if self.kind not in GOALS:
            what = f"{self.kind} {self.value} is no goal"
            raise DaubError(what, "there is none of that name", f"choose from {', '.join(GOALS)}")
        object.__setattr__(self, "kind", GoalKind(self.kind))
        GOALS[self.kind].check(self.kind, self.value)

    def limit(self, area: int) -> int | None:
        """The largest file in bytes, for an image of `area` pixels; None where the goal is not about a size."""
        if self.kind is GoalKind.BYTES:
            return int(self.value)
        return max(int(self.value * area / 8), 1) if self.kind is GoalKind.BPP else None

    def __str__(self) -> str:
        """As in "quality 50", "32 dB" or "MS-SSIM 0.95"."""
        units = {GoalKind.BYTES: "bytes", GoalKind.BPP: "bpp", GoalKind.PSNR: "dB", GoalKind.GAUSSIANS: "Gaussians"}
        unit = units.get(self.kind)
        value = f"{self.value:,.0f}" if float(self.value).is_integer() else f"{self.value:g}"
        name = GOALS[self.kind].label if self.kind is GoalKind.MS_SSIM else self.kind
        return f"{value} {unit}" if unit else f"{name} {value}"


DEFAULT_GOAL = Goal(GoalKind.QUALITY, 50)
