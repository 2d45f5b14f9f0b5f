"""Edits in projects: Gaussians, groups, selection and steps come back bit for bit, and damage costs only itself."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_project import reopen, save
from test_recovery import keep, left

from daub.app.model.commands.project import may_close, recover
from daub.app.model.editing import canvas, changing
from daub.app.model.editing.change import Change
from daub.app.model.editing.operations import Edit
from daub.app.model.editing.population import Flag, Population
from daub.app.model.editing.session import Origin
from daub.app.model.host import Leaving
from daub.app.model.picture.box import Box
from daub.app.model.project import steps_section
from daub.app.model.project.edit_changes import pack, stepped, unpack
from daub.app.model.project.fields import Fields
from daub.app.model.sources.source import LIVE, Kind
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.groups import Group
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import Gaussians


def values_of(population: Population) -> tuple:
    arrays = population.gaussians.parameters, population.flags, population.group
    return (*(array.tobytes() for array in arrays), population.sheet)


def some(population: Population, *places: int) -> np.ndarray:
    return np.isin(np.arange(len(population)), places)


@pytest.fixture
def spots(tmp_path) -> Path:
    """A .daub of 30 Gaussians, 64x48 pixels."""
    rng = np.random.default_rng(3)
    gaussians = Gaussians.build(
        rng.uniform(4, 44, (30, 2)), np.eye(2) * rng.uniform(4, 60, (30, 1, 1)), rng.uniform(-0.2, 0.5, (30, 3))
    )  # fmt: skip
    drawing = Drawing(gaussians, 64, 48)
    path = tmp_path / "spots.daub"
    path.write_bytes(plain_file(drawing, grid_for(drawing, quality=80)))
    return path


@pytest.fixture
def edited(desk, spots):
    """Some of them were moved, locked, hidden, grouped and deleted, others selected; the row has a star."""
    desk.open(spots)
    editing = desk.bench.editing
    population = editing.begin()
    editing.select(some(population, 1, 2, 3))
    changing.transform(editing, Affine.translation(1.25, -3), "moving")
    changing.group(editing, "three, ö")
    changing.change_group(editing, 0, "strength of", strength=0.3)
    editing.select(some(population, 4, 5))
    changing.lock(editing)
    editing.select(some(population, 6))
    changing.hide(editing)
    canvas.turn(editing, 1)
    canvas.crop(editing, Box(0, 2, 48, 63))
    canvas.flip_horizontally(editing)
    assert not editing.population.registration.inverse.matrix[0, 0] and editing.session.population.width == 48
    editing.select(some(editing.population, 7, 8))
    changing.duplicate(editing)
    editing.select(some(editing.population, 9, 10))
    changing.delete(editing)
    editing.select(some(editing.population, 0, 11))
    editing.apply("recolouring", changing.recoloured(editing.population, np.eye(3) * 0.5))
    changing.delete(editing)
    desk.workspace.undo()
    desk.workspace.undo()
    desk.bench.sources.star(editing.session.key)
    return desk


def test_an_edit_comes_back_bit_for_bit_with_all_its_steps(edited, new_desk, tmp_path):
    editing, history = edited.bench.editing, edited.workspace.history
    before, summary = values_of(editing.population), editing.summary.split(" · ")[0]
    with save(edited, tmp_path / "work.daubproj") as archive:
        names = [name for name in archive.namelist() if name.startswith(("editing/", "steps/"))]
        assert len(names) == len(set(names)) >= 5
    assert not edited.bench.is_unsaved
    states = [before]
    edited.workspace.undo()  # the star
    while editing.session is not None:
        edited.workspace.undo()
        if editing.session is not None:
            states.append(values_of(editing.population))
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    assert not other.heard["failed"]
    again = other.bench.editing
    row = other.bench.sources.get(other.bench.sources.pair.on("b"))
    assert row.kind is Kind.EDITED and row.starred and row.name == "spots.daub, edited"
    assert values_of(again.population) == before and again.summary.split(" · ")[0] == summary
    assert not other.bench.is_unsaved and not other.bench.project.is_dirty
    assert other.workspace.history.undo_label.startswith("selecting")
    found = [before]
    while again.session is not None:
        other.workspace.undo()
        if again.session is not None:
            found.append(values_of(again.population))
    assert found == states and len(states) > 12
    assert other.bench.sources.get(row.key) is None and other.bench.sources.rows[0].kind is Kind.PICTURE
    while other.workspace.history.next_redo is not None:
        other.workspace.redo()
    assert values_of(again.population) == before
    assert len(history.titles) > len(other.workspace.history.titles)  # the star is of a window


def test_steps_that_lie_undone_are_kept(desk, spots, new_desk, tmp_path):
    desk.open(spots)
    editing = desk.bench.editing
    population = editing.begin()
    editing.select(some(population, 1, 2, 3))
    changing.delete(editing)
    after = values_of(editing.population)
    desk.workspace.undo()
    save(desk, tmp_path / "work.daubproj")
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    assert other.bench.editing.count == 3
    other.workspace.redo()
    assert values_of(other.bench.editing.population) == after


def _another(rng: np.random.Generator, before: Population) -> tuple[Population, np.ndarray | None]:
    picked, kind = rng.random(len(before)) < rng.random(), rng.integers(5)
    if kind == 0:
        return before.selecting(picked), None
    if kind == 1:
        return before.selecting(picked).flagged(Flag(int(rng.choice([2, 4]))), bool(rng.integers(2))), None
    if kind == 2:
        parameters = before.gaussians.parameters.copy()
        parameters[picked] = rng.choice(np.float32([0.0, -0.0, 1.5, -3e30]), (int(picked.sum()), 8))
        return before.with_gaussians(Gaussians(parameters)), None
    if kind == 3:
        groups = tuple(Group(f"{i} ö", bool(rng.integers(2)), strength=float(rng.random())) for i in range(3))
        return before.with_groups(groups, rng.integers(-1, 3, len(before)).astype(np.int32)), None
    origin = np.concatenate([np.flatnonzero(~picked), np.full(int(rng.integers(4)), -1)])
    born = rng.normal(size=(int((origin < 0).sum()), 8)).astype(np.float32)
    gaussians = Gaussians(np.concatenate([before.gaussians.parameters[origin[origin >= 0]], born]))
    return replace(before.following(gaussians, origin), width=int(rng.integers(1, 99))), origin


@pytest.mark.parametrize("seed", range(12))
def test_changes_are_the_same_after_they_were_written(seed):
    rng = np.random.default_rng(seed)
    start = rng.normal(size=(20, 8)).astype(np.float32)
    populations = [Population.of(Drawing(Gaussians(start), 20, 10))]
    packed = []
    while len(packed) < 12:
        after, origin = _another(rng, populations[-1])
        packed.append(pack(Change.between(populations[-1], after, origin)))
        populations.append(after)
    data, place = memoryview(b"".join(pieces for _, pieces in packed)), 0
    for before, after, (said, _) in zip(populations, populations[1:], packed, strict=False):
        change, taken = unpack(Fields(json.loads(json.dumps(said)), "a step"), data[place:])
        place += taken
        assert values_of(stepped(before, change, "it", True)) == values_of(after)
        assert values_of(stepped(after, change, "it", False)) == values_of(before)
    assert place == len(data)


def test_of_two_edits_the_newest_steps_are_kept_that_a_project_has_room_for(
    desk, spots, new_desk, tmp_path, monkeypatch
):
    desk.open(spots)
    editing, pair = desk.bench.editing, desk.bench.sources.pair
    first_row = pair.on("b")
    for _ in range(2):
        pair.put(first_row, "b")
        editing.begin()
        for _ in range(2):
            editing.select(some(editing.population, 1, 2, 3))
            changing.delete(editing)
    steps = [each for each in desk.workspace.history.operations if isinstance(each, Edit)]
    assert len(steps) == 8
    monkeypatch.setattr(steps_section, "BUDGET", sum(each.memory for each in steps[3:]))
    after = [values_of(session.population) for session in editing.sessions]
    save(desk, tmp_path / "work.daubproj").close()
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    sessions = other.bench.editing.sessions
    assert [values_of(session.population) for session in sessions] == after
    assert len(other.workspace.history.titles) == 6  # five changes, and the beginning of the second edit
    while other.workspace.history.next_undo is not None:
        other.workspace.undo()
    assert other.bench.editing.sessions == sessions[:1]  # the second has not begun yet
    assert len(sessions[0].population) == 27 and sessions[0].population.selected.sum() == 3


def test_a_crash_without_a_project_loses_no_edit_and_the_next_window_asks_about_it(edited, new_desk):
    before = values_of(edited.bench.editing.population)
    found = left(edited)
    assert found.about.edits == 1 and not found.about.project
    other = new_desk()
    recover(other.bench, found)
    editing = other.bench.editing
    other.until(lambda: editing.session is not None and other.workspace.history.next_undo is not None)
    assert values_of(editing.population) == before and other.bench.is_unsaved
    assert editing.unwritten == (editing.session.name,)
    editing.select(some(editing.population, 0))
    state = other.bench.project._state(all_of_it=True)
    keep(other)
    assert other.bench.project._kept == state  # another selection is kept as well


def test_an_edit_of_what_is_in_no_file_is_kept(desk, spots, new_desk, tmp_path):
    """Such as of a fit that was stopped: then nobody knows any more what it was at first, but that it is another."""
    desk.open(spots)
    drawing = Drawing(Gaussians(np.random.default_rng(1).normal(0, 1, (9, 8)).astype(np.float32)), 64, 48)
    population = Population.of(drawing)
    editing = desk.bench.editing
    origin = Origin(LIVE, desk.workspace.picture.key, None, population.look, drawing)
    session = editing.add(origin, population, "a fit, edited")
    session.show_row(True)
    save(desk, tmp_path / "begun.daubproj").close()
    assert editing.session is session and not session.is_changed
    editing.select(some(population, 0, 5))
    changing.delete(editing)
    save(desk, tmp_path / "work.daubproj").close()
    for name, is_changed in (("begun.daubproj", False), ("work.daubproj", True)):
        other = reopen(new_desk(), tmp_path / name).bench.editing
        assert other.session.is_changed is is_changed and other.session.document is None
    assert values_of(other.population) == values_of(editing.population)


def test_a_selection_makes_no_work_and_an_edit_does_until_it_is_undone(edited, tmp_path):
    bench, editing = edited.bench, edited.bench.editing
    save(edited, tmp_path / "work.daubproj")
    editing.select(some(editing.population, 12))
    assert not bench.is_unsaved
    changing.delete(editing)
    assert bench.is_unsaved
    edited.host.answers["leave"] = Leaving.STAY
    assert not may_close(bench) and edited.host.asked[-1] == "work"
    edited.workspace.undo()
    assert not bench.is_unsaved


def test_without_a_project_an_edit_is_asked_about_until_it_is_exported_or_undone(desk, spots, draw, tmp_path):
    desk.open(spots)
    bench, editing = desk.bench, desk.bench.editing
    population = editing.begin()
    editing.select(some(population, 1))
    assert not bench.is_unsaved
    changing.delete(editing)
    assert bench.is_unsaved and editing.unwritten == ("spots.daub, edited",)
    desk.open(draw("another.png", 90))  # nothing is lost by that: the row stays, and is still asked about
    desk.host.answers["lose"] = Leaving.STAY
    assert not may_close(bench) and desk.host.asked[-1] == ["spots.daub, edited"]
    desk.workspace.undo()
    desk.until(lambda: desk.workspace.picture.name == "spots.daub")
    desk.workspace.undo()
    assert not bench.is_unsaved
    desk.workspace.redo()
    key = next(row.key for row in bench.sources.rows if row.kind is Kind.EDITED)
    bench.exports.source(key, tmp_path / "edited.daub")
    desk.until(lambda: not bench.is_unsaved, seconds=120)
    assert (tmp_path / "edited.daub").exists()


def spoiled(path: Path, change) -> Path:
    """The same project with another project.json, and without the entries that `change` gives."""
    out = path.with_name("spoiled.daubproj")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        index = json.loads(old.read("project.json"))
        left_out = change(index["sections"]) or ()
        for name in old.namelist():
            if name not in left_out:
                new.writestr(name, json.dumps(index) if name == "project.json" else old.read(name))
    return out


def _later_steps(sections: dict) -> None:
    sections["steps"]["done"][3]["change"]["counts"][0] += 1


def _other_rows(sections: dict) -> None:
    sections["steps"]["done"][2]["change"]["counts"][2:] = sections["steps"]["done"][2]["change"]["counts"][:1:-1]


@pytest.mark.parametrize(
    "change", [lambda sections: ["steps/changes.bin"], _later_steps, _other_rows], ids=["missing", "counts", "columns"]
)
def test_damaged_steps_cost_the_steps_alone(edited, new_desk, tmp_path, change):
    before = values_of(edited.bench.editing.population)
    save(edited, tmp_path / "work.daubproj").close()
    other = reopen(new_desk(), spoiled(tmp_path / "work.daubproj", change))
    assert values_of(other.bench.editing.population) == before
    assert other.workspace.history.next_undo is None
    assert other.heard["failed"]


def _without_picture(sections: dict) -> None:
    sections["editing"]["rows"][0]["group"] = None
    sections["editing"]["rows"][0]["groups"] = []
    sections["editing"]["rows"][0]["gaussians"] = "../x"


def test_a_damaged_edit_costs_itself_and_its_steps(edited, new_desk, tmp_path):
    save(edited, tmp_path / "work.daubproj").close()
    other = reopen(new_desk(), spoiled(tmp_path / "work.daubproj", _without_picture))
    assert [row.kind for row in other.bench.sources.rows] == [Kind.PICTURE] and other.heard["failed"]
    assert other.bench.editing.session is None and other.workspace.history.next_undo is None


def test_groups_that_are_none_cost_the_edit(edited, new_desk, tmp_path):
    save(edited, tmp_path / "work.daubproj").close()
    broken = spoiled(tmp_path / "work.daubproj", lambda sections: sections["editing"]["rows"][0].update(groups=[]))
    other = reopen(new_desk(), broken)
    assert other.heard["failed"] and other.bench.editing.session is None
