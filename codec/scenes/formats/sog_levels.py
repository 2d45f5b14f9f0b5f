"""Streamed SOG of PlayCanvas: a lod-meta.json, whose tree says which part of which SOG shows a box at which level.

https://github.com/playcanvas/splat-transform, the writer of lod-meta.json: `filenames` are meta.json files below it; a
leaf of `tree` has `lods`, by level the number of a file and the offset and count of its Gaussians there; level 0 is the
finest. `environment` may name one SOG more, which is always shown.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from daub.codec.files import read_file
from daub.codec.scenes.claims import Refused
from daub.codec.scenes.formats.sog import read_folder
from daub.codec.scenes.joining import joined
from daub.codec.scenes.reading import part
from daub.render.splats.splats import Splats

LEVELS = "lod-meta.json"
_LARGEST = 1 << 26  # bytes


def read_finest(path: Path) -> tuple[Splats, int]:
    """All boxes at their finest level.

    Returns:
        The scene, and the bytes of the files that it is made of.

    Raises:
        Refused: it is damaged.
        DaubError: a file cannot be read.
    """
    data = read_file(path, _LARGEST)
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused(f"its {LEVELS} is no JSON") from error
    if not isinstance(content, dict) or not isinstance(content.get("filenames"), list):
        raise Refused(f"its {LEVELS} names no files")
    total, files, parts, unused = len(data), {}, [], 0
    leaves = _leaves(content.get("tree"))
    named = {str(_finest(leaf).get("file")) for leaf in leaves if isinstance(_finest(leaf), dict)}
    most = max(1, len(named) + bool(content.get("environment")))  # files that will be read

    def file(name: Any) -> Splats:
        nonlocal total, unused
        where = _below(name)
        if where not in files:
            with part(min(1, len(files) / most), min(1, (len(files) + 1) / most)):
                files[where], size = read_folder(path.parent / where)
            total += size
            unused += len(files[where])
        return files[where]

    for leaf in leaves:
        number, offset, count = _numbers(_finest(leaf))
        if number >= len(content["filenames"]):
            raise Refused(f"its {LEVELS} names a file that is not there")
        splats = file(content["filenames"][number])
        if offset + count > len(splats):
            raise Refused(f"its {LEVELS} names Gaussians beyond the end of a file")
        parts.append(splats.take(slice(offset, offset + count)))
        unused -= count
        if unused < 0:
            raise Refused(f"its {LEVELS} names some Gaussians twice")
    if content.get("environment"):
        parts.append(file(content["environment"]))
    return joined(parts), total


def _leaves(tree: Any) -> list[dict]:
    """The levels of each leaf, in the order of the tree; whatever is no tree has none."""
    found, todo = [], [tree]
    while todo:
        node = todo.pop()
        if not isinstance(node, dict):
            continue
        children = node.get("children")
        todo += reversed(children) if isinstance(children, list) else []
        if isinstance(node.get("lods"), dict) and node["lods"]:
            found.append(node["lods"])
    return found


def _finest(leaf: dict) -> Any:
    """What a leaf says of its finest level."""
    return leaf[min(leaf, key=lambda key: int(key) if key.isdecimal() else 1 << 30)]


def _numbers(level: Any) -> tuple[int, int, int]:
    numbers = [level.get(key) for key in ("file", "offset", "count")] if isinstance(level, dict) else [None]
    if any(type(number) is not int or not 0 <= number < 1 << 40 for number in numbers):
        raise Refused(f"its {LEVELS} lacks the place of a part")
    return tuple(numbers)


def _below(name: Any) -> Path:
    """A relative path that leads nowhere but into folders below."""
    path = PurePosixPath(name) if isinstance(name, str) else None
    if path is None or not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name:
        raise Refused(f"its {LEVELS} names no file below it")
    return Path(*path.parts)
