"""Whether `make test` tries the same examples each time, and `make fuzz` others, and more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import property_tests

ROOT = Path(__file__).parents[1]
_PROGRAM = """
from hypothesis import given, settings, strategies
from property_tests import examples

tried = {"own": [], "usual": []}

@settings(max_examples=examples(30))
@given(strategies.integers())
def own(number):
    tried["own"].append(number)

@given(strategies.integers())
def usual(number):
    tried["usual"].append(number)

own()
usual()
print(len(tried["own"]), len(tried["usual"]), tried)
"""


def tried(folder: Path, times: str) -> tuple[int, int, str]:
    """How many examples two tests try in a process of their own, and which. Args: times: of `DAUB_FUZZ`."""
    program = folder / "program.py"
    program.write_text(_PROGRAM)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), property_tests.FUZZ: times}
    run = subprocess.run(
        [sys.executable, str(program)], cwd=folder, env=environment, capture_output=True, text=True, timeout=200
    )
    assert run.returncode == 0, run.stderr
    own, usual, which = run.stdout.split(" ", 2)
    return int(own), int(usual), which


def test_a_test_tries_the_same_examples_each_time(tmp_path):
    own, usual, which = tried(tmp_path, "")
    assert (own, usual, which) == tried(tmp_path, "")
    assert own == 30 and usual == property_tests.USUAL


def test_a_fuzz_tries_others_and_more(tmp_path):
    own, usual, which = tried(tmp_path, "3")
    assert own == 90 and usual == 3 * property_tests.USUAL
    assert which != tried(tmp_path, "3")[2]


def test_make_test_is_no_fuzz_and_make_fuzz_runs_nothing_else():
    def called(*words: str) -> str:
        command = ["make", "--dry-run", *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert property_tests.FUZZ not in called("test")
    fuzz = called("fuzz", "TIMES=7")
    assert f"{property_tests.FUZZ}=7 " in fuzz and "pytest -m hypothesis " in fuzz
