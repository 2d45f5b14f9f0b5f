"""Readers of images that hang or crash, for the process that windows read in."""

from __future__ import annotations

import sys
from pathlib import Path

# What `codec.images.load` does with files whose names hold these words; others are read as always. Where it is about to
# hang, it leaves a file beside them.
_PROGRAM = """
import ctypes, os, subprocess, sys, tempfile, time
from daub.codec import images
load = images.load
def misbehaving(source, *given, **named):
    name = os.path.basename(source)
    if "hanging" in name or "deaf" in name:
        open(f"{source}.begun", "w").close()
    if "hanging" in name:
        time.sleep(60)
    if "deaf" in name:
        ctypes.PyDLL(None).sleep(60)  # keeps the lock of the interpreter
    if "helped" in name:  # by a program that hangs, and a file that is removed at the end
        with tempfile.TemporaryDirectory() as folder:
            helper = subprocess.Popen(["sleep", "60"])
            with open(f"{source}.about", "w") as file:
                file.write(f"{helper.pid} {folder}")
            os.rename(f"{source}.about", f"{source}.begun")
            helper.wait()
    if "crashing" in name:
        os.abort()
    if "chatty" in name:
        print("a library's own line", flush=True)
        os.write(1, b"and one of C")
    return load(source, *given, **named)
images.load = misbehaving
from daub.app.model.picture.reader_process import main
main()
"""

COMMAND = (sys.executable, "-c", _PROGRAM)


def hangs(path: Path) -> bool:
    """Whether the reader of that file has come to where it hangs."""
    return path.with_name(f"{path.name}.begun").exists()
