"""What an encode depends on besides the image."""

from __future__ import annotations

from dataclasses import dataclass, field

from daub.codec.effort import DEFAULT_EFFORT, EFFORTS
from daub.codec.errors import DaubError
from daub.codec.fit import FitSettings
from daub.codec.profiles.profile import NATIVE, Profile
from daub.codec.rate.plan import GAUSSIAN_BITS, STEP_SHARE, Goal
from daub.codec.rounding.harden import HardenSettings
from daub.codec.rounding.refine import RefineSettings


@dataclass(frozen=True)
class EncodeSettings:
    """What an encode depends on besides the image; on one machine equal ones give equal bytes."""

    goal: Goal = field(default_factory=lambda: Goal("quality", 50))
    steps: int = 300  # of the fit, at least 1
    seed: int = 0
    price: float = FitSettings.price  # of bits in the fit, where its method knows one
    harden: HardenSettings = field(default_factory=HardenSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)
    exact_count: bool = True  # a goal of Gaussians holds for the file, not just for the fit
    profile: Profile = NATIVE  # what fits; the plan for a goal is always made with ours

    @classmethod
    def of_effort(
        cls,
        goal: Goal,
        effort: int = DEFAULT_EFFORT,
        steps: int | None = None,
        seed: int = 0,
        exact_count: bool = True,
        profile: Profile = NATIVE,
    ) -> EncodeSettings:
        """Settings for an effort 0..9.

        Args:
            steps: of the fit, where they shall not follow from the profile, or from the effort.
            profile: of the method that shall fit.

        Raises:
            DaubError: there is no such effort.
        """
        if effort not in range(len(EFFORTS)):
            raise DaubError(f"effort {effort} is unknown", "it goes from 0 (instant) to 9 (best)", "give one of those")
        chosen = EFFORTS[effort]
        return cls(
            goal,
            steps if steps is not None else profile.steps or chosen.steps,
            seed,
            harden=HardenSettings(chosen.geometry_parts, chosen.steps_per_part, chosen.coefficient_parts),
            refine=RefineSettings(chosen.sweeps),
            exact_count=exact_count,
            profile=profile,
        )

    @property
    def keeps_all(self) -> bool:
        """Whether the file holds Gaussians that are not worth their bits, too."""
        return self.exact_count and self.goal.kind == "gaussians"

    def __post_init__(self):
        if self.steps < 1:
            raise DaubError(f"a fit of {self.steps} steps is none", "it takes at least one", "ask for more steps")
        if self.profile.has_own_file and self.goal.kind != "gaussians":
            raise DaubError(
                f"the profile {self.profile.name} cannot be steered to {self.goal.kind} {self.goal.value:g}",
                "its quantiser has no steps to choose", "ask for a number of Gaussians (--gaussians N)",
            )  # fmt: skip

    @property
    def least_energy(self) -> float:
        """In units of d^2: how much energy a Gaussian must have to be worth its bits.

        To leave one out costs more than its energy: the fit's price holds it back from a part of the error that it
        could remove, by price * E / N over |e|, which adds 2 * price * E / N; and d^2 is STEP_SHARE * E / N.
        """
        if self.keeps_all:
            return 0.0
        held_back = 2 * self.price / STEP_SHARE if self.profile.pays_for_bits else 0.0
        return self.refine.price * GAUSSIAN_BITS - held_back
