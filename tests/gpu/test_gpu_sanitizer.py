"""The kernels under compute-sanitizer: overruns, races, uninitialised reads, misused barriers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.gpu

FEW_STEPS = Path(__file__).with_name("few_steps.py")
FOUND = 9  # exit code


@pytest.mark.timeout(600)
@pytest.mark.parametrize("tool", ["memcheck", "racecheck", "initcheck", "synccheck"])
def test_the_sanitizer_finds_nothing(rasteriser, tool):
    done = sanitized(tool)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_sanitizer_would_find_something(rasteriser):
    done = sanitized("memcheck", "--plant")
    assert done.returncode == FOUND and "Invalid __global__" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]


def sanitized(tool: str, *options: str) -> subprocess.CompletedProcess:
    """Every kernel under a tool of the sanitizer."""
    sanitizer = shutil.which("compute-sanitizer") or shutil.which("compute-sanitizer", path="/usr/local/cuda/bin")
    if sanitizer is None:
        pytest.skip("compute-sanitizer is not installed")
    command = [sanitizer, "--tool", tool, "--error-exitcode", str(FOUND), sys.executable, str(FEW_STEPS), *options]
    return subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=580)
