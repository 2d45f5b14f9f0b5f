"""Which files are meant, and where each one goes.

Inputs are files, folders with all that is below them, patterns (`'photos/**/*.jpg'`), and lists (`@list.txt`, an input
on each line; `@-` reads stdin); all may be URLs. Outputs mirror the folders, from the deepest folder on that holds
everything that is named. A URL on a list is a file, unless it ends in / or has a *: to ask for each would take long.

>>> plan = lay_out([Found("/in/a/1.png", "/in/a"), Found("/in/b/1.png", "/in/b")], ".daub")
>>> [place.relative for place in plan]
['a/1.daub', 'b/1.daub']
>>> [place.relative for place in lay_out([Found("/in/1.png", "/in"), Found("/in/1.jpg", "/in")], ".daub")]
['1.png.daub', '1.jpg.daub']

So no two files ever get one name: those whose names differ in their endings alone keep these, and a number tells apart
those that some file systems hold for one, as A.png and a.png. None gets outside of the folder of the outputs either.
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
    seen, leave = set(), _whole(leave).rstrip("/") + "/"
    for each in inputs:
        count = 0
        for one in _expanded(each, takes, lines):
            whole = _whole(one.name)
            count += 1
            below = _whole(one.base).rstrip("/") + "/"
            is_output = whole.startswith(leave) and leave.startswith(below) and leave != below
            if whole not in seen and not is_output:
                seen.add(whole)
                yield one
        if not count:
            raise DaubError(f"cannot take {each}", "there is no such file, or none that is meant", "check the name")


def _expanded(name: str, takes: Callable[[str], bool], lines: Callable[[str], list[str]]) -> Iterator[Found]:
    if name.startswith("@"):
        for line in lines(name[1:]):
            if places.is_url(line) and not line.endswith("/") and "*" not in line:  # a list of files is not asked for
                yield Found(line, _folder(places.without_query(line)))
            else:
                yield from _expanded(line, takes, lines)
        return
    about = places.stamp(name)
    if about is None and _WILD.search(name):
        base = _folder(_WILD.split(name)[0])
        yield from (Found(path, base, size) for path, size in places.matching(name))
    elif places.is_folder(name):
        yield from (Found(path, name, size) for path, size in places.walk(name) if takes(path))
    else:  # one that is not there is a line of the report
        yield Found(name, _folder(places.without_query(name)), about.size if about else 0)


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
    relatives = _distinct(stems, paths)
    return [Place(one.name, relative + suffix, one.size) for one, relative in zip(files, relatives, strict=True)]


def _distinct(short: Sequence[str], long: Sequence[str]) -> list[str]:
    """The short name of each where nobody else has it, or its long one, with a number where that is taken as well."""
    names, before = list(short), None
    while names != before:  # a long name may be what is short for another
        before, often = names, Counter(map(str.casefold, names))
        names = [name if often[name.casefold()] == 1 else whole for name, whole in zip(names, long, strict=True)]
    taken, used = {name.casefold() for name in names}, set()
    for number, name in enumerate(names):
        count = 2
        while names[number].casefold() in used or (count > 2 and names[number].casefold() in taken):
            names[number] = f"{name}-{count}"
            count += 1
        used.add(names[number].casefold())
    return names


def _folder(name: str) -> str:
    """The one that a file is in."""
    return name.rpartition("/")[0] or ("/" if name.startswith("/") else ".")


def _whole(name: str) -> str:
    return name.rstrip("/") if places.is_url(name) else os.path.abspath(name)


def _parts(name: str) -> list[str]:
    """The folders and the name, from the top down: what differs in its scheme has nothing in common."""
    whole = _whole(places.without_query(name))
    scheme, _, path = whole.rpartition("://") if places.is_url(name) else ("", "", whole.replace(os.sep, "/"))
    parts = ["_" if part in (".", "..") else part for part in path.split("/") if part]  # of a URL: stay below
    return [scheme.replace(":", "_"), *parts] if scheme else parts


def _common(paths: Sequence[Sequence[str]]) -> list[str]:
    first, last = min(paths), max(paths)
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    return list(first[:shared])
