"""What a decode takes beside the Gaussians, and that it can be interrupted: in processes of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from large_file import bomb

GOLDEN = Path(__file__).parent / "container/golden/photo.daub"
SIDE = 4096
ALLOWED = 8  # bytes a pixel, of which the picture itself has 3

resource = pytest.importorskip("resource", reason="there is no such measure of memory here")

# Peaks in kilobytes: after everything has been loaded, and after the picture.
PROGRAM = """
import json, resource, sys
from daub.app import tasks
from daub.codec import decode
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
source, target, side = sys.argv[1], sys.argv[2], int(sys.argv[3])
def work(side):
    if not target:
        return decode(source, (side, side), device="cpu")
    tasks.decode_to_file(tasks.DecodeRequest(source, target, size=(side, side)), tasks.OpenDevice("cpu"))
work(64)
before = peak()
work(side)
print(json.dumps([before, peak()]))
"""


@pytest.fixture(scope="module", autouse=True)
def compiled_kernels():
    """A compiler takes more memory than any decode here, and would hide what that takes."""
    subprocess.run([sys.executable, "-c", PROGRAM, str(GOLDEN), "", "64"], check=True, capture_output=True, timeout=100)


@pytest.mark.parametrize(
    ("target", "codec"),
    [("", 0), ("a.png", 4), ("a.bmp", 4 + 3)],  # Pillow keeps 4 bytes a pixel, and the file is as large as it is
    ids=["pixels", "png", "bmp"],
)
def test_a_decode_takes_few_bytes_a_pixel(tmp_path, target, codec):
    target = str(tmp_path / target) if target else ""
    command = [sys.executable, "-c", PROGRAM, str(GOLDEN), target, str(SIDE)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stderr
    before, after = json.loads(run.stdout)
    taken = 1024 * (after - before) / SIDE**2
    assert 3 <= taken <= ALLOWED + codec, f"{taken:.1f} bytes a pixel"


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
        assert time.monotonic() - began < 5 and "KeyboardInterrupt" in said
    finally:
        running.kill()
