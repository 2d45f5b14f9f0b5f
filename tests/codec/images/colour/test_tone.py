"""HDR against the formulas of BT.2100 and BT.2390, written out here once more in double precision."""

import numpy as np
import pytest

from daub.codec.images.colour import primaries, tone, transfers
from daub.codec.images.colour.signals import SCENE_LINEAR, Encoding
from daub.codec.images.interpret import to_srgb
from daub.codec.images.samples import Samples

PQ = Encoding(primaries.BT2020, transfers.PQ)
HLG = Encoding(primaries.BT2020, transfers.HLG)
BT2020_TO_709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])


def pq(nits):
    power = (nits / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def pq_light(signal):
    power = signal ** (1 / 78.84375)
    return 10000 * (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)


def bt2390(nits, peak, target=203):
    """Section 5.4.1, steps 1 to 5 for one value."""
    if peak <= target:
        return nits
    e1, max_lum = pq(nits) / pq(peak), pq(target) / pq(peak)
    ks = 1.5 * max_lum - 0.5
    if e1 < ks:
        return nits
    t = (e1 - ks) / (1 - ks)
    e2 = (2 * t**3 - 3 * t**2 + 1) * ks + (t**3 - 2 * t**2 + t) * (1 - ks) + (-2 * t**3 + 3 * t**2) * max_lum
    return pq_light(e2 * pq(peak))


def srgb_of_light(light, peak):
    """sRGB of one pixel of BT.2020 light in cd/m2."""
    largest = max(*light, 1e-9)
    linear = BT2020_TO_709 @ (np.array(light) * bt2390(largest, peak) / largest / 203)
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def converted(values, encoding):
    return to_srgb(Samples(values, colour=(encoding,)), (1, 1, 1))


def test_the_curve():
    nits = np.array([0, 0.1, 10, 50, 100, 203, 500, 1000, 4000])
    for peak in (100, 203, 400, 1000, 4000):
        expected = [bt2390(min(each, max(peak, 203)), peak) for each in nits]
        np.testing.assert_allclose(tone.eetf(nits, peak), expected, rtol=1e-6)
        assert tone.eetf(np.array([peak]), peak) == pytest.approx(min(peak, 203))


def test_the_curve_never_falls():
    for peak in (204, 300, 1000, 10000):
        light = tone.eetf(np.linspace(0, peak, 5000), peak)
        assert (np.diff(light) >= 0).all() and light[-1] == pytest.approx(203)


@pytest.mark.parametrize("dtype, white", [(np.uint8, 255), (np.uint16, 65535), (np.float32, 1)])
def test_pq(dtype, white):
    values = (np.random.default_rng(5).random((6, 5, 3)) * white).astype(dtype)
    pixels, notices = converted(values, PQ)
    light = pq_light(values / np.float64(white))
    expected = [[srgb_of_light(pixel, light.max()) for pixel in row] for row in light]
    np.testing.assert_allclose(pixels, expected, atol=0.5 / 255)
    assert len(notices) == 1 and "it is HDR (BT.2020 with the transfer function PQ)" in notices[0]
    assert f"of up to {light.max():.0f} cd/m2 was tone-mapped" in notices[0] and "BT.2390" in notices[0]


def test_pq_that_is_nowhere_brighter_than_white_keeps_its_light():
    nits = np.random.default_rng(5).random((4, 4, 3)) * 203
    pixels, _ = converted(pq(nits).astype(np.float32), PQ)
    np.testing.assert_allclose(pixels, [[srgb_of_light(p, 203) for p in row] for row in nits], atol=0.5 / 255)


def test_the_peak_that_the_file_states():
    values = np.uint8([[[150, 150, 150], [190, 190, 190], [255, 255, 255]]])
    pixels, notices = converted(values, Encoding(primaries.BT2020, transfers.PQ, peak=1000))
    light = np.minimum(pq_light(values[0] / 255), 1000)
    np.testing.assert_allclose(pixels[0], [srgb_of_light(pixel, 1000) for pixel in light], atol=0.5 / 255)
    assert "up to 1000 cd/m2" in notices[0] and np.allclose(pixels[0, 2], 1, atol=1e-5)


def hlg_light(signal):
    """BT.2100-2, Table 5: the inverse OETF, then the OOTF of a display of 1000 cd/m2."""
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    luminance = scene @ [0.2627, 0.6780, 0.0593]
    return 1000 * luminance[..., None] ** 0.2 * scene


def test_hlg():
    values = np.random.default_rng(5).random((6, 5, 3)).astype(np.float32)
    values[0, 0] = 1  # makes the peak that of the display
    values[0, 1] = 0.75  # BT.2408-7, Table 1: reference white
    light = hlg_light(values.astype(np.float64))
    assert light[0, 1] == pytest.approx(203, abs=1)
    pixels, notices = converted(values, HLG)
    np.testing.assert_allclose(pixels, [[srgb_of_light(p, 1000) for p in row] for row in light], atol=0.5 / 255)
    assert "HLG" in notices[0] and "up to 1000 cd/m2" in notices[0]


def test_grey_hdr():
    values = np.uint16([[[0], [20000], [40000], [65535]]])
    grey, _ = converted(values, PQ)
    rgb, _ = converted(np.repeat(values, 3, 2), PQ)
    np.testing.assert_allclose(grey, rgb, atol=1e-4)
    grey, _ = converted(values, HLG)
    rgb, _ = converted(np.repeat(values, 3, 2), HLG)
    np.testing.assert_allclose(grey, rgb, atol=1e-4)


def test_scene_light():
    """One is white; nothing changes where nothing is brighter, and what is brighter keeps its differences."""
    linear = np.float32([[[0, 0.25, 1], [0.5, 0.5, 0.5]]])
    pixels, notices = converted(linear, SCENE_LINEAR)
    assert notices == ("its colours were converted from scene-linear light to sRGB",)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(pixels, srgb, atol=1e-5)
    bright = np.float32([[[0.1] * 3, [1] * 3, [4] * 3, [16] * 3]])
    pixels, notices = converted(bright, SCENE_LINEAR)
    light = [bt2390(203 * value, 16 * 203) / 203 for value in bright[0, :, 0]]
    np.testing.assert_allclose(pixels[0, :, 0], 1.055 * np.power(light, 1 / 2.4) - 0.055, atol=0.5 / 255)
    assert (np.diff(pixels[0, :, 0]) > 0.02).all() and "tone-mapped" in notices[0]


def test_scene_light_without_sense():
    odd = np.float32([[[np.nan, np.inf, -np.inf], [-1, 1e30, 0.5]]])
    pixels, _ = converted(odd, SCENE_LINEAR)
    assert np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= 1
