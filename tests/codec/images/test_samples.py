"""What the pixels of a file mean: depth, colour profile, transparency, orientation. All through `images.load`."""

import io
import struct

import imagecodecs
import numpy as np
import PIL.Image
import PIL.ImageCms
import pytest
from image_files import png, saved

from daub.codec.errors import DaubError
from daub.codec.images import from_pillow, load
from daub.render.eight_bit import to_8bit

RNG = np.random.default_rng(2)
RGB8 = RNG.integers(0, 256, (5, 7, 3), np.uint8)
RGB16 = RNG.integers(0, 65536, (5, 7, 3), np.uint16)
PURPLE = (0.5, 0.0, 0.75)


def tiff(samples, photometric, *, order="<", orientation=1, extra_samples=()) -> bytes:
    """An uncompressed TIFF 6.0 with its directory before its pixels, so that a cut takes pixels."""
    height, width, channels = samples.shape
    tags = {256: [width], 257: [height], 258: [8 * samples.itemsize] * channels, 259: [1], 262: [photometric]}
    tags |= {274: [orientation], 277: [channels], 278: [height], 279: [samples.nbytes], 273: [0]}
    if extra_samples:
        tags[338] = list(extra_samples)
    behind = 8 + 2 + 12 * len(tags) + 4  # the depths of more than two channels, then the pixels
    tags[273] = [behind + 2 * channels]
    directory = struct.pack(order + "H", len(tags))
    for tag, values in sorted(tags.items()):
        wide = tag in (273, 279)
        packed = struct.pack(f"{order}{len(values)}{'I' if wide else 'H'}", *values)
        inline = packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack(order + "I", behind)
        directory += struct.pack(order + "HHI", tag, 4 if wide else 3, len(values)) + inline
    depths = struct.pack(f"{order}{channels}H", *tags[258])
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return start + directory + bytes(4) + depths + samples.astype(samples.dtype.newbyteorder(order)).tobytes()


# Depth


@pytest.mark.parametrize("channels, colour_type", [(1, 0), (3, 2)])
def test_16_bit_png_keeps_its_depth(channels, colour_type):
    samples = RGB16[..., :channels]
    image = load(png(samples.astype(">u2"), 16, colour_type))
    assert np.array_equal(image.pixels, np.broadcast_to(samples / np.float32(65535), RGB16.shape))


@pytest.mark.parametrize("channels, colour_type", [(2, 4), (4, 6)])
def test_16_bit_png_with_alpha(channels, colour_type):
    samples = np.random.default_rng(2).integers(0, 65536, (5, 7, channels), np.uint16)
    image = load(png(samples.astype(">u2"), 16, colour_type), background=PURPLE)
    alpha = samples[..., -1:] / 65535
    np.testing.assert_allclose(image.pixels, alpha * samples[..., :-1] / 65535 + (1 - alpha) * PURPLE, atol=1e-6)


@pytest.mark.parametrize("order", "<>")
def test_16_bit_tiff_keeps_its_depth(order):
    image = load(tiff(RGB16, 2, order=order))
    assert np.array_equal(image.pixels, RGB16 / np.float32(65535))


@pytest.mark.parametrize("options", [{"compression": "deflate"}, {"compression": "lzw", "predictor": True}], ids=str)
def test_16_bit_compressed_and_planar_tiff(options):
    expected = RGB16 / np.float32(65535)
    assert np.array_equal(load(bytes(imagecodecs.tiff_encode(RGB16, photometric="rgb", **options))).pixels, expected)
    planes = np.ascontiguousarray(RGB16.transpose(2, 0, 1))
    data = bytes(imagecodecs.tiff_encode(planes, photometric="rgb", planarconfig="separate", **options))
    assert np.array_equal(load(data).pixels, expected)


def test_16_bit_tiff_grey_white_is_zero():
    assert np.array_equal(load(tiff(RGB16[..., :1], 1)).pixels[..., 0], RGB16[..., 0] / np.float32(65535))
    assert np.array_equal(load(tiff(RGB16[..., :1], 0)).pixels[..., 0], (65535 - RGB16[..., 0]) / np.float32(65535))


def test_16_bit_tiff_cmyk():
    samples = np.random.default_rng(2).integers(0, 65536, (5, 7, 4), np.uint16)
    image = load(tiff(samples, 5))
    ink = samples / 65535
    np.testing.assert_allclose(image.pixels, (1 - ink[..., :3]) * (1 - ink[..., 3:]), atol=2 / 255)  # as 8 bits
    assert "approximate" in image.notices[0]


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["unspecified", "premultiplied", "alpha"])
def test_16_bit_tiff_with_a_fourth_sample(kind):
    alpha = np.random.default_rng(2).integers(1, 65536, (5, 7, 1), np.uint16)
    stored = np.concatenate([RGB16 * (alpha / 65535) if kind == 1 else RGB16, alpha], 2).astype(np.uint16)
    image = load(tiff(stored, 2, extra_samples=[kind]), background=PURPLE)
    opacity = 1 if kind == 0 else alpha / 65535
    np.testing.assert_allclose(image.pixels, opacity * RGB16 / 65535 + (1 - opacity) * np.array(PURPLE), atol=3e-5)


@pytest.mark.parametrize("maximum", [100, 1023, 65535])
def test_ppm_of_any_depth(maximum):
    samples = RGB16.astype(int) % (maximum + 1)
    stored = samples.astype(">u2" if maximum > 255 else "u1").tobytes()
    data = b"P6 7 5 %d\n" % maximum + stored
    np.testing.assert_allclose(load(data).pixels, samples / maximum, atol=1e-7)
    with pytest.raises(DaubError, match="cut short"):
        load(data[:-1])


def test_pgm_of_16_bits():
    data = b"P5 7 5 65535\n" + RGB16[..., 0].astype(">u2").tobytes()
    np.testing.assert_allclose(load(data).pixels[..., 2], RGB16[..., 0] / 65535, atol=1e-7)


def test_a_16_bit_file_cut_short_is_refused():
    for data in (tiff(RGB16, 2), png(RGB16.astype(">u2"), 16, 2)):
        for cut in (20, 60, 150):
            with pytest.raises(DaubError, match="cut short"):
                load(data[:-cut])


def test_interlaced_equals_not_interlaced(shared_data):
    plain = load(shared_data / "awkward/png_rgb16_basn2c16.png")
    interlaced = load(shared_data / "awkward/png_rgb16_interlaced_basi2c16.png")
    assert np.array_equal(plain.pixels, interlaced.pixels) and len(np.unique(plain.pixels)) > 30


# Kinds of pixels


def test_grey_palette_and_one_bit():
    grey = PIL.Image.fromarray(RGB8[..., 0])
    assert np.array_equal(to_8bit(from_pillow(grey).pixels)[..., 2], RGB8[..., 0])
    palette = PIL.Image.fromarray(RGB8).quantize(16)
    assert np.array_equal(to_8bit(load(saved(palette, "PNG")).pixels), np.asarray(palette.convert("RGB")))
    one_bit = PIL.Image.fromarray(RGB8[..., 0] > 99)
    assert np.array_equal(load(saved(one_bit, "PNG")).pixels[..., 0], RGB8[..., 0] > 99)


@pytest.mark.parametrize(
    "through, tolerance",
    [("RGBA", 0), ("RGBA RGBa", 0), ("RGBX", 0), ("CMYK", 0), ("YCbCr", 3), ("HSV", 6), ("LAB", 16)],
)
def test_every_colour_mode_of_pillow(through, tolerance):
    image = PIL.Image.fromarray(RGB8)
    for mode in through.split():
        image = image.convert(mode)
    assert np.abs(to_8bit(from_pillow(image).pixels).astype(int) - RGB8).max() <= tolerance


@pytest.mark.parametrize("through", ["L", "LA", "LA La", "P", "PA", "I;16", "I", "F"])
def test_every_grey_mode_of_pillow(through):
    image = PIL.Image.fromarray(RGB8[..., 0])
    for mode in through.split():
        image = image.convert(mode)
    white = {"I;16": 65535, "I": 65535, "F": 1}.get(image.mode, 255)
    expected = np.minimum(RGB8[..., 0] / white, 1)
    np.testing.assert_allclose(from_pillow(image).pixels[..., 1], expected, atol=1e-6)


def test_animations_give_their_first_frame():
    frames = [PIL.Image.fromarray(RGB8), PIL.Image.fromarray(255 - RGB8)]
    for file_format, settings in (("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})):
        data = saved(frames[0], file_format, save_all=True, append_images=frames[1:], **settings)
        image = load(data)
        assert np.array_equal(to_8bit(image.pixels), RGB8)
        assert image.notices == ("it holds several frames or pages, of which the first is used",)


# Transparency


def test_transparency_is_laid_on_the_background():
    alpha = np.uint8([[0, 51, 255]])[..., None]
    data = saved(np.concatenate([np.full((1, 3, 3), 255, np.uint8), alpha], 2), "PNG")
    image = load(data, background=PURPLE)
    np.testing.assert_allclose(image.pixels[0], [PURPLE, 0.8 * np.array(PURPLE) + 0.2, (1, 1, 1)], atol=1e-6)
    assert image.notices == ("its transparency was laid on a background colour",)
    opaque = load(saved(np.dstack([RGB8, np.full((5, 7), 255, np.uint8)]), "PNG"))
    assert opaque.notices == () and np.array_equal(to_8bit(opaque.pixels), RGB8)


def test_palette_transparency(shared_data):
    image = load(shared_data / "awkward/png_palette_trns.png", background=PURPLE)
    np.testing.assert_allclose(image.pixels[32, 32], PURPLE, atol=1e-6)
    assert np.array_equal(image.pixels, load(shared_data / "awkward/png_rgb_trns_colourkey.png", PURPLE).pixels)
    gif = PIL.Image.fromarray(np.uint8([[0, 1]]), "P")
    gif.putpalette([10, 20, 30, 40, 50, 60])
    np.testing.assert_allclose(load(saved(gif, "GIF", transparency=1), PURPLE).pixels[0, 1], PURPLE, atol=1e-6)


@pytest.mark.parametrize("depth, packed, key", [(2, 0b00011011, 2), (4, 0x5A, 0xA), (8, 77, 77), (1, 0b01010101, 1)])
def test_a_transparent_grey_of_any_depth(depth, packed, key):
    """Each byte holds 8 / depth pixels; the key is in the depth of the file."""
    image = load(png(np.uint8([[packed]]), depth, 0, tRNS=struct.pack(">H", key)), PURPLE)
    stored = [packed >> shift & ((1 << depth) - 1) for shift in range(8 - depth, -1, -depth)]
    expected = [PURPLE if grey == key else 3 * (grey / ((1 << depth) - 1),) for grey in stored]
    np.testing.assert_allclose(image.pixels[0], expected, atol=1e-6)


def test_a_transparent_16_bit_colour():
    """A colour that differs in the low byte only is opaque."""
    samples = np.uint16([[[300, 400, 500], [300, 400, 501]]])
    image = load(png(samples.astype(">u2"), 16, 2, tRNS=struct.pack(">HHH", 300, 400, 500)), PURPLE)
    np.testing.assert_allclose(image.pixels[0], [PURPLE, samples[0, 1] / 65535], atol=1e-6)
    image = load(png(samples[..., 2:].astype(">u2"), 16, 0, tRNS=struct.pack(">H", 501)), PURPLE)
    np.testing.assert_allclose(image.pixels[0], [3 * (500 / 65535,), PURPLE], atol=1e-6)


# Orientation

CORNERS = np.uint8([[10, 10, 90, 90], [10, 10, 90, 90], [170, 170, 250, 250]])  # 4 wide, 3 high
TURNED = {
    1: CORNERS,
    2: CORNERS[:, ::-1],
    3: CORNERS[::-1, ::-1],
    4: CORNERS[::-1],
    5: CORNERS.T,
    6: np.rot90(CORNERS, -1),
    7: np.rot90(CORNERS, 2).T,
    8: np.rot90(CORNERS),
}


@pytest.mark.parametrize("orientation", TURNED)
def test_every_orientation_in_every_reader(orientation):
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    image8, expected = np.repeat(CORNERS[..., None], 3, 2), TURNED[orientation]
    for data in (
        saved(image8, "PNG", exif=exif),
        saved(image8, "WEBP", exif=exif, lossless=True),
        saved(image8, "TIFF", exif=exif),
        tiff(image8, 2, orientation=orientation),
        tiff(image8.astype(np.uint16) * 257, 2, orientation=orientation),
    ):
        assert np.array_equal(to_8bit(load(data).pixels)[..., 0], expected)
        assert np.array_equal(to_8bit(load(data, turned=False).pixels)[..., 0], CORNERS)
    jpeg = load(saved(image8, "JPEG", exif=exif, quality=100)).pixels
    assert jpeg.shape[:2] == expected.shape and np.abs(jpeg[..., 0] - expected / 255).max() < 0.05


def test_the_red_bench_is_upright(shared_data):
    image = load(shared_data / "awkward/jpg_exif_rotated_brg_icc.jpg")
    assert image.pixels.shape == (201, 243, 3)
    red, green, blue = image.pixels[120, 30]  # the seat
    assert red > 0.6 and green < 0.35 and blue < 0.35
    red, green, blue = image.pixels[15:25, 35:45].mean((0, 1))  # the lawn
    assert green > red > blue


# Colour profiles


@pytest.mark.parametrize("name", ["jpg_adobe_rgb_derived.jpg", "jpg_display_p3_derived.jpg", "png_p3_rgba_8x8.png"])
def test_profiles_agree_with_imagecms(shared_data, name):
    path = shared_data / "awkward" / name
    with PIL.Image.open(path) as image:
        profile = PIL.ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        rgb = image.convert("RGB")
    expected = PIL.ImageCms.profileToProfile(rgb, profile, PIL.ImageCms.createProfile("sRGB"))
    image = load(path)
    assert np.abs(to_8bit(image.pixels).astype(int) - np.asarray(expected)).max() <= 1
    assert np.abs(to_8bit(image.pixels).astype(int) - np.asarray(rgb)).max() > 10
    assert "were converted from" in image.notices[-1]


def adobe_rgb_to_srgb(encoded):
    """Adobe RGB (1998), section 4.3.1, and IEC 61966-2-1; both have the white point D65."""
    to_xyz = [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]]
    srgb_to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    linear = np.clip(encoded ** (563 / 256) @ (np.linalg.inv(srgb_to_xyz) @ to_xyz).T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def test_a_16_bit_profile_conversion_is_accurate(shared_data):
    """LittleCMS's fast path for 16 bits is wrong by six 8-bit steps here."""
    path = shared_data / "awkward/png_rgba16_photo_tree.png"
    samples = imagecodecs.png_decode(path.read_bytes())
    opaque = samples[..., 3] == 65535
    error = load(path).pixels[opaque] - adobe_rgb_to_srgb(samples[opaque][:, :3] / 65535)
    assert opaque.mean() > 0.1 and np.abs(error).max() < 0.3 / 255


def test_an_srgb_profile_leaves_the_samples_exact():
    profile = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes()
    image = load(saved(RGB8, "PNG", icc_profile=profile))
    assert np.array_equal(image.pixels, RGB8 / np.float32(255)) and image.notices == ()


def test_a_grey_profile():
    profile = imagecodecs.cms_profile("gray", whitepoint=(0.3127, 0.3290, 1), gamma=1.0)
    image = load(saved(RGB8[..., 0], "PNG", icc_profile=profile))
    linear = RGB8[..., 0] / 255
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    for channel in range(3):
        np.testing.assert_allclose(image.pixels[..., channel], srgb, atol=1 / 255)


def cmyk_profile():
    """ICC.1:2001-04, section 6.5.8: a lut8 table that says cyan ink looks red and any other mixture black."""
    ramp = bytes(range(256))
    grid = b"".join(
        bytes((255, 128, 128) if not any(ink) else (138, 209, 198) if ink == (1, 0, 0, 0) else (0, 128, 128))
        for ink in np.ndindex(2, 2, 2, 2)
    )  # white, sRGB red and black in Lab
    matrix = struct.pack(">9i", *[65536 if i % 4 == 0 else 0 for i in range(9)])
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + 4 * ramp + grid + 3 * ramp
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(table))
    header = struct.pack(">I4sI4s4s4s", 144 + len(table), b"none", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    illuminant = struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    return (header.ljust(36, b"\0") + b"acsp").ljust(68, b"\0") + illuminant + bytes(48) + tags + table


def test_a_cmyk_profile():
    cyan_white_black = PIL.Image.fromarray(np.uint8([[[255, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 255]]]), "CMYK")
    for data in (
        saved(cyan_white_black, "JPEG", quality=100, subsampling=0, icc_profile=cmyk_profile()),
        saved(cyan_white_black, "TIFF", icc_profile=cmyk_profile()),
    ):
        image = load(data)
        np.testing.assert_allclose(image.pixels[0], [(1, 0, 0), (1, 1, 1), (0, 0, 0)], atol=0.06)
        assert "were converted from" in image.notices[0]


@pytest.mark.parametrize("profile", [b"x", b"garbage" * 100, cmyk_profile(), cmyk_profile()[:300]], ids=len)
def test_a_profile_that_does_not_fit_is_ignored_with_a_notice(profile):
    image = load(saved(RGB8, "PNG", icc_profile=profile))
    assert np.array_equal(to_8bit(image.pixels), RGB8)
    assert len(image.notices) == 1 and "colour profile is damaged or does not fit" in image.notices[0]


def test_an_rgb_profile_on_a_grey_image(shared_data):
    """Common in JPEG: the grey axis of the profile applies."""
    with PIL.Image.open(shared_data / "awkward/jpg_adobe_rgb_derived.jpg") as tagged:
        profile = tagged.info["icc_profile"]
    grey = np.arange(256, dtype=np.uint8)[None]
    pixels = load(saved(grey, "PNG", icc_profile=profile)).pixels[0]
    np.testing.assert_allclose(pixels, adobe_rgb_to_srgb(np.repeat(grey[0, :, None], 3, 1) / 255), atol=0.5 / 255)


def test_colours_are_converted_in_strips(monkeypatch, shared_data):
    path = shared_data / "awkward/png_rgba16_photo_tree.png"
    whole = load(path, PURPLE).pixels
    monkeypatch.setattr("daub.codec.images.interpret.STRIP_PIXELS", 342 * 7)  # 256 rows are not a multiple of 7
    assert np.array_equal(load(path, PURPLE).pixels, whole)
