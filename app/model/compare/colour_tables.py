"""The colours of a difference: which map is chosen, and its table once that is loaded."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from daub.app.model.compare.colour_maps import ENTRIES, table
from daub.app.model.work.signal import Signal


class ColourMap(StrEnum):
    """For numbers from nothing to much; the values are matplotlib's names.

    All grow lighter evenly from their lower to their upper end, so that they are read by lightness alone, and cividis
    has nearly the same hues for those who confuse red and green.
    """

    VIRIDIS = "viridis"
    CIVIDIS = "cividis"
    MAGMA = "magma"
    GREY = "gray"


# For numbers on either side of zero: dark in its middle, as most pixels hardly differ, and light blue and light red at
# its ends, which stay apart for any colour vision (Crameri 2018, "Geodynamic diagnostics, scientific visualisation").
SIGNED = "berlin"


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
        """(ENTRIES, 3) uint8, sRGB: the table of that name, greys until it is loaded."""
        if name not in self._tables:
            self._tables[name] = None
            self._run(lambda: table(name), lambda loaded: self._take(name, loaded))
        found = self._tables[name]
        return _GREYS if found is None else found

    def _take(self, name: str, loaded: np.ndarray) -> None:
        self._tables[name] = loaded
        self.changed.emit()


_GREYS = np.repeat(np.arange(ENTRIES, dtype=np.uint8)[:, None], 3, 1)
