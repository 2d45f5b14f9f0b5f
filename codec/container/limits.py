"""What the format allows, what a reader believes, and how much is decoded unasked (FORMAT.md).

A reader's memory follows from these, whatever a file claims: up to 350 bytes for each Gaussian, of which there are at
most GAUSSIANS_PER_BYTE for each byte of the payload, and 8 for each cell of the grid, besides the picture itself.
"""

from __future__ import annotations

import math

import numpy as np

from daub.codec.errors import DaubError, Large
from daub.codec.symbols import LARGEST_OCTAVES, LARGEST_SHEAR, OCTAVE
from daub.render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, SHEAR, SUPPORT, Gaussians
from daub.render.strips import Region

LARGEST_SIDE = 1 << 20  # pixels
LARGEST_AREA = 1 << 28  # pixels
LARGEST_COUNT = 1 << 24  # Gaussians in a file
LARGEST_CELLS = 1 << 24  # cells of the grid that carries their positions
LARGEST_CELL_LOG2 = 20  # log2 of the side of a cell, pixels

# A payload that claims more than its bytes may hold is refused before anything is allocated.
GAUSSIANS_PER_BYTE = 2
CELLS_PER_BYTE, FREE_CELLS = 1024, 4096  # cells that a payload may claim for each byte, and besides

# Of a method, whose numbers no quantiser of ours bounds: what no image needs, and no renderer has to survive.
LARGEST_MEAN = 1 << 22  # pixels
LARGEST_LOG_SCALE = LARGEST_OCTAVES / OCTAVE * math.log(2)  # nepers
LARGEST_COEFFICIENT = 1 << 32
LARGEST_FILTER_VARIANCE = 1 << 16  # pixels^2
LARGEST_SYMBOLS = 16  # symbols of one Gaussian

LARGEST_FILE = 1 << 30  # bytes: more are refused unread

# What is decoded unasked: more than nearly every photo needs, and at most a gigabyte and some seconds. A file of a few
# bytes can claim far more, which is done only for who says that it is meant.
LARGE_AREA = 1 << 27  # pixels of a rendering
LARGE_COUNT = 1 << 22  # Gaussians in a file
LARGE_WORK = 1 << 34  # pairs of a pixel and a Gaussian that covers it, of a rendering

REMEDY = "get the file again or encode it again"  # of whatever is damaged


def check_size(width: int, height: int, what: str, remedy: str = REMEDY) -> None:
    """Refuses an image that the format cannot hold.

    Args:
        what: failed, the beginning of the error.
        remedy: what to do about it.

    Raises:
        DaubError: a side or the area is outside the format.
    """
    if width < 1 or height < 1:
        raise DaubError(what, f"a side of {width}x{height} is shorter than one pixel", remedy)
    if max(width, height) > LARGEST_SIDE:
        raise DaubError(what, f"a side of {width}x{height} is longer than {LARGEST_SIDE} pixels", remedy)
    if width * height > LARGEST_AREA:
        why = f"{width}x{height} are {width * height / 1e6:.1f} megapixels and the most are {LARGEST_AREA / 1e6:.1f}"
        raise DaubError(what, why, remedy)


def check_image(width: int, height: int) -> None:
    """Refuses an image that no file can be made of.

    Raises:
        DaubError: a side or the area is outside the format.
    """
    check_size(width, height, f"an image of {width}x{height} cannot be encoded", "reduce it")


def check_output(width: int, height: int, name: str = "the image", large: bool = False) -> None:
    """Refuses a size that nothing is rendered at, or nothing unasked.

    Args:
        large: it is asked for.

    Raises:
        DaubError: a side is shorter than a pixel or too long, or the area too large.
        Large: more than LARGE_AREA pixels.
    """
    what = f"{name} cannot be rendered at {width}x{height}"
    check_size(width, height, what, "choose a smaller size" if min(width, height) > 0 else "choose a larger size")
    if not large and width * height > LARGE_AREA:
        why = f"{width * height / 1e6:.1f} megapixels are more than the {LARGE_AREA / 1e6:.1f} that are decoded unasked"
        raise Large(what, why)


def check_region(region: Region, width: int, height: int, name: str = "the image") -> None:
    """Refuses a region that does not lie inside a picture of width x height pixels.

    Raises:
        DaubError: it does not, or a side of the whole picture is too long.
    """
    what = f"{name} cannot be rendered in the region {','.join(map(str, region))}"
    if max(width, height) > LARGEST_SIDE:
        why = f"a side of the whole picture, {width}x{height}, is longer than {LARGEST_SIDE} pixels"
        raise DaubError(what, why, "choose a smaller size")
    if min(region.x, region.y) < 0 or min(region[2:]) < 1 or region.right > width or region.bottom > height:
        raise DaubError(what, f"the picture has {width}x{height} pixels", "choose a part of it")


def check_count(count: int, largest: int, size: int, what: str) -> None:
    """Refuses a payload that claims more Gaussians than a reader believes.

    Args:
        largest: the most Gaussians that such a payload may hold, whatever its size.
        size: bytes of the payload.
        what: failed, the beginning of the error.

    Raises:
        DaubError: it claims more.
    """
    if count > min(largest, GAUSSIANS_PER_BYTE * size):
        raise DaubError(what, f"{count} Gaussians do not fit in {size} bytes", REMEDY)


def check_cells(cells: int, size: int, what: str) -> None:
    """Likewise one of `size` bytes that claims more cells of the grid."""
    if cells > min(LARGEST_CELLS, FREE_CELLS + CELLS_PER_BYTE * size):
        raise DaubError(what, f"{cells} cells do not fit in {size} bytes", REMEDY)


def bytes_to_claim(count: int, cells: int = 0) -> int:
    """The bytes that a payload needs to be believed: Gaussians or cells all alike may be coded in fewer."""
    return max(-(-count // GAUSSIANS_PER_BYTE), -(-(cells - FREE_CELLS) // CELLS_PER_BYTE))


def is_sane(gaussians: Gaussians) -> bool:
    """Whether all parameters are finite and of a magnitude that every renderer survives."""
    parameters = gaussians.parameters
    limits = np.empty(parameters.shape[1])
    limits[MEAN], limits[LOG_SCALE], limits[SHEAR] = LARGEST_MEAN, LARGEST_LOG_SCALE, LARGEST_SHEAR
    limits[COEFFICIENT] = LARGEST_COEFFICIENT
    return bool((np.abs(parameters) <= limits).all())  # a NaN is not


def check_large_count(count: int, what: str) -> None:
    """Refuses more Gaussians than are decoded unasked.

    Args:
        what: failed, the beginning of the error.

    Raises:
        Large: there are more.
    """
    if count > LARGE_COUNT:
        why = f"its {count:,} Gaussians are more than the {LARGE_COUNT:,} that are decoded unasked"
        raise Large(what, why, size_helps=False)


def check_work(gaussians: Gaussians, width: int, height: int, name: str = "the image", large: bool = False) -> None:
    """Refuses a rendering that is not possible, or takes gigabytes or minutes unasked, before it starts.

    Args:
        large: it is asked for, however much work it is.

    Raises:
        DaubError: as `check_output`.
        Large: likewise, or the Gaussians cover more than LARGE_WORK pixels in all.
    """
    check_output(width, height, name, large)
    if large or len(gaussians) * (width + 16) * (height + 16) <= LARGE_WORK:
        return  # without a look at them: each may cover the whole picture
    # A row costs a whole vector of pixels and a Gaussian a whole band of rows, however thin it is.
    work = pixels_covered(gaussians, width, height, margin=16)
    if not work <= LARGE_WORK:
        limit = f"more than the {LARGE_WORK / 1e9:,.0f} that are drawn unasked"
        why = f"its Gaussians cover {work / 1e9:,.0f} thousand megapixels, {limit}"
        raise Large(f"{name} cannot be rendered at {width}x{height}", why)


def pixels_covered(gaussians: Gaussians, width: int, height: int, margin: int) -> float:
    """The pixels in the bounding boxes of all Gaussians, each box wider and higher by a margin."""
    with np.errstate(over="ignore"):  # what is infinitely large reaches as far as the picture
        l1, l3 = np.exp(gaussians.log_scale).T
        reach_x = 2 * SUPPORT**0.5 * l1 + margin
        reach_y = 2 * SUPPORT**0.5 * l3 * np.sqrt(1 + gaussians.shear**2) + margin
    pixels = np.minimum(reach_x, width + margin) * np.minimum(reach_y, height + margin)
    return float(pixels.astype(np.float64).sum())
