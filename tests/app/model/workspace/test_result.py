"""Results beyond a budget lie on the disk, and come back when somebody wants to see them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from daub.app.model.figures import contact_strip
from daub.app.model.fit.state import Phase
from daub.app.model.sources.source import Kind
from daub.app.model.work.spill import FOLDER
from daub.codec.goal import Goal


@pytest.fixture
def small_desk(desk, photo, tmp_path, monkeypatch):
    """With three results of a photo, of which there is room for one; the third is shown."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    desk.workspace.results._budget = 1
    desk.open(photo)
    desk.finish()
    for quality in (20, 30):
        ticket = desk.state.ticket
        desk.workspace.change(goal=Goal("quality", quality))
        desk.until(lambda ticket=ticket: desk.state.ticket > ticket)
        desk.finish()
    desk.until(lambda: [result.encoded is None for result in desk.workspace.results] == [True, True, False])
    return desk


def folders(tmp_path) -> list[Path]:
    return list(tmp_path.glob(f"{FOLDER}*"))


def test_what_has_no_room_keeps_its_figures_and_comes_back(small_desk):
    desk, sources = small_desk, small_desk.bench.sources
    rows = [row for row in sources.rows if row.kind is Kind.RESULT]
    assert [row.name for row in rows] == ["Quality 30", "Quality 20", "Quality 50"]
    assert [(row.bytes, row.figures.psnr, row.size) for row in rows] == [(6, 29.0, (12, 8))] * 3
    first = rows[-1].key
    assert sources.pair.side(first) is None
    sources.pair.put(first, "a")
    desk.until(lambda: sources.pair.on("a") == first)
    a, b = sources.pair.sides
    assert a.document is not None and b.document is desk.state.encoded.document
    assert sources.at_hand.data_of(first) == b"whole\x01"


def test_settings_that_were_tried_go_back_to_such_a_result(small_desk):
    desk = small_desk
    desk.workspace.change(goal=Goal("quality", 50))
    assert not desk.workspace.fitting.is_under_way
    desk.until(lambda: desk.state.ticket == 1)
    assert desk.state.phase is Phase.FINISHED and desk.state.encoded.data == b"whole\x01"
    desk.workspace.undo()
    desk.workspace.change(goal=Goal("quality", 77))
    desk.pump(0.2)
    assert desk.workspace.fitting.is_under_way and desk.state.encoded is None, "what was read for nothing is not shown"


def test_such_a_result_is_in_the_contact_strip_and_in_figures_and_stays_on_the_disk(small_desk, monkeypatch):
    desk, contact = small_desk, small_desk.bench.contact
    read = []
    monkeypatch.setattr("daub.app.model.figures.crops.of_document", lambda document, box: read.append(document))
    desk.bench.chrome.offer(tabs=[contact_strip.NAME])
    desk.bench.chrome.set(tab=contact_strip.NAME, strip=True)
    contact.refresh()
    desk.until(lambda: len(read) == 3)
    shown = desk.state.encoded.document
    assert [document is shown for document in read].count(True) == 1 and None not in read
    assert [row.name for row in desk.bench.figure.rows] == ["photo.png", "Quality 30", "Quality 20", "Quality 50"]
    assert [result.encoded is None for result in desk.workspace.results] == [True, True, False]


def test_such_a_result_is_exported(small_desk, tmp_path):
    small_desk.exports.source("result:1", tmp_path / "out.daub")
    small_desk.until((tmp_path / "out.daub").exists)
    assert (tmp_path / "out.daub").read_bytes() == b"whole\x01"
    small_desk.until(lambda: [result.state.ticket for result in small_desk.workspace.results.unexported] == [2, 3])


def test_the_folder_goes_with_the_window(small_desk, tmp_path):
    (folder,) = folders(tmp_path)
    assert folder.stat().st_mode & 0o077 == 0, "others cannot read it"
    small_desk.workspace.close()
    assert not folders(tmp_path)


def test_a_real_result_is_the_same_after_it_was_on_the_disk():
    import pickle

    from daub.app.model.fit.state import FitState
    from daub.codec.encoder import encode
    from daub.codec.progress import drive
    from daub.codec.recipe import recipe_of
    from daub.codec.settings import EncodeSettings
    from daub.render.devices import choose

    pixels = np.random.default_rng(1).random((16, 24, 3), np.float32)
    recipe = recipe_of(EncodeSettings(Goal("gaussians", 8), effort=0, steps=4))
    encoded = drive(encode(pixels, recipe, choose("cpu").rasteriser))
    again = pickle.loads(pickle.dumps(FitState(3, Phase.FINISHED, encoded=encoded), pickle.HIGHEST_PROTOCOL)).encoded
    assert again.data == encoded.data and again.document.to_bytes() == encoded.document.to_bytes()
    np.testing.assert_array_equal(again.gaussians.parameters, encoded.gaussians.parameters)
