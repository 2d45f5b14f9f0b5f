"""The process that compiles the coder beside a cold start: when there is one, and that it never outlives its use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from daub.codec import compiling
from daub.codec.entropy import gaussian_models


@pytest.fixture
def begun(monkeypatch) -> list[subprocess.Popen]:
    """Processes that were started, each of which would wait for an hour."""
    processes = []
    start = compiling._begun

    def begin():
        processes.append(start())
        return processes[-1]

    monkeypatch.setattr(compiling, "_begun", begin)
    monkeypatch.setattr(compiling, "COMMAND", (sys.executable, "-c", "import time; time.sleep(3600)"))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return processes


def _says(monkeypatch, compiled: bool) -> None:
    monkeypatch.setattr(gaussian_models, "is_compiled", lambda: compiled)


def test_a_cold_start_has_one_which_ends_with_the_warming_up(begun, monkeypatch):
    _says(monkeypatch, compiled=False)
    with compiling.compiling_beside():
        assert len(begun) == 1 and begun[0].poll() is None
    assert begun[0].returncode is not None
    with pytest.raises(ZeroDivisionError), compiling.compiling_beside():
        raise ZeroDivisionError
    assert begun[1].returncode is not None


def test_there_is_none_where_it_would_not_help(begun, monkeypatch):
    _says(monkeypatch, compiled=True)
    with compiling.compiling_beside():
        assert not begun
    _says(monkeypatch, compiled=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with compiling.compiling_beside():
        assert not begun


def test_a_process_that_cannot_be_started_is_done_without(monkeypatch):
    _says(monkeypatch, compiled=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(compiling, "COMMAND", ("/no/such/python",))
    with compiling.compiling_beside():
        pass


def test_it_is_known_whether_the_coder_has_been_compiled(tmp_path):
    compiling.compile_coder()
    assert gaussian_models.is_compiled()
    code = "from daub.codec.entropy.gaussian_models import is_compiled; print(is_compiled())"
    cold = {**os.environ, "DAUB_CACHE_DIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", code], env=cold, capture_output=True, text=True).stdout == "False\n"


def test_the_command_compiles_it_where_this_process_looks():
    assert subprocess.run(compiling.COMMAND, capture_output=True).returncode == 0
    assert gaussian_models.is_compiled()


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
