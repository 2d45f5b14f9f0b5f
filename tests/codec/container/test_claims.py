"""Files that claim as many Gaussians as their bytes may hold: what reading one takes, whatever it comes to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import peak_memory
import pytest

from daub.codec import container
from daub.codec.symbols import COLUMNS, Grid, Symbols

pytestmark = pytest.mark.skipif(not peak_memory.AVAILABLE, reason="no peak of memory that begins anew")

COUNT = 400_000
PROMISED = 350  # bytes for each Gaussian that is claimed, as limits.py says
SLACK = 16 << 20  # bytes: what the interpreter grows by beside

# Every kind of payload and of coder, with bytes that decode to something for long, and such that do not. Prints the
# growth of the peak in bytes, and what came of each file.
_PROGRAM = """
import json, struct, sys, peak_memory
import numpy as np
from daub.codec import container
from daub.codec.container.chunks import Chunk, file_of, varints
from daub.codec.entropy.coders import CODERS
from daub.codec.errors import DaubError
from daub.codec.rounding.trained import ByColumns, Uniform

def files(count):
    size = -(-count // container.limits.GAUSSIANS_PER_BYTE)
    random = np.random.default_rng(1).bytes(size)
    for fill in (bytes(size), b"\\xff" * size, random, random[: size // 2] + bytes(size - size // 2)):
        for cell_log2 in (0, 3, 12):
            header = varints(64, 64, count, 512, cell_log2)
            yield f"native {cell_log2}", file_of([Chunk(b"H", header), Chunk(b"G", fill)])
        for bits in (1, 12):
            quantiser = ByColumns((8, Uniform(bits)))
            quantiser.begin(np.linspace(0, 1, 80, dtype=np.float32).reshape(10, 8))
            for number, coder in enumerate(CODERS):
                head = varints(64, 64, count) + struct.pack("<BBf", 0, number, 0.0)
                yield f"{coder.name} {bits}", file_of([Chunk(b"M", head + quantiser.side() + fill)])

def read(count, true_file):
    came = {}
    for name, data in [*files(count), ("native", container.load_bytes(true_file))]:
        try:
            document = container.read(data)
            document.gaussians
            came[name] = came.get(name, 0) + len(document)
        except DaubError:
            came.setdefault(name, 0)
    return came

read(8, sys.argv[2])
before = peak_memory.begin()
came = read(int(sys.argv[1]), sys.argv[3])
print(json.dumps([peak_memory.peak() - before, came]))
"""


def test_reading_takes_no_more_than_is_promised_for_each_gaussian_that_is_claimed(tmp_path):
    for count in 8, COUNT:
        alike = Symbols(np.zeros((count, COLUMNS), np.int64))
        (tmp_path / f"{count}.daub").write_bytes(container.write(alike, Grid(64, 64, 512, 3)))
    true_files = [str(tmp_path / f"{count}.daub") for count in (8, COUNT)]
    environment = os.environ | {"PYTHONPATH": str(Path(peak_memory.__file__).parent)}
    for count, large_file in (8, true_files[0]), (COUNT, true_files[1]):  # kernels are compiled by a process before
        command = [sys.executable, "-c", _PROGRAM, str(count), true_files[0], large_file]
        run = subprocess.run(command, capture_output=True, text=True, timeout=110, env=environment)
        assert run.returncode == 0, run.stderr
    grown, came = json.loads(run.stdout)
    assert set(came.values()) > {0} and came["native"] == COUNT and len(came) == 4 + 2 * 4
    assert grown <= PROMISED * COUNT + SLACK, f"{grown / COUNT:.0f} bytes for each"
