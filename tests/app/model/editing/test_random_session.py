"""Whatever is done one after another in a window, all of it is undone and done again to the bit, in bounded memory."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from dataclasses import astuple
from functools import partial

import numpy as np
import PIL.Image
import pytest
from strokes_made import stroke

from daub.app.model.commands.commands import BY_NAME, COMMANDS
from daub.app.model.editing import canvas, changing, pending
from daub.app.model.editing.clipboard import packed
from daub.app.model.editing.frame import Grip
from daub.app.model.editing.gestures import Kind
from daub.app.model.editing.population import Population
from daub.app.model.gaussians.properties import Property
from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import FileOrigin
from daub.codec.editing.colours import hue_turned
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.refit import RefitSettings
from daub.codec.editing.selection import Mode
from daub.render.gaussians import Gaussians

MOST = 150  # Gaussians, beyond which some are deleted
LEAST, LARGEST = 24, 96  # pixels of a side
FITS = "refit_here", "more_detail", "less_detail", "remove_and_fill"
CHANGE_NOTHING = {  # of the commands of these menus: they go through the history, copy something, or set a tool
    "undo", "redo", "copy_decoded", "copy_command", "copy_figures_csv", "copy_figures_markdown", "copy_log",
    "hold_size", "brush_colour", "swap_colours", "brush_stronger", "brush_weaker", "brush_harder", "brush_softer",
}  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Strokes stay as they are at once, and fits are short: they are undone in the same way."""
    monkeypatch.setattr(pending, "_LONGEST", 0.0)
    for module in ("refit", "filling"):
        monkeypatch.setattr(f"daub.codec.editing.{module}.RefitSettings", partial(RefitSettings, steps=3))


def bits(population: Population) -> tuple:
    arrays = population.gaussians.parameters, population.flags, population.group
    return (*(array.tobytes() for array in arrays), *population.sheet[:3], astuple(population.registration))


class Hand:
    """Does something at random."""

    def __init__(self, desk, brushing, seed: int):
        self.desk, self.bench, self.brushing = desk, desk.bench, brushing
        self.rng = np.random.default_rng(seed)
        self.editing = desk.bench.editing
        self.editing.begin()
        self.done: set[str] = set()
        called = (
            "select_all", "select_none", "select_invert", "select_last", "select_grow", "select_alike",
            "delete_gaussians", "duplicate", "hide", "show_all_gaussians", "lock", "unlock_all", "group", *FITS,
            "turn_left", "turn_right", "turn_around", "flip_horizontally", "flip_vertically",
        )  # fmt: skip
        self.deeds = {
            **{name: partial(self.call, name) for name in called},
            **{f"tool_{name}": partial(self.paint, f"tool_{name}") for name in ("paint", "smear", "blur")},
            **{command.name: partial(self.use, command.name) for command in COMMANDS if self.tool_of(command.name)},
            "select_kept": self.select_kept, "give_colour": self.give_colour, "crop": self.crop,
            "crop_to_selection": self.crop_to_selection,
            "resize_canvas": self.resize, "paste": partial(self.paste, "paste"),
            "paste_over": partial(self.paste, "paste_over"),
            # What panels do, and keys that are no commands.
            "select a few": self.select, "nudge": self.nudge, "turn a hue": self.turn_hue,
            "strengthen": self.strengthen, "ungroup": self.ungroup, "select a group": self.select_group,
            "change a group": self.change_group,
        }  # fmt: skip

    @staticmethod
    def tool_of(name: str) -> Kind | None:
        """That a command takes, of those over the picture that select or move."""
        kinds = {
            "tool_move": Kind.MOVE, "tool_rectangle": Kind.RECTANGLE, "tool_lasso": Kind.LASSO,
            "tool_polygon": Kind.POLYGON, "tool_select_brush": Kind.BRUSH, "tool_alike": Kind.ALIKE,
            "tool_eyedropper": Kind.EYEDROPPER,
        }  # fmt: skip
        return kinds.get(name)

    def act(self) -> None:
        left = [name for name in self.deeds if name not in self.done]
        name = self.one_of(*(left if left and self.rng.random() < 0.3 else self.deeds))
        if name in FITS and self.rng.random() < 0.6:  # which take longest
            name = self.one_of("tool_move", "tool_rectangle", "delete_gaussians", "duplicate")
        before = self.editing.population
        if len(before) > MOST:
            gone = self.rng.random(len(before)) < 0.7
            self.editing.apply("deleting", before.without(gone), np.flatnonzero(~gone))
            return
        if not len(before):
            name = self.one_of("paste", "paste_over", "tool_paint")
        elif not before.editable.any():
            name = self.one_of("show_all_gaussians", "unlock_all", "ungroup")
        elif not before.count and self.rng.random() < 0.7:
            name = self.one_of("select a few", "select_all") if len(before) < 20 else "select a few"
        self.deeds[name]()
        self.desk.until(lambda: not self.bench.unfinished.is_busy, seconds=240)
        if self.editing.population is not before:
            self.done.add(name)

    def one_of(self, *things):
        return things[self.rng.integers(len(things))]

    def places(self, count: int) -> np.ndarray:
        return self.rng.uniform(0, self.editing.size, (count, 2))

    def call(self, name: str) -> None:
        """As menus and keys do."""
        self.bench.refitting.add_more(int(self.rng.integers(3)))
        if BY_NAME[name].enabled(self.bench):
            BY_NAME[name].run(self.bench)

    def use(self, name: str) -> None:
        """Takes a tool, and makes a gesture of it."""
        tool, kind = self.bench.edit_tool, self.tool_of(name)
        if not tool.is_on or tool.kind is not kind:
            self.call(name)
        mode, (first, *others) = self.one_of(*Mode), self.places(4).tolist()
        if kind.is_clicked:
            tool.click(*first, mode)
            return
        grip = self.one_of(*Grip) if kind is Kind.MOVE else Grip.MOVE
        tool.begin(*first, mode, grip)
        for place in others:
            (tool.begin if kind.has_corners else tool.extend)(*place)
        tool.close()

    def paint(self, name: str) -> None:
        if not BY_NAME[name].checked(self.bench):
            self.call(name)
        stroke(self.brushing, *self.places(3).tolist())

    def select(self) -> None:
        self.editing.select(self.rng.random(len(self.editing.population)) < 0.5, self.one_of(*Mode))

    def select_kept(self) -> None:
        overlay = self.bench.overlay
        overlay.watch_for("test", True)
        overlay.colour_by(Property.SIZE)
        overlay.keep(0, self.rng.uniform(1, 6))
        self.desk.until(
            lambda: overlay.reading is not None
            and overlay.reading.subject.gaussians is overlay.subject.gaussians
            and overlay.reading.kept is not None
        )
        self.call("select_kept")
        overlay.keep_all()
        overlay.watch_for("test", False)

    def nudge(self) -> None:
        if not self.bench.edit_tool.is_on or self.bench.edit_tool.kind is not Kind.MOVE:
            self.call("tool_move")
        self.bench.edit_tool.nudge(*self.one_of((1, 0), (0, -10)))

    def give_colour(self) -> None:
        self.desk.host.answers["colour"] = tuple(self.rng.random(3).tolist())
        self.call("give_colour")

    def turn_hue(self) -> None:
        self.bench.recolouring.map(hue_turned(50))
        self.bench.recolouring.keep()

    def strengthen(self) -> None:
        self.bench.recolouring.strengthen(self.rng.uniform(0.5, 1.5))
        self.bench.recolouring.keep()

    def ungroup(self) -> None:
        if groups := self.editing.population.groups:
            changing.ungroup(self.editing, int(self.rng.integers(len(groups))))

    def select_group(self) -> None:
        if groups := self.editing.population.groups:
            number = int(self.rng.integers(len(groups)))
            self.editing.select(changing.members(self.editing.population, number))

    def change_group(self) -> None:
        if groups := self.editing.population.groups:
            values = self.one_of({"strength": float(self.rng.uniform(0.5, 1))}, {"visible": False}, {"locked": True})
            changing.change_group(self.editing, int(self.rng.integers(len(groups))), "changing", **values)

    def paste(self, name: str) -> None:
        two = Gaussians.build(self.places(2), [np.eye(2) * 9] * 2, [[0.3, 0.1, 0.2]] * 2)
        self.desk.host.copied = packed(Drawing(two, *self.editing.size))
        self.call(name)

    def crop(self) -> None:
        width, height = self.editing.size
        if min(width, height) > LEAST:
            self.desk.host.answers["crop"] = Box(1, 2, width - 2, height - 1)
            self.call("crop")

    def crop_to_selection(self) -> None:
        left, top, right, bottom = canvas.selected_box(self.editing)
        if min(right - left, bottom - top) > LEAST:
            self.call("crop_to_selection")

    def resize(self) -> None:
        if self.done > set(FITS):  # without the pixels of the source there are no fits
            self.desk.host.answers["resize"] = self.rng.integers(LEAST, LARGEST, 2).tolist()
            self.call("resize_canvas")


@pytest.fixture
def hand(desk, brushing, tmp_path):
    """Makes one, of an edit beside an image to fit to."""
    pixels = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    PIL.Image.fromarray(pixels).save(tmp_path / "source.png")
    desk.bench.sources.add([FileOrigin(tmp_path / "source.png")])
    desk.until(lambda: desk.bench.sources.reference.picture is not None)
    return partial(Hand, desk, brushing)


def test_whatever_a_command_does_to_an_edit_is_among_what_is_done_at_random(hand):
    menus = {command.name for command in COMMANDS if command.menu in ("Edit", "Select", "Paint", "Canvas")}
    assert menus - CHANGE_NOTHING <= set(hand(0).deeds)
    assert set(FITS) | CHANGE_NOTHING <= menus
    assert {Hand.tool_of(name) for name in menus} >= set(Kind)


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_edits_of_all_kinds_are_undone_and_done_again_to_the_bit(desk, hand, seed):
    hand, history = hand(seed), desk.workspace.history
    first, number = history.position, 0
    states = {first: bits(hand.editing.population)}
    acts = False

    def note() -> None:  # some of what is done are two steps: what is pulled is selected first
        if acts:
            states[history.position] = bits(hand.editing.population)

    history.changed.connect(note)
    while number < 200 or (hand.done < set(hand.deeds) and number < 1000):
        number += 1
        if hand.rng.random() < 0.3:
            (history.undo if hand.rng.random() < 0.6 and history.position > first else history.redo)()
            assert bits(hand.editing.population) == states[history.position]
        else:
            acts = True
            hand.act()
            acts = False
    last = history.position
    back, forth = range(last - 1, first - 1, -1), range(first + 1, last + 1)
    for step, places in ((history.undo, back), (history.redo, forth)):
        for place in places:
            step()
            assert history.position == place and bits(hand.editing.population) == states[place]
    assert hand.done == set(hand.deeds)


def test_memory_is_flat_over_two_hundred_edits(desk, hand):
    hand, history = hand(7), desk.workspace.history
    history._budget = 50_000
    seen, alive, taken = [], [], []
    tracemalloc.start()
    for _ in range(2):
        for _ in range(100):
            hand.act()
            seen.append(weakref.ref(hand.editing.population))
            assert history.memory <= 50_000 or history.position == 1
        desk.until(lambda: not desk.workspace.background.running)
        gc.collect()
        alive.append(len({id(each()) for each in seen if each() is not None}))
        taken.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert max(alive) <= 20, "old states are held by something beside the history, which holds what has changed"
    # Bytes. The newest sides that were laid over the picture stay known (`registered.py`), up to 0.4 MB here.
    assert taken[1] - taken[0] < 900_000, taken
