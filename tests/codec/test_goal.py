"""What a file shall reach: ranges, limits and words."""

import math

import numpy as np
import pytest

from daub.codec.errors import DaubError
from daub.codec.goal import GOALS, Goal, GoalKind


@pytest.mark.parametrize("kind", GOALS)
def test_a_goal_may_take_both_ends_of_its_range_and_nothing_beyond(kind):
    low, high = GOALS[kind].smallest, GOALS[kind].largest
    assert Goal(kind, low).value == low and Goal(kind, high).value == high
    for beyond in (np.nextafter(low, -math.inf), np.nextafter(high, math.inf), math.nan):
        with pytest.raises(DaubError, match="out of range"):
            Goal(kind, float(beyond))


def test_a_limit_in_bytes_is_never_rounded_up():
    assert Goal("bytes", 999).limit(100) == 999
    assert Goal("bpp", 1).limit(804) == 100
    assert Goal("bpp", 0.99).limit(800) == 99
    assert all(Goal(kind, GOALS[kind].default).limit(800) is None for kind in ("quality", "psnr", "ms-ssim"))


@pytest.mark.parametrize("kind", ["sharpness", "", "BYTES", None, 3])
def test_an_unknown_kind_is_one_line_that_names_those_there_are(kind):
    with pytest.raises(DaubError, match=r"is no goal, .* choose from quality, gaussians, bytes, bpp, psnr, ms-ssim$"):
        Goal(kind, 3)


@pytest.mark.parametrize("kind,value", [("bytes", "20000"), ("psnr", None), ("gaussians", True), ("bytes", 900.5)])
def test_a_value_that_is_no_number_of_its_kind_is_refused(kind, value):
    with pytest.raises(DaubError, match=r"is no (whole )?number"):
        Goal(kind, value)


def test_a_kind_is_an_enum_however_it_was_given():
    assert Goal("bytes", 900).kind is GoalKind.BYTES


@pytest.mark.parametrize(
    "goal,text",
    [
        (Goal("quality", 50), "quality 50"),
        (Goal("gaussians", 1 << 24), "16,777,216 Gaussians"),
        (Goal("bytes", 20_000), "20,000 bytes"),
        (Goal("bpp", 0.25), "0.25 bpp"),
        (Goal("psnr", 32.5), "32.5 dB"),
        (Goal("ms-ssim", 0.9876), "MS-SSIM 0.9876"),
    ],
)
def test_a_goal_says_itself_with_its_unit(goal, text):
    assert str(goal) == text
