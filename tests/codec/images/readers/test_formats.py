"""Formats with a reader of their own: depth, what is shown, and which way up."""

import io
import struct
import zlib

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from image_files import PICTURE, chunk, png, saved

from daub.codec.errors import DaubError
from daub.codec.images import load
from daub.render.eight_bit import to_8bit

DEEP = PICTURE.astype(np.uint16) * 257
SMOOTH = np.dstack([np.add.outer(np.arange(48), 2 * np.arange(64))] * 3).astype(np.uint8)
PURPLE = (0.5, 0.0, 0.75)
NONE_LAID = "its transparency was laid on a background colour"


def loaded(data: bytes, **options):
    image = load(data, **options)
    return to_8bit(image.pixels), image.notices


def test_the_cases_of_what_is_shown(shared_data):
    cases = shared_data / "cases"
    for name in ("jp2_10bit_white.jp2", "jp2_16bit_white.jp2", "tiny.qoi", "xmp_orientation6.png"):
        assert np.array_equal(to_8bit(load(cases / name).pixels), PICTURE), name
    assert np.array_equal(to_8bit(load(cases / "png16_grey_icc_on_rgb.png").pixels), PICTURE)
    gif = to_8bit(load(cases / "gif_partial_frame.gif", PURPLE).pixels)
    assert gif.shape == (6, 8, 3) and (gif[0] == gif[5]).all() and gif[0, 0].tolist() == [128, 0, 191]
    assert (gif[1:4, 2:6] == gif[1, 2]).all() and gif[1, 2, 1] > 100
    assert load(cases / "webp_in_tiff.tif").pixels.shape == (32, 128, 3)
    with pytest.raises(DaubError, match="PostScript"):
        load(cases / "ps_endless_loop.png")


# PNG


def test_text_of_any_size_does_not_cost_the_picture():
    data = png(PICTURE, 8, 2, zTXt=b"Comment\0\0" + zlib.compress(bytes(100_000_000)), tEXt=b"a\0" + bytes(3_000_000))
    assert np.array_equal(loaded(data)[0], PICTURE)


def test_orientation_of_exif_counts_and_of_xmp_does_not():
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    for file_format, settings in (("PNG", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 100})):
        assert loaded(saved(PICTURE, file_format, exif=exif, **settings))[0].shape == (32, 8, 3)
        assert loaded(saved(PICTURE, file_format, xmp=xmp, **settings))[0].shape == (8, 32, 3)
    itxt = b"XML:com.adobe.xmp\0\0\0\0\0" + xmp
    assert loaded(png(PICTURE, 8, 2, iTXt=itxt))[0].shape == (8, 32, 3)
    deep = png(DEEP.astype(">u2"), 16, 2, eXIf=exif.tobytes()[6:])
    assert np.array_equal(loaded(deep)[0], np.rot90(PICTURE, -1))


@pytest.mark.parametrize("where", ["too few", "too many", "filter"])
def test_wrong_pixels_of_16_bits_are_refused_in_silence(where, capfd):
    rows = [b"\0" + row.tobytes() for row in DEEP.astype(">u2")]
    rows = {"too few": rows[:-1], "too many": [*rows, rows[0]], "filter": [b"\7" + rows[0][1:], *rows[1:]]}[where]
    header = struct.pack(">IIBBBBB", 32, 8, 16, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    with pytest.raises(DaubError, match="its PNG data are damaged"):
        load(b"\x89PNG\r\n\x1a\n" + body)
    assert capfd.readouterr() == ("", "")


def test_interlaced_pixels_of_16_bits_are_read_in_silence(capfd):
    """Adam7: each of seven passes is a picture of its own."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    for width, height in ((32, 8), (3, 2), (1, 1), (5, 7)):
        stored = DEEP[:height, :width].astype(">u2")
        rows = [b"\0" + row.tobytes() for x, y, right, down in passes for row in stored[y::down, x::right] if row.size]
        header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 1)
        body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
        assert np.array_equal(load(b"\x89PNG\r\n\x1a\n" + body).pixels, stored / np.float32(65535))
    assert capfd.readouterr() == ("", "")


# JPEG


@pytest.mark.parametrize("bits", [12])
def test_jpeg_of_12_bits(bits):
    data = bytes(imagecodecs.jpeg8_encode(SMOOTH.astype(np.uint16) << 4, level=98, bitspersample=bits))
    np.testing.assert_allclose(load(data).pixels * 255, SMOOTH * (255 * 16 / 4095), atol=1)


@pytest.mark.parametrize("bits", [8, 10, 16])
def test_lossless_jpeg_is_exact(bits):
    stored = DEEP >> (16 - bits)
    data = bytes(
        imagecodecs.jpeg8_encode(stored.astype(np.uint8) if bits == 8 else stored, lossless=True, bitspersample=bits)
    )
    np.testing.assert_allclose(load(data).pixels, stored / ((1 << bits) - 1), atol=1e-6)


def test_jpeg_ls_is_named():
    with pytest.raises(DaubError, match="a JPEG-LS image, which is not read"):
        load(bytes(imagecodecs.jpegls_encode(DEEP)))


def test_the_profile_and_the_orientation_of_deep_jpeg():
    data = bytes(imagecodecs.jpeg8_encode(SMOOTH.astype(np.uint16) << 4, level=98, bitspersample=12))
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    app1 = exif.tobytes()
    data = data[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(app1)) + app1 + data[2:]
    assert load(data).pixels.shape == (64, 48, 3)


def test_too_many_scans_are_refused():
    data = saved(SMOOTH, "JPEG", progressive=True)
    scan = data.index(b"\xff\xda")
    second = data.index(b"\xff\xda", scan + 2)
    with pytest.raises(DaubError, match="more than 200 scans"):
        load(data[:scan] + data[scan:second] * 201 + data[second:])


# GIF


def test_what_a_frame_of_gif_does_not_cover_is_transparent():
    screen = b"GIF89a" + struct.pack("<HHBBB", 8, 6, 0x80, 0, 0) + bytes([9, 9, 9, 0, 200, 0])
    frame = b"\x2c" + struct.pack("<HHHHB", 2, 1, 2, 1, 0) + bytes([2, 2, 0b01001100, 0b1010, 0])
    pixels, notices = loaded(screen + frame + b";", background=PURPLE)
    assert notices == (NONE_LAID,) and pixels[1, 2].tolist() == [0, 200, 0] and pixels[0, 0].tolist() == [128, 0, 191]
    outside = np.ones((6, 8), bool)
    outside[1, 2:4] = False
    assert (pixels[outside] == [128, 0, 191]).all()


def test_a_gif_of_endless_comments_is_read_at_once():
    image = PIL.Image.fromarray(PICTURE).quantize(8)
    plain = saved(image, "GIF")
    at = 13 + (3 << (plain[10] & 7) + 1)
    comments = b"\x21\xfe" + (b"\xff" + bytes(255)) * 100_000 + b"\0"
    assert np.array_equal(loaded(plain[:at] + comments + plain[at:])[0], loaded(plain)[0])


# Icons and cursors


def bitmap(rgb: np.ndarray, mask: np.ndarray, bits: int) -> bytes:
    """A bitmap of an icon: colours, and a mask that is set where nothing is seen. Both begin with the last row."""
    height, width, _ = rgb.shape
    colours = rgb[::-1, :, ::-1]
    if bits == 32:
        colours = np.dstack([colours, np.zeros((height, width), np.uint8)])
    rows = b"".join(row.tobytes() + bytes(-len(row.tobytes()) % 4) for row in colours)
    packed = b"".join(np.packbits(row).tobytes().ljust(4, b"\0") for row in mask[::-1])
    return struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, bits, 0, 0, 0, 0, 0, 0) + rows + packed


@pytest.mark.parametrize("bits", [24, 32])
@pytest.mark.parametrize("kind", [1, 2], ids=["ICO", "CUR"])
def test_the_mask_of_icons_and_cursors(kind, bits):
    mask = np.zeros((8, 32), bool)
    mask[2:5, 3:20] = True
    body = bitmap(PICTURE, mask, bits)
    entry = struct.pack("<BBBBHHII", 32, 8, 0, 0, 5, 7, len(body), 22)  # 5, 7: a cursor has its hot spot there
    pixels, notices = loaded(struct.pack("<HHH", 0, kind, 1) + entry + body, background=PURPLE)
    expected = np.where(mask[..., None], np.uint8([128, 0, 191]), PICTURE)
    assert np.array_equal(pixels, expected) and notices == (NONE_LAID,)


def test_the_largest_picture_of_an_icon_and_png_inside_within_the_limit():
    small, large = (saved(np.full((n, n, 3), n, np.uint8), "PNG") for n in (16, 64))
    entries = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(small), 38)
    entries += struct.pack("<BBBBHHII", 64, 64, 0, 0, 1, 32, len(large), 38 + len(small))
    data = struct.pack("<HHH", 0, 1, 2) + entries + small + large
    assert loaded(data)[0].shape == (64, 64, 3)
    with pytest.raises(DaubError, match="64x64 pixels, above the limit"):
        load(data, max_pixels=1000)


def test_png_and_jpeg_2000_in_icns():
    for file_format in ("PNG", "JPEG2000"):
        body = saved(np.full((32, 32, 3), 77, np.uint8), file_format)
        data = b"icns" + struct.pack(">I", 16 + len(body)) + b"ic11" + struct.pack(">I", 8 + len(body)) + body
        assert (loaded(data)[0] == 77).all()


# JPEG 2000


@pytest.mark.parametrize("bits", [1, 4, 8, 10, 12, 16, 20, 24])
def test_jpeg_2000_of_every_depth(bits):
    stored = (PICTURE.astype(np.uint32) * 0x01010101 >> (32 - bits)).astype(
        "u1" if bits <= 8 else "u2" if bits <= 16 else "u4"
    )
    data = bytes(imagecodecs.jpeg2k_encode(stored, level=0, bitspersample=bits, mct=bits > 1))
    np.testing.assert_allclose(load(data).pixels, stored / ((1 << bits) - 1), atol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_jpeg_2000_with_alpha(channels):
    picture = np.dstack([PICTURE, PICTURE[::-1, ::-1, 0]])
    stored = picture[..., [0, 3]][..., :channels] if channels < 3 else picture[..., :channels]
    pixels = load(saved(PIL.Image.fromarray(stored.squeeze()), "JPEG2000"), background=PURPLE).pixels
    opacity = stored[..., -1:] / 255 if channels in (2, 4) else 1
    colours = np.broadcast_to(stored[..., : 1 if channels < 3 else 3], PICTURE.shape) / 255
    np.testing.assert_allclose(pixels, opacity * colours + (1 - opacity) * np.array(PURPLE), atol=1e-6)


def test_jpeg_2000_of_countless_tiles_is_refused():
    data = bytearray(saved(np.zeros((64, 64, 3), np.uint8), "JPEG2000"))
    at = data.index(b"\xff\x4f\xff\x51")
    data[at + 24 : at + 32] = struct.pack(">II", 1, 1)
    with pytest.raises(DaubError, match="4096 tiles, too many"):
        load(bytes(data))


# XPM


def test_xpm_of_every_way_to_name_a_colour():
    colours = [
        "c #f00",
        "c #0000FF",
        "m black c #808080808080",
        "c None",
        "s back c Dark Blue m white",
        "c gray50",
        "g4 white",
    ]
    lines = [f'"{code}  {colour}",' for code, colour in zip("abcdefg", colours, strict=True)]
    data = (
        "/* XPM */\nstatic char *a[] = {\n/* a comment */\n"
        + '"7 1 7 2 ",\n'
        + "\n".join(line.replace("  ", " ", 1) for line in lines)
        + '\n"a b c d e f g "\n};'
    )
    pixels, notices = loaded(data.encode(), background=PURPLE)
    expected = [[255, 0, 0], [0, 0, 255], [128, 128, 128], [128, 0, 191], [0, 0, 139], [127, 127, 127], [255, 255, 255]]
    assert pixels[0].tolist() == expected and notices == (NONE_LAID,)
    with pytest.raises(DaubError, match="a pixel has no colour"):
        load(data.replace('"a b', '"x b').encode())


# AVIF and HEIC


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_avif_keeps_its_depth(bits):
    stored = DEEP >> (16 - bits)
    data = imagecodecs.avif_encode(stored.astype(np.uint8) if bits == 8 else stored, level=100, bitspersample=bits)
    np.testing.assert_allclose(load(bytes(data)).pixels, stored / ((1 << bits) - 1), atol=1e-6)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_avif_turned_by_its_container(orientation):
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    turned = PIL.Image.fromarray(PICTURE)
    expected = {2: (0,), 3: (3,), 4: (1,), 5: (5,), 6: (4,), 7: (6,), 8: (2,)}.get(orientation, ())
    for operation in expected:
        turned = turned.transpose(PIL.Image.Transpose(operation))
    pixels, _ = loaded(saved(PICTURE, "AVIF", exif=exif, quality=100, subsampling="4:4:4"))
    assert pixels.shape == np.asarray(turned).shape and np.abs(pixels.astype(int) - np.asarray(turned)).max() <= 4


def with_property(data: bytes, box: bytes) -> bytes:
    """An AVIF file whose first item has one more property: boxes around it and offsets behind it grow."""
    result = bytearray(data)
    ipco, ipma = data.index(b"ipco"), data.index(b"ipma")
    count = data[ipma + 14]
    result[ipma + 15 + count : ipma + 15 + count] = bytes([0x80 | _number_of_properties(data, ipco) + 1])
    result[ipma + 14] += 1
    for kind in (b"ipma", b"iprp", b"meta"):
        _grow(result, data.index(kind), 1)
    end = ipco - 4 + int.from_bytes(data[ipco - 4 : ipco], "big")
    result[end:end] = box
    for kind in (b"ipco", b"iprp", b"meta"):
        _grow(result, data.index(kind), len(box))
    iloc = data.index(b"iloc")
    place = data.index(b"mdat") + 4
    at = data.index(struct.pack(">I", place), iloc)
    _grow(result, at + 4, len(box) + 1)
    return bytes(result)


def _number_of_properties(data: bytes, ipco: int) -> int:
    at, end, count = ipco + 4, ipco - 4 + int.from_bytes(data[ipco - 4 : ipco], "big"), 0
    while at < end:
        at, count = at + int.from_bytes(data[at : at + 4], "big"), count + 1
    return count


def _grow(data: bytearray, behind: int, more: int) -> None:
    """Add to the 32-bit number that ends at a place."""
    data[behind - 4 : behind] = struct.pack(">I", int.from_bytes(data[behind - 4 : behind], "big") + more)


def test_the_clean_aperture_of_avif():
    whole = saved(SMOOTH, "AVIF", quality=100, subsampling="4:4:4")
    expected = loaded(whole)[0]
    # 20 wide and 10 high, its middle 4 to the right of and 3 above the middle of 64x48
    box = struct.pack(">I4s4IiIiI", 40, b"clap", 20, 1, 10, 1, 4, 1, -3, 1)
    pixels, notices = loaded(with_property(whole, box))
    assert np.array_equal(pixels, expected[16:26, 26:46]) and notices == ()
    beyond = struct.pack(">I4s4IiIiI", 40, b"clap", 200, 1, 10, 1, 0, 1, 0, 1)
    pixels, notices = loaded(with_property(whole, beyond))
    assert np.array_equal(pixels, expected) and "clean aperture makes no sense" in notices[0]


def test_heic():
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    pillow_heif.from_pillow(PIL.Image.fromarray(SMOOTH)).save(file, quality=100, chroma=444)
    pixels, notices = loaded(file.getvalue())
    assert np.abs(pixels.astype(int) - SMOOTH).max() <= 3 and notices == ()
    with pytest.raises(DaubError, match="above the limit"):
        load(file.getvalue(), max_pixels=100)


@pytest.mark.parametrize("bits", [10, 12])
def test_deep_heic_and_its_orientation(bits, monkeypatch):
    pillow_heif = pytest.importorskip("pillow_heif")
    monkeypatch.setattr(pillow_heif.options, "SAVE_HDR_TO_12_BIT", bits == 12)
    large = DEEP.repeat(4, 0).repeat(4, 1)
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # which is written as a rotation of the container
    file = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", (128, 32), large.tobytes()).save(
        file, quality=100, chroma=444, exif=exif.tobytes()
    )
    pixels = load(file.getvalue()).pixels
    assert np.abs(pixels[2::32, 2] - (PICTURE[0, ::8] / 255)).max() < 0.003 and pixels.shape == (128, 32, 3)


def test_heic_names_what_it_needs(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    with pytest.raises(DaubError, match=r"it is a HEIC image, which is read by the package pillow-heif alone, install"):
        load(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


# Photoshop


def photoshop(
    planes: np.ndarray, mode: int, *, layers: bytes = b"", resources: bytes = b"", big: bool = False
) -> bytes:
    """(C, H, W) samples, packed by rows where they have 8 bits."""
    channels, height, width = planes.shape
    depth = 8 * planes.itemsize
    header = b"8BPS" + struct.pack(">H6xHIIHH", 2 if big else 1, channels, height, width, depth, mode)
    wide = ">Q" if big else ">I"
    blocks = (
        struct.pack(">I", 0) + struct.pack(">I", len(resources)) + resources + struct.pack(wide, len(layers)) + layers
    )
    if depth > 8:
        return header + blocks + b"\0\0" + planes.astype(planes.dtype.newbyteorder(">")).tobytes()
    rows = [bytes(imagecodecs.packbits_encode(row.tobytes())) for row in planes.reshape(-1, width)]
    return (
        header + blocks + b"\0\1" + struct.pack(f">{len(rows)}{'I' if big else 'H'}", *map(len, rows)) + b"".join(rows)
    )


@pytest.mark.parametrize("big", [False, True], ids=["PSD", "PSB"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_photoshop(dtype, big):
    factor = 257 if dtype == np.uint16 else 1
    planes = np.moveaxis(PICTURE, 2, 0).astype(dtype) * dtype(factor)
    data = photoshop(planes, 3, big=big)
    assert np.array_equal(loaded(data)[0], PICTURE)
    if dtype == np.uint8 and not big:  # which Pillow reads, too
        assert np.array_equal(np.asarray(PIL.Image.open(io.BytesIO(data))), PICTURE)
    grey, _ = loaded(photoshop(planes[:1], 1, big=big))
    assert np.array_equal(grey[..., 2], PICTURE[..., 0])
    paper = np.concatenate([planes, np.full_like(planes[:1], np.iinfo(dtype).max)])
    pixels, notices = loaded(photoshop(paper, 4, big=big))
    assert np.array_equal(pixels, PICTURE) and "approximate" in notices[0]


def test_photoshop_of_32_bits_is_light():
    light = np.float32([[[0, 0.5, 1]]] * 3)
    pixels = load(photoshop(light, 3)).pixels
    np.testing.assert_allclose(pixels[0, :, 0], [0, 0.735357, 1], atol=1e-4)  # IEC 61966-2-1 of a half


def test_a_selection_is_not_the_transparency_of_photoshop():
    planes = np.concatenate([np.moveaxis(PICTURE, 2, 0), np.full((1, 8, 32), 51, np.uint8)])
    pixels, notices = loaded(photoshop(planes, 3))
    assert np.array_equal(pixels, PICTURE) and notices == ("its channels beside the colours were left out",)
    transparent = struct.pack(">Ih", 2, -1) + bytes(4)
    on_white, notices = loaded(photoshop(np.maximum(planes, 204), 3, layers=transparent))
    assert np.array_equal(on_white, np.maximum(PICTURE, 204)) and notices == (NONE_LAID,)
    deep = bytes(4) + bytes(4) + b"8BIMLr16" + struct.pack(">Ih", 2, -1) + bytes(2)
    assert NONE_LAID in loaded(photoshop(planes.astype(np.uint16), 3, layers=deep))[1]


def test_photoshop_without_a_composite_is_refused():
    version = b"8BIM" + struct.pack(">HxxI", 1057, 5) + struct.pack(">IB", 1, 0) + b"\0"
    with pytest.raises(DaubError, match="without a composite"):
        load(photoshop(np.moveaxis(PICTURE, 2, 0), 3, resources=version))
    with pytest.raises(DaubError, match=r"a Photoshop image \(CIE L\*a\*b\*, 16 bits\)"):
        load(photoshop(np.moveaxis(DEEP, 2, 0), 9))


# Netpbm, QOI and light


def test_ppm_as_text_keeps_its_depth():
    data = b"P3 # a comment\n2 1 1023\n1023 0 512 # more\n1 2 3\n"
    np.testing.assert_allclose(load(data).pixels[0] * 1023, [[1023, 0, 512], [1, 2, 3]], atol=1e-3)
    with pytest.raises(DaubError, match="Netpbm data are damaged"):
        load(b"P3 2 1 1023 1023 0 512 1 2")


LIGHT = np.float32([[[0, 0.5, 1], [0.25, 0.25, 0.25]], [[1, 1, 1], [0, 0, 1]]])
ENCODED = np.where(LIGHT <= 0.0031308, 12.92 * LIGHT, 1.055 * LIGHT ** (1 / 2.4) - 0.055)  # IEC 61966-2-1


def test_pfm_is_light_from_its_last_row_on():
    for scale, dtype in ((b"-1.0", "<f4"), (b"1.0", ">f4")):
        image = load(b"PF\n2 2\n" + scale + b"\n" + LIGHT[::-1].astype(dtype).tobytes())
        np.testing.assert_allclose(image.pixels, ENCODED, atol=1e-5)
    grey = load(b"Pf\n2 2\n-1\n" + LIGHT[::-1, :, 2].astype("<f4").tobytes())
    np.testing.assert_allclose(grey.pixels[..., 0], ENCODED[..., 2], atol=1e-5)


@pytest.mark.parametrize("channels", [3, 4])
def test_qoi(channels):
    stored = np.dstack([PICTURE, PICTURE[..., 0]])[..., :channels]
    data = bytes(imagecodecs.qoi_encode(stored))
    assert np.array_equal(load(data).pixels, load(saved(stored, "PNG")).pixels)
    with pytest.raises(DaubError, match="its QOI data are damaged"):
        load(data[:-3])


def test_radiance_in_every_direction():
    stored = bytes(imagecodecs.rgbe_encode(LIGHT.repeat(8, 1), header=True))
    expected = load(stored).pixels
    np.testing.assert_allclose(expected, ENCODED.repeat(8, 1), atol=0.01)
    for size, turned in ((b"+Y 2 +X 16", expected[::-1]), (b"-Y 2 -X 16", expected[:, ::-1])):
        assert np.array_equal(load(stored.replace(b"-Y 2 +X 16", size)).pixels, turned)
    sideways = load(stored.replace(b"-Y 2 +X 16", b"+X 2 +Y 16")).pixels  # rows are columns, from the bottom up
    assert np.array_equal(sideways, expected.swapaxes(0, 1)[::-1])


def openexr(tmp_path, channels: dict, **header) -> bytes:
    package = pytest.importorskip("OpenEXR")
    path = tmp_path / "file.exr"
    package.File({"compression": package.ZIP_COMPRESSION, "type": package.scanlineimage} | header, channels).write(
        str(path)
    )
    return path.read_bytes()


def test_openexr(tmp_path):
    data = openexr(tmp_path, {"RGB": LIGHT})
    np.testing.assert_allclose(load(data).pixels, ENCODED, atol=1e-5)
    half = np.dstack([LIGHT * 0.5, np.full((2, 2), 0.5, np.float32)])  # colours are multiplied by alpha
    blended = load(openexr(tmp_path, {"RGBA": half}), background=(0.0, 0.0, 0.0))
    np.testing.assert_allclose(blended.pixels, ENCODED / 2, atol=1e-5)
    with pytest.raises(DaubError, match="2x2 pixels, above the limit"):
        load(data, max_pixels=3)
    with pytest.raises(DaubError, match="without plain colours"):
        load(openexr(tmp_path, {"depth": LIGHT[..., 0].copy()}))


def test_damaged_openexr_is_refused_in_silence(tmp_path, capfd):
    data = openexr(tmp_path, {"RGB": SMOOTH.astype(np.float32) / 255})
    for broken in (data[:-100], data[:-100] + bytes(100), data[:100]):
        with pytest.raises(DaubError, match="its OpenEXR data are damaged"):
            load(broken)
    assert capfd.readouterr() == ("", "")


def test_the_display_window_of_openexr(tmp_path):
    windows = {"dataWindow": ((0, 0), (1, 1)), "displayWindow": ((-1, 0), (0, 2))}
    pixels, notices = loaded(openexr(tmp_path, {"RGB": LIGHT}, **windows), background=PURPLE)
    assert pixels.shape == (3, 2, 3) and NONE_LAID in notices
    assert (pixels[:, 0] == [128, 0, 191]).all() and (pixels[2] == [128, 0, 191]).all()
    np.testing.assert_allclose(pixels[:2, 1], ENCODED[:, 0] * 255, atol=0.51)


def test_openexr_names_what_it_needs(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(DaubError, match="it is an OpenEXR image, which is read by the package OpenEXR alone, install"):
        load(b"\x76\x2f\x31\x01" + bytes(20))
