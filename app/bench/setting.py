"""What is measured, and on what: the images of a folder or the bundled photo, and the machine."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from daub.codec.errors import DaubError
from daub.resources import ROOT

SAMPLE = ROOT / "sample.png"
KODAK = 768, 512  # the size that published speeds refer to


def images_in(folder: str | None) -> list[Path]:
    """The images of a folder in the order of their names, or the bundled photo."""
    if folder is None:
        return [SAMPLE]
    from daub.codec import images

    what = f"cannot measure {folder}"
    if not os.path.isdir(folder):
        raise DaubError(what, "there is no such folder", "check the name")
    paths = [path for path in sorted(Path(folder).iterdir()) if path.suffix.lower() in images.READ_SUFFIXES]
    if not paths:
        raise DaubError(what, "there are no images in it", "choose a folder of images")
    return paths


def machine() -> str:
    """What a figure needs beside it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), name)
    except OSError:
        pass  # not Linux: the architecture has to do
    return f"{cores} cores of {name}"
