"""A whole `.daub` that holds a scene (FORMAT.md, "Scenes")."""

from __future__ import annotations

from daub.codec.container.chunks import START, Chunk, check_start, file_of, read_chunk
from daub.codec.container.file import SCENE
from daub.codec.container.limits import REMEDY
from daub.codec.errors import DaubError
from daub.codec.scenes.coding import payload
from daub.codec.scenes.coding.symbols import SceneSymbols


def write(symbols: SceneSymbols) -> bytes:
    """The file."""
    return file_of([payload.write(symbols)])


def read(data: bytes, name: str = "the file") -> SceneSymbols:
    """Parses, checks and decodes a file.

    Raises:
        DaubError: it is no .daub file, holds no scene, is damaged or cut short, or is outside the format.
    """
    return payload.read(_scene_of(data, _what(name)).content, _what(name))


def read_head(data: bytes, name: str = "the file") -> tuple[int, int]:
    """(Gaussians, degree of the harmonics), without decoding them; raises DaubError as `read`."""
    return payload.read_head(_scene_of(data, _what(name)).content, _what(name))


def _what(name: str) -> str:
    return f"{name} cannot be decoded"


def _scene_of(data: bytes, what: str) -> Chunk:
    check_start(data, what)
    position, tags = START, set()
    while True:
        chunk, position = read_chunk(data, position, what)
        if chunk.tag in tags:
            raise DaubError(what, f"chunk {chunk.tag!r} stands twice", REMEDY)
        tags.add(chunk.tag)
        if chunk.tag == SCENE:
            break
        if not chunk.is_optional:
            raise DaubError(what, "it holds a picture and no scene", "open it as a picture: daub decode, or the window")
    if position != len(data):
        raise DaubError(what, f"{len(data) - position} bytes follow its end", REMEDY)
    return chunk
