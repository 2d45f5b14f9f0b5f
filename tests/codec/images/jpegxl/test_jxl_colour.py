"""The colours of JPEG XL files, through `images.load`: enumerated ones, profiles, lossy and lossless."""

import imagecodecs
import numpy as np
import pytest
from colour_files import (
    ADOBE_RGB_PROFILE,
    PATCHES,
    PICTURE,
    STORED,
    adobe_rgb,
    box,
    check,
    display_p3,
    linear,
    patches_of,
    png,
    srgb,
)
from jxl_files import (
    FOUR_PATCHES,
    LOSSLESS_WITH_PROFILE,
    LOSSY_WITH_PROFILE,
    colour_encoding,
    enumerated,
    with_colour,
    with_profile,
)

from daub.codec.errors import DaubError
from daub.codec.images import load
from daub.codec.images.colour.tone import eetf
from daub.codec.images.jpegxl.bits import BitReader, BitWriter
from daub.codec.images.jpegxl.codestream import codestream_of
from daub.codec.images.jpegxl.header import parse
from daub.codec.images.jpegxl.icc import read_profile
from daub.codec.images.jpegxl.request import prepare
from daub.codec.images.jpegxl.rewriting import Samples, asking_for


def lossless(samples=PICTURE) -> bytes:
    return bytes(imagecodecs.jpegxl_encode(samples, lossless=True))


@pytest.mark.parametrize(
    "fields, expected, said",
    [
        (colour_encoding(primaries=11), display_p3(STORED), "Display P3"),
        (colour_encoding(transfer=8), srgb(STORED), "linear sRGB"),
        (colour_encoding(gamma=1 / 2.4), srgb(STORED**2.4), "sRGB with the transfer function gamma 2.4"),
        (colour_encoding(transfer=17), srgb(STORED**2.6), "gamma 2.6"),
        (
            colour_encoding(white=2, primaries=2, points=[(0.3127, 0.329), (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)]),
            display_p3(STORED),
            "Display P3 with the transfer function sRGB",
        ),
    ],
)
def test_enumerated(fields, expected, said):
    check(with_colour(lossless(), fields), expected, said)


@pytest.mark.parametrize("primaries, transfer, code", [(9, 16, 9), (9, 18, 9), (11, 16, 12), (9, 1, 9)])
def test_enumerated_as_code_points_in_png(primaries, transfer, code):
    data = with_colour(lossless(), colour_encoding(primaries=primaries, transfer=transfer))
    expected = load(png((b"cICP", bytes((code, transfer, 0, 1)))))
    assert np.array_equal(load(data).pixels, expected.pixels) and load(data).notices == expected.notices


def test_srgb_stays_exact():
    for data in (lossless(), with_colour(lossless(), colour_encoding())):
        image = load(data)
        assert np.array_equal(image.pixels, PICTURE / np.float32(255)) and image.notices == ()


def test_grey():
    grey = PICTURE[..., 0]
    expected = np.repeat(STORED[:, :1], 3, 1)
    data = with_colour(lossless(grey), colour_encoding(space=1, transfer=8))
    check(data, srgb(expected), "grey with the transfer function linear")
    profile = bytes(imagecodecs.cms_profile("gray", whitepoint=(0.3127, 0.3290, 1), gamma=1.0))
    check(with_profile(grey, profile), srgb(expected), "gray built-in")


@pytest.mark.parametrize("samples", [PICTURE, PICTURE.astype(np.uint16) * 257], ids=["8 bits", "16 bits"])
def test_a_profile_of_a_lossless_file(samples):
    data = with_profile(samples, ADOBE_RGB_PROFILE)
    assert imagecodecs.jpegxl_decode(data).shape == PICTURE.shape  # libjxl takes it for sound
    check(data, adobe_rgb(STORED), "Adobe RGB")
    codestream = codestream_of(data)
    assert read_profile(codestream, parse(codestream)[1].end)[0] == ADOBE_RGB_PROFILE


def test_a_profile_that_is_srgb_stays_exact():
    image = load(with_profile(PICTURE, bytes(imagecodecs.cms_profile("srgb"))))
    assert np.array_equal(image.pixels, PICTURE / np.float32(255)) and image.notices == ()


def test_a_profile_as_cjxl_writes_it():
    expected = adobe_rgb(FOUR_PATCHES / 255)
    check(LOSSLESS_WITH_PROFILE, expected, "A98 ICC Profile")
    check(LOSSY_WITH_PROFILE, expected, "A98 ICC Profile", tolerance=2)
    profiles = []
    for data in (LOSSLESS_WITH_PROFILE, LOSSY_WITH_PROFILE):
        profile, _ = read_profile(data, parse(data)[1].end)
        profiles.append(profile)
        assert len(profile) == int.from_bytes(profile[:4], "big") == 564
    assert profiles[0] == profiles[1]


def test_in_a_container():
    whole = LOSSY_WITH_PROFILE
    start = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    parts = box(b"jxlp", bytes(4), whole[:100]) + box(b"jxlp", b"\x80\0\0\1", whole[100:])
    expected = load(whole)
    for data in (start + box(b"jxlc", whole), start + parts, start + box(b"jxlc", whole) + box(b"Exif", bytes(20))):
        assert np.array_equal(load(data).pixels, expected.pixels)
    gain_map = load(start + box(b"jhgm", bytes(9)) + box(b"jxlc", whole))
    assert any("gain map" in notice for notice in gain_map.notices)


def lossy(samples=PICTURE, distance=0.1) -> bytes:
    return bytes(imagecodecs.jpegxl_encode(samples, lossless=False, distance=distance))


def test_a_lossy_file_is_rendered_as_srgb_whatever_it_was_made_from():
    deep = lossy(PICTURE.astype(np.uint16) * 257)  # imagecodecs takes 16 bits for linear light
    check(deep, srgb(STORED), "linear sRGB", tolerance=3)
    check(with_colour(deep, colour_encoding(primaries=11)), srgb(STORED), "Display P3", tolerance=3)
    check(with_colour(deep, colour_encoding(transfer=1)), srgb(STORED), "BT.709", tolerance=3)


@pytest.mark.parametrize("transfer", [16, 18])
def test_a_lossy_hdr_file_is_rendered_in_its_own_space(transfer):
    data = with_colour(lossy(PICTURE.astype(np.uint16) * 257), colour_encoding(primaries=9, transfer=transfer))
    request = prepare(data)
    assert request.header.bits == 16 and request.colour[0].transfer.hdr
    assert imagecodecs.jpegxl_decode(request.data).dtype == np.uint16
    assert "HDR" in load(data).notices[0]


def test_floating_point_is_light_of_a_scene():
    light = linear(PICTURE / 255).astype(np.float32)
    check(lossless(light), STORED, "linear sRGB", tolerance=0.1)
    image = load(lossless(light * 4))
    assert "tone-mapped" in image.notices[0] and image.pixels.max() == pytest.approx(1, abs=1e-5)
    assert patches_of(image)[2, 0] < 0.9  # the grey patch, which clipping would make white


def test_floating_point_that_is_encoded_is_clipped_with_a_notice():
    beyond = with_colour(lossless(PICTURE / np.float32(200)), colour_encoding())
    check(beyond, np.minimum(PATCHES / 200, 1), "samples outside the range from black to white were clipped")
    check(with_colour(lossless(PICTURE / np.float32(255)), colour_encoding()), STORED)


def with_extra_channel(kind: int) -> bytes:
    """A file whose fourth channel is of another kind than alpha, 18181-1, annex D.3.6."""
    codestream = lossless(np.dstack([PICTURE, PICTURE[..., :1]]))
    _, places = parse(codestream_of(codestream))
    place = places.depth_end + 3  # behind the depth, the depth of buffers and the number of channels
    out = BitWriter()
    out.copy(codestream_of(codestream), 0, place)
    for value, width in ((0, 1), *enumerated(kind), (0, 1), (0, 2), (0, 2), (0, 2)):
        out.u(value, width)
    out.copy(codestream_of(codestream), place + 1, places.end)
    return out.to_bytes() + codestream_of(codestream)[-(-places.end // 8) :]


def test_channels_beside_the_colours():
    check(with_extra_channel(1), STORED, "channels beside the colours were left out", tolerance=1e-4)
    with pytest.raises(DaubError, match="four inks, of which the decoder leaves out black"):
        load(with_extra_channel(4))


def test_what_the_decoder_is_asked_for():
    _, places = parse(LOSSY_WITH_PROFILE)
    _, frames = read_profile(LOSSY_WITH_PROFILE, places.end)
    light = imagecodecs.jpegxl_decode(asking_for(Samples.LINEAR_FLOAT, LOSSY_WITH_PROFILE, places, frames, False))
    encoded = imagecodecs.jpegxl_decode(asking_for(Samples.SRGB_16, LOSSY_WITH_PROFILE, places, frames, False))
    assert light.dtype == np.float32 and encoded.dtype == np.uint16
    np.testing.assert_allclose(srgb(light), encoded / 65535, atol=2e-3)


def test_a_profile_of_hdr_is_light_up_to_what_the_file_states():
    """The intensity target stands in the extra fields, which cjxl leaves out of a file like this one."""
    codestream, (header, places) = LOSSY_WITH_PROFILE, parse(LOSSY_WITH_PROFILE)
    assert places.depth == 32 and header.light == 255
    out = BitWriter()
    out.copy(codestream, 0, places.depth - 1)
    for value, width in ((1, 1), (0, 3), (0, 1), (0, 1), (0, 1)):  # extra fields: upright, no size, preview, animation
        out.u(value, width)
    out.copy(codestream, places.depth, places.colour_end)
    for value, width in ((0, 1), (int(np.float16(4000).view(np.uint16)), 16), (0, 16), (0, 1), (0, 16)):
        out.u(value, width)
    _, frames = read_profile(codestream, places.end)
    out.copy(codestream, places.colour_end, frames)
    data = out.to_bytes() + codestream[-(-frames // 8) :]
    image = load(data)
    assert "it is HDR" in image.notices[0] and "4000 cd/m2" in image.notices[0]
    # The colours of the file are absolute, so that its white has 255 cd/m2 still.
    np.testing.assert_allclose(patches_of(image)[3], srgb(eetf(np.array(255.0), 4000) / 203), atol=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_damage_is_never_a_crash(seed):
    rng = np.random.default_rng(seed)
    for _ in range(200):
        damaged = bytearray(LOSSLESS_WITH_PROFILE[: rng.integers(2, 209)] if rng.random() < 0.3 else LOSSY_WITH_PROFILE)
        for place in rng.integers(2, len(damaged), 3):
            damaged[place] = rng.integers(256)
        try:
            request = prepare(bytes(damaged))
        except ValueError:
            continue
        assert all(isinstance(notice, str) for notice in request.notices)


def test_bits():
    writer = BitWriter()
    for value, width in ((5, 3), (0, 1), (1023, 10), (1, 33)):
        writer.u(value, width)
    reader = BitReader(writer.to_bytes())
    assert [reader.u(width) for width in (3, 1, 10, 33)] == [5, 0, 1023, 1]
    assert BitReader(bytes([0b1])).u64() == 1 and BitReader(bytes([0b10, 0])).u64() == 17
    assert BitReader(bytes([0xFF] * 12)).u64() == 2**64 - 1
    assert BitReader(int(np.float16(0.5).view(np.uint16)).to_bytes(2, "little")).f16() == 0.5
    with pytest.raises(ValueError, match="incomplete"):
        BitReader(b"\0").u(9)
