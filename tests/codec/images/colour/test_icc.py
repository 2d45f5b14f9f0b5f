"""ICC profiles beyond what each container's tests hold: version 4, code points, names, damage."""

import io
import struct

import imagecodecs
import numpy as np
import PIL.Image
import PIL.ImageCms
import pytest
from colour_files import (
    ADOBE_RGB_PROFILE,
    PICTURE,
    STORED,
    adobe_rgb,
    display_p3,
    linear,
    patches_of,
    png,
    profile_chunk,
)

from daub.codec.images import load
from daub.codec.images.colour import icc
from daub.codec.images.colour.signals import of_cicp


def tagged(profile: bytes, tag: bytes, content: bytes) -> bytes:
    """A profile with one more tag at its end."""
    count = struct.unpack_from(">I", profile, 128)[0]
    table = profile[132 : 132 + 12 * count]
    entries = [struct.unpack_from(">4sII", table, 12 * i) for i in range(count)]
    moved = b"".join(struct.pack(">4sII", name, at + 12, size) for name, at, size in entries)
    behind = profile[132 + 12 * count :]
    added = struct.pack(">4sII", tag, len(profile) + 12, len(content))
    whole = profile[:128] + struct.pack(">I", count + 1) + moved + added + behind + content
    return struct.pack(">I", len(whole)) + whole[4:]


def with_code_points(primaries, transfer, matrix=0, full_range=1) -> bytes:
    return tagged(ADOBE_RGB_PROFILE, b"cicp", b"cicp\0\0\0\0" + bytes((primaries, transfer, matrix, full_range)))


def test_code_points_in_a_profile_count_before_its_tables():
    image = load(png(profile_chunk(with_code_points(12, 13))))
    np.testing.assert_allclose(patches_of(image), display_p3(STORED), atol=1 / 255)
    assert image.notices == ("its colours were converted from Adobe RGB (compatible) to sRGB",)
    image = load(png(profile_chunk(with_code_points(9, 16))))
    assert len(image.notices) == 1 and "it is HDR (Adobe RGB (compatible))" in image.notices[0]
    exact = load(png(profile_chunk(with_code_points(1, 13))))
    assert np.array_equal(exact.pixels, PICTURE / np.float32(255)) and exact.notices == ()


@pytest.mark.parametrize("numbers", [(2, 2), (3, 13), (12, 13, 1), (12, 13, 0, 0)])
def test_code_points_of_no_use_leave_it_to_the_tables(numbers):
    image = load(png(profile_chunk(with_code_points(*numbers))))
    np.testing.assert_allclose(patches_of(image), adobe_rgb(STORED), atol=1 / 255)


def test_code_points_are_found_or_not():
    assert icc.code_points(ADOBE_RGB_PROFILE) is None
    assert icc.code_points(with_code_points(9, 18)) == of_cicp(9, 18)
    for length in range(len(ADOBE_RGB_PROFILE)):
        assert icc.code_points(with_code_points(9, 18)[:length]) is None


P3_POINTS = (0.68, 0.32, 1, 0.265, 0.69, 1, 0.15, 0.06, 1)


def named_srgb(curve) -> bytes:
    """A profile of the primaries of sRGB and this curve, which calls itself sRGB."""
    points = {"whitepoint": (0.3127, 0.3290, 1), "primaries": (0.64, 0.33, 1, 0.30, 0.60, 1, 0.15, 0.06, 1)}
    table = np.round(65535 * curve(np.arange(1024) / 1023)).astype(np.uint16)
    profile = bytes(imagecodecs.cms_profile("rgb", transferfunction=table, **points))
    renamed = profile.replace("RGB built-in".encode("utf-16-be"), "sRGB builtin".encode("utf-16-be"))
    assert icc.name_of(renamed) == "sRGB builtin"
    return renamed


def test_what_is_nearly_srgb_and_called_so_says_nothing():
    """It is converted, as it should be; but "converted from sRGB to sRGB" helps nobody."""
    image = load(png(profile_chunk(named_srgb(lambda x: 0.985 * linear(x)))))
    assert 1.2 / 255 < np.abs(image.pixels - PICTURE / 255).max() < 2 / 255
    assert image.notices == ()
    far = load(png(profile_chunk(named_srgb(lambda x: x))))
    assert far.notices == ("its colours were converted from sRGB builtin to sRGB",)


def test_version_4_profiles():
    """By Pillow's LittleCMS as the second reader."""
    options = {"whitepoint": (0.3127, 0.3290, 1), "primaries": P3_POINTS, "gamma": 2.4}
    profile = bytes(imagecodecs.cms_profile("rgb", **options))
    assert profile[8] == 4
    opened = PIL.ImageCms.ImageCmsProfile(io.BytesIO(profile))
    theirs = PIL.ImageCms.profileToProfile(PIL.Image.fromarray(PICTURE), opened, PIL.ImageCms.createProfile("sRGB"))
    image = load(png(profile_chunk(profile)))
    np.testing.assert_allclose(image.pixels, np.asarray(theirs) / 255, atol=1 / 255)


@pytest.mark.parametrize("seed", range(3))
def test_damage_is_never_a_crash(seed):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        damaged = bytearray(ADOBE_RGB_PROFILE)
        for place in rng.integers(0, len(damaged), 6):
            damaged[place] = rng.integers(256)
        image = load(png(profile_chunk(bytes(damaged))))
        assert np.isfinite(image.pixels).all() and len(image.notices) <= 2


def test_the_name_of_a_profile_and_of_a_damaged_one():
    """As LittleCMS has it, of both versions of the tag; where that is damaged, none, and without memory for it."""
    for profile in (ADOBE_RGB_PROFILE, icc.SRGB):
        name = PIL.ImageCms.getProfileDescription(PIL.ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
        assert icc.name_of(profile) == name
    old = tagged(icc.SRGB.replace(b"desc", b"gone"), b"desc", b"desc" + struct.pack(">4xI", 4) + b"Old\0")
    assert icc.name_of(old) == "Old"
    claiming = tagged(icc.SRGB.replace(b"desc", b"gone"), b"desc", b"mluc" + struct.pack(">4xII4xII", 1, 12, 2**30, 28))
    assert icc.name_of(claiming) == icc.name_of(b"") == "an embedded profile without a name"
