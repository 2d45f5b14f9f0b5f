"""Writes the compressed PLY of PlayCanvas: Morton order, chunks of 256 with their limits of all but rotations."""

from __future__ import annotations

import math

import numpy as np

from daub.codec.scenes.claims import Refused, alpha_bytes, largest_first
from daub.codec.scenes.formats.compressed_ply import CHUNK, PACKED, WIDEST
from daub.codec.scenes.formats.morton import morton_order
from daub.render.splats.splats import Splats

_MOST_DEGREES = 3


def pieces(splats: Splats) -> list[bytes]:
    """A file. That a scene was trained antialiased has no place in it.

    Raises:
        Refused: its harmonics are of degree 4.
    """
    if splats.degree > _MOST_DEGREES:
        raise Refused("a compressed PLY holds harmonics up to degree 3", "drop some with --degree 3")
    splats = splats.take(morton_order(splats.means))
    n = len(splats)
    starts = np.arange(0, n, CHUNK)
    scales = splats.log_scales.clip(-WIDEST, WIDEST)
    limits, units = [], []
    for values in (splats.means, scales, splats.colour):
        low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
        width = np.where(high > low, high - low, 1)
        limits += [low, high]
        units.append((values - low.repeat(CHUNK, axis=0)[:n]) / width.repeat(CHUNK, axis=0)[:n])
    largest, others = largest_first(splats.rotations)
    place, scale = (_packed(unit, (11, 10, 11)) for unit in units[:2])
    turn = _packed(others * math.sqrt(0.5) + 0.5, (10, 10, 10)) | largest.astype(np.uint32) << 30
    colour = _packed(units[2], (8, 8, 8)) << 8 | alpha_bytes(splats)
    words = np.stack([place, turn, scale, colour], axis=1).astype("<u4")
    table = np.concatenate(limits, axis=1).astype("<f4")
    return [_header(splats, len(starts)), table.tobytes(), words.tobytes(), _harmonics(splats).tobytes()]


def _packed(unit: np.ndarray, bits: tuple[int, ...]) -> np.ndarray:
    """(N,) uint32 of columns in [0, 1], the first one in the highest bits."""
    word = np.zeros(len(unit), np.uint32)
    for column, width in zip(unit.T, bits, strict=True):
        word = word << np.uint32(width) | np.rint(column * (2**width - 1)).astype(np.uint32)
    return word


def _harmonics(splats: Splats) -> np.ndarray:
    """(N, 3 K) uint8 by channel, 256 steps from -4 to 4."""
    by_channel = splats.sh.transpose(0, 2, 1).reshape(len(splats), 3 * splats.sh.shape[1])
    return np.floor((by_channel / 8 + 0.5) * 256).clip(0, 255).astype(np.uint8)


def _header(splats: Splats, chunks: int) -> bytes:
    n = len(splats)
    kinds = (("", "xyz"), ("scale_", "xyz"), ("", "rgb"))
    lines = ["ply", "format binary_little_endian 1.0", f"element chunk {chunks}"]
    lines += [f"property float {end}_{kind}{axis}" for kind, axes in kinds for end in ("min", "max") for axis in axes]
    lines += [f"element vertex {n}", *(f"property uint {name}" for name in PACKED)]
    if splats.degree:
        lines += [f"element sh {n}", *(f"property uchar f_rest_{k}" for k in range(3 * splats.sh.shape[1]))]
    return "\n".join([*lines, "end_header", ""]).encode()
