"""Headers that promise far more than the file holds: refused at once, before memory or time is spent."""

import io
import struct

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from image_files import PICTURE, page, saved, tiff

from daub.codec.errors import DaubError
from daub.codec.images import load
from daub.codec.images.readers import Limits, Refused

pytestmark = pytest.mark.timeout(10)
GREY = np.zeros((64, 64), np.uint8)


def test_limits():
    limits = Limits(1000)
    limits.check(40, 25)
    limits.check(40, 25, 16)
    for asked, said in (((40, 26), "limit of 0.001 megapixels"), ((40, 25, 17), "of 17 bytes"), ((0, 3), "no pixels")):
        with pytest.raises(Refused, match=said):
            limits.check(*asked)
    with pytest.raises(Refused, match=r"limit of 0.0005 megapixels"):
        limits.check(40, 25, most=500)


def test_a_file_far_larger_than_any_picture(tmp_path):
    path = tmp_path / "long.tif"
    with open(path, "wb") as file:
        file.write(b"II*\0")
        file.truncate(5_000_000_000)  # takes no room on the disk
    with pytest.raises(DaubError, match=r"larger than 3\.3 GB"):
        load(path)


def test_many_channels():
    with pytest.raises(DaubError, match="pixels of 60000 bytes, more than can be held"):
        load(tiff(page(bytes(8), 1, t256=15000, t257=10000, t258=8, t277=60000)))


def test_text_that_a_pattern_could_take_apart_in_countless_ways():
    for data in (b"<!-->" + 1600 * b"<!---->", 8000 * b" ", b"P6" + 8000 * b" " + b"x", b"P6 " + 2000 * b"#\n" + b"x"):
        with pytest.raises(DaubError):
            load(data)


def test_directories_without_end():
    below = page(PICTURE, 2, t254=1)
    crowd = tiff(page(PICTURE, 2, t254=1, t330=[below]))
    many = struct.pack("<I", 8) * 100_000
    start = int.from_bytes(crowd[4:8], "little")
    with pytest.raises(DaubError):  # a hundred thousand times what is no directory
        load(crowd[:start] + many + crowd[start:])
    entries = struct.pack("<H", 65535) + 65535 * struct.pack("<HHII", 256, 3, 1, 7)
    with pytest.raises(DaubError, match="a directory is damaged"):
        load(b"II*\0\x08\0\0\0" + entries + bytes(4))


def test_a_jpeg_stream_in_tiff_larger_than_its_strip():
    stream = bytearray(saved(np.zeros((8, 8), np.uint8), "JPEG"))
    at = stream.index(b"\xff\xc0")
    stream[at + 5 : at + 9] = struct.pack(">HH", 65000, 65000)
    with pytest.raises(DaubError, match="another size than is said"):
        load(tiff(page(bytes(stream), 1, t256=8, t257=8, t258=8, t277=1, t259=7)))


def test_a_decoy_before_the_codestream():
    data = saved(np.zeros((64, 64, 3), np.uint8), "JPEG2000")
    small = saved(np.zeros((2, 2, 3), np.uint8), "JPEG2000", no_jp2=True)
    decoy = struct.pack(">I", 8 + len(small)) + b"free" + small
    signature = 12
    with pytest.raises(DaubError, match="64x64 pixels, above the limit"):
        load(data[:signature] + decoy + data[signature:], max_pixels=1000)


def with_coding_style(data: bytes, *, layers: int = 1, precincts: int | None = None) -> bytes:
    """A JPEG 2000 file of five levels with other layers, and precincts of 2^n by 2^n samples at every level."""
    at = data.index(b"\xff\x52")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    body = bytearray(data[at + 4 : at + 2 + length])
    body[2:4] = struct.pack(">H", layers)
    if precincts is not None:
        body[0] |= 1
        body += bytes([17 * precincts]) * (body[5] + 1)
    return data[: at + 2] + struct.pack(">H", 2 + len(body)) + bytes(body) + data[at + 2 + length :]


def test_jpeg_2000_divided_into_countless_parts():
    data = saved(np.zeros((1500, 1500), np.uint8), "JPEG2000", no_jp2=True)
    for hostile in (
        with_coding_style(data, precincts=1),
        with_coding_style(data, precincts=7, layers=65535),
        saved(np.zeros((1500, 1500, 3), np.uint8), "JPEG2000", codeblock_size=(4, 4)),
    ):
        with pytest.raises(DaubError, match="divided into too many parts"):
            load(hostile)
    for usual in (
        with_coding_style(data, precincts=7),
        saved(np.zeros((1500, 1500, 3), np.uint8), "JPEG2000", codeblock_size=(16, 16)),
        saved(np.zeros((150, 150, 3), np.uint8), "JPEG2000", codeblock_size=(4, 4)),
        saved(np.zeros((1500, 1500, 3), np.uint8), "JPEG2000", quality_layers=[40, 20, 10, 5], tile_size=(256, 256)),
    ):
        load(usual)


def test_a_palette_that_multiplies_channels():
    data = imagecodecs.jpeg2k_encode(GREY, level=0)
    at = data.index(b"ihdr") - 4
    palette = struct.pack(">I4sHB", 8 + 3 + 255 + 255, b"pclr", 1, 255) + 255 * b"\7" + bytes(255)
    header = data.index(b"jp2h")
    longer = struct.pack(">I", int.from_bytes(data[header - 4 : header], "big") + len(palette))
    data = data[: header - 4] + longer + data[header:at] + data[at : at + 22] + palette + data[at + 22 :]
    with pytest.raises(DaubError, match="pixels of 1020 bytes"):
        load(data, max_pixels=5000)


def test_an_icon_of_which_every_entry_claims_the_whole_file():
    body = saved(PIL.Image.fromarray(PICTURE), "PNG") + bytes(5_000_000)
    count = 60_000
    start = 6 + 16 * count
    entries = struct.pack("<BBBBHHII", 32, 8, 0, 0, 1, 32, len(body), start) * count
    assert load(struct.pack("<HHH", 0, 1, count) + entries + body).pixels.shape == (8, 32, 3)


def test_jpeg_in_a_texture_and_packed_fits():
    texture = b"BLP1" + struct.pack("<IIIIII", 0, 0, 8, 8, 5, 0)
    texture += struct.pack("<16I", 160, *15 * [0]) + struct.pack("<16I", 100, *15 * [0]) + struct.pack("<I", 0)
    frame = b"\xff\xd8\xff\xc0\0\x0b\x08" + struct.pack(">HH", 65000, 65000) + b"\1\1\x11\0"
    with pytest.raises(DaubError, match="65000x65000 pixels, above the limit"):
        load(texture + frame)
    with pytest.raises(DaubError, match="a compressed FITS image"):
        load(b"SIMPLE  =                    T".ljust(80) + b"ZCMPTYPE= 'GZIP_1'".ljust(80))


def test_slow_decoders_have_a_limit_of_their_own():
    header = b"#define a_width 9000\n#define a_height 9000\nstatic char a_bits[] = {\n"
    with pytest.raises(DaubError, match="limit of 16 megapixels"):
        load(header)


def test_countless_parts():
    """A hundred thousand times as many as any file has, in files of some megabytes."""
    gif, png_file = saved(PIL.Image.fromarray(PICTURE).quantize(8), "GIF"), saved(PICTURE, "PNG")
    at = 13 + (3 << (gif[10] & 7) + 1)
    empty = b"\0\0\0\0teSt\0\0\0\0"
    segment = b"\xff\xe5\0\2"
    for data in (
        gif[:at] + b"\x21\xfe" + 1_100_000 * b"\1x" + b"\0" + gif[at:],
        png_file[:33] + 1_100_000 * empty + png_file[33:],
        b"\xff\xd8" + 1_100_000 * segment + saved(PICTURE, "JPEG")[2:],
        b"icns" + bytes(4) + 1_100_000 * b"test\0\0\0\x08",
    ):
        with pytest.raises(DaubError, match="consists of too many parts"):
            load(data)


def test_png_inside_of_png_limits_count_for_streams_too():
    with pytest.raises(DaubError, match="32x8 pixels, above the limit"):
        load(io.BytesIO(saved(PICTURE, "PNG")), max_pixels=255)
