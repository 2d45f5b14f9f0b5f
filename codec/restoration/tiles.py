"""The correction of a picture of any size, tile by tile: 8K takes the memory of some tiles beside the picture itself.

What the network makes of a pixel depends on what is no farther from it than `reach`, so tiles that overlap
by as much give what the whole picture would have given, up to the rounding of sums. The picture is lengthened to a
multiple of 8 pixels by its last row and column, for every tiling alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from daub.codec.restoration.network import Network
from daub.codec.restoration.weights import DETAIL, UNSHUFFLE, Shape
from daub.render.threads import allowed

TILE = 512  # pixels a side, a multiple of UNIT: 40 MB of memory
UNIT = 8  # pixels a side of a sample of the network's smallest level


def reach(shape: Shape) -> int:
    """How many pixels beyond a tile can touch what is made of it: a multiple of UNIT."""
    first, second, third, fourth, fifth = shape.blocks
    samples = 1 + first + 2 * second + 4 * third + 2 * fourth + fifth + 1  # of half the size of the picture
    return -(-(UNSHUFFLE * samples + DETAIL // 2 + UNIT - 1) // UNIT) * UNIT


def corrections(
    network: Network,
    base: np.ndarray,
    residual: np.ndarray | None,
    maps: np.ndarray,
    conditions: np.ndarray,
    tile: int = TILE,
) -> Iterator[tuple[slice, np.ndarray]]:
    """The correction, a row of tiles at a time from top to bottom.

    Args:
        network: in evaluation mode, on the device that is to compute.
        base: (H, W, 3) float32 in [0, 1], rendering plus residual. Rows that a correction has come for may be
            overwritten meanwhile.
        residual: (H, W, 3) float32; None where there is none.
        maps: (ceil(H / 2), ceil(W / 2), MAPS) float32.
        conditions: (CONDITIONS,) float32.
        tile: pixels a side, a multiple of UNIT.

    Yields:
        Rows of the picture, and (rows, W, 3) float32 to be added to them.
    """
    height, width, _ = base.shape
    margin = reach(network.shape)
    above = base[:0].copy()
    for top in range(0, height, tile):
        bottom = min(top + tile, height)
        first, end = max(top - margin, 0), min(bottom + margin, height)
        band = np.concatenate([above, base[top:end]])
        above = band[max(bottom - margin, 0) - first : bottom - first].copy()
        told = None if residual is None else residual[first:end]
        halves = maps[first // 2 : -(-end // 2)]
        out = np.empty((bottom - top, width, 3), np.float32)
        for left in range(0, width, tile):
            right = min(left + tile, width)
            start, stop = max(left - margin, 0), min(right + margin, width)
            columns, half_columns = slice(start, stop), slice(start // 2, -(-stop // 2))
            corrected = _run(
                network, band[:, columns], None if told is None else told[:, columns], halves[:, half_columns],
                conditions,
            )  # fmt: skip
            out[:, left:right] = corrected[top - first : bottom - first, left - start : right - start]
        yield slice(top, bottom), out


def correction(
    network: Network,
    base: np.ndarray,
    residual: np.ndarray | None,
    maps: np.ndarray,
    conditions: np.ndarray,
    tile: int = TILE,
) -> np.ndarray:
    """The whole correction at once, (H, W, 3) float32, otherwise as `corrections`."""
    return np.concatenate([part for _, part in corrections(network, base, residual, maps, conditions, tile)])


def _run(
    network: Network, base: np.ndarray, residual: np.ndarray | None, maps: np.ndarray, conditions: np.ndarray
) -> np.ndarray:
    """The correction of a picture that fits into memory."""
    rows, columns, _ = base.shape
    device = next(network.parameters()).device
    picture = _lengthened(base, UNIT)
    beside = np.zeros_like(picture) if residual is None else _lengthened(residual, UNIT)
    halves = np.pad(
        maps,
        [(0, have // 2 - got) for have, got in zip(picture.shape, maps.shape[:2], strict=False)] + [(0, 0)],
        "edge",
    )
    tensors = [torch.from_numpy(np.moveaxis(part, 2, 0)[None].copy()).to(device) for part in (picture, beside, halves)]
    with torch.inference_mode(), _threads():
        corrected = network(*tensors, torch.from_numpy(conditions[None]).to(device))
    return np.moveaxis(corrected[0].cpu().numpy(), 0, 2)[:rows, :columns]


def _lengthened(picture: np.ndarray, unit: int) -> np.ndarray:
    rows, columns, _ = picture.shape
    return np.pad(picture, ((0, -rows % unit), (0, -columns % unit), (0, 0)), mode="edge")


@contextmanager
def _threads() -> Iterator[None]:
    """As many threads as kernels may have."""
    usual = torch.get_num_threads()
    torch.set_num_threads(allowed(usual))
    try:
        yield
    finally:
        torch.set_num_threads(usual)
