"""What can be done with the Gaussians that are selected: each function is one thing that can be undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.frame import Frame
from daub.app.model.editing.population import Flag, Population
from daub.codec.editing import colours, placing
from daub.codec.editing.groups import NO_GROUP, Group, without_group
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import Gaussians

_ASIDE = 10.0  # pixels that a duplicate lies to the right and below


def delete(editing: Editing) -> None:
    """They are gone."""
    population, gone = editing.population, editing.population.selected
    editing.apply(f"deleting {_words(editing)}", population.without(gone), np.flatnonzero(~gone))


def duplicate(editing: Editing) -> None:
    """Once more, a little aside, in the same layers; the new ones are selected."""
    population = editing.population
    after, new = placing.duplicated(population.gaussians, population.selected, _ASIDE, _ASIDE)
    _add(editing, f"duplicating {_words(editing)}", after, new, population.group[population.selected])


def paste(editing: Editing, others: Gaussians) -> None:
    """Gaussians from here or another picture, where they were; they are selected.

    Those that would all lie beside the canvas, since the other one is larger, come to its middle: they are to be seen.
    """
    population = editing.begin()
    if population is not None:
        after, new = placing.pasted(population.gaussians, others, _on_canvas(others, population))
        _add(editing, f"pasting {gaussian_words(len(others))}", after, new)


def _on_canvas(others: Gaussians, population: Population) -> Affine | None:
    """Where they go to be seen there; None where some are seen as they lie."""
    frame = Frame.of(others) if len(others) else None
    if frame is None or frame.meets(population.width, population.height):
        return None
    x, y = frame.middle
    return Affine.translation(population.width / 2 - x, population.height / 2 - y)


def transform(editing: Editing, affine: Affine, label: str, kind: str = "") -> None:
    """Moves, turns or scales them. Args: label: as in "moving"; kind: as of `operations.Edit`."""
    editing.apply(f"{label} {_words(editing)}", transformed(editing.population, affine), kind=kind)


def transformed(population: Population, affine: Affine) -> Population:
    """The same, to be looked at."""
    return population.with_gaussians(affine.of(population.gaussians, population.selected))


def recoloured(population: Population, matrix: np.ndarray) -> Population:
    """With their colours mapped, to be looked at. Args: matrix: (3, 3), see `codec.editing.colours`."""
    return population.with_gaussians(colours.recoloured(population.gaussians, population.selected, matrix))


def hide(editing: Editing) -> None:
    """They are drawn no more, until all are shown."""
    editing.apply(f"hiding {_words(editing)}", editing.population.flagged(Flag.HIDDEN, True))


def show_all(editing: Editing) -> None:
    """Nothing is hidden by hand any more."""
    editing.apply("showing all", editing.population.unflagged(Flag.HIDDEN))


def lock(editing: Editing) -> None:
    """No hand gets hold of them, until all are unlocked."""
    editing.apply(f"locking {_words(editing)}", editing.population.flagged(Flag.LOCKED, True))


def unlock_all(editing: Editing) -> None:
    """Nothing is locked by hand any more."""
    editing.apply("unlocking all", editing.population.unflagged(Flag.LOCKED))


# Groups.


def group(editing: Editing, name: str = "") -> None:
    """They are a layer of their own."""
    population = editing.population
    number = len(population.groups)
    groups = (*population.groups, Group(name or f"Group {number + 1}"))
    of = np.where(population.selected, number, population.group).astype(np.int32)
    editing.apply(f"grouping {_words(editing)}", population.with_groups(groups, of))


def ungroup(editing: Editing, number: int) -> None:
    """A layer is none any more."""
    population = editing.population
    name = population.groups[number].name
    editing.apply(
        f"ungrouping {name}", population.with_groups(*without_group(population.groups, population.group, number))
    )


def change_group(editing: Editing, number: int, label: str, kind: str = "", **values: object) -> None:
    """Another name, eye, lock or strength of a layer. Args: values: fields of `Group`."""
    groups = list(editing.population.groups)
    groups[number] = replace(groups[number], **values)
    editing.apply(f"{label} {groups[number].name}", editing.population.with_groups(tuple(groups)), kind=kind)


def members(population: Population, number: int) -> np.ndarray:
    """(N,) bool: which Gaussians are in a layer; NO_GROUP: in none."""
    return population.group == (number if number >= 0 else NO_GROUP)


def _add(editing: Editing, label: str, after: Gaussians, new: np.ndarray, layers: np.ndarray | None = None) -> None:
    """Args: after: (M, 8), what was there in front; new: (M,) bool; layers: groups of the new ones, None for none."""
    population = editing.population
    origin = np.where(new, -1, np.arange(len(after)))
    grown = population.following(after, origin).selecting(new)
    if layers is not None:
        grown = replace(grown, group=np.concatenate([population.group, layers]))
    editing.apply(label, grown, origin)


def _words(editing: Editing) -> str:
    return gaussian_words(editing.count)
