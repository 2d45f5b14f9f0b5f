"""A method of the literature is a `Profile`: a choice of parts from registries, and their settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from daub.codec.entropy.coders import Adaptive, BitsBack, Coder, Raw, Static
from daub.codec.errors import DaubError
from daub.codec.fit.densifiers import Densifier, DistortionDriven, ErrorDriven, Fixed
from daub.codec.fit.filters import ContentAware, Filter, LowPass
from daub.codec.fit.initialisers import GradientWeighted, Initialiser, UniformRandom
from daub.codec.fit.losses import Loss, WeightedLoss
from daub.codec.fit.optimisers import Adam, Adan, Optimiser, StepDecay
from daub.codec.fit.smartsplat import SmartSplat
from daub.codec.parameters import attributes as plain
from daub.codec.parameters.parametrisations import Cholesky, Covariance, Native, Parametrisation, RotationScale
from daub.codec.rounding.by_groups import FINE, GAUSSIANIMAGE, GAUSSIANIMAGE_PLUS, HALF_FLOAT, ByGroups, Own
from daub.render.descent import GaussNewton

# What is registered is a part with its usual settings.
PARTS: dict[str, dict[str, Any]] = {
    "parametrisation": {
        "native": Native(),
        "cholesky": Cholesky(),
        "rotation-scale": RotationScale(),
        "covariance": Covariance(),
    },
    "filter": {
        "none": LowPass(),
        "low-pass-0.3": LowPass(0.3),
        "low-pass-0.5": LowPass(0.5),
        "content-aware": ContentAware(),
    },
    "initialiser": {
        "gradient-weighted": GradientWeighted(),
        "uniform-random": UniformRandom(),
        "smartsplat": SmartSplat(),
    },
    "densifier": {
        "none": Fixed(),
        "error-driven": ErrorDriven(),
        "distortion-driven": DistortionDriven(),
    },
    "loss": {
        "l2": WeightedLoss(l2=1.0),
        "l1": WeightedLoss(l1=1.0),
        "ssim": WeightedLoss(ssim=1.0),
        "l1-ssim": WeightedLoss(l1=0.9, ssim=0.1),
        "l2-ssim": WeightedLoss(l2=0.7, ssim=0.3),
    },
    "optimiser": {
        "gauss-newton": GaussNewton(),
        "adam": Adam(),
        "adan": Adan(),
    },
    "schedule": {
        "constant": StepDecay(factor=1.0),
        "step-decay": StepDecay(),
    },
    "quantiser": {
        "native": Own(),
        "gaussianimage": GAUSSIANIMAGE,
        "gaussianimage++": GAUSSIANIMAGE_PLUS,
        "fp16": HALF_FLOAT,
        "fine": FINE,
    },
    "coder": {"native": Own(), **{coder.name: coder for coder in (Raw(), Static(), Adaptive(), BitsBack())}},
}

_OF_FILES = ("quantiser", "coder")


@dataclass(frozen=True)
class Profile:
    name: str
    parametrisation: Parametrisation = PARTS["parametrisation"]["native"]
    filter: Filter = PARTS["filter"]["none"]
    initialiser: Initialiser = PARTS["initialiser"]["gradient-weighted"]
    densifier: Densifier = PARTS["densifier"]["error-driven"]
    loss: Loss = PARTS["loss"]["l2"]
    optimiser: Optimiser | GaussNewton = PARTS["optimiser"]["gauss-newton"]
    schedule: StepDecay = PARTS["schedule"]["constant"]
    quantiser: ByGroups | Own = PARTS["quantiser"]["native"]
    coder: Coder | Own = PARTS["coder"]["native"]
    steps: int | None = None  # of a fit where nobody asks for others: those of the paper; None: by the effort

    def __post_init__(self):
        what = f"the profile {self.name} cannot be fitted"
        if isinstance(self.optimiser, GaussNewton):
            for kind, only in (
                ("parametrisation", "native"),
                ("filter", "none"),
                ("loss", "l2"),
                ("schedule", "constant"),
                ("quantiser", "native"),
            ):
                if getattr(self, kind) != PARTS[kind][only]:
                    raise DaubError(what, f"gauss-newton goes with the {kind} {only} alone", "choose adam or adan")
        else:
            unknown = set(self.optimiser.rates) - set(self.parametrisation.groups)
            if unknown:
                why = f"there is no attribute {unknown.pop()!r} to have a rate"
                raise DaubError(what, why, f"choose from {', '.join(self.parametrisation.groups)}")
        self._check_file()

    def _check_file(self) -> None:
        what = f"the profile {self.name} cannot be written"
        if isinstance(self.quantiser, Own) != isinstance(self.coder, Own):
            others = {kind: ", ".join(name for name in PARTS[kind] if name != "native") for kind in _OF_FILES}
            remedy = f"choose both native, or a quantiser of {others['quantiser']} with a coder of {others['coder']}"
            raise DaubError(what, "the native quantiser and the native coder go with each other alone", remedy)
        if self.has_own_file and self.quantiser.takes_variances and not isinstance(self.parametrisation, Covariance):
            why = "the quantiser takes logarithms of variances"
            raise DaubError(what, why, "choose the parametrisation covariance or another quantiser")

    @property
    def part_names(self) -> dict[str, str]:
        """The part of each kind as it is registered; its settings may be others."""
        names = {}
        for kind, registered in PARTS.items():
            own = getattr(self, kind)
            names[kind] = max(registered, key=lambda name: _likeness(registered[name], own))
        return names

    def settled_name(self, kind: str) -> str | None:
        """The name that its part goes by; None where its settings are its own and several names are of its type."""
        own = getattr(self, kind)
        name = self.part_names[kind]
        alone = sum(type(part) is type(own) for part in PARTS[kind].values()) == 1
        return name if alone or PARTS[kind][name] == own else None

    def varied(self, parts: Mapping[str, str]) -> Profile:
        """With other parts, kind to name as registered; a name that it has already keeps its settings.

        Raises:
            DaubError: there are no such parts, or they do not go together.
        """
        for kind, name in parts.items():
            part_of(f"the profile {self.name} cannot be changed", kind, name)
        changed = {kind: name for kind, name in parts.items() if name != self.settled_name(kind)}
        name = ", ".join([self.name, *(f"{kind} {part}" for kind, part in changed.items())])
        return replace(self, name=name, **{kind: PARTS[kind][part] for kind, part in changed.items()})

    @property
    def has_own_file(self) -> bool:
        """Whether its file holds its own numbers, quantised in the loop, rather than Daub's."""
        return not isinstance(self.quantiser, Own)

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """(N, 8) float64, filtered: what is rendered of raw (N, K) in an image of size (width, height)."""
        attributes = self.parametrisation.attributes(raw, size)
        attributes[:, plain.VARIANCES] += self.filter.variance
        return attributes

    @property
    def pays_for_bits(self) -> bool:
        """Whether its fit knows the price of bits."""
        return isinstance(self.optimiser, GaussNewton)


_GAUSSIANIMAGE = Profile(
    "gaussianimage-cholesky",
    parametrisation=Cholesky(),
    initialiser=UniformRandom("cholesky"),
    densifier=Fixed(),
    optimiser=Adan(),
    schedule=StepDecay(),
    quantiser=GAUSSIANIMAGE,
    coder=BitsBack(),
    steps=50_000,
)

NATIVE = Profile("native")

PROFILES = {
    profile.name: profile
    for profile in (
        NATIVE,
        _GAUSSIANIMAGE,
        replace(
            _GAUSSIANIMAGE,
            name="gaussianimage-rs",
            parametrisation=RotationScale(),
            initialiser=UniformRandom("rotation-scale"),
        ),
        Profile(
            "gaussianimage++",
            parametrisation=Covariance(),
            filter=ContentAware(),
            initialiser=UniformRandom("covariance", colour=0.0),
            densifier=DistortionDriven(),
            optimiser=Adam(0.018, epsilon=1e-15),
            schedule=StepDecay(),
            quantiser=GAUSSIANIMAGE_PLUS,
            coder=Adaptive(),
            steps=50_000,
        ),
        Profile(
            "smartsplat",
            parametrisation=RotationScale(bound=0.0, position="linear"),
            initialiser=SmartSplat(),
            densifier=Fixed(),
            loss=WeightedLoss(l1=0.9, ssim=0.1),
            optimiser=Adam(rates={"position": 1e-4, "colour": 5e-3, "scale": 5e-2, "rotation": 1e-3}, epsilon=1e-15),
            quantiser=FINE,
            coder=Adaptive(),
            steps=5000,
        ),
    )
}


def part_of(what: str, kind: str, name: object) -> Any:
    """The part of that name, with its usual settings.

    Args:
        what: cannot be done without.

    Raises:
        DaubError: there is none.
    """
    if kind not in PARTS:
        raise DaubError(what, f"there is no kind of part called {kind!r}", f"choose from {', '.join(PARTS)}")
    if not isinstance(name, str) or name not in PARTS[kind]:
        raise DaubError(what, f"the {kind} {name!r} is unknown", f"choose one of {', '.join(PARTS[kind])}")
    return PARTS[kind][name]


def _likeness(part: Any, other: Any) -> int:
    """How many settings two parts share; -1 where they are not of one kind."""
    if type(part) is not type(other):
        return -1
    return sum(getattr(part, field.name) == getattr(other, field.name) for field in fields(part))
