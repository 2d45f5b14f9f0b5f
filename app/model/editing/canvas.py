"""The whole picture: crop, resize, flip, turn. Each is exact on Gaussians, and one thing that can be undone.

What the edit comes of is looked at in the same way, see `picture.registration`: figures go on being true.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from daub.app.model.editing.editing import Editing
from daub.app.model.editing.frame import Frame
from daub.app.model.editing.population import Population
from daub.app.model.picture.box import NOWHERE, Box
from daub.app.model.picture.registration import Registration
from daub.codec.editing import canvas
from daub.codec.editing.drawing import Drawing
from daub.render.strips import Region

LARGEST = 65_535  # pixels of a side that can be asked for


def flip_horizontally(editing: Editing) -> None:
    """Left becomes right."""
    population = editing.begin()
    if population is not None:
        flipped = population.registration.flipped(0, population.width)
        _apply(editing, "flipping left to right", canvas.flipped_horizontally(population.drawing), flipped)


def flip_vertically(editing: Editing) -> None:
    """Top becomes bottom."""
    population = editing.begin()
    if population is not None:
        flipped = population.registration.flipped(1, population.height)
        _apply(editing, "flipping upside down", canvas.flipped_vertically(population.drawing), flipped)


def turn(editing: Editing, quarters: int) -> None:
    """Turns by so many quarters, counter-clockwise as seen."""
    population = editing.begin()
    if population is not None:
        label = {1: "turning left by 90°", 2: "turning by 180°", 3: "turning right by 90°"}[quarters % 4]
        turned = population.registration.turned(quarters, population.width, population.height)
        _apply(editing, label, canvas.turned(population.drawing, quarters), turned)


def resize(editing: Editing, width: int, height: int) -> None:
    """The same picture with so many pixels. Raises DaubError where no file has as many."""
    population = editing.begin()
    if population is not None:
        resized = population.registration.resized(width / population.width, height / population.height)
        label = f"resizing the canvas to {width} × {height}"
        _apply(editing, label, canvas.resized(population.drawing, width, height), resized)


def crop(editing: Editing, box: Box) -> None:
    """Leaves what of a rectangle lies on the canvas, and what reaches into it; nothing of an empty one."""
    population = editing.begin()
    if population is None:
        return
    box = box.within(population.width, population.height)
    if box.is_empty:
        return
    region = Region(box.left, box.top, box.right - box.left, box.bottom - box.top)
    after, kept = canvas.cropped(population.drawing, region)
    left = population.without(~kept)
    registration = population.registration.cropped(box.left, box.top)
    label = f"cropping to {after.width} × {after.height}"
    editing.apply(label, _on(left, after, registration), np.flatnonzero(kept))


def selected_box(editing: Editing) -> Box:
    """The pixels of the shape by which the selection was made, or around the ellipses of what is selected."""
    population = editing.population
    if editing.drawn is not None:
        return editing.drawn.box
    frame = Frame.around(population)
    if frame is None:
        return NOWHERE
    edges = np.floor([frame.left, frame.top]), np.ceil([frame.right, frame.bottom])
    return Box(*np.concatenate(edges).astype(int).tolist()).within(population.width, population.height)


def _apply(editing: Editing, label: str, after: Drawing, registration: Registration) -> None:
    editing.apply(label, _on(editing.population, after, registration))


def _on(population: Population, after: Drawing, registration: Registration) -> Population:
    size = {"width": after.width, "height": after.height}
    return replace(population, gaussians=after.gaussians, registration=registration, **size)
