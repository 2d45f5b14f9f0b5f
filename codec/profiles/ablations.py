"""The papers' ablations: profiles that differ in one part, named by how."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daub.codec.errors import DaubError
from daub.codec.profiles.profile import PARTS, PROFILES, Profile


@dataclass(frozen=True)
class Ablation:
    """Profiles to compare.

    Args:
        of_files: whether it is about quantisation, so that what is decoded counts and not what was fitted.
    """

    profiles: tuple[Profile, ...]
    of_files: bool = False


def _densification() -> Ablation:
    """GaussianImage++ without growth, with the paper's rule, with the released one, and with Daub's."""
    base = PROFILES["gaussianimage++"]
    grown = {
        "half of those missing": base.densifier,
        "1000 at a time": replace(base.densifier, most=1000),
        "error-driven": PARTS["densifier"]["error-driven"],
        "none": PARTS["densifier"]["none"],
    }
    return Ablation(tuple(replace(base, name=name, densifier=part) for name, part in grown.items()))


def _filter() -> Ablation:
    """Each filter on each parametrisation of a covariance."""
    bases = (PROFILES[name] for name in ("gaussianimage-cholesky", "gaussianimage-rs", "gaussianimage++"))
    return Ablation(
        tuple(
            replace(base, name=f"{base.part_names['parametrisation']}, {kind}", filter=part)
            for base in bases
            for kind, part in PARTS["filter"].items()
        )
    )


def _quantisers() -> Ablation:
    """FP16, LSQ+ and residual vectors, in pairs for position and colour, on GaussianImage++."""
    base = PROFILES["gaussianimage++"]
    short = {"fp16": "FP16", "uniform": "LSQ+", "residual-vector": "RVQ"}
    pairs = [(position, colour) for position in ("fp16", "uniform") for colour in short]
    return Ablation(
        tuple(
            replace(
                base,
                name=f"{short[position]}, {short[colour]}",
                quantiser=replace(base.quantiser, position=position, colour=colour),
            )
            for position, colour in pairs
        ),
        of_files=True,
    )


def _bit_depths() -> Ablation:
    """Position, covariance and colour with more bits and with fewer, one at a time, on GaussianImage++."""
    base = PROFILES["gaussianimage++"]
    depths = [(12, 10, 6)]
    depths += [(bits, 10, 6) for bits in (8, 10, 14)]
    depths += [(12, bits, 6) for bits in (6, 8, 12)]
    depths += [(12, 10, bits) for bits in (4, 5, 8)]
    return Ablation(
        tuple(
            replace(
                base,
                name="/".join(map(str, bits)),
                quantiser=replace(base.quantiser, position_bits=bits[0], shape_bits=bits[1], colour_bits=bits[2]),
            )
            for bits in depths
        ),
        of_files=True,
    )


def _sampling() -> Ablation:
    """Where SmartSplat's Gaussians start: its two kinds of samples, their weights, and the other methods' starts."""
    base = PROFILES["smartsplat"]
    starts = {
        "smartsplat, 70 % guided": base.initialiser,
        "all guided": replace(base.initialiser, guided_share=1.0),
        "none guided": replace(base.initialiser, guided_share=0.0),
        "guided by gradients alone": replace(base.initialiser, gradient_weight=1.0, variance_weight=0.0),
        "guided by colours alone": replace(base.initialiser, gradient_weight=0.0, variance_weight=1.0),
        "uniform-random": PARTS["initialiser"]["uniform-random"],
        "gradient-weighted": PARTS["initialiser"]["gradient-weighted"],
    }
    return Ablation(tuple(replace(base, name=name, initialiser=part) for name, part in starts.items()))


_ABLATIONS = {
    "densification": _densification,
    "filter": _filter,
    "quantisers": _quantisers,
    "bit-depths": _bit_depths,
    "sampling": _sampling,
}


def load_ablation(name: str) -> Ablation:
    """Make the ablation of that name.

    Raises:
        DaubError: there is none.
    """
    if name not in _ABLATIONS:
        what = f"the ablation {name!r} is unknown"
        raise DaubError(what, "it is none of those there are", f"choose one of {', '.join(_ABLATIONS)}")
    return _ABLATIONS[name]()
