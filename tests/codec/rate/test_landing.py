"""Landing on a size or a PSNR within a few tries."""

import math

import pytest

from daub.codec.goal import Goal
from daub.codec.rate.landing import PRICE_KNOB, ROUNDS, STEP_KNOB, Landing, Search, Trial
from daub.codec.rate.measure import measure_of

BYTES, DECIBELS = Landing(10000), Landing(35.0, measure_of(Goal("psnr", 35)))


def test_only_sizes_and_psnr_need_landing():
    assert Landing.of(Goal("gaussians", 500), 6000) is None
    assert Landing.of(Goal("quality", 50), 6000) is None
    assert Landing.of(Goal("psnr", 33), 6000) == Landing(33, DECIBELS.measure)
    assert Landing.of(Goal("bytes", 900), 6000) == Landing(900)
    assert Landing.of(Goal("bpp", 2), 6000) == Landing(1500)


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
@pytest.mark.parametrize("landing,above,below", [(BYTES, 10100, 9900), (DECIBELS, 35.05, 34.95)])
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


def test_where_all_sizes_are_beyond_the_limit_the_smallest_is_the_best():
    assert BYTES.best([10300, 10020, 10500]) == 1


def test_an_image_met_exactly_beats_one_far_below_the_goal():
    assert Landing(50.0, DECIBELS.measure).best([float("inf"), 6.0]) == 0


def test_a_cliff_between_two_tries_is_searched_between_them():
    # The slope of the two nearest leads to 584 again and again, where the picture has fallen apart.
    tries = {418: 38.46, 485: 37.06, 588: 29.64, 584: 29.99}
    assert 485 < DECIBELS.next_index(tries, STEP_KNOB) < 584


class File:
    """A file of so many bytes."""

    def __init__(self, size, psnr=30.0):
        self.data, self.psnr = bytes(round(size)), psnr


def searched(size_of, landing=BYTES, first=448):
    """A search through files whose size depends on the trial: all trials, and the search at its end."""
    search, trials = Search(landing, first), []
    while search.trial is not None:
        trials.append(search.trial)
        search.tell(File(size_of(search.trial)))
    return trials, search


def usual(trial):
    return 14000 * 2 ** (-0.34 * (trial.step_index - 448) / 64 - 0.13 * trial.price_index / 64)


def test_without_a_landing_the_first_file_is_the_best():
    trials, search = searched(usual, None)
    assert trials == [Trial(448)] and len(search.best.data) == 14000


def test_a_search_turns_the_price_where_the_step_is_near_and_the_step_where_it_is_far():
    trials, search = searched(lambda trial: 0.722 * usual(trial))  # 1 % too large
    assert {trial.step_index for trial in trials} == {448} and BYTES.hit(len(search.best.data))
    trials, search = searched(usual)  # 40 % too large
    assert trials[1].step_index > 448 and trials[1].price_index == 0 and BYTES.hit(len(search.best.data))


def test_a_search_that_never_lands_ends_with_the_best_and_tries_nothing_twice():
    trials, search = searched(lambda trial: 9000 if trial.step_index > 500 else 12000)
    assert len(set(trials)) == len(trials) <= ROUNDS * ROUNDS
    assert len(search.best.data) == 9000


def test_the_best_so_far_is_known_all_the_way():
    search, sizes = Search(BYTES, 448), iter((14000, 9000, 9950))
    best = []
    while search.trial is not None:
        search.tell(File(next(sizes)))
        best.append(len(search.best.data))
    assert best == [14000, 9000, 9950]
