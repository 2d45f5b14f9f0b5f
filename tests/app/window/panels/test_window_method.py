"""The picker of the method: what it starts, what it locks, what it marks, and the profiles it reads and writes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.fit import writer
from daub.app.model.fit.method import profile_of
from daub.app.model.fit.method_words import name_of
from daub.app.model.fit.state import Phase
from daub.app.model.workspace.workspace import Workspace
from daub.app.window.dialogs.file_dialogs import FileDialogs
from daub.app.window.panels.profile_panel import ProfilePanel
from daub.codec import container
from daub.codec.effort import DEFAULT_EFFORT, EFFORTS
from daub.codec.goal import Goal, GoalKind
from daub.codec.profiles.profile import PARTS, PROFILES
from daub.codec.profiles.profile_file import load_profile

pytestmark = pytest.mark.gui
WITH_METHOD_FILES = [name for name, profile in PROFILES.items() if profile.writes_method_file]
BY_US = "refined and written by Daub's own quantiser and coder, not by"
FREE_GOALS = ("quality", "bytes", "bpp", "psnr", "ms-ssim")


@pytest.fixture
def picker(driver):
    """The panel, once it knows what there is."""
    driver.until(lambda: driver.window.method.profiles.isEnabled())
    return driver.window.method


def choose(field: QComboBox, text: str) -> None:
    """As a person does: unfolds the list, goes to the line, takes it."""
    field.showPopup()
    line = max(field.findText(text), field.findText(name_of(text)))  # a method has a name for people
    field.view().setCurrentIndex(field.model().index(line, 0))
    QTest.keyClick(field.view(), Qt.Key.Key_Return)


def fit(driver, picker, photo, name: str, steps: int | None = None) -> None:
    """Opens the photo with this method; its fit begins."""
    choose(picker.profiles, name)
    driver.window.goals.fields["gaussians"].setValue(60)
    if steps is not None:
        driver.window.goals.advanced.steps.setValue(steps)
    driver.open(photo)
    driver.until(lambda: driver.state.method.name == PROFILES[name].name and driver.step > 0)


def test_it_waits_for_the_registries_and_then_names_all_profiles(picker):
    empty = ProfilePanel(Workspace(lambda call: None, lambda: None), lambda: None)
    assert not empty.profiles.isEnabled() and not empty.parts.fold.isEnabled()
    assert _lines(empty.profiles) == ["Daub"]
    assert _lines(picker.profiles) == [*map(name_of, PROFILES), "", "From a file…"]


def test_picking_a_method_fits_with_it_and_going_back_with_ours(driver, picker, photo):
    goals = driver.window.goals
    goals.advanced.steps.setValue(20_000)
    driver.open(photo)
    driver.until(lambda: driver.step > 0)
    assert driver.state.method.name == "native"
    goals.fields["psnr"].setValue(25)
    driver.until(
        lambda: driver.state.goal.kind is GoalKind.PSNR and driver.state.phase is Phase.FITTING and driver.step > 0
    )
    count = driver.state.snapshot.goal_count
    driver.workspace.fitting.cancel()
    driver.until(lambda: driver.state.phase is Phase.STOPPED)
    choose(picker.profiles, "gaussianimage++")
    driver.until(lambda: driver.state.method.name == "gaussianimage++" and driver.step > 0)
    assert driver.state.progress.steps == goals.advanced.steps.value() == 50_000 and driver.state.method.writes_files
    goal = driver.workspace.settings.goal
    assert goal.kind is GoalKind.GAUSSIANS and goals.chosen == "gaussians"
    assert goal.value == goals.fields["gaussians"].value() == count, "what the fit before had come to"
    for kind in FREE_GOALS:
        item = goals.choice.model().item(goals.choice.findData(kind))
        assert not item.isEnabled() and not goals.fields[kind].isEnabled()
        assert "a number of Gaussians alone" in goals.fields[kind].toolTip() == item.toolTip()
    assert not goals.effort.isEnabled() and "without effect on gaussianimage++" in goals.effort.toolTip()
    assert writer.label(driver.state) == "Fit · gaussianimage++"
    assert driver.window.result.size.text().startswith("~")

    choose(picker.profiles, "native")
    driver.until(lambda: driver.state.method.name == "native" and driver.step > 0)
    assert driver.workspace.settings.goal == Goal("psnr", 25) and goals.chosen == "psnr"
    assert goals.fields["psnr"].value() == 25
    assert all(field.isEnabled() for field in (*goals.fields.values(), *goals.sliders.values(), goals.effort))
    assert (
        goals.advanced.steps.value() == EFFORTS[DEFAULT_EFFORT].steps and "alone" not in goals.fields["bpp"].toolTip()
    )
    assert not driver.window.toasts.lines()


@pytest.mark.parametrize("name", WITH_METHOD_FILES)
def test_a_whole_fit_ends_in_the_file_of_its_method(driver, picker, photo, tmp_path, name):
    fit(driver, picker, photo, name, steps=30)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert driver.state.timeline.step == driver.state.timeline.steps == 30 and driver.state.whole
    assert container.read(driver.state.encoded.data).payload.parts.coder == PROFILES[name].coder.name
    path = tmp_path / "a.daub"
    driver.bench.exports.daub(path)
    driver.until(path.exists)
    driver.until(lambda: bool(driver.window.toasts.lines()))
    driver.open(path)
    assert len(driver.state.gaussians) == len(container.read(path.read_bytes()).gaussians)
    assert driver.state.method.name == "native" and picker.profiles.currentData() == name and not picker.isEnabled()


@pytest.mark.parametrize("name", WITH_METHOD_FILES)
def test_stopping_early_says_who_wrote_the_file(driver, picker, photo, tmp_path, name):
    fit(driver, picker, photo, name)
    assert _told_before(driver) == f"A file made before the end is {BY_US} {name}"
    driver.workspace.fitting.stop()
    driver.until(lambda: driver.state.encoded is not None)
    assert driver.state.phase is Phase.STOPPED
    driver.until(lambda: bool(driver.window.toasts.lines()))
    assert driver.window.toasts.lines() == ["Stopped early: refined and written by Daub's own quantiser and coder"]
    assert _told_before(driver) == f"The file is {BY_US} {name}"
    assert writer.label(driver.state) == f"Decoded file · {name}, written by Daub"

    path = tmp_path / "a.daub"
    driver.bench.exports.daub(path)
    driver.until(lambda: len(driver.window.toasts.lines()) == 2)
    assert "written by Daub's own quantiser" in driver.window.toasts.lines()[1]
    _check_facts(driver, path)
    driver.open(path)
    _check_facts(driver, path)
    assert not driver.window.transport.writer.isVisible()


def test_exporting_while_it_fits_says_who_writes_the_file(driver, picker, photo, tmp_path, monkeypatch):
    fit(driver, picker, photo, "gaussianimage-rs")
    path, titles = tmp_path / "a.daub", []

    def answer(files, mode, title, *_):
        titles.append(title)
        return path

    monkeypatch.setattr(FileDialogs, "ask", answer)
    QTest.mouseClick(_export_button(driver), Qt.MouseButton.LeftButton)
    assert titles == ["Export .daub, by Daub's own quantiser and coder"]
    driver.until(lambda: bool(driver.window.toasts.lines()))
    driver.until(lambda: any(line.startswith("Saved a.daub") for line in driver.window.toasts.lines()))
    line = next(line for line in driver.window.toasts.lines() if line.startswith("Saved a.daub"))
    assert line.endswith("refined and written by Daub's own quantiser and coder")
    step = driver.step
    driver.until(lambda: driver.step > step)
    driver.open(path)
    _check_facts(driver, path)


def test_a_cancelled_fit_is_exported_by_us_and_ours_says_nothing_of_it(driver, picker, photo, tmp_path):
    fit(driver, picker, photo, "smartsplat")
    driver.workspace.fitting.cancel()
    driver.until(lambda: driver.state.phase is Phase.STOPPED)
    assert _told_before(driver) == f"A file made before the end is {BY_US} smartsplat"
    driver.bench.exports.daub(tmp_path / "a.daub")
    driver.until(lambda: bool(driver.window.toasts.lines()))
    assert isinstance(container.read((tmp_path / "a.daub").read_bytes()).payload, container.NativePayload)

    choose(picker.profiles, "native")
    driver.until(lambda: driver.state.method.name == "native" and driver.step > 0)
    assert _told_before(driver) == "" and not driver.window.transport.writer.isVisible()


def test_the_time_of_a_stopped_fit_is_that_of_all_of_it(driver, picker, photo):
    fit(driver, picker, photo, "smartsplat")
    driver.qtbot.wait(1500)
    driver.workspace.fitting.stop()
    driver.until(lambda: driver.state.encoded is not None)
    assert driver.state.encoded.fit_seconds > 1
    assert float(driver.window.result.values["Time"].text().split()[0]) > 1


def test_pause_and_cancel_of_a_long_fit_take_effect_at_once(driver, picker, photo):
    fit(driver, picker, photo, "gaussianimage-cholesky", steps=200_000)
    assert driver.window.goals.advanced.steps.value() == driver.state.progress.steps == 200_000
    driver.workspace.fitting.play_or_pause()
    driver.until(lambda: driver.state.phase is Phase.PAUSED, 5)
    driver.workspace.fitting.cancel()
    driver.until(lambda: driver.state.phase is Phase.STOPPED, 5)


def test_changed_parts_are_marked_and_counted_and_can_be_taken_back(driver, picker, photo):
    fit(driver, picker, photo, "gaussianimage++")
    parts = picker.parts
    assert not parts.isVisible() and parts.fold.text() == "Building blocks" and not parts.undo.isEnabled()
    QTest.mouseClick(parts.fold, Qt.MouseButton.LeftButton)
    driver.lay_out()
    assert parts.isVisible()
    assert {kind: field.currentText() for kind, field in parts.fields.items()} == PROFILES["gaussianimage++"].part_names
    for kind, field in parts.fields.items():
        assert _lines(field) == list(PARTS[kind])
        assert field.fontMetrics().horizontalAdvance(field.currentText()) < field.width() - 26

    driver.window.goals.advanced.steps.setValue(9000)
    choose(parts.fields["filter"], "none")
    choose(parts.fields["loss"], "l1")
    driver.until(lambda: driver.state.method.name == "gaussianimage++, filter none, loss l1" and driver.step > 0)
    assert driver.state.progress.steps == 9000, "the steps stay those that somebody has asked for"
    assert parts.fold.text() == "Building blocks, 2 changed"
    assert [kind for kind, label in parts.labels.items() if label.property("changed")] == ["filter", "loss"]
    assert parts.labels["filter"].text() == "● Filter" and parts.labels["coder"].text() == "Coder"
    assert parts.labels["filter"].toolTip() == "gaussianimage++ has content-aware"

    choose(parts.fields["filter"], "content-aware")
    assert parts.fold.text() == "Building blocks, 1 changed" and not parts.labels["filter"].property("changed")
    QTest.mouseClick(parts.undo, Qt.MouseButton.LeftButton)
    assert parts.fold.text() == "Building blocks" and parts.fields["loss"].currentText() == "l2"
    driver.until(lambda: driver.state.method.name == "gaussianimage++" and driver.step > 0)


def test_parts_that_do_not_go_together_start_nothing_until_they_are_mended(driver, picker, photo, tmp_path):
    driver.fit(photo, steps=20_000)
    picker.parts.fold.click()
    ticket, wanted = driver.state.ticket, driver.workspace.settings
    choose(picker.parts.fields["loss"], "l1")
    assert picker.error.isVisible() and "gauss-newton goes with the loss l2 alone" in picker.error.text()
    assert "choose adam or adan" in picker.error.text() and not picker.save.isEnabled()
    step = driver.step
    driver.qtbot.wait(500)  # longer than the debounce
    assert driver.state.ticket == ticket and driver.step > step and driver.workspace.settings == wanted

    driver.workspace.fitting.restart()
    assert driver.window.toasts.lines() == ["No fit starts until the parts of the method go together"]
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    driver.open(other)
    driver.qtbot.wait(300)
    assert driver.step == 0

    choose(picker.parts.fields["optimiser"], "adam")
    assert not picker.error.isVisible() and picker.save.isEnabled()
    driver.until(lambda: driver.state.method.name == "native, loss l1, optimiser adam" and driver.step > 0)
    assert not driver.state.method.writes_files and driver.window.goals.fields["psnr"].isEnabled()


def test_the_choice_is_kept_while_another_picture_is_opened(driver, picker, photo, tmp_path):
    fit(driver, picker, photo, "gaussianimage-rs")
    choose(picker.parts.fields["loss"], "l1")
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    driver.open(other)
    driver.until(lambda: driver.state.method.name == "gaussianimage-rs, loss l1" and driver.step > 0)
    assert picker.profiles.currentText() == "GaussianImage, rotation and scale"


def test_a_changed_profile_is_saved_and_picked_from_its_file(driver, picker, photo, tmp_path, monkeypatch):
    fit(driver, picker, photo, "smartsplat", steps=700)
    choose(picker.parts.fields["densifier"], "distortion-driven")
    monkeypatch.setattr(FileDialogs, "ask", lambda *_: tmp_path / "mine")
    picker.parts.fold.click()
    QTest.mouseClick(picker.save, Qt.MouseButton.LeftButton)
    path = tmp_path / "mine.toml"
    driver.until(path.exists)
    assert path.read_text() == 'base = "smartsplat"\ndensifier = "distortion-driven"\nsteps = 700\n'
    saved = load_profile(str(path))
    choose(picker.profiles, "native")

    monkeypatch.setattr(FileDialogs, "ask", lambda *_: path)
    choose(picker.profiles, "From a file…")
    assert picker.profiles.currentText() == "mine.toml" and picker.parts.fold.text() == "Building blocks"
    assert driver.window.goals.advanced.steps.value() == 700 and not driver.window.goals.fields["psnr"].isEnabled()
    assert picker.parts.fields["densifier"].currentText() == "distortion-driven"
    assert profile_of(driver.workspace.settings) == saved
    driver.until(lambda: driver.state.method.name == "mine" and driver.step > 0)

    choose(picker.profiles, "native")
    choose(picker.profiles, "mine.toml")
    assert driver.workspace.settings.profile == str(path)
    driver.until(lambda: driver.state.method.name == "mine" and driver.step > 0)
    ticket = driver.state.ticket
    path.write_text(path.read_text().replace("700", "800").replace("distortion-driven", "none"))
    choose(picker.profiles, "mine.toml")
    driver.until(lambda: driver.state.ticket > ticket and driver.step > 0)
    assert driver.state.progress.steps == 800 and picker.parts.fields["densifier"].currentText() == "none"


def test_a_bad_file_is_told_and_changes_nothing(driver, picker, photo, tmp_path, monkeypatch):
    fit(driver, picker, photo, "gaussianimage-rs")
    wanted = driver.workspace.settings
    path = tmp_path / "bad.toml"
    path.write_text("lose = 'l2'")
    for chosen in (path, None):
        monkeypatch.setattr(FileDialogs, "ask", lambda *_, chosen=chosen: chosen)
        choose(picker.profiles, "From a file…")
        assert (
            picker.profiles.currentText() == "GaussianImage, rotation and scale" and driver.workspace.settings == wanted
        )
    (line,) = driver.window.toasts.lines()
    assert "no kind of part called 'lose'" in line and "\n" not in line
    assert picker.profiles.findText("bad.toml") < 0


def test_settings_of_a_file_are_offered_as_its_own(picker, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("base = 'smartsplat'\nloss = { l1 = 0.8, ssim = 0.2 }")
    picker.choose(str(path))
    loss = picker.parts.fields["loss"]
    assert loss.currentText() == "its own settings"
    choose(loss, "l2")
    assert picker.parts.labels["loss"].toolTip() == "mine has settings of its own"
    choose(loss, "its own settings")
    assert picker.parts.fold.text() == "Building blocks"


def _lines(field: QComboBox) -> list[str]:
    return [field.itemText(i) for i in range(field.count())]


def _told_before(driver) -> str:
    """What is said of a file before it is made: under the progress, and at what makes it."""
    note, actions = driver.window.transport.writer.text().replace("\u2060", ""), driver.window.actions_by_name
    for each in (actions["stop"], actions["export_daub"], _export_button(driver)):
        assert each.toolTip().partition("\n")[2] == note
    assert driver.window.transport.writer.isVisible() == bool(note)
    return note


def _export_button(driver) -> QPushButton:
    text = BY_NAME["export_daub"].text
    return next(button for button in driver.window.panel.findChildren(QPushButton) if button.text() == text)


def _check_facts(driver, path) -> None:
    """The panel tells of this file, which is our own."""
    data, values = path.read_bytes(), driver.window.result.values
    decoded = container.read(data)
    assert isinstance(decoded.payload, container.NativePayload) and (decoded.width, decoded.height) == (96, 64)
    assert f"{len(data):,} bytes, {8 * len(data) / (96 * 64):.3f} bits" in driver.window.result.share.text()
    assert values["Gaussians"].text() == f"{len(decoded):,}" and not values["Method"].isVisible()
