"""What EXIF, the tags of TIFF and profiles say about colours, in each container that has them."""

import io

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from colour_files import (
    ADOBE_RGB,
    ADOBE_RGB_PROFILE,
    BEST,
    DISPLAY_P3,
    LOSS,
    PICTURE,
    STORED,
    check,
    check_exact,
    display_p3,
    exif,
    linear,
    saved,
    srgb,
    with_code_points,
)

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_exif(file_format):
    settings, loss = BEST[file_format], LOSS[file_format]
    by_index = [] if file_format == "TIFF" else [exif(65535, "R03")]  # Pillow writes no interoperability into TIFF
    for tags in [*by_index, exif(2)]:
        data = saved(file_format, exif=tags, **settings)
        if file_format == "AVIF":  # the code points of sRGB would count first
            data = with_code_points(data, 2, 2)
        check(data, ADOBE_RGB, "Adobe RGB (1998)", tolerance=1 + loss)
    for tags in (exif(1), exif(65535), exif(65535, "R98"), exif(1, "R03")):
        check(saved(file_format, exif=tags, **settings), STORED, tolerance=loss + 1e-4)
    profile = bytes(imagecodecs.cms_profile("srgb"))
    check(saved(file_format, exif=exif(2), icc_profile=profile, **settings), STORED, tolerance=loss + 1e-4)


def test_tiff_tags():
    """TIFF 6.0, section 20: chromaticities and transfer function."""
    white, corners = (0.3127, 0.3290), (0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
    check(saved("TIFF", tiffinfo={318: white, 319: corners}), display_p3(srgb(STORED**2.2)), "Display P3")
    curve = tuple(np.round(65535 * linear(np.arange(256) / 255)).astype(int).tolist())
    check(saved("TIFF", tiffinfo={318: white, 319: corners, 301: 3 * curve}), DISPLAY_P3, "Display P3")
    check(saved("TIFF", tiffinfo={318: white, 319: corners, 301: curve}), DISPLAY_P3, "Display P3")
    check(saved("TIFF", tiffinfo={318: white, 319: corners}, icc_profile=ADOBE_RGB_PROFILE), ADOBE_RGB, "Adobe RGB")
    check_exact(saved("TIFF", tiffinfo={318: white, 319: (0.64, 0.33, 0.3, 0.6, 0.15, 0.06)}))
    check_exact(saved("TIFF", tiffinfo={318: white, 319: (0.0,) * 6}), "passed over (its chromaticities make no sense")


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_a_profile(file_format):
    data = saved(file_format, icc_profile=ADOBE_RGB_PROFILE, **BEST[file_format])
    check(data, ADOBE_RGB, "Adobe RGB", tolerance=1 + LOSS[file_format])


@pytest.mark.parametrize("settings", [{}, {"compression": "jpeg", "quality": 100}, {"compression": "tiff_lzw"}])
def test_a_profile_of_a_tiff_in_ycbcr(settings):
    """libtiff makes RGB of it, in the space of the profile."""
    file = io.BytesIO()
    PIL.Image.fromarray(PICTURE).convert("YCbCr").save(file, "TIFF", icc_profile=ADOBE_RGB_PROFILE, **settings)
    check(file.getvalue(), ADOBE_RGB, "Adobe RGB", tolerance=4)
