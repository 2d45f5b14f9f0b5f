"""A TOML file is a profile, too: its base, and what differs from that.

base = "gaussianimage-rs"                # what is not said here is as there; "native" where no base is given
loss = "l1-ssim"                         # another part, as it is registered
optimiser = { rate = 2e-3 }              # other settings of the base's part
densifier = { part = "distortion-driven", most = 1000 }    # another part with other settings
steps = 20000                            # of a fit, where nobody asks for others
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from daub.codec.errors import DaubError
from daub.codec.files import read_file
from daub.codec.profiles.profile import PARTS, PROFILES, Profile, part_of

_LARGEST_FILE = 1 << 20  # bytes
_MOST_STEPS = 10_000_000
_MOST = 1e9
_SMALL = 1e-6
_LIMITS = {  # of settings, by name, where they are not from 0 on
    **dict.fromkeys(
        ("gradient_share", "guided_share", "start_share", "relocate_share", "relocate_until", "grown_by"), (0, 1)
    ),
    "trained_from": (0, 1),
    **dict.fromkeys(("growths", "relocate_every", "maxima_per_birth", "birth_directions"), (1, _MOST)),
    **dict.fromkeys(("size", "birth_size", "smallest_birth", "birth_scales", "birth_elongation"), (1e-3, 1e3)),
    **dict.fromkeys(("rate", "rates", "damping", "smallest", "slowest", "fastest"), (1e-12, 10)),
    **dict.fromkeys(("position_bits", "shape_bits", "colour_bits"), (1, 16)),
    "stages": (1, 8),
    "entries": (1, 1 << 16),
    "betas": (0, 1 - _SMALL),
    "decay": (0, 1 - _SMALL),
    "every": (_SMALL, 1),
    "tile": (16, _MOST),
}


def load_profile(name: str) -> Profile:
    """A named profile, or that of a TOML file.

    Raises:
        DaubError: there is none of this name, or the file does not hold one.
    """
    if not name.lower().endswith(".toml"):
        if name not in PROFILES:
            raise DaubError(
                f"the profile {name!r} is unknown", "it is neither a .toml file nor one of ours",
                f"choose one of {', '.join(PROFILES)}",
            )  # fmt: skip
        return PROFILES[name]
    what = f"cannot read the profile {name}"
    try:
        content = tomllib.loads(read_file(name, _LARGEST_FILE, "read the profile", "a .toml file").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise DaubError(what, f"it is not TOML: {error}", "mend the file") from error
    return _of_table(what, Path(name).stem, content)


def _of_table(what: str, name: str, table: dict[str, Any]) -> Profile:
    base = table.pop("base", "native")
    if not isinstance(base, str) or base not in PROFILES:
        raise DaubError(what, f"its base {base!r} is unknown", f"choose one of {', '.join(PROFILES)}")
    profile = PROFILES[base]
    parts = {}
    if "steps" in table:
        parts["steps"] = table.pop("steps")
        if type(parts["steps"]) is not int or not 1 <= parts["steps"] <= _MOST_STEPS:
            raise DaubError(what, f"its steps are {parts['steps']!r}", f"give a whole number from 1 to {_MOST_STEPS:,}")
    for kind, given in table.items():
        if kind not in PARTS:
            raise DaubError(
                what, f"there is no kind of part called {kind!r}", f"choose from base, steps, {', '.join(PARTS)}"
            )
        settings = {"part": given} if isinstance(given, str) else given
        if not isinstance(settings, dict):
            raise DaubError(what, f"its {kind} is {given!r}", "give a name, or a table of settings")
        parts[kind] = _part(what, kind, getattr(profile, kind), dict(settings))
    return replace(profile, name=name, **parts)


def _part(what: str, kind: str, part: Any, settings: dict[str, Any]) -> Any:
    if "part" in settings:
        part = part_of(what, kind, settings.pop("part"))
    usual = {field.name: getattr(part, field.name) for field in fields(part)}
    for key, value in settings.items():
        where = f"the {kind} {type(part).__name__}"
        if key not in usual:
            raise DaubError(what, f"{where} has no setting {key!r}", f"choose from {', '.join(usual) or 'none'}")
        least, most = _LIMITS.get(key, (0, _MOST))
        settings[key] = _like(usual[key], value, least, most)
        if settings[key] is None:
            remedy = f"give something like {usual[key]!r}, from {least:g} to {most:g}"
            raise DaubError(what, f"{key} of {where} is {value!r}", remedy)
    return replace(part, **settings)


def _like(usual: Any, value: Any, least: float, most: float) -> Any:
    """`value` if it is of the kind of the usual one, its numbers between the limits; else None."""
    if isinstance(usual, str):
        return value if isinstance(value, str) else None
    if isinstance(usual, Mapping) and isinstance(value, dict):
        return value if all(_like(0.0, rate, least, most) is not None for rate in value.values()) else None
    if isinstance(usual, tuple) and isinstance(value, list) and len(value) == len(usual):
        numbers = [_like(*pair, least, most) for pair in zip(usual, value, strict=True)]
        return None if None in numbers else tuple(numbers)
    if isinstance(usual, int) and type(value) is int and least <= value <= most:
        return value
    return float(value) if isinstance(usual, float) and type(value) in (int, float) and least <= value <= most else None


def profile_text(profile: Profile, steps: int, base: str | None = None) -> str:
    """The text of a file that holds the profile.

    Args:
        steps: of its fits, where nobody asks for others.
        base: one of `PROFILES`; None: the one from which the fewest parts differ.
    """
    base = base or min(PROFILES, key=lambda name: len(_changed(profile, PROFILES[name])))
    lines = [f"base = {_value(base)}"]
    for kind in _changed(profile, PROFILES[base]):
        lines.append(f"{kind} = {_said(profile, kind)}")
    return "\n".join([*lines, f"steps = {steps}", ""])


def _changed(profile: Profile, base: Profile) -> list[str]:
    return [kind for kind in PARTS if getattr(profile, kind) != getattr(base, kind)]


def _said(profile: Profile, kind: str) -> str:
    """A part by its registered name, with those of its settings that are not the usual ones."""
    name = profile.part_names[kind]
    part, usual = getattr(profile, kind), PARTS[kind][name]
    others = {f.name: getattr(part, f.name) for f in fields(part) if getattr(part, f.name) != getattr(usual, f.name)}
    return _value({"part": name, **others} if others else name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }" if value else "{}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
