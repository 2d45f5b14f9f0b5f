"""A TOML file is a profile, too: its base, and what differs from that.

base = "gaussianimage-rs"                # what is not said here is as there; "native" where no base is given
loss = "l1-ssim"                         # another part, as it is registered
optimiser = { rate = 2e-3 }              # other settings of the base's part
densifier = { part = "distortion-driven", most = 1000 }    # another part with other settings
steps = 20000                            # number of steps of a fit, where nobody asks for others
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
from daub.codec.options import Option, option_of
from daub.codec.parts import options_of
from daub.codec.profiles.profile import PARTS, PROFILES, Profile, part_of
from daub.codec.settings import NATIVE, EncodeSettings

_LARGEST_FILE = 1 << 20  # size of a profile that is still read, bytes
_STEPS = option_of(EncodeSettings, "steps")


def load_profile(name: str) -> Profile:
    """Look up a profile by name, or read one from a TOML file.

    Args:
        name: as registered, or the path of a file that ends in .toml.

    Raises:
        DaubError: there is none of this name, or the file does not hold one.
    """
    if not name.lower().endswith(".toml"):
        if name not in PROFILES:
            raise DaubError(
                f"the profile {name!r} is unknown", "it is neither a .toml file nor registered",
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
    """The profile that the content of a file stands for."""
    base = table.pop("base", NATIVE)
    if not isinstance(base, str) or base not in PROFILES:
        raise DaubError(what, f"its base {base!r} is unknown", f"choose one of {', '.join(PROFILES)}")
    profile = PROFILES[base]
    parts = {}
    if "steps" in table:
        parts["steps"] = table.pop("steps")
        if type(parts["steps"]) is not int or not _STEPS.smallest <= parts["steps"] <= _STEPS.largest:
            remedy = f"give a whole number from {_STEPS.smallest} to {_STEPS.largest:,}"
            raise DaubError(what, f"its steps are {parts['steps']!r}", remedy)
    for kind, given in table.items():
        if kind not in PARTS:
            raise DaubError(
                what, f"there is no kind of part called {kind!r}", f"choose from base, steps, {', '.join(PARTS)}"
            )
        changes = {"part": given} if isinstance(given, str) else given
        if not isinstance(changes, dict):
            raise DaubError(what, f"its {kind} is {given!r}", "give a name, or a table of settings")
        parts[kind] = _part(what, kind, getattr(profile, kind), dict(changes))
    return replace(profile, name=name, **parts)


def _part(what: str, kind: str, part: Any, changes: dict[str, Any]) -> Any:
    """The part of the base, or the one that the changes name, with the other changes as settings."""
    if "part" in changes:
        part = part_of(what, kind, changes.pop("part"))
    usual, options = _settings(part), options_of(part)
    for key, value in changes.items():
        where = f"the {kind} {part.name}"
        if key not in usual:
            raise DaubError(what, f"{where} has no setting {key!r}", f"choose from {', '.join(usual) or 'none'}")
        changes[key] = _like(usual[key], value, options.get(key))
        if changes[key] is None:
            remedy = f"give something like {usual[key]!r}"
            if key in options:
                remedy += f", from {options[key].smallest:g} to {options[key].largest:g}"
            raise DaubError(what, f"{key} of {where} is {value!r}", remedy)
    return replace(part, **changes)


def _settings(part: Any) -> dict[str, Any]:
    """What can be set of a part, and how it is set."""
    return {field.name: getattr(part, field.name) for field in fields(part) if field.name != "name"}


def _like(usual: Any, value: Any, option: Option | None) -> Any:
    """`value` if it is of the kind of the usual one, its numbers within the option's range; else None."""
    if isinstance(usual, str):
        return value if isinstance(value, str) else None
    if isinstance(usual, Mapping) and isinstance(value, dict):
        return value if all(_like(0.0, each, option) is not None for each in value.values()) else None
    if isinstance(usual, tuple) and isinstance(value, list) and len(value) == len(usual):
        numbers = [_like(*pair, option) for pair in zip(usual, value, strict=True)]
        return None if None in numbers else tuple(numbers)
    if type(value) not in (int, float) or not option.smallest <= value <= option.largest:
        return None
    if isinstance(usual, int):
        return value if type(value) is int else None
    return float(value) if isinstance(usual, float) else None


def profile_text(profile: Profile, steps: int, base: str | None = None) -> str:
    """Write the text of a file that holds the profile.

    Args:
        steps: of its fits, where nobody asks for others.
        base: one of `PROFILES`; None: the one from which the fewest parts differ.

        >>> print(profile_text(PROFILES["smartsplat"].varied({"loss": "l2"}), steps=900), end="")
        base = "smartsplat"
        loss = "l2"
        steps = 900
    """
    base = base or min(PROFILES, key=lambda name: len(_changed(profile, PROFILES[name])))
    lines = [f"base = {_value(base)}"]
    for kind in _changed(profile, PROFILES[base]):
        lines.append(f"{kind} = {_said(profile, kind)}")
    return "\n".join([*lines, f"steps = {steps}", ""])


def _changed(profile: Profile, base: Profile) -> list[str]:
    """The kinds of the parts that differ."""
    return [kind for kind in PARTS if getattr(profile, kind) != getattr(base, kind)]


def _said(profile: Profile, kind: str) -> str:
    """A part by its registered name, with those of its settings that are not the usual ones."""
    part = getattr(profile, kind)
    usual = _settings(PARTS[kind][part.name])
    others = {key: value for key, value in _settings(part).items() if value != usual[key]}
    return _value({"part": part.name, **others} if others else part.name)


def _value(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }" if value else "{}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
