"""A file whose optional chunk asks for a stage after the rendering: the window shows, exports and reads out that."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from restored_file import write_restored
from stages import TAG, asking_for_it, golden

from daub.app.model.fit.state import Phase
from daub.app.model.picture.picture import measure
from daub.codec import DaubError, container, decode, decode_stages
from daub.codec.container import Document
from daub.codec.decode_stages import DecodeStage
from daub.codec.evaluation.metrics import ms_ssim
from daub.codec.restoration.layer import without_layer
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import COEFFICIENT, Gaussians

pytestmark = pytest.mark.gui


@pytest.fixture
def files(tmp_path):
    """plain.daub, and asking.daub which comes out inverted."""
    (tmp_path / "plain.daub").write_bytes(golden("photo"))
    (tmp_path / "asking.daub").write_bytes(asking_for_it(golden("photo")))
    return tmp_path


def shown(driver):
    """(H, W, 3) int: the whole picture as it is on the screen, pixel by pixel."""
    driver.bench.view.zoom_to(1)
    width, height = driver.bench.view.camera.image
    left, top = (int(v) for v in driver.bench.view.camera.offset)
    return driver.screen()[top : top + height, left : left + width].astype(int)


def test_the_screen_and_the_read_out_show_what_the_stages_make(inverting, driver, files):
    plain, asking = decode(golden("photo")).astype(int), decode(files / "asking.daub").astype(int)
    assert np.abs(plain + asking - 255).max() <= 1
    driver.open(files / "asking.daub")
    side = driver.bench.comparison.sides[1]
    driver.until(lambda: driver.bench.decoded.colour_at(side, 0, 0) is not None)
    assert np.abs(shown(driver) - asking).max() <= 1
    assert driver.viewport.reason.what == "decoded on the CPU"
    _point_at(driver, 11, 7)
    assert "B {} {} {}".format(*asking[7, 11]) in driver.window.status.readout.text()

    driver.open(files / "plain.daub")
    assert np.abs(shown(driver) - plain).max() <= 1
    assert driver.viewport.reason.what != "decoded on the CPU"
    _point_at(driver, 11, 7)
    near = [int(word) for word in driver.window.status.readout.text().split()[-3:]]
    assert np.abs(near - plain[7, 11]).max() <= 1


def test_what_is_exported_and_copied_has_been_through_the_stages(inverting, driver, files):
    driver.open(files / "asking.daub")
    for scale in (1.0, 2.0):
        target = files / f"out{scale}.png"
        driver.bench.exports.png(target, scale)
        driver.until(target.exists)
        document = container.read((files / "asking.daub").read_bytes())
        expected = decode(document, (round(scale * document.width), round(scale * document.height)))
        assert np.array_equal(np.asarray(PIL.Image.open(target)), expected)
    driver.run("copy_decoded")
    driver.until(lambda: "Copied the decoded picture" in driver.window.toasts.lines())
    image = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    copied = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    assert np.array_equal(copied, decode(document))
    driver.bench.exports.daub(files / "again.daub")
    driver.until((files / "again.daub").exists)
    assert (files / "again.daub").read_bytes() == (files / "asking.daub").read_bytes()


def test_a_finished_fit_is_its_file_and_one_under_way_its_gaussians(driver, photo):
    driver.fit(photo, steps=20_000)
    assert (
        driver.bench.exports.document.gaussians is driver.state.gaussians and not driver.bench.exports.document.chunks
    )
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert driver.bench.exports.document is driver.state.encoded.document
    assert driver.bench.exports.document.to_bytes() == driver.state.encoded.data


def test_the_quality_is_that_of_the_decoded_picture(inverting):
    document = container.read(asking_for_it(golden("photo")))
    pixels = decode(golden("photo")).astype(np.float32) / 255
    assert measure(pixels, document) == ms_ssim(pixels, decode(document).astype(np.float32) / 255) < 0.5
    assert to_8bit(pixels).std() > 10


def test_a_stage_that_refuses_its_chunk_is_one_line_and_the_next_file_is_shown(monkeypatch, driver, files):
    class Refusing(DecodeStage):
        def apply(self, pixels, chunk, document):
            raise DaubError("the picture cannot be mended", "its chunk makes no sense", "encode it again")

    monkeypatch.setattr(decode_stages, "STAGES", {TAG: Refusing()})
    with driver.heard(driver.workspace.failed) as failures:
        driver.open(files / "asking.daub")
    assert failures[0].line == "the picture cannot be mended, its chunk makes no sense, encode it again"
    monkeypatch.undo()
    driver.open(files / "plain.daub")
    assert np.abs(shown(driver) - decode(golden("photo")).astype(int)).max() <= 1


def _point_at(driver, x: int, y: int) -> None:
    """The mouse over that pixel, and again where it has been there."""
    driver.bench.view.point_away()
    driver.bench.view.point_at(*driver.bench.view.camera.to_screen(x + 0.5, y + 0.5))


def test_the_picture_without_a_gaussian_has_been_through_the_stages(inverting, driver, files):
    """On the screen, in the read-out, and on the page Inspect."""
    driver.open(files / "asking.daub")
    whole = decode(files / "asking.daub").astype(int)
    driver.until(lambda: driver.viewport.scene.b.can_draw)
    painter = driver.viewport.scene.b
    driver.bench.inspector.pick(11.5, 7.5)
    gaussians, index = driver.bench.inspector.picked
    parameters = gaussians.parameters.copy()
    parameters[index, COEFFICIENT] = 0
    height, width, _ = whole.shape
    expected = 255 - decode(Document.unwritten(Gaussians(parameters), width, height)).astype(int)
    driver.run("without")
    changed = abs(expected - whole).max(-1) > 8
    assert changed.any()
    driver.until(lambda: np.abs(painter._pixels.astype(int) - expected).max() <= 1)
    side = driver.bench.comparison.sides[1]
    assert np.abs(driver.bench.decoded.get(side).astype(int) - expected).max() <= 1
    driver.until(lambda: driver.bench.inspector.found is not None)
    found = driver.bench.inspector.found
    left, top, right, bottom = found.crop
    box = slice(top, bottom), slice(left, right)
    assert np.abs(found.picture.astype(int) - whole[box]).max() <= 1
    assert np.abs(found.without.astype(int) - expected[box]).max() <= 1
    driver.run("without")
    driver.until(lambda: np.abs(painter._pixels.astype(int) - whole).max() <= 1)


def test_a_switch_shows_a_restored_file_as_it_is_rendered(driver, tmp_path):
    document, _ = write_restored(tmp_path / "restored.daub")
    whole, plain = decode(tmp_path / "restored.daub").astype(int), decode(without_layer(document)).astype(int)
    driver.open(tmp_path / "restored.daub")
    driver.until(lambda: driver.bench.decoded.get(driver.bench.comparison.sides[1]) is not None)
    assert np.abs(shown(driver) - whole).max() <= 1
    driver.run("show_restored")
    driver.until(lambda: driver.viewport.scene.b.can_draw)
    assert np.abs(shown(driver) - plain).max() <= 1
    driver.run("show_restored")
    driver.until(lambda: driver.bench.decoded.get(driver.bench.comparison.sides[1]) is not None)
    assert np.abs(shown(driver) - whole).max() <= 1
