"""Colours for numbers: tables of matplotlib's colour maps that people with any colour vision can read.

Viridis, cividis and magma grow lighter evenly from their lower to their upper end, so that they are read by lightness
alone; cividis has nearly the same hues for those who confuse red and green (Nunez, Anderton, Renslow 2018). Berlin
(Crameri 2018) is dark in its middle and goes to light blue and to light red, which stay apart for them too.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from daub.app.model.signal import Signal

SIZE = 256  # colours of a table


class ColourMap(StrEnum):
    """For numbers from nothing to much; the values are matplotlib's names."""

    VIRIDIS = "viridis"
    CIVIDIS = "cividis"
    MAGMA = "magma"
    GREY = "gray"


DIVERGING = "berlin"  # for numbers on either side of zero


def table(name: str) -> np.ndarray:
    """(SIZE, 3) float32 in [0, 1], sRGB, from matplotlib, whose import takes a third of a second."""
    from matplotlib import colormaps

    return colormaps[name](np.linspace(0, 1, SIZE))[:, :3].astype(np.float32)


class ColourTables:
    """The tables, loaded beside the window when they are first asked for.

    Args:
        run: as `Background.run`.
    """

    def __init__(self, run: Callable[[Callable[[], object], Callable[[object], None]], None]):
        self.changed = Signal()  # another table is there
        self._run = run
        self._tables: dict[str, np.ndarray | None] = {}  # None while it is loaded

    def get(self, name: str) -> np.ndarray:
        """(SIZE, 3) float32: the table of that name, greys until it is loaded."""
        if name not in self._tables:
            self._tables[name] = None
            self._run(lambda: table(name), lambda loaded: self._take(name, loaded))
        found = self._tables[name]
        return _GREYS if found is None else found

    def _take(self, name: str, loaded: np.ndarray) -> None:
        self._tables[name] = loaded
        self.changed.emit()


_GREYS = np.repeat(np.linspace(0, 1, SIZE, dtype=np.float32)[:, None], 3, 1)
