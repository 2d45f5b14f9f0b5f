"""BD-rate on curves whose answer is known in closed form."""

from __future__ import annotations

import math

import pytest

from daub.codec.evaluation.bdrate import bd_rate

RATES = [0.05, 0.1, 0.2, 0.3, 0.45, 0.7]
ANCHOR = [(rate, 40 + 6 * math.log2(rate)) for rate in RATES]


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.3])
def test_a_constant_factor_is_found(factor):
    test = [(factor * rate, quality) for rate, quality in ANCHOR]
    assert bd_rate(ANCHOR, test, 0.08, 0.5) == pytest.approx(100 * (factor - 1), abs=1e-6)


def test_it_is_the_mean_of_the_logarithm_over_quality():
    """Twice the rate at the bottom, equal at the top, linear in between: half an octave."""
    low, high = ANCHOR[0][1], ANCHOR[-1][1]
    test = [(rate * 2 ** ((high - quality) / (high - low)), quality) for rate, quality in ANCHOR]
    assert bd_rate(ANCHOR, test, 1e-3, 10) == pytest.approx(100 * (math.sqrt(2) - 1), abs=0.01)


def test_only_the_range_of_rates_counts():
    """The curves part above 0.3 bpp alone.

    Up to 0.7 bpp both reach 15.6 to about 32 dB; over the last 2.4 of these 16.4 dB the logarithm of the ratio rises
    from 0 to about 0.48, which makes a mean of about 3.5 %.
    """
    test = [(rate * (2 if rate > 0.3 else 1), quality) for rate, quality in ANCHOR]
    assert bd_rate(ANCHOR, test, 0.06, 0.15) == pytest.approx(0, abs=1e-9)
    assert bd_rate(ANCHOR, test, 0.06, 0.7) == pytest.approx(3.5, abs=0.5)


def test_wasteful_settings_are_left_out_and_order_does_not_matter():
    test = [(0.25, 20.0), *reversed(ANCHOR)]
    assert bd_rate(ANCHOR, test, 0.08, 0.5) == pytest.approx(0, abs=1e-9)


def test_curves_without_common_qualities_have_none():
    assert bd_rate(ANCHOR, [(rate, quality + 60) for rate, quality in ANCHOR], 0.08, 0.5) is None
    assert bd_rate(ANCHOR, ANCHOR[:1], 0.08, 0.5) is None


def test_too_little_of_the_tested_curve_gives_no_figure():
    half = ANCHOR[len(ANCHOR) // 2 :]
    assert bd_rate(half, ANCHOR, 0, math.inf, 0.3) == pytest.approx(0, abs=1)
    assert bd_rate(half, ANCHOR, 0, math.inf, 0.9) is None
    assert bd_rate(ANCHOR, half, 0, math.inf, 0.9) == pytest.approx(0, abs=1)


def test_only_the_range_of_qualities_counts():
    """Twice the rate above 30 dB: of the mean over 24 to 36 dB that is half, and nothing of that over 18 to 28 dB."""
    fine = [(0.01 * 2 ** (step / 60), 10 + step / 10) for step in range(400)]
    test = [(rate * (2 if quality > 30 else 1), quality) for rate, quality in fine]
    assert bd_rate(fine, test, 0, math.inf, quality_range=(18, 28)) == pytest.approx(0, abs=1e-6)
    assert bd_rate(fine, test, 0, math.inf, quality_range=(24, 36)) == pytest.approx(100 * (2**0.5 - 1), abs=0.5)
    assert bd_rate(fine, test, 0, math.inf, quality_range=(60, 80)) is None
    # What must be shared is a part of the qualities in the range.
    poor = [point for point in fine if point[1] < 22]
    assert bd_rate(poor, test, 0, math.inf, 0.3, (18, 28)) == pytest.approx(0, abs=1e-6)
    assert bd_rate(poor, test, 0, math.inf, 0.5, (18, 28)) is None
