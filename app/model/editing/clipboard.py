"""Gaussians on the clipboard: those of one picture are put into another, in this window or in one of another program.

What lies there are the arrays of an .npz (`codec.editing.export`), and besides `around` (M, 8), all Gaussians that are
seen in a box around them, `corner` (2,) and `box` (2,), where that lay and its width and height, and the thing in it:
`region` (H, W) bool, or `chosen` (M,) bool, those by which it is seen.

>>> one = Gaussians.build([[4, 3]], [np.eye(2)], [[1, 0, 0]])
>>> np.array_equal(unpacked(packed(Drawing(one, 9, 7))).parameters, one.parameters)
True
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.codec.editing.export import npz
from daub.codec.errors import DaubError
from daub.render.gaussians import PARAMETERS, Gaussians

if TYPE_CHECKING:
    from daub.codec.editing.pasting import Thing

MOST = 4_000_000  # Gaussians
_MOST_PIXELS = 1 << 28  # of the box around a thing
_FARTHEST = 1 << 20  # pixels, of its corner


def packed(drawing: Drawing, thing: Thing | None = None) -> bytes:
    """What lies on the clipboard of them. Args: thing: what is seen of them, to be laid over a picture."""
    if thing is None:
        return npz(drawing)
    seen = {"chosen": thing.chosen} if thing.region is None else {"region": thing.region}
    around, corner, box = thing.drawing.gaussians.parameters, np.array(thing.corner), np.array(thing.drawing.size)
    return npz(drawing, around=around, corner=corner, box=box, **seen)


def unpacked(data: bytes) -> Gaussians:
    """What was put there; it may come from anywhere.

    Raises:
        DaubError: it is no such thing.
    """
    with _Arrays(data) as arrays:
        return arrays.gaussians("parameters")


def thing_of(data: bytes) -> Thing:
    """The thing to be laid over a picture; where nobody says more, what is seen of the Gaussians. Raises: DaubError."""
    from daub.codec.editing.pasting import Thing

    with _Arrays(data) as arrays:
        if "around" not in arrays:
            return Thing(_drawing(arrays, "parameters", "size"), None)
        drawing, corner = _drawing(arrays, "around", "box"), tuple(arrays.numbers("corner", -_FARTHEST).tolist())
        if "region" not in arrays:
            return Thing(drawing, None, corner, arrays.marks("chosen", (len(drawing),)))
        region = arrays.marks("region", drawing.size[::-1])
        _refuse(not region.any())
        return Thing(drawing, region, corner)


def _drawing(arrays: _Arrays, gaussians: str, size: str) -> Drawing:
    width, height = arrays.numbers(size, 1).tolist()
    _refuse(width * height > _MOST_PIXELS)
    return Drawing(arrays.gaussians(gaussians), width, height)


class _Arrays:
    """Of the clipboard, as a context."""

    def __init__(self, data: bytes):
        try:
            self._file = np.load(io.BytesIO(data), allow_pickle=False)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise _nothing(error) from error

    def __enter__(self) -> _Arrays:
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self._file, "close"):  # an .npy is an array by itself
            self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._file

    def get(self, name: str) -> np.ndarray:
        """One of them."""
        try:
            return self._file[name]
        except (OSError, KeyError, ValueError, IndexError, EOFError, zipfile.BadZipFile) as error:
            raise _nothing(error) from error

    def gaussians(self, name: str) -> Gaussians:
        """(N, 8) that can be drawn."""
        found = self.get(name)
        _refuse(found.dtype.kind != "f" or found.ndim != 2 or found.shape[1] != PARAMETERS or len(found) > MOST)
        parameters = np.ascontiguousarray(found, np.float32)
        _refuse(not np.isfinite(parameters).all())
        return Gaussians(parameters)

    def numbers(self, name: str, least: int) -> np.ndarray:
        """(2,) whole numbers, from `least` to _FARTHEST."""
        found = self.get(name)
        _refuse(found.dtype.kind not in "iu" or found.shape != (2,))
        _refuse((found < least).any() or (found > _FARTHEST).any())
        return found.astype(np.int64)

    def marks(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """Of that shape, bool."""
        found = self.get(name)
        _refuse(found.dtype != bool or found.shape != shape)
        return found


def _refuse(is_odd: bool) -> None:
    if is_odd:
        raise _nothing("they cannot be drawn")


def _nothing(why: object) -> DaubError:
    return DaubError("nothing can be pasted", f"the clipboard holds no Gaussians ({why})", "copy again")
