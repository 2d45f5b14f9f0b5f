"""The file that follows an edit: made when nothing was done for a while, exact, and taken by an export."""

from __future__ import annotations

import threading
import time

import numpy as np
import PIL.Image
import pytest
from restored_file import drawn, write_restored

from daub.app.model.editing import changing, following
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.sources.edited_file import FileToMake, MadeOf
from daub.codec import container
from daub.codec.decoder import render
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file, to_file
from daub.codec.evaluation.metrics import psnr
from daub.codec.progress import drive
from daub.codec.restoration import choosing
from daub.codec.restoration.layer import layer_of
from daub.render.devices import Failover, choose
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(following, "IDLE", 0.1)


def cpu() -> Failover:
    return Failover(choose("cpu").rasteriser)


@pytest.fixture
def edited(desk, tmp_path):
    """A .daub of 40 Gaussians is open."""
    drawing = drawn()
    (tmp_path / "spots.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=70)))
    desk.open(tmp_path / "spots.daub")
    desk.bench.editing.begin()
    return desk.bench.editing


def delete(editing, *places: int) -> None:
    editing.select(np.isin(np.arange(len(editing.population)), places))
    changing.delete(editing)


def row_of(desk, editing):
    return desk.bench.sources.get(editing.session.key)


def test_the_estimate_comes_first_and_then_the_file_that_an_edit_on_the_command_line_would_make(desk, edited):
    delete(edited, 0, 1, 2)
    desk.until(lambda: edited.session.bytes is not None)
    desk.until(lambda: edited.session.file.made is not None, seconds=120)
    made, session = edited.session.file.made, edited.session
    expected = drive(to_file(session.population.written(), cpu(), session.document), lambda record: None)
    assert made.data == expected.data and made.figures.psnr == expected.psnr
    assert len(container.read(made.data)) == 37
    desk.until(lambda: not row_of(desk, edited).is_estimate)
    facts = row_of(desk, edited).facts
    assert facts[0] == f"{len(made.data)} bytes" and facts[2].endswith("to the edited picture")


def test_an_edit_of_nothing_has_the_size_of_its_file(desk, edited, tmp_path):
    row = row_of(desk, edited)
    assert row.bytes == (tmp_path / "spots.daub").stat().st_size and not row.is_estimate
    assert edited.session.file.made is None  # known without making it
    edited.move(edited.population.without(np.arange(40) == 0))
    assert row_of(desk, edited).is_estimate  # of what a hand holds
    edited.move(None)
    assert not row_of(desk, edited).is_estimate
    delete(edited, 0)
    assert row_of(desk, edited).is_estimate
    desk.workspace.undo()
    assert not row_of(desk, edited).is_estimate and row_of(desk, edited).facts == row.facts


def test_the_row_has_a_small_picture_of_it(desk, edited):
    thumbnails, key = desk.bench.thumbnails, edited.session.key
    desk.until(lambda: all(thumbnails.get(each) is not None for each in (key, edited.session.origin.key)))
    before = thumbnails.get(key)
    assert (before == thumbnails.get(edited.session.origin.key)).all()
    delete(edited, *range(20))
    desk.until(lambda: (thumbnails.get(key) != before).any(), seconds=120)


def test_an_export_takes_it_and_an_undo_comes_back_to_the_same_bytes(desk, edited, tmp_path):
    before = (tmp_path / "spots.daub").read_bytes()
    delete(edited, 3)
    desk.until(lambda: edited.session.file.made is not None, seconds=120)
    file = edited.session.file
    desk.bench.exports.daub(tmp_path / "edited.daub")
    desk.until(lambda: file.is_exported)
    assert (tmp_path / "edited.daub").read_bytes() == file.made.data
    assert not any(line.startswith("Writing") for line in desk.heard["noticed"])
    desk.workspace.undo()
    desk.bench.exports.daub(tmp_path / "undone.daub")
    desk.until(lambda: edited.session.file.is_exported, seconds=120)
    assert (tmp_path / "undone.daub").read_bytes() == before
    desk.workspace.redo()
    assert edited.session.file is file and edited.session.bytes == len(file.made.data)


def test_the_next_change_gives_it_up(desk, edited, monkeypatch):
    begun, made = threading.Event(), []
    make = FileToMake.make

    def slow(self, given_up=None):
        begun.set()
        while not given_up():
            time.sleep(0.01)
        made.append(self)
        return make(self, given_up)

    monkeypatch.setattr(FileToMake, "make", slow)
    delete(edited, 4)
    assert begun.wait(120)
    monkeypatch.setattr(FileToMake, "make", make)
    first = edited.session.file
    delete(edited, 5)
    desk.until(lambda: made == [first])
    desk.until(lambda: edited.session.file.made is not None, seconds=120)
    assert first.made is None and edited.session.file is not first


def test_a_selection_and_what_a_hand_holds_make_no_file(desk, edited, monkeypatch):
    wanted = []
    monkeypatch.setattr(FileToMake, "make", lambda self, given_up=None: wanted.append(self))
    edited.select(np.ones(len(edited.population), bool))
    desk.pump(0.4)
    assert not wanted
    edited.move(edited.population.without(edited.population.selected))
    desk.pump(0.4)
    assert not wanted
    edited.move(None)
    desk.pump(0.4)
    assert not wanted  # nothing was changed in the end


def test_a_file_with_a_restoration_is_edited_and_gets_one_where_that_pays(desk, tmp_path, monkeypatch):
    """The source is lighter all over, which a coarse residual says in few bytes, and needs no network."""
    monkeypatch.setattr(choosing, "newest", lambda: None)
    document, source = write_restored(tmp_path / "restored.daub")
    desk.open(tmp_path / "restored.daub")
    PIL.Image.fromarray((source * 255 + 0.5).astype(np.uint8)).save(tmp_path / "source.png")
    desk.bench.sources.add([FileOrigin(tmp_path / "source.png")])
    desk.until(lambda: desk.bench.sources.reference.picture is not None)
    editing = desk.bench.editing
    assert desk.bench.sources.pair.own_b.has_stages and not editing.why_not
    editing.begin()
    assert desk.heard["noticed"][-1].startswith("Edited as rendered, without the restoration")
    assert editing.session.file.make().data == document.to_bytes()  # nothing was changed
    faint = int(np.abs(editing.population.gaussians.coefficient).sum(1).argmin())
    delete(editing, faint)
    made = editing.session.file.make()
    layer = layer_of(container.read(made.data))
    assert layer.residual is not None and made.figures.against == ""
    plain = render(container.read(made.data), cpu(), restore=False)
    assert made.figures.psnr > psnr(source, to_8bit(plain)) + 3
    desk.bench.exports.png(tmp_path / "seen.png", 1.0)
    desk.until(lambda: desk.heard["noticed"][-1].startswith("Saved seen.png"))
    assert desk.heard["noticed"][-1].endswith("only the .daub has a restoration")
    seen, drawing = np.asarray(PIL.Image.open(tmp_path / "seen.png")), editing.population.drawing
    assert np.abs(seen - 255 * np.clip(drawing.rendered(cpu()), 0, 1)).max() < 1.01, "it is as it was seen"


def test_the_choice_of_a_restoration_is_given_up_with_its_file(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(choosing, "newest", lambda: None)
    document, source = write_restored(tmp_path / "restored.daub")
    drawing = Drawing.of(document)
    faint = int(np.abs(drawing.gaussians.coefficient).sum(1).argmin())
    edited = Drawing(Gaussians(np.delete(drawing.gaussians.parameters, faint, 0)), *drawing.size)
    coded, made, given_up = choosing.coded, [], threading.Event()

    def slow(*given):
        made.append(given)
        given_up.set()
        return coded(*given)

    monkeypatch.setattr(choosing, "coded", slow)
    file = FileToMake(MadeOf(lambda: edited, lambda: drawing, True, document, source), cpu)
    assert file.make(given_up.is_set) is None and file.made is None
    assert len(made) == 1, "the choice goes on after it was given up"
    assert layer_of(container.read(file.make().data)) is not None, "whoever needs it can have it all the same"


def test_an_edit_that_comes_nearer_to_the_source_is_held_against_it(desk, edited, tmp_path):
    """Here the source has no spot number 0 at all: who deletes that comes nearer, and who deletes another does not."""
    without = Drawing(Gaussians(drawn().gaussians.parameters[1:]), 48, 48)
    pixels = np.clip(without.rendered(cpu()), 0, 1)
    PIL.Image.fromarray((pixels * 255 + 0.5).astype(np.uint8)).save(tmp_path / "source.png")
    desk.bench.sources.add([FileOrigin(tmp_path / "source.png")])
    desk.until(lambda: desk.bench.sources.reference.picture is not None)
    means = edited.population.gaussians.mean
    wrong = int(np.hypot(*(means - drawn().gaussians.mean[0]).T).argmin())
    delete(edited, wrong)
    desk.until(lambda: edited.session.file.made is not None, seconds=120)
    assert edited.session.file.made.figures.against == ""
    delete(edited, 7)
    desk.until(lambda: edited.session.file.made is not None, seconds=120)
    assert edited.session.file.made.figures.against == "the edited picture"


def test_whoever_needs_a_file_gets_it_though_the_idle_one_gives_up():
    drawing = drawn()
    file = FileToMake(MadeOf(lambda: drawing, None, True, None, None), cpu)
    stopped = threading.Event()
    idle = threading.Thread(target=lambda: file.make(stopped.is_set))
    idle.start()
    stopped.set()
    made = file.make()
    idle.join()
    assert made is file.made and len(made.data) > 20
