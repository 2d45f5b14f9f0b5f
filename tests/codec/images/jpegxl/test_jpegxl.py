from dataclasses import replace

import imagecodecs
import numpy as np
import pytest

from daub.codec.errors import DaubError
from daub.codec.images import load
from daub.codec.images.colour.signals import LINEAR_SRGB, SRGB
from daub.codec.images.jpegxl import Header, is_jpeg_xl, read_header
from daub.codec.images.jpegxl.colour_encoding import ColourEncoding

RNG = np.random.default_rng(4)
GREY8 = RNG.integers(0, 256, (40, 50), np.uint8)
RGB8 = RNG.integers(0, 256, (33, 7, 3), np.uint8)
RGB16 = RNG.integers(0, 65536, (64, 256, 3), np.uint16)
LINEAR = ColourEncoding(space=LINEAR_SRGB)
GREY = ColourEncoding(grey=True, space=SRGB)


@pytest.mark.parametrize("container", [False, True])
@pytest.mark.parametrize(
    "samples, options, header",
    [
        (GREY8, {}, Header(50, 40, colour=GREY)),
        (RGB8, {}, Header(7, 33)),
        (np.zeros((300, 400, 3), np.uint8), {}, Header(400, 300)),  # stored as a ratio
        (np.zeros((1000, 3), np.uint8), {}, Header(3, 1000, colour=GREY)),
        (np.dstack([RGB8, RGB8[..., 0]]), {}, Header(7, 33)),
        (np.stack([RGB8, RGB8]), {}, Header(7, 33, animated=True)),
        (RGB16, {}, Header(256, 64, bits=16, colour=LINEAR)),
        (RGB16 >> 6, {"bitspersample": 10}, Header(256, 64, bits=10, colour=LINEAR)),
        (RGB8.astype(np.float32) / 255, {}, Header(7, 33, bits=32, floating_point=True, colour=LINEAR)),
    ],
    ids=lambda value: str(getattr(value, "shape", "")),
)
def test_header(samples, options, header, container):
    data = imagecodecs.jpegxl_encode(samples, lossless=True, usecontainer=container, **options)
    assert is_jpeg_xl(data[:12]) and read_header(data) == replace(header, absolute=False)


def test_other_files_are_not_jpeg_xl():
    assert not is_jpeg_xl(b"\x89PNG\r\n\x1a\n\0\0\0\r")
    with pytest.raises(ValueError, match="no JPEG XL codestream"):
        read_header(b"\x00\x00\x00\x0cJXL \r\n\x87\n")


def test_a_header_cut_short():
    data = imagecodecs.jpegxl_encode(RGB8, lossless=True, usecontainer=False)
    for length in range(2, 5):
        with pytest.raises(ValueError, match="incomplete"):
            read_header(data[:length])


@pytest.mark.parametrize("container", [False, True])
def test_a_file_loads_exactly_and_is_refused_when_cut_or_too_large(container):
    data = imagecodecs.jpegxl_encode(RGB8, lossless=True, usecontainer=container)
    assert np.array_equal(load(data).pixels, RGB8 / np.float32(255))
    for length in range(12, len(data), 29):
        with pytest.raises(DaubError, match="damaged or cut short"):
            load(data[:length])
    with pytest.raises(DaubError, match="7x33 pixels, above the limit"):
        load(data[: len(data) // 2], max_pixels=230)


def test_grey_alpha_and_the_first_frame():
    assert np.array_equal(load(imagecodecs.jpegxl_encode(GREY8, lossless=True)).pixels[..., 1], GREY8 / np.float32(255))
    half = np.dstack([RGB8, np.full(RGB8.shape[:2], 51, np.uint8)])
    blended = load(imagecodecs.jpegxl_encode(half, lossless=True), background=(0, 0.5, 1))
    np.testing.assert_allclose(blended.pixels, 0.2 * RGB8 / 255 + 0.8 * np.array([0, 0.5, 1]), atol=1e-6)
    frames = load(imagecodecs.jpegxl_encode(np.stack([RGB8, 255 - RGB8]), lossless=True))
    assert np.array_equal(frames.pixels, RGB8 / np.float32(255)) and "several frames" in frames.notices[0]


@pytest.mark.parametrize("bits", [10, 16])
def test_linear_samples_become_srgb_at_full_depth(bits):
    """imagecodecs declares integers above 8 bits as linear."""
    linear = (RGB16 >> (16 - bits)) / ((1 << bits) - 1)
    data = imagecodecs.jpegxl_encode(RGB16 >> (16 - bits), lossless=True, bitspersample=bits)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)  # IEC 61966-2-1
    image = load(data)
    np.testing.assert_allclose(image.pixels, srgb, atol=2e-4)
    assert image.notices == ("its colours were converted from linear sRGB to sRGB",)
