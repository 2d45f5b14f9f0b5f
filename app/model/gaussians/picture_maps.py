"""Maps over the picture that belong to its Gaussians: how dense they lie, and where the bits of the file are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from daub.app.model.compare.colour_maps import SEQUENTIAL, table
from daub.app.model.gaussians.file_bits import FileBits
from daub.render.gaussians import Gaussians

_FINEST = 1024  # cells of the longer side of a map of density
_NEIGHBOURS = 1.5  # standard deviation of its blur, in distances between two Gaussians
_TAIL = 99.5  # percentile at the upper end of the map of colours


class MapKind(Enum):
    """Which map lies over the picture; the value is its title in the legend."""

    DENSITY = "Gaussians per 1000 px²"
    BITS = "Bits per pixel"


@dataclass(frozen=True, eq=False)
class PictureMap:
    """Numbers over the picture.

    Args:
        kind: what they are.
        values: (h, w) float32 on the pixels of the picture, or on larger cells that cover all of it.
        shares: (h, w) uint8, the same on the map of colours, 255 at its upper end.
        span: values at its ends.
        colours: (256, 3) uint8, that map.
        aside: what of it is nowhere on the picture, in words; "" for nothing.
    """

    kind: MapKind
    values: np.ndarray
    shares: np.ndarray
    span: tuple[float, float]
    colours: np.ndarray
    aside: str = ""

    @staticmethod
    def of(kind: MapKind, values: np.ndarray, aside: str = "") -> PictureMap:
        """With colours for these values, from 0 to all but the very largest."""
        high = float(np.percentile(values, _TAIL)) or float(values.max()) or 1.0
        shares = np.clip(values * (255 / high) + 0.5, 0, 255).astype(np.uint8)
        return PictureMap(kind, values.astype(np.float32), shares, (0.0, high), table(SEQUENTIAL), aside)


def map_of(bits: FileBits) -> PictureMap:
    """Where the bits of a file are, and in words how many are nowhere on the picture."""
    account = bits.account
    rest = account.rest_of(len(bits.document.to_bytes())) / 8
    aside = f"and {rest:,.0f} bytes of header and the like"
    if account.given_back:
        saved = account.given_back / 8
        aside = f"and {rest:,.0f} bytes of side information; {saved:,.0f} are saved by keeping no order"
    return PictureMap.of(MapKind.BITS, bits.per_pixel, aside)


def density_of(gaussians: Gaussians, width: int, height: int) -> PictureMap:
    """How many centres there are, smoothed over some neighbours. Runs beside the window."""
    from scipy import ndimage

    cell = max(1.0, max(width, height) / _FINEST)
    shape = max(1, round(height / cell)), max(1, round(width / cell))
    column, row = ((gaussians.mean + 0.5) / [width, height] * shape[::-1]).astype(np.float64).T
    inside = (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
    at = row[inside].astype(np.intp) * shape[1] + column[inside].astype(np.intp)
    counts = np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    blur = _NEIGHBOURS * math.sqrt(width * height / max(len(gaussians), 1)) / cell
    blur = min(max(blur, 1.0), max(shape) / 4)
    ones = ndimage.gaussian_filter(np.ones(shape), blur, mode="constant")  # what of the filter is inside the picture
    smooth = ndimage.gaussian_filter(counts, blur, mode="constant") / ones
    area = (width / shape[1]) * (height / shape[0])  # pixels^2 of a cell
    return PictureMap.of(MapKind.DENSITY, 1000 * smooth / area)
