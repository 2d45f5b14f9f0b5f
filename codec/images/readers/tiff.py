"""TIFF and BigTIFF: which page is the picture, and what its samples mean."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
import PIL.Image

from daub.codec.images.colour.signals import Profile, Signal
from daub.codec.images.readers import cielab, exif_data, tiff_pixels
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.readers.scaling import scaled
from daub.codec.images.readers.tiff_directory import MAX_DIRECTORIES, Directory, Tag, TiffFile
from daub.codec.images.readers.tiff_pixels import Layout
from daub.codec.images.samples import ONE_OF_SEVERAL, WHITE, Samples, unpremultiplied, upright

_REDUCED, _TRANSPARENCY_MASK = 1, 4  # bits of NewSubfileType
_OLD_REDUCED = 2  # value of SubfileType
_COLOUR_FILTER_ARRAY, _LINEAR_RAW = 32803, 34892  # photometric interpretations of TIFF/EP and DNG
_PREMULTIPLIED, _ALPHA = 1, 2  # kinds of extra samples
_NOT_CMYK = 2  # an ink set


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The first page that is neither a reduced image nor a mask, upright."""
    tiff = TiffFile(file.read())
    page, notices = _picture(tiff)
    layout = tiff_pixels.layout_of(page)
    values = tiff_pixels.stored_samples(tiff, page, layout, limits)
    samples = _meaning(page, layout, values, notices)
    orientation = page.number(Tag.ORIENTATION, 1)
    samples.orientation = orientation if orientation in range(1, 9) else 1
    samples.values = upright(samples.values, samples.orientation)
    if layout.photometric not in (tiff_pixels.CIELAB, tiff_pixels.ICCLAB, *tiff_pixels.LOG_LIGHT):  # these are sRGB now
        samples.colour = _colour(file, tiff, page, samples.notices)
    return samples


def _colour(file: BinaryIO, tiff: TiffFile, page: Directory, notices: list[str]) -> tuple[Signal, ...]:
    """The profile of a page, and what its tags say."""
    profile = page.content(Tag.ICC_PROFILE)
    tags = PIL.Image.Exif()
    tags.endian, tags.bigtiff = tiff.order, tiff.big
    try:
        tags.load_from_fp(file, page.offset)
    except Exception:  # Pillow's parser raises anything, on tags that do not matter here
        tags = PIL.Image.Exif()
    return ((Profile(profile),) if profile else ()) + exif_data.colour(tags, notices)


def _picture(tiff: TiffFile) -> tuple[Directory, list[str]]:
    """The page to show, and what is to be said of that.

    Raises:
        Refused: it is camera raw.
        ValueError: it has no page.
    """
    pages = list(tiff.pages())
    if not pages:
        raise ValueError("it has no page")
    places = [at for page in pages for at in page.numbers(Tag.SUB_IFDS)]
    parts = [tiff.directory(at) for at in dict.fromkeys(places[: MAX_DIRECTORIES - len(pages)])]
    raw = (_COLOUR_FILTER_ARRAY, _LINEAR_RAW)
    if any(Tag.DNG_VERSION in page.tags or page.number(Tag.PHOTOMETRIC) in raw for page in [*pages, *parts]):
        why = "it is camera raw (DNG, NEF or the like), which is not a picture before it is developed"
        raise Refused(why, "export it as TIFF or PNG from a raw developer")
    whole = [page for page in pages if _is_whole(page)]
    if whole:
        return whole[0], [ONE_OF_SEVERAL] if len(whole) > 1 else []
    hidden = [page for page in parts if _is_whole(page)]
    if hidden:
        return max(hidden, key=_area), []
    return max(pages, key=_area), ["it holds nothing but a reduced image, which is used"]


def _is_whole(page: Directory) -> bool:
    """Whether a page is a picture at its full size."""
    kind = page.number(Tag.NEW_SUBFILE_TYPE)
    return not kind & (_REDUCED | _TRANSPARENCY_MASK) and page.number(Tag.SUBFILE_TYPE) != _OLD_REDUCED


def _area(page: Directory) -> int:
    return page.number(Tag.WIDTH) * page.number(Tag.LENGTH)


def _meaning(page: Directory, layout: Layout, values: np.ndarray, notices: list[str]) -> Samples:
    """Make grey, RGB or CMYK of stored numbers, with white where `Samples` has it, and alpha where there is any."""
    if layout.in_libtiffs_hands:
        if layout.photometric in tiff_pixels.LOG_LIGHT:
            notices.append("its light (LogLuv) was cut to 8 bits")
        return Samples(values, notices=notices)
    photometric, base = layout.photometric, _CHANNELS.get(layout.photometric)
    if base is None:
        raise Refused(f"it is a TIFF image of an unknown kind of colours ({photometric})", "save it as PNG")
    if values.shape[2] < base:
        raise ValueError(f"it has {values.shape[2]} channels where its colours need {base}")
    if photometric == tiff_pixels.CMYK and page.number(Tag.INK_SET, 1) == _NOT_CMYK:
        raise Refused("it is a TIFF image of other inks than CMYK, which is not read", "save it as RGB")
    colours, opacity, premultiplied = values[..., :base], None, False
    kinds = page.numbers(Tag.EXTRA_SAMPLES)
    if values.shape[2] > base:
        if kinds[:1] in ([_PREMULTIPLIED], [_ALPHA]):
            opacity, premultiplied = values[..., base : base + 1], kinds[0] == _PREMULTIPLIED
        if values.shape[2] > base + (opacity is not None):
            notices.append("its channels beside the colours were left out")
    if photometric == tiff_pixels.PALETTE:
        colours = _by_palette(page, layout, colours)
    elif photometric in (tiff_pixels.CIELAB, tiff_pixels.ICCLAB):
        colours = cielab.to_srgb(colours, layout.bits, photometric == tiff_pixels.ICCLAB, notices)
    else:
        colours = scaled(colours, layout.bits, notices)
    if photometric == tiff_pixels.GREY_FROM_WHITE:
        colours = WHITE[colours.dtype] - colours
    if opacity is None:
        return Samples(colours, notices=notices)
    opacity = scaled(opacity, layout.bits, [])
    if opacity.dtype != colours.dtype:
        opacity = opacity / np.float32(WHITE[opacity.dtype])
        colours = colours / np.float32(WHITE[colours.dtype])
    joined = np.concatenate([colours, opacity], 2)
    if premultiplied:
        joined = unpremultiplied(joined / np.float32(WHITE[joined.dtype]))
    return Samples(joined, True, notices=notices)


_CHANNELS = {
    tiff_pixels.GREY_FROM_WHITE: 1,
    tiff_pixels.GREY: 1,
    tiff_pixels.MASK: 1,
    tiff_pixels.PALETTE: 1,
    tiff_pixels.RGB: 3,
    tiff_pixels.YCBCR: 3,
    tiff_pixels.CIELAB: 3,
    tiff_pixels.ICCLAB: 3,
    tiff_pixels.CMYK: 4,
}


def _by_palette(page: Directory, layout: Layout, indices: np.ndarray) -> np.ndarray:
    """(H, W, 3) of the colours that (H, W, 1) numbers stand for; uint8 where the palette is widened from 8 bits."""
    palette = page.tags.get(Tag.COLOR_MAP, np.zeros(0, np.uint16)).astype(np.uint16)
    count = 1 << layout.bits
    if layout.bits > 16 or len(palette) < 3 * count:
        raise ValueError("its palette is incomplete")
    palette = palette[: 3 * count].reshape(3, count).T
    if palette.max() < 256:  # written by programs that took the entries for bytes
        return palette.astype(np.uint8)[indices[..., 0]]
    narrow = palette >> 8
    if np.array_equal(narrow * 257, palette) or np.array_equal(narrow << 8, palette):
        return narrow.astype(np.uint8)[indices[..., 0]]
    return palette[indices[..., 0]]
