import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from daub.codec.errors import DaubError
from daub.codec.images import from_pillow, load, parse_colour
from daub.render.eight_bit import as_real, to_8bit

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")  # as still.py does, but pytest resets the filters

READABLE = [
    "avif_hopper.avif",
    "bad_png_crc_xcsn0g01.png",
    "gif_palette.gif",
    "jpg_adobe_rgb_derived.jpg",
    "jpg_cmyk_adobe.jpg",
    "jpg_display_p3_derived.jpg",
    "jpg_exif_orientation6.jpg",
    "jpg_exif_orientation6_nonsquare.jpg",
    "jpg_exif_rotated_brg_icc.jpg",
    "jpg_grey.jpg",
    "jpg_invalid_exif.jpg",
    "png_1x1_grey.png",
    "png_1x1_palette_trns.png",
    "png_1x4096_generated.png",
    "png_4096x1_generated.png",
    "png_animated_apng.png",
    "png_flat_colour_333x217_generated.png",
    "png_grey16_alpha_icc.png",
    "png_grey16_basn0g16.png",
    "png_grey1bit_basn0g01.png",
    "png_la_uncompressed.png",
    "png_p3_rgba_8x8.png",
    "png_palette8_basn3p08.png",
    "png_palette_trns.png",
    "png_rgb16_basn2c16.png",
    "png_rgb16_interlaced_basi2c16.png",
    "png_rgb16_photo_icc_rec709.png",
    "png_rgb_trns_colourkey.png",
    "png_rgba16_basn6a16.png",
    "png_rgba16_photo_tree.png",
    "png_rgba8_pil123.png",
    "bad_png_text_bomb.png",  # the text is not needed
    "tiff_rgb16.tiff",
    "webp_lossy.webp",
]
REFUSED = {
    "bad_empty_generated.png": "it is empty",
    "bad_gif_bomb_4364696535px.gif": "above the limit",
    "bad_jpg_truncated.jpg": "cut short",
    "bad_png_80_bytes.png": "its PNG data are damaged",
    "bad_png_data_stream.png": "damaged",
    "bad_png_missing_idat_xdtn0g01.png": "damaged",
    "bad_png_signature_xs1n0g01.png": "its beginning is damaged",
    "bad_png_truncated.png": "cut short",
    "bad_text_named_png_generated.png": "not an image",
}


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(3).random((20, 31, 3)).astype(np.float32)


def encoded(image, file_format, **settings) -> bytes:
    file = io.BytesIO()
    PIL.Image.fromarray(image).save(file, file_format, **settings)
    return file.getvalue()


@pytest.mark.parametrize("name", READABLE)
def test_awkward_files_open(shared_data, name):
    path = shared_data / "awkward" / name
    image = load(path)
    assert image.pixels.dtype == np.float32 and image.pixels.shape[2] == 3 and image.pixels.flags.c_contiguous
    assert image.pixels.min() >= 0 and image.pixels.max() <= 1
    assert image.path == path and image.source_bytes == path.stat().st_size


@pytest.mark.parametrize("name", REFUSED)
def test_bad_files_are_refused_in_one_line(shared_data, name):
    path = shared_data / "awkward" / name
    with pytest.raises(DaubError, match=REFUSED[name]) as caught:
        load(path)
    assert str(caught.value).startswith(f"cannot open {path}, ") and "\n" not in str(caught.value)


def test_every_awkward_file_is_tested(shared_data):
    assert {path.name for path in (shared_data / "awkward").iterdir()} == {*READABLE, *REFUSED}


def test_missing_files_folders_and_pipes(tmp_path):
    with pytest.raises(DaubError, match="no such file"):
        load(tmp_path / "absent.png")
    with pytest.raises(DaubError, match="it is a folder"):
        load(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DaubError, match="not an ordinary file"):
        load(tmp_path / "pipe")
    with pytest.raises(DaubError, match="null"):
        load("a\0b.png")


def test_bytes_open_files_and_pillow_images_load_alike(tmp_path, noise):
    image8 = to_8bit(noise)
    path = tmp_path / "a.png"
    path.write_bytes(encoded(image8, "PNG"))
    with path.open("rb") as file:
        sources = [load(path), load(str(path)), load(path.read_bytes()), load(file)]
    for image in [*sources, from_pillow(PIL.Image.fromarray(image8))]:
        assert np.array_equal(image.pixels, image8 / np.float32(255)) and image.notices == ()
    assert [image.source_bytes for image in sources] == 4 * [path.stat().st_size]
    with pytest.raises(DaubError, match="it is empty"):
        load(b"")


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
def test_opaque_srgb_of_8_bits_stays_levels_where_that_is_allowed(noise, mode):
    image = PIL.Image.fromarray(to_8bit(noise)).convert(mode)
    real, levels = from_pillow(image), from_pillow(image, levels=True)
    assert levels.pixels.dtype == np.uint8 and levels.pixels.flags.c_contiguous and levels.notices == real.notices
    assert np.array_equal(as_real(levels.pixels), real.pixels)


@pytest.mark.parametrize(
    "name", ["jpg_cmyk_adobe.jpg", "jpg_adobe_rgb_derived.jpg", "png_palette_trns.png", "png_rgb16_basn2c16.png"]
)
def test_all_others_become_real_all_the_same(shared_data, name):
    path = shared_data / "awkward" / name
    real, allowed = (load(path, None, levels=levels).pixels for levels in (False, True))
    assert allowed.dtype == np.float32 and np.array_equal(real, allowed)


def test_too_many_pixels_are_refused_from_the_header(noise):
    data = encoded(to_8bit(noise), "PNG")
    header_only = data[:100]  # a decoder that went on would call this cut short
    with pytest.raises(DaubError, match=r"31x20 pixels, above the limit of 0\.0006 megapixels"):
        load(header_only, max_pixels=600)
    assert load(data, max_pixels=620).pixels.shape == (20, 31, 3)
    with pytest.raises(DaubError, match="above the limit"):
        from_pillow(PIL.Image.new("L", (31, 20)), max_pixels=619)
    assert PIL.Image.MAX_IMAGE_PIXELS >= 200e6  # Pillow's own limit is global: a small one here must not stay


def test_the_default_limit_admits_15360x8640_and_refuses_more_than_200_megapixels():
    with pytest.raises(DaubError, match="cut short"):
        load(b"P5 15360 8640 255\n")
    with pytest.raises(DaubError, match="20000x10001 pixels, above the limit of 200 megapixels"):
        load(b"P5 20000 10001 255\n")
    with pytest.raises(DaubError, match="far too many pixels"):
        load(b"P5 99999 99999 255\n")


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "AVIF", "GIF", "TIFF", "JPEG2000", "PPM", "BMP"])
def test_a_file_cut_short_never_opens_half(noise, file_format):
    data = encoded(to_8bit(noise), file_format)
    whole = load(data).pixels
    refused = 0
    for length in [*range(1, len(data), max(1, len(data) // 40)), len(data) - 1]:
        try:
            pixels = load(data[:length]).pixels
        except DaubError:
            refused += 1
        else:  # only a trailer was lost
            assert np.array_equal(pixels, whole)
    assert refused >= 35


def test_warnings_of_pillow_stay_off_the_terminal(noise, tmp_path):
    (tmp_path / "a.tif").write_bytes(encoded(to_8bit(noise), "TIFF")[:100])
    program = (
        "import sys, daub.codec.images.still\n"
        "try: daub.codec.images.still.load('a.tif')\n"
        "except daub.codec.errors.DaubError as error: print(error)\n"
        "print('torch' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True
    )
    assert run.stderr == b"" and run.stdout.startswith(b"cannot open a.tif, ") and run.stdout.endswith(b"\nFalse\n")


@pytest.mark.parametrize(
    "text, colour",
    [
        ("white", (255, 255, 255)),
        (" Teal ", (0, 128, 128)),
        ("#ff8000", (255, 128, 0)),
        ("#f80", (255, 136, 0)),
        ("255,128,0", (255, 128, 0)),
        ("0, 10, 20", (0, 10, 20)),
        ("rgb(100%, 0%, 0%)", (255, 0, 0)),
        ("hsl(120, 100%, 50%)", (0, 255, 0)),
    ],
)
def test_colours(text, colour):
    assert parse_colour(text) == pytest.approx([channel / 255 for channel in colour])


@pytest.mark.parametrize(
    "text", ["", "whitish", "#12345", "#11223344", "300,0,0", "-1,0,0", "1,2", "0.5,0.5,0.5", "1" * 500]
)
def test_nonsense_is_no_colour(text):
    with pytest.raises(DaubError, match="cannot use the colour"):
        parse_colour(text)
