"""What is compared: A and B of whatever is open, and whatever else is put there."""

from __future__ import annotations

import numpy as np
import pytest
from pretended_encoder import PLAN_STEPS
from stages import asking_for_it, golden

from daub.app.model.fit.state import Phase
from daub.app.model.sources.source import LIVE, Kind
from daub.codec.goal import Goal


def names(desk) -> list[tuple[Kind, str]]:
    return [(row.kind, row.name) for row in desk.bench.sources.rows]


def finish_another(desk, goal: Goal):
    """A second result of the picture that is open."""
    ticket = desk.state.ticket
    desk.workspace.change(goal=goal)
    desk.until(lambda: desk.state.ticket > ticket)
    return desk.finish()


def test_there_is_nothing_to_compare_before_something_is_open(desk):
    assert desk.bench.sources.pair.sides == (None, None) and desk.bench.sources.rows == ()


def test_a_picture_is_compared_with_its_fit_and_then_with_its_file(desk, photo):
    sources = desk.bench.sources
    desk.open(photo)
    a, b = sources.pair.sides
    assert (a.title, a.gaussians, b) == ("Source", None, None)
    assert a.pixels is desk.workspace.picture.pixels and a.texels is desk.workspace.picture.texels
    assert names(desk) == [(Kind.PICTURE, "photo.png"), (Kind.LIVE, "Fit")] and sources.pair.on("b") == LIVE
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.state.progress.step == 2 and desk.state.gaussians is not None)
    assert desk.state.phase is Phase.PLANNING and sources.pair.sides[1] is None, "the plan's short fits are not shown"
    desk.encoder.permits.release(2 * PLAN_STEPS)
    desk.until(lambda: desk.state.phase is Phase.FITTING and desk.state.progress.step == 2)
    _, b = sources.pair.sides
    assert (b.title, b.is_live, b.document) == ("Fit", True, None)
    assert b.gaussians is desk.state.gaussians and b.pixels is None
    encoded = desk.finish()
    _, b = sources.pair.sides
    assert (b.title, b.is_live) == ("Quality 50", False) and b.document is encoded.document
    assert b.facts[:3] == ("6 bytes", "0.500 bpp", "29.00 dB")
    assert names(desk) == [(Kind.PICTURE, "photo.png"), (Kind.RESULT, "Quality 50")]


@pytest.mark.parametrize("asking", [False, True])
def test_a_file_has_one_side_and_says_what_it_needs(desk, tmp_path, inverting, asking):
    path = tmp_path / "photo.daub"
    path.write_bytes(asking_for_it(golden("photo")) if asking else golden("photo"))
    desk.open(path)
    a, b = desk.bench.sources.pair.sides
    assert a is None and b.gaussians is desk.workspace.picture.gaussians and b.has_stages is asking
    assert not desk.bench.view.compares and names(desk) == [(Kind.PICTURE, "photo.daub")]


def test_an_earlier_result_is_put_on_a_side_while_another_fit_runs(desk, photo):
    sources = desk.bench.sources
    desk.open(photo)
    first = desk.finish()
    key = sources.pair.on("b")
    desk.workspace.change(goal=Goal("quality", 20))
    desk.until(lambda: desk.state.ticket == 2)
    assert sources.pair.on("b") == LIVE, "whoever changes a setting wants to see what becomes of it"
    sources.pair.put(key, "b")
    desk.encoder.permits.release(2 * PLAN_STEPS + 2)
    desk.until(lambda: desk.state.phase is Phase.FITTING and desk.state.progress.step == 2)
    assert sources.pair.sides[1].document is first.document and desk.workspace.fitting.is_under_way
    sources.pair.put(LIVE, "a")
    assert sources.pair.sides[0].gaussians is desk.state.gaussians and sources.pair.sides[0].is_live
    second = desk.finish()
    a, b = sources.pair.sides
    assert a.document is second.document and b.document is first.document, "it stays where it was put"
    desk.workspace.fitting.restart()
    assert sources.pair.on("b") == LIVE and sources.pair.sides[0].document is second.document


def test_what_is_on_the_other_side_changes_places(desk, photo):
    sources = desk.bench.sources
    desk.open(photo)
    desk.finish()
    picture, result = sources.pair.on("a"), sources.pair.on("b")
    sources.pair.put(result, "a")
    assert (sources.pair.on("a"), sources.pair.on("b")) == (result, picture)
    sources.pair.swap()
    assert (sources.pair.on("a"), sources.pair.on("b")) == (picture, result)
    sources.pair.put(picture, "a")
    assert (sources.pair.on("a"), sources.pair.on("b")) == (picture, result), "it was there"


def test_another_picture_is_compared_as_usual_and_keeps_the_rows_of_the_one_before(desk, photo, draw):
    sources = desk.bench.sources
    desk.open(photo)
    desk.finish()
    sources.pair.swap()
    desk.open(draw("other.png", 7))
    assert names(desk) == [
        (Kind.FILE, "photo.png"), (Kind.RESULT, "Quality 50"), (Kind.PICTURE, "other.png"), (Kind.LIVE, "Fit"),
    ]  # fmt: skip
    assert sources.pair.sides[0].pixels is desk.workspace.picture.pixels and sources.pair.sides[1] is None
    sources.pair.put("result:1", "a")
    assert sources.pair.on("a") == "result:1", "it has as many pixels"
    desk.open(draw("large.png", 7, (30, 40)))
    sources.pair.put("result:1", "a")
    (failure,) = desk.heard["failed"]
    assert "Quality 50 cannot be compared with large.png" in failure.line and "12 × 8 pixels" in failure.line
    assert sources.pair.on("a") != "result:1"
    sources.pair.put("nothing", "a")


def test_what_another_codec_has_made_is_a_row(desk, photo):
    sources = desk.bench.sources
    desk.open(photo)
    pixels8 = np.full((8, 12, 3), 51, np.uint8)
    key = sources.add_rival("AVIF", b"12345", pixels8, "quality 30")
    assert sources.add_rival("AVIF", b"1", pixels8) != key
    rows = [(row.name, row.bytes, row.remark) for row in sources.rows if row.kind is Kind.RIVAL]
    assert rows == [("AVIF", 5, "quality 30"), ("AVIF (2)", 1, "")] and sources.at_hand.data_of(key) == b"12345"
    assert sources.pair.side(key) is None, "it is made ready for the screen first"
    sources.pair.put(key, "b")
    desk.until(lambda: sources.pair.on("b") == key)
    b = sources.pair.sides[1]
    assert b.title == "AVIF" and b.texels is pixels8
    np.testing.assert_allclose(b.pixels, 0.2)
    desk.finish()
    assert sources.pair.on("b") == key, "a fit that ends takes nobody's place"


def test_rows_are_renamed_starred_and_deleted_with_undo(desk, photo):
    sources, workspace = desk.bench.sources, desk.workspace
    desk.open(photo)
    first = desk.finish()
    finish_another(desk, Goal("quality", 20))
    sources.rename("result:1", "  the good one ")
    sources.rename("result:1", " ")
    sources.star("result:1")
    row = sources.get("result:1")
    assert (row.name, row.starred) == ("the good one", True) and workspace.history.undo_label == "star"
    workspace.undo()
    workspace.undo()
    row = sources.get("result:1")
    assert (row.name, row.starred) == ("Quality 50", False)
    sources.pair.put("result:1", "b")
    sources.delete("result:1")
    assert sources.get("result:1") is None and sources.pair.on("b") == "result:2"
    workspace.change(goal=Goal("quality", 50))
    assert workspace.fitting.is_under_way, "what was deleted answers no more"
    workspace.undo()
    workspace.undo()
    assert sources.get("result:1").bytes == len(first.data)
    workspace.change(goal=Goal("quality", 50))
    assert desk.state.encoded is first


def test_a_result_that_is_shown_can_be_deleted_and_comes_back(desk, photo):
    sources = desk.bench.sources
    desk.open(photo)
    first = desk.finish()
    desk.bench.sources.delete("result:1")
    assert desk.state.encoded is None and desk.state.gaussians is None and not desk.workspace.fitting.is_under_way
    assert names(desk) == [(Kind.PICTURE, "photo.png")] and sources.pair.sides[1] is None
    assert not desk.exports.possible
    desk.workspace.undo()
    assert desk.state.encoded is first and sources.pair.on("b") == "result:1"


def test_a_file_is_deleted_with_what_was_made_of_it_but_not_what_is_open(desk, photo, draw):
    sources = desk.bench.sources
    desk.open(photo)
    desk.finish()
    desk.open(draw("other.png", 7))
    opened, before = sources.pair.on("a"), sources.rows
    sources.delete(opened)
    sources.delete(LIVE)
    assert sources.rows == before and not sources.can_delete(opened)
    sources.delete(before[0].key)
    assert [row.name for row in sources.rows] == ["other.png", "Fit"]
    assert desk.workspace.history.undo_label == "deleting photo.png"
    desk.workspace.undo()
    assert sources.rows == before
