"""Which backend is taken, how work goes on when its device fails, and that asking for CUDA costs next to nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
import weakref
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from failing_device import GAVE_UP, Failing, Lost
from scenes import a_picture, random_gaussians

from daub.render import cuda
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import Failover, choose, fall_back, with_fallback
from daub.render.errors import DeviceUnavailable, Reason

ROOT = Path(__file__).parents[2]
TOO_OLD = Reason("the driver is too old", remedy="update it")


class Backend:
    name = "cuda"
    device = SimpleNamespace(title="GPU 9000")


@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_cuda_is_taken_where_it_can_be_had(monkeypatch, device):
    monkeypatch.setattr(cuda, "open_backend", Backend)
    chosen = choose(device)
    assert (chosen.rasteriser.name, chosen.reason) == ("cuda", Reason("GPU 9000"))
    assert choose("cpu").rasteriser.name == "cpu"


def test_auto_takes_the_cpu_with_the_reason_and_cuda_does_not(monkeypatch):
    def refuse():
        raise DeviceUnavailable(TOO_OLD)

    monkeypatch.setattr(cuda, "open_backend", refuse)
    chosen = choose("auto")
    assert (chosen.rasteriser.name, chosen.reason) == ("cpu", TOO_OLD)
    with pytest.raises(DeviceUnavailable) as caught:
        choose("cuda")
    assert caught.value.reason == TOO_OLD


def test_without_a_driver_nothing_of_cuda_is_imported():
    program = """
import sys
from daub.render import cuda
from daub.render.errors import DeviceUnavailable
cuda._DRIVER = "no-such-driver.so"
try:
    cuda.open_backend()
except DeviceUnavailable as error:
    print(error)
print(sorted({"cupy", "cuda", "numpy"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    why, loaded = run.stdout.splitlines()
    assert why.startswith("no NVIDIA driver, ") and loaded == "[]", run.stderr


def test_an_unknown_device_is_named():
    with pytest.raises(ValueError, match="tpu"):
        choose("tpu")


class Device(CpuRasteriser):
    """A device that another backend must not be taken for, with a note of when its memory went back."""

    name = "cuda"
    failures = (Lost,)

    def __init__(self):
        super().__init__()
        self.released = 0

    def release(self):
        self.released += 1


def test_all_users_of_a_failed_device_go_on_with_the_cpu_and_it_is_told_once():
    told, device = [], Device()
    shared = Failover(device, lambda reason: told.append((reason, shared.name, device.released)))
    assert (shared.name, shared.fell_back) == ("cuda", None)
    first = fall_back(shared, Lost("it fell off the bus"))
    assert told == [(GAVE_UP, "cpu", 1)], "told when its memory is free and the CPU is there"
    assert shared.fell_back == GAVE_UP and shared.name == first.name == "cpu" and first.failures == ()
    assert shared.failures == (Lost,), "of surfaces that others made before"
    assert fall_back(shared, Lost("again")) is first and len(told) == 1
    assert device.released == 2, "the second user has let go of its memory, too"


def test_a_failover_does_all_that_its_backend_does():
    rng = np.random.default_rng(0)
    gaussians, cpu = random_gaussians(rng, 9, 16, 12), CpuRasteriser()
    shared = Failover(Device())
    image = shared.forward(gaussians, 16, 12)
    for _ in range(2):
        assert np.array_equal(shared.forward(gaussians, 16, 12), image)
        assert np.array_equal(shared.forward_8bit(gaussians, 16, 12), cpu.forward_8bit(gaussians, 16, 12))
        assert np.array_equal(shared.backward(gaussians, image), cpu.backward(gaussians, image))
        assert np.array_equal(shared.canvas(16, 12).forward(gaussians), image)
        assert shared.surface(image).error(gaussians) < 1e-9 and shared.xp is np and shared.painter() is None
        shared.release()
        shared._on_fall_back = lambda reason: None
        fall_back(shared, Lost())


def test_there_is_one_failover_to_a_device_and_on_its_own_it_warns():
    shared = Failover(Device())
    assert Failover.of(shared) is shared
    with pytest.warns(RuntimeWarning, match="^the GPU gave up, it fell off the bus, the CPU goes on$") as warned:
        assert fall_back(Failover.of(Device()), Lost("it fell off the bus")).name == "cpu"
        assert fall_back(Device(), Lost("it fell off the bus")).name == "cpu"
    assert len(warned) == 2


def test_a_failure_without_words_is_named():
    told = []
    fall_back(Failover(Device(), told.append), Lost())
    assert told == [Reason("the GPU gave up", "Lost")]


def test_work_is_done_again_on_the_cpu_and_what_it_had_is_free_by_then():
    class Memory:
        pass

    held, told = [], []

    def work(rasteriser):
        if held:
            assert held[0]() is None, "the frames of the failure hold the memory of the device"
            return rasteriser.name
        memory = Memory()
        held.append(weakref.ref(memory))
        raise Lost("it fell off the bus")

    assert with_fallback(Failover(Device(), told.append), work) == "cpu" and told == [GAVE_UP]
    with pytest.raises(ZeroDivisionError):
        with_fallback(Device(), lambda rasteriser: 1 / 0)


def test_a_surface_made_before_is_the_devices_and_what_is_made_after_the_cpus():
    told = []
    shared = Failover(Failing("error", 1), told.append)
    before = shared.surface(a_picture(24, 16))
    gaussians = random_gaussians(np.random.default_rng(0), 5, 24, 16)
    error = before.error(gaussians)
    with pytest.raises(shared.failures) as caught:
        before.error(gaussians)
    fall_back(shared, caught.value)
    assert shared.surface(a_picture(24, 16)).error(gaussians) == error and told == [GAVE_UP]


def test_threads_that_find_the_device_dead_at_once_tell_it_once():
    told, ready = [], threading.Barrier(8)
    shared = Failover(Device(), told.append)

    def find():
        ready.wait()
        fall_back(shared, Lost("it fell off the bus"))

    threads = [threading.Thread(target=find) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [GAVE_UP]
