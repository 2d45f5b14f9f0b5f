"""The device behind the CUDA backend: the GPU that CuPy finds.

Kernels and CuPy's own functions share the calling thread's current stream, so that one sees what the other has done;
only a graph is recorded on a stream apart, which no other thread's work can get into.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from daub.render.cuda import compiler, source
from daub.render.cuda.drawing import Array
from daub.render.errors import DeviceUnavailable

OLDEST = 75  # compute capability: Turing


class CupyDevice:
    """A `daub.render.cuda.drawing.Device`: the current GPU of CuPy.

    Raises:
        DeviceUnavailable: on creation.
    """

    def __init__(self):
        cupy = _import_cupy()
        architecture = _architecture(cupy)
        self.xp = cupy
        self.failures = (
            MemoryError,  # CuPy's own is one; its sorts, which are Thrust's, raise the plain one
            cupy.cuda.runtime.CUDARuntimeError,
            cupy.cuda.driver.CUDADriverError,
        )
        try:
            self.title = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)["name"].decode()
            module = cupy.RawModule(path=str(compiler.cached_cubin(architecture)))
            self._kernels = {kernel: module.get_function(kernel) for kernel in source.KERNELS}
            # Asking loads them, too: what is loaded on its first launch cannot be recorded.
            most = {kernel: function.max_threads_per_block for kernel, function in self._kernels.items()}
            cupy.ones(1)  # CuPy compiles kernels of its own, with headers that may be missing
        except (
            compiler.CompileError,
            cupy.cuda.compiler.CompileException,
            OSError,
            RuntimeError,
            MemoryError,
        ) as error:
            raise DeviceUnavailable(f"the GPU cannot be used, {_line(error)}") from error
        for kernel, threads in source.KERNELS.items():
            if most[kernel] < threads:
                raise DeviceUnavailable(f"the GPU runs {most[kernel]} threads of {kernel}, {threads} are needed")

    def launch(self, kernel: str, grid: tuple[int, int, int], arguments: Sequence[Array | np.int32 | None]) -> None:
        # A null pointer goes by value: CuPy takes no None.
        values = tuple(np.uintp(0) if argument is None else argument for argument in arguments)
        self._kernels[kernel](grid, (source.KERNELS[kernel], 1, 1), values)

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

    def release(self) -> None:
        self.xp.get_default_memory_pool().free_all_blocks()
        self.xp.get_default_pinned_memory_pool().free_all_blocks()


def _import_cupy():
    try:
        import cupy
    except ModuleNotFoundError as missing:
        raise DeviceUnavailable(
            f"{missing.name} is not installed, install Daub with its extra cuda13, or cuda12 for older drivers"
        ) from missing
    except ImportError as error:
        raise DeviceUnavailable(f"CuPy does not load, {_line(error)}") from error
    return cupy


def _architecture(cupy) -> int:
    """The compute capability of the GPU, such as 89."""
    runtime = cupy.cuda.runtime
    driver, needed = runtime.driverGetVersion(), runtime.runtimeGetVersion()
    if driver == 0:
        raise DeviceUnavailable("no NVIDIA driver is installed")
    if driver // 1000 < needed // 1000:
        raise DeviceUnavailable(
            f"the NVIDIA driver is for CUDA {driver // 1000} and CuPy for CUDA {needed // 1000}: update the driver"
        )
    try:
        if runtime.getDeviceCount() == 0:
            raise DeviceUnavailable("no NVIDIA GPU is visible")
        architecture = int(cupy.cuda.Device().compute_capability)
    except runtime.CUDARuntimeError as error:
        raise DeviceUnavailable(f"no NVIDIA GPU answers, {_line(error)}") from error
    if architecture < OLDEST:
        have, want = (f"{capability // 10}.{capability % 10}" for capability in (architecture, OLDEST))
        raise DeviceUnavailable(f"the GPU has compute capability {have}, the kernels need {want}")
    return architecture


def _line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
