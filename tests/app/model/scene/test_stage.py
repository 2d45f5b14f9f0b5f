"""A scene that is open, without a window: its files, from where it is seen, and what is kept of it."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import replace

import pytest
from random_splats import scene

from daub.app.model.commands.scene import remove
from daub.app.model.scene import stage as of_stage
from daub.app.model.scene.frames import Frame
from daub.codec.scenes import reading
from daub.codec.scenes.formats import spz
from daub.codec.scenes.scene_files import write_scene


@pytest.fixture
def files(tmp_path):
    """A scene, and three more files of it."""
    paths = [tmp_path / name for name in ("statue.ply", "one.spz", "two.spz", "three.spz")]
    for path in paths:
        write_scene(scene(2, 60), path)
    return paths


@pytest.fixture
def desk(new_desk, files):
    """A workbench with that scene, of which a whole picture has been drawn."""
    desk = new_desk()
    desk.bench.view.resize(64, 48, 1.0)
    desk.bench.stage.open(files[0])
    desk.until(lambda: drawn(desk.bench.stage, "b"), 100)
    return desk


def drawn(stage, *sides) -> bool:
    """They have been, whole."""
    frames = [stage._drawn.get(side) for side in sides]
    return all(
        frame is not None and frame.coarseness == 1 and frame.shot.versions[side] is stage.versions.on(side)
        for side, frame in zip(sides, frames, strict=True)
    )


def test_files_are_listed_in_the_order_in_which_they_were_named_without_those_that_cannot_be_read(
    desk, files, monkeypatch
):
    read, later = of_stage.open_version, threading.Event()

    def reading(key, path, progress):
        if path == files[1]:
            later.wait(0.3)  # the first takes longest
        return read(key, path, progress)

    monkeypatch.setattr(of_stage, "open_version", reading)
    files[2].write_bytes(b"no scene")
    stage = desk.bench.stage
    stage.open(files[0], files[1:])
    desk.until(lambda: len(stage.versions.rows) == 3)
    assert [row.name for row in stage.versions.rows] == ["statue.ply", "one.spz", "three.spz"]
    assert stage.versions.on("b").name == "three.spz" and stage.versions.on("a").name == "statue.ply"
    assert len(desk.heard["failed"]) == 1 and "two.spz" in desk.heard["failed"][0].line


def test_how_far_a_file_to_compare_is_read_is_told_and_it_can_be_given_up_with_those_that_wait(
    desk, files, monkeypatch
):
    goes_on, shares, names = threading.Event(), [], []
    done = reading.done

    def slowly(share):
        done(share)
        if share > 0.5:
            assert goes_on.wait(60)

    monkeypatch.setattr(spz, "done", slowly)
    workspace = desk.bench.workspace
    workspace.read_share.connect(shares.append)
    workspace.loading.connect(names.append)
    desk.bench.stage.add_all([(path, "b") for path in files[1:]])
    assert workspace.opening.is_reading and names == ["one.spz"]
    desk.until(lambda: shares and shares[-1] > 0.5)
    workspace.opening.cancel()
    assert not workspace.opening.is_reading and names[-1] == ""
    goes_on.set()
    desk.until(lambda: not workspace.background.running)
    assert [row.name for row in desk.bench.stage.versions.rows] == ["statue.ply"] and not desk.heard["failed"]


def test_nobody_comes_so_near_or_goes_so_far_that_nothing_is_seen_any_more(desk):
    stage = desk.bench.stage
    radius = stage.document.extent.radius
    for factor, end in ((0.0, 1e4), (-3.0, 1e4), (1e300, 1e-5)):
        for _ in range(60):
            stage.zoom_by(factor)
        assert stage.viewpoint.distance == pytest.approx(end * radius)
    stage.fit()
    before = stage.viewpoint.distance
    stage.zoom_by(2)
    assert stage.viewpoint.distance == pytest.approx(before / 2)


def test_numbers_of_the_original_are_made_of_what_rests_alone(desk, files):
    stage = desk.bench.stage
    stage.add_all([(files[1], "b")])
    desk.until(lambda: drawn(stage, "a", "b"))
    assert stage.reference.shape == (*stage.size[::-1], 3)
    frame = stage._drawn["a"]
    stage._take(Frame(replace(frame.shot, moves=True), 1.0, frame.pixels))
    assert stage.reference is None


@pytest.mark.parametrize("side", ["a", "b"])
def test_what_is_out_of_the_list_is_out_of_memory(desk, files, side):
    stage = desk.bench.stage
    stage.add_all([(files[1], side)])
    desk.until(lambda: drawn(stage, "a", "b"))
    version = weakref.ref(stage.versions.on(side).drawn)
    stage.versions.remove(stage.versions.on(side).key)

    def is_gone() -> bool:
        gc.collect()
        return version() is None

    desk.until(is_gone)


def test_what_is_in_no_file_is_taken_out_of_the_list_by_consent_alone(desk, files):
    stage = desk.bench.stage
    stage.add_all([(files[1], "b")])
    desk.until(lambda: stage.versions.compares)
    read = stage.versions.on("b")
    for key in ("made", "saved"):
        stage.versions.add(replace(read, key=key, name=key, data=b"its file"))
    stage.versions.note_saved("saved")
    desk.host.answers["remove"] = False
    for key in ("made", "saved", read.key):
        remove(desk.bench, key)
    assert desk.host.asked == ["made"] and [row.name for row in stage.versions.rows] == ["statue.ply", "made"]
    desk.host.answers["remove"] = True
    remove(desk.bench, "made")
    assert len(stage.versions.rows) == 1


def test_the_name_that_is_proposed_does_not_depend_on_what_has_become_of_the_file(desk, files):
    document = desk.bench.stage.document
    files[0].unlink()
    assert document.stem == "statue"
    for name, stem in (("a.compressed.PLY", "a"), ("folder", "folder"), ("b.2.sog", "b.2")):
        assert replace(document, path=files[0].with_name(name)).stem == stem
