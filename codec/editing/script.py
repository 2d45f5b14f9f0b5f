"""A list of operations in a file: TOML, one table each, with selections before the operation.

    [[edit]]
    select-rectangle = [120, 80, 300, 200]
    select-size = "0..4"
    delete = true

    [[edit]]
    recolour = "#2040a0"

Keys are those of `table.ENTRIES`, in the order in which they stand; values are written as on the command line,
or as lists of numbers. Selections that follow one another narrow each other, until something is done.
"""

from __future__ import annotations

import os
import tomllib
from typing import Any

from daub.codec.editing.table import ENTRIES
from daub.codec.errors import DaubError
from daub.codec.files import read_file

LARGEST = 1 << 20  # bytes of a script


def read_script(path: str | os.PathLike) -> list[tuple[str, str]]:
    """The operations of a script, each a name and a value.

    Raises:
        DaubError: it cannot be read, or is no such list.
    """
    name = os.fspath(path)
    try:
        content = tomllib.loads(read_file(path, LARGEST, wanted="a script").decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DaubError(f"cannot read {name}", f"it is no TOML ({error})", "mend it") from error
    return steps_of(content, name)


def steps_of(content: dict[str, Any], name: str = "the script") -> list[tuple[str, str]]:
    """The operations of what TOML has made of a script.

    >>> steps_of({"edit": [{"select-rectangle": [1, 2, 30, 40], "delete": True}, {"flip": "h"}]})
    [('select-rectangle', '1,2,30,40'), ('delete', ''), ('flip', 'h')]

    Raises:
        DaubError: it is no such list.
    """
    tables = content.get("edit")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or len(content) != 1:
        raise DaubError(f"cannot use {name}", "it is no list of tables [[edit]]", "write each operation into one")
    return [(key, _value(key, value, name)) for table in tables for key, value in table.items()]


def _value(key: str, value: Any, name: str) -> str:
    if key not in ENTRIES:
        what = f"the operation {key!r} of {name} is unknown"
        raise DaubError(what, "there is none of that name", f"choose from {', '.join(ENTRIES)}")
    if ENTRIES[key].value == "":
        if value is not True:
            raise DaubError(f"{key} of {name} takes no value", f"it has {value!r}", "write true")
        return ""
    if isinstance(value, list) and value and all(isinstance(part, list) for part in value):  # points
        return " ".join(",".join(map(str, part)) for part in value)
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise DaubError(f"{key} of {name} has no value", f"{value!r} is none", f"write {ENTRIES[key].value}")
    return str(value)
