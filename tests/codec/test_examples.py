"""Every example in a docstring says what happens; the test of the front door has those that need files."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"codec.__init__", "codec.front_door"}


def _with_examples() -> list[str]:
    found = []
    for path in sorted(path for package in ("app", "codec", "render") for path in (ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if ">>>" in path.read_text("utf-8") and ".".join(parts) not in ELSEWHERE:
            found.append(".".join(part for part in ("daub", *parts) if part != "__init__"))
    return found


@pytest.mark.parametrize("name", _with_examples())
def test_examples_say_what_happens(name):
    failed, tried = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0 and tried > 0
