"""A method of the literature is a `Profile`: a choice of parts from registries, and their settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from daub.codec import settings
from daub.codec.entropy import CODERS, Coder
from daub.codec.errors import DaubError
from daub.codec.fit import DENSIFIERS, FILTERS, INITIALISERS, LOSSES, OPTIMISERS, SCHEDULES
from daub.codec.fit.densifiers import Densifier
from daub.codec.fit.filters import Filter
from daub.codec.fit.initialisers import Initialiser, UniformRandom
from daub.codec.fit.losses import Loss
from daub.codec.fit.optimisers import Optimiser, StepDecay
from daub.codec.parameters import PARAMETRISATIONS, Parametrisation
from daub.codec.parameters.attributes import VARIANCES
from daub.codec.parameters.parametrisations import Covariance, RotationScale
from daub.codec.parts import by_name
from daub.codec.rounding import QUANTISERS
from daub.codec.rounding.by_groups import ByGroups, Native
from daub.render.descent import GaussNewton

# By kind and name, the parts with their usual settings.
PARTS: dict[str, dict[str, Any]] = {
    "parametrisation": PARAMETRISATIONS,
    "filter": FILTERS,
    "initialiser": INITIALISERS,
    "densifier": DENSIFIERS,
    "loss": LOSSES,
    "optimiser": OPTIMISERS,
    "schedule": SCHEDULES,
    "quantiser": QUANTISERS,
    "coder": by_name(Native(), *CODERS),
}

_FILE_KINDS = ("quantiser", "coder")  # kinds of parts that make the file once a fit is done


@dataclass(frozen=True)
class Profile:
    """A method: a part of each kind, by default that of the native fit.

    Args:
        name: how people call it.
        steps: of a fit where nobody asks for others, those of its paper; None: by the effort.

    Raises:
        DaubError: the parts do not go together.

        >>> mine = PROFILES["gaussianimage++"].varied({"filter": "none", "densifier": "error-driven"})
        >>> mine.name
        'gaussianimage++, filter none, densifier error-driven'
        >>> mine.part_names["optimiser"], mine.optimiser.rate
        ('adam', 0.018)
    """

    name: str
    parametrisation: Parametrisation = PARAMETRISATIONS["native"]
    filter: Filter = FILTERS["none"]
    initialiser: Initialiser = INITIALISERS["gradient-weighted"]
    densifier: Densifier = DENSIFIERS["error-driven"]
    loss: Loss = LOSSES["l2"]
    optimiser: Optimiser | GaussNewton = OPTIMISERS["gauss-newton"]
    schedule: StepDecay = SCHEDULES["constant"]
    quantiser: ByGroups | Native = PARTS["quantiser"]["native"]
    coder: Coder | Native = PARTS["coder"]["native"]
    steps: int | None = None

    def __post_init__(self) -> None:
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
        if isinstance(self.quantiser, Native) != isinstance(self.coder, Native):
            others = {kind: ", ".join(name for name in PARTS[kind] if name != "native") for kind in _FILE_KINDS}
            remedy = f"choose both native, or a quantiser of {others['quantiser']} with a coder of {others['coder']}"
            raise DaubError(what, "the native quantiser and the native coder go with each other alone", remedy)
        needs_variances = self.writes_method_file and self.quantiser.takes_variances
        if needs_variances and not isinstance(self.parametrisation, Covariance):
            why = "the quantiser takes logarithms of variances"
            raise DaubError(what, why, "choose the parametrisation covariance or another quantiser")

    @property
    def part_names(self) -> dict[str, str]:
        """The part of each kind as it is registered; its settings may be others."""
        return {kind: getattr(self, kind).name for kind in PARTS}

    def settled_name(self, kind: str) -> str | None:
        """Tell the name that stands for a part as it is.

        Returns:
            None where its settings are not the registered ones and several names are of its class: to choose the name
            then means to change the settings.
        """
        part, registered = getattr(self, kind), PARTS[kind]
        is_only_one = sum(type(other) is type(part) for other in registered.values()) == 1
        return part.name if is_only_one or registered[part.name] == part else None

    def varied(self, parts: Mapping[str, str]) -> Profile:
        """Exchange parts.

        Args:
            parts: kind to name as registered; a name that stands for the part as it is keeps its settings.

        Raises:
            DaubError: there are no such parts, or they do not go together.
        """
        for kind, name in parts.items():
            part_of(f"the profile {self.name} cannot be changed", kind, name)
        changed = {kind: name for kind, name in parts.items() if name != self.settled_name(kind)}
        name = ", ".join([self.name, *(f"{kind} {part}" for kind, part in changed.items())])
        return replace(self, name=name, **{kind: PARTS[kind][part] for kind, part in changed.items()})

    @property
    def writes_method_file(self) -> bool:
        """Whether its file holds the method's numbers, quantised in the loop, rather than Daub's."""
        return not isinstance(self.quantiser, Native)

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Work out what is rendered: attributes (N, 8) float64, with the filter's variance.

        Args:
            raw: (N, K), of the parametrisation.
            size: (width, height) of the image, pixels.
        """
        attributes = self.parametrisation.attributes(raw, size)
        attributes[:, VARIANCES] += self.filter.variance
        return attributes

    @property
    def weighs_pixels(self) -> bool:
        """Whether its fit knows weights of pixels and the price of bits: the losses of the literature have neither."""
        return isinstance(self.optimiser, GaussNewton)


_GAUSSIANIMAGE = Profile(
    "gaussianimage-cholesky",
    parametrisation=PARAMETRISATIONS["cholesky"],
    initialiser=UniformRandom("cholesky"),
    densifier=DENSIFIERS["none"],
    optimiser=OPTIMISERS["adan"],
    schedule=SCHEDULES["step-decay"],
    quantiser=QUANTISERS["gaussianimage"],
    coder=PARTS["coder"]["bits-back"],
    steps=50_000,
)

NATIVE_PROFILE = Profile(settings.NATIVE)

PROFILES: dict[str, Profile] = by_name(
    NATIVE_PROFILE,
    _GAUSSIANIMAGE,
    replace(
        _GAUSSIANIMAGE,
        name="gaussianimage-rs",
        parametrisation=PARAMETRISATIONS["rotation-scale"],
        initialiser=UniformRandom("rotation-scale"),
    ),
    Profile(
        "gaussianimage++",
        parametrisation=PARAMETRISATIONS["covariance"],
        filter=FILTERS["content-aware"],
        initialiser=UniformRandom("covariance", colour=0.0),
        densifier=DENSIFIERS["distortion-driven"],
        optimiser=replace(OPTIMISERS["adam"], rate=0.018, epsilon=1e-15),
        schedule=SCHEDULES["step-decay"],
        quantiser=QUANTISERS["gaussianimage++"],
        coder=PARTS["coder"]["adaptive"],
        steps=50_000,
    ),
    Profile(
        "smartsplat",
        parametrisation=RotationScale(bound=0.0, position="linear"),
        initialiser=INITIALISERS["smartsplat"],
        densifier=DENSIFIERS["none"],
        loss=LOSSES["l1-ssim"],
        optimiser=replace(
            OPTIMISERS["adam"],
            rates={"position": 1e-4, "colour": 5e-3, "scale": 5e-2, "rotation": 1e-3},
            epsilon=1e-15,
        ),
        quantiser=QUANTISERS["fine"],
        coder=PARTS["coder"]["adaptive"],
        steps=5000,
    ),
)


def part_of(what: str, kind: str, name: object) -> Any:
    """Look up the part of that name, with its usual settings.

    Args:
        what: what cannot be done without it, the beginning of the error.

    Raises:
        DaubError: there is none.
    """
    if kind not in PARTS:
        raise DaubError(what, f"there is no kind of part called {kind!r}", f"choose from {', '.join(PARTS)}")
    if not isinstance(name, str) or name not in PARTS[kind]:
        raise DaubError(what, f"the {kind} {name!r} is unknown", f"choose one of {', '.join(PARTS[kind])}")
    return PARTS[kind][name]
