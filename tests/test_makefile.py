"""What `make` would call, without calling it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_a_name_with_spaces_is_one_file():
    def called(*words: str) -> str:
        command = ["make", "--dry-run", "gui", *words]
        done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[-1]

    assert called("FILE=a photo.jpg").endswith('main.py "a photo.jpg"')
    assert called().strip().endswith("main.py")
