"""What a decode takes beside the Gaussians, and that it can be interrupted: in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import peak_memory
import pytest
from large_file import bomb

GOLDEN = Path(__file__).parent / "container/golden/photo.daub"
SIDE = 4096

# Prints what the picture takes at most, in bytes, once everything has been loaded.
PROGRAM = """
import sys, peak_memory
from daub.app.tasks.decoding import DecodeRequest, decode_to_file
from daub.app.tasks.device import OpenDevice
from daub.codec import decode
source, target, side = sys.argv[1], sys.argv[2], int(sys.argv[3])
def work(side):
    if not target:
        return decode(source, (side, side), device="cpu")
    decode_to_file(DecodeRequest(source, target, size=(side, side)), OpenDevice("cpu"))
work(64)
before = peak_memory.begin()
work(side)
print(peak_memory.peak() - before)
"""


@pytest.mark.skipif(not peak_memory.AVAILABLE, reason="no peak of memory that begins anew")
@pytest.mark.parametrize(
    ("target", "least", "most"),
    [
        ("", 3, 8),
        ("a.png", 0, 3),  # drawn, filtered and written strip by strip: some strips are there at a time
        ("a.ppm", 0, 3),
        ("a.bmp", 3, 8 + 4 + 3),  # Pillow keeps 4 bytes a pixel, and the file is as large as it is
    ],
    ids=["pixels", "png", "ppm", "bmp"],
)
def test_a_decode_takes_few_bytes_a_pixel(tmp_path, target, least, most):
    target = str(tmp_path / target) if target else ""
    command = [sys.executable, "-c", PROGRAM, str(GOLDEN), target, str(SIDE)]
    environment = os.environ | {"PYTHONPATH": str(Path(peak_memory.__file__).parent)}
    run = subprocess.run(command, capture_output=True, text=True, timeout=100, env=environment)
    assert run.returncode == 0, run.stderr
    taken = int(run.stdout) / SIDE**2
    assert least <= taken <= most, f"{taken:.1f} bytes a pixel"


def test_ctrl_c_is_heard_amid_a_rendering_of_minutes(tmp_path):
    """Ten times longer than it may take: other programs may have the cores."""
    source = tmp_path / "bomb.daub"
    source.write_bytes(bomb())
    program = (
        "import sys\nfrom daub.codec import container\nfrom daub.codec.decoder import decode\n"
        "from daub.render.cpu.backend import CpuRasteriser\n"
        "document = container.read(container.load_bytes(sys.argv[1]))\n"
        "decode(document, CpuRasteriser(), (64, 64))\n"
        "decode(document, CpuRasteriser(), large=True, progress=lambda part: print(part, flush=True))\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(source)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert 0 < float(running.stdout.readline()) < 0.1
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
        assert time.monotonic() - began < 30 and "KeyboardInterrupt" in said
    finally:
        running.kill()
