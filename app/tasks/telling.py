"""How a task tells what is going on."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]  # is told what is going on where progress cannot be measured
Progress = Callable[[float], None]  # is given how much of the picture there is, 0 to 1


def silent(*_: object) -> None:
    """Says and shows nothing."""
