"""The optional chunk of a transparent picture: its opacity, as Gaussians of their own (FORMAT.md, "Transparency")."""

from __future__ import annotations

from daub.codec.container import native
from daub.codec.container.chunks import Chunk, read_varints, varints
from daub.codec.container.native import NativePayload
from daub.codec.symbols import Grid, Symbols

TAG = b"a"
_NUMBERS = 3  # of the header that differ from those of the colours: N, s and c


def chunk_of(symbols: Symbols, grid: Grid) -> Chunk:
    """The chunk of Gaussians whose green is an opacity, on the grid of a picture of the same size."""
    _, payload = native.write(symbols, grid)
    return Chunk(TAG, varints(len(symbols), grid.step_index, grid.cell_log2) + payload.content)


def read(chunk: Chunk, width: int, height: int, what: str) -> NativePayload:
    """The Gaussians of a chunk.

    Args:
        width, height: of the picture, pixels.
        what: failed, the beginning of the error.

    Raises:
        DaubError: its numbers lie, or its Gaussians make no sense.
    """
    _, _, payload = native.read(*_parts(chunk, width, height, what), what)
    return payload


def count_in(chunk: Chunk, width: int, height: int, what: str) -> int:
    """How many Gaussians `read` will find; raises DaubError where the numbers of the chunk lie."""
    _, _, count = native.read_head(*_parts(chunk, width, height, what), what)
    return count


def _parts(chunk: Chunk, width: int, height: int, what: str) -> tuple[bytes, bytes]:
    """The contents of the chunks `H` and `G` that a file of this opacity alone would have."""
    numbers, coded = read_varints(chunk.content, _NUMBERS, what)
    return varints(width, height, *numbers), coded
