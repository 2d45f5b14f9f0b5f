"""Files that say something about their colours, made by the standards, and what to hold them against."""

from __future__ import annotations

import io
import struct
import zlib

import imagecodecs
import numpy as np
import PIL.Image

from daub.codec.images import load

PATCHES = np.uint8([(200, 120, 60), (60, 120, 200), (128, 128, 128), (255, 255, 255), (0, 0, 0), (20, 240, 30)])
PICTURE = np.repeat(np.repeat(PATCHES[None], 8, 0), 8, 1)  # (8, 48, 3): patches of 8 x 8
P3_TO_SRGB = np.array([[1.2249401, -0.2249402, 0.0], [-0.0420569, 1.0420571, 0.0], [-0.0196376, -0.0786361, 1.0982735]])
BT2020_TO_SRGB = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])
ADOBE_RGB_PROFILE = bytes(imagecodecs.cms_profile("adobergb"))


def srgb(linear):
    """IEC 61966-2-1."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def linear(encoded):
    """IEC 61966-2-1."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def display_p3(encoded):
    """SMPTE EG 432-1 with the curve of sRGB, to sRGB."""
    return srgb(linear(encoded) @ P3_TO_SRGB.T)


def adobe_rgb(encoded):
    """Adobe RGB (1998), section 4.3.1, to sRGB."""
    to_xyz = [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]]
    srgb_to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    return srgb(encoded ** (563 / 256) @ (np.linalg.inv(srgb_to_xyz) @ to_xyz).T)


def patches_of(image) -> np.ndarray:
    """(6, 3) colours in the middle of the patches."""
    return image.pixels[4, 4::8]


def saved(file_format, image=PICTURE, **settings) -> bytes:
    """A file by Pillow."""
    file = io.BytesIO()
    PIL.Image.fromarray(image).save(file, file_format, **settings)
    return file.getvalue()


def png(*chunks: tuple[bytes, bytes], samples=PICTURE) -> bytes:
    """A PNG with chunks of any content before the pixels."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    height, width, channels = samples.shape
    kind = {1: 0, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 8 * samples.itemsize, kind, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(row.dtype.newbyteorder(">")).tobytes() for row in samples)
    extra = b"".join(chunk(*each) for each in chunks)
    pixels = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + pixels + chunk(b"IEND", b"")


def profile_chunk(profile: bytes) -> tuple[bytes, bytes]:
    """iCCP."""
    return b"iCCP", b"profile\0\0" + zlib.compress(profile)


def chromaticities(white, red, green, blue) -> tuple[bytes, bytes]:
    """cHRM."""
    return b"cHRM", struct.pack(
        ">8I", *(round(100_000 * value) for point in (white, red, green, blue) for value in point)
    )


P3_CHROMATICITIES = chromaticities((0.3127, 0.3290), (0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
SRGB_CHROMATICITIES = chromaticities((0.3127, 0.3290), (0.640, 0.330), (0.300, 0.600), (0.150, 0.060))


def box(kind: bytes, *contents: bytes) -> bytes:
    """A box of ISO/IEC 14496-12 or 15444-1."""
    body = b"".join(contents)
    return struct.pack(">I", 8 + len(body)) + kind + body


def jp2(*specifications: bytes, samples=PICTURE) -> bytes:
    """A lossless JPEG 2000 file with colour specification boxes of these contents (method, precedence and so on)."""
    bits = 8 * samples.itemsize
    codestream = bytes(imagecodecs.jpeg2k_encode(samples, level=0, reversible=True, mct=False, codecformat="j2k"))
    header = struct.pack(">IIHBBBB", *samples.shape[:2], 1 if samples.ndim == 2 else 3, bits - 1, 7, 0, 0)
    colours = [box(b"colr", each) for each in specifications]
    start = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return start + box(b"jp2h", box(b"ihdr", header), *colours) + box(b"jp2c", codestream)


def bmp(space: int, endpoints=(0,) * 9, gammas=(0,) * 3, profile: bytes = b"") -> bytes:
    """A 24-bit BMP with a header of version 5: BITMAPV5HEADER, numbers of 2.30 and 16.16 bits."""
    rows = PICTURE[::-1, :, ::-1].tobytes()  # 144 bytes each, a multiple of four
    height, width, _ = PICTURE.shape
    header = struct.pack("<IiiHHIIiiII", 124, width, height, 1, 24, 0, len(rows), 2835, 2835, 0, 0)
    header += struct.pack("<4I", 0, 0, 0, 0) + struct.pack("<I", space)
    header += struct.pack("<12I", *(round(e * 2**30) for e in endpoints), *(round(g * 65536) for g in gammas))
    header += struct.pack("<4I", 4, 124 + len(rows) if profile else 0, len(profile), 0)
    size = 14 + len(header) + len(rows) + len(profile)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, 14 + len(header)) + header + rows + profile


P3_POINTS = (0.680, 0.320, 0.0, 0.265, 0.690, 0.045, 0.150, 0.060, 0.790)  # x, y and z of each
STORED = PATCHES / 255
EXACT = PATCHES / np.float32(255)
LOSSY = {"quality": 100, "subsampling": "4:4:4"}
BEST = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}, "JPEG": LOSSY, "AVIF": LOSSY}
LOSS = {"PNG": 0, "TIFF": 0, "WEBP": 0, "JPEG": 3, "AVIF": 3}  # steps of 8 bits
ADOBE_RGB, DISPLAY_P3 = adobe_rgb(STORED), display_p3(STORED)
SRGB_CHUNK, P3_CHUNK = (b"sRGB", b"\0"), (b"cICP", bytes((12, 13, 0, 1)))


def gamma(value: float) -> tuple[bytes, bytes]:
    """gAMA."""
    return b"gAMA", struct.pack(">I", round(100_000 * value))


def check(data: bytes, expected: np.ndarray, *said: str, tolerance: float = 1) -> None:
    """Hold the patches of a file against colours, `tolerance` in steps of 8 bits; and count and content of notices."""
    image = load(data)
    np.testing.assert_allclose(patches_of(image), expected, atol=tolerance / 255)
    assert len(image.notices) == len(said), image.notices
    for notice, part in zip(image.notices, said, strict=True):
        assert part in notice


def check_exact(data: bytes, *said: str) -> None:
    """Hold the patches against what is stored, bit by bit, and the notices."""
    assert np.array_equal(patches_of(load(data)), EXACT)
    check(data, EXACT, *said)


def with_code_points(data: bytes, primaries: int, transfer: int) -> bytes:
    """The same AVIF file with other numbers in its nclx property."""
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def colr_enumerated(number: int) -> bytes:
    """The content of a colour specification box of JPEG 2000: an enumerated space."""
    return b"\1\0\0" + struct.pack(">I", number)


def colr_profile(profile: bytes, method: int = 2) -> bytes:
    """The same with a profile, restricted (method 2) or any (3)."""
    return bytes((method, 0, 0)) + profile


def exif(space=None, index=None) -> bytes:
    """EXIF data with a ColorSpace and an InteroperabilityIndex."""
    tags = PIL.Image.Exif()
    if space is not None:
        tags.get_ifd(0x8769)[0xA001] = space
    if index is not None:
        tags.get_ifd(0x8769)[0xA005] = {1: index}
    return tags.tobytes()
