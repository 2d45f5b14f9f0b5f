"""How a task tells what is going on."""

from __future__ import annotations

import time
from collections.abc import Callable

Say = Callable[[str], None]  # is told what is going on where progress cannot be measured
Progress = Callable[[float], None]  # is given how much of the picture there is, 0 to 1


_LONG = 0.3  # seconds that nobody asks how far it is


def silent(*_: object) -> None:
    """Says and shows nothing."""


def reading(say: Say, name: str = "") -> Callable[[float], None]:
    """Says that something is being read, and how far, once that takes long; is told the share that is read, 0 to 1.

    Args:
        name: of the file, where there are several.
    """
    words = f"reading {name}".rstrip()
    say(words)
    began, shown = time.monotonic(), 0

    def tell(share: float) -> None:
        nonlocal shown
        percent = int(100 * share)
        if percent > shown and time.monotonic() - began > _LONG:
            shown = percent
            say(f"{words}, {percent} %")

    return tell
