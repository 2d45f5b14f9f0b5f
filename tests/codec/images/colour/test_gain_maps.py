"""Gain maps in JPEG are left out with a notice."""

import struct

import pytest
from colour_files import STORED, check, saved

from daub.codec.images import load

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


XMP = b"http://ns.adobe.com/xap/1.0/\0"


@pytest.mark.parametrize(
    "segments, behind",
    [
        (segment(0xE1, XMP + b'<rdf:Description hdrgm:Version="1.0"/>'), b""),
        (segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0" + bytes(4)), b""),
        (segment(0xE1, XMP + b"HDRGainMap:HDRGainMapVersion='65536'"), b""),
        (segment(0xE2, b"MPF\0" + bytes(30)), b"urn:com:apple:photo:2020:aux:hdrgainmap"),
        (segment(0xE2, b"MPF\0" + bytes(30)), b'<rdf:Description hdrgm:Version="1.0"/>'),
        (segment(0xE1, XMP + b'<Container:Item Item:Semantic="GainMap"/>'), b""),
    ],
    ids=["Ultra HDR", "ISO 21496-1", "Apple's XMP", "Apple's second picture", "a second picture", "a list of pictures"],
)
def test_jpeg_with_a_gain_map(segments, behind):
    data = saved("JPEG", quality=100, subsampling="4:4:4")
    check(data[:2] + segments + data[2:] + behind, STORED, "gain map was left out", tolerance=3)


def test_jpeg_with_several_pictures_and_no_gain_map():
    data = saved("JPEG", quality=100, subsampling="4:4:4")
    assert not any(
        "gain map" in notice for notice in load(data[:2] + segment(0xE2, b"MPF\0" + bytes(30)) + data[2:]).notices
    )
