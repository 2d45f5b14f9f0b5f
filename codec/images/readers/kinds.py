"""The kinds of files that are known by their content, and what becomes of each: the list of all that is ever tried.

A name says nothing: PostScript called photo.png would be run by whoever went by Pillow's list. So the first bytes of
the content choose one kind, and that kind its one reader, or the line that refuses it. Readers that would start another
program, need one, or open whatever is inside are in no table here: EPS, WMF, FPX, MIC, IPTC, BUFR, GRIB, HDF5, MPEG.
OpenEXR is decoded in a second process of this very Python, so that it can be silenced and ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from daub.codec.files import MAGIC
from daub.codec.images.readers import (
    gif,
    heif,
    icons,
    jpeg,
    jpeg2000,
    jpeg_xl,
    netpbm,
    openexr,
    pillow,
    png,
    psd,
    qoi,
    radiance,
    tiff,
    xpm,
)
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.samples import Samples

# Names that files of kinds which are read usually end in, for lists to choose from; none of them decides anything.
SUFFIXES = (
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".gif", ".webp", ".jxl", ".avif", ".avifs",
    ".heic", ".heif", ".jp2", ".j2k", ".jpf", ".jpx", ".jph", ".tif", ".tiff", ".psd", ".psb", ".bmp", ".dib",
    ".ico", ".cur", ".icns", ".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".qoi", ".hdr", ".pic", ".exr", ".tga", ".pcx",
    ".dcx", ".sgi", ".rgb", ".ras", ".dds", ".xbm", ".xpm", ".fli", ".flc", ".pcd",
)  # fmt: skip
HEAD = 8192  # bytes of a file that a kind is told by

_PHOTO_CD_BASE = 96 * 2048 + 768 * 512 * 3 // 2 + 2048  # bytes up to the end of the picture of 768x512
_SLOW = 16_000_000  # pixels, for decoders in Python, which take about a microsecond for each


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Args:
        name: as in "its PNG data are damaged".
        matches: tells from the first `HEAD` bytes, fewer where the file is shorter.
        read: the reader, which is given the file at its beginning; None for a kind that is not read.
        why, remedy: the line for a kind that is not read.
    """

    name: str
    matches: Callable[[bytes], bool]
    read: Callable[[BinaryIO, Limits], Samples] | None = None
    why: str = ""
    remedy: str = "export it as PNG with another program"


def sniff(head: bytes) -> Kind | None:
    """The kind of a file by its first `HEAD` bytes; None for one that is unknown."""
    return next((kind for kind in KINDS if kind.matches(head)), None)


def _starts(*prefixes: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(prefixes)


def _holds(at: int, *words: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(words, at)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(b"RIFF") and head[8:12] == form


def _pattern(pattern: bytes) -> Callable[[bytes], bool]:
    return lambda head: re.match(pattern, head, re.IGNORECASE | re.DOTALL) is not None


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    """ISO/IEC 14496-12, section 4.3: a file type box with one of these as its major or a compatible brand."""

    def matches(head: bytes) -> bool:
        if head[4:8] != b"ftyp":
            return False
        end = min(int.from_bytes(head[:4], "big"), 256)
        stated = [head[at : at + 4] for at in (8, *range(16, end, 4))]
        return any(brand in stated for brand in brands)

    return matches


def _is_svg(head: bytes) -> bool:
    """Markup with such an element, behind which declarations of any kind may stand."""
    text = head.replace(b"\0", b"")  # UTF-16 becomes readable enough
    return (
        re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*+<[?!\w]", text) is not None and _SVG.search(text) is not None
    )


def _is_fli(head: bytes) -> bool:
    return head[4:6] in (b"\x11\xaf", b"\x12\xaf") and head[14:16] in (b"\0\0", b"\3\0") and head[20:22] == b"\0\0"


def _is_dib(head: bytes) -> bool:
    """A bitmap without its file header, as the clipboard of Windows has it."""
    size, planes = int.from_bytes(head[:4], "little"), int.from_bytes(head[12:14], "little")
    return size in (40, 52, 56, 64, 108, 124) and planes == 1


def _is_pcx(head: bytes) -> bool:
    return head[:1] == b"\n" and head[1:2] in (b"\0", b"\2", b"\3", b"\5") and head[2:3] in (b"\0", b"\1")


def _is_tga(head: bytes) -> bool:
    """Truevision TGA 2.0, section "Field 1" to 5: there is no magic number, so every field has to make sense."""
    if len(head) < 18:
        return False
    palette, kind, depth = head[1], head[2], head[16]
    colours = int.from_bytes(head[5:7], "little")
    if palette > 1 or (kind in (1, 9)) != bool(palette) or (palette == 0 and (colours or head[7])):
        return False
    depths = {1: (8,), 9: (8,), 2: (16, 24, 32), 10: (16, 24, 32), 3: (1, 8, 16), 11: (8, 16)}
    return depth in depths.get(kind, ()) and head[12:14] != b"\0\0" and head[14:16] != b"\0\0" and head[17] < 64


def _is_gimp_brush(head: bytes) -> bool:
    version = int.from_bytes(head[4:8], "big")
    return 20 <= int.from_bytes(head[:4], "big") < 65536 and (version == 1 or (version == 2 and head[20:24] == b"GIMP"))


def _pillow(name: str, matches: Callable[[bytes], bool], file_format: str = "", most: int | None = None) -> Kind:
    return Kind(name, matches, partial(pillow.read, file_format=file_format or name, most=most))


def _photo_cd(file: BinaryIO, limits: Limits) -> Samples:
    """The picture of 768x512, which is all that Pillow reads."""
    samples = pillow.read(file, limits, "PCD")
    if file.seek(0, 2) > _PHOTO_CD_BASE:
        samples.notices.append("its larger versions were left out (Photo CD), so this is the one of 768x512")
    return samples


def _blp(file: BinaryIO, limits: Limits) -> Samples:
    """A texture; Pillow decodes JPEG inside without asking how large that is."""
    for height, width in _JPEG_FRAME.findall(file.read()):
        limits.check(int.from_bytes(width, "big"), int.from_bytes(height, "big"))
    file.seek(0)
    return pillow.read(file, limits, "BLP", most=_SLOW)


def _fits(file: BinaryIO, limits: Limits) -> Samples:
    """An image of the sky; Pillow unpacks packed ones without a limit."""
    if b"ZCMPTYPE" in file.read():
        raise Refused("it is a compressed FITS image, which is not read", "unpack it with another program")
    file.seek(0)
    return pillow.read(file, limits, "FITS")


def _x_bitmap(file: BinaryIO, limits: Limits) -> Samples:
    """Black where bits are set, as the X Window System, Netpbm and browsers draw it; Pillow makes them white."""
    samples = pillow.read(file, limits, "XBM", most=_SLOW)
    samples.values = 255 - samples.values
    return samples


_SVG = re.compile(rb"<(?:\w+:)?svg[\s>/]", re.IGNORECASE)
_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xcf]\0.\x08(..)(..)", re.DOTALL)
_JPEG_2000 = (b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MARKUP = rb"(?:\xef\xbb\xbf)?(?>\s|<\?xml.*?\?>|<!--.*?-->)*+"  # what may stand before the first element

_RAW = "it is camera raw ({}), which is not a picture before it is developed"
_DEVELOP = "export it as TIFF or PNG from a raw developer"

KINDS = (
    Kind("Daub", _starts(MAGIC), None, "it is a .daub file, not an image to encode", "open it or decode it instead"),
    # Camera raw, of which some look like TIFF at first.
    Kind("CR2", lambda head: head.startswith(_TIFF) and head[8:10] == b"CR", None, _RAW.format("CR2"), _DEVELOP),
    Kind("CR3", _brand(b"crx "), None, _RAW.format("CR3"), _DEVELOP),
    Kind("CRW", _holds(6, b"HEAPCCDR"), None, _RAW.format("CRW"), _DEVELOP),
    Kind("ORF", _starts(b"IIRO", b"IIRS", b"MMOR"), None, _RAW.format("ORF"), _DEVELOP),
    Kind("RW2", _starts(b"IIU\0"), None, _RAW.format("RW2"), _DEVELOP),
    Kind("RAF", _starts(b"FUJIFILMCCD-RAW"), None, _RAW.format("RAF"), _DEVELOP),
    Kind("X3F", _starts(b"FOVb"), None, _RAW.format("X3F"), _DEVELOP),
    Kind("MRW", _starts(b"\0MRM"), None, _RAW.format("MRW"), _DEVELOP),
    # Formats that are read.
    Kind("PNG", _starts(b"\x89PNG\r\n\x1a\n"), png.read),
    Kind("JPEG", _starts(b"\xff\xd8\xff"), jpeg.read),
    Kind("GIF", _starts(b"GIF87a", b"GIF89a"), gif.read),
    _pillow("WebP", _riff(b"WEBP"), "WEBP"),
    Kind("JPEG XL", _starts(b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n"), jpeg_xl.read),
    Kind("JPEG 2000", _starts(*_JPEG_2000), jpeg2000.read),
    Kind("AVIF", _brand(b"avif", b"avis"), heif.read_avif),
    Kind("HEIC", _brand(*_HEIC), heif.read_heic),
    Kind("TIFF", _starts(*_TIFF), tiff.read),
    Kind("Photoshop", _starts(b"8BPS"), psd.read),
    _pillow("BMP", _starts(b"BM")),
    Kind("ICO", _starts(b"\0\0\1\0"), icons.read_windows),
    Kind("CUR", lambda head: head.startswith(b"\0\0\2\0") and head[4:6] != b"\0\0", icons.read_windows),
    Kind("ICNS", _starts(b"icns"), icons.read_macos),
    Kind("Netpbm", _pattern(rb"P(?:[1-6Ff]|0CMYK|yP|yRGBA|yCMYK)\s"), netpbm.read),
    Kind("QOI", _starts(b"qoif"), qoi.read),
    Kind("XBM", _pattern(rb"\s*(?:/\*.*?\*/\s*)?#define\s+\S*_?width\s"), _x_bitmap),
    Kind("XPM", _pattern(rb"\s*/\*\s*XPM\s*\*/"), xpm.read),
    _pillow("FLI", _is_fli),
    Kind("Photo CD", _holds(2048, b"PCD_"), _photo_cd),
    _pillow("SGI", _starts(b"\x01\xda")),
    _pillow("Sun raster", _starts(b"\x59\xa6\x6a\x95"), "SUN"),
    _pillow("DDS", _starts(b"DDS ")),
    Kind("BLP", _starts(b"BLP1", b"BLP2"), _blp),
    _pillow("FTEX", _starts(b"FTEX")),
    _pillow("MSP", _starts(b"DanM", b"LinS")),
    _pillow("IM", _starts(b"Image type:")),
    _pillow("PIXAR", _starts(b"\x80\xe8\0\0")),
    Kind("FITS", _starts(b"SIMPLE  ="), _fits),
    _pillow("McIdas", _starts(b"\0\0\0\0\0\0\0\4"), "MCIDAS"),
    _pillow("XV thumbnail", _starts(b"P7 332"), "XVTHUMB"),
    _pillow("DCX", _starts(b"\xb1\x68\xde\x3a")),
    Kind("Radiance", _starts(b"#?RADIANCE", b"#?RGBE"), radiance.read),
    Kind("OpenEXR", _starts(b"\x76\x2f\x31\x01"), openexr.read),
    # Drawings, documents and programs.
    Kind("PostScript", _pattern(rb"\x04?%!|\xc5\xd0\xd3\xc6"), None, "it is PostScript, a program that is not run"),
    Kind("PDF", lambda head: b"%PDF-" in head[:1024], None, "it is a PDF document, not made of pixels"),
    Kind("web page", _pattern(_MARKUP + rb"(?:<!doctype\s+html|<html)"), None, "it is a web page", "save its picture"),
    Kind("SVG", _is_svg, None, "it is an SVG drawing, not made of pixels"),
    Kind("WMF", _starts(b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0"), None, "it is a Windows metafile, not made of pixels"),
    Kind("EMF", _holds(40, b" EMF"), None, "it is a Windows metafile, not made of pixels"),
    Kind("OLE", _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), None, "it is FlashPix or another OLE document"),
    Kind("XCF", _starts(b"gimp xcf"), None, "it is a GIMP project (XCF), which is not read", "export it as PNG"),
    Kind("DjVu", _starts(b"AT&TFORM"), None, "it is a DjVu document, which is not read"),
    # Pictures that no library at hand reads, or that ask for decisions no viewer can take.
    Kind("JPEG XR", _starts(b"II\xbc"), None, "it is a JPEG XR image, which is not read"),
    Kind("PAM", _pattern(rb"P7\s"), None, "it is a PAM image, which is not read"),
    Kind("MNG", _starts(b"\x8aMNG", b"\x8bJNG"), None, "it is an MNG or JNG image, which is not read"),
    Kind("BPG", _starts(b"BPG\xfb"), None, "it is a BPG image, which is not read"),
    Kind("FLIF", _starts(b"FLIF"), None, "it is a FLIF image, which is not read"),
    Kind("DPX", _starts(b"SDPX", b"XPDS", b"\x80\x2a\x5f\xd7"), None, "it is a film scan (DPX), which is not read"),
    Kind("DICOM", _holds(128, b"DICM"), None, "it is a medical image (DICOM), which is not read"),
    Kind("ILBM", _pattern(rb"FORM....(?:ILBM|PBM )"), None, "it is an Amiga image (IFF), which is not read"),
    Kind("texture", _starts(b"\xabKTX ", b"PVR\3", b"\x13\xab\xa1\x5c"), None, "it is a texture, which is not read"),
    # Not pictures at all.
    Kind("data", _starts(b"\x89HDF\r\n", b"GRIB", b"BUFR", b"CDF\1", b"CDF\2"), None, "it holds scientific data"),
    Kind("ZIP", _starts(b"PK\3\4"), None, "it is a ZIP archive, or a document that is one", "unpack it first"),
    Kind("archive", _starts(b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"Rar!"), None,
         "it is a compressed file", "decompress it first"),
    Kind("video", lambda head: _is_video(head), None, "it is a video", "save one of its frames as PNG"),
    # Kinds that a few plain numbers tell, after all that have a name in them.
    _pillow("DIB", _is_dib),
    _pillow("PCX", _is_pcx),
    _pillow("GIMP brush", _is_gimp_brush, "GBR"),
    _pillow("TGA", _is_tga),
)  # fmt: skip


def _is_video(head: bytes) -> bool:
    return (
        head[4:8] in (b"ftyp", b"moov", b"mdat")
        or head.startswith((b"\x1aE\xdf\xa3", b"OggS", b"FLV\1", b"\0\0\1\xba", b"\0\0\1\xb3"))
        or _riff(b"AVI ")(head)
    )
