"""Selections that need no gesture: all, none, the others, neighbours, of like colour, and what a histogram keeps."""

from __future__ import annotations

import numpy as np

from daub.app.model.editing.editing import Editing
from daub.codec.editing.selection import Mode, by_amplitude, grown

_ALIKE = 0.08  # distance of amplitudes that are alike, in units of the [0, 1] range
_MOST = 64  # colours of the selection that others are held against


def select_all(editing: Editing) -> None:
    """All that can be selected."""
    population = editing.begin()
    if population is not None:
        editing.select(np.ones(len(population), bool))


def select_none(editing: Editing) -> None:
    """Nothing is selected any more."""
    if editing.count:
        editing.select(np.zeros(len(editing.population), bool))


def select_last(editing: Editing) -> None:
    """The selection before this one, as far as its Gaussians are still there."""
    if editing.last is not None:
        editing.select(editing.last)


def invert(editing: Editing) -> None:
    """What was not selected."""
    population = editing.begin()
    if population is not None:
        editing.select(~population.selected)


def grow(editing: Editing) -> None:
    """Also the neighbours."""
    population = editing.population
    editing.select(grown(population.gaussians, population.selected))


def select_alike(editing: Editing) -> None:
    """Also all that add nearly the same as one of those that are selected."""
    population = editing.population
    colours = population.gaussians.colour[population.selected]
    every = max(1, len(colours) // _MOST)
    found = population.selected.copy()
    for colour in colours[::every]:
        found |= by_amplitude(population.gaussians, colour, _ALIKE)
    editing.select(found)


def select_kept(editing: Editing, kept: np.ndarray, mode: Mode = Mode.REPLACE) -> None:
    """Those that filters keep. Args: kept: (N,) bool of the Gaussians on side B."""
    population = editing.begin()
    if population is not None and len(kept) == len(population):
        editing.select(kept, mode)
