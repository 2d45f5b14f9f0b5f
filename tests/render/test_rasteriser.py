"""The protocols: their examples run, and what calls itself a backend has all of them."""

import doctest
import inspect

import numpy as np
import pytest
from cuda_harness import FiberDevice
from fake_cuda import FakeCuda, FakeRuntime
from scenes import random_gaussians

from daub.render import rasteriser as module
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda.backend import CudaRasteriser
from daub.render.devices import Failover
from daub.render.rasteriser import Canvas, DeviceRasteriser, PlainCanvas, Rasteriser, Surface


def test_the_examples_run():
    result = doctest.testmod(module)
    assert result.attempted > 15 and not result.failed


def methods_of(protocol):
    return {name: each for name, each in inspect.getmembers(protocol, inspect.isfunction) if name[0] != "_"}


def assert_keeps(thing, protocol):
    """Has every attribute of the protocol, and its methods with the same arguments."""
    for name in getattr(protocol, "__annotations__", {}):
        assert hasattr(thing, name), name
    for name, method in methods_of(protocol).items():
        wanted = [*inspect.signature(method).parameters.values()][1:]
        got = [*inspect.signature(getattr(thing, name)).parameters.values()]
        assert [(each.name, each.default) for each in wanted] == [(each.name, each.default) for each in got], name


@pytest.fixture(params=["cpu", "cuda", "failover", "stand-in"])
def backend(request):
    if request.param == "cpu":
        return CpuRasteriser()
    if request.param == "failover":
        return Failover(CpuRasteriser())
    if request.param == "stand-in":
        return FakeCuda(CpuRasteriser(), FakeRuntime())
    return CudaRasteriser(FiberDevice(request.getfixturevalue("library")))


def test_a_backend_keeps_the_protocols(backend):
    assert_keeps(backend, DeviceRasteriser if hasattr(backend, "forward_rgba") else Rasteriser)
    assert_keeps(backend.canvas(16, 12), Canvas)
    assert_keeps(backend.surface(np.zeros((12, 16, 3), np.float32)), Surface)


def test_a_plain_canvas_is_its_rasteriser():
    gaussians = random_gaussians(np.random.default_rng(0), 7, 16, 12)
    cpu = CpuRasteriser()
    canvas, image = PlainCanvas(cpu, 16, 12), cpu.forward(gaussians, 16, 12)
    assert np.array_equal(canvas.forward(gaussians), image)
    assert np.array_equal(canvas.backward(gaussians, image), cpu.backward(gaussians, image))
