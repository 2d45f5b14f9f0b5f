"""TIFF: every depth and layout, which page is the picture, and damage."""

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from image_files import PICTURE, page, saved, tiff

from daub.codec.errors import DaubError
from daub.codec.images import load
from daub.render.eight_bit import to_8bit

RNG = np.random.default_rng(7)
GREY = RNG.integers(0, 256, (37, 45, 1), np.uint8)
SMALL = np.zeros((4, 8, 3), np.uint8)


def loaded(data: bytes):
    image = load(data)
    return to_8bit(image.pixels), image.notices


# Depth


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("bits", [1, 2, 4, 6, 10, 12, 14, 24])
def test_grey_of_every_depth_without_a_type(bits, order):
    """Samples stand bit behind bit, most significant first, and a row begins with a byte; 24 bits are whole bytes."""
    stored = np.random.default_rng(7).integers(0, 1 << bits, (5, 7), np.uint64)
    if bits == 24:
        digits = stored[..., None] >> np.uint64([0, 8, 16] if order == "<" else [16, 8, 0]) & np.uint64(255)
        rows = [row.astype(np.uint8).tobytes() for row in digits]
    else:
        packed = ["".join(f"{value:0{bits}b}" for value in row) for row in stored.tolist()]
        rows = [int(row.ljust(-len(row) // 8 * -8, "0"), 2).to_bytes(-(-len(row) // 8), "big") for row in packed]
    tags = {"t256": 7, "t257": 5, "t258": bits, "t277": 1}
    image = load(tiff(page(b"".join(rows), 1, **tags), order=order))
    np.testing.assert_allclose(image.pixels[..., 1], stored / ((1 << bits) - 1), atol=1e-7)
    inverted = load(tiff(page(b"".join(rows), 0, **tags), order=order))
    np.testing.assert_allclose(inverted.pixels[..., 1], 1 - stored / ((1 << bits) - 1), atol=1e-7)


@pytest.mark.parametrize("dtype", ["u4", "u8"])
def test_grey_of_32_and_64_bits_is_white_at_its_largest_number(dtype):
    largest = np.iinfo(dtype).max
    stored = np.array([[[0], [largest // 2], [largest]]], dtype)
    image = load(bytes(imagecodecs.tiff_encode(stored[..., 0], photometric="minisblack")))
    np.testing.assert_allclose(image.pixels[0, :, 0], [0, 0.5, 1], atol=1e-6)
    assert image.notices == ()


@pytest.mark.parametrize("order", "<>")
def test_planes_of_16_bit_cmyk(order):
    ink = np.zeros((4, 8, 32), np.uint16)
    ink[:3] = np.moveaxis((255 - PICTURE.astype(np.uint16)) * 257, 2, 0)
    data = tiff(page(ink, 5, t256=32, t257=8, t258=[16] * 4, t277=4, t284=2), order=order)
    pixels, notices = loaded(data)
    assert np.array_equal(pixels, PICTURE) and "approximate" in notices[0]


@pytest.mark.parametrize("tile", [None, (16, 32)])
@pytest.mark.parametrize("planes", [False, True])
@pytest.mark.parametrize("compression", [None, "lzw", "deflate", "zstd"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_every_layout_gives_the_same(dtype, compression, planes, tile):
    stored = np.random.default_rng(7).integers(0, 256, (37, 45, 3)).astype(dtype)
    stored = stored / np.float32(255) if dtype == "f4" else stored
    layout = {"planarconfig": "separate" if planes else "contig", "tile": tile, "compression": compression}
    given = np.ascontiguousarray(np.moveaxis(stored, 2, 0)) if planes else stored
    image = load(bytes(imagecodecs.tiff_encode(given, photometric="rgb", predictor=bool(compression), **layout)))
    white = {"u1": 255, "u2": 65535, "f4": 1}[dtype]
    assert np.array_equal(image.pixels, (stored / np.float32(white)).astype(np.float32)) and image.notices == ()


def test_grey_with_alpha_of_16_bits():
    stored = np.uint16([[[51400, 65535], [0, 0], [65535, 32768]]])
    image = load(tiff(page(stored, 1, t338=2)), background=(0.0, 0.5, 1.0))
    half = 32768 / 65535
    expected = [[51400 / 65535] * 3, [0, 0.5, 1], [half, half + (1 - half) * 0.5, 1]]
    np.testing.assert_allclose(image.pixels[0], expected, atol=1e-6)


def test_floating_point_in_range_stays_as_it_is():
    for dtype in (np.float16, np.float32, np.float64):
        image = load(tiff(page(np.array([[[0.0], [0.25], [1.0]]], dtype), 1)))
        assert image.pixels[0, :, 2].tolist() == [0, 0.25, 1] and image.notices == ()


def test_floating_point_out_of_range_is_scaled_with_a_notice():
    image = load(tiff(page(np.float32([[[-1], [0], [3]]]), 1)))
    assert image.pixels[0, :, 0].tolist() == [0, 0.25, 1]
    assert image.notices == ("its samples from -1 to 3 were scaled to black to white",)
    image = load(tiff(page(np.float32([[[np.nan], [np.inf], [0.5], [-np.inf]]]), 1)))
    assert image.pixels[0, :, 0].tolist() == [0, 1, 0.5, 0]
    assert image.notices == ("samples that are no finite numbers became black or white",)


def test_signed_integers():
    image = load(tiff(page(np.int16([[[0], [32767]]]), 1)))
    assert image.pixels[0, :, 0].tolist() == [0, 1] and image.notices == ()
    image = load(tiff(page(np.int8([[[-127], [0], [127]]]), 1)))
    assert image.pixels[0, :, 0].tolist() == [0, 0.5, 1] and "from -127 to 127 were scaled" in image.notices[0]


# Kinds of colours


def test_palettes_of_8_and_16_bits():
    narrow = PICTURE[0, ::2].astype(int)
    indices = bytes.fromhex("0123456789abcdef")
    for factor, meant in ((257, 257), (256, 257), (1, 257), (200, 200)):
        tags = {"t256": 16, "t257": 1, "t258": 4, "t277": 1, "t320": (narrow * factor).T.reshape(-1).tolist()}
        found = load(tiff(page(indices, 3, **tags))).pixels[0] * 65535
        np.testing.assert_allclose(found, narrow * meant, atol=0.01)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("photometric", [8, 9])
def test_cielab(bits, photometric):
    """L*a*b* of D50 for the primaries of sRGB, as tables of ICC's own sRGB profile give them, and for white."""
    lab = np.array([[[100, 0, 0], [54.29, 80.81, 69.89], [87.82, -79.28, 80.99], [29.57, 68.30, -112.03], [0, 0, 0]]])
    unit = 1 << (bits - 8)
    offset = 128 * unit if photometric == 9 else 0
    lightest = 65535 if (bits, photometric) == (16, 8) else 255 * unit
    opponent = np.round(lab[..., 1:] * unit) + offset
    stored = np.concatenate([np.round(lab[..., :1] * lightest / 100), opponent], 2).astype(int) % (1 << bits)
    pixels, notices = loaded(tiff(page(stored.astype(f"u{bits // 8}"), photometric)))
    expected = [[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]]
    assert np.abs(pixels[0].astype(int) - expected).max() <= (1 if bits == 16 else 10)  # half a step of 8 bits
    assert notices == ("its colours were converted from CIE L*a*b* to sRGB",)


@pytest.mark.parametrize("quality", [100])
def test_jpeg_inside(quality):
    smooth = saved(np.uint8(np.add.outer(np.arange(64), np.arange(64)))[..., None].repeat(3, 2), "PNG")
    expected = loaded(smooth)[0]
    for data in (
        saved(expected, "TIFF", compression="jpeg", quality=quality),
        bytes(imagecodecs.tiff_encode(expected, photometric="rgb", compression="jpeg")),
        bytes(imagecodecs.tiff_encode(expected, photometric="ycbcr", compression="jpeg", tile=(32, 32))),
    ):
        pixels, notices = loaded(data)
        assert np.abs(pixels.astype(int) - expected).max() <= 3 and notices == ()


@pytest.mark.parametrize("mode", ["L", "CMYK", "LAB", "RGBA"])
def test_jpeg_inside_converts_nothing(mode):
    image = PIL.Image.fromarray(PICTURE.repeat(4, 0).repeat(4, 1)).convert(mode)
    plain, packed = (loaded(saved(image, "TIFF", **more))[0] for more in ({}, {"compression": "jpeg", "quality": 100}))
    assert np.abs(plain[2::32, 2::32].astype(int) - packed[2::32, 2::32]).max() <= 6


def test_webp_inside_is_read_without_a_word_of_libtiff(capfd):
    data = bytes(imagecodecs.tiff_encode(PICTURE.repeat(4, 0).repeat(4, 1), photometric="rgb", compression="webp"))
    pixels, _ = loaded(data)
    assert np.abs(pixels[::4, ::4].astype(int) - PICTURE).max() <= 4
    assert capfd.readouterr() == ("", "")


def test_channels_beside_the_colours_are_left_out_with_a_notice():
    stored = np.concatenate([PICTURE, PICTURE[..., :2]], 2)
    pixels, notices = loaded(tiff(page(stored, 2, t338=[0, 0])))
    assert np.array_equal(pixels, PICTURE) and notices == ("its channels beside the colours were left out",)


# Which page


def test_a_thumbnail_is_never_the_picture():
    picture, thumbnail = page(PICTURE, 2), page(SMALL, 2, t254=1)
    old = page(SMALL, 2, t255=2)
    mask = page(SMALL[..., :1], 4, t254=4)
    above = page(SMALL, 2, t254=1, t330=[picture])
    for pages in ([thumbnail, picture], [picture, thumbnail], [old, picture], [mask, picture], [above]):
        pixels, notices = loaded(tiff(*pages))
        assert np.array_equal(pixels, PICTURE) and notices == ()


def test_several_pages_and_a_lonely_thumbnail():
    pixels, notices = loaded(tiff(page(PICTURE, 2), page(SMALL, 2)))
    assert np.array_equal(pixels, PICTURE) and "the first is used" in notices[0]
    pixels, notices = loaded(tiff(page(SMALL, 2, t254=1)))
    assert pixels.shape == (4, 8, 3) and "nothing but a reduced image" in notices[0]


@pytest.mark.parametrize(
    "pages",
    [
        [page(SMALL, 2, t254=1, t50706=b"\1\4\0\0")],
        [page(SMALL, 2, t254=1, t330=[page(PICTURE[..., :1], 32803)])],
        [page(PICTURE, 34892)],
    ],
    ids=["DNG", "colour filter array", "linear raw"],
)
def test_camera_raw_is_named(pages):
    with pytest.raises(DaubError, match=r"it is camera raw.*raw developer"):
        load(tiff(*pages))


def test_a_chain_of_pages_that_bites_its_tail():
    data = bytearray(tiff(page(PICTURE, 2)))
    start = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[start : start + 2], "little")
    data[start + 2 + 12 * entries :] = data[4:8]
    assert np.array_equal(loaded(bytes(data))[0], PICTURE)


# Damage


def test_every_cut_is_refused():
    data = bytes(imagecodecs.tiff_encode(GREY[..., 0], photometric="minisblack", compression="deflate"))
    for length in range(4, len(data), 13):
        with pytest.raises(DaubError, match="damaged or cut short"):
            load(data[:length])


def test_channels_of_different_depths_and_complex_numbers_are_refused_by_name():
    with pytest.raises(DaubError, match="channels differ in depth"):
        load(tiff(page(PICTURE, 2, t258=[5, 6, 5])))
    with pytest.raises(DaubError, match="complex numbers"):
        load(tiff(page(PICTURE, 2, t339=[6, 6, 6])))


def test_a_small_page_of_huge_tiles_is_refused():
    with pytest.raises(DaubError, match="above the limit"):
        load(tiff(page(PICTURE, 2, t322=65520, t323=65520)))


def test_the_cases(shared_data):
    cases = shared_data / "cases"
    for name in ("planar16_cmyk.tif", "float32_rgb.tif"):
        assert np.array_equal(to_8bit(load(cases / name).pixels), PICTURE)
    assert np.array_equal(to_8bit(load(cases / "grey_alpha16.tif").pixels)[0, ::8, 0], [200, 60, 128, 255])
    assert load(cases / "thumbnail_first.tif").pixels.shape == (32, 64, 3)
    with pytest.raises(DaubError, match="camera raw"):
        load(cases / "raw_like.dng")
