"""What AVIF and HEIC say about colours: right values, and which signal counts."""

import io

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from colour_files import (
    ADOBE_RGB,
    ADOBE_RGB_PROFILE,
    DISPLAY_P3,
    PICTURE,
    STORED,
    check,
    display_p3,
    saved,
    srgb,
    with_code_points,
)

from daub.codec.images import load
from daub.codec.images.colour.containers import signals_of
from daub.codec.images.colour.declared import GAIN_MAP
from daub.codec.images.colour.signals import SRGB

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


@pytest.mark.parametrize(
    "primaries, transfer, expected, said",
    [
        (12, 13, DISPLAY_P3, "Display P3"),
        (1, 8, srgb(STORED), "linear sRGB"),
        (12, 4, display_p3(srgb(STORED**2.2)), "P3 with"),
    ],
)
def test_avif_code_points(primaries, transfer, expected, said):
    data = imagecodecs.avif_encode(PICTURE, level=100, primaries=primaries, transfer=transfer, matrix=0)
    check(bytes(data), expected, said)


@pytest.mark.parametrize("matrix, tolerance", [(0, 0), (1, 2), (5, 2), (6, 2), (8, 2), (9, 2)])
def test_avif_is_decoded_by_its_matrix(matrix, tolerance):
    data = imagecodecs.avif_encode(PICTURE, level=99 if matrix else 100, primaries=1, transfer=13, matrix=matrix)
    check(bytes(data), STORED, tolerance=tolerance + 1e-4)


def test_avif_of_limited_range():
    check(saved("AVIF", range="limited", quality=100, subsampling="4:4:4"), STORED, tolerance=3)


def test_avif_of_grey():
    data = imagecodecs.avif_encode(PICTURE[..., 0], level=100, primaries=12, transfer=8)
    check(bytes(data), srgb(np.repeat(STORED[:, :1], 3, 1)), "the transfer function linear", tolerance=1.5)


def test_avif_with_a_profile_and_code_points():
    """Code points count first, save those of sRGB, which encoders put beside a profile for the matrix alone."""
    data = saved("AVIF", quality=100, subsampling="4:4:4", icc_profile=ADOBE_RGB_PROFILE)
    check(data, ADOBE_RGB, "Adobe RGB", tolerance=3)
    check(with_code_points(data, 1, 13), ADOBE_RGB, "Adobe RGB", tolerance=3)
    check(with_code_points(data, 12, 13), DISPLAY_P3, "Display P3", tolerance=3)
    assert "HDR" in load(with_code_points(data, 9, 16)).notices[0]
    check(with_code_points(data, 3, 13), ADOBE_RGB, "nclx colour property is passed over", "Adobe RGB", tolerance=3)


@pytest.mark.parametrize("primaries, expected, said", [(12, DISPLAY_P3, ["Display P3"]), (2, STORED, [])])
def test_avif_without_a_colour_property(primaries, expected, said):
    """The sequence header of AV1 has the code points as well."""
    transfer = 13 if primaries == 12 else 2
    data = bytes(imagecodecs.avif_encode(PICTURE, level=100, primaries=primaries, transfer=transfer, matrix=0))
    check(data.replace(b"colrnclx", b"freenclx"), expected, *said)


def test_avif_sequence_without_a_colour_property():
    """Its sequence header has all the fields that a single picture leaves out."""
    frames = [PIL.Image.fromarray(PICTURE), PIL.Image.fromarray(PICTURE[::-1])]
    file = io.BytesIO()
    frames[0].save(file, "AVIF", save_all=True, append_images=frames[1:])
    data = file.getvalue()
    signals, _ = signals_of("AVIF", io.BytesIO(data.replace(b"colrnclx", b"freenclx")), ())
    assert signals_of("AVIF", io.BytesIO(data), ())[0] == signals == (SRGB,)


def test_avif_with_a_gain_map():
    """ISO 21496-1: an item of type tmap."""
    data = saved("AVIF")
    assert load(data).notices == ()
    _, notices = signals_of("AVIF", io.BytesIO(data.replace(b"av01Color", b"tmapColor")), ())
    assert notices == [GAIN_MAP]


def heic(**settings) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the extra heic is not installed")
    file = io.BytesIO()
    opened = pillow_heif.from_pillow(PIL.Image.fromarray(PICTURE))
    if "icc_profile" in settings:
        opened.info["icc_profile"] = settings.pop("icc_profile")
        opened.info["icc_profile_type"] = "prof"
    opened.save(file, quality=-1, matrix_coefficients=0, chroma=444, **settings)
    return file.getvalue()


def test_heic():
    check(heic(color_primaries=12, transfer_characteristics=13), DISPLAY_P3, "Display P3", tolerance=2)
    check(heic(color_primaries=1, transfer_characteristics=13), STORED, tolerance=2)
    check(heic(icc_profile=ADOBE_RGB_PROFILE), ADOBE_RGB, "Adobe RGB", tolerance=3)
    assert "HDR" in load(heic(color_primaries=9, transfer_characteristics=16)).notices[0]
