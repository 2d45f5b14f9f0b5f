"""A fit comes over the source by and by, and costs nothing more once it is there."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.window.viewport.fade import SECONDS, Fade, moves

pytestmark = pytest.mark.gui


def test_what_comes_later_over_something_is_faded_in():
    now, fade = [5.0], None
    fade = Fade(lambda: now[0], lambda: True)
    fade.follow(is_there=False, is_live=False, over_something=True)
    fade.follow(is_there=True, is_live=True, over_something=True)
    shown = []
    for now[0] in (5.0, 5.0 + SECONDS / 4, 5.0 + SECONDS / 2, 5.0 + SECONDS, 9.0):
        shown.append(fade.opacity)
        fade.follow(is_there=True, is_live=True, over_something=True)
    assert shown == pytest.approx([0, 0.15625, 0.5, 1, 1]) and not fade.is_on


@pytest.mark.parametrize(("live", "over", "allowed"), [(False, True, True), (True, False, True), (True, True, False)])
def test_a_file_or_a_fit_over_nothing_or_for_whoever_wants_nothing_to_move_is_there_at_once(live, over, allowed):
    fade = Fade(lambda: 0.0, lambda: allowed)
    fade.follow(is_there=False, is_live=live, over_something=over)
    fade.follow(is_there=True, is_live=live, over_something=over)
    assert fade.opacity == 1 and not fade.is_on


def test_what_was_there_from_the_start_is_not_faded_in(qapp):
    fade = Fade(lambda: 0.0, lambda: True)
    fade.follow(is_there=True, is_live=True, over_something=True)
    assert fade.opacity == 1
    assert moves() in (True, False)


def fading_in(clock) -> Fade:
    """As after a frame with the source alone, which a fast fit may leave no time for."""
    fade = Fade(clock, lambda: True)
    fade.follow(is_there=False, is_live=False, over_something=True)
    return fade


def held_while_fading_in(driver, photo) -> tuple[list[float], object]:
    """A fit that is paused before anything is seen of it: the time of the fade, to be changed, and the scene."""
    now, scene = [0.0], driver.viewport.scene
    scene.fade = fading_in(lambda: now[0])
    driver.fit(photo, gaussians=30, steps=3000)
    driver.until(lambda: scene.fade.is_on)
    driver.workspace.fitting.play_or_pause()
    driver.until(lambda: not driver.state.phase.running)
    return now, scene


@pytest.mark.parametrize("split", [False, True])
def test_a_frame_in_between_lies_between_both(driver, photo, split):
    now, scene = held_while_fading_in(driver, photo)
    driver.until(lambda: driver.bench.comparison.sides[1].gaussians is driver.state.gaussians)
    if split:
        driver.run("split_middle")
    camera = driver.bench.view.camera
    left, top = (round(value) for value in camera.to_screen(0, 0))
    right, bottom = (round(value) for value in camera.to_screen(*camera.image))
    middle = (left + right) // 2

    def seen(seconds: float) -> np.ndarray:
        now[0] = seconds
        picture = driver.screen()[top:bottom, (middle + 4 if split else left) : right].astype(float)
        return picture[100:]  # below the labels

    first, between, last = (seen(seconds) for seconds in (0.0, SECONDS / 2, SECONDS))
    assert not scene.fade.is_on
    difference = abs(first - last).max(-1) > 24
    assert difference.mean() > 0.05, "three dozen Gaussians are not the picture"
    np.testing.assert_allclose(between, (first + last) / 2, atol=1.5)
    for beside in (first, last):
        assert (abs(between - beside).max(-1)[difference] > 8).all()


def test_it_costs_nothing_afterwards(driver, photo, monkeypatch):
    now, scene = held_while_fading_in(driver, photo)
    frames = driver.viewport.frames
    driver.until(lambda: driver.viewport.frames > frames + 3)  # one after the other, by themselves
    now[0] = 1.0
    driver.run("view_decoded")
    driver.screen()
    drawn = []
    monkeypatch.setattr(scene.a, "draw", lambda *_: drawn.append(1))
    driver.qtbot.wait(50)
    frames = driver.viewport.frames
    driver.qtbot.wait(200)
    assert driver.viewport.frames == frames
    driver.paint()
    assert not drawn, "nothing but B"
