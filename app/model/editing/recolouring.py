"""Other colours for what is selected: seen while a hand tries them, and one thing to undo when it has found one.

Of a selection by shapes it is the picture in the shape that gets other colours, whoever makes them, and nothing beside
it: what is tried changes colours alone, and what is kept is fitted to that, with some Gaussians more at the border. Of
any other selection its Gaussians add other colours, at once. Strength is a matter of the Gaussians, however they were
selected: they add so many times as much.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from daub.app.model.editing import changing
from daub.app.model.editing.drawn import Drawn
from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.paint_brush import Colour, hexadecimal
from daub.app.model.editing.pending import Made, PendingEdit, PendingEdits, fitted
from daub.app.model.editing.population import Population
from daub.codec.editing import colours
from daub.codec.editing.drawing import Drawing, chosen
from daub.render.devices import Failover

_INSIDE = 0.35  # share of the weight of a Gaussian in the shape from which on it changes
_MORE = 10  # one Gaussian more for so many of them: for the border
_DARKEST = 0.03  # mean that is mapped: what is darker would be multiplied until noise is seen
_LOOKED_AT = 12  # Gaussians at whose centres the present colour is looked at

Matrix = Callable[[Population], np.ndarray]  # (3, 3), see `codec.editing.colours`; on a thread


class Recolouring:
    """See above."""

    def __init__(self, editing: Editing, pending: PendingEdits):
        self._editing, self._pending = editing, pending
        self._tried: PendingEdit | None = None
        self._matrix: Matrix | None = None
        self._drawn: Drawn | None = None  # whose picture changes; None: what the selected ones add

    @property
    def present(self) -> Colour:
        """About the colour that the picture has where something is selected."""
        population = self._editing.population
        means = population.gaussians.mean[population.selected]
        inside = ((means > -0.5) & (means < [population.width - 0.5, population.height - 0.5])).all(1)
        some = np.rint(means[inside]).astype(int)
        some = some[:: max(1, len(some) // _LOOKED_AT)]
        if not len(some):
            return 0.5, 0.5, 0.5
        shown = population.shown()
        mean = np.mean([np.clip(shown.value_at(x, y), 0, 1) for x, y in some.tolist()], 0)
        return tuple(mean.astype(float).tolist())

    def map(self, matrix: np.ndarray, label: str = "recolouring") -> None:
        """Tries a map of colours. Args: matrix: (3, 3); label: as in "recolouring"."""
        self._try(lambda population: matrix, label, self._editing.drawn)

    def strengthen(self, factor: float) -> None:
        """Tries that what is selected adds so many times as much."""
        self._try(lambda population: colours.lightened(factor), "changing strength of", None)

    def aim(self, colour: Colour) -> None:
        """Tries the map that turns the present colour into that one."""
        self._try(partial(_towards, colour), f"giving {hexadecimal(colour)} to", self._editing.drawn)

    def keep(self) -> None:
        """What was tried last is done."""
        tried, self._tried, self._editing.hides_marks = self._tried, None, False
        if tried is not None and not tried.is_done:
            drawn = self._drawn
            if drawn is None:
                self._pending.end(tried)
            else:
                fit = partial(_fitted, self._matrix, drawn, self._pending.has_time, self._editing.open_device)
                # Those that were born lie in the shape, too.
                self._pending.end(tried, fit, lambda _: self._editing.keep_drawn(tried.session, drawn))

    def give_up(self) -> None:
        """Everything is as it was."""
        tried, self._tried, self._editing.hides_marks = self._tried, None, False
        if tried is not None:
            self._pending.give_up(tried)

    def _try(self, matrix: Matrix, label: str, drawn: Drawn | None) -> None:
        if not self._editing.count:
            return
        if self._tried is None or self._tried.is_done:
            self._tried = self._pending.begin(lambda count: f"{label} {gaussian_words(count)}")
        if self._tried is not None:
            self._tried.label = lambda count: f"{label} {gaussian_words(count)}"  # of the last that was tried
            self._matrix, self._drawn, self._editing.hides_marks = matrix, drawn, True
            self._pending.follow(self._tried, partial(_mapped, matrix, drawn))


def _mapped(matrix: Matrix, drawn: Drawn | None, population: Population) -> Made:
    """At once, or nearly so."""
    found = matrix(population)
    if drawn is None:
        return Made(changing.recoloured(population, found), None, int(population.selected.sum()))
    from daub.codec.editing.repainting import region_recoloured
    from daub.render.cpu.backend import CpuRasteriser

    drawing, rasteriser = _drawing(population), CpuRasteriser()
    free = _inside(drawing, drawn.pixels, population)
    after = region_recoloured(drawing, drawn.pixels, free, found, rasteriser)
    return Made(population.redrawn(after), None, int(free.sum()))


def _fitted(
    matrix: Matrix,
    drawn: Drawn,
    may_go_on: Callable[[], bool],
    device: Callable[[], Failover],
    population: Population,
) -> Made:
    """And then a fit to it, where there is time for that. What is born belongs to the selection.

    Args:
        device: opens what fits, on the thread that calls it.
    """
    from daub.codec.editing.repainting import recolour_region

    drawing, region = _drawing(population), drawn.pixels
    free = _inside(drawing, region, population)
    count = int(free.sum())
    rasteriser = device()
    try:
        records = recolour_region(drawing, region, free, matrix(population), rasteriser, more=count // _MORE)
        last = fitted(records, may_go_on)
    finally:
        rasteriser.release()
    if last is None:
        return _mapped(matrix, drawn, population)
    return Made(population.redrawn(last.gaussians, last.origin), last.origin, count)


def _drawing(population: Population) -> Drawing:
    return Drawing(population.shown(), population.width, population.height)


def _inside(drawing: Drawing, region: np.ndarray, population: Population) -> np.ndarray:
    """(N,) bool: those that change."""
    from daub.codec.editing.refit import within
    from daub.render.cpu.backend import CpuRasteriser

    return within(drawing.gaussians, region, CpuRasteriser(), _INSIDE) & population.may_change


def _towards(colour: Colour, population: Population) -> np.ndarray:
    """The map that turns the mean colour of the picture under what is selected into that one."""
    from daub.codec.editing.selection import colours_under
    from daub.render.cpu.backend import CpuRasteriser

    some = chosen(population.gaussians, population.selected)
    if not len(some):
        return np.eye(3)
    weights = some.strength.astype(np.float64) ** 2
    picture = _drawing(population).rendered(CpuRasteriser()).clip(0, 1)
    mean = (weights @ colours_under(some, picture)) / max(weights.sum(), 1e-12)
    return colours.towards(np.maximum(mean, _DARKEST), np.array(colour))
