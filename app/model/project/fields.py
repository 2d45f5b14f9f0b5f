"""JSON that somebody else may have written, read with a check of every value: what is wrong is said in one line.

>>> fields = Fields({"name": "photo", "count": 3}, "the list")
>>> fields.text("name"), fields.integer("count", 0, 10)
('photo', 3)
>>> fields.integer("name", 0, 10)
Traceback (most recent call last):
    ...
daub.codec.errors.DaubError: name of the list is 'photo', it must be a whole number from 0 to 10, it is left out
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from daub.codec.errors import DaubError

E = TypeVar("E", bound=Enum)
LEFT_OUT = "it is left out"
_LONGEST_TEXT = 100_000  # characters
_SHOWN = 40  # characters of a value that is wrong
_MISSING = object()


def colour_in_json(colour: tuple[float, float, float] | None) -> list[float] | None:
    """What `Fields.colour` reads."""
    return None if colour is None else list(colour)


class Fields:
    """One object of JSON.

    Args:
        values: it, whatever it is.
        where: what it says something about, for the errors.

    Raises:
        DaubError: it is no object; and by every method, where a value is missing or is none of those that may be.
    """

    def __init__(self, values: object, where: str):
        if not isinstance(values, Mapping):
            raise wrong(where, values, "an object")
        self._values, self.where = values, where

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def raw(self, name: str) -> Any:
        """Whatever stands there, None for nothing."""
        return self._values.get(name)

    def text(self, name: str, default: object = _MISSING) -> str:
        """A text."""
        return self._get(name, default, f"a text of {_LONGEST_TEXT:,} characters at most", _as_text)

    def flag(self, name: str, default: object = _MISSING) -> bool:
        """True or false."""
        return self._get(name, default, "true or false", lambda value: value if isinstance(value, bool) else None)

    def integer(self, name: str, least: int, most: int, default: object = _MISSING) -> int:
        """A whole number."""

        def convert(value: object) -> int | None:
            return value if type(value) is int and least <= value <= most else None

        return self._get(name, default, f"a whole number from {least:,} to {most:,}", convert)

    def number(self, name: str, least: float, most: float, default: object = _MISSING) -> float:
        """A number; "inf" is one where `most` is infinite."""

        def convert(value: object) -> float | None:
            if value == "inf" and most == math.inf:
                return math.inf
            fits = type(value) in (int, float) and math.isfinite(value) and least <= value <= most
            return float(value) if fits else None

        return self._get(name, default, f"a number from {least:g} to {most:g}", convert)

    def choice(self, name: str, kind: type[E], default: object = _MISSING) -> E:
        """One of an enumeration, by its name in small letters."""
        known = {word_of(each): each for each in kind}
        return self._get(
            name, default, f"one of {', '.join(known)}", lambda value: known.get(value) if type(value) is str else None
        )

    def colour(self, name: str) -> tuple[float, float, float] | None:
        """Red, green and blue in [0, 1]; None where there is none."""

        def convert(value: object) -> tuple[float, float, float] | None:
            if not isinstance(value, list) or len(value) != 3:
                return None
            fits = all(type(each) in (int, float) and 0 <= each <= 1 for each in value)
            return tuple(map(float, value)) if fits else None

        return self._get(name, None, "three numbers from 0 to 1", convert)

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        """A list of texts, () where there is none."""
        found = self.list(name, most)
        if not all(isinstance(each, str) and len(each) <= _LONGEST_TEXT for each in found):
            raise wrong(f"{name} of {self.where}", found, "a list of texts")
        return tuple(found)

    def list(self, name: str, most: int) -> list:
        """A list, empty where there is none. Args: most: entries."""

        def convert(value: object) -> list | None:
            return value if isinstance(value, list) and len(value) <= most else None

        return self._get(name, [], f"a list of {most:,} at most", convert)

    def object(self, name: str, where: str = "") -> Fields:
        """Another object in it."""
        return Fields(self._values.get(name), where or f"{name} of {self.where}")

    def _get(self, name: str, default: object, wanted: str, convert: Callable[[object], Any]) -> Any:
        value = self._values.get(name)
        if value is None:
            if default is _MISSING:
                raise wrong(f"{name} of {self.where}", None, wanted)
            return default
        found = convert(value)
        if found is None:
            raise wrong(f"{name} of {self.where}", value, wanted)
        return found


def wrong(where: str, value: object, wanted: str) -> DaubError:
    """Something is not what it has to be."""
    said = "missing" if value is None else repr(value)
    said = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    return DaubError(f"{where} is {said}", f"it must be {wanted}", LEFT_OUT)


def word_of(choice: Enum) -> str:
    """One of an enumeration as `Fields.choice` takes it."""
    return choice.name.lower()


def in_json(number: float | None) -> float | str | None:
    """A number as `Fields.number` takes it: JSON has no infinity."""
    return "inf" if number == math.inf else number


def _as_text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= _LONGEST_TEXT else None
