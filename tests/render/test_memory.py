"""Freed arrays leave the process, which a loop of large temporaries in threads shows."""

from __future__ import annotations

import subprocess
import sys

import peak_memory
import pytest

_TEMPORARIES = """
import sys
import numpy as np
from daub.render import memory
from daub.render.spreading import spread

def taken():
    return 1024 * next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon"))

told = sys.argv[1] == "no" or memory.free_at_once()
np.ones(24 << 20, np.uint8)  # from here on, glibc keeps arrays that are as large
spread(lambda number: np.ones(3 << 20, np.float32).sum(), range(4))
before = taken()
for _ in range(2):
    spread(lambda number: [np.ones(n << 18, np.float32) for n in range(8, 22)][0].sum(), range(8))
print(told, taken() - before)
"""


def _left(told: str) -> tuple[str, int]:
    run = subprocess.run([sys.executable, "-c", _TEMPORARIES, told], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    said, left = run.stdout.split()
    return said, int(left)


@pytest.mark.skipif(not peak_memory.AVAILABLE, reason="no /proc of Linux")
def test_nothing_is_left_of_temporaries():
    said, left = _left("yes")
    if said == "False":
        pytest.skip("another C library than glibc")
    assert left < 4 << 20 < _left("no")[1]
