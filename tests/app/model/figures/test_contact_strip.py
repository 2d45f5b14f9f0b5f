"""The contact strip and figures: parts of every source at one place, as they are in their files."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from pretended_encoder import PLAN_STEPS
from stages import golden

from daub.app.model.figures import contact_strip
from daub.app.model.figures.crops import crop_of
from daub.app.model.figures.figure import captions
from daub.app.model.figures.reread import Reread
from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.picture.picture import decode, open_picture
from daub.app.model.sources.source import LIVE, Figures, Kind, Source
from daub.codec.container import read


@pytest.fixture
def wide(tmp_path):
    """300x200 pixels, all different."""
    pixels = np.zeros((200, 300, 3), np.uint8)
    pixels[..., 0], pixels[..., 1] = np.arange(200)[:, None], np.arange(300) % 256
    PIL.Image.fromarray(pixels).save(tmp_path / "wide.png")
    return tmp_path / "wide.png", pixels


@pytest.fixture
def looked_at(desk, wide):
    """A desk with that picture and a file of another program, whose contact strip is seen."""
    path, pixels = wide
    desk.open(path)
    desk.bench.sources.add_rival("Other", bytes(48), 255 - pixels, figures=Figures(20.0, 0.9))
    desk.bench.chrome.offer(tabs=[contact_strip.NAME])
    desk.bench.chrome.set(tab=contact_strip.NAME, strip=True)
    return desk


def crops(desk):
    return {row.name: crop for row, crop in desk.bench.contact.entries if crop is not None}


def test_crops_follow_the_pointer(looked_at, wide):
    _, pixels = wide
    contact, view = looked_at.bench.contact, looked_at.bench.view
    for pixel, box in (((150, 100), Box(102, 52, 198, 148)), ((2, 199), Box(0, 104, 96, 200))):
        view.pixel = pixel
        view.hovered.emit()
        looked_at.until(lambda box=box: contact.box == box)
        assert np.array_equal(crops(looked_at)["wide.png"], pixels[box.slices])
        assert np.array_equal(crops(looked_at)["Other"], 255 - pixels[box.slices])
    view.pixel = None
    view.hovered.emit()
    looked_at.pump()
    assert contact.box == box and crops(looked_at), "it stays when the pointer leaves the picture"


def test_a_row_that_comes_later_gets_its_crop_and_one_that_goes_is_gone(looked_at, wide):
    _, pixels = wide
    looked_at.bench.contact.refresh()
    looked_at.until(lambda: len(crops(looked_at)) == 2)
    key = looked_at.bench.sources.add_rival("Third", b"", pixels // 2)
    looked_at.until(lambda: "Third" in crops(looked_at))
    looked_at.bench.sources.delete(key)
    assert "Third" not in crops(looked_at)


def test_nothing_is_made_for_nobody(looked_at):
    looked_at.bench.chrome.set(strip=False)
    looked_at.bench.view.pixel = (5, 5)
    looked_at.bench.view.hovered.emit()
    looked_at.pump()
    assert looked_at.bench.contact.box is None


def test_another_picture_starts_anew(looked_at, photo):
    looked_at.bench.contact.refresh()
    looked_at.until(lambda: len(crops(looked_at)) == 2)
    looked_at.open(photo)
    looked_at.until(lambda: looked_at.bench.contact.box == Box(0, 0, 12, 8))
    assert set(crops(looked_at)) == {"photo.png"}


def test_a_click_puts_a_crop_on_b(looked_at):
    key = next(row.key for row in looked_at.bench.sources.rows if row.kind is Kind.RIVAL)
    looked_at.bench.contact.put(key)
    looked_at.until(lambda: looked_at.bench.sources.pair.on("b") == key)


def test_a_crop_of_gaussians_is_a_part_of_their_picture(desk, tmp_path):
    """Of a .daub drawn for that part alone, and of a fit under way."""
    path = tmp_path / "golden.daub"
    path.write_bytes(golden("photo"))
    desk.workspace.open(FileOrigin(path))
    desk.until(lambda: desk.heard["opened"], 100)  # the entropy decoder may have to be compiled
    whole, box = decode(read(golden("photo"))), Box(3, 5, 17, 12)
    sources = desk.bench.sources
    part = crop_of(sources, sources.get(sources.pair.on("b")), box)()
    assert part.shape == (7, 14, 3)
    assert np.abs(part.astype(int) - whole[box.slices]).max() <= 1


def test_a_fit_without_gaussians_has_no_crop(desk, photo):
    desk.open(photo)
    sources = desk.bench.sources
    box = Box(0, 0, 2, 2)
    assert crop_of(sources, sources.get(LIVE), box) is None
    desk.encoder.permits.release(2 * PLAN_STEPS + 3)  # there is nothing to see of the short fits of the plan
    desk.until(lambda: crop_of(sources, sources.get(LIVE), box) is not None)
    assert crop_of(sources, sources.get(LIVE), box)().shape == (2, 2, 3)


def test_a_figure_is_written_with_the_figures_of_its_rows(looked_at, tmp_path):
    figure = looked_at.bench.figure
    assert [row.name for row in figure.rows] == ["wide.png", "Other"]
    view = looked_at.bench.view
    view.resize(100, 100, 1.0)
    assert [place.name for place in figure.places(view, None)] == ["The whole picture"], "all of it is in view"
    view.zoom_to(2.0)
    region, seen, whole = figure.places(view, Box(1, 2, 3, 4))
    assert (region.name, region.box) == ("The region", Box(1, 2, 3, 4))
    assert (seen.name, whole.box) == ("The part in view", Box(0, 0, 300, 200))
    assert seen.box == Box(*view.camera.visible()) and seen.box != whole.box
    other, source = (row.key for row in reversed(figure.rows))
    figure.write(tmp_path / "figure.svg", [other, source], Box(10, 20, 40, 50))
    looked_at.until(lambda: (tmp_path / "figure.svg").exists(), 90)
    looked_at.workspace.finish_files()
    text = (tmp_path / "figure.svg").read_text()
    for words in ("48 bytes", "20.00 dB", "MS-SSIM 0.9000", "dB in this part", "30 × 30 pixels at (10, 20)"):
        assert words in text
    assert text.index(">Other<") < text.index(">Source<"), "in the order that was asked for"


@pytest.fixture
def dropped(desk, wide):
    """A desk with two more files of that size, which the shelf has dropped, and their pixels by name."""
    path, pixels = wide
    desk.workspace._shelf._budget = 0
    known = {"second.png": 255 - pixels, "third.png": pixels[::-1]}
    for name, each in known.items():
        PIL.Image.fromarray(each).save(path.parent / name)
    desk.open(path)
    desk.bench.sources.add([FileOrigin(path.parent / name) for name in known])
    desk.until(lambda: len(desk.bench.figure.rows) == 3)
    at_hand = desk.bench.sources.at_hand
    assert [row.name for row in desk.bench.sources.rows if row.kind is Kind.FILE and not at_hand.picture_of(row.key)]
    return desk, known


def test_what_the_shelf_has_dropped_is_read_again_once_for_the_strip(dropped, monkeypatch):
    desk, known = dropped
    contact, view, read = desk.bench.contact, desk.bench.view, []
    real = desk.workspace.opening.read_beside
    monkeypatch.setattr(
        desk.workspace.opening, "read_beside", lambda *given: (read.append(given[0].name), real(*given))
    )
    desk.bench.chrome.offer(tabs=[contact_strip.NAME])
    desk.bench.chrome.set(tab=contact_strip.NAME, strip=True)
    for pixel in ((150, 100), (20, 30)):
        view.pixel = pixel
        view.hovered.emit()
        desk.until(lambda: contact.box == contact._wanted_box() and known.keys() <= crops(desk).keys(), 30)
        for name, pixels in known.items():
            assert np.array_equal(crops(desk)[name], pixels[contact.box.slices])
    assert len(read) == len(set(read)) >= 1, "not again for every place"


def test_a_figure_reads_what_the_shelf_has_dropped(dropped, tmp_path):
    desk, _ = dropped
    figure = desk.bench.figure
    figure.write(tmp_path / "figure.svg", [row.key for row in figure.rows], Box(10, 20, 40, 50))
    desk.until(lambda: (tmp_path / "figure.svg").exists(), 90)
    desk.workspace.finish_files()
    text = (tmp_path / "figure.svg").read_text()
    assert ">second.png<" in text and ">third.png<" in text


def test_beyond_its_budget_nothing_is_kept_nor_read_over_and_over(dropped, monkeypatch):
    desk, _ = dropped
    reread, read = Reread(desk.workspace, budget=1), []
    monkeypatch.setattr(
        desk.workspace.opening, "read_beside", lambda origin, deliver, colour: (read.append(origin), deliver(picture))
    )  # fmt: skip
    row = next(row for row in desk.bench.sources.rows if row.kind is Kind.FILE)
    picture = open_picture(row.picture.origin, row.picture.background, desk.workspace.opening._beside._reader.load)
    for _ in range(3):
        reread.want(row, pytest.fail)
        desk.until(lambda: desk.workspace.background.running == 0)
        desk.pump()
    assert len(read) == 1 and reread.crop_of(row, Box(0, 0, 5, 5)) is None


def test_what_is_shown_unless_somebody_chooses(looked_at):
    sources, figure = looked_at.bench.sources, looked_at.bench.figure
    source, other = (row.key for row in figure.rows)
    assert figure.usual == {source}, "there is nothing to see of the fit yet"
    third = sources.add_rival("Third", b"", np.zeros((200, 300, 3), np.uint8))
    sources.star(other)
    assert figure.usual == {source, other}
    sources.pair.put(third, "a")
    looked_at.until(lambda: sources.pair.on("a") == third)
    assert figure.usual == {source, other, third}


def test_the_caption_has_two_facts_in_a_line():
    row = Source("a", Kind.RIVAL, "AVIF", None, 10, 10, 100, Figures(30.0, 0.95), remark="quality 3")
    assert captions(row) == ["100 bytes   8.000 bpp", "30.00 dB   MS-SSIM 0.9500", "quality 3"]


def test_a_figure_is_finished_though_the_window_closes(looked_at, tmp_path):
    figure = looked_at.bench.figure
    figure.write(tmp_path / "figure.png", [row.key for row in figure.rows], Box(0, 0, 300, 200))
    looked_at.bench.close()
    looked_at.workspace.finish_files()
    with PIL.Image.open(tmp_path / "figure.png") as page:
        assert page.width > 300
