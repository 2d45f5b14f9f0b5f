"""Gaussians for other programs: those that are selected, in every format, and how long ones are told and given up."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.editing import changing
from daub.app.model.output.slow_files import SlowFiles
from daub.codec import container
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.gaussians import Gaussians


@pytest.fixture
def edited(desk, tmp_path):
    """Four Gaussians, of which two are selected."""
    places = [(20, 16), (44, 16), (20, 40), (50, 40)]
    four = Gaussians.build(places, [np.eye(2) * 9] * 4, [[0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.1, 0.9], [0.8] * 3])
    drawing = Drawing(four, 64, 48)
    (tmp_path / "four.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=70)))
    desk.open(tmp_path / "four.daub")
    editing = desk.bench.editing
    editing.begin()
    editing.select(editing.population.gaussians.mean[:, 0] < 30)
    assert editing.count == 2
    return desk


def export(desk, path) -> None:
    desk.host.answers["save"] = path
    BY_NAME["export_gaussians"].run(desk.bench)
    saved = f"Saved {path.name}"
    desk.until(lambda: any(line.startswith(saved) for line in desk.heard["noticed"]), seconds=240)


@pytest.mark.parametrize("suffix", [".daub", ".npz", ".ply", ".svg"])
def test_what_is_selected_is_written_alone(edited, tmp_path, suffix):
    assert BY_NAME["export_gaussians"].words(edited.bench) == "Export selected Gaussians…"
    path = tmp_path / f"part{suffix}"
    export(edited, path)
    data = path.read_bytes()
    if suffix == ".daub":
        written = container.read(data)
        assert len(written.gaussians) == 2 and (written.width, written.height) == (64, 48)
        assert np.allclose(written.gaussians.mean[:, 0], 20, atol=1)
    elif suffix == ".npz":
        with np.load(path) as arrays:
            assert np.array_equal(arrays["parameters"], edited.bench.editing.population.picked().gaussians.parameters)
    else:
        count = data.count(b"<circle") if suffix == ".svg" else int(data.split(b"element vertex ")[1].split()[0])
        assert count == 2
    assert edited.heard["noticed"][-1] == f"Saved {path.name}: 2 Gaussians, {len(data):,} bytes"
    assert not edited.exports.slow.words


def test_without_a_selection_all_that_is_seen_is_written(edited, tmp_path):
    changing.hide(edited.bench.editing)
    assert BY_NAME["export_gaussians"].words(edited.bench) == "Export Gaussians…"
    export(edited, tmp_path / "seen.npz")
    with np.load(tmp_path / "seen.npz") as arrays:
        assert np.allclose(sorted(arrays["mean"][:, 0]), [44, 50], atol=1)
    export(edited, tmp_path / "seen.daub")
    assert len(container.read((tmp_path / "seen.daub").read_bytes()).gaussians) == 2


def test_the_strength_of_a_group_is_written(edited, tmp_path):
    editing = edited.bench.editing
    before = editing.population.picked().gaussians.coefficient
    changing.group(editing)
    changing.change_group(editing, 0, "changing", strength=0.5)
    export(edited, tmp_path / "weak.npz")
    with np.load(tmp_path / "weak.npz") as arrays:
        assert np.allclose(arrays["parameters"][:, 5:], 0.5 * before)


def test_a_file_that_cannot_be_written_is_one_clear_line_and_leaves_nothing(edited, tmp_path):
    folder = tmp_path / "none"
    for path in (folder / "part.npz", folder / "part.daub", tmp_path / "four.daub"):
        edited.host.answers["save"] = path
        heard = len(edited.heard["failed"])
        before = path.read_bytes() if path.exists() else None
        BY_NAME["export_gaussians"].run(edited.bench)
        edited.until(lambda heard=heard: len(edited.heard["failed"]) > heard, seconds=240)
        assert "\n" not in edited.heard["failed"][-1].line and path.name in edited.heard["failed"][-1].line
        assert (path.read_bytes() if path.exists() else None) == before
    assert not folder.exists() and not edited.exports.slow.words
    assert not [name for name in os.listdir(tmp_path) if name.startswith("part")]


def test_what_takes_long_tells_how_far_it_is_and_can_be_given_up(desk, monkeypatch):
    monkeypatch.setattr("daub.app.model.output.slow_files._EVERY", 0.0)
    slow, told = SlowFiles(desk.workspace.background, desk.workspace.noticed.emit), []
    going_on = threading.Event()

    def work(report) -> str:
        report(0.0)
        report(0.4)
        going_on.wait(120)
        report(0.8)
        return "never"

    slow.write("part.svg", work, told.append, told.append)
    desk.until(lambda: slow.words == "Writing part.svg: 40 %")
    slow.cancel()
    going_on.set()
    desk.until(lambda: not slow.words)
    assert desk.heard["noticed"][-1] == "Gave up writing part.svg" and not told
