"""A fit in the window: it is seen to go on, and does what it is told."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from daub.app.model.fit.state import Phase
from daub.app.model.picture import picture
from daub.app.window.panels.action_button import ActionButton
from daub.codec.container import tuning_of
from daub.codec.effort import DEFAULT_EFFORT, EFFORTS
from daub.codec.evaluation.perceptual import Perceptual, available, perceptual
from daub.codec.goal import GOALS, Goal

pytestmark = pytest.mark.gui
LONG = 20_000  # steps: never ends by itself


def test_a_fit_is_seen_to_progress(driver, photo):
    driver.fit(photo, steps=LONG)
    step, psnr = driver.step, driver.state.psnr
    scene = driver.viewport.scene  # without a graphics card the CPU renders frames, as OpenGL would take longer
    driver.until(lambda: scene.gaussian_draws + scene.b.frame_draws >= 5)
    assert driver.step > step and driver.state.psnr > psnr
    assert driver.viewport._state.gaussians is driver.state.gaussians
    assert 0 < driver.window.transport.bar.value() < driver.window.transport.bar.maximum()
    driver.until(lambda: driver.window.transport.left.text().endswith("left"))
    assert driver.window.transport.phase.text().startswith("Fitting · step ")
    assert driver.window.result.size.text().startswith("~")


def test_a_fit_ends_in_a_real_file(driver, photo):
    driver.fit(photo, steps=400)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    state = driver.state
    assert state.timeline.step == state.timeline.steps == 400 and state.whole
    steps, counts, psnrs = state.timeline.curves(1000)
    assert list(steps) == list(range(1, 401))
    assert counts[-1] == 150 and counts[0] < counts[-1] and len(state.timeline.events("grown")) > 0
    assert psnrs[-1] > psnrs[0] + 3
    assert f"{len(state.encoded.data):,} bytes" in driver.window.result.share.text()
    assert "~" not in driver.window.result.size.text()
    percent = 100 * len(state.encoded.data) / photo.stat().st_size
    assert f"{percent:.1f} % of the source" in driver.window.result.share.text()
    assert driver.window.result.values["PSNR"].text() == f"{state.encoded.psnr:.2f} dB"
    driver.until(lambda: driver.window.result.values["MS-SSIM"].text().startswith("0."))
    assert driver.window.transport.bar.value() == driver.window.transport.bar.maximum()


def test_pause_step_resume_cancel_by_keyboard(driver, photo):
    driver.fit(photo, steps=LONG)
    QTest.keyClick(driver.viewport, Qt.Key.Key_Space)
    driver.until(lambda: driver.state.phase is Phase.PAUSED)
    paused_at = driver.step
    assert driver.window.result.size.text().startswith("~")
    driver.paint(5)
    assert driver.step == paused_at
    QTest.keyClick(driver.viewport, Qt.Key.Key_Period)
    driver.until(lambda: driver.step == paused_at + 1)
    driver.paint(5)
    assert (driver.state.phase, driver.step) == (Phase.PAUSED, paused_at + 1)
    QTest.keyClick(driver.viewport, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: driver.step > paused_at + 10)
    QTest.keyClick(driver.viewport, Qt.Key.Key_Escape)
    driver.until(lambda: driver.state.phase is Phase.STOPPED)
    assert driver.state.gaussians is not None and driver.state.encoded is None


def test_two_quick_taps_pause_and_go_on(driver, photo):
    driver.fit(photo, steps=LONG)
    for _ in range(2):  # before the window has seen the first take effect
        QTest.keyClick(driver.viewport, Qt.Key.Key_Space)
    step = driver.step
    driver.until(lambda: driver.step > step + 20)
    assert driver.state.phase is Phase.FITTING


def test_stop_makes_a_file_of_what_there_is(driver, photo):
    driver.fit(photo, steps=LONG)
    QTest.mouseClick(_button(driver, "stop"), Qt.MouseButton.LeftButton)
    driver.until(lambda: driver.state.encoded is not None)
    assert driver.state.phase is Phase.STOPPED and not driver.state.whole
    assert driver.step < LONG
    assert len(driver.state.gaussians) == len(driver.state.encoded.gaussians)


def test_a_slider_restarts_the_fit_once(driver, photo, monkeypatch):
    from daub.app.model.fit import worker as fit_worker

    begun, begin = [], fit_worker.FitRun
    monkeypatch.setattr(
        fit_worker, "FitRun", lambda request, *given: (begun.append(request), begin(request, *given))[1]
    )
    driver.window.goals.advanced.steps.setValue(LONG)
    driver.open(photo)
    driver.until(lambda: driver.step > 0)
    slider = driver.window.goals.sliders["quality"]
    for _ in range(5):  # faster than it settles
        QTest.keyClick(slider, Qt.Key.Key_Right)
    driver.until(lambda: driver.state.goal == Goal("quality", 55) and driver.step > 0)
    assert [request.settings.goal.value for request in begun] == [50, 55]
    assert driver.workspace.settings.goal == Goal("quality", 55)


def test_exactly_one_goal_is_active(driver):
    goals = driver.window.goals
    assert goals.chosen == "quality" and [field.isVisible() for field in goals.fields.values()] == [True] + 5 * [False]
    goals.choice.setFocus()
    for _ in range(2):
        QTest.keyClick(goals.choice, Qt.Key.Key_Down)
    assert goals.chosen == "bytes" and driver.workspace.settings.goal == Goal("bytes", 20_000)
    field = goals.fields["bytes"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert goals.chosen == "bytes"
    assert driver.workspace.settings.goal == Goal("bytes", 7500)
    goals.choose("psnr")
    assert driver.workspace.settings.goal == Goal("psnr", 32)
    assert [kind for kind, slider in goals.sliders.items() if slider.isVisible()] == ["psnr"] == [goals.chosen]


def test_an_ms_ssim_can_be_asked_for_and_moved_by_thousandths(driver):
    goals = driver.window.goals
    goals.choose("ms-ssim")
    field = goals.fields["ms-ssim"]
    assert driver.workspace.settings.goal == Goal("ms-ssim", 0.95) and field.text() == "0.9500"
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert driver.workspace.settings.goal == Goal("ms-ssim", 0.951)
    assert field.accessibleName() == "MS-SSIM" and "smallest file" in field.toolTip()


def test_steps_follow_from_the_effort_until_they_are_changed(driver, photo):
    goals = driver.window.goals
    assert (goals.effort.value(), goals.advanced.steps.value()) == (DEFAULT_EFFORT, EFFORTS[DEFAULT_EFFORT].steps)
    heard = []
    driver.workspace.settings_changed.connect(heard.append)
    for key, effort in ((Qt.Key.Key_PageDown, 0), (Qt.Key.Key_Up, 1), (Qt.Key.Key_Down, 0)):
        QTest.keyClick(goals.effort, key)
        assert (goals.effort.value(), goals.advanced.steps.value()) == (effort, EFFORTS[effort].steps)
        assert (driver.workspace.settings.effort, driver.workspace.settings.steps) == (effort, None)
    assert len(heard) == 3  # not once more for the steps that follow
    driver.open(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert driver.state.timeline.steps == EFFORTS[0].steps

    goals.advanced.steps.setValue(33)
    assert (driver.workspace.settings.effort, driver.workspace.settings.steps) == (0, 33)
    goals.effort.setValue(len(EFFORTS) - 1)
    assert goals.advanced.steps.value() == EFFORTS[-1].steps and driver.workspace.settings.steps is None


def test_a_tuning_is_chosen_and_goes_where_the_method_knows_none(driver, photo):
    goals, workspace = driver.window.goals, driver.workspace
    assert goals.advanced.tune.currentText() == "Usual" and workspace.settings.tune is None
    QTest.keyClick(goals.advanced.tune, Qt.Key.Key_End)
    assert workspace.settings.tune == "ms-ssim"
    workspace.change(goal=Goal("gaussians", 40), steps=20)
    driver.open(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert tuning_of(driver.state.encoded.document) == "ms-ssim"
    workspace.choose_method("gaussianimage++", ())
    assert (
        workspace.settings.tune is None
        and not goals.advanced.tune.isEnabled()
        and goals.advanced.tune.currentText() == "Usual"
    )
    workspace.history.undo()
    assert workspace.settings.tune == "ms-ssim" and goals.advanced.tune.isEnabled()


def test_a_restoration_is_asked_for_and_comes_with_the_file(driver, photo):
    advanced, workspace = driver.window.goals.advanced, driver.workspace
    advanced.fold.click()
    workspace.change(goal=Goal("gaussians", 40), steps=20, effort=0)
    assert not advanced.restore.isChecked()
    QTest.mouseClick(advanced.restore, Qt.MouseButton.LeftButton, pos=advanced.restore.rect().center() / 4)
    assert workspace.settings.restore and advanced.fold.text() == "Advanced, steps and restoration changed"
    driver.open(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert picture.has_restoration(driver.state.encoded.document) == (driver.state.encoded.plain_psnr is not None)
    workspace.history.undo()
    assert not workspace.settings.restore and not advanced.restore.isChecked()


def test_the_fields_of_a_fit_are_named_explained_and_show_all_they_hold(driver):
    goals = driver.window.goals
    goals.advanced.fold.click()
    driver.lay_out()
    fields = {
        "Tune": goals.advanced.tune,
        "Effort": goals.effort,
        "Steps": goals.advanced.steps,
        "Seed": goals.advanced.seed,
    }
    for name, field in fields.items():
        assert field.accessibleName() == name and field.toolTip().startswith(f"{name}: ")
        right = field.mapTo(goals, field.rect().topRight()).x()
        assert right == goals.fields["quality"].mapTo(goals, goals.fields["quality"].rect().topRight()).x()
        assert field.width() == goals.fields["quality"].width() >= field.minimumSizeHint().width()
        if name == "Tune":
            continue
        field.setValue(field.maximum())
        assert field.fontMetrics().horizontalAdvance(field.text()) < field.lineEdit().contentsRect().width()
    assert "smallest file" in goals.effort.toolTip()


def test_advanced_settings_are_folded_and_say_what_is_not_as_usual(driver):
    advanced = driver.window.goals.advanced
    assert not advanced.isVisible() and advanced.fold.text() == "Advanced"
    QTest.mouseClick(advanced.fold, Qt.MouseButton.LeftButton)
    assert advanced.isVisible()
    advanced.seed.setValue(4)
    advanced.steps.setValue(77)
    assert advanced.fold.text() == "Advanced, steps and seed changed"


def test_a_size_is_expected_once_there_is_a_file_and_is_told_while_a_slider_is_dragged(driver, photo):
    goals = driver.window.goals
    driver.workspace.change(steps=20)
    goals.fields["quality"].setValue(40)
    driver.open(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert goals.expected.text() == "", "the size is in the result"
    slider, told = goals.sliders["quality"], set()
    for quality in (46, 60, 80):
        slider.setSliderDown(True)
        slider.setValue(quality)
        told.add(goals.expected.text())
    slider.setSliderDown(False)
    assert len(told) == 3 and all(text.startswith("File: ") and " to " in text for text in told)
    goals.choose("bytes")
    assert goals.expected.text().startswith("File: ~")


def test_inactive_goals_show_the_result_without_becoming_goals(driver, photo):
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    goals = driver.window.goals
    size = len(driver.state.encoded.data)
    assert goals.fields["bytes"].value() == pytest.approx(size / 1000, abs=0.006)
    assert goals.fields["bpp"].value() == pytest.approx(8 * size / (96 * 64), abs=0.0006)
    driver.until(lambda: goals.fields["ms-ssim"].text() != "–")  # measured after the fit
    assert goals.fields["ms-ssim"].text() == driver.window.result.values["MS-SSIM"].text()
    assert driver.workspace.settings.goal.kind == "gaussians"
    assert goals.fields["quality"].text() == "–", "a fit comes to no quality"


def test_a_reading_below_what_can_be_asked_for_does_not_pass_for_the_least(driver):
    field = driver.window.goals.fields["psnr"]
    field.show_reading(4.19)
    assert field.text() == "< 5.00 dB"
    field.show_reading(5.0)
    assert field.text() == "5.00 dB"
    field.show_reading(4.19)
    driver.window.goals.fields["bytes"].show_reading(12)
    driver.window.goals.choose("bytes")
    assert driver.window.goals.fields["bytes"].text() == "0.04 kB"
    assert driver.workspace.settings.goal == Goal("bytes", 40)


def test_every_goal_that_a_field_can_show_can_be_asked_for(driver):
    for kind, field in driver.window.goals.fields.items():
        for value in (field.minimum(), field.maximum()):
            field.setValue(value)
            assert driver.workspace.settings.goal.kind is kind
        option = GOALS[kind]
        assert option.smallest <= field.minimum() * option.per_unit + 1e-9
        assert field.maximum() * option.per_unit <= option.largest * (1 + 1e-9)


def test_what_nobody_knows_is_not_shown_and_what_was_asked_for_comes_back(driver, photo):
    goals = driver.window.goals
    goals.fields["quality"].setValue(64)
    texts = {kind: field.text() for kind, field in goals.fields.items()}
    assert texts == {"quality": "64", "gaussians": "–", "bytes": "–", "bpp": "–", "psnr": "–", "ms-ssim": "–"}
    goals.choose("psnr")
    assert goals.fields["quality"].text() == "–" and goals.fields["psnr"].text() == "32.00 dB"
    goals.choose("quality")
    assert driver.workspace.settings.goal == Goal("quality", 64) and goals.fields["psnr"].text() == "–"
    goals.fields["quality"].setFocus()
    QTest.keyClick(goals.fields["psnr"], Qt.Key.Key_Tab)
    assert driver.workspace.settings.goal == Goal("quality", 64), "nobody has asked for a dash"


def test_a_new_picture_shows_no_figure_of_the_one_before(driver, photo, tmp_path):
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert driver.window.goals.fields["psnr"].text() != "–"
    field, size, shown = driver.window.goals.fields["psnr"], driver.window.result.size, []
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    driver.workspace.changed.connect(lambda state: shown.append((state.progress.step, size.text(), field.text())))
    driver.open(other)
    assert shown[0] == (0, "–", "–")


def test_a_goal_out_of_reach_shows_the_best_file_and_says_so_in_a_line(driver, photo, tmp_path):
    driver.window.goals.effort.setValue(0)
    driver.window.goals.fields["bytes"].setValue(100)
    driver.open(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    line = driver.window.result.missed
    assert line.isVisibleTo(driver.window) and line.text().startswith("100,000 bytes are more than this image can use")
    assert driver.window.toasts.lines() == [line.text()]
    assert f"{len(driver.state.encoded.data):,} bytes" in driver.window.result.share.text()
    driver.bench.exports.daub(tmp_path / "out.daub")
    driver.until((tmp_path / "out.daub").exists)
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert not line.isVisibleTo(driver.window)


def test_an_impossible_goal_fails_in_one_line_and_the_next_fit_works(driver, photo):
    driver.window.goals.fields["gaussians"].setValue(100_000)
    driver.open(photo)
    driver.until(lambda: driver.state.phase is Phase.FAILED)
    (line,) = driver.window.toasts.lines()
    assert "too many" in line and "\n" not in line and "Traceback" not in line
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)


def _button(driver, name: str) -> QToolButton:
    return next(b for b in driver.window.transport.findChildren(QToolButton) if b.defaultAction().objectName() == name)


def test_undo_brings_the_settings_and_their_result_back(driver, photo):
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    goals, encoded = driver.window.goals, driver.state.encoded
    goals.choose("quality")
    driver.until(lambda: driver.state.goal == Goal("quality", 50))
    undo = driver.window.actions_by_name["undo"]
    assert undo.text() == "&Undo goal" and undo.toolTip() == "Undo goal - Ctrl+Z"
    QTest.keyClick(driver.viewport, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert goals.chosen == "gaussians" and goals.fields["gaussians"].value() == 150
    assert driver.state.encoded is encoded and driver.state.phase is Phase.FINISHED
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(driver.viewport, Qt.Key.Key_Z, both)
    assert goals.chosen == "quality"


def test_undo_of_opening_brings_the_picture_and_its_result_back(driver, photo, tmp_path):
    driver.fit(photo)
    driver.finish()
    encoded, seen = driver.state.encoded, driver.screen()
    other = tmp_path / "other.png"
    PIL.Image.new("RGB", (50, 70), "teal").save(other)
    driver.open(other)
    driver.until(lambda: driver.step > 0)
    assert driver.window.actions_by_name["undo"].text() == "&Undo opening other.png"
    QTest.keyClick(driver.viewport, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: driver.workspace.picture.path == photo)
    assert driver.state.encoded is encoded and driver.window.windowTitle() == "photo.png[*] - Daub"
    picture = slice(0, -driver.viewport.strip.taken)
    np.testing.assert_array_equal(driver.screen()[picture], seen[picture])


@pytest.mark.skipif(not available(), reason="the extra metrics is not installed")
def test_a_result_says_how_it_looks(driver, photo, monkeypatch):
    values = driver.window.result.values
    assert not values["SSIMULACRA2"].isVisible() and not values["FLIP"].isVisible()
    monkeypatch.setattr("daub.app.model.workspace.looks.measure_perceptually", picture.measure_perceptually)
    driver.fit(photo)
    driver.until(lambda: values["FLIP"].isVisible() and values["SSIMULACRA2"].isVisible())
    decoded = picture.decode(driver.state.encoded.document) / np.float32(255)
    found = perceptual(driver.workspace.picture.pixels, decoded)
    assert values["SSIMULACRA2"].text() == f"{found.ssimulacra2:.1f}" and values["FLIP"].text() == f"{found.flip:.4f}"
    driver.fit(photo, steps=LONG)
    assert not values["SSIMULACRA2"].isVisible() and not values["FLIP"].isVisible(), "of the fit there are none"


@pytest.mark.parametrize("size", [(900, 600), (1240, 800)])
def test_result_and_exports_stay_in_sight_in_a_low_window(driver, tmp_path, size, monkeypatch):
    """A goal that is missed has a line more to say, which must not push the exports out, nor how the result looks."""
    monkeypatch.setattr("daub.app.model.workspace.looks.measure_perceptually", lambda *_: Perceptual(-12.3, 0.1))
    noise = np.random.default_rng(0).integers(0, 256, (24, 24, 3), np.uint8)
    PIL.Image.fromarray(noise).save(tmp_path / "noise.png")
    driver.window.resize(*size)
    driver.window.workspace.change(goal=Goal("psnr", 60), steps=5)
    driver.open(tmp_path / "noise.png")
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert driver.state.encoded.missed is not None
    values = driver.window.result.values
    driver.until(lambda: values["SSIMULACRA2"].text() == "-12.3")
    driver.lay_out()
    driver.paint(2)
    panel = driver.window.panel
    shown = [driver.window.transport.phase, driver.window.result.size, values["MS-SSIM"], values["FLIP"]]
    buttons = [button for button in panel.findChildren(ActionButton) if button.isVisibleTo(panel)]
    assert len(buttons) >= 2
    for widget in [*shown, *buttons]:
        corner = widget.mapTo(panel, widget.rect().bottomRight())
        assert not widget.visibleRegion().isEmpty() and corner.y() <= panel.height(), widget
        assert widget.visibleRegion().boundingRect().height() == widget.height(), widget
