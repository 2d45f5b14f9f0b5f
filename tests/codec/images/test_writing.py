"""Images out: what comes back, and what each format cannot hold, known before there are pixels."""

import io
import os

import numpy as np
import PIL.Image
import pytest

from daub.codec.errors import DaubError
from daub.codec.images import SUFFIXES, check_format, load, save
from daub.codec.images.colour.signals import SRGB
from daub.codec.images.jpegxl import read_header
from daub.codec.images.writing import _WRITERS
from daub.render.eight_bit import to_8bit


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(0).random((9, 14, 3), np.float32)


@pytest.mark.parametrize("extension", [".png", ".webp", ".tif", ".TIFF", ".jxl", ".jp2", ".bmp", ".ppm"])
def test_lossless_formats_save_the_rounded_image(tmp_path, noise, extension):
    path = tmp_path / f"a{extension}"
    save(path, noise)
    assert np.array_equal(to_8bit(load(path).pixels), to_8bit(noise))
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("extension", [".jpg", ".jpeg", ".avif"])
def test_lossy_formats_save_nearly_the_image(tmp_path, extension):
    path = tmp_path / f"a{extension}"
    smooth = np.linspace(0, 1, 40 * 30 * 3, dtype=np.float32).reshape(30, 40, 3)
    save(path, smooth)
    assert np.abs(load(path).pixels - smooth).max() < 0.03


SAYS_SRGB = {  # IEC 61966-2-1 by the words of each format; the others mean it where they say nothing
    ".png": b"sRGB\0",
    ".avif": b"colrnclx\0\1\0\x0d",  # H.273: primaries of BT.709, transfer of sRGB
    ".jp2": b"colr\1\0\0\0\0\0\x10",  # enumerated colour space 16
}


@pytest.mark.parametrize("extension", SUFFIXES)
def test_what_is_written_is_srgb_and_says_so_where_it_can(tmp_path, noise, extension):
    path = tmp_path / f"a{extension}"
    save(path, np.repeat(np.repeat(noise, 8, 0), 8, 1))
    data = path.read_bytes()
    if extension in SAYS_SRGB:
        assert SAYS_SRGB[extension] in data
    elif extension == ".jxl":
        assert read_header(data).colour.space == SRGB
    image = load(path)
    assert image.notices == ()
    assert np.abs(image.pixels[4::8, 4::8] - noise).max() < (0.05 if extension in (".jpg", ".jpeg", ".avif") else 0.003)


def test_save_refuses_what_it_cannot_do(tmp_path, noise):
    for check in (lambda path, pixels: save(path, pixels), lambda path, pixels: check_format(path)):
        with pytest.raises(DaubError, match=r"\.xyz is not an image format.* \.png \.jpg .*\.jxl"):
            check(tmp_path / "a.xyz", noise)
        with pytest.raises(DaubError, match="no extension"):
            check(tmp_path / "a", noise)
    with pytest.raises(DaubError, match=r"WebP holds 16383 pixels a side and the picture has 16384x1, choose \.png"):
        save(tmp_path / "a.webp", np.zeros((1, 16384, 3), np.float32))
    with pytest.raises(DaubError, match="no such folder"):
        save(tmp_path / "absent" / "a.png", noise)
    with pytest.raises(ValueError, match="H, W, 3"):
        save(tmp_path / "a.png", noise[..., 0])
    assert os.listdir(tmp_path) == []
    (tmp_path / "a.png").write_bytes(b"old")
    with pytest.raises(DaubError, match=r"which is to stay, the result is in a-2\.png"):
        save(tmp_path / "a.png", noise, replace=False)
    assert (tmp_path / "a.png").read_bytes() == b"old" and load(tmp_path / "a-2.png").pixels.shape == noise.shape


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("upright", [False, True])
def test_the_largest_side_of_a_format_is_written_and_no_more_is_promised(tmp_path, suffix, upright):
    side = _WRITERS[suffix].largest_side
    largest = side or 70_000
    path, pixels = tmp_path / f"a{suffix}", np.full((1, largest, 3), 0.5, np.float32)
    if upright:
        pixels = pixels.transpose(1, 0, 2)
    height, width, _ = pixels.shape
    save(path, pixels)
    assert check_format(path, width, height) <= path.stat().st_size
    if side is not None:
        with pytest.raises(DaubError, match=f"holds {side} pixels a side"):
            check_format(path, width + 1, height + 1)
        _the_library_refuses(suffix, side + 1)


def _the_library_refuses(suffix: str, side: int) -> None:
    """The library behind a format refuses one pixel more than the table has."""
    writer = _WRITERS[suffix]
    with pytest.raises((OSError, ValueError, RuntimeError)):
        PIL.Image.new("RGB", (side, 1)).save(io.BytesIO(), writer.format, **writer.settings)


def test_bytes_are_promised_where_they_follow_from_the_size():
    assert check_format("a.bmp", 30, 20) == check_format("a.ppm", 30, 20) == 1800
    assert check_format("a.png", 30, 20) == 0
