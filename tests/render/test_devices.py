"""Which backend is taken, and that asking for CUDA on a machine without it costs next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from daub.render import cuda
from daub.render.devices import choose
from daub.render.errors import DeviceUnavailable

ROOT = Path(__file__).parents[2]


class Backend:
    name = "cuda"
    device = SimpleNamespace(title="GPU 9000")


@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_cuda_is_taken_where_it_can_be_had(monkeypatch, device):
    monkeypatch.setattr(cuda, "open_backend", Backend)
    backend, why = choose(device)
    assert (backend.name, why) == ("cuda", "GPU 9000")
    assert choose("cpu")[0].name == "cpu"


def test_auto_falls_back_with_the_reason_and_cuda_does_not(monkeypatch):
    def refuse():
        raise DeviceUnavailable("the driver is too old, update it")

    monkeypatch.setattr(cuda, "open_backend", refuse)
    backend, why = choose("auto")
    assert (backend.name, why) == ("cpu", "the driver is too old, update it")
    with pytest.raises(DeviceUnavailable, match="too old"):
        choose("cuda")


def test_without_a_driver_nothing_of_cuda_is_imported():
    program = """
import sys
from daub.render import cuda
cuda._DRIVER = "no-such-driver.so"
try:
    cuda.open_backend()
except cuda.DeviceUnavailable as error:
    print(error)
print(sorted({"cupy", "cuda", "numpy"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    why, loaded = run.stdout.splitlines()
    assert why.startswith("no NVIDIA driver, ") and loaded == "[]", run.stderr


def test_an_unknown_device_is_named():
    with pytest.raises(ValueError, match="tpu"):
        choose("tpu")
