"""The `.daub` file: magic, version and checked chunks (FORMAT.md, "Container"). The reader trusts nothing.

It ends with our own Gaussians (payload.py) or with those of another method (methods/stored.py).
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from daub.codec.container import method as stored
from daub.codec.container.limits import LARGEST_CELLS, LARGEST_COUNT
from daub.codec.entropy import gaussian_models as payload
from daub.codec.entropy.coders import Coder
from daub.codec.errors import DaubError
from daub.codec.parameters.parametrisations import Parametrisation
from daub.codec.rounding.trained import ByColumns
from daub.codec.symbols import STEP_INDICES, Grid, Symbols, dequantise
from daub.render.gaussians import SUPPORT, Gaussians

MAGIC = b"DAUB"
VERSION = 2
HEADER, GAUSSIANS, METHOD = b"H", b"G", b"M"

LARGEST_SIDE = 1 << 20
LARGEST_AREA = 1 << 28  # pixels
GAUSSIANS_PER_BYTE = 2  # a payload that claims more is refused before anything is allocated
FREE_CELLS, CELLS_PER_BYTE = 4096, 1024  # likewise for the cells of the grid
LARGEST_WORK = 1 << 36  # pixels covered, summed over the Gaussians, of one rendering

_REMEDY = "get the file again or encode it again"


@dataclass(frozen=True)
class Decoded:
    """What a file says.

    Args:
        width, height: of the image, pixels.
        chunks: (tag, bytes of content) of every chunk, in order.
        symbols, grid: of our own Gaussians, in the order of the stream, and the steps of the quantiser.
        foreign, parts: or else the Gaussians of another method, and the parts of it that made the file.
    """

    width: int
    height: int
    version: int
    chunks: tuple[tuple[str, int], ...]
    symbols: Symbols | None = None
    grid: Grid | None = None
    foreign: Gaussians | None = None
    parts: stored.Parts | None = None

    def __len__(self) -> int:
        """How many Gaussians there are."""
        return len(self.foreign if self.symbols is None else self.symbols)

    @functools.cached_property
    def gaussians(self) -> Gaussians:
        """In the order of the stream."""
        return self.gaussians_of(np)

    def gaussians_of(self, xp: ModuleType) -> Gaussians:
        """The same, anew: arrays of a module where that saves work on the host, otherwise of numpy."""
        return self.foreign if self.symbols is None else dequantise(self.symbols, self.grid, xp)


def write(symbols: Symbols, grid: Grid) -> bytes:
    """A whole file."""
    header = b"".join(_varint(n) for n in (grid.width, grid.height, len(symbols), grid.step_index, grid.cell_log2))
    body = payload.write(symbols, grid)
    # Thousands of Gaussians or cells all alike may take less than the reader believes: zeros at the end mean nothing.
    cells = grid.rows * grid.columns
    believed = max(-(-len(symbols) // GAUSSIANS_PER_BYTE), -(-(cells - FREE_CELLS) // CELLS_PER_BYTE))
    return MAGIC + bytes([VERSION]) + _chunk(HEADER, header) + _chunk(GAUSSIANS, body.ljust(believed, b"\0"))


def write_profiled(
    raw: np.ndarray,
    width: int,
    height: int,
    parametrisation: Parametrisation,
    quantiser: ByColumns,
    coder: Coder,
    filter_variance: float = 0.0,
) -> bytes:
    """A whole file of Gaussians that another method has fitted.

    Args:
        raw: (N, K) float32 parameters, as trained.
        quantiser: of the K columns, which has begun.
        filter_variance: pixels^2 that every variance grows by in the rendering.

    Raises:
        DaubError: the Gaussians, their number or their parametrisation are outside the format.
    """
    _check_size(width, height, "the image cannot be written")
    sizes = b"".join(_varint(n) for n in (width, height, len(raw)))
    body = stored.write(raw, (width, height), parametrisation, quantiser, coder, filter_variance)
    return MAGIC + bytes([VERSION]) + _chunk(METHOD, sizes + body)


def read(data: bytes, name: str = "the file") -> Decoded:
    """Parses and checks a file.

    Raises:
        DaubError: it is no .daub file, is damaged or cut short, or asks for more than the limits of this module.
    """
    content, chunks = _read_chunks(data, name)
    if METHOD in content:
        width, height, count, rest = _read_sizes(content[METHOD], name)
        gaussians, parts = stored.read(rest, count, (width, height), _what(name))
        return Decoded(width, height, data[4], tuple(chunks), foreign=gaussians, parts=parts)
    grid, count = _read_header(content[HEADER], len(content[GAUSSIANS]), name)
    symbols = payload.read(content[GAUSSIANS], count, grid)
    if symbols is None:
        raise DaubError(_what(name), "its Gaussians contradict each other", _REMEDY)
    return Decoded(grid.width, grid.height, data[4], tuple(chunks), symbols, grid)


def read_size(data: bytes, name: str = "the file") -> tuple[int, int]:
    """(width, height) of a file, without decoding its Gaussians.

    Raises:
        DaubError: as `read`, but for what only decoding can find.
    """
    content, _ = _read_chunks(data, name)
    if METHOD in content:
        return _read_sizes(content[METHOD], name)[:2]
    grid, _ = _read_header(content[HEADER], len(content[GAUSSIANS]), name)
    return grid.width, grid.height


def check_work(gaussians: Gaussians, width: int, height: int, name: str = "the image") -> None:
    """Refuses a rendering that would take minutes, before it starts.

    Raises:
        DaubError: too many pixels, or Gaussians that cover more than LARGEST_WORK pixels in all.
    """
    what = f"{name} cannot be rendered at {width}x{height}"
    if width < 1 or height < 1:
        raise DaubError(what, "a side is shorter than one pixel", "choose a larger size")
    if max(width, height) > LARGEST_SIDE or width * height > LARGEST_AREA:
        raise DaubError(what, f"that is more than {LARGEST_AREA >> 20} megapixels", "choose a smaller size")
    if len(gaussians) * (width + 16) * (height + 16) <= LARGEST_WORK:
        return  # even if each covered all
    # A row costs a whole vector of pixels and a Gaussian a whole band of rows, however thin it is.
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T
    reach_x = 2 * np.sqrt(SUPPORT) * l1 + 16
    reach_y = 2 * np.sqrt(SUPPORT) * l3 * np.sqrt(1 + gaussians.shear.astype(np.float64) ** 2) + 16
    work = (np.minimum(reach_x, width + 16) * np.minimum(reach_y, height + 16)).sum()
    if not work <= LARGEST_WORK:
        raise DaubError(what, "its Gaussians overlap beyond all measure", "choose a smaller size or another file")


def _what(name: str) -> str:
    return f"{name} cannot be decoded"


def _read_chunks(data: bytes, name: str) -> tuple[dict[bytes, bytes], list[tuple[str, int]]]:
    """The contents of the chunks this version knows, H and G or M, and (tag, bytes) of all."""
    what = _what(name)
    if data[:4] != MAGIC:
        raise DaubError(what, "it does not start as a .daub file does", "check that it is the right file")
    if len(data) < 5:
        raise DaubError(what, "it ends after its first bytes", _REMEDY)
    if data[4] != VERSION:
        raise DaubError(what, f"its format version is {data[4]} and this Daub reads {VERSION}", "update Daub")

    chunks, content, position = [], {}, 5
    while GAUSSIANS not in content and METHOD not in content:
        tag, body, position = _read_chunk(data, position, what)
        chunks.append((tag.decode("latin-1"), len(body)))
        if tag in content:
            raise DaubError(what, f"chunk {tag!r} stands twice", _REMEDY)
        if tag in (HEADER, GAUSSIANS, METHOD):
            content[tag] = body
        elif not tag.islower():  # lower-case chunks are optional and skipped when unknown
            raise DaubError(what, f"it needs the feature {tag!r}, unknown to this Daub", "update Daub")
    if METHOD in content and HEADER in content:
        raise DaubError(what, "it has a header for Gaussians that it has not", _REMEDY)
    if METHOD not in content and HEADER not in content:
        raise DaubError(what, "its header is missing", _REMEDY)
    if position != len(data):
        raise DaubError(what, f"{len(data) - position} bytes follow its end", _REMEDY)
    return content, chunks


def _read_header(body: bytes, payload_bytes: int, name: str) -> tuple[Grid, int]:
    what = _what(name)
    (width, height, count, step_index, cell_log2), rest = _read_varints(body, 5, what)
    if rest:
        raise DaubError(what, "its header has the wrong length", _REMEDY)
    _check_size(width, height, what)
    if count > min(LARGEST_COUNT, GAUSSIANS_PER_BYTE * payload_bytes):
        raise DaubError(what, f"{count} Gaussians do not fit in {payload_bytes} bytes", _REMEDY)
    if step_index >= STEP_INDICES or cell_log2 > 20:
        raise DaubError(what, "a step of its quantiser is outside the format", _REMEDY)
    grid = Grid(width, height, step_index, cell_log2)
    if grid.rows * grid.columns > min(FREE_CELLS + CELLS_PER_BYTE * payload_bytes, LARGEST_CELLS):
        raise DaubError(what, f"{grid.rows * grid.columns} cells do not fit in {payload_bytes} bytes", _REMEDY)
    return grid, count


def _read_sizes(body: bytes, name: str) -> tuple[int, int, int, bytes]:
    """Width, height and number of Gaussians of a method's chunk, and the rest of it."""
    what = _what(name)
    (width, height, count), rest = _read_varints(body, 3, what)
    _check_size(width, height, what)
    return width, height, count, rest


def _check_size(width: int, height: int, what: str) -> None:
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height <= LARGEST_AREA):
        raise DaubError(what, f"an image of {width}x{height} is outside the format", _REMEDY)


def _chunk(tag: bytes, body: bytes) -> bytes:
    head = tag + _varint(len(body))
    return head + body + zlib.crc32(head + body).to_bytes(4, "little")


def _read_chunk(data: bytes, position: int, what: str) -> tuple[bytes, bytes, int]:
    start = position
    if position >= len(data):
        raise DaubError(what, "it is cut short", _REMEDY)
    length, position = _read_varint(data, position + 1, what)
    end = position + length
    if end + 4 > len(data):
        raise DaubError(what, "it is cut short", _REMEDY)
    if zlib.crc32(data[start:end]).to_bytes(4, "little") != data[end : end + 4]:
        raise DaubError(what, "its checksum is wrong: the file is damaged", _REMEDY)
    return data[start : start + 1], data[position:end], end + 4


def _varint(number: int) -> bytes:
    """LEB128: seven bits a byte, lowest first, the top bit set on all but the last."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _read_varint(data: bytes, position: int, what: str) -> tuple[int, int]:
    number = 0
    for shift in range(0, 35, 7):
        if position >= len(data):
            raise DaubError(what, "it is cut short", _REMEDY)
        byte = data[position]
        position += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, position
    raise DaubError(what, "a number in it is too long", _REMEDY)


def _read_varints(data: bytes, count: int, what: str) -> tuple[list[int], bytes]:
    """So many numbers, and what follows them."""
    numbers, position = [], 0
    for _ in range(count):
        number, position = _read_varint(data, position, what)
        numbers.append(number)
    return numbers, data[position:]
