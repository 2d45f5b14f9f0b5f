"""A machine with a GPU that may not be used: nothing crashes, and one line says why."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.gpu

ROOT = Path(__file__).parents[2]
IN_PLACE = f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r}); import in_place"  # what a program begins with


def run(program: str, **environment: str) -> subprocess.CompletedProcess:
    program = f"{IN_PLACE}\n{program}"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True,
        timeout=100,
    )  # fmt: skip


def test_a_hidden_gpu_is_one_line(rasteriser):
    program = """
from daub.render.errors import DeviceUnavailable
from daub.render.cuda import open_backend
try:
    open_backend()
except DeviceUnavailable as error:
    print(error)
"""
    done = run(program, CUDA_VISIBLE_DEVICES="-1")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1 and ", " in done.stdout


def test_auto_then_takes_the_cpu(rasteriser):
    if importlib.util.find_spec("numba") is None:
        pytest.skip("the CPU backend needs numba")
    program = "from daub.render.devices import choose; backend, why = choose(); print(backend.name, why)"
    done = run(program, CUDA_VISIBLE_DEVICES="-1")
    assert done.returncode == 0 and done.stdout.startswith("cpu "), done.stderr


def test_a_picture_that_is_too_large_fails_as_told_and_the_device_lives_on(rasteriser):
    from scenes import scattered

    with pytest.raises(rasteriser.failures):
        rasteriser.forward(scattered(10, 64, 64), 1 << 20, 1 << 20)
    assert rasteriser.forward(scattered(10, 64, 64), 64, 64).any()
