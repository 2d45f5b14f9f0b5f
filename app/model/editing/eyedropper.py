"""A colour is picked in the picture: for the brush, for what is selected, or to select what has it.

Both are worked out from the picture as it is seen, whoever adds up to it, and take a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.paint_brush import Colour
from daub.app.model.editing.pending import Made, PendingEdits
from daub.app.model.editing.population import Population
from daub.app.model.editing.recolouring import Recolouring
from daub.app.model.work.signal import Signal
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.selection import Mode

_ALIKE = 0.08  # distance of colours that are alike, root of the mean square over the channels, in [0, 1]

# The colour of side "a" or "b" in a column and row, (3,) in [0, 1]; None beside the picture, and while it is not known.
ColourAt = Callable[[str, int, int], "np.ndarray | None"]


class Eyedropper:
    """See above.

    Args:
        recolouring: gives the colour.
        colour_at: reads the picture.
    """

    def __init__(self, editing: Editing, pending: PendingEdits, recolouring: Recolouring, colour_at: ColourAt):
        self.picked = Signal()  # Colour
        self._editing, self._pending, self._recolouring = editing, pending, recolouring
        self._colour_at = colour_at

    def pick(self, side: str, x: float, y: float) -> None:
        """Picks the colour at an image position of a side, and gives it to what is selected."""
        colour = self._at(side, x, y)
        if colour is not None:
            self.picked.emit(colour)
            if self._editing.count:
                self._recolouring.aim(colour)
                self._recolouring.keep()

    def select(self, side: str, x: float, y: float, mode: Mode = Mode.REPLACE) -> None:
        """Selects the Gaussians over pixels that have nearly the colour there."""
        colour = self._at(side, x, y)
        edit = None if colour is None else self._pending.begin(lambda count: f"selecting {gaussian_words(count)}")
        if edit is not None:
            self._pending.follow(edit, partial(_selected, colour, mode))
            self._pending.end(edit)

    def _at(self, side: str, x: float, y: float) -> Colour | None:
        found = self._colour_at(side, int(x // 1), int(y // 1))
        return None if found is None else tuple(np.clip(found, 0, 1).tolist())


def _selected(colour: Colour, mode: Mode, population: Population) -> Made:
    from daub.codec.editing.selection import by_colour

    found = by_colour(population.gaussians, _picture(population), np.array(colour), _ALIKE)
    after = population.selecting(mode.join(population.selected, found, population.editable))
    return Made(after, None, int(after.selected.sum()))


def _picture(population: Population) -> np.ndarray:
    """(H, W, 3) in [0, 1], as it is seen."""
    from daub.render.cpu.backend import CpuRasteriser

    drawing = Drawing(population.shown(), population.width, population.height)
    return drawing.rendered(CpuRasteriser()).clip(0, 1)
