"""Whether a file is a scene, told before it is read: by its name; of a `.daub`, which may hold a picture, by its tags.
And whether a scene is to be trained of it.

>>> is_scene("somewhere/statue.spz"), is_scene("photo.png")
(True, False)
"""

from __future__ import annotations

import os
from pathlib import Path

from daub.codec.container.chunks import read_varint
from daub.codec.container.file import SCENE
from daub.codec.errors import DaubError
from daub.codec.files import MAGIC, SUFFIX
from daub.codec.scenes.cameras.beside import LISTS
from daub.codec.scenes.scene_files import FORMATS

SUFFIXES = tuple(suffix for each in FORMATS for suffix in each.suffixes if suffix != SUFFIX)
FOLDERS = "meta.json", "lod-meta.json"  # of SOG that is not bundled

_LONGEST = 5  # bytes of the length of a chunk
_CHECKSUM = 4  # bytes behind its content


def is_scene(path: str | os.PathLike) -> bool:
    """Whether that is to be read as a scene; what cannot be read at all is none."""
    path = Path(path)
    if path.name in FOLDERS or path.name.lower().endswith(SUFFIXES):
        return True
    try:
        if path.is_dir():
            return any((path / name).is_file() for name in FOLDERS)
        # A pipe would be waited for without end, by a window that only wants to know how to read it.
        return path.suffix.lower() == SUFFIX and path.is_file() and _holds_scene(path)
    except (OSError, ValueError, DaubError):  # ValueError: a NUL character in the name; DaubError: a damaged .daub
        return False


def photos_of(path: str | os.PathLike) -> Path | None:
    """The folder of photos of which a scene is to be trained: any that is no scene, or that of a list of cameras; None
    where it is neither. Nothing is read: whoever trains says what is missing."""
    path = Path(path)
    try:
        if path.is_dir():
            return None if is_scene(path) else path
        return path.parent if path.name in LISTS and path.is_file() else None
    except (OSError, ValueError):
        return None


def _holds_scene(path: Path) -> bool:
    """A scene stands behind optional chunks alone (FORMAT.md, "Scenes")."""
    with open(path, "rb") as file:
        if file.read(len(MAGIC) + 1)[: len(MAGIC)] != MAGIC:
            return False
        while (tag := file.read(1)).islower():
            begin = file.tell()
            size, read = read_varint(file.read(_LONGEST), 0, path.name)
            file.seek(begin + read + size + _CHECKSUM)
        return tag == SCENE
