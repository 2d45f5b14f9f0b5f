"""Transparent pictures in the window: the chequerboard below both sides, the fit, its file, exports and edits."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog, QPushButton

from daub.app.model.fit.state import Phase
from daub.app.model.picture.picture import on_board
from daub.codec import container, decode


@pytest.fixture
def logo(tmp_path):
    """logo.png, 64x48: a disc with a soft rim."""
    y, x = np.mgrid[:48, :64]
    alpha = np.clip(17 - np.hypot(x - 31, y - 23), 0, 1)
    pixels = np.dstack([4 * x, 5 * y, 0 * x + 90, 255 * alpha]).astype(np.uint8)
    PIL.Image.fromarray(pixels).save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


def test_a_fit_keeps_it_and_both_sides_lie_on_the_board(driver, logo):
    driver.fit(logo)
    driver.finish()
    source = np.asarray(PIL.Image.open(logo))
    assert np.abs(driver.workspace.picture.texels.astype(int) - on_board(source)).max() <= 1
    encoded = driver.state.encoded
    assert container.is_transparent(encoded.data) and encoded.psnr > 25
    side = driver.bench.comparison.sides[1]
    driver.until(lambda: driver.bench.decoded.get(side) is not None)
    made = decode(encoded.data)
    assert np.array_equal(driver.bench.decoded.shown(side), on_board(made))
    assert np.abs(on_board(made)[0, :24:8].astype(int) - [[153] * 3, [204] * 3, [153] * 3]).max() <= 3
    driver.paint()
    assert driver.viewport.reason.what == "decoded on the CPU"

    driver.bench.exports.daub(logo.with_name("out.daub"))
    driver.bench.exports.png(logo.with_name("out.png"), 1.0)
    driver.until(lambda: logo.with_name("out.daub").exists() and logo.with_name("out.png").exists())
    assert logo.with_name("out.daub").read_bytes() == encoded.data
    assert np.array_equal(np.asarray(PIL.Image.open(logo.with_name("out.png"))), made)


def test_a_fit_that_is_stopped_has_a_transparent_file_too(driver, logo):
    driver.fit(logo, steps=20_000)
    driver.workspace.fitting.stop()
    driver.until(lambda: driver.state.phase is Phase.STOPPED)
    assert container.is_transparent(driver.state.encoded.data)


def test_what_is_edited_takes_its_transparency_along(driver, logo):
    driver.fit(logo)
    driver.finish()
    before = decode(driver.state.encoded.data).astype(int)
    driver.run("flip_horizontally")
    driver.bench.exports.daub(logo.with_name("flipped.daub"))
    driver.until(lambda: logo.with_name("flipped.daub").exists())
    after = decode(logo.with_name("flipped.daub")).astype(int)
    assert after.shape == before.shape and np.abs(after - before[:, ::-1])[..., 3].mean() < 6


def test_a_colour_is_chosen_and_given_up_again(driver, logo):
    driver.open(logo)
    button = driver.window.goals.advanced.background
    driver.workspace.opening.lay_on((0.0, 0.0, 1.0))
    driver.until(lambda: button.text() == "#0000ff")
    assert driver.workspace.picture.straight is None
    button.click()
    dialog = driver.window.findChild(QColorDialog)
    (keep,) = (each for each in dialog.findChildren(QPushButton) if "transparent" in each.text())
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    driver.until(lambda: button.text() == "Transparent" and driver.workspace.picture.straight is not None)
