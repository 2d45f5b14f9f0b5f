"""What a photo says of itself: out of every format that holds it, rid of what is not true any more, and into others."""

from __future__ import annotations

import io
import shutil
import subprocess

import numpy as np
import PIL.Image
import pytest
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from daub.codec import images
from daub.codec.images.metadata import described, kept, metadata_in
from daub.codec.images.metadata_out import with_directories
from daub.codec.metadata import Metadata

XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 tiff:Orientation="6" exif:GPSLatitude="52,31.2N" exif:PixelXDimension="4000" xmp:CreatorTool="a camera"
 xmlns:drone="http://www.dji.com/drone-dji/1.0/" drone:GpsLatitude="52.52"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Berlin">
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">all mine</rdf:li></rdf:Alt></dc:rights>
<exif:GPSLongitude>13,24.3E</exif:GPSLongitude><xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def camera_exif() -> PIL.Image.Exif:
    """As of a camera: with a place, a maker's note, an orientation and sizes."""
    exif = PIL.Image.Exif()
    exif[Base.Make], exif[Base.Copyright], exif[Base.Orientation] = "Lens & Co", "© a person".encode(), 6
    exif[Base.ImageWidth] = 4000
    exif.get_ifd(IFD.Exif).update(
        {
            Base.ExposureTime: IFDRational(1, 250),
            Base.MakerNote: b"x" * 3000,
            Base.ColorSpace: 65535,
            Base.ExifImageWidth: 4000,
        }
    )
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.0)})
    return exif


def photo(suffix: str) -> bytes:
    file = io.BytesIO()
    picture = PIL.Image.new("RGB", (16, 8), (200, 100, 50))
    about = {"exif": camera_exif().tobytes(), "xmp": XMP}
    if suffix == "TIFF":
        tags = camera_exif()
        packed = tags.tobytes()
        tags[700] = XMP
        picture.save(file, suffix, exif=tags)
        return with_directories(file.getvalue(), packed)
    if suffix == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
        about = {"exif": camera_exif().tobytes(), "pnginfo": info}
    if suffix == "AVIF":
        about["exif"] = camera_exif()
        del about["exif"][Base.Orientation]  # of a turned AVIF Pillow gives text as ASCII
    picture.save(file, suffix, **about)
    return file.getvalue()


def tags_of(exif: bytes) -> PIL.Image.Exif:
    tags = PIL.Image.Exif()
    tags.load(exif)
    return tags


@pytest.mark.parametrize("suffix", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_what_is_true_is_kept_of_every_format(suffix):
    metadata, notices = metadata_in(io.BytesIO(photo(suffix)))
    assert notices == []
    tags = tags_of(metadata.exif)
    assert (tags[Base.Make], tags[Base.Copyright].encode("latin-1").decode()) == ("Lens & Co", "© a person")
    assert Base.Orientation not in tags and Base.ImageWidth not in tags and not tags.get_ifd(IFD.GPSInfo)
    own = tags.get_ifd(IFD.Exif)
    assert float(own[Base.ExposureTime]) == pytest.approx(1 / 250) and own[Base.ColorSpace] == 1
    assert Base.MakerNote not in own and Base.ExifImageWidth not in own
    text = metadata.xmp.decode()
    assert "all mine" in text and "a camera" in text and "xpacket" not in text
    assert not any(word in text for word in ("Orientation", "GPS", "Gps", "Berlin", "PixelXDimension", "Thumbnails"))


def test_where_a_photo_was_taken_is_kept_for_who_asks_for_it():
    metadata, _ = metadata_in(io.BytesIO(photo("JPEG")), keep_location=True)
    assert tags_of(metadata.exif).get_ifd(IFD.GPSInfo)[2] == (52.0, 31.0, 12.0)
    assert b"52.52" in metadata.xmp and b"Berlin" in metadata.xmp
    assert b"52,31.2N" in metadata.xmp and b"13,24.3E" in metadata.xmp and b"Orientation" not in metadata.xmp
    told = described(metadata)
    assert told["Copyright"] == "© a person" and told["GPSLatitude"] == "52.0, 31.0, 12.0"
    assert told["XMP CreatorTool"] == "a camera"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".avif", ".tif", ".jxl"])
def test_it_is_written_into_every_format_that_holds_it_and_comes_back(suffix, tmp_path):
    metadata, _ = metadata_in(io.BytesIO(photo("JPEG")))
    pixels = np.random.default_rng(0).integers(0, 255, (9, 17, 3)).astype(np.uint8)
    path = tmp_path / f"a{suffix}"
    images.save(path, pixels, metadata=metadata)
    assert images.held_metadata(path, metadata) == (metadata, "")
    with open(path, "rb") as file:
        found, notices = metadata_in(file)
    assert notices == [] and found.xmp == metadata.xmp
    assert dict(tags_of(found.exif)) == dict(tags_of(metadata.exif))
    assert images.load(path).pixels.shape == (9, 17, 3)
    if suffix in (".png", ".tif", ".jxl", ".webp"):
        np.testing.assert_array_equal(np.rint(images.load(path).pixels * 255), pixels)
    if program := shutil.which("exiftool"):
        asked = [program, "-s3", "-Make", "-Copyright", "-CreatorTool", "-ExposureTime", "-validate", "-warning", path]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\n")
        assert told[:4] == ["Lens & Co", "© a person", "a camera", "1/250"], told


def test_a_format_without_a_place_for_it_is_written_without(tmp_path):
    metadata, _ = metadata_in(io.BytesIO(photo("JPEG")))
    for suffix in (".bmp", ".ppm", ".jp2"):
        assert images.held_metadata(tmp_path / f"a{suffix}", metadata) == (Metadata(), "EXIF and XMP")
        images.save(tmp_path / f"a{suffix}", np.zeros((4, 4, 3), np.uint8), metadata=metadata)
        assert images.load(tmp_path / f"a{suffix}").pixels.shape == (4, 4, 3)


def test_damaged_metadata_cost_nothing_but_themselves():
    exif = camera_exif().tobytes()
    for broken in (exif[:30], exif[:6] + b"II*\0" + b"\xff" * 40, b"Exif\0\0nothing"):
        metadata, notices = kept(broken, XMP)
        assert b"all mine" in metadata.xmp and len(notices) <= 1
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    for broken in (b"<a><b></a>", XMP[:300], bomb.encode(), b"\xff\xfe" + bomb.encode("utf-16-le")):
        metadata, notices = kept(exif, broken)
        assert metadata.xmp == b"" and metadata.exif and "XMP data are damaged" in notices[0]
    rng = np.random.default_rng(1)
    for suffix in ("JPEG", "PNG", "WEBP", "TIFF"):
        data = bytearray(photo(suffix))
        for _ in range(60):
            changed = bytearray(data)
            for at in rng.integers(4, len(data), 5):
                changed[at] = rng.integers(256)
            metadata, _ = metadata_in(io.BytesIO(bytes(changed[: rng.integers(20, len(data))])))
            assert isinstance(metadata, Metadata)
    assert metadata_in(io.BytesIO(b"no image at all")) == (Metadata(), [])


def test_what_a_format_cannot_hold_costs_no_picture(tmp_path):
    long = b"<a>" + b"x" * 70_000 + b"</a>"
    exif = metadata_in(io.BytesIO(photo("JPEG")))[0].exif
    assert images.held_metadata("a.jpg", Metadata(exif, long)) == (Metadata(exif), "XMP")
    assert images.held_metadata("a.png", Metadata(exif, long)) == (Metadata(exif, long), "")
    for suffix in (".jpg", ".tif", ".avif", ".png"):
        images.save(tmp_path / f"a{suffix}", np.zeros((8, 8, 3), np.uint8), metadata=Metadata(b"no TIFF at all", long))
        assert images.load(tmp_path / f"a{suffix}").pixels.shape == (8, 8, 3)


def test_nothing_that_a_photo_says_steers_a_terminal():
    tags = PIL.Image.Exif()
    tags[Base.Artist] = "\x1b[31mred\nCopyright: nobody\x9b"
    (said,) = described(kept(tags.tobytes(), b"")[0]).values()
    assert "red" in said and said.isprintable()
