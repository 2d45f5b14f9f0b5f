"""What each container says about colours, through `images.load`: right values, and which signal counts."""

import io
import struct

import imagecodecs
import numpy as np
import PIL.Image
import pytest
from colour_files import (
    ADOBE_RGB_PROFILE,
    BT2020_TO_SRGB,
    P3_CHROMATICITIES,
    PATCHES,
    PICTURE,
    SRGB_CHROMATICITIES,
    adobe_rgb,
    bmp,
    box,
    display_p3,
    jp2,
    linear,
    patches_of,
    png,
    profile_chunk,
    saved,
    srgb,
)

from daub.codec.images import from_pillow, load
from daub.codec.images.colour.containers import signals_of
from daub.codec.images.colour.declared import GAIN_MAP
from daub.codec.images.colour.signals import SRGB

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")

STORED = PATCHES / 255
EXACT = PATCHES / np.float32(255)
_LOSSY = {"quality": 100, "subsampling": "4:4:4"}
BEST = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}, "JPEG": _LOSSY, "AVIF": _LOSSY}
LOSS = {"PNG": 0, "TIFF": 0, "WEBP": 0, "JPEG": 3, "AVIF": 3}  # steps of 8 bits
ADOBE_RGB, P3 = adobe_rgb(STORED), display_p3(STORED)
SRGB_CHUNK, P3_CHUNK = (b"sRGB", b"\0"), (b"cICP", bytes((12, 13, 0, 1)))


def gamma(value: float) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", round(100_000 * value))


def check(data: bytes, expected: np.ndarray, *said: str, tolerance: float = 1) -> None:
    """Hold the patches of a file against colours, `tolerance` in steps of 8 bits; and count and content of notices."""
    image = load(data)
    np.testing.assert_allclose(patches_of(image), expected, atol=tolerance / 255)
    assert len(image.notices) == len(said), image.notices
    for notice, part in zip(image.notices, said, strict=True):
        assert part in notice


def check_exact(data: bytes, *said: str) -> None:
    assert np.array_equal(patches_of(load(data)), EXACT)
    check(data, EXACT, *said)


# PNG


@pytest.mark.parametrize(
    "chunks, expected, said",
    [
        ([P3_CHUNK], P3, "Display P3"),
        ([P3_CHUNK, profile_chunk(ADOBE_RGB_PROFILE), SRGB_CHUNK], P3, "Display P3"),
        ([profile_chunk(ADOBE_RGB_PROFILE), gamma(1), P3_CHROMATICITIES], ADOBE_RGB, "Adobe RGB"),
        (
            [gamma(0.45455), P3_CHROMATICITIES],
            display_p3(srgb(STORED**2.2)),
            "Display P3 with the transfer function gam",
        ),
        ([P3_CHROMATICITIES], P3, "Display P3"),
        ([gamma(1)], srgb(STORED), "linear sRGB"),
        ([gamma(1 / 1.8)], srgb(STORED**1.8), "sRGB with the transfer function gamma 1.8"),
        ([(b"cICP", bytes((9, 14, 0, 1)))], None, "BT.2020"),
    ],
)
def test_png(chunks, expected, said):
    if expected is None:
        alpha, beta = 1.099296826809442, 0.018053968510807
        light = np.where(4.5 * beta > STORED, STORED / 4.5, ((STORED + alpha - 1) / alpha) ** (1 / 0.45))
        expected = srgb(light @ BT2020_TO_SRGB.T)
    check(png(*chunks), expected, said)


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"cICP", bytes((1, 13, 0, 1))), profile_chunk(ADOBE_RGB_PROFILE)],
        [SRGB_CHUNK, gamma(1), P3_CHROMATICITIES],
        [SRGB_CHUNK, gamma(0.45455), SRGB_CHROMATICITIES],
        [gamma(0.45455), SRGB_CHROMATICITIES],
        [gamma(0.45455)],
        [SRGB_CHROMATICITIES],
        [(b"cICP", bytes((2, 2, 0, 1)))],
        [],
    ],
)
def test_png_that_is_srgb_stays_exact(chunks):
    check_exact(png(*chunks))
    deep = PICTURE.astype(np.uint16) * 257 + 3
    assert np.array_equal(load(png(*chunks, samples=deep)).pixels, deep / np.float32(65535))


@pytest.mark.parametrize(
    "chunk, said",
    [
        ((b"cICP", bytes((1, 13, 1, 1))), "cICP chunk is passed over (its matrix coefficients are 1"),
        ((b"cICP", bytes((3, 13, 0, 1))), "cICP chunk is passed over (no standard defines the code points 3 and 13"),
        ((b"cICP", bytes(3)), "cICP chunk is damaged"),
        ((b"gAMA", bytes(4)), "gAMA or cHRM chunk is passed over (a gamma of 0"),
        ((b"gAMA", struct.pack(">I", 1)), "a gamma of 1e+05 makes no sense"),
        ((b"cHRM", bytes(32)), "chromaticities make no sense"),
        ((b"gmAP", bytes(9)), "gain map was left out"),
        ((b"iCCP", b"x\0\0damaged"), "its colour profile is damaged"),
    ],
)
def test_png_with_chunks_of_no_use(chunk, said):
    check_exact(png(chunk), said)


def test_png_in_the_range_of_television():
    """H.273, equation 27: 16 is black, 235 white at 8 bits."""
    narrow = np.round(16 + 219 * (PICTURE / 255)).astype(np.uint8)
    cicp = (b"cICP", bytes((1, 13, 0, 0)))
    check(png(cicp, samples=narrow), STORED, "from sRGB in the range of television", tolerance=0.6)
    deep = np.round((16 + 219 * (PICTURE / 255)) * 256).astype(np.uint16)
    check(png(cicp, samples=deep), STORED, "sRGB", tolerance=0.01)


def test_png_states_how_bright_it_is():
    cicp, white = (b"cICP", bytes((9, 16, 0, 1))), PICTURE * 0 + 255
    level = b"cLLI", struct.pack(">II", 600 * 10000, 0)
    mastering = b"mDCV", bytes(16) + struct.pack(">II", 4000 * 10000, 0)
    assert "up to 600 cd/m2" in load(png(cicp, level, mastering, samples=white)).notices[0]
    assert "up to 600 cd/m2" in load(png(cicp, (b"cLLi", level[1]), samples=white)).notices[0]  # of a draft
    assert "up to 4000 cd/m2" in load(png(cicp, mastering, samples=white)).notices[0]
    assert "up to 10000 cd/m2" in load(png(cicp, samples=white)).notices[0]


@pytest.mark.parametrize("samples", [PICTURE[..., :1], PICTURE[..., :1].astype(np.uint16) * 257])
def test_png_of_grey(samples):
    expected = np.repeat(STORED[:, :1], 3, 1)
    check(png(gamma(1), samples=samples), srgb(expected), "linear")
    check(png(P3_CHUNK, samples=samples), expected, tolerance=1e-4)


def test_png_that_pillow_has_opened():
    """Of such a picture only what Pillow keeps is known: no cICP."""
    for chunks, expected in [([gamma(1)], srgb(STORED)), ([P3_CHROMATICITIES], P3), ([SRGB_CHUNK, gamma(1)], STORED)]:
        with PIL.Image.open(io.BytesIO(png(*chunks))) as opened:
            np.testing.assert_allclose(patches_of(from_pillow(opened)), expected, atol=1 / 255)
    odd = PIL.Image.fromarray(PICTURE)
    odd.info["gamma"] = 0
    assert np.array_equal(from_pillow(odd).pixels, PICTURE / np.float32(255))


def test_icon_with_a_png():
    """ICO and ICNS hold whole PNG files, with their colours."""
    inner = png(P3_CHUNK, samples=PICTURE)
    icon = struct.pack("<HHHBBBBHHII", 0, 1, 1, 48, 8, 0, 0, 1, 32, len(inner), 22) + inner
    check(icon, P3, "Display P3")
    check(b"icns" + struct.pack(">I", 16 + len(inner)) + b"ic07" + struct.pack(">I", 8 + len(inner)) + inner, P3, "P3")


def test_png_with_a_palette():
    palette = PIL.Image.fromarray(PICTURE).quantize(6)
    file = io.BytesIO()
    palette.save(file, "PNG", icc_profile=ADOBE_RGB_PROFILE)
    check(file.getvalue(), ADOBE_RGB, "Adobe RGB")


# AVIF


@pytest.mark.parametrize(
    "primaries, transfer, expected, said",
    [
        (12, 13, P3, "Display P3"),
        (1, 8, srgb(STORED), "linear sRGB"),
        (12, 4, display_p3(srgb(STORED**2.2)), "P3 with"),
    ],
)
def test_avif_code_points(primaries, transfer, expected, said):
    data = imagecodecs.avif_encode(PICTURE, level=100, primaries=primaries, transfer=transfer, matrix=0)
    check(bytes(data), expected, said)


@pytest.mark.parametrize("matrix, tolerance", [(0, 0), (1, 2), (5, 2), (6, 2), (8, 2), (9, 2)])
def test_avif_is_decoded_by_its_matrix(matrix, tolerance):
    data = imagecodecs.avif_encode(PICTURE, level=99 if matrix else 100, primaries=1, transfer=13, matrix=matrix)
    check(bytes(data), STORED, tolerance=tolerance + 1e-4)


def test_avif_of_limited_range():
    check(saved("AVIF", range="limited", quality=100, subsampling="4:4:4"), STORED, tolerance=3)


def test_avif_of_grey():
    data = imagecodecs.avif_encode(PICTURE[..., 0], level=100, primaries=12, transfer=8)
    check(bytes(data), srgb(np.repeat(STORED[:, :1], 3, 1)), "the transfer function linear", tolerance=1.5)


def nclx_of(data: bytes) -> int:
    return data.index(b"colrnclx") + 8


def with_code_points(data: bytes, primaries: int, transfer: int) -> bytes:
    """The same AVIF file with other numbers in its nclx property."""
    at = nclx_of(data)
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def test_avif_with_a_profile_and_code_points():
    """Code points count first, save those of sRGB, which encoders put beside a profile for the matrix alone."""
    data = saved("AVIF", quality=100, subsampling="4:4:4", icc_profile=ADOBE_RGB_PROFILE)
    check(data, ADOBE_RGB, "Adobe RGB", tolerance=3)
    check(with_code_points(data, 1, 13), ADOBE_RGB, "Adobe RGB", tolerance=3)
    check(with_code_points(data, 12, 13), P3, "Display P3", tolerance=3)
    assert "HDR" in load(with_code_points(data, 9, 16)).notices[0]
    check(with_code_points(data, 3, 13), ADOBE_RGB, "nclx colour property is passed over", "Adobe RGB", tolerance=3)


@pytest.mark.parametrize("primaries, expected, said", [(12, P3, ["Display P3"]), (2, STORED, [])])
def test_avif_without_a_colour_property(primaries, expected, said):
    """The sequence header of AV1 has the code points as well."""
    transfer = 13 if primaries == 12 else 2
    data = bytes(imagecodecs.avif_encode(PICTURE, level=100, primaries=primaries, transfer=transfer, matrix=0))
    check(data.replace(b"colrnclx", b"freenclx"), expected, *said)


def test_avif_sequence_without_a_colour_property():
    """Its sequence header has all the fields that a single picture leaves out."""
    frames = [PIL.Image.fromarray(PICTURE), PIL.Image.fromarray(PICTURE[::-1])]
    file = io.BytesIO()
    frames[0].save(file, "AVIF", save_all=True, append_images=frames[1:])
    data = file.getvalue()
    signals, _ = signals_of("AVIF", io.BytesIO(data.replace(b"colrnclx", b"freenclx")), ())
    assert signals_of("AVIF", io.BytesIO(data), ())[0] == signals == (SRGB,)


def test_avif_with_a_gain_map():
    """ISO 21496-1: an item of type tmap."""
    data = saved("AVIF")
    assert load(data).notices == ()
    _, notices = signals_of("AVIF", io.BytesIO(data.replace(b"av01Color", b"tmapColor")), ())
    assert notices == [GAIN_MAP]


# JPEG 2000


def enumerated(number: int) -> bytes:
    return b"\1\0\0" + struct.pack(">I", number)


def by_profile(profile: bytes, method: int = 2) -> bytes:
    return bytes((method, 0, 0)) + profile


@pytest.mark.parametrize("specifications", [[enumerated(16)], [enumerated(16), enumerated(99)], []])
def test_jpeg_2000_that_is_srgb(specifications):
    said = ["it is of the unknown number 99"] if len(specifications) > 1 else []
    check_exact(jp2(*specifications), *said)
    assert np.array_equal(patches_of(load(jp2(enumerated(17), samples=PICTURE[..., 0]))), EXACT[:, [0, 0, 0]])


@pytest.mark.parametrize("method", [2, 3])
def test_jpeg_2000_with_a_profile(method):
    check(jp2(by_profile(ADOBE_RGB_PROFILE, method)), ADOBE_RGB, "Adobe RGB")
    check(jp2(by_profile(ADOBE_RGB_PROFILE, method), enumerated(16)), ADOBE_RGB, "Adobe RGB")


def test_jpeg_2000_of_romm_rgb():
    """ISO 22028-2, annex B: primaries, D50 and the curve; the matrix to sRGB by Bradford."""
    light = np.where(STORED < 1 / 32, STORED / 16, STORED**1.8)
    to_srgb = [[2.0343, -0.7276, -0.3067], [-0.2288, 1.2317, -0.0029], [-0.0085, -0.1532, 1.1618]]
    check(jp2(enumerated(21)), srgb(light @ np.transpose(to_srgb)), "ROMM RGB")


def test_jpeg_2000_of_extended_srgb():
    samples = (PICTURE / 255.0 * (255 * 2**7) + 3 * 2**13).round().astype(np.uint16)
    check(jp2(enumerated(20), samples=samples), STORED, "e-sRGB", tolerance=0.02)


def test_jpeg_2000_with_code_points():
    check(jp2(b"\5\0\0" + struct.pack(">HHHB", 12, 13, 0, 0x80)), P3, "Display P3")


@pytest.mark.parametrize(
    "specification, said",
    [(enumerated(14), "CIELab"), (b"\4\0\0" + bytes(20), "the unknown method 4")],
)
def test_jpeg_2000_of_no_use(specification, said):
    check_exact(jp2(specification), said)


@pytest.mark.parametrize("deviation", [0, 1])
def test_jpeg_2000_of_sycc(deviation):
    """IEC 61966-2-1, amendment 1: the matrix of BT.601, in full range; the decoder applies it."""
    to_ycc = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    ycc = np.clip(np.round(PICTURE @ to_ycc.T + [0, 128, 128]), 0, 255).astype(np.uint8)
    check(jp2(*[enumerated(18)] * (1 + deviation), samples=ycc), STORED, tolerance=1.5)


# QOI


def test_qoi():
    """Its colour space byte is "purely informative" by the specification, and 1 (linear) by mistake in many files."""
    data = bytes(imagecodecs.qoi_encode(PICTURE))
    check_exact(data[:13] + b"\0" + data[14:])
    check_exact(data[:13] + b"\1" + data[14:])


# BMP

P3_POINTS = (0.680, 0.320, 0.0, 0.265, 0.690, 0.045, 0.150, 0.060, 0.790)


def test_bmp():
    check(bmp(0x4D424544, profile=ADOBE_RGB_PROFILE), ADOBE_RGB, "Adobe RGB")
    check(
        bmp(0, P3_POINTS, (2.2, 2.2, 2.2)), display_p3(srgb(STORED**2.2)), "Display P3 with the transfer function gamma"
    )
    check(bmp(0, P3_POINTS, (1.8, 2.0, 2.6)), display_p3(srgb(STORED ** [1.8, 2.0, 2.6])), "calibrated RGB")
    in_xyz = np.transpose([[0.4866, 0.2657, 0.1982], [0.2290, 0.6917, 0.0793], [0.0, 0.0451, 1.0439]]).ravel()
    check(bmp(0, in_xyz, (2.2, 2.2, 2.2)), display_p3(srgb(STORED**2.2)), "gamma 2.2")


def test_bmp_without_a_file_header():
    """As the clipboard of Windows has it; the profile is counted from the header on."""
    check(bmp(0x4D424544, profile=ADOBE_RGB_PROFILE)[14:], ADOBE_RGB, "Adobe RGB")


def test_bmp_that_is_srgb():
    for space in (0x73524742, 0x57696E20, 0):
        check_exact(bmp(space))
    check_exact(bmp(0, (0.64, 0.33, 0.03, 0.3, 0.6, 0.1, 0.15, 0.06, 0.79), (2.2, 2.2, 2.2)))


def test_bmp_of_no_use():
    check_exact(bmp(0x4C494E4B, profile=b"C:\\profile.icm\0"), "its colour profile is another file")
    check_exact(bmp(77), "unknown number")
    check_exact(bmp(0, (0.5,) + (0,) * 8), "endpoints make no sense")
    check_exact(bmp(0x4D424544, profile=ADOBE_RGB_PROFILE)[:-200], "damaged or does not fit")


# EXIF and TIFF


def exif(space=None, index=None) -> bytes:
    tags = PIL.Image.Exif()
    if space is not None:
        tags.get_ifd(0x8769)[0xA001] = space
    if index is not None:
        tags.get_ifd(0x8769)[0xA005] = {1: index}
    return tags.tobytes()


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_exif(file_format):
    settings, loss = BEST[file_format], LOSS[file_format]
    by_index = [] if file_format == "TIFF" else [exif(65535, "R03")]  # Pillow writes no interoperability into TIFF
    for tags in [*by_index, exif(2)]:
        data = saved(file_format, exif=tags, **settings)
        if file_format == "AVIF":  # the code points of sRGB would count first
            data = with_code_points(data, 2, 2)
        check(data, ADOBE_RGB, "Adobe RGB (1998)", tolerance=1 + loss)
    for tags in (exif(1), exif(65535), exif(65535, "R98"), exif(1, "R03")):
        check(saved(file_format, exif=tags, **settings), STORED, tolerance=loss + 1e-4)
    profile = bytes(imagecodecs.cms_profile("srgb"))
    check(saved(file_format, exif=exif(2), icc_profile=profile, **settings), STORED, tolerance=loss + 1e-4)


def test_tiff_tags():
    """TIFF 6.0, section 20: chromaticities and transfer function."""
    white, corners = (0.3127, 0.3290), (0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
    check(saved("TIFF", tiffinfo={318: white, 319: corners}), display_p3(srgb(STORED**2.2)), "Display P3")
    curve = tuple(np.round(65535 * linear(np.arange(256) / 255)).astype(int).tolist())
    check(saved("TIFF", tiffinfo={318: white, 319: corners, 301: 3 * curve}), P3, "Display P3")
    check(saved("TIFF", tiffinfo={318: white, 319: corners, 301: curve}), P3, "Display P3")
    check(saved("TIFF", tiffinfo={318: white, 319: corners}, icc_profile=ADOBE_RGB_PROFILE), ADOBE_RGB, "Adobe RGB")
    check_exact(saved("TIFF", tiffinfo={318: white, 319: (0.64, 0.33, 0.3, 0.6, 0.15, 0.06)}))
    check_exact(saved("TIFF", tiffinfo={318: white, 319: (0.0,) * 6}), "passed over (its chromaticities make no sense")


# Profiles


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_a_profile(file_format):
    data = saved(file_format, icc_profile=ADOBE_RGB_PROFILE, **BEST[file_format])
    check(data, ADOBE_RGB, "Adobe RGB", tolerance=1 + LOSS[file_format])


@pytest.mark.parametrize("settings", [{}, {"compression": "jpeg", "quality": 100}, {"compression": "tiff_lzw"}])
def test_a_profile_of_a_tiff_in_ycbcr(settings):
    """libtiff makes RGB of it, in the space of the profile."""
    file = io.BytesIO()
    PIL.Image.fromarray(PICTURE).convert("YCbCr").save(file, "TIFF", icc_profile=ADOBE_RGB_PROFILE, **settings)
    check(file.getvalue(), ADOBE_RGB, "Adobe RGB", tolerance=4)


# Gain maps


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


# Damage


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["png", "avif", "jp2", "bmp", "jpeg"])
def test_damage_to_what_is_said_is_never_a_crash(kind, seed):
    """Reads the containers alone, without their pixels."""
    data, name = {
        "png": (png(P3_CHUNK, P3_CHROMATICITIES, gamma(1), profile_chunk(ADOBE_RGB_PROFILE)), "PNG"),
        "avif": (saved("AVIF", icc_profile=ADOBE_RGB_PROFILE), "AVIF"),
        "jp2": (jp2(by_profile(ADOBE_RGB_PROFILE), enumerated(20)), "JPEG 2000"),
        "bmp": (bmp(0, P3_POINTS, (2, 2, 2)), "BMP"),
        "jpeg": (saved("JPEG", icc_profile=ADOBE_RGB_PROFILE), "JPEG"),
    }[kind]
    rng = np.random.default_rng(seed)
    for _ in range(300):
        damaged = bytearray(data[: rng.integers(1, len(data)) if rng.random() < 0.3 else len(data)])
        for place in rng.integers(0, min(len(damaged), 700), 4):
            damaged[place] = rng.integers(256)
        signals, notices = signals_of(name, io.BytesIO(bytes(damaged)), ())
        assert isinstance(signals, tuple) and all(isinstance(notice, str) for notice in notices)


def test_a_box_that_never_ends():
    data = box(b"jP  ", b"\r\n\x87\n") + struct.pack(">I4sQ", 1, b"jp2h", 0) + bytes(20)
    assert signals_of("JPEG 2000", io.BytesIO(data), ()) == ((), [])


# HEIC, by the optional package


def heic(**settings) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the extra heic is not installed")
    file = io.BytesIO()
    opened = pillow_heif.from_pillow(PIL.Image.fromarray(PICTURE))
    if "icc_profile" in settings:
        opened.info["icc_profile"] = settings.pop("icc_profile")
        opened.info["icc_profile_type"] = "prof"
    opened.save(file, quality=-1, matrix_coefficients=0, chroma=444, **settings)
    return file.getvalue()


def test_heic():
    check(heic(color_primaries=12, transfer_characteristics=13), P3, "Display P3", tolerance=2)
    check(heic(color_primaries=1, transfer_characteristics=13), STORED, tolerance=2)
    check(heic(icc_profile=ADOBE_RGB_PROFILE), ADOBE_RGB, "Adobe RGB", tolerance=3)
    assert "HDR" in load(heic(color_primaries=9, transfer_characteristics=16)).notices[0]
