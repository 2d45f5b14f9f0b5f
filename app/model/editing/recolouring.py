"""Other colours for what is selected: seen while a hand tries them, and one thing to undo when it has found one.

Of a selection by shapes it is the picture in the shape that gets other colours, whoever makes them, and nothing beside
it: what is tried changes colours alone, and what is kept is fitted to that, with some Gaussians more at the border. Of
any other selection its Gaussians add other colours, at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from daub.app.model.editing import changing
from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.paint_brush import Colour
from daub.app.model.editing.pending import Made, PendingEdit, PendingEdits
from daub.app.model.editing.population import Population
from daub.codec.editing import colours
from daub.codec.editing.drawing import Drawing

_INSIDE = 0.35  # share of the weight of a Gaussian in the shape from which on it changes
_MORE = 10  # one Gaussian more for so many of them: for the border
_LOOKED_AT = 12  # Gaussians at whose centres the present colour is looked at

Region = np.ndarray | None  # (H, W) bool; None for a selection that no shape was drawn for
Matrix = Callable[[Population, Region], np.ndarray]  # (3, 3), see `codec.editing.colours`; on a thread


class Recolouring:
    """See above."""

    def __init__(self, editing: Editing, pending: PendingEdits):
        self._editing, self._pending = editing, pending
        self._tried: PendingEdit | None = None
        self._matrix: Matrix | None = None

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
        self._try(lambda population, region: matrix, label)

    def aim(self, colour: Colour) -> None:
        """Tries the map that turns the present colour into that one."""
        self._try(partial(_towards, colour), "recolouring")

    def keep(self) -> None:
        """What was tried last is done."""
        tried, self._tried = self._tried, None
        if tried is not None and not tried.is_done:
            region = self._editing.region
            if region is None:
                self._pending.end(tried)
            else:
                self._pending.end(tried, partial(_fitted, self._matrix, region), partial(self._keep_region, region))

    def give_up(self) -> None:
        """Everything is as it was."""
        tried, self._tried = self._tried, None
        if tried is not None:
            self._pending.give_up(tried)

    def _keep_region(self, region: np.ndarray) -> None:
        """Those that were born lie in it, too."""
        if self._editing.population is not None and self._editing.population.height == len(region):
            self._editing.region = region

    def _try(self, matrix: Matrix, label: str) -> None:
        if not self._editing.count:
            return
        if self._tried is None or self._tried.is_done:
            self._tried = self._pending.begin(lambda count: f"{label} {gaussian_words(count)}")
        if self._tried is not None:
            self._matrix = matrix
            self._pending.follow(self._tried, partial(_mapped, matrix, self._editing.region))


def _mapped(matrix: Matrix, region: Region, population: Population) -> Made:
    """At once, or nearly so."""
    found = matrix(population, region)
    if region is None:
        return Made(changing.recoloured(population, found), None, int(population.selected.sum()))
    from daub.codec.editing.repainting import region_recoloured
    from daub.render.cpu.backend import CpuRasteriser

    drawing, rasteriser = _drawing(population), CpuRasteriser()
    free = _inside(drawing, region, population)
    after = region_recoloured(drawing, region, free, found, rasteriser)
    return Made(population.redrawn(after), None, int(free.sum()))


def _fitted(matrix: Matrix, region: np.ndarray, population: Population) -> Made:
    """And then a fit to it. What is born belongs to the selection."""
    from daub.codec.editing.repainting import recolour_region
    from daub.codec.progress import drive
    from daub.render.cpu.backend import CpuRasteriser

    drawing, rasteriser = _drawing(population), CpuRasteriser()
    free = _inside(drawing, region, population)
    count = int(free.sum())
    last = drive(
        recolour_region(drawing, region, free, matrix(population, region), rasteriser, more=count // _MORE)
    )  # fmt: skip
    return Made(population.redrawn(last.gaussians, last.origin), last.origin, count)


def _drawing(population: Population) -> Drawing:
    return Drawing(population.shown(), population.width, population.height)


def _inside(drawing: Drawing, region: np.ndarray, population: Population) -> np.ndarray:
    """(N,) bool: those that change."""
    from daub.codec.editing.refit import within
    from daub.render.cpu.backend import CpuRasteriser

    return within(drawing.gaussians, region, CpuRasteriser(), _INSIDE) & population.may_change


def _towards(colour: Colour, population: Population, region: Region) -> np.ndarray:
    """The map that turns the mean colour of the picture there into that one."""
    from daub.codec.editing.refit import support_of
    from daub.render.cpu.backend import CpuRasteriser

    drawing, rasteriser = _drawing(population), CpuRasteriser()
    picture = np.clip(drawing.rendered(rasteriser), 0, 1)
    where = support_of(drawing, population.selected, rasteriser) if region is None else region
    return colours.towards(colours.mean_colour(picture, where), np.array(colour))
