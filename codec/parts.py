"""Parts of a method: policies of a kind, each of which knows the name it is registered under, and its settings.

A module that has policies of a kind registers them in a table of its own, beside their classes. A class that is
registered once has its name as a class attribute; one with several presets has it as a field, which `replace` keeps, so
that a preset with other settings still says which one it was made of.

    >>> from dataclasses import dataclass, replace
    >>> from daub.codec.options import option
    >>> @dataclass(frozen=True)
    ... class Blur(Part):
    ...     radius: float = option(1.0, 0, 50, "standard deviation of the blur", " px")
    ...     name: str = preset("fine")
    >>> blurs = by_name(Blur(), Blur(8.0, name="coarse"))
    >>> wider = replace(blurs["coarse"], radius=9.0)
    >>> wider.name, wider == blurs["coarse"], wider == Blur(9.0)
    ('coarse', False, True)
    >>> options_of(wider)["radius"].largest
    50
"""

from __future__ import annotations

import dataclasses
from typing import Any, Protocol, TypeVar

from daub.codec.options import Option, check

LARGEST_SETTING = 1e9  # end of the range of a setting that nothing else bounds


class Named(Protocol):
    """Whatever can be registered."""

    name: str


AnyPart = TypeVar("AnyPart", bound=Named)


class Part:
    """Base of policies whose settings are options: holds them within their ranges when one is made.

    Raises:
        DaubError: a setting is out of range.
    """

    name: str

    def __post_init__(self) -> None:
        check(self)


def preset(usual: str) -> Any:
    """Declare the field that has the name of a preset; it is no setting, and parts of other names may be equal.

    Args:
        usual: the name of the part with the usual settings.
    """
    return dataclasses.field(default=usual, kw_only=True, compare=False, repr=False)


def by_name(*parts: AnyPart) -> dict[str, AnyPart]:
    """Make the table of the parts of a kind, in this order."""
    return {part.name: part for part in parts}


def options_of(part: object) -> dict[str, Option]:
    """Look up the options of a part's settings, those that are numbers, by the names of the settings.

    The settings of a class in render/, which knows no options, have a `range` there in their place.
    """
    found = {}
    for field in dataclasses.fields(part):
        if "option" in field.metadata:
            found[field.name] = field.metadata["option"]
        elif "range" in field.metadata:
            found[field.name] = Option(field.default, *field.metadata["range"], "", decimals=3)
    return found
