"""The smallest inputs of reported faults, with their right values, from ../shared/data/cases beside the repository.

Files of the same kinds that the tests make by themselves are in the other tests of this folder.
"""

import io

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from colour_files import srgb

from daub.codec.images import load

STORED = [(200, 120, 60), (60, 120, 200), (128, 128, 128), (255, 255, 255)]
ADOBE_RGB = [(224, 121, 53), (0, 121, 204), (129, 129, 129), (255, 255, 255)]
DISPLAY_P3 = [(213, 115, 42), (30, 122, 206), (128, 128, 128), (255, 255, 255)]
P3_OF_A_POWER_LAW = [(214, 116, 38), (22, 123, 208), (129, 129, 129), (255, 255, 255)]


@pytest.fixture
def cases(shared_data):
    folder = shared_data / "cases"
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}")
    return folder


@pytest.mark.parametrize(
    "name, expected, tolerance, notices",
    [
        ("jxl_lossy_adobe_rgb_icc.jxl", ADOBE_RGB, 4, 1),
        ("jxl_lossless_adobe_rgb_icc.jxl", ADOBE_RGB, 1, 1),
        ("avif_cicp_p3.avif", DISPLAY_P3, 1, 1),
        ("png_gama_chrm_p3.png", P3_OF_A_POWER_LAW, 1, 1),
        ("png_cicp_p3.png", DISPLAY_P3, 1, 1),
        ("png_cicp_srgb_over_iccp_a98.png", STORED, 0.01, 0),
        ("bmp_v5_adobe_icc.bmp", ADOBE_RGB, 1, 1),
        ("jp2_10bit_white.jp2", STORED, 1, 0),
        ("jp2_16bit_white.jp2", STORED, 1, 0),
        ("tiny.qoi", STORED, 0.01, 0),
        ("png16_grey_icc_on_rgb.png", STORED, 0.01, 1),
    ],
)
def test_colours(cases, name, expected, tolerance, notices):
    image = load(cases / name)
    patches = 255 * image.pixels[4, 4::8]
    np.testing.assert_allclose(patches[:4], expected, atol=tolerance)
    assert len(image.notices) == notices, image.notices


@pytest.mark.parametrize("name", ["avif_cicp_pq.avif", "png_cicp_pq.png"])
def test_hdr_is_tone_mapped_with_a_notice(cases, name):
    image = load(cases / name)
    assert len(image.notices) == 1 and "it is HDR" in image.notices[0] and "BT.2390" in image.notices[0]
    grey = 255 * image.pixels[4, 20]
    np.testing.assert_allclose(grey, grey[0], atol=1)
    assert 150 < grey[0] < 175  # 94 cd/m2 beside a peak of 10 000; unconverted it would be 128


def test_both_hdr_files_mean_the_same(cases):
    png, avif = (load(cases / name).pixels for name in ("png_cicp_pq.png", "avif_cicp_pq.avif"))
    np.testing.assert_allclose(png, avif, atol=1e-6)


def test_a_gain_map_is_left_out_with_a_notice(cases):
    image = load(cases / "ultra_hdr_like.jpg")
    assert image.pixels.shape == (32, 64, 3)
    assert image.notices == ("its HDR gain map was left out, so this is its picture for standard displays",)


@pytest.mark.parametrize("name", ["png_rgb16_basn2c16.png", "png_palette8_basn3p08.png", "png_grey16_basn0g16.png"])
def test_pngsuite_is_linear_light(shared_data, name):
    """Its files have a gAMA of 1.0, and so 128 is a light grey of 188. Pillow and libpng give what they store."""
    data = (shared_data / "awkward" / name).read_bytes()
    if "16" in name.split("_")[1]:
        stored = imagecodecs.png_decode(data) / 65535
    else:
        with PIL.Image.open(io.BytesIO(data)) as opened:
            stored = np.asarray(opened.convert("RGB")) / 255
    image = load(data)
    expected = srgb(stored if stored.ndim == 3 else np.repeat(stored[..., None], 3, 2))
    np.testing.assert_allclose(image.pixels, expected, atol=0.01 / 255)
    assert any("linear" in notice for notice in image.notices)
