"""The method of a fit: what the settings name, with changed parts, and its text as a file."""

from __future__ import annotations

import pytest

from daub.app.model.fit.method import method_of, method_text, profile_of, profile_on_disk, steps_of
from daub.app.model.fit.state import Method
from daub.codec.effort import EFFORTS
from daub.codec.errors import DaubError
from daub.codec.profiles.profile import PARTS, PROFILES
from daub.codec.profiles.profile_file import load_profile
from daub.codec.settings import EncodeSettings


def test_the_native_method_is_a_profile_as_any():
    assert method_of(EncodeSettings()) == Method() and profile_of(EncodeSettings()) == PROFILES["native"]
    changed = EncodeSettings(parts=(("densifier", "none"),))
    assert profile_of(changed).densifier == PARTS["densifier"]["none"]
    assert method_of(changed) == Method("native, densifier none")


def test_the_native_method_is_known_without_looking_it_up():
    native = PROFILES["native"]
    assert Method() == Method(native.name, native.writes_method_file, native.steps)


def test_a_method_brings_its_parts_and_steps_unless_others_are_asked_for():
    settings = EncodeSettings(profile="gaussianimage++", parts=(("filter", "none"),))
    method = method_of(settings)
    assert profile_of(settings) == PROFILES["gaussianimage++"].varied({"filter": "none"})
    assert method.writes_files and steps_of(settings, method) == method.steps == 50_000
    assert steps_of(EncodeSettings(profile="gaussianimage++", steps=900), method) == 900
    assert steps_of(EncodeSettings(effort=8), Method()) == EFFORTS[8].steps


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (EncodeSettings(profile="nonsense"), "choose one of native"),
        (EncodeSettings(parts=(("loss", "l1"),)), "choose adam or adan"),
    ],
)
def test_what_is_no_method_is_refused_in_a_line(settings, line):
    with pytest.raises(DaubError, match=line):
        method_of(settings)


def test_a_method_is_written_as_a_profile(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("base = 'gaussianimage-rs'\noptimiser = { rate = 2e-3 }")
    settings = EncodeSettings(steps=80, profile=str(path), parts=(("loss", "l1"),))
    again = tmp_path / "again.toml"
    again.write_text(method_text(settings))
    method, read = profile_of(settings), load_profile(str(again))
    assert read.steps == 80
    assert all(getattr(read, kind) == getattr(method, kind) for kind in PARTS)


def test_only_a_profile_in_a_file_can_change_under_its_name(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("steps = 7")
    assert profile_on_disk(EncodeSettings()) is None
    assert profile_on_disk(EncodeSettings(profile=str(path))).steps == 7
    path.unlink()
    assert profile_on_disk(EncodeSettings(profile=str(path))) is None
