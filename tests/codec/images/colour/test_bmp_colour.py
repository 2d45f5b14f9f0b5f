"""What BMP says about colours: right values, and which signal counts; and QOI, which says nothing."""

import imagecodecs
import numpy as np
import pytest
from colour_files import (
    ADOBE_RGB,
    ADOBE_RGB_PROFILE,
    P3_POINTS,
    PICTURE,
    STORED,
    bmp,
    check,
    check_exact,
    display_p3,
    srgb,
)

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


def test_bmp():
    check(bmp(0x4D424544, profile=ADOBE_RGB_PROFILE), ADOBE_RGB, "Adobe RGB")
    check(
        bmp(0, P3_POINTS, (2.2, 2.2, 2.2)), display_p3(srgb(STORED**2.2)), "Display P3 with the transfer function gamma"
    )
    check(bmp(0, P3_POINTS, (1.8, 2.0, 2.6)), display_p3(srgb(STORED ** [1.8, 2.0, 2.6])), "calibrated RGB")
    in_xyz = np.transpose([[0.4866, 0.2657, 0.1982], [0.2290, 0.6917, 0.0793], [0.0, 0.0451, 1.0439]]).ravel()
    check(bmp(0, in_xyz, (2.2, 2.2, 2.2)), display_p3(srgb(STORED**2.2)), "gamma 2.2")


def test_bmp_without_a_file_header():
    """As the clipboard of Windows has it; the profile is counted from the header on."""
    check(bmp(0x4D424544, profile=ADOBE_RGB_PROFILE)[14:], ADOBE_RGB, "Adobe RGB")


def test_bmp_that_is_srgb():
    for space in (0x73524742, 0x57696E20, 0):
        check_exact(bmp(space))
    check_exact(bmp(0, (0.64, 0.33, 0.03, 0.3, 0.6, 0.1, 0.15, 0.06, 0.79), (2.2, 2.2, 2.2)))


def test_bmp_of_no_use():
    check_exact(bmp(0x4C494E4B, profile=b"C:\\profile.icm\0"), "its colour profile is another file")
    check_exact(bmp(77), "unknown number")
    check_exact(bmp(0, (0.5,) + (0,) * 8), "endpoints make no sense")
    check_exact(bmp(0x4D424544, profile=ADOBE_RGB_PROFILE)[:-200], "damaged or does not fit")


def test_qoi():
    """Its colour space byte is "purely informative" by the specification, and 1 (linear) by mistake in many files."""
    data = bytes(imagecodecs.qoi_encode(PICTURE))
    check_exact(data[:13] + b"\0" + data[14:])
    check_exact(data[:13] + b"\1" + data[14:])
