"""The letters that open menus and take their entries while Alt, or the menu, has the keyboard.

>>> with_mnemonics(["Fit", "File", "Fill in"])
['&Fit', 'F&ile', 'Fi&ll in']
"""

from __future__ import annotations

from collections.abc import Sequence


def mnemonics(texts: Sequence[str]) -> list[int | None]:
    """Places of letters that are each another one, the first of a word where that can be; None where none is left.

    Whoever finds all its letters taken gets one for which another text has a second choice, and so on: the augmenting
    paths of a matching in a bipartite graph, so that as many as possible have one.

    Args:
        texts: of one menu, or of the menu bar, in their order.
    """
    choices = [_letters(text) for text in texts]
    owners: dict[str, int] = {}  # which text has a letter

    def find(text: int, asked: set[str]) -> bool:
        free = next((letter for letter in choices[text] if letter not in owners), None)
        if free is not None:
            owners[free] = text
            return True
        for letter in choices[text]:
            if letter not in asked:
                asked.add(letter)
                if find(owners[letter], asked):
                    owners[letter] = text
                    return True
        return False

    for text in range(len(texts)):
        find(text, set())
    letters = {text: letter for letter, text in owners.items()}
    return [choices[text][letters[text]] if text in letters else None for text in range(len(texts))]


def _letters(text: str) -> dict[str, int]:
    """The place of each letter of a text, those first that begin a word."""
    places = [i for i, letter in enumerate(text) if letter.isalnum()]
    starts = [i for i in places if i == 0 or not text[i - 1].isalnum()]
    found: dict[str, int] = {}
    for place in [*starts, *places]:
        found.setdefault(text[place].lower(), place)
    return found


def marked(text: str, place: int | None) -> str:
    """The text for Qt, with "&" before the letter at that place."""
    if place is None:
        return text.replace("&", "&&")
    return f"{text[:place].replace('&', '&&')}&{text[place:].replace('&', '&&')}"


def unmarked(text: str) -> str:
    """What `marked` was given."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def with_mnemonics(texts: Sequence[str]) -> list[str]:
    """The texts for Qt, all with their letters."""
    return [marked(text, place) for text, place in zip(texts, mnemonics(texts), strict=True)]
