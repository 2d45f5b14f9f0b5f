"""What PNG says about colours, also inside of icons: right values, and which signal counts."""

import io
import struct

import numpy as np
import PIL.Image
import pytest
from colour_files import (
    ADOBE_RGB,
    ADOBE_RGB_PROFILE,
    BT2020_TO_SRGB,
    DISPLAY_P3,
    P3_CHROMATICITIES,
    P3_CHUNK,
    PICTURE,
    SRGB_CHROMATICITIES,
    SRGB_CHUNK,
    STORED,
    check,
    check_exact,
    display_p3,
    gamma,
    patches_of,
    png,
    profile_chunk,
    srgb,
)

from daub.codec.images import from_pillow, load

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


@pytest.mark.parametrize(
    "chunks, expected, said",
    [
        ([P3_CHUNK], DISPLAY_P3, "Display P3"),
        ([P3_CHUNK, profile_chunk(ADOBE_RGB_PROFILE), SRGB_CHUNK], DISPLAY_P3, "Display P3"),
        ([profile_chunk(ADOBE_RGB_PROFILE), gamma(1), P3_CHROMATICITIES], ADOBE_RGB, "Adobe RGB"),
        (
            [gamma(0.45455), P3_CHROMATICITIES],
            display_p3(srgb(STORED**2.2)),
            "Display P3 with the transfer function gam",
        ),
        ([P3_CHROMATICITIES], DISPLAY_P3, "Display P3"),
        ([gamma(1)], srgb(STORED), "linear sRGB"),
        ([gamma(1 / 1.8)], srgb(STORED**1.8), "sRGB with the transfer function gamma 1.8"),
        ([(b"cICP", bytes((9, 14, 0, 1)))], None, "BT.2020"),
    ],
)
def test_png(chunks, expected, said):
    if expected is None:
        alpha, beta = 1.099296826809442, 0.018053968510807
        light = np.where(4.5 * beta > STORED, STORED / 4.5, ((STORED + alpha - 1) / alpha) ** (1 / 0.45))
        expected = srgb(light @ BT2020_TO_SRGB.T)
    check(png(*chunks), expected, said)


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"cICP", bytes((1, 13, 0, 1))), profile_chunk(ADOBE_RGB_PROFILE)],
        [SRGB_CHUNK, gamma(1), P3_CHROMATICITIES],
        [SRGB_CHUNK, gamma(0.45455), SRGB_CHROMATICITIES],
        [gamma(0.45455), SRGB_CHROMATICITIES],
        [gamma(0.45455)],
        [SRGB_CHROMATICITIES],
        [(b"cICP", bytes((2, 2, 0, 1)))],
        [],
    ],
)
def test_png_that_is_srgb_stays_exact(chunks):
    check_exact(png(*chunks))
    deep = PICTURE.astype(np.uint16) * 257 + 3
    assert np.array_equal(load(png(*chunks, samples=deep)).pixels, deep / np.float32(65535))


@pytest.mark.parametrize(
    "chunk, said",
    [
        ((b"cICP", bytes((1, 13, 1, 1))), "cICP chunk is passed over (its matrix coefficients are 1"),
        ((b"cICP", bytes((3, 13, 0, 1))), "cICP chunk is passed over (no standard defines the code points 3 and 13"),
        ((b"cICP", bytes(3)), "cICP chunk is damaged"),
        ((b"gAMA", bytes(4)), "gAMA or cHRM chunk is passed over (a gamma of 0"),
        ((b"gAMA", struct.pack(">I", 1)), "a gamma of 1e+05 makes no sense"),
        ((b"cHRM", bytes(32)), "chromaticities make no sense"),
        ((b"gmAP", bytes(9)), "gain map was left out"),
        ((b"iCCP", b"x\0\0damaged"), "its colour profile is damaged"),
    ],
)
def test_png_with_chunks_of_no_use(chunk, said):
    check_exact(png(chunk), said)


def test_png_in_the_range_of_television():
    """H.273, equation 27: 16 is black, 235 white at 8 bits."""
    narrow = np.round(16 + 219 * (PICTURE / 255)).astype(np.uint8)
    cicp = (b"cICP", bytes((1, 13, 0, 0)))
    check(png(cicp, samples=narrow), STORED, "from sRGB in the range of television", tolerance=0.6)
    deep = np.round((16 + 219 * (PICTURE / 255)) * 256).astype(np.uint16)
    check(png(cicp, samples=deep), STORED, "sRGB", tolerance=0.01)


def test_png_states_how_bright_it_is():
    cicp, white = (b"cICP", bytes((9, 16, 0, 1))), PICTURE * 0 + 255
    level = b"cLLI", struct.pack(">II", 600 * 10000, 0)
    mastering = b"mDCV", bytes(16) + struct.pack(">II", 4000 * 10000, 0)
    assert "up to 600 cd/m2" in load(png(cicp, level, mastering, samples=white)).notices[0]
    assert "up to 600 cd/m2" in load(png(cicp, (b"cLLi", level[1]), samples=white)).notices[0]  # of a draft
    assert "up to 4000 cd/m2" in load(png(cicp, mastering, samples=white)).notices[0]
    assert "up to 10000 cd/m2" in load(png(cicp, samples=white)).notices[0]


@pytest.mark.parametrize("samples", [PICTURE[..., :1], PICTURE[..., :1].astype(np.uint16) * 257])
def test_png_of_grey(samples):
    expected = np.repeat(STORED[:, :1], 3, 1)
    check(png(gamma(1), samples=samples), srgb(expected), "linear")
    check(png(P3_CHUNK, samples=samples), expected, tolerance=1e-4)


def test_png_that_pillow_has_opened():
    """Of such a picture only what Pillow keeps is known: no cICP."""
    for chunks, expected in [
        ([gamma(1)], srgb(STORED)),
        ([P3_CHROMATICITIES], DISPLAY_P3),
        ([SRGB_CHUNK, gamma(1)], STORED),
    ]:
        with PIL.Image.open(io.BytesIO(png(*chunks))) as opened:
            np.testing.assert_allclose(patches_of(from_pillow(opened)), expected, atol=1 / 255)
    odd = PIL.Image.fromarray(PICTURE)
    odd.info["gamma"] = 0
    assert np.array_equal(from_pillow(odd).pixels, PICTURE / np.float32(255))


def test_icon_with_a_png():
    """ICO and ICNS hold whole PNG files, with their colours."""
    inner = png(P3_CHUNK, samples=PICTURE)
    icon = struct.pack("<HHHBBBBHHII", 0, 1, 1, 48, 8, 0, 0, 1, 32, len(inner), 22) + inner
    check(icon, DISPLAY_P3, "Display P3")
    check(
        b"icns" + struct.pack(">I", 16 + len(inner)) + b"ic07" + struct.pack(">I", 8 + len(inner)) + inner,
        DISPLAY_P3,
        "P3",
    )


def test_png_with_a_palette():
    palette = PIL.Image.fromarray(PICTURE).quantize(6)
    file = io.BytesIO()
    palette.save(file, "PNG", icc_profile=ADOBE_RGB_PROFILE)
    check(file.getvalue(), ADOBE_RGB, "Adobe RGB")
