"""The compressed PLY of PlayCanvas: chunks of 256 Gaussians, whose numbers lie between limits of the chunk.

https://github.com/playcanvas/splat-transform, the writer of compressed PLY. A place and a log-scale have 11, 10 and 11
bits between the limits; a rotation the index of the largest of w, x, y, z and 10 bits for each of the others; a colour
8 bits for each channel between the limits, or absolute where there are none, and 8 bits of opacity.
"""

from __future__ import annotations

import math

import numpy as np

from daub.codec.scenes.claims import Refused, check_promise, from_largest, logit
from daub.codec.scenes.formats.ply_header import Header, columns, read_header, rows_of
from daub.codec.scenes.reading import done, part
from daub.render.splats.splats import C0, HARMONICS, Splats

CHUNK = 256  # Gaussians
_PARTS = 0.5, 0.65, 0.8  # of the reading, when harmonics, scales and places are there
PACKED = ("packed_position", "packed_rotation", "packed_scale", "packed_color")
_STEPS_OF_HARMONICS = 256  # from -4 to 4
WIDEST = 20.0  # of a log-scale: the writer goes no further


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """
    Raises:
        Refused: it is damaged.
    """
    header = read_header(data)
    rows = rows_of(data, header, "vertex")
    for name in PACKED:
        if name not in (rows.dtype.names or ()) or rows.dtype[name].kind != "u" or rows.dtype[name].itemsize != 4:
            raise Refused(f"it has chunks, and its Gaussians no property {name!r} of 32 bits")
    chunks = rows_of(data, header, "chunk")
    if len(chunks) * CHUNK < len(rows):
        raise Refused(f"its {len(rows):,} Gaussians need more chunks of {CHUNK} than its {len(chunks):,}")
    with part(0, _PARTS[0]):
        sh = _harmonics(data, header, len(rows))
    check_promise(len(rows), HARMONICS.index(sh.shape[1]))
    place, turn, scale, colour = (rows[name].astype(np.uint32) for name in PACKED)
    of = np.arange(len(rows)) // CHUNK

    def between(unit: np.ndarray, kind: str, axes: str) -> np.ndarray:
        table = columns(chunks, [f"{end}_{kind}{axis}" for end in ("min", "max") for axis in axes])
        low, high = table[:, : len(axes)][of], table[:, len(axes) :][of]
        return low + unit * (high - low)

    with np.errstate(over="ignore", invalid="ignore"):
        with part(*_PARTS[:2]):
            scales = np.clip(between(_three(scale), "scale_", "xyz"), -WIDEST, WIDEST)
        with part(*_PARTS[1:]):
            means = between(_three(place), "", "xyz")
        done(_PARTS[2])
        levels = np.stack([colour >> 24, colour >> 16 & 255, colour >> 8 & 255], axis=1) / np.float32(255)
        if "min_r" in chunks.dtype.names:
            with part(_PARTS[2], 1):
                levels = between(levels, "", "rgb")
        dc = (levels - np.float32(0.5)) / np.float32(C0)
    others = np.stack([turn >> 20 & 1023, turn >> 10 & 1023, turn & 1023], axis=1) / np.float32(1023)
    rotations = from_largest(turn >> 30, (others - np.float32(0.5)) * np.float32(math.sqrt(2)))
    return Splats(means, scales, rotations, logit((colour & 255) / 255), dc, sh), ()


def _three(packed: np.ndarray) -> np.ndarray:
    """(N, 3) in [0, 1] of 11, 10 and 11 bits, x the highest."""
    fields = [(packed >> 21) / 2047, (packed >> 11 & 1023) / 1023, (packed & 2047) / 2047]
    return np.stack(fields, axis=1).astype(np.float32)


def _harmonics(data: bytes, header: Header, count: int) -> np.ndarray:
    if not header.has("sh"):
        return np.empty((count, 0, 3), np.float32)
    rows = rows_of(data, header, "sh")
    number = len(rows.dtype.names)
    if len(rows) != count or number not in (3 * k for k in HARMONICS):
        raise Refused(f"it has {number} harmonics of {len(rows):,} Gaussians, of which there are {count:,}")
    steps = columns(rows, [f"f_rest_{k}" for k in range(number)])
    inner = (steps + np.float32(0.5)) / _STEPS_OF_HARMONICS  # the middle of a step, but for the outermost
    unit = np.where(steps == 0, 0, np.where(steps == _STEPS_OF_HARMONICS - 1, 1, inner))
    sh = np.float32(8) * (unit.astype(np.float32) - np.float32(0.5))
    return np.ascontiguousarray(sh.reshape(count, 3, number // 3).transpose(0, 2, 1))
