"""Finding a command by some letters of its name, in their order: "spmid" finds "Split line to the middle".

>>> table = [Command("View", text, text, print) for text in ("Zoom in", "Fit in window")]
>>> [match.command.text for match in find("zin", table)]
['Zoom in']
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from daub.app.model.commands.command import Command

# Points for a letter that was found: what people type are beginnings of words, and runs of letters.
_START = 8  # of a word
_RUN = 9  # right after the letter before
_SKIPPED = 0.1  # lost for each letter that was passed over


@dataclass(frozen=True)
class Match:
    """A command that was found.

    Args:
        places: of the letters in its text.
        score: the greater, the better.
    """

    command: Command
    places: tuple[int, ...]
    score: float


def find(query: str, commands: Iterable[Command]) -> list[Match]:
    """Those with the letters of the query, case and spaces aside, in the text or else in the menu and the text.

    The best come first, those that are as good in the order of the table.
    """
    letters = query.replace(" ", "").lower()
    matches = []
    for command in commands:
        text, title = command.text, f"{command.menu} "
        found = _best(letters, text.lower())
        if found is None:
            found = _best(letters, (title + text).lower())
            if found is None:
                continue
            # In the menu it is worth less than any find in the text.
            places = tuple(place - len(title) for place in found[1] if place >= len(title))
            found = found[0] - _START * (len(letters) + 1), places
        matches.append(Match(command, found[1], found[0]))
    return sorted(matches, key=lambda match: -match.score)


def _best(letters: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """Score and places of the best way to find the letters in the text; None where there is none."""

    @cache
    def best(letter: int, start: int) -> tuple[float, tuple[int, ...]] | None:
        """Of the letters from that one on, in the text from `start` on, the letter before standing just before."""
        if letter == len(letters):
            return 0.0, ()
        ways = []
        for place in range(start, len(text)):
            if text[place] == letters[letter] and (rest := best(letter + 1, place + 1)) is not None:
                begins = place == 0 or not text[place - 1].isalnum()
                worth = _START * begins + _RUN * (place == start and letter > 0) - _SKIPPED * (place - start)
                ways.append((worth + rest[0], (place, *rest[1])))
        return max(ways, default=None)

    return best(0, 0)
