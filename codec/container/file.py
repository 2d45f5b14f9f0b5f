"""A whole `.daub` file and the document it stands for (FORMAT.md)."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Protocol

import numpy as np

from daub.codec.container import alpha, method, native
from daub.codec.container.account import Account
from daub.codec.container.chunks import START, VERSION, Chunk, check_start, file_of, read_chunk
from daub.codec.container.limits import LARGEST_FILE, REMEDY, check_large_count
from daub.codec.entropy.coders import Coder
from daub.codec.errors import DaubError
from daub.codec.files import read_file
from daub.codec.parameters.parametrisations import Parametrisation
from daub.codec.rounding.trained import ByColumns
from daub.codec.symbols import Grid, Symbols
from daub.render.gaussians import Gaussians


class Payload(Protocol):
    """What the chunk says that a file ends with."""

    def __len__(self) -> int:
        """How many Gaussians there are."""

    def gaussians(self, xp: ModuleType) -> Gaussians:
        """In the order of the stream, as arrays of `xp` where that saves work on the host, otherwise of numpy."""


@dataclass(frozen=True)
class PayloadKind:
    """How to read the chunk that a file ends with, and the one it may need before it.

    Args:
        read: from the contents of the header (none of them, where there is no header) and of the payload, and the
            beginning of an error: width, height, and the payload.
        read_head: likewise width, height and how many Gaussians there are to be, without decoding the payload.
        spent: from the same contents, once they have been read, what their bits were spent on.
        header: tag of the chunk that must stand before it, once.
    """

    read: Callable[..., tuple[int, int, Payload]]
    read_head: Callable[..., tuple[int, int, int]]
    spent: Callable[..., Account]
    header: bytes | None = None


SCENE = b"S"  # the last chunk of a file of another kind, a 3D scene: codec/scenes/coding

# The tag of its last chunk decides what a file holds.
PAYLOADS = {
    native.GAUSSIANS: PayloadKind(native.read, native.read_head, native.spent, native.HEADER),
    method.METHOD: PayloadKind(method.read, method.read_head, method.spent),
}


@dataclass(frozen=True, eq=False)
class Unwritten:
    """The payload of Gaussians that are in no file yet."""

    fitted: Gaussians

    def __len__(self) -> int:
        return len(self.fitted)

    def gaussians(self, xp: ModuleType) -> Gaussians:
        return self.fitted


@dataclass(frozen=True, eq=False)
class Document:
    """A picture as Gaussians, and whatever else its file says.

    Args:
        width, height: of the picture, pixels.
        payload: the Gaussians, as far as they were decoded.
        chunks: of the file, all and in their order, those that nobody here knows included.
        alpha: the Gaussians of its opacity, in which green counts; None: it is opaque.
    """

    width: int
    height: int
    payload: Payload
    chunks: tuple[Chunk, ...] = ()
    version: int = VERSION
    alpha: Payload | None = None

    @classmethod
    def unwritten(cls, gaussians: Gaussians, width: int, height: int) -> Document:
        """Of Gaussians that are in no file, fitted to a picture of width x height pixels."""
        return cls(width, height, Unwritten(gaussians))

    def __len__(self) -> int:
        """How many Gaussians there are."""
        return len(self.payload)

    @functools.cached_property
    def gaussians(self) -> Gaussians:
        """In the order of the stream, arrays of numpy."""
        return self.payload.gaussians(np)

    @property
    def opacity(self) -> Document | None:
        """A picture whose green is the opacity of this one; None where this one is opaque."""
        return None if self.alpha is None else Document(self.width, self.height, self.alpha)

    @property
    def colours(self) -> Document:
        """The same picture, opaque, with whatever colours what is not seen of it has."""
        return self if self.alpha is None else replace(self, alpha=None)

    @property
    def optional_chunks(self) -> tuple[Chunk, ...]:
        """Those that a reader may skip, in the order of the file."""
        return tuple(chunk for chunk in self.chunks if chunk.is_optional)

    def account(self) -> Account:
        """What the bits of the file are spent on; decodes it once more.

        Raises:
            ValueError: the Gaussians are in no file.
        """
        if not self.chunks:
            raise ValueError("Gaussians that were never coded have no bits")
        kind = PAYLOADS[self.chunks[-1].tag]
        needed = kind.header, self.chunks[-1].tag
        return kind.spent(*(chunk.content for tag in needed for chunk in self.chunks if chunk.tag == tag))

    def with_chunk(self, chunk: Chunk) -> Document:
        """The same document with an optional chunk more, which stands right before the payload.

        Raises:
            ValueError: the chunk is not optional, there is one of its tag, or there is no file to put it in.
        """
        if not chunk.is_optional or not self.chunks or any(other.tag == chunk.tag for other in self.chunks):
            raise ValueError(f"a chunk {chunk.tag!r} cannot be added")
        return replace(self, chunks=(*self.chunks[:-1], chunk, self.chunks[-1]))

    def to_bytes(self) -> bytes:
        """The file, every chunk at its place.

        Raises:
            ValueError: the Gaussians are in no file.
        """
        if not self.chunks:
            raise ValueError("Gaussians that were never coded have no file")
        return file_of(self.chunks)


def write(symbols: Symbols, grid: Grid, optional: Sequence[Chunk] = ()) -> bytes:
    """A whole file of Daub's own Gaussians, with optional chunks before the last."""
    *head, last = native.write(symbols, grid)
    return file_of([*head, *optional, last])


def write_profiled(
    raw: np.ndarray,
    width: int,
    height: int,
    parametrisation: Parametrisation,
    quantiser: ByColumns,
    coder: Coder,
    filter_variance: float = 0.0,
    chunks: Iterable[Chunk] = (),
) -> bytes:
    """A whole file of Gaussians that another method has fitted.

    Args:
        raw: (N, K) float32 parameters, as trained.
        quantiser: of the K columns, which has begun.
        filter_variance: pixels^2 that every variance grows by in the rendering.
        chunks: optional ones, which stand before the Gaussians.

    Raises:
        DaubError: the Gaussians, their number or their parametrisation are outside the format.
    """
    return file_of([*chunks, method.write(raw, (width, height), parametrisation, quantiser, coder, filter_variance)])


def load_bytes(path: str | os.PathLike) -> bytes:
    """The content of a .daub file on the disk, for `read`.

    Raises:
        DaubError: there is none, it may not be read, or it is far too large.
    """
    return read_file(path, LARGEST_FILE, wanted="a .daub file")


def read(data: bytes, name: str = "the file", large: bool = False) -> Document:
    """Parses and checks a file.

    Args:
        large: also one of more Gaussians than are decoded unasked.

    Raises:
        DaubError: it is no .daub file, is damaged or cut short, or asks for more than limits.py allows.
        Large: it has more Gaussians than are decoded unasked.
    """
    chunks, kind, contents = _read_chunks(data, name)
    what = _what(name)
    width, height, count = kind.read_head(*contents, what)
    opacity = next((chunk for chunk in chunks if chunk.tag == alpha.TAG), None)
    if not large:
        check_large_count(count + (0 if opacity is None else alpha.count_in(opacity, width, height, what)), what)
    width, height, payload = kind.read(*contents, what)
    through = None if opacity is None else alpha.read(opacity, width, height, what)
    return Document(width, height, payload, chunks, alpha=through)


def is_transparent(data: bytes, name: str = "the file") -> bool:
    """Whether a file has an alpha channel, without decoding its Gaussians; raises DaubError as `read_size`."""
    chunks, _, _ = _read_chunks(data, name)
    return any(chunk.tag == alpha.TAG for chunk in chunks)


def read_size(data: bytes, name: str = "the file") -> tuple[int, int]:
    """(width, height) of a file, without decoding its Gaussians.

    Raises:
        DaubError: as `read`, but for what only decoding can find.
    """
    _, kind, contents = _read_chunks(data, name)
    width, height, _ = kind.read_head(*contents, _what(name))
    return width, height


def _what(name: str) -> str:
    return f"{name} cannot be decoded"


def _read_chunks(data: bytes, name: str) -> tuple[tuple[Chunk, ...], PayloadKind, list[bytes]]:
    """All chunks, the kind of the payload, and the contents that it is read from."""
    what = _what(name)
    check_start(data, what)
    needed = {*PAYLOADS, *(kind.header for kind in PAYLOADS.values())}
    chunks: dict[bytes, Chunk] = {}  # by tag, in the order of the file
    position, tag = START, b""
    while tag not in PAYLOADS:
        chunk, position = read_chunk(data, position, what)
        tag = chunk.tag
        if tag in chunks:
            raise DaubError(what, f"chunk {tag!r} stands twice", REMEDY)
        if tag == SCENE:
            raise DaubError(what, "it holds a 3D scene and no picture", "see daub scene --help")
        if not chunk.is_optional and tag not in needed:
            raise DaubError(what, f"it needs the feature {tag!r}, unknown to this Daub", "update Daub")
        chunks[tag] = chunk
    kind = PAYLOADS[tag]
    headers = [chunk for chunk in chunks.values() if not chunk.is_optional and chunk.tag != tag]
    if any(chunk.tag != kind.header for chunk in headers):
        raise DaubError(what, "it has a header for Gaussians that it has not", REMEDY)
    if kind.header is not None and not headers:
        raise DaubError(what, "its header is missing", REMEDY)
    if position != len(data):
        raise DaubError(what, f"{len(data) - position} bytes follow its end", REMEDY)
    return tuple(chunks.values()), kind, [chunk.content for chunk in (*headers, chunks[tag])]
