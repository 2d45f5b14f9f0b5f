"""Hundreds of broken projects: each is opened as far as it goes, in no time, and nothing but a line comes of it."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from test_project import add_result, save

from daub.app.model.editing import changing
from daub.app.model.project.copies import Copies
from daub.app.model.project.format import read_about, read_project
from daub.app.model.sources.source import Kind
from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings

ROUNDS = 400
VALUES = [
    None, True, -1, 0, 1, 10**30, 1e308, -0.5, "", "x", "\0", "../..", "/dev/zero", [], [[]], {}, {"a": 1}, "inf",
    [1] * 9, "file:1", "result:1", "a" * 300, "results/1.daub", {"quality": 1e9}, [None, None, None],
]  # fmt: skip


@pytest.fixture(scope="module")
def rng() -> random.Random:
    return random.Random(17)


@pytest.fixture
def project(desk, small, real_files, tmp_path) -> Path:
    desk.workspace.fitting.start_fits_paused(True)
    desk.open(small)
    desk.workspace.change(goal=Goal("gaussians", 10), steps=5)
    for encoded, count in zip(real_files, (6, 8, 10), strict=True):
        add_result(desk, encoded, EncodeSettings(Goal("gaussians", count), steps=5))
    desk.until(lambda: desk.workspace.background.running == 0)
    sources, editing = desk.bench.sources, desk.bench.editing
    sources.pair.put(next(row.key for row in sources.rows if row.kind is Kind.RESULT), "b")
    population = editing.begin()
    editing.select(np.arange(len(population)) < 2)
    changing.group(editing)
    changing.duplicate(editing)
    changing.delete(editing)
    desk.workspace.undo()
    save(desk, tmp_path / "work.daubproj").close()
    return tmp_path / "work.daubproj"


def opened(desk, path: Path, copies: Copies) -> str:
    """How far it came."""
    try:
        read_about(path)
    except DaubError as error:
        assert "\n" not in str(error)
    try:
        loaded = read_project(path, desk.bench.project.sections, copies)
    except DaubError as error:
        assert "\n" not in str(error)
        return "refused"
    assert all("\n" not in line for line in loaded.lost)
    return "opened with losses" if loaded.lost or loaded.lacking else "opened"


def spoiled_bytes(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, a part left out, doubled, or cut off."""
    data = bytearray(data)
    kind = rng.randrange(4)
    if kind == 0:
        for _ in range(rng.choice((1, 3, 30))):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 1:
        del data[rng.randrange(len(data)) :]
    else:
        start = rng.randrange(len(data))
        end = min(len(data), start + rng.randrange(1, 2000))
        data[start:end] = b"" if kind == 2 else bytes(data[start:end]) * 2
    return bytes(data)


def spoiled_json(data: bytes, rng: random.Random) -> bytes:
    """Some values of project.json others, gone, or where others should be; all else whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "project.json":
                index = json.loads(content)
                for _ in range(rng.choice((1, 1, 2, 5))):
                    _spoil(index, rng)
                content = json.dumps(index).encode()
            new.writestr(name, content)
    return out.getvalue()


def _spoil(index: dict, rng: random.Random) -> None:
    places = []

    def walk(value):
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, each in items:
            places.append((value, key))
            walk(each)

    walk(index)
    holder, key = rng.choice(places)
    holder[key] = rng.choice(VALUES)


@pytest.mark.parametrize("spoil", [spoiled_bytes, spoiled_json])
def test_nothing_but_a_line_comes_of_a_broken_project(desk, project, tmp_path, rng, spoil):
    whole, copies = project.read_bytes(), Copies()
    assert opened(desk, project, copies) == "opened"
    path, seen = tmp_path / "broken.daubproj", {"refused": 0, "opened with losses": 0, "opened": 0}
    tracemalloc.start()
    for _ in range(ROUNDS):
        path.write_bytes(spoil(whole, rng))
        seen[opened(desk, path, copies)] += 1
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    copies.close()
    assert most < 100 << 20
    assert seen["opened with losses"] > ROUNDS / 5, seen


def test_a_bomb_of_rows_does_not_fill_the_memory(desk, project, tmp_path, monkeypatch):
    """Thousands of rows that all name one entry, and a deep nesting."""
    monkeypatch.setattr("daub.app.model.project.archive.MOST_IN_MEMORY", 64 << 20)
    with zipfile.ZipFile(project) as old:
        index = json.loads(old.read("project.json"))
        entries = {name: old.read(name) for name in old.namelist() if name != "project.json"}
    rows = index["sections"]["sources"]["results"]
    rows.extend({**rows[0], "key": f"result:{number}"} for number in range(100, 4000))
    entries[rows[0]["entry"]] = b"DAUB" + bytes(20 << 20)
    path, copies = tmp_path / "bomb.daubproj", Copies()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("project.json", json.dumps(index))
        for name, data in entries.items():
            new.writestr(name, data)
    loaded = read_project(path, desk.bench.project.sections, copies)
    assert any("it would take" in line for line in loaded.lost)
    deep = tmp_path / "deep.daubproj"
    with zipfile.ZipFile(deep, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("project.json", "[" * 5_000_000)
    with pytest.raises(DaubError, match=r"its project\.json is damaged"):
        read_project(deep, desk.bench.project.sections, copies)
    copies.close()
