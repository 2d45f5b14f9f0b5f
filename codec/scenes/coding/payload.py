"""The chunk of a scene: its header and its stream (FORMAT.md, "Scenes")."""

from __future__ import annotations

import numpy as np

from daub.codec.container.chunks import Chunk, read_varints, varints
from daub.codec.container.file import SCENE
from daub.codec.container.limits import LARGEST_COUNT, REMEDY
from daub.codec.entropy.range_coder import decoder, encoder, flush, overrun
from daub.codec.errors import DaubError
from daub.codec.scenes.coding import octree
from daub.codec.scenes.coding.attributes import code_attributes, number_of_columns
from daub.codec.scenes.coding.mixing import new_mixers, new_models
from daub.codec.scenes.coding.octree import code_counts, code_octree, neighbours
from daub.codec.scenes.coding.steps import OCTAVE
from daub.codec.scenes.coding.symbols import Box, SceneSymbols
from daub.codec.scenes.reading import counted
from daub.render.jit import njit
from daub.render.splats.splats import HARMONICS

GAUSSIANS_PER_BYTE = 8  # the most that a stream may claim
_ANTIALIASED = 8  # of the flags, beside the degree
_DROPPED = 4  # zero bytes that a stream may lack at its end
_OUT_OF_STREAM, _IMPOSSIBLE = 1, 2


def write(symbols: SceneSymbols) -> Chunk:
    """The chunk of a scene."""
    box, count = symbols.box, len(symbols)
    flags = symbols.degree | (_ANTIALIASED if symbols.antialiased else 0)
    head = varints(flags, count, box.depth, -box.floor) + np.float32([*box.origin, box.side]).astype("<f4").tobytes()
    capacity = 4096 + 64 * count + 16 * symbols.table[:, 15:].size
    harmonics = HARMONICS[symbols.degree]
    table = symbols.table.copy()
    stream = counted(
        lambda coded: _encode(
            symbols.leaves, symbols.counts, table, box.depth, box.floor, harmonics, capacity, coded
        ),
        max(count, 1),
    )  # fmt: skip
    # Where many Gaussians alike take fewer bytes, zeros follow: a reader believes no more Gaussians than that.
    return Chunk(SCENE, head + stream.tobytes().ljust(-(-count // GAUSSIANS_PER_BYTE), b"\0"))


def read(content: bytes, what: str) -> SceneSymbols:
    """The scene of a chunk.

    Args:
        what: failed, the beginning of an error.

    Raises:
        DaubError: it is damaged, or outside the format.
    """
    flags, count, depth, floor, box, stream = _read_head(content, what)
    degree = flags & 7
    harmonics = HARMONICS[degree]
    columns = number_of_columns(harmonics)
    found = counted(lambda coded: _decode(stream, count, depth, -floor, harmonics, columns, coded), max(count, 1))
    leaves, counts, table, levels, fault = found
    if fault:
        raise DaubError(what, "its Gaussians are damaged", REMEDY)
    return SceneSymbols(box, degree, bool(flags & _ANTIALIASED), leaves, counts, table, levels)


def read_head(content: bytes, what: str) -> tuple[int, int]:
    """(Gaussians, degree of the harmonics) of a chunk, without decoding it; raises DaubError as `read`."""
    flags, count, *_ = _read_head(content, what)
    return count, flags & 7


def _read_head(content: bytes, what: str) -> tuple[int, int, int, int, Box, np.ndarray]:
    (flags, count, depth, floor), rest = read_varints(content, 4, what)
    numbers, stream = np.frombuffer(rest[:16].ljust(16, b"\0"), "<f4").astype(np.float32), rest[16:]
    if flags > 15 or flags & 7 > 4:
        raise DaubError(what, f"it has flags {flags}, unknown to this Daub", "update Daub")
    if depth > octree.DEEPEST or floor > 64 * OCTAVE:
        raise DaubError(what, "its box is outside the format", REMEDY)
    with np.errstate(over="ignore"):
        far = numbers[:3] + numbers[3:]
    if len(rest) < 16 or not np.isfinite([*numbers, *far]).all() or not numbers[3] > 0:
        raise DaubError(what, "its box is damaged", REMEDY)
    if count > min(LARGEST_COUNT, GAUSSIANS_PER_BYTE * len(stream)):
        raise DaubError(what, f"{len(stream)} bytes cannot hold the {count} Gaussians it claims", REMEDY)
    return (
        flags,
        count,
        depth,
        floor,
        Box(numbers[:3], numbers[3], depth, -floor),
        np.frombuffer(bytearray(stream), np.uint8),
    )


@njit(nogil=True, cache=True)
def _encode(leaves, counts, table, depth, floor, harmonics, capacity, coded):
    coder, buffer = encoder(capacity)
    count = len(table)
    levels = np.empty((count, 3), np.int32)
    if count:
        models, mixers = new_models(octree.OCCUPANCY_MODELS), new_mixers(octree.OCCUPANCY_MIXERS, 4)
        coder, _ = code_octree(coder, buffer, models, mixers, leaves, depth, count)
        models, mixers = new_models(2 * octree.COUNT_MODELS), new_mixers(octree.COUNT_MIXERS, 2)
        coder, _ = code_counts(coder, buffer, models, mixers, leaves, depth, counts, count)
        around = neighbours(leaves, counts, depth)
        coder, _ = code_attributes(coder, buffer, around, depth, floor, harmonics, table, levels, coded)
    return flush(coder, buffer)


@njit(nogil=True, cache=True)
def _decode(data, count, depth, floor, harmonics, columns, coded):
    coder, buffer = decoder(data)
    levels = np.zeros((count, 3), np.int32)
    table = np.zeros((count, columns), np.int32)
    leaves, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
    fault = 0
    if count:
        models, mixers = new_models(octree.OCCUPANCY_MODELS), new_mixers(octree.OCCUPANCY_MIXERS, 4)
        coder, leaves = code_octree(coder, buffer, models, mixers, leaves, depth, count)
        counts = np.ones(len(leaves), np.int64)
        models, mixers = new_models(2 * octree.COUNT_MODELS), new_mixers(octree.COUNT_MIXERS, 2)
        coder, fine = code_counts(coder, buffer, models, mixers, leaves, depth, counts, count)
        if not fine:
            return leaves, counts, table, levels, _IMPOSSIBLE
        around = neighbours(leaves, counts, depth)
        coder, fine = code_attributes(coder, buffer, around, depth, floor, harmonics, table, levels, coded)
        if not fine:
            return leaves, counts, table, levels, _IMPOSSIBLE
    if overrun(coder, buffer) > _DROPPED:
        fault = _OUT_OF_STREAM
    return leaves, counts, table, levels, fault
