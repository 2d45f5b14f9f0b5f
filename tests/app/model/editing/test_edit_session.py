"""Edits of what is on side B: rows, selections, undoing to the bit, and the file that comes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from property_tests import examples

from daub.app.model.editing.change import Change
from daub.app.model.editing.population import Flag, Population
from daub.app.model.sources.source import Kind
from daub.app.model.workspace.history import History
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.groups import Group
from daub.codec.editing.selection import Mode
from daub.render.gaussians import Gaussians


def some(count: int, seed: int = 0) -> Gaussians:
    return Gaussians(np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32))


def values_of(population: Population) -> tuple:
    arrays = population.gaussians.parameters, population.flags, population.group
    return (*(array.tobytes() for array in arrays), population.width, population.height, population.groups)


def changed_by(rng: np.random.Generator, before: Population) -> tuple[Population, np.ndarray | None]:
    """Another population, and the origin of each of its Gaussians where they are not at their places."""
    picked = rng.random(len(before)) < rng.random()
    kind = rng.integers(6)
    if kind == 0:
        return before.selecting(picked), None
    if kind == 1:
        return before.selecting(picked).flagged(Flag(int(rng.choice([2, 4]))), bool(rng.integers(2))), None
    if kind == 2:
        parameters = before.gaussians.parameters.copy()
        parameters[picked] = rng.choice(np.float32([0.0, -0.0, np.nan, 1.5, 1e30]), (int(picked.sum()), 8))
        return before.with_gaussians(Gaussians(parameters)), None
    if kind == 3:
        return before.without(picked), np.flatnonzero(~picked)
    if kind == 4:
        born = int(rng.integers(4))
        left = np.flatnonzero(~picked)
        parameters = np.concatenate(
            [before.gaussians.parameters[left] * 2, some(born, int(rng.integers(99))).parameters]
        )
        origin = np.concatenate([left, np.full(born, -1)])
        return before.following(Gaussians(parameters), origin), origin
    groups = tuple(
        Group(str(i), bool(rng.integers(2)), strength=float(rng.random())) for i in range(rng.integers(1, 4))
    )
    return before.with_groups(groups, rng.integers(-1, len(groups), len(before)).astype(np.int32)), None


class Place:
    """What a history works on: a population."""

    def __init__(self, population: Population):
        self.population = population

    def become(self, population: Population) -> None:
        self.population = population


@settings(max_examples=examples(8))
@given(st.integers(0, 2**32 - 1))
def test_two_hundred_random_edits_end_where_they_began(seed):
    from daub.app.model.editing.operations import Edit

    rng = np.random.default_rng(seed)
    place = Place(Population.of(Drawing(some(30), 20, 10)))
    history, states = History(None, clock=lambda: 0.0), [values_of(place.population)]
    for number in range(200):
        if rng.random() < 0.3:
            (history.undo if rng.random() < 0.6 else history.redo)()
            continue
        before = place.population
        after, origin = changed_by(rng, before)
        change = Change.between(before, after, origin)
        history.seal()
        history.do(Edit(place, f"{number}", change))
        assert values_of(place.population) == values_of(after)
    whole, count = values_of(place.population), history.position
    while history.next_undo is not None:
        history.undo()
    assert values_of(place.population) == states[0]
    for _ in range(count):
        history.redo()
    assert values_of(place.population) == whole


@pytest.mark.parametrize("seed", range(20))
def test_two_changes_in_one_are_as_both(seed):
    rng = np.random.default_rng(seed)
    first = Population.of(Drawing(some(30), 20, 10))
    states = [first]
    while len(states) < 3:
        after, origin = changed_by(rng, states[-1])
        if origin is None:
            states.append(after)
    both = Change.between(*states[:2]).then(Change.between(*states[1:]))
    assert values_of(both.forward(first)) == values_of(states[2])
    assert values_of(both.backward(states[2])) == values_of(first)


def test_an_undone_change_of_many_costs_little():
    before = Population.of(Drawing(some(50_000), 20, 10))
    one = np.zeros(50_000, bool)
    one[7] = True
    assert Change.between(before, before.selecting(one)).memory < 100
    assert Change.between(before, before.without(one), np.flatnonzero(~one)).memory < 200


def test_an_edit_is_a_row_of_its_own(desk, photo):
    desk.open(photo)
    desk.finish()
    bench, editing = desk.bench, desk.bench.editing
    result = bench.sources.pair.on("b")
    gaussians = bench.sources.pair.sides[1].gaussians
    assert editing.session is None and not editing.why_not
    found = np.zeros(len(gaussians), bool)
    found[:3] = True
    editing.select(found)
    row = bench.sources.get(bench.sources.pair.on("b"))
    assert row.kind is Kind.EDITED and row.name.endswith(", edited") and editing.count == 3
    assert bench.sources.get(result) is not None  # stays
    assert editing.summary.startswith(f"3 of {len(gaussians)} selected")
    editing.apply("deleting", editing.population.without(found), np.flatnonzero(~found))
    assert len(bench.sources.pair.sides[1].gaussians) == len(gaussians) - 3
    desk.until(lambda: editing.session.bytes is not None)
    for _ in range(3):
        desk.workspace.undo()
    assert bench.sources.pair.on("b") == result and editing.session is None
    assert bench.sources.get(row.key) is None
    for _ in range(3):
        desk.workspace.redo()
    assert bench.sources.pair.on("b") == row.key and len(editing.population) == len(gaussians) - 3


def test_what_is_as_it_was_still_knows_what_each_has_cost(desk, brushing):
    from daub.app.model.editing import changing
    from daub.app.model.gaussians.properties import Property

    bench = desk.bench

    def document():
        return bench.sources.pair.sides[1].document

    whole = document()
    bench.editing.select(np.array([True, False]))
    assert bench.editing.session is not None and document() is whole and not bench.overlay.why_not(Property.BITS)
    changing.delete(bench.editing)
    assert document() is None and bench.overlay.why_not(Property.BITS)
    bench.workspace.undo()
    assert document() is whole
    changing.hide(bench.editing)
    assert document() is None
    bench.workspace.undo()
    bench.editing.move(changing.recoloured(bench.editing.population, np.eye(3) / 2))
    assert document() is None
    bench.editing.move(None)
    assert document() is whole


def test_modes_go_together_and_what_is_locked_is_passed_over(desk, photo):
    desk.open(photo)
    desk.finish()
    editing = desk.bench.editing
    count = len(desk.bench.sources.pair.sides[1].gaussians)
    first, second = (np.arange(count) == place for place in (0, 1))
    editing.select(first)
    editing.select(second, Mode.ADD)
    assert editing.count == 2
    editing.select(first, Mode.SUBTRACT)
    assert editing.population.selected.tolist() == second.tolist()
    editing.apply("locking", editing.population.flagged(Flag.LOCKED, True))
    assert editing.count == 0
    editing.select(first | second)
    assert editing.population.selected.tolist() == first.tolist()


def test_nothing_is_edited_while_a_fit_runs(desk, photo):
    desk.open(photo)
    desk.encoder.permits.release(20)
    desk.until(lambda: desk.bench.sources.pair.sides[1] is not None)
    assert "fit" in desk.bench.editing.why_not
    assert desk.bench.editing.begin() is None
    assert "nothing can be edited" in desk.heard["failed"][-1].line


def test_what_was_edited_is_written(desk, photo, tmp_path):
    from daub.codec import container

    desk.open(photo)
    desk.finish()
    editing = desk.bench.editing
    population = editing.begin()
    gone = np.arange(len(population)) == 0
    editing.apply("deleting 1 Gaussian", population.without(gone), np.flatnonzero(~gone))
    target = tmp_path / "edited.daub"
    desk.bench.exports.daub(target)
    desk.until(target.exists, seconds=120)
    desk.until(lambda: any("bytes, and" in line for line in desk.heard["noticed"]))
    assert 0 < len(container.read(target.read_bytes())) <= len(population) - 1
