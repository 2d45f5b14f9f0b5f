"""Landing on a size or a PSNR within a few tries."""

import math

import pytest

from daub.codec.errors import DaubError
from daub.codec.rate.landing import PRICE_KNOB, STEP_KNOB, Landing
from daub.codec.rate.plan import Goal

BYTES, DECIBELS = Landing(10000, True), Landing(35.0, False)


def test_only_sizes_and_psnr_need_landing():
    assert Landing.of(Goal("gaussians", 500), 6000) is None
    assert Landing.of(Goal("quality", 50), 6000) is None
    assert Landing.of(Goal("psnr", 33), 6000) == Landing(33, False)
    assert Landing.of(Goal("bytes", 900), 6000) == Landing(900, True)
    assert Landing.of(Goal("bpp", 2), 6000) == Landing(1500, True)


@pytest.mark.parametrize("size,hit", [(9949, False), (9950, True), (10000, True), (10001, False)])
def test_a_size_is_hit_from_below_only(size, hit):
    assert BYTES.hit(size) is hit


@pytest.mark.parametrize("psnr,hit", [(34.94, False), (34.96, True), (35.04, True), (35.06, False)])
def test_a_psnr_is_hit_from_both_sides(psnr, hit):
    assert DECIBELS.hit(psnr) is hit


def test_two_tries_on_a_line_give_the_index_where_it_meets_the_goal():
    assert DECIBELS.next_index({400: 36.0, 420: 35.5}, STEP_KNOB) == 440
    # Sizes fall by ratios: half an octave per 64.
    sizes = {index: 16000 * 2 ** (-(index - 384) / 128) for index in (384, 448)}
    index = BYTES.next_index(sizes, STEP_KNOB)
    assert 0.995 * 10000 <= 16000 * 2 ** (-(index - 384) / 128) <= 10000


def test_of_many_tries_the_two_nearest_count():
    assert DECIBELS.next_index({400: 36.0, 420: 35.5, 200: 60.0, 700: 20.0}, STEP_KNOB) == 440


@pytest.mark.parametrize("knob", [STEP_KNOB, PRICE_KNOB])
@pytest.mark.parametrize("landing,above,below", [(BYTES, 10300, 9700), (DECIBELS, 35.1, 34.9)])
def test_one_try_goes_the_right_way(landing, above, below, knob):
    middle = (knob.lowest + knob.highest) // 2
    assert middle < landing.next_index({middle: above}, knob) < knob.highest
    assert middle > landing.next_index({middle: below}, knob) > knob.lowest


def test_a_goal_too_far_for_the_price_ends_at_its_bound():
    assert BYTES.next_index({0: 14000}, PRICE_KNOB) == PRICE_KNOB.highest
    assert DECIBELS.next_index({0: 33.0}, PRICE_KNOB) == PRICE_KNOB.lowest


@pytest.mark.parametrize("other", [36.0, 35.9999, 37.0, math.inf])  # flat, nearly flat, rising, met exactly
def test_noise_does_not_send_the_step_far_away(other):
    alone = DECIBELS.next_index({400: 36.0}, STEP_KNOB) - 400
    assert 0 < DECIBELS.next_index({400: 36.0, 401: other}, STEP_KNOB) - 400 <= 3 * alone + 2


def test_an_image_met_exactly_asks_for_the_coarsest_step():
    assert DECIBELS.next_index({400: math.inf}, STEP_KNOB) == STEP_KNOB.highest


def test_steps_stay_among_those_worth_trying():
    assert BYTES.next_index({400: 10**9}, STEP_KNOB) == STEP_KNOB.highest
    assert BYTES.next_index({400: 40}, STEP_KNOB) == STEP_KNOB.lowest


@pytest.mark.parametrize("slope,bend", [(-0.2, 0), (-0.34, 0), (-0.5, 0), (-0.34, 0.03), (-0.34, -0.03)])
@pytest.mark.parametrize("first", [15000, 9000])
def test_it_lands_within_five_tries_on_a_curve(first, slope, bend):
    tries, index = {}, 448
    for _ in range(5):
        octave = (index - 448) / 64
        tries[index] = round(first * 2 ** (slope * octave + bend * octave**2))
        index = BYTES.next_index(tries, STEP_KNOB)
    values = [*tries.values()]
    assert BYTES.hit(values[BYTES.best(values)])


def test_the_best_size_is_the_largest_that_fits_and_the_best_psnr_the_nearest():
    assert BYTES.best([10001, 9800, 9000]) == 1
    assert DECIBELS.best([36.0, 35.3, 34.8]) == 2


def test_a_size_below_all_tries_is_refused():
    with pytest.raises(DaubError, match=r"10000 bytes cannot be reached.*10020"):
        BYTES.best([10300, 10020])


def test_an_image_met_exactly_beats_one_far_below_the_goal():
    assert Landing(50.0, False).best([float("inf"), 6.0]) == 0


def test_a_cliff_between_two_tries_is_searched_between_them():
    # The slope of the two nearest leads to 584 again and again, where the picture has fallen apart.
    tries = {418: 38.46, 485: 37.06, 588: 29.64, 584: 29.99}
    assert 485 < DECIBELS.next_index(tries, STEP_KNOB) < 584
