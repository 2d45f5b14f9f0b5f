"""The command line in a process of its own, as a person or a script meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENCODE_KEYS = [
    "width", "height", "gaussians", "bytes", "bpp", "psnr", "ms_ssim", "fit_psnr", "steps", "seed", "fit_seconds",
    "encode_seconds", "decode_seconds", "device", "device_reason", "missed", "plain_psnr", "alpha_gaussians",
]  # fmt: skip


def daub(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "daub.app.program", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)


def fails(*arguments: object) -> str:
    """The one line of a refusal."""
    run = daub(*arguments)
    lines = run.stderr.splitlines()
    assert run.returncode == 1 and run.stdout == "" and len(lines) == 1, (run.returncode, run.stdout, run.stderr)
    assert lines[0].startswith("daub: ") and lines[0].count(", ") >= 2
    return lines[0]
