"""The points of a COLMAP model, points3D.txt or points3D.bin: where they are, and of which colour.

https://colmap.github.io/format.html: in text a line has the number, X Y Z, R G B, the error and the track; a .bin has
the same with the length of the track before it.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np

from daub.codec.files import read_file
from daub.codec.scenes.claims import Refused

_LARGEST = 1 << 31  # bytes
_POINT = struct.Struct("<Q3d3BdQ")
_TRACK = 8  # bytes of a photo in a track


class Points(NamedTuple):
    """A cloud of them."""

    places: np.ndarray  # (N, 3) float64, the scene's lengths
    colours: np.ndarray  # (N, 3) float32, sRGB-encoded, 0 to 1


def read_points(folder: Path) -> Points | None:
    """Those of a model; None where it has none.

    Args:
        folder: of the model.

    Raises:
        Refused: the file is damaged.
        DaubError: it cannot be read.
    """
    for kind, read in (("bin", _of_bytes), ("txt", _of_text)):
        path = folder / f"points3D.{kind}"
        if path.is_file():
            places, colours = read(read_file(path, _LARGEST))
            good = np.isfinite(places).all(axis=1)
            if not good.any():
                return None
            return Points(places[good], colours[good] / np.float32(255))
    return None


def _of_text(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    rows = []
    for line in data.decode("utf-8", "replace").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words = line.split(maxsplit=8)[1:7]
        try:
            rows.append([float(word) for word in words])
            if len(words) < 6 or not all(0 <= level <= 255 for level in rows[-1][3:]):
                raise ValueError
        except ValueError:
            raise Refused(f"a line of points3D.txt is not understood: {line.strip()[:60]!r}") from None
    table = np.array(rows, np.float64).reshape(-1, 6)
    return table[:, :3], table[:, 3:].astype(np.float32)


def _of_bytes(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    places, colours = [], []
    position = 8
    try:
        (count,) = struct.unpack_from("<Q", data)
        if count > len(data) // _POINT.size:
            raise struct.error
        for _ in range(count):
            _, x, y, z, red, green, blue, _, track = _POINT.unpack_from(data, position)
            places.append((x, y, z))
            colours.append((red, green, blue))
            position += _POINT.size + _TRACK * track
    except struct.error:
        raise Refused("points3D.bin ends too early") from None
    return np.array(places, np.float64).reshape(-1, 3), np.array(colours, np.float32).reshape(-1, 3)
