"""Whatever is done one after another in a window, all of it is undone and done again to the bit, in bounded memory."""

from __future__ import annotations

import gc
import weakref
from dataclasses import astuple

import numpy as np
import pytest
from strokes_made import made, stroke

from daub.app.model.editing import canvas, changing, pending
from daub.app.model.editing.paint_brush import Effect
from daub.app.model.editing.population import Population
from daub.app.model.picture.box import Box
from daub.codec.editing.colours import hue_turned
from daub.codec.editing.selection import Mode
from daub.codec.editing.shapes import Rectangle
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import Gaussians

MOST = 150  # Gaussians, beyond which some are deleted
LEAST = 5  # Gaussians, below which some are pasted
LARGEST = 96  # pixels of a side


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Strokes stay as they are at once: the fit that follows is undone in the same way, and takes its time."""
    monkeypatch.setattr(pending, "_LONGEST", 0.0)


def bits(population: Population) -> tuple:
    arrays = population.gaussians.parameters, population.flags, population.group
    return (*(array.tobytes() for array in arrays), *population.sheet[:3], astuple(population.registration))


class Hand:
    """Does something at random."""

    def __init__(self, desk, brushing, seed: int):
        self.desk, self.brushing, self.rng = desk, brushing, np.random.default_rng(seed)
        self.editing = desk.bench.editing
        self.editing.begin()
        self.done: set[str] = set()
        self.deeds = {
            "select": self.select, "delete": lambda: changing.delete(self.editing),
            "duplicate": lambda: changing.duplicate(self.editing), "transform": self.transform,
            "recolour": self.recolour, "hide": lambda: changing.hide(self.editing),
            "show all": lambda: changing.show_all(self.editing), "lock": lambda: changing.lock(self.editing),
            "unlock all": lambda: changing.unlock_all(self.editing), "group": lambda: changing.group(self.editing),
            "ungroup": self.ungroup, "change a group": self.change_group, "paste": self.paste,
            "flip": lambda: self.one_of(canvas.flip_horizontally, canvas.flip_vertically)(self.editing),
            "turn": lambda: canvas.turn(self.editing, int(self.rng.integers(1, 4))), "crop": self.crop,
            "resize": lambda: canvas.resize(self.editing, *self.rng.integers(24, LARGEST, 2).tolist()),
            **{effect.value: lambda effect=effect: self.stroke(effect) for effect in Effect},
        }  # fmt: skip

    def act(self) -> None:
        name = self.one_of(*self.deeds)
        before = self.editing.population
        if len(before) > MOST:
            gone = self.rng.random(len(before)) < 0.7
            self.editing.apply("deleting", before.without(gone), np.flatnonzero(~gone))
            return
        if len(before) < LEAST:
            name = "paste"
        elif not before.editable.any():
            name = self.one_of("show all", "unlock all", "ungroup")
        elif not before.count and self.rng.random() < 0.7:
            name = "select"
        self.deeds[name]()
        made(self.desk)
        if self.editing.population is not before:
            self.done.add(name)

    def one_of(self, *things):
        return things[self.rng.integers(len(things))]

    def places(self, count: int) -> np.ndarray:
        return self.rng.uniform(0, self.editing.size, (count, 2))

    def select(self) -> None:
        if self.rng.random() < 0.5:
            self.editing.select_shape(Rectangle(*self.places(1)[0], *self.rng.uniform(5, 40, 2)), self.one_of(*Mode))
        else:
            self.editing.select(self.rng.random(len(self.editing.population)) < 0.5, self.one_of(*Mode))

    def transform(self) -> None:
        ways = Affine.translation(3, -2), Affine.rotation(33, (20, 20)), Affine.scaling(1.1, 0.8, about=(9, 30))
        changing.transform(self.editing, self.one_of(*ways), "moving")

    def recolour(self) -> None:
        self.editing.apply("recolouring", changing.recoloured(self.editing.population, hue_turned(50)))

    def ungroup(self) -> None:
        if groups := self.editing.population.groups:
            changing.ungroup(self.editing, int(self.rng.integers(len(groups))))

    def change_group(self) -> None:
        if groups := self.editing.population.groups:
            values = self.one_of({"strength": float(self.rng.uniform(0.5, 1))}, {"visible": False}, {"locked": True})
            changing.change_group(self.editing, int(self.rng.integers(len(groups))), "changing", **values)

    def paste(self) -> None:
        changing.paste(self.editing, Gaussians.build(self.places(2), [np.eye(2) * 9] * 2, [[0.3, 0.1, 0.2]] * 2))

    def crop(self) -> None:
        width, height = self.editing.size
        if min(width, height) > 24:
            canvas.crop(self.editing, Box(1, 2, width - 2, height - 1))

    def stroke(self, effect: Effect) -> None:
        if self.brushing.brush.effect is not effect:
            self.brushing.take(effect)
        stroke(self.brushing, *self.places(3).tolist())


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_edits_of_all_kinds_are_undone_and_done_again_to_the_bit(desk, brushing, seed):
    hand, history = Hand(desk, brushing, seed), desk.workspace.history
    first = history.position
    states = {first: bits(hand.editing.population)}
    number = 0
    while number < 200 or (hand.done < set(hand.deeds) and number < 1000):
        number += 1
        if hand.rng.random() < 0.3:
            (history.undo if hand.rng.random() < 0.6 and history.position > first else history.redo)()
            assert bits(hand.editing.population) == states[history.position]
        else:
            hand.act()
            states[history.position] = bits(hand.editing.population)
    last = history.position
    back, forth = range(last - 1, first - 1, -1), range(first + 1, last + 1)
    for step, places in ((history.undo, back), (history.redo, forth)):
        for place in places:
            step()
            assert history.position == place and bits(hand.editing.population) == states[place]
    assert hand.done == set(hand.deeds)


def test_memory_is_flat_over_two_hundred_edits(desk, brushing):
    hand, history = Hand(desk, brushing, 7), desk.workspace.history
    history._budget = 50_000
    seen, alive = [], []
    for _ in range(2):
        for _ in range(100):
            hand.act()
            seen.append(weakref.ref(hand.editing.population))
            assert history.memory <= 50_000 or history.position == 1
        desk.until(lambda: not desk.workspace.background.running)
        gc.collect()
        alive.append(len({id(each()) for each in seen if each() is not None}))
    assert max(alive) <= 20, "old states are held by something beside the history, which holds what has changed"
