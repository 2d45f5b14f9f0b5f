"""Kinds by their content: nothing is run, everything known is named, and names of files say nothing."""

import io
import re
import struct
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from image_files import PICTURE, png, saved

from daub.codec.errors import DaubError
from daub.codec.images import from_pillow, load
from daub.codec.images.readers import kinds
from daub.render.eight_bit import to_8bit

ENDLESS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n{} loop\n"

REFUSED = {
    "PostScript": (ENDLESS, "PostScript, a program that is not run"),
    "EPS with a preview": (b"\xc5\xd0\xd3\xc6" + bytes(40), "PostScript"),
    "PDF": (b"%PDF-1.7\n", "a PDF document"),
    "SVG": (
        b'<?xml version="1.0"?>\n<!-- made\nby hand -->\n<!DOCTYPE svg PUBLIC "" "">\n<svg xmlns=""/>',
        "an SVG drawing",
    ),
    "SVG with entities": (b'<!DOCTYPE svg [<!ENTITY a "b">]>\n<svg:svg xmlns:svg="">', "an SVG drawing"),
    "SVG in UTF-16": ('\ufeff<?xml version="1.0"?><svg width="1"/>'.encode("utf-16-le"), "an SVG drawing"),
    "SVG without a prologue": (b"\xef\xbb\xbf  <svg:svg />", "an SVG drawing"),
    "WMF": (b"\xd7\xcd\xc6\x9a" + bytes(40), "a Windows metafile"),
    "EMF": (b"\1\0\0\0" + bytes(36) + b" EMF", "a Windows metafile"),
    "FlashPix": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "FlashPix"),
    "XCF": (b"gimp xcf v011\0", "a GIMP project"),
    "CR2": (b"II*\0\x10\0\0\0CR\2\0" + bytes(40), r"camera raw \(CR2\)"),
    "CR3": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", r"camera raw \(CR3\)"),
    "RAF": (b"FUJIFILMCCD-RAW 0201", r"camera raw \(RAF\)"),
    "ORF": (b"IIRO\x08\0\0\0", r"camera raw \(ORF\)"),
    "video": (b"\0\0\0\x18ftypisom\0\0\2\0isommp42", "a video"),
    "MPEG": (b"\0\0\1\xb3" + bytes(8), "a video"),
    "HDF": (b"\x89HDF\r\n\x1a\n", "scientific data"),
    "ZIP": (b"PK\3\4" + bytes(30), "a ZIP archive"),
    "gzip": (b"\x1f\x8b\x08" + bytes(30), "a compressed file"),
    "web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "CgBI": (b"\x89PNG\r\n\x1a\n\0\0\0\4CgBI\x50\0\x20\2" + bytes(40), "a PNG for iPhone programs"),
    "JPEG XR": (b"II\xbc\1" + bytes(30), "a JPEG XR image"),
    "DICOM": (bytes(128) + b"DICM", "a medical image"),
    "Daub": (b"DAUB" + bytes(40), "a .daub file"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_named_in_one_line(tmp_path, name):
    data, said = REFUSED[name]
    path = tmp_path / "photo.png"
    path.write_bytes(data)
    with pytest.raises(DaubError, match=said) as caught:
        load(path)
    assert "\n" not in str(caught.value) and "damaged" not in str(caught.value)


def test_nothing_is_run(monkeypatch):
    """Whatever a file is, no program is started, and the plugins that start some are not asked."""

    def refuse(*_, **__):
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr("os.system", refuse)
    for data, _ in REFUSED.values():
        with pytest.raises(DaubError):
            load(data)


def test_postscript_that_pillow_has_opened_is_not_run():
    header = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n{} loop\n"
    with pytest.raises(DaubError, match="EPS, which another program would have to run"):
        from_pillow(PIL.Image.open(io.BytesIO(header)))


def test_no_plugin_that_runs_or_needs_a_program_is_in_the_list():
    formats = [getattr(kind.read, "keywords", {}).get("file_format") for kind in kinds.KINDS]
    assert not {"EPS", "WMF", "FPX", "MIC", "IPTC", "BUFR", "GRIB", "HDF5", "MPEG"} & set(formats)
    assert "PSD" not in formats and formats.count(None) > 20  # read by readers of our own, or refused


def test_no_part_of_the_program_lets_pillow_choose():
    """Without a list of formats Pillow tries all of its plugins, those that run programs included."""
    root = Path(__file__).parents[4]
    sources = [path for folder in ("app", "codec", "render") for path in (root / folder).rglob("*.py")]
    calls = [
        (path.name, call)
        for path in sources
        for call in re.findall(r"^(?! {4}Image\.open).*?\bImage\.open\((.*)\)", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(calls) >= 3 and all("formats=" in call for _, call in calls), calls


def test_every_kind_that_pillow_reads_has_a_plugin():
    PIL.Image.init()
    formats = [getattr(kind.read, "keywords", {}).get("file_format") for kind in kinds.KINDS]
    assert {each for each in formats if each} <= set(PIL.Image.OPEN)


WRITTEN = "PNG GIF WEBP BMP ICO ICNS PPM JPEG2000 TIFF TGA PCX SGI DDS DIB MSP JPEG AVIF BLP"


@pytest.mark.parametrize("file_format", WRITTEN.split(" "))
def test_every_format_that_pillow_writes_is_read_again(file_format):
    image = PIL.Image.fromarray(PICTURE.repeat(2, 0).repeat(2, 1)[:, :32].copy()).crop((0, 0, 16, 16))
    image = image.convert({"MSP": "1", "BLP": "P"}.get(file_format, "RGB"))
    pixels = to_8bit(load(saved(image, file_format)).pixels)
    size = {"ICNS": pixels.shape[0]}.get(file_format, 16)
    assert pixels.shape == (size, size, 3)
    expected = np.asarray(image.convert("RGB"))[4, 4].astype(int)
    assert np.abs(pixels[size // 4, size // 4] - expected).max() <= (
        8 if file_format in ("JPEG", "AVIF", "WEBP") else 0
    )


def test_text_is_of_no_known_kind():
    with pytest.raises(DaubError, match="not an image of a known format"):
        load(b"Dear reader,\nthis is no picture.\n" * 10)


def test_libraries_say_nothing_of_their_own(capfd):
    """From any thread: 16-bit PNG with a profile that libpng dislikes, and TIFF that libtiff dislikes."""
    profile = zlib.compress(b"\0" * 20 + b"GRAY" + bytes(200))
    grey_profile = png(PICTURE.astype(">u2") * 257, 16, 2, iCCP=b"x\0\0" + profile)
    bad_deflate = bytearray(saved(PICTURE, "TIFF", compression="tiff_adobe_deflate"))
    bad_deflate[20:30] = bytes(10)

    def read_both(_) -> None:
        assert np.array_equal(to_8bit(load(grey_profile).pixels), PICTURE)
        with pytest.raises(DaubError):
            load(bytes(bad_deflate))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(read_both, range(20)))
    assert capfd.readouterr() == ("", "")


# Formats that Pillow alone reads, made by hand


def flic() -> bytes:
    """One frame of 4x2 pixels: a palette (chunk 4) of red and blue, and the pixels as they are (chunk 16)."""
    palette = struct.pack("<HBB", 1, 0, 2) + bytes([255, 0, 0, 0, 0, 255])
    chunks = [
        struct.pack("<IH", 6 + len(body), kind) + body for kind, body in ((4, palette), (16, b"\0\1\0\1\1\0\1\0"))
    ]
    frame = struct.pack("<IHH8x", 16 + len(b"".join(chunks)), 0xF1FA, len(chunks)) + b"".join(chunks)
    header = struct.pack("<IHHHHHHI", 128 + len(frame), 0xAF12, 1, 4, 2, 8, 3, 50)
    return header.ljust(128, b"\0") + frame


def test_fli():
    assert to_8bit(load(flic()).pixels)[0].tolist() == [[255, 0, 0], [0, 0, 255]] * 2


def photo_cd(size: int) -> bytes:
    """Grey of luma 128: Y at 96 sectors of 2048 bytes, two rows and then one of each chroma."""
    rows = (bytes([128]) * 1536 + bytes([156]) * 384 + bytes([137]) * 384) * 256
    return (bytes(2048) + b"PCD_IPI").ljust(96 * 2048, b"\0") + rows.ljust(size, b"\0")


def test_photo_cd():
    image = load(photo_cd(0))
    assert image.pixels.shape == (512, 768, 3) and image.notices == ()
    assert np.ptp(image.pixels) < 0.05
    assert "larger versions were left out" in load(photo_cd(3_000_000)).notices[0]


def test_xbm():
    data = b"#define a_width 8\n#define a_height 1\nstatic char a_bits[] = {\n0x0f};\n"
    assert load(data).pixels[0, :, 0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_cut_from_16_bits_is_noticed():
    stored = saved(PIL.Image.fromarray(PICTURE), "SGI", bpc=2)
    assert "cut to 8" in load(stored).notices[0]
