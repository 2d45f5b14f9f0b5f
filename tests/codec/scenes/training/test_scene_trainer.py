"""A trained scene looks like its photos, and is the same however it came to be."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
import training_scenes

from daub.codec.errors import DaubError
from daub.codec.progress import drive
from daub.codec.scenes.training.checkpoint import resumed
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.sweeping import swept_points
from daub.codec.scenes.training.trainer import TrainingPhase, training
from daub.render.splats.splats import Splats

SETTINGS = TrainingSettings(gaussians=60, iterations=300, degree=1)
NAMES = "means", "log_scales", "rotations", "logits", "dc", "sh"


def _same(a: Splats, b: Splats) -> None:
    for name in NAMES:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


def test_twenty_gaussians_are_found_in_six_photos():
    photos = training_scenes.photos(training_scenes.twenty())
    records = []
    done = drive(training(photos, SETTINGS), records.append)
    assert len(done.splats) == 60 and done.splats.degree == 1
    assert np.mean([each.psnr for each in done.trained]) > 30
    assert done.held_out[0].psnr > 29 and done.held_out[0].ssim > 0.9 and done.held_out[0].name == "held 0"
    assert [each.step for each in records] == list(range(301))
    assert records[0].phase is TrainingPhase.START and records[0].gaussians == 20 and records[0].psnr is None
    assert [each.phase for each in records[-2:]] == [TrainingPhase.TRAIN, TrainingPhase.MEASURE]
    fractions = [each.fraction for each in records]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] == 1
    assert [records[n].width for n in (1, 100, 300)] == [16, 32, 64]
    assert records[-1].psnr > 30 and done.seconds >= records[-1].seconds > 0


def test_points_are_found_where_there_are_none():
    rng = np.random.default_rng(0)
    means = rng.normal(size=(900, 3))
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    ball = Splats.build(means, np.full((900, 3), 0.06), np.full(900, 0.95), rng.uniform(0, 1, (900, 3)))
    photos = training_scenes.photos(ball, views=10, points=False)
    points = swept_points(photos.trained, 200, np.random.default_rng(1))
    assert points.places.shape == points.colours.shape == (200, 3)
    coloured = points.colours.max(axis=1) > 0.1  # the others are of the black behind it
    away = np.abs(np.linalg.norm(points.places[coloured], axis=1) - 1)
    assert coloured.sum() > 100 and np.median(away) < 0.15
    before = drive(training(photos, replace(SETTINGS, gaussians=500, iterations=2)))
    done = drive(training(photos, replace(SETTINGS, gaussians=500, iterations=100)))
    assert len(done.splats) == 500
    assert np.mean([each.psnr for each in done.trained]) > np.mean([each.psnr for each in before.trained]) + 3


def test_a_training_that_is_stopped_goes_on_as_if_nothing_had_been(tmp_path):
    photos, settings = training_scenes.photos(training_scenes.twenty()), replace(SETTINGS, iterations=150)
    whole = drive(training(photos, settings))
    steps = training(photos, settings)
    for record in steps:
        if record.step == 67:
            (tmp_path / "kept").write_bytes(record.checkpoint())
            seen = record.splats()
            break
    before = {name: getattr(seen, name).copy() for name in NAMES}
    next(steps)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(seen, name), before[name], err_msg="a record is changed by later steps")
    steps.close()
    state = resumed(tmp_path / "kept", settings, photos.fingerprint())
    assert state.step == 67
    records = []
    _same(drive(training(photos, settings, state), records.append).splats, whole.splats)
    assert [each.step for each in records] == list(range(67, 151))


def test_any_number_of_threads_makes_the_same_scene(threads_for_any_picture):
    photos, settings = training_scenes.photos(training_scenes.twenty()), replace(SETTINGS, iterations=60)
    most, found = numba.get_num_threads(), []
    assert most > 1
    try:
        for threads in (1, most):
            numba.set_num_threads(threads)
            found.append(drive(training(photos, settings)).splats)
    finally:
        numba.set_num_threads(most)
    _same(*found)
    other = drive(training(photos, replace(settings, seed=1))).splats
    assert (other.means != found[0].means).any()


def test_a_checkpoint_is_of_its_settings_and_photos(tmp_path):
    photos = training_scenes.photos(training_scenes.twenty())
    kept = tmp_path / "kept"
    kept.write_bytes(next(training(photos, SETTINGS)).checkpoint())

    def line(settings: TrainingSettings, fingerprint: str) -> str:
        with pytest.raises(DaubError) as refused:
            resumed(kept, settings, fingerprint)
        return str(refused.value)

    assert resumed(kept, SETTINGS, photos.fingerprint()).step == 0
    assert "the settings have changed: gaussians was 60" in line(replace(SETTINGS, gaussians=61), photos.fingerprint())
    other = training_scenes.photos(training_scenes.twenty(), views=5).fingerprint()
    assert "the photos or their cameras have changed" in line(SETTINGS, other)
    whole = kept.read_bytes()
    for cut in (0, 40, len(whole) // 2, len(whole) - 10):
        kept.write_bytes(whole[:cut])
        assert "it is damaged, begin anew with --restart" in line(SETTINGS, photos.fingerprint())


def test_a_checkpoint_of_which_any_byte_is_damaged_is_one_line(tmp_path):
    """Of the header of an array and of its entry in the directory; checksums are of the arrays alone."""
    photos = training_scenes.photos(training_scenes.twenty())
    kept, fingerprint = tmp_path / "kept", photos.fingerprint()
    whole = next(training(photos, SETTINGS)).checkpoint()
    entry, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    refused = 0
    for at in [*range(30), *range(entry, entry + 46), *range(end, end + 22)]:
        for flipped in (0x01, 0x08, 0xFF):
            kept.write_bytes(whole[:at] + bytes([whole[at] ^ flipped]) + whole[at + 1 :])
            try:
                resumed(kept, SETTINGS, fingerprint)
            except DaubError as error:
                refused += 1
                assert str(error).endswith("it is damaged, begin anew with --restart")
    assert refused > 60
