"""The process as a whole: signals at any moment, and streams that are closed, full, or read by nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from daub.app.process import STOPPED

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and streams of POSIX")

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/codec/container/golden/photo.daub"
BUFFERED = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}  # as it is for a person
DAUB = (sys.executable, "-m", "daub.app.program")

# The program, which gets a signal when it is about to import a module; its name, the signal, and the arguments.
IMPORTING = """
import os, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == module:
            os.kill(os.getpid(), int(number))
_, module, number, *sys.argv[1:] = sys.argv
sys.meta_path.insert(0, Interrupting())
from daub.app import program
program.main()
"""

# Writes a file, and gets signals when the part file is whole and has not taken its name yet.
WRITING = """
import os, sys
from daub.app import process
process.guard()
from daub.codec.part_files import abandon_all
process.at_stop(abandon_all)
from daub.codec.files import write_atomic
def interrupted(*_):
    assert len(os.listdir(os.path.dirname(sys.argv[1]))) == 2
    for number in sys.argv[2:]:
        os.kill(os.getpid(), int(number))
    import time
    time.sleep(200)
os.fsync = interrupted
write_atomic(sys.argv[1], b"new")
"""

# Ends, with something to do at the end.
ENDING = """
import atexit, sys, threading, time
from daub.app import process
process.guard()
atexit.register(print, "the last")
atexit.register(lambda: 1 / 0)
threading.Thread(target=time.sleep, args=[20]).start()  # which an interpreter waits for
print("done")
process.end(7)
"""

# Has a folder for files that nobody is to keep.
SCRATCH = """
import os, signal
from daub.app import process
process.guard()
from daub.codec.part_files import abandon_all, scratch_folder
process.at_stop(abandon_all)
with scratch_folder() as folder:
    (folder / "file").touch()
    os.kill(os.getpid(), signal.SIGTERM)
    import time
    time.sleep(200)
"""

# What is never back in Python: a call that no signal interrupts, as the kernels are.
IN_C = """
import ctypes, signal
from daub.app import process
process.guard()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # it goes to another thread then, and the call goes on
print("begun", flush=True)
ctypes.CDLL(None).sleep(200)
"""


def _begin(*command: object, **options) -> subprocess.Popen:
    # Under some runners children inherit an ignored SIGINT, which Python then leaves ignored.
    options.setdefault("preexec_fn", lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT, "env": BUFFERED}
    return subprocess.Popen([*map(str, command)], **{**pipes, **options})


def _end(process: subprocess.Popen) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    try:
        stdout, stderr = process.communicate(timeout=120)
    finally:
        process.kill()
    return process.returncode, stdout, stderr


def _is_stopped(ended: tuple[int, str, str], number: int, cause: str) -> bool:
    assert ended == (128 + number, "", f"daub: stopped by {cause}, {STOPPED}\n")
    return True


CAUSES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "the signal SIGTERM", signal.SIGHUP: "the end of its terminal"}


@pytest.mark.parametrize(
    ("module", "number"),
    [
        ("daub.app.cli", signal.SIGINT), ("argparse", signal.SIGTERM), ("numpy", signal.SIGINT),
        ("numba.core.types", signal.SIGINT), ("daub.render.cpu.drawing", signal.SIGHUP),
    ],
)  # fmt: skip
def test_a_signal_while_modules_are_imported(module, number, tmp_path):
    process = _begin(sys.executable, "-c", IMPORTING, module, int(number), "decode", GOLDEN, tmp_path / "x.png")
    assert _is_stopped(_end(process), number, CAUSES[number]) and not list(tmp_path.iterdir())


def test_ctrl_c_before_the_program_could_see_to_it():
    interrupted = "import runpy, sys; sys.modules['daub.app'] = None\nclass Stop:\n def find_spec(self, name, *_):\n"
    interrupted += "  if name.startswith('daub'): raise KeyboardInterrupt\n"
    interrupted += "sys.meta_path.insert(0, Stop()); sys.modules.pop('daub.app')\n"
    interrupted += f"runpy.run_path({str(ROOT / 'main.py')!r}, run_name='__main__')"
    code, stdout, stderr = _end(_begin(sys.executable, "-c", interrupted))
    assert (code, stdout, stderr.count("\n")) == (130, "", 1) and stderr.startswith("daub: stopped by Ctrl-C")


def test_ctrl_c_while_kernels_are_compiled(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    sample = ROOT / "resources/sample.png"
    process = _begin(
        *DAUB, "encode", sample, folder / "x.daub", "--steps", 100_000,
        env=BUFFERED | {"DAUB_CACHE_DIR": str(tmp_path / "kernels")},
    )  # fmt: skip
    time.sleep(2.5)  # of the half minute that all of them take
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert _is_stopped(_end(process), signal.SIGINT, "Ctrl-C") and not list(folder.iterdir())
    assert time.monotonic() - began < 60


def test_ctrl_c_amid_a_decode_leaves_no_file_and_is_heard_at_once(tmp_path):
    """A PNG of 250 megapixels is under way, strip by strip, when it is given up."""
    source, folder = ROOT / "tests/codec/container/golden/photo.daub", tmp_path / "files"
    folder.mkdir()
    process = _begin(*DAUB, "decode", source, folder / "x.png", "--size", "16000x15600", "--yes-large")
    deadline = time.monotonic() + 60
    while not any(part.stat().st_size > 1000 for part in folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [part.suffix for part in folder.iterdir()] == [".part"]
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert _is_stopped(_end(process), signal.SIGINT, "Ctrl-C") and not list(folder.iterdir())
    assert time.monotonic() - began < 2  # a tenth of it, were the cores free


@pytest.mark.parametrize(
    "numbers", [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGINT, signal.SIGTERM, signal.SIGINT)]
)
def test_a_signal_amid_a_write_leaves_the_old_file_alone(numbers, tmp_path):
    target = tmp_path / "target"
    target.write_bytes(b"old")
    ended = _end(_begin(sys.executable, "-c", WRITING, target, *map(int, numbers)))
    first = signal.Signals(ended[0] - 128)
    assert first in numbers and _is_stopped(ended, first, CAUSES[first])
    assert os.listdir(tmp_path) == ["target"] and target.read_bytes() == b"old"


def test_the_end_waits_for_nobody_and_says_all_there_is_to_say():
    code, stdout, _ = _end(_begin(sys.executable, "-c", ENDING))
    assert (code, stdout) == (7, "done\nthe last\n")


def test_a_signal_takes_scratch_folders_along(tmp_path):
    ended = _end(_begin(sys.executable, "-c", SCRATCH, env=BUFFERED | {"TMPDIR": str(tmp_path)}))
    assert _is_stopped(ended, signal.SIGTERM, CAUSES[signal.SIGTERM]) and not list(tmp_path.iterdir())


def test_a_signal_that_somebody_handles_ends_nothing():
    program = """
import os, signal, time
from daub.app import process
process.guard()
signal.signal(signal.SIGUSR1, lambda *_: print("handled", flush=True))
os.kill(os.getpid(), signal.SIGUSR1)
time.sleep(0.3)
process.end(7)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (7, "handled\n", "")


def test_a_signal_while_no_python_runs():
    process = _begin(sys.executable, "-c", IN_C)
    assert process.stdout.readline() == "begun\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert _is_stopped(_end(process), signal.SIGINT, "Ctrl-C") and time.monotonic() - began < 60


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_was_switched_off_stays_off(number):
    """As nohup does, and a shell for what runs in the background."""
    process = _begin(
        sys.executable, "-c", IMPORTING, "argparse", int(number), "--version",
        preexec_fn=lambda: signal.signal(number, signal.SIG_IGN),
    )  # fmt: skip
    code, stdout, stderr = _end(process)
    assert (code, stderr) == (0, "") and stdout.startswith("daub ")


def _closed(*numbers: int):
    return lambda: [os.close(number) for number in numbers]


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_closed_streams_leave_the_work_alone(closed, tmp_path):
    process = _begin(*DAUB, "decode", GOLDEN, tmp_path / "x.png", preexec_fn=_closed(*closed))
    code, stdout, stderr = _end(process)
    assert (code, stderr) == (0, "") and (1 in closed) == (stdout == "")
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG" and os.listdir(tmp_path) == ["x.png"]


def test_closed_streams_leave_a_refusal_its_code():
    assert _end(_begin(*DAUB, "nonsense", preexec_fn=_closed(0, 1, 2))) == (2, "", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_behind_stdout_is_one_line_and_the_file_is_written(tmp_path):
    with open("/dev/full", "w") as full:
        code, _, stderr = _end(_begin(*DAUB, "decode", GOLDEN, tmp_path / "x.png", stdout=full))
        assert code == 1 and os.listdir(tmp_path) == ["x.png"]
        assert stderr == (
            "daub: cannot print the result, no space left on device, send the output elsewhere; "
            "files are written as asked\n"
        )
        for arguments in (("--version",), ("--help",), ("encode", "--help")):
            code, _, stderr = _end(_begin(*DAUB, *arguments, stdout=full))
            assert (code, stderr.count("\n")) == (1, 1) and "Traceback" not in stderr, arguments


@pytest.mark.parametrize("broken", ["full", "unread"])
def test_notices_that_nobody_reads_are_dropped(broken, tmp_path):
    clear = tmp_path / "clear.png"
    Image.new("RGBA", (12, 12)).save(clear)
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as unread, open("/dev/full", "w") as full:
        command = *DAUB, "compare", clear, clear, "--background", "white"
        process = _begin(*command, stderr=full if broken == "full" else unread)
        code, stdout, _ = _end(process)
    assert code == 0 and "identical" in stdout


def test_nobody_who_reads_is_no_traceback_and_the_file_is_written(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as broken:
        assert _end(_begin(*DAUB, "decode", GOLDEN, tmp_path / "x.png", stdout=broken)) == (141, None, "")
        assert os.listdir(tmp_path) == ["x.png"]
        assert _end(_begin(*DAUB, "--help", stdout=broken)) == (141, None, "")
        assert _end(_begin(*DAUB, "--help", stderr=broken))[0] == 0
        assert _end(_begin(*DAUB, "nonsense", stdout=broken, stderr=broken))[0] == 2


def test_a_name_of_any_bytes_is_printed(tmp_path):
    name = os.fsencode(tmp_path) + b"/b\xff\xe9.daub"
    with open(name, "wb") as file:
        file.write(GOLDEN.read_bytes())
    code, stdout, stderr = _end(subprocess.Popen([*DAUB, "info", name], stdout=-1, stderr=-1, text=True, cwd=ROOT))
    assert (code, stderr) == (0, "") and r"/b\udcff\udce9.daub" in stdout
