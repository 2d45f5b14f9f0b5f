"""The device behind the CUDA backend: the GPU that CuPy finds.

Our kernels and CuPy's functions share the calling thread's current stream, so that one sees what the other has done;
only a graph is recorded on a stream apart, which no other thread's work can get into.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np

from daub.render.cuda import compiler, source
from daub.render.cuda.interop import CudaPainter, CudaRuntime
from daub.render.cuda.launching import Array
from daub.render.device_image import InteropError, Painter
from daub.render.errors import DeviceUnavailable, Reason
from daub.render.rasteriser import DeviceRasteriser

OLDEST = 75  # least compute capability, that of Turing, times ten


class CupyDevice:
    """A `daub.render.cuda.launching.Device`: the current GPU of CuPy.

    Args:
        of: the kernels that it is to have; `source` says what such a module holds.

    Raises:
        DeviceUnavailable: on creation, where no GPU can be had.
    """

    def __init__(self, of: ModuleType = source):
        cupy = _import_cupy()
        architecture = _architecture(cupy)
        self.xp, self._threads = cupy, of.KERNELS
        self.failures = (
            MemoryError,  # CuPy's OutOfMemoryError is one; its sorts, which are Thrust's, raise the plain one
            cupy.cuda.runtime.CUDARuntimeError,
            cupy.cuda.driver.CUDADriverError,
        )
        try:
            self.title = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)["name"].decode()
            module = cupy.RawModule(path=str(compiler.cached_cubin(architecture, of)))
            self._kernels = {kernel: module.get_function(kernel) for kernel in of.KERNELS}
            # Asking for this loads the kernels, too: one that is loaded on its first launch cannot be recorded.
            most = {kernel: function.max_threads_per_block for kernel, function in self._kernels.items()}
            cupy.ones(1)  # CuPy compiles kernels of its own, with headers that may be missing
        except (
            compiler.CompileError,
            cupy.cuda.compiler.CompileException,
            OSError,
            RuntimeError,
            MemoryError,
        ) as error:
            raise DeviceUnavailable(Reason("the GPU cannot be used", _line(error))) from error
        for kernel, threads in of.KERNELS.items():
            if most[kernel] < threads:
                what = f"the GPU runs {most[kernel]} threads of {kernel}"
                raise DeviceUnavailable(Reason(what, f"{threads} are needed"))

    def launch(
        self, kernel: str, grid: tuple[int, int, int], arguments: Sequence[Array | np.int32 | np.float32 | None]
    ) -> None:
        # A null pointer goes by value: CuPy takes no None.
        values = tuple(np.uintp(0) if argument is None else argument for argument in arguments)
        self._kernels[kernel](grid, (self._threads[kernel], 1, 1), values)

    def graph(self, launches: Callable[[], None]) -> Callable[[], None]:
        stream = self.xp.cuda.Stream(non_blocking=True)
        with stream:
            stream.begin_capture()
            try:
                launches()
            finally:
                recorded = stream.end_capture()
        return recorded.launch

    def host(self, array: Array) -> np.ndarray:
        return self.xp.asnumpy(array)

    def put(self, array: Array, values: np.ndarray) -> None:
        array.set(values, stream=self.xp.cuda.get_current_stream())

    def painter(self, rasteriser: DeviceRasteriser) -> Painter | None:
        cuda = self.xp.cuda
        try:
            return CudaPainter(rasteriser, CudaRuntime(cuda.Device().id), cuda.get_current_stream().ptr)
        except (ImportError, InteropError):  # cuda-bindings is missing, or does not get on with this driver
            return None

    def release(self) -> None:
        self.xp.get_default_memory_pool().free_all_blocks()
        self.xp.get_default_pinned_memory_pool().free_all_blocks()


def _import_cupy():
    try:
        import cupy
    except ModuleNotFoundError as missing:
        remedy = "install Daub with its extra cuda13, or cuda12 for older drivers"
        raise DeviceUnavailable(Reason(f"{missing.name} is not installed", remedy=remedy)) from missing
    except ImportError as error:
        raise DeviceUnavailable(Reason("CuPy does not load", _line(error))) from error
    return cupy


def _architecture(cupy) -> int:
    """The compute capability of the GPU times ten, such as 89."""
    runtime = cupy.cuda.runtime
    driver, needed = runtime.driverGetVersion(), runtime.runtimeGetVersion()
    if driver == 0:
        raise DeviceUnavailable(Reason("no NVIDIA driver is installed"))
    if driver // 1000 < needed // 1000:
        what = f"the NVIDIA driver is for CUDA {driver // 1000} and CuPy for CUDA {needed // 1000}"
        raise DeviceUnavailable(Reason(what, remedy="update the driver"))
    try:
        if runtime.getDeviceCount() == 0:
            raise DeviceUnavailable(Reason("no NVIDIA GPU is visible"))
        architecture = int(cupy.cuda.Device().compute_capability)
    except runtime.CUDARuntimeError as error:
        raise DeviceUnavailable(Reason("no NVIDIA GPU answers", _line(error))) from error
    if architecture < OLDEST:
        have, want = (f"{capability // 10}.{capability % 10}" for capability in (architecture, OLDEST))
        raise DeviceUnavailable(Reason(f"the GPU has compute capability {have}", f"the kernels need {want}"))
    return architecture


def _line(error: Exception) -> str:
    """The first line of what an error says, or its name where it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
