"""PSNR and MS-SSIM as one: what a goal asks for, in dB."""

import numpy as np
import pytest
from scenes import a_picture

from daub.codec.evaluation.metrics import decibels_of_ms_ssim, ms_ssim, psnr
from daub.codec.goal import GOALS, Goal, GoalKind
from daub.codec.rate.measure import HIGHEST, measure_of

MEASURED = GoalKind.PSNR, GoalKind.MS_SSIM


def of(kind):
    return measure_of(Goal(kind, GOALS[kind].default))


def test_two_kinds_of_goal_ask_for_a_measure():
    assert tuple(kind for kind in GOALS if of(kind) is not None) == MEASURED


def test_decibels_are_those_of_the_metric():
    source = a_picture()
    noisy = np.clip(source + np.random.default_rng(0).normal(0, 0.1, source.shape), 0, 1).astype(np.float32)
    assert of("psnr").decibels(source, noisy) == psnr(source, noisy)
    assert of("ms-ssim").decibels(source, noisy) == decibels_of_ms_ssim(ms_ssim(source, noisy))


def test_ten_decibels_are_a_tenth_of_what_is_missing():
    measure = of("ms-ssim")
    assert [round(measure.decibels_of(value), 6) for value in (0.0, 0.9, 0.99)] == [0, 10, 20]


@pytest.mark.parametrize("kind", MEASURED)
def test_an_image_met_exactly_is_finite(kind):
    flat = np.full((20, 30, 3), 0.25, np.float32)
    assert of(kind).decibels(flat, flat) == HIGHEST
    assert of(kind).after_a_full_fit(HIGHEST) == HIGHEST


@pytest.mark.parametrize("kind", MEASURED)
def test_a_longer_fit_is_better_by_half_a_decibel_to_five(kind):
    gains = [of(kind).after_a_full_fit(decibels) - decibels for decibels in (0.0, 15.0, 25.0, 60.0)]
    assert gains == sorted(gains) and gains[0] == 0.5 and gains[-1] == 5
