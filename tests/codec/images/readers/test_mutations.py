"""Thousands of damaged files of every kind: refused in a line or read, in time, in memory, and in silence.

DAUB_MUTATIONS=5000 reads so many of each kind instead of a few; DAUB_MUTATIONS_SEED makes others of them.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mutations import SEEDS

COUNT = int(os.environ.get("DAUB_MUTATIONS", 40))
SEED = os.environ.get("DAUB_MUTATIONS_SEED", "1")
PACKAGES = {"heic": "pillow_heif", "openexr": "OpenEXR"}
PROCESSES = 20  # how many times as long a kind takes that has a process for each file


@pytest.mark.timeout(120 + COUNT)
@pytest.mark.parametrize("kind", SEEDS)
def test_mutations(kind):
    """In a process of its own, which a crash ends and whose memory can be measured."""
    if kind in PACKAGES and importlib.util.find_spec(PACKAGES[kind]) is None:
        pytest.skip(f"{PACKAGES[kind]} is not installed")
    count = max(1, COUNT // PROCESSES) if kind == "openexr" else COUNT
    command = [sys.executable, str(Path(__file__).with_name("mutations.py")), kind, str(count), SEED]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
