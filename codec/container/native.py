"""Daub's own Gaussians in a file: the chunks `H` and `G` (FORMAT.md, "Container" and "Payload")."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from daub.codec.container.account import Account
from daub.codec.container.chunks import Chunk, read_varints, varints
from daub.codec.container.limits import (
    LARGEST_CELL_LOG2,
    LARGEST_COUNT,
    REMEDY,
    bytes_to_claim,
    check_cells,
    check_count,
    check_size,
)
from daub.codec.container.reconstruction import reconstruct
from daub.codec.entropy import gaussian_models
from daub.codec.errors import DaubError
from daub.codec.symbols import CELL_X, CELL_Y, STEP_INDICES, Grid, Symbols, dequantise
from daub.render.gaussians import Gaussians

HEADER, GAUSSIANS = b"H", b"G"


@dataclass(frozen=True, eq=False)
class NativePayload:
    """Integers, and the grid that gives them their meaning.

    Args:
        symbols: in the order of the stream.
    """

    symbols: Symbols
    grid: Grid

    def __len__(self) -> int:
        return len(self.symbols)

    def gaussians(self, xp: ModuleType) -> Gaussians:
        """Dequantised anew, as arrays of `xp`."""
        return reconstruct(self.symbols, self.grid) if xp is np else dequantise(self.symbols, self.grid, xp)


def write(symbols: Symbols, grid: Grid) -> tuple[Chunk, Chunk]:
    """The header and the Gaussians."""
    header = varints(grid.width, grid.height, len(symbols), grid.step_index, grid.cell_log2)
    content = gaussian_models.write(symbols, grid)
    # Zeros at the end of the stream mean nothing.
    content = content.ljust(bytes_to_claim(len(symbols), grid.rows * grid.columns), b"\0")
    return Chunk(HEADER, header), Chunk(GAUSSIANS, content)


def read_head(header: bytes, content: bytes, what: str) -> tuple[int, int, int]:
    """Width and height, pixels, and how many Gaussians there are to be; raises DaubError where the header lies."""
    grid, count = _read_header(header, len(content), what)
    return grid.width, grid.height, count


def read(header: bytes, content: bytes, what: str) -> tuple[int, int, NativePayload]:
    """Width, height and payload.

    Args:
        what: failed, the beginning of the error.

    Raises:
        DaubError: the header lies, or the Gaussians make no sense.
    """
    grid, count = _read_header(header, len(content), what)
    symbols = gaussian_models.read(content, count, grid)
    if symbols is None:
        raise DaubError(what, "its Gaussians contradict each other", REMEDY)
    return grid.width, grid.height, NativePayload(symbols, grid)


# What a Gaussian's bits say, see FORMAT.md, "Payload"; its share of the count of its cell belongs to its place.
PARTS = ("place", "class", "scales", "shear", "luma", "chroma")
_HEADS_OF = {
    "class": slice(0, 1),
    "scales": slice(1, 3),
    "shear": slice(3, 4),
    "luma": slice(4, 5),
    "chroma": slice(5, 7),
}


def spent(header: bytes, content: bytes) -> Account:
    """What was spent on each Gaussian of a payload that `read` has read, and on cells that hold none."""
    grid, count = _read_header(header, len(content), "the file")
    cells, bits = gaussian_models.spent(content, count, grid)
    values = gaussian_models.read(content, count, grid).values
    at = values[:, CELL_Y], values[:, CELL_X]
    held = np.zeros(cells.shape, np.int64)
    np.add.at(held, at, 1)
    place = bits[:, -1] + cells[at] / held[at]
    by_part = np.stack([place, *(bits[:, _HEADS_OF[part]].sum(1) for part in PARTS[1:])], 1)
    return Account(PARTS, by_part, empty_cells=np.where(held, 0.0, cells), cell=grid.cell)


def _read_header(header: bytes, size: int, what: str) -> tuple[Grid, int]:
    """The grid and the number of Gaussians, for a content of `size` bytes."""
    (width, height, count, step_index, cell_log2), rest = read_varints(header, 5, what)
    if rest:
        raise DaubError(what, "its header has the wrong length", REMEDY)
    check_size(width, height, what)
    check_count(count, LARGEST_COUNT, size, what)
    if step_index >= STEP_INDICES or cell_log2 > LARGEST_CELL_LOG2:
        raise DaubError(what, "a step of its quantiser is outside the format", REMEDY)
    grid = Grid(width, height, step_index, cell_log2)
    check_cells(grid.rows * grid.columns, size, what)
    return grid, count
