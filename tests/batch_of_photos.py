"""Small photos for batches, and the batch as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
DAUB = [sys.executable, "-m", "daub.app.program"]


def photos(folder: Path, count: int) -> Path:
    """Parts of the sample of 64x64 pixels, 0.png, sub/1.png, 2.png, ..., no two of them alike."""
    (folder / "sub").mkdir(parents=True)
    with Image.open(ROOT / "resources/sample.png") as sample:
        whole = sample.convert("RGB")
    for number in range(count):
        left, top = 55 * (number % 12), 40 + 200 * (number // 12)
        part = whole.crop((left, top, left + 64, top + 64))
        part.save(folder / ("sub" if number % 2 else "") / f"{number}.png")
    return folder


def begin(*arguments: object) -> subprocess.Popen:
    """`daub batch ...` on its way."""
    command = [*DAUB, "batch", *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def batch(*arguments: object) -> subprocess.CompletedProcess:
    """`daub batch ...` to its end."""
    with begin(*arguments) as process:
        stdout, stderr = process.communicate(timeout=400)
    return subprocess.CompletedProcess(arguments, process.returncode, stdout, stderr)


def journal(folder: Path) -> list[str]:
    """The targets of its lines, in their order."""
    path = folder / "daub-batch.jsonl"
    return [json.loads(line)["target"] for line in path.read_text().splitlines()] if path.exists() else []


def workers(parent: int) -> Iterator[int]:
    """The processes of batches that this one has started."""
    for about in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = about.read_text().splitlines()
        except OSError:  # it has ended
            continue
        if f"PPid:\t{parent}" in lines:
            yield int(about.parent.name)


def is_running(number: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False


def parts(folder: Path) -> list[str]:
    """What is half written there, and below."""
    return [name for _, _, names in os.walk(folder) for name in names if name.endswith(".part")]
