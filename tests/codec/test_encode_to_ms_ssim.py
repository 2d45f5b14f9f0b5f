"""A goal of MS-SSIM: what is asked for is what the written file has, decoded to 8 bits."""

import numpy as np
import pytest
from scenes import a_picture

from daub.codec import EncodeSettings, Goal, decode, encode
from daub.codec.evaluation.metrics import decibels_of_ms_ssim, ms_ssim


def encoded(pixels, value, effort=1):
    """A file towards that MS-SSIM, and the one that it truly has."""
    file = encode(pixels, EncodeSettings(Goal("ms-ssim", value), effort=effort, tune="psnr"), device="cpu")
    return file, ms_ssim(pixels, decode(file.data, device="cpu") / np.float32(255))


@pytest.fixture(scope="module")
def picture():
    """Large enough for five scales, and with too much in it for single Gaussians to move it by much."""
    waves = a_picture(240, 176, rings=60)
    texture = np.random.default_rng(0).normal(0, 0.04, waves.shape)
    return np.clip(waves + texture, 0, 1).astype(np.float32)


@pytest.fixture(scope="module")
def files(picture):
    return {value: encoded(picture, value) for value in (0.85, 0.88, 0.91)}


def test_the_file_has_the_ms_ssim_that_was_asked_for(files):
    for value, (file, true) in files.items():
        assert abs(decibels_of_ms_ssim(true) - decibels_of_ms_ssim(value)) <= 0.05, (value, true)
        assert file.missed is None


def test_what_is_reported_is_what_the_file_has(files):
    assert all(file.ms_ssim == pytest.approx(true, abs=1e-6) for file, true in files.values())


def test_more_likeness_takes_more_bytes(files):
    sizes = [len(file.data) for file, _ in files.values()]
    assert sizes == sorted(set(sizes))


def test_other_goals_do_not_pay_for_it(picture):
    assert encode(picture, EncodeSettings(Goal("gaussians", 20), effort=0), device="cpu").ms_ssim is None


@pytest.mark.parametrize("height,width", [(1, 1), (3, 2), (1, 60), (12, 12), (40, 60)])
def test_a_small_picture_lands_or_says_what_it_has_come_to(height, width):
    pixels = np.random.default_rng(1).random((height, width, 3), dtype=np.float32)
    file, true = encoded(pixels, 0.9, effort=0)
    off = abs(decibels_of_ms_ssim(true) - decibels_of_ms_ssim(0.9))
    assert file.ms_ssim == pytest.approx(true, abs=1e-6)
    assert off <= 0.0501 if file.missed is None else off >= 0.0499 and f"{true:.4f}" in str(file.missed)


def test_a_black_picture_is_met_exactly_by_the_least_file():
    file, true = encoded(np.zeros((40, 60, 3), np.float32), 0.95, effort=0)
    assert true == 1 and len(file.data) < 100
    assert str(file.missed) == "MS-SSIM 0.95 cannot be reached, 1.0000 is the least found, ask for more"


def test_noise_that_no_file_is_so_like_gets_the_best_there_is():
    noise = np.random.default_rng(0).random((12, 12, 3), dtype=np.float32)
    file, true = encoded(noise, 0.9999)
    assert 0.8 < true < 0.9999
    assert str(file.missed) == f"MS-SSIM 0.9999 cannot be reached, {true:.4f} is the best found, ask for less"
