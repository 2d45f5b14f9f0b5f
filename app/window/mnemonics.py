"""The letters that open menus and take their entries while Alt, or the menu, has the keyboard.

>>> with_mnemonics(["Fit", "File", "Fill in"])
['&Fit', 'F&ile', 'Fi&ll in']
"""

from __future__ import annotations

from collections.abc import Sequence


def mnemonics(texts: Sequence[str]) -> list[int | None]:
    """Places of letters that are each another one, the first of a word where that can be; None where none is left.

    Args:
        texts: of one menu, or of the menu bar, in their order.
    """
    taken: set[str] = set()
    places = []
    for text in texts:
        letters = [i for i, letter in enumerate(text) if letter.isalnum()]
        starts = [i for i in letters if i == 0 or not text[i - 1].isalnum()]
        place = next((i for i in [*starts, *letters] if text[i].lower() not in taken), None)
        places.append(place)
        if place is not None:
            taken.add(text[place].lower())
    return places


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
