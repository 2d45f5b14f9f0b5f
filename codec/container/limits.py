"""What the format allows, what a reader believes, and how much work a rendering may be (FORMAT.md)."""

from __future__ import annotations

import math

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.symbols import LARGEST_OCTAVES, LARGEST_SHEAR, OCTAVE
from daub.render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, SHEAR, SUPPORT, Gaussians

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
LARGEST_WORK = 1 << 36  # pixels covered, summed over the Gaussians, of one rendering

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


def check_output(width: int, height: int, name: str = "the image") -> None:
    """Refuses a size that nothing is rendered at.

    Raises:
        DaubError: a side is shorter than a pixel or too long, or the area too large.
    """
    remedy = "choose a smaller size" if min(width, height) > 0 else "choose a larger size"
    check_size(width, height, f"{name} cannot be rendered at {width}x{height}", remedy)


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


def check_work(gaussians: Gaussians, width: int, height: int, name: str = "the image") -> None:
    """Refuses a rendering that would take minutes, before it starts.

    Raises:
        DaubError: too many pixels, or Gaussians that cover more than LARGEST_WORK pixels in all.
    """
    check_output(width, height, name)
    what = f"{name} cannot be rendered at {width}x{height}"
    if len(gaussians) * (width + 16) * (height + 16) <= LARGEST_WORK:
        return  # without a look at them: each may cover the whole picture
    # A row costs a whole vector of pixels and a Gaussian a whole band of rows, however thin it is.
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T
    reach_x = 2 * np.sqrt(SUPPORT) * l1 + 16
    reach_y = 2 * np.sqrt(SUPPORT) * l3 * np.sqrt(1 + gaussians.shear.astype(np.float64) ** 2) + 16
    work = (np.minimum(reach_x, width + 16) * np.minimum(reach_y, height + 16)).sum()
    if not work <= LARGEST_WORK:
        raise DaubError(what, "its Gaussians overlap beyond all measure", "choose a smaller size or another file")
