"""A whole `.daub` that holds a scene (FORMAT.md, "Scenes")."""

from __future__ import annotations

from collections.abc import Iterable

from daub.codec.container.chunks import START, Chunk, check_start, file_of, read_chunk
from daub.codec.container.file import SCENE
from daub.codec.container.limits import REMEDY
from daub.codec.errors import DaubError
from daub.codec.scenes.coding import payload
from daub.codec.scenes.coding.symbols import SceneSymbols


def write(symbols: SceneSymbols, optional: Iterable[Chunk] = ()) -> bytes:
    """The file.

    Args:
        optional: what a reader may leave out.
    """
    return file_of([*optional, payload.write(symbols)])


def read(data: bytes, name: str = "the file") -> SceneSymbols:
    """Parses, checks and decodes a file.

    Raises:
        DaubError: it is no .daub file, holds no scene, is damaged or cut short, or is outside the format.
    """
    return payload.read(_chunks(data, _what(name))[-1].content, _what(name))


def optional_chunks(data: bytes, name: str = "the file") -> tuple[Chunk, ...]:
    """What stands before the scene, in its order, known or not; raises DaubError as `read`."""
    return _chunks(data, _what(name))[:-1]


def read_head(data: bytes, name: str = "the file") -> tuple[int, int]:
    """(Gaussians, degree of the harmonics), without decoding them; raises DaubError as `read`."""
    return payload.read_head(_chunks(data, _what(name))[-1].content, _what(name))


def _what(name: str) -> str:
    return f"{name} cannot be decoded"


def _chunks(data: bytes, what: str) -> tuple[Chunk, ...]:
    """All of a file, the scene last."""
    check_start(data, what)
    position, found = START, []
    while not found or found[-1].tag != SCENE:
        chunk, position = read_chunk(data, position, what)
        if any(chunk.tag == other.tag for other in found):
            raise DaubError(what, f"chunk {chunk.tag!r} stands twice", REMEDY)
        if not chunk.is_optional and chunk.tag != SCENE:
            raise DaubError(what, "it holds a picture and no scene", "open it as a picture: daub decode, or the window")
        found.append(chunk)
    if position != len(data):
        raise DaubError(what, f"{len(data) - position} bytes follow its end", REMEDY)
    return tuple(found)
