"""What the user asks of a fit. `codec.settings` has the real ones, but importing it loads SciPy and numba, which the
window must not wait for: the worker converts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daub.codec.effort import DEFAULT_EFFORT, EFFORTS

NATIVE = "native"  # the profile of our own fit


@dataclass(frozen=True)
class GoalKind:
    """One way to say how large or how good the file shall be.

    Args:
        kind: as in `daub.codec.rate.plan.Goal`.
        per_unit: how much of the goal's value one unit on the screen is.
    """

    kind: str
    label: str
    unit: str
    smallest: float
    largest: float
    decimals: int
    start: float
    hint: str
    per_unit: float = 1.0


# Slider first, then the fields: the order of the panel.
GOALS = (
    GoalKind("quality", "Quality", "", 0, 100, 0, 50, "0 is the smallest file, 100 the best picture"),
    GoalKind("gaussians", "Gaussians", "", 1, 500_000, 0, 5000, "exactly this many Gaussians"),
    GoalKind("bytes", "File size", " kB", 0.2, 100_000, 2, 20, "at most this many bytes on disk", 1000.0),
    GoalKind("bpp", "Bits per pixel", " bpp", 0.005, 24, 3, 0.4, "at most this many bits for each pixel of the image"),
    GoalKind("psnr", "PSNR", " dB", 10, 60, 2, 32, "the smallest file that is at least this close to the source"),
)


def goal_kind(kind: str) -> GoalKind:
    return next(goal for goal in GOALS if goal.kind == kind)


@dataclass(frozen=True)
class Wanted:
    """Settings of a fit, as plain numbers; `value` is in the units of `daub.codec.rate.plan.Goal`.

    Args:
        profile: of the method, as registered or as the path of a .toml file.
        parts: of it, that are others than the profile's: kind and name, as registered.
    """

    kind: str = "quality"
    value: float = 50.0
    effort: int = DEFAULT_EFFORT
    steps: int = EFFORTS[DEFAULT_EFFORT].steps
    seed: int = 0
    profile: str = NATIVE
    parts: tuple[tuple[str, str], ...] = ()

    def settings(self):
        """The `EncodeSettings`; loads the encoder. DaubError where there is no such fit."""
        from daub.codec.goal import Goal
        from daub.codec.recipe import recipe_of
        from daub.codec.settings import EncodeSettings

        value = round(self.value) if self.kind in ("gaussians", "bytes") else float(self.value)
        goal, method = Goal(self.kind, value), self.method()
        return recipe_of(EncodeSettings(goal, self.effort, self.steps, self.seed, profile=method))

    def method(self):
        """The `Profile` with its changed parts. DaubError where there is none, or they do not go together."""
        from daub.codec.profiles.profile_file import load_profile

        return load_profile(self.profile).varied(dict(self.parts))

    def method_text(self) -> str:
        """The content of a .toml file that `daub encode --profile` takes for this method."""
        from daub.codec.profiles.profile import PROFILES
        from daub.codec.profiles.profile_file import profile_text

        return profile_text(self.method(), self.steps, self.profile if self.profile in PROFILES else None)


def to_slider(value: float, smallest: float, largest: float, ticks: int = 1000) -> int:
    """A logarithmic slider: equal distances are equal ratios."""
    value = min(max(value, smallest), largest)
    return round(ticks * math.log(value / smallest) / math.log(largest / smallest))


def from_slider(position: int, smallest: float, largest: float, ticks: int = 1000) -> float:
    """The value there, to two significant digits, as people would choose it."""
    value = smallest * (largest / smallest) ** (position / ticks)
    digit = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return min(max(round(value / digit) * digit, smallest), largest)
