"""What is said of a file that misses its goal."""

from types import SimpleNamespace

import pytest

from daub.codec.goal import Goal
from daub.codec.rate.encoded import missed


def said(goal, **values):
    """Of a file of 100 x 80 pixels with these values."""
    found = missed(goal, SimpleNamespace(document=SimpleNamespace(width=100, height=80), **values))
    return None if found is None else str(found)


@pytest.mark.parametrize("reached", [0.9495, 0.95, 0.9505])  # 0.05 dB are 0.0006 there
def test_an_ms_ssim_within_a_twentieth_of_a_decibel_is_met(reached):
    assert said(Goal("ms-ssim", 0.95), ms_ssim=reached) is None


@pytest.mark.parametrize(
    "value,reached,text",
    [
        (0.95, 0.949, "MS-SSIM 0.95 cannot be reached, 0.9490 is the best found, ask for less"),
        (0.95, 0.951, "MS-SSIM 0.95 cannot be reached, 0.9510 is the least found, ask for more"),
        (0.95, 1.0, "MS-SSIM 0.95 cannot be reached, 1.0000 is the least found, ask for more"),
        (0.9999, 0.999898, "MS-SSIM 0.9999 cannot be reached, 0.999898 is the best found, ask for less"),
        (0.9999, 0.5, "MS-SSIM 0.9999 cannot be reached, 0.5000 is the best found, ask for less"),
    ],
)
def test_an_ms_ssim_that_is_missed_is_said_with_digits_that_tell_it_from_the_goal(value, reached, text):
    assert said(Goal("ms-ssim", value), ms_ssim=reached) == text


def test_a_psnr_may_be_a_tenth_of_a_decibel_off():
    assert said(Goal("psnr", 32), psnr=31.91) is None and said(Goal("psnr", 32), psnr=32.09) is None
    assert said(Goal("psnr", 32), psnr=31.88) == "32 dB cannot be reached, 31.88 dB is the best found, ask for less"


def test_a_goal_that_is_about_no_measure_says_nothing():
    assert said(Goal("quality", 50), psnr=3.0) is None and said(Goal("gaussians", 9), psnr=3.0) is None
