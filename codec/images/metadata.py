"""What a photo says of itself: taken out of its file, and rid of what is not true of the picture any more.

Kept are who made it, when, how, with what, and whose it is. Left out are the orientation, which has been applied, the
colour space, which is sRGB now, sizes and previews of the picture, what makers keep to themselves (their notes refer to
places in their own files), and where it was taken, unless that is asked for.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

import PIL.Image
from PIL.ExifTags import IFD, Base

from daub.codec.images.colour import boxes
from daub.codec.images.metadata_out import loaded
from daub.codec.metadata import NOTHING, Metadata

_FORMATS = ("JPEG", "WEBP", "AVIF", "TIFF")  # whose data Pillow has before it decodes
_KEPT = frozenset(
    {
        Base.ImageDescription, Base.Make, Base.Model, Base.XResolution, Base.YResolution, Base.ResolutionUnit,
        Base.Software, Base.DateTime, Base.Artist, Base.HostComputer, Base.Copyright, Base.Rating, Base.RatingPercent,
        Base.XPTitle, Base.XPComment, Base.XPAuthor, Base.XPKeywords, Base.XPSubject,
    }
)  # fmt: skip
_DROPPED_OF_EXIF = frozenset(
    {Base.MakerNote, Base.ColorSpace, Base.ExifImageWidth, Base.ExifImageHeight, Base.ExifInteroperabilityOffset}
)
_SRGB = 1  # of the tag ColorSpace
_NAMES = {
    "exif": "http://ns.adobe.com/exif/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
# Of any namespace: makers of drones have names of their own for where they were, and IPTC has cities and countries.
_PLACE = re.compile(r"\{[^}]*\}(?:GPS|Gps|City|State|Country|Location|Sublocation|ProvinceState|WorldRegion)")
_ENTITIES = re.compile(rb"\0|<!(?:DOCTYPE|ENTITY)")  # a NUL: not UTF-8, in which that could be seen
_UNTRUE = frozenset(
    {
        *(f"{{{_NAMES['tiff']}}}{name}" for name in ("Orientation", "ImageWidth", "ImageLength")),
        *(f"{{{_NAMES['exif']}}}{name}" for name in ("ColorSpace", "PixelXDimension", "PixelYDimension")),
        f"{{{_NAMES['xmp']}}}Thumbnails",
    }
)
_WRAPPER = re.compile(rb"<\?xpacket[^>]*\?>")
_PNG_XMP = b"XML:com.adobe.xmp\0"
_LONGEST = 1 << 24  # bytes of a chunk that is looked at


def metadata_in(file: BinaryIO, keep_location: bool = False) -> tuple[Metadata, list[str]]:
    """The metadata of an image file, and what to say of those that could not be kept, one phrase each.

    Args:
        file: from its beginning; where it stands afterwards is left open.
        keep_location: where the photo was taken is kept as well.
    """
    try:
        exif, xmp = _found(file)
    except Exception as error:  # parsers of others raise anything on damaged data, which must not cost the picture
        return NOTHING, [f"its metadata are damaged ({error}), and left out"]
    return kept(exif, xmp, keep_location)


def kept(exif: bytes | BinaryIO, xmp: bytes, keep_location: bool = False) -> tuple[Metadata, list[str]]:
    """What is true of the picture that is encoded, of data as they stand in a file, and what to say of the rest."""
    notices: list[str] = []
    found = []
    for name, data, keep in (("EXIF", exif, _kept_of_exif), ("XMP", xmp, _kept_of_xmp)):
        try:
            found.append(keep(data, keep_location) if data else b"")
        except Exception as error:
            notices.append(f"its {name} data are damaged ({error}), and left out")
            found.append(b"")
    return Metadata(*found), notices


def described(metadata: Metadata) -> dict[str, str]:
    """What EXIF and XMP say, as names and values for people; of XMP the simple properties."""
    found: dict[str, str] = {}
    if metadata.exif:
        from PIL.ExifTags import GPSTAGS, TAGS

        with suppress(Exception):
            tags = PIL.Image.Exif()
            tags.load(metadata.exif)
            for names, values in (
                (TAGS, tags), (TAGS, tags.get_ifd(IFD.Exif)), (GPSTAGS, tags.get_ifd(IFD.GPSInfo)),
            ):  # fmt: skip
                for tag, value in values.items():
                    if tag not in (IFD.Exif, IFD.GPSInfo):
                        found[names.get(tag, f"tag {tag}")] = _text_of(value)
    if metadata.xmp:
        with suppress(Exception):
            for element in _parsed(metadata.xmp).iter():
                for name, value in (*element.attrib.items(), (element.tag, element.text or "")):
                    if (
                        value.strip()
                        and "22-rdf-syntax-ns#" not in name
                        and not name.startswith("{http://www.w3.org/XML")
                    ):
                        found.setdefault(f"XMP {name.rpartition('}')[2]}", value.strip())
    # For a terminal: nothing in it may steer one.
    return {_printable(name): _printable(value) for name, value in found.items()}


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _parsed(xmp: bytes) -> ElementTree.Element:
    """Raises ValueError, or what the parser raises."""
    if _ENTITIES.search(xmp):
        raise ValueError("they declare entities, or are not UTF-8")
    return ElementTree.fromstring(xmp)


def _text_of(value: object) -> str:
    if isinstance(value, bytes):
        return value.removeprefix(b"ASCII\0\0\0").decode("utf-8", "replace").strip("\0 ")
    if isinstance(value, tuple):
        return ", ".join(map(_text_of, value))
    text = str(value).strip("\0 ")
    with suppress(UnicodeError):
        return text.encode("latin-1").decode()  # UTF-8, which Pillow takes for Latin-1
    return text


def _found(file: BinaryIO) -> tuple[bytes | BinaryIO, bytes]:
    """EXIF and XMP as they stand in the file, a TIFF being its own EXIF; empty where there are none."""
    file.seek(0)
    start = file.read(16)
    if start.startswith(b"\x89PNG"):
        return _of_png(file)
    if start[4:8] == b"JXL " or start.startswith(b"\0\0\0\x0cJXL"):
        exif = boxes.content(file, b"Exif") or b""
        begin = 4 + int.from_bytes(exif[:4], "big")  # the box says where the data begin
        return exif[begin:], boxes.content(file, b"xml ") or b""
    if start[4:8] == b"ftyp" and start[8:12] not in (b"avif", b"avis"):
        return _of_heif(file)
    file.seek(0)
    PIL.Image.init()  # without which it knows some formats alone
    try:
        image = PIL.Image.open(file, formats=_FORMATS)
    except PIL.UnidentifiedImageError:
        return b"", b""
    exif = file if image.format == "TIFF" else image.info.get("exif") or b""
    xmp = image.info.get("xmp") or b""
    return exif, xmp if isinstance(xmp, bytes) else xmp.encode()


def _of_heif(file: BinaryIO) -> tuple[bytes, bytes]:
    try:
        import pillow_heif
    except ModuleNotFoundError:
        return b"", b""
    file.seek(0)
    info = pillow_heif.open_heif(file, convert_hdr_to_8bit=False).info
    return info.get("exif") or b"", info.get("xmp") or b""


def _of_png(file: BinaryIO) -> tuple[bytes, bytes]:
    exif, xmp = b"", b""
    for name, content in _png_chunks(file):
        if name == b"eXIf":
            exif = content
        elif name == b"iTXt" and content.startswith(_PNG_XMP):
            packed, rest = content[len(_PNG_XMP)], content[len(_PNG_XMP) + 2 :]
            text = rest.split(b"\0", 2)[2]  # after the language and the translated keyword
            if packed:
                import zlib

                text = zlib.decompressobj().decompress(text, _LONGEST)
            xmp = text
    return exif, xmp


def _png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk that may hold metadata, wherever it stands."""
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name in (b"eXIf", b"iTXt") and length <= _LONGEST:
            yield name, file.read(length)
            file.seek(4, 1)
        else:
            file.seek(length + 4, 1)


def _kept_of_exif(data: bytes | BinaryIO, keep_location: bool) -> bytes:
    was, kept = loaded(data), PIL.Image.Exif()
    for tag in _KEPT & was.keys():
        kept[tag] = was[tag]
    own = {tag: value for tag, value in was.get_ifd(IFD.Exif).items() if tag not in _DROPPED_OF_EXIF}
    if own:
        kept.get_ifd(IFD.Exif).update(own | {Base.ColorSpace: _SRGB})
    if keep_location and (place := was.get_ifd(IFD.GPSInfo)):
        kept.get_ifd(IFD.GPSInfo).update(place)
    if not kept.keys() and not own and not (keep_location and was.get_ifd(IFD.GPSInfo)):
        return b""
    return kept.tobytes().removeprefix(b"Exif\0\0")


def _kept_of_xmp(data: bytes, keep_location: bool) -> bytes:
    data = _WRAPPER.sub(b"", data).strip(b"\0 \r\n\t\xef\xbb\xbf")
    root = _parsed(data)
    for _, (prefix, name) in ElementTree.iterparse(io.BytesIO(data), events=("start-ns",)):
        if prefix and not re.fullmatch(r"ns\d+", prefix):
            ElementTree.register_namespace(prefix, name)

    def goes(name: str) -> bool:
        return name in _UNTRUE or (not keep_location and bool(_PLACE.match(name)))

    for element in root.iter():
        for name in [name for name in element.attrib if goes(name)]:
            del element.attrib[name]
        for child in [child for child in element if goes(child.tag)]:
            element.remove(child)
    return ElementTree.tostring(root, encoding="utf-8")
