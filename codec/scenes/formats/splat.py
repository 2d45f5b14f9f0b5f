"""`.splat` of https://github.com/antimatter15/splat: 32 bytes for each Gaussian, without a header or harmonics.

Place and scale are three float32 each, the scale itself and not its logarithm; then red, green, blue and opacity of
8 bits, and w, x, y, z of the quaternion as 128 + 128 q.
"""

from __future__ import annotations

import numpy as np

from daub.codec.scenes.claims import Refused, check_promise, logit
from daub.render.splats.splats import C0, Splats

_ROW = np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("rgba", "u1", 4), ("turn", "u1", 4)])


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """
    Raises:
        Refused: its size is not that of whole Gaussians.
    """
    if len(data) % _ROW.itemsize:
        raise Refused(f"its {len(data):,} bytes are no whole number of Gaussians of {_ROW.itemsize} bytes")
    check_promise(len(data) // _ROW.itemsize, 0)
    rows = np.frombuffer(data, _ROW)
    with np.errstate(divide="ignore", invalid="ignore"):  # a scale of 0 is a flat Gaussian; one below is told of later
        scales = np.log(rows["scale"])
    levels = rows["rgba"] / np.float32(255)
    return Splats(
        rows["place"].astype(np.float32), scales.astype(np.float32), (rows["turn"] - np.float32(128)) / np.float32(128),
        logit(levels[:, 3]), (levels[:, :3] - np.float32(0.5)) / np.float32(C0),
        np.empty((len(rows), 0, 3), np.float32),
    ), ()  # fmt: skip
