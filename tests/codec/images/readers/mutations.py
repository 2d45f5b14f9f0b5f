"""Damaged files of every kind that is read, and what becomes of them.

    python mutations.py KIND COUNT SEED

reads COUNT mutations of the files of a kind, and prints what took longest, what took most memory, and how many were
read all the same. Whatever a reader raises but `DaubError`, or takes more than the limits, ends it with status 1.
"""

from __future__ import annotations

import faulthandler
import io
import os
import random
import resource
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import imagecodecs
import numpy as np
import PIL.Image
from image_files import chunk, page, png, saved, tiff

from daub.codec.errors import DaubError
from daub.codec.images import load

PIXELS = 1_000_000  # the limit that the files are read with
SECONDS = 2.0
MEGABYTES = 128  # more than before, of which the picture and its samples take up to 44 bytes a pixel
_HANGS = 60  # seconds after which the process ends and says where it was

RGB = np.random.default_rng(1).integers(0, 256, (24, 40, 3), np.uint8)
RGB[4:20, 4:30] = (200, 120, 60)
RGBA = np.dstack([RGB, RGB[..., 0]])
DEEP = RGB.astype(np.uint16) * 257
EXIF = PIL.Image.Exif()
EXIF[0x0112] = 6
PROFILE = imagecodecs.cms_profile("rgb", gamma=2.0, primaries=(0.64, 0.33, 1, 0.3, 0.6, 1, 0.15, 0.06, 1),
                                  whitepoint=(0.3127, 0.329, 1))  # fmt: skip


def _pillow(file_format: str, *modes: str, **settings) -> list[bytes]:
    return [saved(PIL.Image.fromarray(RGB).convert(mode), file_format, **settings) for mode in modes or ("RGB",)]


def _gif() -> list[bytes]:
    frames = [PIL.Image.fromarray(RGB).quantize(16), PIL.Image.fromarray(255 - RGB).quantize(16)]
    animated = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=b"x" * 600, loop=3)
    return [animated, saved(frames[0], "GIF", transparency=2, interlace=1)]


def _tiff() -> list[bytes]:
    encode = imagecodecs.tiff_encode
    files = [bytes(encode(RGB, photometric="rgb", compression=name)) for name in ("lzw", "deflate", "webp", "zstd")]
    files += [bytes(encode(RGB, photometric="rgb", tile=(16, 16), compression="deflate", predictor=True))]
    files += [bytes(encode(np.ascontiguousarray(DEEP.transpose(2, 0, 1)), photometric="rgb", planarconfig="separate"))]
    files += [bytes(encode(DEEP.astype(np.float32), photometric="rgb", compression="lzw", predictor=True))]
    files += [bytes(encode(RGB, photometric="ycbcr", compression="jpeg"))]
    files += [saved(RGB, "TIFF", compression="jpeg", icc_profile=PROFILE, exif=EXIF)]
    files += [saved(PIL.Image.fromarray(RGB).convert(mode), "TIFF") for mode in ("P", "CMYK", "LAB", "1", "RGBA")]
    files += [saved(PIL.Image.fromarray(RGB).convert("1"), "TIFF", compression=name) for name in ("group3", "group4")]
    below = page(RGB, 2, t254=1, t330=[page(DEEP, 2)])
    return [*files, tiff(below, page(RGB, 2)), tiff(page(RGB[..., :1].tobytes(), 1, t256=80, t257=8, t258=12, t277=1))]


def _psd() -> list[bytes]:
    def file(depth: int, rows: bytes, compression: int, channels: int = 3) -> bytes:
        header = b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, 24, 40, depth, 3)
        resource_block = b"8BIM" + struct.pack(">HxxI", 1039, len(PROFILE)) + PROFILE + bytes(len(PROFILE) % 2)
        layers = struct.pack(">Ih", 2, -1) + bytes(4) if channels == 4 else b""
        blocks = [b"", resource_block, layers]
        return header + b"".join(struct.pack(">I", len(b)) + b for b in blocks) + struct.pack(">H", compression) + rows

    packed = [bytes(imagecodecs.packbits_encode(row.tobytes())) for row in RGBA.transpose(2, 0, 1).reshape(-1, 40)]
    counts = struct.pack(f">{len(packed)}H", *map(len, packed))
    deep = DEEP.transpose(2, 0, 1).astype(">u2").tobytes()
    return [file(16, deep, 0), file(8, counts + b"".join(packed), 1, 4), file(16, zlib.compress(deep), 2)]


def _netpbm() -> list[bytes]:
    light = (RGB / 255).astype("<f4").tobytes()
    plain = b"P3 # text\n40 24 1023\n" + " ".join(map(str, RGB.ravel())).encode()
    return [*_pillow("PPM", "RGB", "L", "1"), b"P6\n40 24\n1023\n" + DEEP.astype(">u2").tobytes(), plain,
            b"PF\n40 24\n-1.0\n" + light, b"Pf\n40 24\n-1.0\n" + light[: 40 * 24 * 4]]  # fmt: skip


def _heic() -> list[bytes]:
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(PIL.Image.fromarray(RGBA)).save(file, quality=50)
    return [file.getvalue()]


def _exr() -> list[bytes]:
    import tempfile

    import OpenEXR

    files = []
    for name in ("NO", "RLE", "ZIP", "PIZ", "PXR24", "B44", "DWAA"):
        with tempfile.NamedTemporaryFile(suffix=".exr") as file:
            header = {"compression": getattr(OpenEXR, f"{name}_COMPRESSION"), "type": OpenEXR.scanlineimage}
            OpenEXR.File(header, {"RGBA": (RGBA / 255).astype(np.float16)}).write(file.name)
            files.append(Path(file.name).read_bytes())
    return files


def _flic() -> list[bytes]:
    """A palette and the pixels as they are, and the pixels by lines of copies, ten of four to a line."""
    palette = struct.pack("<IHHBB", 6 + 4 + 768, 4, 1, 0, 0) + bytes(range(256)) * 3
    plain = palette + struct.pack("<IH", 6 + 960, 16) + bytes(960)
    lines = (b"\x0a" + bytes(n for number in range(10) for n in (4, number))) * 24
    packed = struct.pack("<IH", 6 + len(lines), 15) + lines
    header = struct.pack("<IHHHHHHI", 0, 0xAF12, 2, 40, 24, 8, 3, 50).ljust(128, b"\0")
    return [header + struct.pack("<IHH8x", 16 + len(part), 0xF1FA, n) + part for n, part in ((2, plain), (1, packed))]


def _jpeg() -> list[bytes]:
    frames = [PIL.Image.fromarray(RGB), PIL.Image.fromarray(255 - RGB)]
    files = [*_pillow("JPEG", "RGB", "L", "CMYK", progressive=True, exif=EXIF, icc_profile=PROFILE)]
    files += [
        *_pillow("JPEG", "RGB", restart_marker_rows=1),
        saved(frames[0], "MPO", save_all=True, append_images=frames),
    ]
    files += [imagecodecs.jpeg8_encode(DEEP >> 4, bitspersample=12), imagecodecs.jpeg8_encode(RGB, lossless=True)]
    return [bytes(file) for file in files]


def _png() -> list[bytes]:
    profile = b"x\0\0" + zlib.compress(PROFILE)
    deep = png(np.dstack([DEEP, DEEP[..., :1]]).astype(">u2"), 16, 6, iCCP=profile, gAMA=bytes(4))
    frames = [PIL.Image.fromarray(RGB), PIL.Image.fromarray(255 - RGB)]
    animated = saved(frames[0], "PNG", save_all=True, append_images=frames)
    return [*_pillow("PNG", "P", "RGB", "1", "I;16", exif=EXIF), deep, animated]


def _icns() -> bytes:
    """With a PNG and an old icon of 16x16: what Pillow writes begins with sizes beyond the limit here."""
    old = b"".join(bytes([127]) + bytes(range(128)) + bytes([127]) + bytes(128) for _ in range(3))
    blocks = [(b"ic07", saved(RGB, "PNG")), (b"is32", old), (b"s8mk", bytes(range(256)))]
    body = b"".join(kind + struct.pack(">I", 8 + len(block)) + block for kind, block in blocks)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def _jpeg_xl() -> list[bytes]:
    encode = imagecodecs.jpegxl_encode
    return [bytes(encode(values, lossless=lossless)) for values in (RGB, DEEP, RGBA) for lossless in (True, False)]


def _jpeg_2000() -> list[bytes]:
    encode = imagecodecs.jpeg2k_encode
    return [*_pillow("JPEG2000", "RGB", "RGBA"), *(bytes(encode(values, level=0)) for values in (RGBA, DEEP))]


def _others() -> list[bytes]:
    compressed = _pillow("DDS", "RGB", pixel_format="DXT1")
    plain = [*_pillow("DDS", "RGBA"), *_pillow("PCX", "RGB", "P"), *_pillow("SGI"), *_pillow("BLP", "P")]
    return [*compressed, *plain, *_pillow("MSP", "1"), *_pillow("XBM", "1"), *_by_hand()]


def _by_hand() -> list[bytes]:
    """Formats that Pillow reads and does not write: XPM, Sun raster, GIMP brush, FITS, and PCX in DCX."""
    xpm = b'/* XPM */\nstatic char *a[] = {\n"8 2 2 1",\n"a c #ff0000",\n"b c #0000ff",\n"aabbaabb",\n"bbaabbaa"\n};\n'
    sun = struct.pack(">8I", 0x59A66A95, 40, 24, 24, RGB.size, 1, 0, 0) + RGB.tobytes()
    packed = struct.pack(">8I", 0x59A66A95, 40, 24, 8, 96, 2, 0, 0) + bytes([128, 9, 77]) * 96
    brush = struct.pack(">7I", 32, 2, 40, 24, 1, 0x47494D50, 10) + b"dot\0" + RGB[..., 0].tobytes()
    cards = ("SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    2",
             "NAXIS1  =                   40", "NAXIS2  =                   24", "END")  # fmt: skip
    fits = "".join(card.ljust(80) for card in cards).ljust(2880).encode() + RGB[..., 0].tobytes()
    pages = struct.pack("<III", 0x3ADE68B1, 12, 0) + _pillow("PCX", "RGB")[0]
    return [xpm, sun, packed, brush, fits, pages]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "png": _png,
    "jpeg": _jpeg,
    "gif": _gif,
    "webp": lambda: [*_pillow("WEBP", "RGB", "RGBA", exif=EXIF), *_pillow("WEBP", "RGBA", lossless=True)],
    "jpeg xl": _jpeg_xl,
    "jpeg 2000": _jpeg_2000,
    "avif": lambda: [bytes(imagecodecs.avif_encode(DEEP >> 6, bitspersample=10)), *_pillow("AVIF", "RGBA", exif=EXIF)],
    "heic": _heic,
    "tiff": _tiff,
    "photoshop": _psd,
    "bmp": lambda: [*_pillow("BMP", "RGB", "L", "1"), *_pillow("DIB")],
    "icons": lambda: [*_pillow("ICO", "RGBA"), *_pillow("ICO", "RGB", bitmap_format="bmp"), _icns()],
    "netpbm": _netpbm,
    "qoi": lambda: [bytes(imagecodecs.qoi_encode(RGBA))],
    "radiance": lambda: [bytes(imagecodecs.rgbe_encode((RGB / 100).astype(np.float32), header=True))],
    "openexr": _exr,
    "fli": _flic,
    "tga": lambda: [*_pillow("TGA", "RGB", "P", compression="tga_rle"), *_pillow("TGA", "RGBA")],
    "others": _others,
}


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A file with one to eight faults: bits, bytes and numbers of other values, cuts, gaps and repetitions."""
    result = bytearray(data)
    early = rng.random() < 0.5  # headers are where readers trust
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        if not result:
            break
        at = rng.randrange(min(len(result), 200) if early else len(result))
        fault = rng.randrange(8)
        if fault == 0:
            result[at] ^= 1 << rng.randrange(8)
        elif fault == 1:
            result[at] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
        elif fault in (2, 3):
            number = rng.choice((0, 1, 2**31 - 1, 2**32 - 1, 65535, 1 << rng.randrange(32), rng.randrange(1 << 16)))
            result[at : at + 4] = struct.pack(rng.choice("<>") + "I", number)
        elif fault == 4:
            result[at : at + 2] = struct.pack(rng.choice("<>") + "H", rng.choice((0, 1, 65535, 1 << rng.randrange(16))))
        elif fault == 5 and rng.random() < 0.3:
            del result[at:]
        elif fault == 6:
            del result[at : at + rng.randrange(1, 40)]
        elif fault == 7:
            part = result[at : at + rng.randrange(1, 400)]
            result[at:at] = part * rng.choice((1, 1, 2, 50))
    return _with_checksums(bytes(result)) if rng.random() < 0.7 else bytes(result)


def _with_checksums(data: bytes) -> bytes:
    """A PNG file whose chunks have the right checksums again, so that readers go on; other files as they are."""
    if not data.startswith(b"\x89PNG"):
        return data
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        length = struct.unpack_from(">I", data, at)[0]
        if at + 12 + length > len(data):
            break
        parts.append(chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return b"".join([*parts, data[at:]])


def _peak() -> float:
    """Megabytes that the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _worked() -> float:
    """Seconds that the process and its children have worked: the time of a busy machine counts for nothing."""
    return sum(os.times()[:4])


def main(kind: str, count: int, seed: int) -> int:
    """Read mutations of a kind, and tell what came of it."""
    seeds = SEEDS[kind]()
    for data in seeds:  # which also loads what the reader needs
        load(data, max_pixels=PIXELS)
    rng, before, read, slowest, faults = random.Random(seed), _peak(), 0, 0.0, 0
    for number in range(count):
        data = mutated(rng.choice(seeds), rng)
        faulthandler.dump_traceback_later(_HANGS, exit=True)
        began, peak, problem = _worked(), _peak(), ""
        try:
            load(data, max_pixels=PIXELS)
            read += 1
        except DaubError as error:
            problem = "more than a line" if "\n" in str(error) else ""
        except Exception as error:
            problem = repr(error)
        took = _worked() - began
        slowest = max(slowest, took)
        if took > SECONDS:
            problem = f"{took:.1f} s"
        if _peak() > max(before + MEGABYTES, peak):
            problem = f"{_peak() - before:.0f} MB"
        if problem:
            faults += 1
            name = f"/tmp/mutation-{kind}-{seed}-{number}"
            Path(name).write_bytes(data)
            print(f"{name}: {problem}")
    faulthandler.cancel_dump_traceback_later()
    more = _peak() - before
    print(f"{kind}: {count} files, {read} read, at most {slowest:.2f} s and {more:.0f} MB more, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
