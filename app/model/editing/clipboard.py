"""Gaussians on the clipboard: those of one picture are put into another, in this window or in one of another program.

>>> one = Gaussians.build([[4, 3]], [np.eye(2)], [[1, 0, 0]])
>>> np.array_equal(unpacked(packed(Drawing(one, 9, 7))).parameters, one.parameters)
True
"""

from __future__ import annotations

import io
import zipfile

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.codec.editing.export import npz
from daub.codec.errors import DaubError
from daub.render.gaussians import PARAMETERS, Gaussians

MOST = 4_000_000  # Gaussians


def packed(drawing: Drawing) -> bytes:
    """What lies on the clipboard of them."""
    return npz(drawing)


def unpacked(data: bytes) -> Gaussians:
    """What was put there; it may come from anywhere.

    Raises:
        DaubError: it is no such thing.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            parameters = np.ascontiguousarray(arrays["parameters"], np.float32)
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DaubError("nothing can be pasted", f"the clipboard holds no Gaussians ({error})", "copy again") from error
    usable = parameters.ndim == 2 and parameters.shape[1] == PARAMETERS and len(parameters) <= MOST
    if not usable or not np.isfinite(parameters).all():
        raise DaubError("nothing can be pasted", "the clipboard holds no Gaussians that can be drawn", "copy again")
    return Gaussians(parameters)
