"""A setting with its range, unit and help in one place, for whoever asks for it: command line, window, plugin, files.

A record declares its settings with `option`, and holds its values against them with `check`:

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Blur:
    ...     radius: float = option(1.0, 0, 50, "how far the blur reaches", unit=" px")
    ...
    ...     def __post_init__(self):
    ...         check(self)
    >>> option_of(Blur, "radius").largest
    50
    >>> Blur(60)
    Traceback (most recent call last):
    daub.codec.errors.DaubError: radius 60 is out of range, it must lie in 0..50, give one in that range
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daub.codec.errors import DaubError


@dataclass(frozen=True)
class Option:
    """What there is to know of one setting.

    Args:
        default: its value where nobody gives one, a number or a tuple of them; None where something else decides.
        smallest, largest: ends of its range, both allowed.
        help: what it does, as the end of a sentence that begins with its name.
        unit: written behind the value, with a space in front.
        decimals: digits behind the point that people choose by; 0 for whole numbers.
    """

    default: float | tuple[float, ...] | None
    smallest: float
    largest: float
    help: str
    unit: str = ""
    decimals: int = 0

    def check(self, name: str, value: object) -> None:
        """Refuses what is no number of the range, nor a tuple or a mapping of such numbers.

        Raises:
            DaubError: with `name` in front.
        """
        if isinstance(value, (tuple, Mapping)):
            for each in value.values() if isinstance(value, Mapping) else value:
                self.check(name, each)
            return
        span = f"it must lie in {self.smallest:,}..{self.largest:,}"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise DaubError(f"{name} {value!r} is no number", span, "give one")
        if not self.smallest <= value <= self.largest:  # not a number is outside, too
            raise DaubError(f"{name} {value:g} is out of range", span, "give one in that range")
        if not self.decimals and not float(value).is_integer():
            raise DaubError(f"{name} {value:g} is no whole number", span, "give one")


def option(
    default: float | tuple[float, ...] | None,
    smallest: float,
    largest: float,
    help: str,
    unit: str = "",
    decimals: int | None = None,
) -> Any:
    """A field of a dataclass with its `Option`; whole numbers where the default is one and no decimals are given."""
    kind = default[0] if isinstance(default, tuple) else default
    digits = decimals if decimals is not None else 3 if isinstance(kind, float) else 0
    described = Option(default, smallest, largest, help, unit, digits)
    return dataclasses.field(default=default, metadata={"option": described})


def option_of(record: type, name: str) -> Option:
    """The option of that field of a record; KeyError where it has none."""
    return record.__dataclass_fields__[name].metadata["option"]


def check(record: Any) -> None:
    """Holds every option of a record against its range; None passes where it is the default.

    Raises:
        DaubError: naming the setting.
    """
    for field in dataclasses.fields(record):
        described, value = field.metadata.get("option"), getattr(record, field.name)
        if described is not None and not (value is None and described.default is None):
            described.check(field.name, value)
