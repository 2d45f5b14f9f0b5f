"""Work that hangs, fails or crashes, and curves that are made up, for the process of jobs."""

from __future__ import annotations

import sys

_PROGRAM = """
import os, sys, time, types
from daub.app.model.work import job_process
from daub.codec.errors import DaubError
work = types.ModuleType("work")
def double(given, arrays, tell):
    print("a library's own line", flush=True)
    tell({"fraction": 0.5, "word": "half"})
    return {"given": given, "pid": os.getpid()}, [2 * array for array in arrays]
def hang(given, arrays, tell):
    tell({"word": "hanging"})
    time.sleep(60)
def fail(given, arrays, tell):
    raise DaubError("cannot do that", "it is not there", "look elsewhere")
def crash(given, arrays, tell):
    os.abort()
def curve(given, arrays, tell):
    if given["codec"] == "JPEG":
        time.sleep(60)
    for setting, size in ((7, 300), (2, 100), (4, 200)):
        row = {"codec": given["codec"], "image": given["image"], "setting": setting, "bytes": size, "bpp": size / 12}
        row |= {"psnr": 20 + size / 50, "ms_ssim": 0.9, "ssimulacra2": None, "flip": None}
        tell({"row": row, "fraction": size / 300})
        if given["codec"] == "WebP":
            raise DaubError("WebP cannot encode that", "it is too wide", "leave this codec out")
    return {}, []
for function in (double, hang, fail, crash, curve):
    setattr(work, function.__name__, function)
    job_process.WORK[function.__name__] = f"work:{function.__name__}"
job_process.WORK["own curve"] = job_process.WORK["curve"]
sys.modules["work"] = work
job_process.main()
"""

COMMAND = (sys.executable, "-c", _PROGRAM)
