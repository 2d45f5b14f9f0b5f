"""Every transfer characteristic against the formula that H.273, Table 3, gives the other way round: light to signal."""

import numpy as np
import pytest

from daub.codec.images.colour import transfers

LIGHT = np.linspace(0, 1, 2001)


def line_and_power(alpha, beta, slope, exponent):
    return lambda light: np.where(light < beta, slope * light, alpha * light**exponent - (alpha - 1))


def hlg(light):
    logarithm = 0.17883277 * np.log(np.maximum(12 * light - 0.28466892, 1e-9)) + 0.55991073
    return np.where(light <= 1 / 12, np.sqrt(3 * light), logarithm)


def pq(nits):
    power = (nits / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


CAMERA = line_and_power(1.099296826809442, 0.018053968510807, 4.5, 0.45)
TO_SIGNAL = {
    1: CAMERA,
    4: lambda light: light ** (1 / 2.2),
    5: lambda light: light ** (1 / 2.8),
    6: CAMERA,
    7: line_and_power(1.1115, 0.0228, 4.0, 0.45),
    8: lambda light: light,
    11: CAMERA,
    12: CAMERA,
    13: line_and_power(1.055, 0.0031308, 12.92, 1 / 2.4),
    14: CAMERA,
    15: CAMERA,
    17: lambda light: (48 * light / 52.37) ** (1 / 2.6),
    18: hlg,
}


@pytest.mark.parametrize("code", TO_SIGNAL)
def test_the_inverse_of_the_formula_of_the_standard(code):
    signal = TO_SIGNAL[code](LIGHT)
    np.testing.assert_allclose(transfers.BY_CODE[code].to_linear(signal), LIGHT, atol=3e-5)


def test_pq():
    nits = np.array([0, 0.01, 1, 58, 100, 203, 1000, 4000, 10000.0])
    np.testing.assert_allclose(transfers.pq_to_nits(pq(nits)), nits, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(transfers.nits_to_pq(nits), pq(nits), atol=1e-9)
    assert transfers.pq_to_nits(np.array(0.58)) == pytest.approx(202, abs=2)  # BT.2408-7, Table 1


@pytest.mark.parametrize("code, decades", [(9, 2), (10, 2.5)])
def test_logarithmic(code, decades):
    light = LIGHT[10**-decades < LIGHT]
    np.testing.assert_allclose(transfers.BY_CODE[code].to_linear(1 + np.log10(light) / decades), light, rtol=1e-9)
    assert transfers.BY_CODE[code].to_linear(np.array(0.0)) == 0


def test_below_zero():
    """Values 11 and 12 of H.273 go on there."""
    signal = np.array([-0.2])
    assert transfers.BY_CODE[11].to_linear(signal) == -transfers.BY_CODE[11].to_linear(-signal)
    light = transfers.BY_CODE[12].to_linear(signal)
    np.testing.assert_allclose(-(1.099296826809442 * (-4 * light) ** 0.45 - 0.099296826809442) / 4, signal, atol=1e-6)


def test_srgb_there_and_back_in_single_precision():
    values = np.arange(65536, dtype=np.float32) / np.float32(65535)
    np.testing.assert_allclose(transfers.linear_to_srgb(transfers.srgb_to_linear(values)), values, atol=1e-6)


def test_the_type_stays():
    for transfer in [*transfers.BY_CODE.values(), transfers.ROMM, transfers.ADOBE_RGB]:
        assert transfer.to_linear(np.float32([0, 0.5, 1])).dtype == np.float32


def test_all_defined_code_points_are_there():
    assert sorted(transfers.BY_CODE) == [1, *range(4, 19)]


def test_the_table_of_the_srgb_curve():
    light = np.random.default_rng(1).random(100_000).astype(np.float32) ** 4
    by_table = transfers.linear_to_srgb_by_table(light)
    assert np.abs(by_table - transfers.linear_to_srgb(light)).max() < 0.0065 / 255
    ends = transfers.linear_to_srgb_by_table(np.float32([-1, 0, 1, 2]))
    assert np.array_equal(ends, np.float32([0, 0, 1, 1]))
