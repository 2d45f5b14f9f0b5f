"""Work that hangs, fails or crashes, for the process of jobs."""

from __future__ import annotations

import sys

_PROGRAM = """
import os, sys, time, types
from daub.app.model import job_process
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
for function in (double, hang, fail, crash):
    setattr(work, function.__name__, function)
    job_process.WORK[function.__name__] = f"work:{function.__name__}"
sys.modules["work"] = work
job_process.main()
"""

COMMAND = (sys.executable, "-c", _PROGRAM)
