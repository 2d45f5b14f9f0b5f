"""Spaces given by numbers: against formulas in double precision, and against LittleCMS by a profile of the space."""

import imagecodecs
import numpy as np
import pytest

from daub.codec.images.colour import primaries, signals, transfers
from daub.codec.images.colour.signals import Encoding, of_cicp, of_gamma
from daub.codec.images.interpret import to_srgb
from daub.codec.images.samples import Samples

P3_TO_SRGB = np.array([[1.2249401, -0.2249402, 0.0], [-0.0420569, 1.0420571, 0.0], [-0.0196376, -0.0786361, 1.0982735]])


def converted(values, *colour):
    return to_srgb(Samples(values, colour=colour), (1, 1, 1))


def srgb(linear):
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def linear(encoded):
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("dtype, white", [(np.uint8, 255), (np.uint16, 65535), (np.float32, 1)])
def test_display_p3(dtype, white):
    values = (np.random.default_rng(6).random((50, 40, 3)) * white).astype(dtype)
    pixels, notices = converted(values, signals.DISPLAY_P3)
    np.testing.assert_allclose(pixels, srgb(linear(values / np.float64(white)) @ P3_TO_SRGB.T), atol=0.02 / 255)
    assert notices == ("its colours were converted from Display P3 to sRGB",)


LITTLECMS_KNOWS = [space for code, space in primaries.BY_CODE.items() if code != 10]  # XYZ has corners without light


@pytest.mark.parametrize("space", LITTLECMS_KNOWS, ids=lambda space: space.name)
@pytest.mark.parametrize("exponent", [1.0, 1.8, 2.2, 2.8])
def test_every_space_of_h273_beside_littlecms(space, exponent):
    values = np.random.default_rng(6).integers(0, 65536, (40, 50, 3), np.uint16)
    points = [coordinate for point in (space.red, space.green, space.blue) for coordinate in (*point, 1)]
    profile = imagecodecs.cms_profile("rgb", whitepoint=(*space.white, 1), primaries=points, gamma=exponent)
    ours, _ = converted(values, Encoding(space, transfers.power_law(exponent)))
    theirs, _ = converted(values, signals.Profile(profile))
    np.testing.assert_allclose(ours, theirs, atol=1 / 255)


def test_grey_needs_the_transfer_alone():
    values = np.random.default_rng(6).integers(0, 256, (9, 9, 1), np.uint8)
    pixels, _ = converted(values, Encoding(primaries.BT2020, transfers.LINEAR))
    np.testing.assert_allclose(pixels, np.repeat(srgb(values / 255), 3, 2), atol=1e-5)
    pixels, notices = converted(values, signals.DISPLAY_P3)
    assert np.array_equal(pixels, np.repeat(values / np.float32(255), 3, 2)) and notices == ()


@pytest.mark.parametrize("space", [of_cicp(1, 13), of_gamma(2.2), signals.SRGB, of_cicp(1, 2), of_cicp(2, 13)])
@pytest.mark.parametrize("dtype, white", [(np.uint8, 255), (np.uint16, 65535)])
def test_srgb_by_any_name_stays_exact_and_says_nothing(space, dtype, white):
    values = np.random.default_rng(6).integers(0, white, (9, 9, 3), dtype)
    pixels, notices = converted(values, space)
    assert np.array_equal(pixels, values / np.float32(white)) and notices == ()


def test_a_curve_for_each_channel():
    curves = tuple(transfers.power_law(exponent) for exponent in (1.5, 2.0, 3.0))
    values = np.random.default_rng(6).integers(0, 256, (9, 9, 3), np.uint8)
    pixels, _ = converted(values, Encoding(primaries.SRGB, curves[0], channel_transfers=curves))
    np.testing.assert_allclose(pixels, srgb((values / 255) ** [1.5, 2.0, 3.0]), atol=0.01 / 255)


def test_the_first_usable_signal_counts():
    values = np.random.default_rng(6).integers(0, 256, (9, 9, 3), np.uint8)
    pixels, notices = converted(values, signals.Profile(b"damaged" * 40), signals.DISPLAY_P3, signals.ADOBE_RGB)
    assert np.array_equal(pixels, converted(values, signals.DISPLAY_P3)[0])
    assert len(notices) == 2 and "colour profile is damaged or does not fit" in notices[0]
    odd = Encoding(primaries.Primaries("odd", (0, 0), (0, 0), (0, 0)), transfers.LINEAR)
    pixels, notices = converted(values, odd)
    assert np.array_equal(pixels, values / np.float32(255)) and "colour space is not usable" in notices[0]


def test_numbers_do_not_fit_cmyk():
    ink = np.zeros((2, 2, 4), np.uint8)
    pixels, notices = converted(ink, signals.ADOBE_RGB)
    assert (pixels == 1).all() and len(notices) == 1 and "it is CMYK" in notices[0]


def test_code_points():
    assert of_cicp(2, 2) is None
    assert of_cicp(2, 16).transfer is transfers.PQ and of_cicp(2, 16).primaries is primaries.SRGB
    assert of_cicp(9, 2).transfer is transfers.SRGB
    assert of_cicp(12, 13).name == "Display P3" and of_cicp(9, 1).name == "BT.2020 with the transfer function BT.709"
    for codes in [(0, 13), (3, 13), (13, 13), (23, 1), (1, 0), (1, 3), (1, 19), (255, 255)]:
        with pytest.raises(ValueError, match="no standard defines"):
            of_cicp(*codes)


def test_gammas():
    assert of_gamma(1.0) == signals.LINEAR_SRGB
    assert of_gamma(2.2, primaries.DISPLAY_P3).transfer.name == "gamma 2.2"
    for exponent in (0, -1, 1000, float("nan")):
        with pytest.raises(ValueError, match="makes no sense"):
            of_gamma(exponent)


@pytest.mark.parametrize("space", [signals.DISPLAY_P3, of_cicp(9, 5), of_cicp(12, 16), of_cicp(9, 18), of_cicp(4, 17)])
def test_floating_point_without_sense(space):
    odd = np.float32([[[np.nan, np.inf, -np.inf], [-1, 1e30, 0.5], [3e38, 3e38, -3e38]]])
    pixels, _ = converted(odd, space)
    assert np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= 1
