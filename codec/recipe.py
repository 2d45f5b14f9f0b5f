"""What follows from the settings: parts, steps and prices, as the encoder takes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from daub.codec.effort import EFFORTS
from daub.codec.errors import DaubError
from daub.codec.fit import FitSettings
from daub.codec.goal import DEFAULT_GOAL, Goal, GoalKind
from daub.codec.profiles.profile import NATIVE_PROFILE, Profile
from daub.codec.profiles.profile_file import load_profile
from daub.codec.rounding.harden import HardenSettings
from daub.codec.rounding.refine import RefineSettings
from daub.codec.settings import EncodeSettings
from daub.codec.tradeoff import GAUSSIAN_BITS, STEP_SHARE
from daub.codec.tuning import Tuning


@dataclass(frozen=True)
class Recipe:
    """Everything an encode depends on besides the image, looked up and checked.

    Args:
        goal: what the file shall reach.
        steps: steps of the fit, at least 1.
        seed: of all random draws.
        bit_price: price of bits in the fit, where its method knows one; `FitSettings` has the unit.
        harden, refine: how Gaussians become integers.
        exact_count: a goal of Gaussians holds for the file, not just for the fit.
        profile: what fits; the plan for a goal is always made with the native fit.
        tune: what an error counts.
        restore: the file gets a restoration layer where it is better with one; its goal is about the restored picture.

    Raises:
        DaubError: the profile cannot reach such a goal, or be tuned.
    """

    goal: Goal = DEFAULT_GOAL
    steps: int = 300
    seed: int = 0
    bit_price: float = FitSettings.bit_price
    harden: HardenSettings = field(default_factory=HardenSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)
    exact_count: bool = True
    profile: Profile = NATIVE_PROFILE
    tune: Tuning = Tuning.PSNR
    restore: bool = False

    def __post_init__(self):
        if self.profile.writes_method_file and self.goal.kind is not GoalKind.GAUSSIANS:
            raise DaubError(
                f"the profile {self.profile.name} cannot be steered to {self.goal}",
                "its quantiser has no steps to choose", "ask for a number of Gaussians (--gaussians N)",
            )  # fmt: skip
        if not self.profile.weighs_pixels and self.tune is not Tuning.PSNR:
            what = f"the profile {self.profile.name} cannot be tuned for {self.tune}"
            raise DaubError(what, "its loss is its own", "leave --tune out, or take the profile native")

    @property
    def keeps_transparency(self) -> bool:
        """Whether it can encode an alpha channel; otherwise an image has to be laid on a colour first."""
        return self.profile.weighs_pixels and not self.profile.writes_method_file

    @property
    def keeps_all(self) -> bool:
        """Whether the file holds Gaussians that are not worth their bits, too."""
        return self.exact_count and self.goal.kind is GoalKind.GAUSSIANS

    @property
    def least_energy(self) -> float:
        """How much energy a Gaussian must have to be worth its bits, in units of d^2.

        To leave one out costs more than its energy: the fit's price holds it back from a part of the error that it
        could remove, by bit_price * E / N over |e|, which adds 2 * bit_price * E / N; and d^2 is STEP_SHARE * E / N.
        """
        if self.keeps_all:
            return 0.0
        held_back = 2 * self.bit_price / STEP_SHARE if self.profile.weighs_pixels else 0.0
        return self.refine.lambda_ * GAUSSIAN_BITS - held_back


def recipe_of(settings: EncodeSettings) -> Recipe:
    """What these settings come to.

    Raises:
        DaubError: there is no such profile or part, parts do not go together, or the goal is not one for the profile.
    """
    profile = settings.profile if isinstance(settings.profile, Profile) else load_profile(settings.profile)
    profile = profile.varied(dict(settings.parts)) if settings.parts else profile
    effort = EFFORTS[settings.effort]
    return Recipe(
        settings.goal,
        settings.steps if settings.steps is not None else profile.steps or effort.steps,
        settings.seed,
        harden=HardenSettings(effort.geometry_batches, effort.steps_per_batch, effort.coefficient_batches),
        refine=RefineSettings(effort.sweeps),
        exact_count=settings.exact_count,
        profile=profile,
        tune=settings.tune or _usual_tuning(settings.goal, profile),
        restore=settings.restore,
    )


def _usual_tuning(goal: Goal, profile: Profile) -> Tuning:
    """For the eye, unless somebody asks for a measure, or for a method whose figures are those of a measure."""
    if goal.kind is GoalKind.PSNR or profile.name != NATIVE_PROFILE.name:
        return Tuning.PSNR
    return Tuning.MS_SSIM if goal.kind is GoalKind.MS_SSIM else Tuning.BALANCED
