"""How many threads kernels may run on, for the whole process: a limit that is set once and loads nothing.

>>> set_limit(2)
>>> allowed(8), allowed(1)
(2, 1)
>>> set_limit(None)
>>> allowed(8)
8
"""

from __future__ import annotations

_limit: int | None = None


def set_limit(threads: int | None) -> None:
    """Lets kernels have so many threads at most, on whatever thread they are called; None: as many as there are cores.

    Raises:
        ValueError: there are none.
    """
    global _limit
    if threads is not None and threads < 1:
        raise ValueError(f"expected at least one thread, got {threads}")
    _limit = threads


def allowed(threads: int) -> int:
    """As many of these threads as the limit lets."""
    return threads if _limit is None else min(threads, _limit)
