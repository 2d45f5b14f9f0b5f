"""Which files are meant, and where each one goes.

Inputs are files, folders with all that is below them, patterns (`'photos/**/*.jpg'`), and lists (`@list.txt`, an input
on each line; `@-` reads stdin); all may be URLs. Outputs mirror the folders, from the deepest folder on that holds
everything that is named. A URL on a list is a file, unless it ends in / or has a *: to ask for each would take long.

>>> plan = lay_out([Found("/in/a/1.png", "/in/a"), Found("/in/b/1.png", "/in/b")], ".daub")
>>> [place.relative for place in plan]
['a/1.daub', 'b/1.daub']
>>> [place.relative for place in lay_out([Found("/in/1.png", "/in"), Found("/in/1.jpg", "/in")], ".daub")]
['1.png.daub', '1.jpg.daub']

So no two files ever get one name: those whose names differ in their endings alone keep these.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from daub.app.batch import places
from daub.codec.errors import DaubError

_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Found:
    """A file that is meant.

    Args:
        name: its path or URL.
        base: the folder that was named, or that it is in.
        size: bytes; 0 where that is not known.
    """

    name: str
    base: str
    size: int = 0


@dataclass(frozen=True)
class Place:
    """A file, and where what is made of it goes.

    Args:
        name: path or URL of the source.
        relative: of the target, below the folder of all outputs, with / between its parts.
        size: of the source, bytes.
    """

    name: str
    relative: str
    size: int


def found(inputs: Iterable[str], takes: Callable[[str], bool], leave: str, lines: Callable[[str], list[str]]):
    """The files that inputs name, each once, in their order.

    Args:
        takes: whether a file in a folder is meant, by its name; who names a file itself means it.
        leave: a folder whose files are never meant: that of the outputs.
        lines: reads the lines of a list, by its name without the @.

    Raises:
        DaubError: there is no such file or folder, or none in it.
    """
    seen, leave = set(), _whole(leave) + "/"
    for each in inputs:
        count = 0
        for one in _expanded(each, takes, lines):
            whole = _whole(one.name)
            count += 1
            is_output = whole.startswith(leave) and leave.startswith(below := f"{_whole(one.base)}/") and leave != below
            if whole not in seen and not is_output:
                seen.add(whole)
                yield one
        if not count:
            raise DaubError(f"cannot take {each}", "there is no such file, or none that is meant", "check the name")


def _expanded(name: str, takes: Callable[[str], bool], lines: Callable[[str], list[str]]) -> Iterator[Found]:
    if name.startswith("@"):
        for line in lines(name[1:]):
            if places.is_url(line) and not line.endswith("/") and "*" not in line:  # a list of files is not asked for
                yield Found(line, line.rpartition("/")[0])
            else:
                yield from _expanded(line, takes, lines)
        return
    about = places.stamp(name)
    if about is None and _WILD.search(name):
        base = _WILD.split(name)[0].rpartition("/")[0]
        yield from (Found(path, base or ".", size) for path, size in places.matching(name))
    elif places.is_folder(name):
        yield from (Found(path, name, size) for path, size in places.walk(name) if takes(path))
    else:  # one that is not there is a line of the report
        yield Found(name, name.rpartition("/")[0] or ".", about.size if about else 0)


def lay_out(files: Sequence[Found], suffix: str) -> list[Place]:
    """Where each file goes.

    Args:
        suffix: what names of targets end in.
    """
    if not files:
        return []
    root = _common([_parts(one.base) for one in files])
    paths = ["/".join(_parts(one.name)[len(root) :]) for one in files]
    stems = [path.removesuffix(ending) if (ending := os.path.splitext(path)[1]) else path for path in paths]
    often = Counter(stem.casefold() for stem in stems)  # some file systems hold a.png and A.png for one
    relatives = [stem if often[stem.casefold()] == 1 else path for path, stem in zip(paths, stems, strict=True)]
    return [Place(one.name, relative + suffix, one.size) for one, relative in zip(files, relatives, strict=True)]


def _whole(name: str) -> str:
    return name.rstrip("/") if places.is_url(name) else os.path.abspath(name)


def _parts(name: str) -> list[str]:
    """The folders and the name, from the top down: what differs in its scheme has nothing in common."""
    whole = _whole(name)
    scheme, _, path = whole.rpartition("://") if places.is_url(name) else ("", "", whole.replace(os.sep, "/"))
    parts = [part for part in path.split("/") if part]
    return [scheme.replace(":", "_"), *parts] if scheme else parts


def _common(paths: Sequence[Sequence[str]]) -> list[str]:
    first, last = min(paths), max(paths)
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    return list(first[:shared])
