"""Edits in the real program, which is killed: what was done is offered, comes back to the bit, and is exported."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from daub.app.model.commands.project import look_for_leftovers
from daub.app.model.host import Leaving
from daub.app.model.project.recovery import leftovers, recovery_folder
from daub.app.model.sources.source import Kind
from daub.app.window.dialogs.recovery_offer import RecoveryOffer
from daub.codec import container
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.gaussians import Gaussians

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(tmp_path) -> Path:
    """A sky with a wire over a red hat, and a thing of three Gaussians in another picture; 96x64 pixels both."""
    y, x = np.mgrid[:64, :96]
    pixels = np.stack([100 + 0.5 * x, 130 + 0.4 * y, 210 - 0.5 * x], 2)
    pixels[20:22] = 20
    pixels[(x - 71) ** 2 + (y - 46) ** 2 < 81] = (200, 40, 40)
    PIL.Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "photo.png")
    thing = Gaussians.build([[20, 46], [24, 46], [22, 42]], [np.eye(2) * 6] * 3, [[0.3, 0.3, -0.3]] * 3)
    drawing = Drawing(thing, 96, 64)
    (tmp_path / "thing.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=70)))
    return tmp_path


@pytest.fixture
def killed(folder) -> dict:
    """What there was in a window that had saved, gone on, and was killed."""
    command = [sys.executable, str(Path(__file__).with_name("edit_session.py")), str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    line = process.stdout.readline().decode()
    assert line, "the session has ended by itself"
    assert not leftovers(recovery_folder()), "a window that lives has it"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return json.loads(line)


@pytest.mark.timeout(420)
def test_a_session_of_edits_is_killed_recovered_undone_and_exported(killed, driver, folder, monkeypatch):
    monkeypatch.setattr(driver.window.host, "may_leave", lambda name: Leaving.LEAVE)  # when it is closed at the end
    look_for_leftovers(driver.bench)
    offers = driver.window.findChildren
    driver.until(lambda: any(each.isVisible() for each in offers(RecoveryOffer)))
    offer = next(each for each in offers(RecoveryOffer) if each.isVisible())
    row = offer.list.item(0)
    assert row.text() == "photo.png, of the project work"
    assert "one result · one edit" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    QTest.mouseClick(offer.recovers, LEFT)
    editing, history = driver.bench.editing, driver.workspace.history
    driver.until(lambda: editing.session is not None and history.next_undo is not None)
    assert editing.population.work.hex() == killed["work"] and editing.count == killed["selected"]
    assert list(history.titles) == killed["steps"] and driver.window.isWindowModified()
    driver.window.activateWindow()
    driver.viewport.setFocus()
    QTest.keyClick(driver.viewport, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editing.population.work.hex() == killed["saved"] and editing.count == killed["selected"]
    while history.next_undo is not None:
        driver.run("undo")
    assert editing.session is None
    kinds = [each.kind for each in driver.bench.sources.rows]
    assert kinds == [Kind.PICTURE, Kind.RESULT]
    while history.next_redo is not None:
        driver.run("redo")
    assert editing.population.work.hex() == killed["work"]
    target = folder / "recovered.daub"
    driver.bench.exports.daub(target)
    driver.until(lambda: editing.session.file.is_exported)
    assert 0 < len(container.read(target.read_bytes())) <= len(editing.population)
    assert target.read_bytes() == editing.session.file.made.data
