"""The peak of the memory of a process from a moment on: loading and compiling kernels before may have taken more."""

from __future__ import annotations

from pathlib import Path

_RESET = Path("/proc/self/clear_refs")
AVAILABLE = _RESET.exists()  # on Linux


def begin() -> int:
    """Lets the peak begin anew; bytes that are taken now."""
    _RESET.write_text("5")
    return _status("VmRSS")


def peak() -> int:
    """Bytes at most since then."""
    return _status("VmHWM")


def _status(which: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(which))
