"""Fits that are edits: what they change, that they can be given up, and that they are undone as one."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.editing.refitting import What
from daub.app.model.fit import device
from daub.app.model.picture.origin import FileOrigin
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.shapes import Rectangle
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.devices import Chosen
from daub.render.errors import DeviceUnavailable, Reason
from daub.render.gaussians import Gaussians


@pytest.fixture
def edited(desk, tmp_path):
    """A .daub of a red and a green spot is edited, beside an image in which the red one is elsewhere."""
    spots = Gaussians.build(
        [[20, 16], [44, 16], [32, 24]], [np.eye(2) * 9, np.eye(2) * 9, np.eye(2) * 900],
        [[0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.3] * 3],
    )  # fmt: skip
    drawing = Drawing(spots, 64, 48)
    (tmp_path / "spots.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=80)))
    desk.open(tmp_path / "spots.daub")
    image = np.full((48, 64, 3), 80, np.uint8)
    image[14:24, 20:28, 0] = 250
    PIL.Image.fromarray(image).save(tmp_path / "source.png")
    desk.bench.sources.add([FileOrigin(tmp_path / "source.png")])
    desk.until(lambda: desk.bench.sources.reference.picture is not None)
    return desk.bench.editing


def run(desk, what: What) -> None:
    desk.bench.refitting.start(what)
    assert desk.bench.refitting.is_on
    desk.until(lambda: not desk.bench.refitting.is_on, seconds=240)


def near(editing, x: float, y: float) -> np.ndarray:
    return np.hypot(*(editing.population.gaussians.mean - [x, y]).T) < 4


def test_a_refit_changes_what_is_selected_alone_and_is_undone_as_one(desk, edited):
    assert desk.bench.refitting.why_not(What.REFIT)
    edited.begin()
    edited.select(near(edited, 20, 16))
    before, position = edited.population, desk.workspace.history.position
    assert edited.count == 1
    run(desk, What.REFIT)
    after = edited.population
    same = (after.gaussians.parameters == before.gaussians.parameters).all(1)
    assert (~same).sum() == 1 and not same[before.selected].any()
    assert desk.workspace.history.position == position + 1
    desk.workspace.undo()
    assert np.array_equal(edited.population.gaussians.parameters, before.gaussians.parameters)


def test_a_refit_adds_as_many_as_are_asked_for_and_comes_nearer_to_the_source(desk, edited):
    editing, refitting = edited, desk.bench.refitting
    editing.select_shape(Rectangle(12, 8, 24, 20))
    before = editing.population
    region, source = editing.drawn.pixels, desk.bench.sources.reference.picture.pixels

    def error() -> float:
        return float(((editing.population.drawing.rendered(_rasteriser()) - source)[region] ** 2).mean())

    run(desk, What.REFIT)
    assert len(editing.population) == len(before)
    alone = error()
    desk.workspace.undo()
    refitting.add_more(5)
    run(desk, What.REFIT)
    assert len(editing.population) == len(before) + 5 and error() < 0.8 * alone
    assert editing.population.selected[-5:].all()
    told = []
    desk.workspace.noticed.connect(told.append)
    refitting.add_more(500)
    run(desk, What.REFIT)
    assert len(editing.population) < len(before) + 150  # of 480 pixels
    (line,) = told
    assert "of 500 Gaussians: there is no room for more" in line
    refitting.add_more(-3)
    assert refitting.more == 0


def test_more_detail_comes_where_a_shape_was_drawn(desk, edited):
    edited.select_shape(Rectangle(12, 8, 24, 20))
    count = len(edited.population)
    run(desk, What.MORE)
    assert len(edited.population) >= count + 3
    desk.workspace.undo()
    assert len(edited.population) == count


def test_more_detail_in_one_place_can_leave_the_size_of_the_file_as_it_is(desk, edited):
    editing, grid = edited, grid_for(edited.begin().drawing, quality=80)

    def size() -> int:
        return len(plain_file(editing.population.drawing, grid))

    BY_NAME["hold_size"].run(desk.bench)
    edited.select_shape(Rectangle(12, 8, 24, 20))
    before = size()
    run(desk, What.MORE)
    assert desk.bench.refitting.holds_size and abs(size() - before) <= 12  # bytes: about one of so few Gaussians
    BY_NAME["hold_size"].run(desk.bench)
    desk.workspace.undo()
    run(desk, What.MORE)
    assert size() > before + 12


def test_fits_run_on_the_device_that_is_chosen(desk, edited, monkeypatch):
    asked = []

    def choose(wanted: str) -> Chosen:
        asked.append(wanted)
        if wanted == "cuda":
            raise DeviceUnavailable(Reason("no such thing"))
        return Chosen(_rasteriser(), Reason("asked for"))

    monkeypatch.setattr(device, "choose", choose)
    desk.workspace.device = "cuda"
    edited.select_shape(Rectangle(12, 8, 24, 20))
    run(desk, What.REFIT)
    assert asked[:2] == ["cuda", "cpu"]  # which takes its place


def test_what_is_painted_is_removed_and_its_surroundings_close_the_hole(desk, edited):
    edited.select_shape(Rectangle(12, 8, 17, 17))
    run(desk, What.FILL)
    picture = edited.population.drawing.rendered(_rasteriser())
    assert abs(picture[16, 20] - picture[16, 20].mean()).max() < 0.06  # red no more


def test_one_is_given_up(desk, edited):
    edited.select_shape(Rectangle(12, 8, 24, 20))
    before = edited.population
    desk.bench.refitting.start(What.MORE)
    assert "Esc" in desk.bench.refitting.words and desk.bench.refitting.why_not(What.FILL)
    desk.bench.edit_tool.escape()
    assert not desk.bench.refitting.is_on and edited.population is before and edited.seen is before
    desk.pump(0.3)
    assert edited.population is before


def test_a_file_waits_for_a_fit_and_has_it(desk, edited, tmp_path):
    edited.select_shape(Rectangle(12, 8, 24, 20))
    count, path = len(edited.population), tmp_path / "refitted.npz"
    desk.bench.refitting.start(What.MORE)
    desk.host.answers["save"] = path
    edited.select(np.zeros(count, bool))  # which is about the selection alone: the fit goes on
    BY_NAME["export_gaussians"].run(desk.bench)
    assert desk.bench.unfinished.words.startswith("More detail: ") and "refitted.npz" in desk.bench.unfinished.words
    assert desk.bench.is_unsaved
    desk.until(path.exists, seconds=240)
    desk.until(lambda: not desk.bench.exports.slow.words)
    with np.load(path) as written:
        assert len(written["mean"]) == len(edited.population) >= count + 3
    assert not edited.population.selected[:count].any()


def test_a_fit_comes_to_its_row_though_another_is_looked_at(desk, edited):
    edited.select_shape(Rectangle(12, 8, 24, 20))
    session, count = edited.session, len(edited.population)
    desk.bench.refitting.start(What.MORE)
    desk.bench.sources.pair.put(session.origin.key, "b")
    assert edited.session is None
    desk.until(lambda: not desk.bench.refitting.is_on, seconds=240)
    assert len(session.population) >= count + 3 and not desk.heard["failed"]


def test_undo_gives_up_a_fit_before_anything_else(desk, edited):
    edited.select_shape(Rectangle(12, 8, 24, 20))
    position = desk.workspace.history.position
    desk.bench.refitting.start(What.MORE)
    BY_NAME["undo"].run(desk.bench)
    assert not desk.bench.refitting.is_on and desk.workspace.history.position == position


def _rasteriser():
    from daub.render.cpu.backend import CpuRasteriser

    return CpuRasteriser()
