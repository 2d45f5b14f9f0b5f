"""Sizes before there are files: single numbers that hold, and ranges where nobody knows better."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from daub.app.model.fit.prediction import CLOSE, ROUGH, Anchor, predict
from daub.codec.goal import Goal

# Bytes of files of five Kodak images at the usual effort, by quality.
KODAK = {
    1: {30: 4606, 35: 6357, 40: 8996, 45: 13023, 50: 19466, 55: 28611, 60: 41468, 65: 59985, 70: 87737},
    4: {30: 2608, 35: 3425, 40: 4854, 45: 6841, 50: 9562, 55: 13309, 60: 18327, 65: 26071, 70: 36224},
    5: {30: 8830, 35: 12315, 40: 17011, 45: 23825, 50: 33007, 55: 45857, 60: 63805, 65: 89418, 70: 125175},
    13: {30: 5203, 35: 7921, 40: 12415, 45: 19425, 50: 29583, 55: 45196, 60: 67893, 65: 104250, 70: 159464},
    15: {30: 2911, 35: 3706, 40: 4907, 45: 6576, 50: 8852, 55: 12179, 60: 16557, 65: 22915, 70: 31501},
}


def anchors_of(image: int, qualities) -> list[Anchor]:
    return [Anchor(Goal("quality", quality), KODAK[image][quality]) for quality in qualities]


def test_between_two_files_ten_apart_a_single_number_is_told_and_holds():
    errors = []
    for image, sizes in KODAK.items():
        for quality in [each for each in sizes if {each - 5, each + 5} <= sizes.keys()]:
            told = predict(Goal("quality", quality), anchors_of(image, (quality - 5, quality + 5)))
            assert told.is_close and str(told).startswith("~"), (image, quality)
            errors.append(abs(told.likely / sizes[quality] - 1))
    assert np.mean(np.array(errors) <= CLOSE) > 0.95 and max(errors) < 0.04 and np.mean(errors) < CLOSE / 3


def test_whatever_is_known_what_comes_is_where_it_was_told_to_be():
    inside, close = [], []
    for image, sizes in KODAK.items():
        for count in (1, 2, 3):
            for known in combinations(sizes, count):
                for quality in sizes.keys() - set(known):
                    told = predict(Goal("quality", quality), anchors_of(image, known))
                    inside.append(told.low <= sizes[quality] <= told.high)
                    if told.is_close:
                        close.append(abs(told.likely / sizes[quality] - 1) <= CLOSE)
    assert np.mean(inside) > 0.9
    assert len(close) > 30 and np.mean(close) > 0.95


def test_far_from_one_file_a_range_is_told_and_more_files_make_it_smaller():
    far = predict(Goal("quality", 70), anchors_of(5, (30,)))
    assert not far.is_close and " to " in str(far) and far.high > 1.5 * far.low
    nearer = predict(Goal("quality", 70), anchors_of(5, (30, 50, 60)))
    assert nearer.high / nearer.low < far.high / far.low
    rough = predict(Goal("quality", 51), [Anchor(Goal("quality", 50), 10_000, ROUGH)])
    assert not rough.is_close


def test_a_size_that_is_asked_for_is_what_is_expected():
    told = predict(Goal("bytes", 20_000), [])
    assert told.is_close and 0.99 * 20_000 < told.likely <= 20_000 == told.high
    assert predict(Goal("bpp", 0.5), [], area=64_000).high == 4000
    assert predict(Goal("quality", 50), []) is None


@pytest.mark.parametrize(
    "goal,known,about",
    [
        (Goal("gaussians", 2000), [(Goal("gaussians", 1000), 3000), (Goal("gaussians", 4000), 15_000)], 6700),
        (Goal("psnr", 31), [(Goal("psnr", 30), 20_000), (Goal("psnr", 32), 40_000)], 28_000),
        (Goal("ms-ssim", 0.95), [(Goal("ms-ssim", 0.94), 20_000), (Goal("ms-ssim", 0.96), 36_000)], 26_000),
    ],
    ids=lambda each: str(each) if isinstance(each, Goal) else "",
)
def test_other_goals_have_their_curves(goal, known, about):
    told = predict(goal, [Anchor(*each) for each in known])
    assert told.low < about < told.high and told.likely == pytest.approx(about, rel=0.05)


@pytest.mark.parametrize(
    "size,text", [(32, "32 bytes"), (999, "999 bytes"), (8852, "8.85 kB"), (23_456, "23.5 kB"), (123_456, "123 kB"),
                  (999_600, "1.00 MB"), (3_210_000, "3.21 MB")],
)  # fmt: skip
def test_nothing_is_told_more_exactly_than_it_is_known(size, text):
    told = predict(Goal("quality", 50), [Anchor(Goal("quality", 50), size, 1e-4)])
    assert str(told) == f"~{text}"
