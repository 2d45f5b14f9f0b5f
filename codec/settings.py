"""What is asked of an encode besides the image: one record for command line, window, plugin, projects and batches.

Cheap to import: parts and numbers that follow from it are looked up by `recipe.recipe_of`, which loads the encoder.

    >>> EncodeSettings(Goal("bytes", 20_000), effort=8).as_dict()["goal"]
    {'bytes': 20000}
    >>> EncodeSettings.from_dict({"goal": {"quality": 60}, "seed": 7}).seed
    7
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daub.codec.effort import DEFAULT_EFFORT, EFFORTS
from daub.codec.errors import DaubError
from daub.codec.goal import DEFAULT_GOAL, Goal
from daub.codec.options import check, option
from daub.codec.tuning import Tuning, tuning_named

if TYPE_CHECKING:
    from daub.codec.profiles.profile import Profile

NATIVE = "native"  # name of the profile of Daub's own fit


@dataclass(frozen=True)
class EncodeSettings:
    """What an encode depends on besides the image; on one device equal ones give equal bytes.

    Args:
        profile: the method that fits: its name, the path of a .toml file, or a `Profile`.
        parts: parts that are others than the profile's, as pairs of kind and name.
        exact_count: a goal of Gaussians holds for the file, not just for the fit: Gaussians that are not worth their
            bits stay in it.
        tune: what an error counts: a `Tuning`, or its name. None: balanced, but what a goal of a PSNR or an MS-SSIM
            is about, and psnr with a method of the literature.
        restore: the file gets a restoration layer where it is better with one (codec/restoration); its goal is then
            about the restored picture.

    Raises:
        DaubError: a value is outside its range.
    """

    goal: Goal = DEFAULT_GOAL
    effort: int = option(
        DEFAULT_EFFORT, 0, len(EFFORTS) - 1, "from 0, a preview at once, to 9, the smallest file", decimals=0
    )
    steps: int | None = option(None, 1, 10_000_000, "steps of the fit; by the effort or the method unless given")
    seed: int = option(0, 0, 10**18 - 1, "equal seeds give equal files")
    profile: str | Profile = NATIVE
    parts: tuple[tuple[str, str], ...] = ()
    exact_count: bool = True
    tune: Tuning | None = None
    restore: bool = False

    def __post_init__(self):
        check(self)
        if self.tune is not None:
            object.__setattr__(self, "tune", tuning_named(self.tune))

    def as_dict(self) -> dict[str, Any]:
        """For JSON: what differs from the defaults is enough to make it again, but everything is named.

        Raises:
            DaubError: the profile is an object rather than a name or a path.
        """
        if not isinstance(self.profile, str):
            what = f"the profile {self.profile.name} cannot be written"
            raise DaubError(what, "it has no name that others know", "save it as a .toml file first")
        return {
            "goal": {str(self.goal.kind): self.goal.value},
            "effort": self.effort,
            "steps": self.steps,
            "seed": self.seed,
            "profile": self.profile,
            "parts": dict(self.parts),
            "exact_count": self.exact_count,
            "tune": None if self.tune is None else str(self.tune),
            "restore": self.restore,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> EncodeSettings:
        """The settings that `as_dict` was made of; what is missing is as usual.

        Raises:
            DaubError: a name is unknown, or a value is outside its range.
        """
        values = dict(values)
        unknown = values.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            what = f"the setting {min(unknown)!r} is unknown"
            raise DaubError(what, "there is none of that name", f"choose from {', '.join(cls.__dataclass_fields__)}")
        if "goal" in values:
            goal = values["goal"]
            if not isinstance(goal, Mapping) or len(goal) != 1:
                raise DaubError(
                    f"the goal {goal!r} is none", "it must be one kind and its value", 'give {"bytes": 20000}'
                )
            values["goal"] = Goal(*next(iter(goal.items())))
        if "parts" in values:
            values["parts"] = tuple(dict(values["parts"]).items())
        return cls(**values)
