"""The GPU that CuPy finds, where there is neither: a module in CuPy's place that holds us to what CuPy asks for."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from cuda_harness import FiberDevice
from cuda_harness.arrays import DeviceArray
from fake_cuda import FakeRuntime
from scenes import random_gaussians

from daub.render.cuda import compiler, open_backend, source
from daub.render.cuda.backend import CudaSurface
from daub.render.descent import Descent, GaussNewton
from daub.render.errors import DeviceUnavailable


class CUDARuntimeError(RuntimeError):
    pass


class CompileException(Exception):
    pass


class CUDADriverError(RuntimeError):
    pass


class Stream:
    """CuPy's, as far as recording goes."""

    null = SimpleNamespace(recording=None)
    current = null

    def __init__(self, non_blocking=False):
        assert non_blocking, "work on the default stream of any thread would break the recording"
        self.recording = None

    def __enter__(self):
        Stream.current = self

    def __exit__(self, *_):
        Stream.current = Stream.null

    def begin_capture(self):
        self.recording = []

    def end_capture(self):
        recorded, self.recording = self.recording, None
        return SimpleNamespace(launch=lambda: [kernel(*launch) for kernel, *launch in recorded])


class Kernel:
    def __init__(self, name, fibers, most):
        self.name, self.fibers, self.max_threads_per_block = name, fibers, most

    def __call__(self, grid, block, arguments):
        assert isinstance(arguments, tuple)
        if Stream.current.recording is not None:
            Stream.current.recording.append((self, grid, block, arguments))
            return
        assert block == (source.KERNELS[self.name], 1, 1)
        assert all(isinstance(a, (DeviceArray, np.int32, np.uintp)) for a in arguments), "CuPy would guess the type"
        self.fibers.launch(self.name, grid, [None if isinstance(a, np.uintp) else a for a in arguments])


class Cupy:
    def __init__(self, fibers=None, driver=13020, devices=1, capability="89", most=1024, broken=None):
        def count():
            if devices is None:
                raise CUDARuntimeError("cudaErrorNoDevice: no CUDA-capable device is detected")
            return devices

        runtime = SimpleNamespace(
            CUDARuntimeError=CUDARuntimeError,
            driverGetVersion=lambda: driver,
            runtimeGetVersion=lambda: 13020,
            getDeviceCount=count,
            getDeviceProperties=lambda _: {"name": b"Fibers"},
        )
        self.cuda = SimpleNamespace(
            runtime=runtime,
            compiler=SimpleNamespace(CompileException=CompileException),
            driver=SimpleNamespace(CUDADriverError=CUDADriverError),
            Device=lambda: SimpleNamespace(id=0, compute_capability=capability),
            Stream=Stream,
            get_current_stream=lambda: SimpleNamespace(ptr=7),
        )
        self.loaded = []
        self.RawModule = lambda path: (
            self.loaded.append(path) or SimpleNamespace(get_function=lambda name: Kernel(name, fibers, most))
        )
        self.fibers, self.asnumpy = fibers, fibers and fibers.host
        self.freed, self.broken = [], broken

    def ones(self, *arguments):
        if self.broken:
            raise self.broken
        return self.fibers and self.fibers.xp.ones(*arguments)

    def get_default_memory_pool(self):
        return SimpleNamespace(free_all_blocks=lambda: self.freed.append("device"))

    def get_default_pinned_memory_pool(self):
        return SimpleNamespace(free_all_blocks=lambda: self.freed.append("host"))

    def __getattr__(self, name):
        return getattr(self.fibers.xp, name)


@pytest.fixture
def use(monkeypatch, tmp_path):
    """Puts a module in CuPy's place, the cache in a folder of its own, and a stub in the compiler's place."""

    def use(cupy):
        monkeypatch.setitem(sys.modules, "cupy", cupy)

    monkeypatch.setattr("daub.render.cuda._DRIVER", "libc.so.6")
    monkeypatch.setenv("DAUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiler, "compile_kernels", lambda architecture, of: (b"cubin", ""))
    return use


def test_a_descent_through_cupy_is_that_of_the_kernels(library, use):
    cupy = Cupy(FiberDevice(library))
    use(cupy)
    rasteriser = open_backend()
    assert rasteriser.device.title == "Fibers"
    assert [path.endswith(".cubin") for path in cupy.loaded] == [True]
    rng = np.random.default_rng(0)
    gaussians, target = random_gaussians(rng, 10, 30, 20, (0.8, 0.4)), rng.random((20, 30, 3), np.float32)
    results = []
    for surface in (rasteriser.surface(target), CudaSurface(FiberDevice(library), target, 1 << 14)):
        descent = Descent.of(gaussians).moved(surface.xp.array)
        surface.advance(descent, GaussNewton(), 3, 0.2)
        results.append((descent.error, surface.host(descent.gaussians.parameters).tobytes()))
    assert results[0] == results[1]
    assert rasteriser.forward(gaussians, 30, 20).any()  # a null pointer instead of a target


def test_memory_goes_back_from_both_pools(library, use):
    cupy = Cupy(FiberDevice(library))
    use(cupy)
    open_backend().release()
    assert cupy.freed == ["device", "host"]


def test_a_recording_that_fails_is_ended(library, use):
    use(Cupy(FiberDevice(library)))
    streams = []

    def fail():
        streams.append(Stream.current)
        raise ValueError

    with pytest.raises(ValueError):
        open_backend().device.graph(fail)
    assert streams[0].recording is None and Stream.current is Stream.null


@pytest.mark.parametrize(
    "state,reason",
    [
        ({"driver": 0}, "no NVIDIA driver is installed"),
        ({"driver": 12080}, "the NVIDIA driver is for CUDA 12 and CuPy for CUDA 13, update the driver"),
        ({"devices": 0}, "no NVIDIA GPU is visible"),
        ({"devices": None}, "no NVIDIA GPU answers, cudaErrorNoDevice: no CUDA-capable device is detected"),
        ({"capability": "61"}, "the GPU has compute capability 6.1, the kernels need 7.5"),
        ({"most": 512}, "the GPU runs 512 threads of collect, 1024 are needed"),
        ({"broken": RuntimeError("Failed to find\nand so on")}, "the GPU cannot be used, Failed to find"),
        ({"broken": CompileException("cannot open\nx")}, "the GPU cannot be used, cannot open"),
    ],
)
def test_what_stands_in_the_way_is_one_line(use, state, reason):
    use(Cupy(**state))
    with pytest.raises(DeviceUnavailable) as caught:
        open_backend()
    assert str(caught.value) == reason


def test_a_missing_cupy_is_one_line(monkeypatch):
    monkeypatch.setattr("daub.render.cuda._DRIVER", "libc.so.6")
    monkeypatch.setitem(sys.modules, "cupy", None)  # what Python keeps of a module that was not found
    with pytest.raises(DeviceUnavailable, match=r"^cupy is not installed, install Daub with its extra cuda13"):
        open_backend()


def test_kernels_that_do_not_compile_leave_no_gpu(use, monkeypatch):
    def fail(architecture, of):
        raise compiler.CompileError(f"the kernels do not compile for sm_{architecture}\nand so on")

    use(Cupy())
    monkeypatch.setattr(compiler, "compile_kernels", fail)
    with pytest.raises(DeviceUnavailable) as caught:
        open_backend()
    assert str(caught.value) == "the GPU cannot be used, the kernels do not compile for sm_89"


def test_without_a_folder_for_kernels_there_is_no_gpu(use, monkeypatch):
    use(Cupy())
    monkeypatch.delenv("DAUB_CACHE_DIR")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    with pytest.raises(DeviceUnavailable) as caught:
        open_backend()
    expected = "the GPU cannot be used, no folder for compiled kernels: install platformdirs or set DAUB_CACHE_DIR"
    assert str(caught.value) == expected


@pytest.mark.parametrize("refuse", [None, "event", "import"])
def test_a_painter_paints_on_the_stream_that_the_backend_works_on(library, use, monkeypatch, refuse):
    use(Cupy(FiberDevice(library)))
    runtime = FakeRuntime(refuse or "")

    def open_runtime(device):
        if refuse == "import":
            raise ImportError("no module named cuda.bindings")
        assert device == 0
        return runtime

    monkeypatch.setattr("daub.render.cuda.device.CudaRuntime", open_runtime)
    painter = open_backend().painter()
    assert (painter is None) == bool(refuse)
    if painter is not None:
        assert painter._stream == 7 and runtime.log == ["event"]
