"""What leaves a workspace, at any moment of a fit, and also when its window closes meanwhile."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PIL.ExifTags import Base
from stages import golden

from daub.app.model.fit.state import Phase
from daub.app.model.picture import picture
from daub.codec import container
from daub.codec.container import Document
from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.render.gaussians import Gaussians


def test_a_finished_file_is_written_as_it_is(desk, photo, tmp_path):
    desk.exports.daub(tmp_path / "none.daub")
    desk.open(photo)
    assert not desk.exports.possible and desk.exports.document is None
    desk.exports.daub(tmp_path / "none.daub")
    encoded = desk.finish()
    desk.exports.daub(tmp_path / "out.daub")
    desk.until(lambda: desk.heard["noticed"])
    assert (tmp_path / "out.daub").read_bytes() == encoded.data
    assert desk.heard["noticed"] == [f"Saved out.daub, {len(encoded.data)} bytes"]
    assert not (tmp_path / "none.daub").exists()


@pytest.mark.parametrize("close", [False, True])
def test_a_fit_on_its_way_is_packed_with_what_it_was_asked_for(desk, photo, tmp_path, close):
    desk.open(photo)
    desk.workspace.change(seed=7)
    desk.workspace.fitting.stop()  # of a fit that is not wanted any more: nothing of it
    desk.workspace.fitting.restart()
    desk.encoder.permits.release(3)
    desk.until(lambda: desk.state.ticket == desk.workspace.tries.newest and desk.state.progress.step >= 2)
    shown = desk.state.gaussians
    desk.workspace.change(seed=8)
    desk.exports.daub(tmp_path / "part.daub")
    if close:
        desk.workspace.close()
    for _ in range(100):
        desk.encoder.permits.release()
    if close:
        desk.workspace.finish_files()
    else:
        desk.until(lambda: desk.heard["noticed"])
    assert (tmp_path / "part.daub").read_bytes().startswith(b"part")
    gaussians, recipe, _ = desk.encoder.packed[0]
    assert gaussians is shown and recipe.seed == 7, "what was on the screen, not what is wanted by now"


def test_a_folder_that_is_none_is_told(desk, photo, tmp_path):
    desk.open(photo)
    desk.finish()
    desk.exports.daub(tmp_path / "no such folder" / "out.daub")
    desk.until(lambda: desk.heard["failed"])
    assert "no such folder" in desk.heard["failed"][0].line


def test_a_size_that_a_format_cannot_hold_is_found_before_the_rendering(tmp_path, monkeypatch):
    monkeypatch.setattr(picture, "decode", lambda *_: pytest.fail("it is rendered"))
    document = Document.unwritten(Gaussians.empty(1), 200, 3)
    with pytest.raises(DaubError, match="WebP holds 16383 pixels a side and the picture has 20000x300"):
        picture.export_png(tmp_path / "a.webp", document, 100)


def test_pictures_are_rendered_at_the_scale(desk, photo, tmp_path):
    desk.open(photo)
    desk.finish()
    desk.exports.png(tmp_path / "out.png", 3.0)
    got = []
    desk.exports.decoded(got.append)
    desk.until(lambda: got and desk.heard["noticed"])
    assert PIL.Image.open(tmp_path / "out.png").size == (36, 24)
    assert got[0].shape == (8, 12, 3) and got[0].dtype == np.uint8
    assert desk.state.phase is Phase.FINISHED


def test_the_method_is_written_with_its_steps(desk, tmp_path):
    desk.workspace.choose_method("smartsplat", (("loss", "l2"),))
    desk.workspace.change(steps=700)
    desk.exports.method(tmp_path / "mine.toml")
    desk.until(lambda: desk.heard["noticed"])
    assert (tmp_path / "mine.toml").read_text() == 'base = "smartsplat"\nloss = "l2"\nsteps = 700\n'


def test_the_source_is_never_written_over(desk, photo, tmp_path):
    before = photo.read_bytes()
    link = tmp_path / "link.png"
    link.symlink_to(photo)
    desk.open(photo)
    desk.finish()
    for path in (photo, link):
        desk.exports.png(path, 1.0)
        desk.exports.daub(path)
    assert [failure.line.partition(", ")[0] for failure in desk.heard["failed"]] == [
        "cannot write photo.png", "cannot write photo.png", "cannot write link.png", "cannot write link.png",
    ]  # fmt: skip
    desk.pump()
    assert photo.read_bytes() == before and not desk.heard["noticed"]


def test_an_export_of_a_fit_on_its_way_tells_how_far_it_is_and_becomes_a_result_with_a_pin(desk, photo, tmp_path):
    desk.workspace.change(steps=60, goal=Goal("gaussians", 50))
    desk.open(photo)
    desk.encoder.permits.release(12)
    desk.until(lambda: desk.state.progress.step == 12)
    desk.workspace.rewind.look_at(6)
    desk.exports.daub(tmp_path / "part.daub")
    desk.encoder.permits.release(3)  # the record under way, and two of the file
    desk.until(lambda: desk.workspace.fitting.making is not None and desk.workspace.fitting.making.fraction > 0.5)
    assert desk.workspace.fitting.making.name == "part.daub"
    desk.encoder.permits.release(3)
    desk.until(
        lambda: desk.heard["noticed"] and desk.workspace.fitting.making is None and len(desk.workspace.results) == 1
    )
    (result,) = desk.workspace.results
    assert result.encoded.data == (tmp_path / "part.daub").read_bytes() and not result.state.whole
    pin = desk.state.timeline.pins[-1]
    assert (pin.step, pin.words) == (6, "exported as part.daub")
    assert desk.workspace.fitting.is_under_way, "it goes on"


def test_the_file_of_a_fit_that_was_given_up_is_shown_once_it_is_made(desk, photo, tmp_path):
    desk.workspace.change(steps=60, goal=Goal("gaussians", 50))
    desk.open(photo)
    desk.encoder.permits.release(12)
    desk.until(lambda: desk.state.progress.step == 12)
    desk.workspace.fitting.cancel()
    desk.encoder.permits.release(20)
    desk.until(lambda: desk.state.phase is Phase.STOPPED)
    desk.exports.daub(tmp_path / "part.daub")
    desk.until(lambda: desk.state.encoded is not None)
    assert desk.state.phase is Phase.STOPPED and desk.state.psnr == desk.state.encoded.psnr


def test_what_a_photo_says_of_itself_goes_into_the_file_and_into_its_png(desk, tmp_path):
    exif = PIL.Image.Exif()
    exif[Base.Copyright] = "a person"
    PIL.Image.new("RGB", (32, 24), (90, 120, 30)).save(tmp_path / "photo.jpg", exif=exif)
    desk.open(tmp_path / "photo.jpg")
    desk.finish()
    assert b"a person" in desk.encoder.metadata[-1].exif
    document = container.read(golden("photo"))
    document = document.with_chunk(*container.metadata_chunks(desk.encoder.metadata[-1]))
    picture.export_png(tmp_path / "out.png", document, 2)
    assert PIL.Image.open(tmp_path / "out.png").getexif()[Base.Copyright] == "a person"
