"""From a goal to a number of Gaussians and a step."""

import math

import pytest

from daub.codec.rate.estimate import cell_log2_for
from daub.codec.rate.plan import PowerLaw, corrected_count, count_limit, gaussian_price


@pytest.mark.parametrize("count", [10, 300, 5000, 100000])
@pytest.mark.parametrize("width,height", [(768, 512), (100, 3000), (4000, 4000)])
def test_about_every_second_cell_holds_a_gaussian(count, width, height):
    c = cell_log2_for(count, width, height)
    cells = math.ceil(width / 2**c) * math.ceil(height / 2**c)
    # The next size has four times as many cells, at most: half the factor is the farthest off, but for the borders.
    assert 1 / 2.5 <= cells / (2 * count) <= 2.5 or c == 0


def test_cells_of_no_gaussians_and_of_a_crowd():
    assert cell_log2_for(0, 768, 512) == cell_log2_for(1, 768, 512)
    assert cell_log2_for(1 << 20, 16, 16) == 0


def test_a_file_twice_too_large_takes_some_more_than_half_of_the_gaussians():
    assert 0.5 * 5000 < corrected_count(5000, 20_000, 10_000, 1 << 20) < 0.57 * 5000
    assert corrected_count(5000, 10_000, 10_000, 1 << 20) == 5000


def test_counts_have_limits():
    assert corrected_count(5, 1000, 1, 1 << 20) == 1
    assert corrected_count(1000, 100, 1 << 30, 3000) == count_limit(3000) == 1000
    assert count_limit(1) == 16 and count_limit(3000, 12.7) == 12 and count_limit(3000, 0) == 1


@pytest.mark.parametrize("few,many", [((100, 50.0), (400, 49.9)), ((100, 50.0), (400, 80.0)), ((1, 50.0), (2, 0.0))])
def test_noise_does_not_send_the_count_to_the_moon(few, many):
    law = PowerLaw.through(few, many)
    assert 0.25 <= law.exponent <= 2
    energy = max(many[1], 1e-9)
    assert law.count_for_energy(energy) == pytest.approx(many[0])
    assert law.count_for_energy(energy / 2) <= 16 * many[0] * 1.001


def test_a_higher_quality_pays_more():
    prices = [gaussian_price(quality) for quality in range(0, 101, 10)]
    assert prices == sorted(prices, reverse=True) and prices[-1] < 1e-3 * prices[0]
