"""A profile as the TOML that `load_profile` reads: its base, and what differs from that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from codec.methods.profile import PARTS, PROFILES, Profile


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
