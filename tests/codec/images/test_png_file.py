"""PNG from strips: what Pillow, zlib and the specification make of it, and that it keeps no more than it needs."""

import io
import threading
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from daub.codec import decode
from daub.codec.images import png_file, save_strips
from daub.codec.images.png_file import filter_rows, png_pieces

PHOTO = Path(__file__).parents[1] / "container/golden/photo.daub"


def in_strips(image, rows):
    return (image[top : top + rows] for top in range(0, len(image), rows))


def pixels_of(data):
    picture = PIL.Image.open(io.BytesIO(data))
    assert picture.mode == "RGB"
    return np.asarray(picture)


def waves(height, width):
    y, x = np.mgrid[:height, :width]
    return np.uint8(127.5 + 120 * np.sin(x[..., None] / [9, 17, 31] + y[..., None] / [23, 11, 40]))


@pytest.mark.parametrize("samples", [1, 3 * 61 * 7, 1 << 20])
@pytest.mark.parametrize("rows", [1, 16, 53])
def test_every_decoder_reads_the_picture_however_it_was_cut(monkeypatch, samples, rows):
    monkeypatch.setattr(png_file, "PIECE_SAMPLES", samples)
    image = np.random.default_rng(0).integers(0, 256, (53, 61, 3), np.uint8)
    image[20:30] = 7
    data = b"".join(png_pieces(in_strips(image, rows), 61, 53))
    assert np.array_equal(pixels_of(data), image)
    _, filtered = chunks_of(data)
    assert len(filtered) == 53 * (1 + 3 * 61)  # and zlib has found the checksum of all pieces right


@pytest.mark.parametrize("size", [(1, 1), (1, 70_000), (3, 2)])
def test_the_smallest_and_the_widest(size):
    image = waves(*size)
    assert np.array_equal(pixels_of(b"".join(png_pieces([image], size[1], size[0]))), image)


def test_it_says_that_it_is_srgb_before_the_pixels():
    kinds, _ = chunks_of(b"".join(png_pieces([waves(5, 4)], 4, 5)))
    assert kinds[:3] == [b"IHDR", b"sRGB", b"IDAT"] and kinds[-1] == b"IEND"


def chunks_of(data):
    """The kinds of all chunks, whose checksums are right, and what their IDAT inflate to."""
    kinds, content, at = [], b"", 8
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body, checksum = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        assert zlib.crc32(kind + body).to_bytes(4, "big") == checksum
        kinds.append(kind)
        content += body if kind == b"IDAT" else b""
        at += 12 + length
    return kinds, zlib.decompress(content)


def paeth(a, b, c):
    """PNG specification, section 9.4."""
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def test_the_filter_is_that_of_the_specification():
    rows = np.random.default_rng(1).integers(0, 256, (6, 21), np.uint8)
    rows[2:4] //= 64  # many equals
    above = np.random.default_rng(2).integers(0, 256, 21, np.uint8)
    filtered = np.empty((6, 22), np.uint8)
    filter_rows(rows, above, filtered)
    padded = np.pad(np.vstack([above, rows]).astype(int), ((0, 0), (3, 0)))
    for row in range(6):
        expected = [
            (padded[row + 1, i + 3] - paeth(padded[row + 1, i], padded[row, i + 3], padded[row, i])) % 256
            for i in range(21)
        ]
        assert filtered[row].tolist() == [4, *expected]


@pytest.mark.parametrize("size", [(96, 64), (400, 300), (1600, 1200)])
def test_pictures_of_gaussians_are_hardly_larger_than_pillow_makes_them(size):
    image = decode(PHOTO, size, device="cpu")
    usual = io.BytesIO()
    PIL.Image.fromarray(image).save(usual, "PNG")
    assert len(b"".join(png_pieces([image], *size))) < 1.06 * len(usual.getvalue())


def test_it_asks_for_no_strip_before_it_has_room_for_it(monkeypatch):
    monkeypatch.setattr(png_file, "PIECE_SAMPLES", 1)
    monkeypatch.setattr(png_file, "get_num_threads", lambda: 2)
    given, image = [], waves(40, 10)

    def strips():
        for row in range(40):
            given.append(row)
            yield image[row : row + 1]

    pieces = png_pieces(strips(), 10, 40)
    for written in range(30):
        next(pieces)
        assert len(given) <= max(0, written - 1) + 3  # two are worked on while one is taken; two chunks come before
    pieces.close()
    assert not any(thread.name.startswith("png") for thread in threading.enumerate())


@pytest.mark.parametrize("suffix", [".png", ".ppm", ".bmp"])
def test_a_picture_that_ends_amid_its_rows_leaves_no_file(tmp_path, suffix):
    def strips():
        yield waves(8, 10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_strips(tmp_path / f"a{suffix}", strips(), 10, 16)
    assert not list(tmp_path.iterdir())
    save_strips(tmp_path / f"a{suffix}", in_strips(waves(16, 10), 5), 10, 16)
    assert np.array_equal(np.asarray(PIL.Image.open(tmp_path / f"a{suffix}")), waves(16, 10))
