"""FLIP by way of its process, against what its package says of whole images."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import PIL.Image
import pytest

from daub.codec.errors import DaubError
from daub.codec.evaluation import flip as module
from daub.codec.evaluation.flip import flip, flip_map, flip_of_part
from daub.codec.evaluation.flip_process import mean_flip
from daub.resources import ROOT

package = pytest.importorskip("flip_evaluator", reason="the extra metrics is not installed")

SAMPLE = np.asarray(PIL.Image.open(ROOT / "sample.png").convert("RGB")) / np.float32(255)


def flat(*colour: float) -> np.ndarray:
    return np.full((12, 9, 3), colour, np.float32)


@pytest.mark.parametrize("shape", [(300, 70), (129, 40), (128, 40), (5, 3), (1, 1)], ids=str)
def test_strips_add_up_to_what_the_package_says_of_the_whole(shape):
    image = SAMPLE[: shape[0], : shape[1]]
    worse = np.round(image * 9) / np.float32(9)
    expected = package.evaluate(
        np.ascontiguousarray(image), np.ascontiguousarray(worse), "LDR", applyMagma=False, computeMeanError=False
    )[0].mean(dtype=np.float64)
    assert mean_flip(image, worse) == pytest.approx(expected, abs=1e-7)
    assert flip(image, worse) == mean_flip(image, worse)


def test_the_map_is_the_package_s_and_a_part_of_it_is_what_the_whole_has_there():
    image = np.ascontiguousarray(SAMPLE[:150, :60])
    worse = np.round(image * 9) / np.float32(9)
    expected = package.evaluate(image, worse, "LDR", applyMagma=False, computeMeanError=False)[0]
    found = flip_map(image, worse)
    np.testing.assert_allclose(found, expected.reshape(found.shape), atol=1e-6)
    assert found.mean(dtype=np.float64) == pytest.approx(flip(image, worse), abs=1e-7)
    for part in ((slice(30, 70), slice(20, 31)), (slice(0, 150), slice(0, 60)), (slice(149, 150), slice(59, 60))):
        assert flip_of_part(image, worse, part) == pytest.approx(expected.reshape(found.shape)[part].mean(), abs=1e-5)


def test_a_map_that_is_not_wanted_any_more_ends_its_process():
    asked = iter([True, False])
    image = np.zeros((2000, 500, 3), np.float32)
    assert flip_map(image, image, wanted=lambda: next(asked)) is None
    assert not list(asked)


def test_the_ends_of_the_scale():
    # Andersson et al. 2020, section 4.1.3: no two colours of sRGB differ more than green and blue.
    assert flip(flat(0, 1, 0), flat(0, 0, 1)) == pytest.approx(1, abs=1e-3)
    assert 0.9 < flip(flat(0, 0, 0), flat(1, 1, 1)) < 1
    assert flip(flat(0.2, 0.5, 0.7), flat(0.2, 0.5, 0.7)) == 0


def test_worse_images_differ_more_and_both_ways_alike():
    image = SAMPLE[:100, :100]
    worse = [np.round(image * levels) / np.float32(levels) for levels in (64, 16, 4)]
    values = [flip(image, one) for one in worse]
    assert 0 < values[0] < values[1] < values[2] < 1
    assert flip(worse[1], image) == pytest.approx(values[1], abs=1e-6)


def test_a_process_that_does_not_answer_is_told_of_in_one_line(monkeypatch):
    large = np.zeros((400, 400, 3), np.float32)  # more than a pipe holds: nobody reads it
    for code, why in (("raise ImportError('no such package')", "no such package"), ("exit(3)", "code 3")):
        monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", code))
        with pytest.raises(DaubError, match=why) as refusal:
            flip(large, large)
        assert "\n" not in str(refusal.value)
        with pytest.raises(DaubError, match=why):
            flip_map(large, large)


def test_the_process_ends_where_the_images_do():
    done = subprocess.run(module.COMMAND, input=b"[2, 2, 3]\nshort", capture_output=True, timeout=60)
    assert done.returncode and not done.stdout and b"too early" in done.stderr


def test_it_goes_on_for_nobody(monkeypatch):
    image = np.zeros((300, 4, 3), np.float32)
    parents = iter([7, 7, 7, 1])  # asked for at the beginning, and before each of three strips
    monkeypatch.setattr("os.getppid", lambda: next(parents))
    with pytest.raises(ProcessLookupError):
        mean_flip(image, image)
    assert next(parents, None) is None


def test_wrong_arrays_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        flip(SAMPLE, SAMPLE[:, :15])
    with pytest.raises(ValueError, match="floating point"):
        flip(SAMPLE[:4, :4], np.zeros((4, 4, 3), np.uint8))
