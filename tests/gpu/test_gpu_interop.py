"""Frames from CUDA to OpenGL without the host, in a context of EGL; its program is tried on a stand-in everywhere."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("egl_frame.py")


def run(*options: str) -> dict:
    if importlib.util.find_spec("OpenGL") is None:
        pytest.skip("PyOpenGL is not installed")
    done = subprocess.run([sys.executable, PROGRAM, *options], capture_output=True, text=True, timeout=100)
    if "EGL" in done.stderr and done.returncode:
        pytest.skip(f"no EGL context here: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_program_itself():
    assert run("--fake")["same"] == [True] * 3


@pytest.mark.gpu
def test_frames_arrive_bit_by_bit(rasteriser, record_property):
    done = run()
    record_property("OpenGL", done["renderer"])
    assert done["same"] == [True] * 3
    if done["through_host"]:
        assert "NVIDIA" not in done["renderer"], f"the host was taken though OpenGL is there: {done['through_host']}"
        pytest.skip(f"frames arrived through the host, as OpenGL is {done['renderer']}: {done['through_host']}")
