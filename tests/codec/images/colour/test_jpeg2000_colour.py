"""What JPEG 2000 says about colours: right values, and which signal counts."""

import struct

import numpy as np
import pytest
from colour_files import (
    ADOBE_RGB,
    ADOBE_RGB_PROFILE,
    DISPLAY_P3,
    EXACT,
    PICTURE,
    STORED,
    check,
    check_exact,
    colr_enumerated,
    colr_profile,
    jp2,
    patches_of,
    srgb,
)

from daub.codec.images import load

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


@pytest.mark.parametrize("specifications", [[colr_enumerated(16)], [colr_enumerated(16), colr_enumerated(99)], []])
def test_jpeg_2000_that_is_srgb(specifications):
    said = ["it is of the unknown number 99"] if len(specifications) > 1 else []
    check_exact(jp2(*specifications), *said)
    assert np.array_equal(patches_of(load(jp2(colr_enumerated(17), samples=PICTURE[..., 0]))), EXACT[:, [0, 0, 0]])


@pytest.mark.parametrize("method", [2, 3])
def test_jpeg_2000_with_a_profile(method):
    check(jp2(colr_profile(ADOBE_RGB_PROFILE, method)), ADOBE_RGB, "Adobe RGB")
    check(jp2(colr_profile(ADOBE_RGB_PROFILE, method), colr_enumerated(16)), ADOBE_RGB, "Adobe RGB")


def test_jpeg_2000_of_romm_rgb():
    """ISO 22028-2, annex B: primaries, D50 and the curve; the matrix to sRGB by Bradford."""
    light = np.where(STORED < 1 / 32, STORED / 16, STORED**1.8)
    to_srgb = [[2.0343, -0.7276, -0.3067], [-0.2288, 1.2317, -0.0029], [-0.0085, -0.1532, 1.1618]]
    check(jp2(colr_enumerated(21)), srgb(light @ np.transpose(to_srgb)), "ROMM RGB")


def test_jpeg_2000_of_extended_srgb():
    samples = (PICTURE / 255.0 * (255 * 2**7) + 3 * 2**13).round().astype(np.uint16)
    check(jp2(colr_enumerated(20), samples=samples), STORED, "e-sRGB", tolerance=0.02)


def test_jpeg_2000_with_code_points():
    check(jp2(b"\5\0\0" + struct.pack(">HHHB", 12, 13, 0, 0x80)), DISPLAY_P3, "Display P3")


@pytest.mark.parametrize(
    "specification, said",
    [(colr_enumerated(14), "CIELab"), (b"\4\0\0" + bytes(20), "the unknown method 4")],
)
def test_jpeg_2000_of_no_use(specification, said):
    check_exact(jp2(specification), said)


@pytest.mark.parametrize("deviation", [0, 1])
def test_jpeg_2000_of_sycc(deviation):
    """IEC 61966-2-1, amendment 1: the matrix of BT.601, in full range; the decoder applies it."""
    to_ycc = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    ycc = np.clip(np.round(PICTURE @ to_ycc.T + [0, 128, 128]), 0, 255).astype(np.uint8)
    check(jp2(*[colr_enumerated(18)] * (1 + deviation), samples=ycc), STORED, tolerance=1.5)
