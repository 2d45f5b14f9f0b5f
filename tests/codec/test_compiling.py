"""The process that compiles beside a cold start: when there is one, who waits for it, and that it ends with that."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest
from batch_of_photos import is_running

from daub.codec import compiling, job
from daub.codec.encoder import encode
from daub.codec.entropy import gaussian_models
from daub.codec.goal import Goal
from daub.codec.progress import EncodeProgress, Stage, drive
from daub.codec.recipe import recipe_of
from daub.codec.rounding import refine
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning
from daub.render.compiling import Beside, noticed
from daub.render.cpu.backend import CpuRasteriser
from daub.render.interruption import GivenUp, while_wanted

_BEGINS = """
import os, subprocess, sys
waits = (
    "import sys, time; from daub.codec import compiling; compiling.compile_coder = lambda: time.sleep(3600);"
    "compiling.main('psnr', int(sys.argv[1]))"
)
silent = subprocess.DEVNULL
print(subprocess.Popen([sys.executable, "-c", waits, str(os.getpid())], stdout=silent, stderr=silent).pid)
"""


@pytest.fixture
def beside(monkeypatch) -> Iterator[Beside]:
    """What compiles beside this process, by one that waits for an hour."""
    other = Beside()
    monkeypatch.setattr(compiling, "beside", other)
    monkeypatch.setattr(job, "beside", other)
    monkeypatch.setattr(compiling, "COMMAND", (sys.executable, "-c", "import time; time.sleep(3600)"))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield other
    if other.is_busy:
        _kill(other)


def _kill(beside: Beside) -> None:
    beside._process.kill()
    beside._process.wait()


def _says(monkeypatch, compiled: bool) -> None:
    monkeypatch.setattr(gaussian_models, "is_compiled", lambda: compiled)


def _encode() -> Iterator[EncodeProgress]:
    settings = EncodeSettings(Goal("gaussians", 4), effort=0, steps=2)
    return encode(np.full((40, 40, 3), 0.5, np.float32), recipe_of(settings), CpuRasteriser())


def test_a_cold_start_has_one_which_goes_on_when_the_records_are_left(beside, monkeypatch):
    _says(monkeypatch, compiled=False)
    records = compiling.warming_up(CpuRasteriser(), Tuning.PSNR)
    next(records)
    assert beside.is_busy
    records.close()
    assert beside.is_busy
    process = beside._process
    compiling.compile_beside(Tuning.PSNR)
    assert beside._process is process  # one is enough


def test_there_is_none_where_it_would_not_help(beside, monkeypatch):
    compiling.compile_coder()
    compiling.compile_rounding(Tuning.PSNR)
    compiling.compile_beside(Tuning.PSNR)
    assert not beside.is_busy
    _says(monkeypatch, compiled=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    compiling.compile_beside(Tuning.PSNR)
    assert not beside.is_busy


def test_a_process_that_cannot_be_started_is_done_without(beside, monkeypatch):
    _says(monkeypatch, compiled=False)
    monkeypatch.setattr(compiling, "COMMAND", ("/no/such/python",))
    compiling.compile_beside(Tuning.PSNR)
    assert not beside.is_busy
    assert drive(_encode()).data


def test_a_fit_goes_on_meanwhile_and_a_rounding_waits(beside, monkeypatch):
    _says(monkeypatch, compiled=False)
    compiling.compile_beside(Tuning.PSNR)
    told = []

    def wait_a_little():
        told.append(True)
        if len(told) == 3:
            _kill(beside)

    with noticed(wait_a_little):
        stages = [record.stage for record in _encode()]
    assert stages[0] is Stage.FIT and stages[-1] is Stage.ROUND and len(told) >= 3


def test_what_waits_can_be_given_up(beside, monkeypatch):
    _says(monkeypatch, compiled=False)
    compiling.compile_beside(Tuning.PSNR)
    with while_wanted(lambda: False), pytest.raises(GivenUp):
        beside.wait()
    assert beside.is_busy


def test_it_ends_with_whoever_has_begun_it():
    number = int(subprocess.run([sys.executable, "-c", _BEGINS], capture_output=True, text=True).stdout)
    end = time.monotonic() + 60
    while is_running(number) and time.monotonic() < end:
        time.sleep(0.1)
    assert not is_running(number)


def test_it_is_known_whether_the_coder_has_been_compiled(tmp_path):
    compiling.compile_coder()
    assert gaussian_models.is_compiled()
    code = "from daub.codec.entropy.gaussian_models import is_compiled; print(is_compiled())"
    cold = {**os.environ, "DAUB_CACHE_DIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", code], env=cold, capture_output=True, text=True).stdout == "False\n"


def test_the_command_compiles_it_where_this_process_looks():
    assert subprocess.run([*compiling.COMMAND, "balanced", str(os.getpid())], capture_output=True).returncode == 0
    assert gaussian_models.is_compiled() and refine.is_compiled()


_ENCODES = """
import sys
import numpy as np
from numba.core.dispatcher import Dispatcher
from daub.codec import compiling
from daub.codec.encoder import encode
from daub.codec.goal import Goal
from daub.codec.progress import drive
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.render.cpu.backend import CpuRasteriser

def loaded():
    found = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("daub."):
            for each in vars(module).values():
                if isinstance(each, Dispatcher):
                    found[each.__module__, each.__name__] = set(each.overloads)
    return found

tune = sys.argv[1]
drive(compiling.warming_up(CpuRasteriser(), tune))
before = loaded()
pixels = np.random.default_rng(0).integers(0, 256, (260, 300, 3)).astype(np.float32) / np.float32(255)
settings = EncodeSettings(Goal("quality", 20), effort=0, steps=10, tune=tune)
drive(encode(pixels, recipe_of(settings), CpuRasteriser()))
more = {name for name, kernels in loaded().items() if kernels - before.get(name, set())}
print(len(before) > 20, more)
"""


@pytest.mark.parametrize("tune", ["psnr", "balanced"])
def test_after_warming_up_an_encode_loads_no_kernel_more(tune):
    run = subprocess.run([sys.executable, "-c", _ENCODES, tune], capture_output=True, text=True)
    assert run.stdout == "True set()\n", run.stderr
