"""Other codecs as the equals of what is on the other side: what comes, where it goes, and what is said."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from daub.app.model.editing import canvas
from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.rivals.rivals import CODECS, Equal
from daub.app.model.sources.source import LIVE, Figures, Kind
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.evaluation.metrics import ms_ssim, psnr
from daub.codec.evaluation.peers import PEERS
from daub.codec.evaluation.perceptual import available
from daub.render.gaussians import COEFFICIENT, Gaussians

SECONDS = 60  # for a process to start, on a machine that does a lot besides


@pytest.fixture
def textured(tmp_path):
    """64x48 pixels."""
    rng = np.random.default_rng(3)
    rows = np.linspace(0, 255, 48)[:, None, None] * [1, 0.5, 0.2] + rng.normal(0, 12, (48, 64, 3))
    PIL.Image.fromarray(np.clip(rows, 0, 255).astype(np.uint8)).save(tmp_path / "textured.png")
    return tmp_path / "textured.png"


@pytest.fixture
def compared(desk, textured):
    """A desk with a picture, and a file of another program on B: 1500 bytes, 27 dB."""
    desk.open(textured)
    desk.finish()
    pixels8 = (255 * desk.workspace.picture.pixels).astype(np.uint8)
    key = desk.bench.sources.add_rival("Other", bytes(1500), pixels8, figures=Figures(27.0))
    desk.bench.sources.pair.put(key, "b")
    desk.until(lambda: desk.bench.sources.pair.on("b") == key)
    return desk


def matched(desk, codec, equal, side="a"):
    """The row that comes of it, on its side."""
    before = desk.bench.sources.pair.on(side)
    desk.bench.rivals.match(codec, equal, side)
    desk.until(lambda: desk.bench.sources.pair.on(side) != before and not desk.bench.jobs.waiting, SECONDS)
    return desk.bench.sources.get(desk.bench.sources.pair.on(side))


def put(desk, key, side) -> None:
    desk.bench.sources.pair.put(key, side)
    desk.until(lambda: desk.bench.sources.pair.on(side) == key)


def test_codecs_are_those_there_are():
    assert set(CODECS) == set(PEERS)


def test_as_many_bytes(compared):
    row = matched(compared, "WebP", Equal.BYTES)
    sources, pixels = compared.bench.sources, compared.workspace.picture.pixels
    assert (row.kind, row.picture) == (Kind.RIVAL, compared.workspace.picture.key)
    assert row.name == f"WebP, quality {float(row.remark.partition(',')[0].removeprefix('quality ')):.3g}"
    assert 1300 < row.bytes <= 1500 and row.bytes == len(sources.at_hand.data_of(row.key))
    assert row.remark.startswith("quality ") and row.remark.endswith(", = bytes of Other")
    decoded = PEERS["WebP"].decode(sources.at_hand.data_of(row.key))
    assert np.array_equal(sources.pair.side(row.key).pixels, decoded / np.float32(255))
    assert row.figures.psnr == psnr(pixels, decoded / np.float32(255))
    assert row.figures.ms_ssim == ms_ssim(pixels, decoded / np.float32(255))
    assert (row.figures.perceptual is not None) == available()
    assert sources.at_hand.suffix_of(row.key) == ".webp" and compared.bench.rivals.codec_of(row.key) == "WebP"


def test_as_good_a_psnr(compared):
    row = matched(compared, "JPEG", Equal.PSNR)
    assert 27 <= row.figures.psnr < 28 and row.remark.endswith(", = PSNR of Other")


def edit_of(desk, textured, change) -> None:
    """A .daub of the picture is edited by that, and about its size is known."""
    some = Gaussians.build([[20, 16], [44, 16], [32, 24]], [np.eye(2) * 40] * 3, [[0.6, 0.3, 0.1]] * 3)
    drawing = Drawing(some, 64, 48)
    path = textured.with_name("some.daub")
    path.write_bytes(plain_file(drawing, grid_for(drawing)))
    desk.open(path)
    desk.bench.sources.add([FileOrigin(textured)])
    desk.until(lambda: desk.bench.sources.reference.picture is not None)
    desk.bench.editing.begin()
    change(desk.bench.editing)
    desk.until(lambda: desk.bench.editing.session.bytes is not None, SECONDS)


def test_beside_an_edit_of_a_part_a_codec_is_given_that_part(desk, textured, new_desk, tmp_path):
    def change(editing) -> None:
        canvas.crop(editing, Box(8, 4, 40, 36))
        canvas.turn(editing, 1)

    edit_of(desk, textured, change)
    sources = desk.bench.sources
    row = matched(desk, "JPEG", Equal.BYTES)
    part = np.rot90(sources.reference.picture.pixels[4:36, 8:40])
    assert row.size == (32, 32) and sources.pair.canvas.size == (32, 32)
    decoded = PEERS["JPEG"].decode(sources.at_hand.data_of(row.key)) / np.float32(255)
    assert row.figures.psnr == psnr(part, decoded)
    assert np.array_equal(sources.pair.sides[0].pixels, decoded) and sources.pair.sides[1].gaussians is not None
    sources.pair.put(sources.reference.key, "b")
    assert sources.pair.canvas.size == (32, 32) and np.array_equal(sources.pair.sides[1].pixels, part)
    assert not any(dot.key == row.key for dot in desk.bench.rd_plot.dots)  # its bytes are those of a part
    desk.bench.project.save(tmp_path / "part.daubproj")
    desk.until(lambda: desk.bench.project.path is not None)
    other = new_desk()
    other.bench.project.open(tmp_path / "part.daubproj")
    other.until(lambda: other.bench.project.path is not None)
    kept = next(each for each in other.bench.sources.rows if each.kind is Kind.RIVAL)
    assert other.bench.sources.pair.canvas_of(kept.key) == sources.pair.canvas_of(row.key)


def test_beside_an_edit_of_another_size_a_codec_is_given_as_many_pixels(desk, textured):
    edit_of(desk, textured, lambda editing: canvas.resize(editing, 30, 20))
    row = matched(desk, "WebP", Equal.BYTES)
    assert row.size == (30, 20) and desk.bench.sources.pair.sides[0].pixels.shape == (20, 30, 3)


def test_a_psnr_to_an_edited_picture_is_none_to_be_the_equal_of(desk, textured):
    def change(editing) -> None:
        brighter = editing.population.gaussians.parameters.copy()
        brighter[:, COEFFICIENT] *= 20
        editing.apply("making it white", editing.population.with_gaussians(Gaussians(brighter)))

    edit_of(desk, textured, change)
    session = desk.bench.editing.session
    session.file.make()
    assert session.file.made.figures.against and desk.bench.rivals.target(Equal.PSNR, "a") is None
    desk.bench.rivals.match("JPEG", Equal.PSNR, "a")
    assert desk.heard["noticed"][-1] == "What is on side B has no PSNR to the source yet to be the equal of"


def test_what_was_found_comes_back_at_once(compared):
    sources, rivals = compared.bench.sources, compared.bench.rivals
    row = matched(compared, "JPEG", Equal.BYTES)
    source = next(each.key for each in sources.rows if each.kind is Kind.PICTURE)
    sources.pair.put(source, "a")
    rivals.match("JPEG", Equal.BYTES, "a")
    assert not rivals.under_way
    compared.until(lambda: sources.pair.on("a") == row.key)
    # Deleted, it is made of its file again.
    data = sources.at_hand.data_of(row.key)
    sources.delete(row.key)
    asked = []
    compared.bench.jobs.changed.connect(lambda: asked.extend(job.work for job in compared.bench.jobs.waiting))
    again = matched(compared, "JPEG", Equal.BYTES)
    assert again.key != row.key and sources.at_hand.data_of(again.key) == data
    assert (again.remark, again.figures) == (row.remark, row.figures)
    assert set(asked) == {"decode"}


def test_the_name_of_a_match_stays_true_when_something_else_comes_to_the_other_side(compared):
    sources = compared.bench.sources
    first = matched(compared, "WebP", Equal.BYTES)
    pixels8 = np.zeros((48, 64, 3), np.uint8)
    put(compared, sources.add_rival("Larger", bytes(2500), pixels8, figures=Figures(30.0)), "b")
    kept = sources.get(first.key)
    assert (kept.name, kept.bytes) == (first.name, first.bytes) and "equal" not in kept.name
    second = matched(compared, "WebP", Equal.BYTES)
    assert second.key != first.key and second.name != first.name and first.bytes < second.bytes <= 2500
    assert second.remark.endswith("= bytes of Larger") and kept.remark.endswith("= bytes of Other")


def test_rivals_of_different_parts_say_why_only_one_is_seen(desk, textured):
    """Each was made beside an edit that has been cropped further since: neither covers what the other shows."""
    edit_of(desk, textured, lambda editing: canvas.crop(editing, Box(8, 4, 40, 36)))
    sources = desk.bench.sources
    first = matched(desk, "JPEG", Equal.BYTES)
    canvas.crop(desk.bench.editing, Box(2, 2, 20, 24))
    desk.until(lambda: desk.bench.editing.session.bytes is not None, SECONDS)
    second = matched(desk, "WebP", Equal.BYTES)
    assert sources.pair.sides[0] is not None and sources.pair.why_unseen("a") == ""
    put(desk, first.key, "a")
    assert sources.pair.sides[0] is not None and sources.pair.why_unseen("a") == "", "it shows that part, and more"
    put(desk, first.key, "b")
    put(desk, second.key, "a")
    assert sources.pair.canvas.size == (32, 32)
    assert sources.pair.sides[0] is None and sources.pair.sides[1] is not None
    assert sources.pair.why_unseen("a") == (f"A: {second.name} cannot be seen:\nit ends within what {first.name} shows")
    assert sources.pair.why_unseen("b") == ""


def test_a_codec_that_cannot_get_so_small_says_so_and_gives_its_smallest(desk, textured):
    desk.open(textured)
    desk.finish()  # a pretended file of 6 bytes
    row = matched(desk, "JPEG", Equal.BYTES)
    assert row.bytes == len(PEERS["JPEG"].encode((255 * desk.workspace.picture.pixels + 0.5).astype(np.uint8), 1))
    assert (row.name, row.remark) == ("JPEG, smallest file", "quality 1, its smallest file")
    assert desk.heard["noticed"][-1] == (
        f"JPEG cannot make this picture as small as 6 bytes: its smallest file has {row.bytes} bytes"
    )


def test_there_is_nothing_to_be_the_equal_of_while_a_fit_runs(desk, textured):
    rivals = desk.bench.rivals
    rivals.match("JPEG", Equal.BYTES, "a")  # with nothing open
    desk.open(textured)
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.bench.sources.pair.on("b") == LIVE and desk.state.progress.step == 2)
    assert rivals.target(Equal.BYTES, "a") is None and rivals.target(Equal.PSNR, "a") is None
    rivals.match("JPEG", Equal.BYTES, "a")
    assert desk.heard["noticed"][-1] == "What is on side B has no size yet to be the equal of"
    assert not rivals.under_way
    assert rivals.target(Equal.BYTES, "b") == textured.stat().st_size
    assert rivals.target(Equal.PSNR, "b") is None, "the source has none"


def test_a_match_is_given_up_and_leaves_nothing(compared):
    rivals, rows = compared.bench.rivals, len(compared.bench.sources.rows)
    rivals.match("AVIF speed 2", Equal.BYTES, "a")
    rivals.match("AVIF speed 2", Equal.BYTES, "a")
    rivals.match("JPEG XL", Equal.BYTES, "a")
    assert [job.name for job in rivals.under_way] == [
        "AVIF speed 2 at as many bytes as Other", "JPEG XL at as many bytes as Other",
    ]  # fmt: skip
    rivals.cancel()
    assert not rivals.under_way and not compared.bench.jobs.waiting
    rivals.match("JPEG", Equal.BYTES, "a")
    compared.open(compared.workspace.picture.path)
    compared.pump(0.2)
    assert not rivals.under_way and len(compared.bench.sources.rows) == rows


def test_whoever_has_put_something_else_there_keeps_it(compared):
    sources, rivals = compared.bench.sources, compared.bench.rivals
    third = sources.add_rival("Third", b"", np.zeros((48, 64, 3), np.uint8))
    rivals.match("JPEG", Equal.BYTES, "a")
    sources.pair.put(third, "a")
    compared.until(lambda: not compared.bench.jobs.waiting, SECONDS)
    compared.pump()
    assert sources.pair.on("a") == third and any(row.name.startswith("JPEG") for row in sources.rows)


def test_the_menus_of_the_sides_offer_every_codec(compared):
    offers = compared.bench.sources.offers
    assert sum(offer.kind.startswith("Other codec") for offer in offers) == 2 * len(CODECS)
    (avif,) = (offer for offer in offers if offer.text == "AVIF" and "as many bytes" in offer.kind)
    avif.take("a")
    assert [job.name for job in compared.bench.rivals.under_way] == ["AVIF at as many bytes as Other"]


def test_a_codec_that_cannot_hold_the_picture_says_why(compared, monkeypatch):
    compared.bench.rivals.match("JPEG", Equal.BYTES, "a")
    job = compared.bench.jobs.waiting[0]
    job.arrays = (np.zeros((1, 16384, 3), np.float32),)
    job.given["codec"] = "WebP"
    compared.until(lambda: not compared.bench.jobs.waiting, SECONDS)
    assert not compared.bench.rivals.under_way
