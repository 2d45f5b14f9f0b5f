"""What the user asks for becomes settings of an encode, with a method and its changed parts."""

from __future__ import annotations

import pytest

from daub.app.model.wanted import GOALS, Wanted, from_slider, to_slider
from daub.codec.errors import DaubError
from daub.codec.profiles.profile import PARTS, PROFILES
from daub.codec.profiles.profile_file import load_profile


def test_our_own_method_is_a_profile_as_any():
    assert Wanted().settings().profile == PROFILES["native"]
    changed = Wanted(parts=(("densifier", "none"),)).settings().profile
    assert changed.densifier == PARTS["densifier"]["none"] and not changed.writes_method_file


def test_a_method_brings_its_parts_and_keeps_the_steps_that_are_asked_for():
    settings = Wanted("gaussians", 70, steps=900, profile="gaussianimage++", parts=(("filter", "none"),)).settings()
    assert settings.profile == PROFILES["gaussianimage++"].varied({"filter": "none"})
    assert (settings.steps, settings.goal.value) == (900, 70)


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        (Wanted(profile="nonsense"), "choose one of native"),
        (Wanted(parts=(("loss", "l1"),)), "choose adam or adan"),
        (Wanted("psnr", 30, profile="smartsplat"), "ask for a number of Gaussians"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_a_line(wanted, line):
    with pytest.raises(DaubError, match=line):
        wanted.settings()


def test_a_method_is_written_as_a_profile(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("base = 'gaussianimage-rs'\noptimiser = { rate = 2e-3 }")
    wanted = Wanted("gaussians", steps=80, profile=str(path), parts=(("loss", "l1"),))
    again = tmp_path / "again.toml"
    again.write_text(wanted.method_text())
    method, read = wanted.method(), load_profile(str(again))
    assert read.steps == 80
    assert all(getattr(read, kind) == getattr(method, kind) for kind in PARTS)


def test_what_is_wanted_becomes_the_settings_of_the_encoder():
    for goal in GOALS:
        settings = Wanted(goal.kind, goal.start * goal.per_unit, steps=77, seed=5).settings()
        assert (settings.goal.kind, settings.steps, settings.seed) == (goal.kind, 77, 5)
        assert settings.goal.value == goal.start * goal.per_unit


def test_the_slider_is_logarithmic_and_gives_round_numbers():
    assert [round(from_slider(p, 100, 50_000)) for p in (0, 1000)] == [100, 50_000]
    assert from_slider(500, 100, 50_000) in (2200, 2300)
    for value in (100, 1000, 5000, 50_000):
        assert from_slider(to_slider(value, 100, 50_000), 100, 50_000) == pytest.approx(value, rel=0.05)
