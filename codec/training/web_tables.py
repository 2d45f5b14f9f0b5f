"""Writes the trained tables into `resources/web/daub.js`, which carries them so that it can be copied alone.

.venv/bin/python -m daub.codec.training.web_tables
"""

from __future__ import annotations

import base64
import re
import zlib

from daub.codec.entropy.gaussian_models import STATES_FILE
from daub.codec.entropy.network import NETWORK_FILE
from daub.codec.files import write_atomic
from daub.resources import ROOT

SCRIPT = ROOT / "web" / "daub.js"
_LINE = re.compile(r'^const TABLES = "([A-Za-z0-9+/=]*)";$', re.MULTILINE)


def tables_in(script: str) -> bytes:
    """The tables that the text of the script carries: `models.bin`, then `network.bin`."""
    return zlib.decompress(base64.b64decode(_LINE.search(script)[1]))


def with_tables(script: str) -> str:
    """The text of the script with the tables of this installation."""
    tables = STATES_FILE.read_bytes() + NETWORK_FILE.read_bytes()
    packed = base64.b64encode(zlib.compress(tables, 9)).decode()
    return _LINE.sub(f'const TABLES = "{packed}";', script)


if __name__ == "__main__":
    write_atomic(SCRIPT, with_tables(SCRIPT.read_text("utf-8")).encode())
