"""Metadata in a .daub: there and back, through edits, within the bytes asked for, and damaged."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

import PIL.Image
import pytest
from PIL.ExifTags import Base
from scenes import a_picture

from daub.codec import Goal, container, encode
from daub.codec.container.carried import LARGEST, TAG, metadata_in_file
from daub.codec.container.chunks import Chunk
from daub.codec.errors import DaubError
from daub.codec.metadata import Metadata
from daub.codec.photo_metadata import metadata_for
from daub.render.eight_bit import to_8bit

SOME = Metadata(b"II*\0 and so on", b"<x:xmpmeta/>")


@pytest.fixture(scope="module")
def photo() -> bytes:
    exif = PIL.Image.Exif()
    exif[Base.Copyright], exif[Base.Orientation] = "mine " * 40, 1
    file = io.BytesIO()
    PIL.Image.fromarray(to_8bit(a_picture(48, 32))).save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_file_carries_what_its_photo_says_unless_one_says_no(photo):
    settings = Goal("gaussians", 30)
    encoded = encode(photo, settings)
    metadata = container.metadata_of(container.read(encoded.data))
    assert b"mine mine" in metadata.exif and not metadata.xmp
    plain = encode(photo, settings, metadata=False)
    assert not container.metadata_of(plain.document)
    size = len(container.metadata_chunks(metadata)[0].content)
    assert size < len(metadata.exif) and len(encoded.data) == len(plain.data) + size + 6  # tag, length, checksum
    assert (encoded.gaussians.parameters == plain.gaussians.parameters).all()


def test_it_counts_among_the_bytes_asked_for_and_gives_way_where_they_are_few(photo):
    roomy = encode(photo, Goal("bytes", 1000))
    assert len(roomy.data) <= 1000 and container.metadata_of(roomy.document)
    tight = encode(photo, Goal("bytes", 250))
    assert len(tight.data) <= 250 and not container.metadata_of(tight.document)


def test_a_document_gives_it_to_others_of_the_same_picture(photo):
    document = encode(photo, Goal("gaussians", 30)).document
    (chunk,) = container.carried_chunks(document)
    assert container.metadata_of(replace(document, chunks=(chunk, document.chunks[-1]))) == container.metadata_of(
        document
    )


def test_damaged_metadata_are_one_line(photo):
    document = encode(photo, Goal("gaussians", 10), metadata=False).document
    (good,) = container.metadata_chunks(SOME)
    assert container.metadata_of(document.with_chunk(good)) == SOME
    assert metadata_in_file(document.with_chunk(good).to_bytes()) == SOME
    assert not metadata_in_file(document.to_bytes())
    bomb = zlib.compress(b"\0" * (LARGEST + 100))
    for content in (b"", b"nothing", good.content[:-3], good.content + b"x", bomb, zlib.compress(b"\x20too few")):
        with pytest.raises(DaubError, match="the metadata cannot be read"):
            container.metadata_of(document.with_chunk(Chunk(TAG, content)))


def test_more_than_a_megabyte_is_not_carried():
    assert container.metadata_chunks(Metadata(bytes(LARGEST + 1))) == ()
    assert len(container.metadata_chunks(Metadata(bytes(LARGEST)))) == 1


def test_a_daub_gives_it_on_whatever_it_is_called_without_the_place(photo, tmp_path):
    with_place = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="1"
        xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"/>"""
    document = encode(photo, Goal("gaussians", 10), metadata=False).document
    (chunk,) = container.metadata_chunks(Metadata(xmp=with_place))
    (tmp_path / "stdin").write_bytes(document.with_chunk(chunk).to_bytes())
    found, notices = metadata_for(tmp_path / "stdin", Goal("quality", 50), 100)
    assert b"image/jpeg" in found.xmp and b"GPS" not in found.xmp and not notices
    assert b"GPS" in metadata_for(tmp_path / "stdin", Goal("quality", 50), 100, keep_location=True)[0].xmp
    (tmp_path / "stdin").write_bytes(document.with_chunk(Chunk(TAG, b"nothing")).to_bytes())
    assert metadata_for(tmp_path / "stdin", Goal("quality", 50), 100)[1]


def test_pillow_hands_it_on(photo, tmp_path):
    import daub.codec.pillow_plugin  # noqa: F401

    PIL.Image.open(io.BytesIO(photo)).save(tmp_path / "a.daub", gaussians=20, effort=0)
    image = PIL.Image.open(tmp_path / "a.daub")
    assert image.getexif()[Base.Copyright].startswith("mine mine")
