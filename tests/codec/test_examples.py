"""Every example in a docstring of the codec says what happens; the test of the front door has those that need files."""

import doctest
import importlib
from pathlib import Path

import pytest

CODEC = Path(__file__).parents[2] / "codec"
ELSEWHERE = {"__init__", "front_door"}  # modules right below codec/


def _with_examples() -> list[str]:
    found = []
    for path in sorted(CODEC.rglob("*.py")):
        parts = path.relative_to(CODEC).with_suffix("").parts
        if ">>>" in path.read_text("utf-8") and (len(parts) > 1 or parts[0] not in ELSEWHERE):
            found.append(".".join(part for part in ("daub", "codec", *parts) if part != "__init__"))
    return found


@pytest.mark.parametrize("name", _with_examples())
def test_examples_say_what_happens(name):
    failed, tried = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0 and tried > 0
