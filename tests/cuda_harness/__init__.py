"""The CUDA kernels on a CPU: `fibers.h` stands in for the machine, `arrays` for CuPy, this for the driver."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np

from cuda_harness.arrays import DeviceArray, module
from daub.render.cuda import source

HERE = Path(__file__).parent
SANITIZE = ("-fsanitize=address", "-fno-omit-frame-pointer")


class DivergentBarrier(RuntimeError):
    """Some threads wait for others that never come."""


class DeviceLost(RuntimeError):
    """What the driver says from the launch on at which a device is to die."""


def build(folder: Path, text: str | None = None, flags: tuple[str, ...] = (), of: ModuleType = source) -> Path:
    """Compiles the kernels, or others in `text`, for the CPU; returns the library."""
    (folder / "kernels.cu").write_text(of.read() if text is None else text, "utf-8")
    entries = "".join(f"ENTRY({kernel})\n" for kernel in of.KERNELS)
    (folder / "kernels.cpp").write_text(f'#include "fibers.h"\n#include "kernels.cu"\n{entries}', "utf-8")
    library = ["-shared", "-fPIC", "-fvisibility=hidden", "-o", "kernels.so"]
    command = ["g++", "-std=c++17", "-O1", "-g", *flags, f"-I{HERE}", *of.options(), "kernels.cpp", *library]
    built = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if built.returncode:
        raise RuntimeError(built.stderr)
    return folder / "kernels.so"


class FiberDevice:
    """`daub.render.cuda.launching.Device` without a GPU.

    Args:
        library: of `build`.
        seed: orders blocks and threads.
        dies_after: launches, after which everything fails; never by default.
        of: what the library was built of.
    """

    title = "Fibers"
    failures = (DeviceLost,)

    def __init__(self, library: Path, seed: int = 0, dies_after: float = np.inf, of: ModuleType = source):
        self._library = ctypes.CDLL(str(library))
        self._recording: list[tuple] | None = None
        self._threads = of.KERNELS
        self.seed, self.dies_after = seed, dies_after
        self.launches = self.graphs = 0
        self.xp = module(self._refuse)

    def launch(self, kernel: str, grid: tuple[int, int, int], arguments) -> None:
        if self._recording is not None:
            self._recording.append((kernel, grid, arguments))
            return
        self._refuse()
        self.launches += 1
        values = [_argument(argument) for argument in arguments]
        addresses = (ctypes.c_void_p * len(values))(*map(ctypes.addressof, values))
        entry = self._library[f"launch_{kernel}"]
        entry.restype = ctypes.c_bool
        if not entry((ctypes.c_uint * 3)(*grid), self._threads[kernel], self.seed, addresses):
            raise DivergentBarrier(kernel)

    def graph(self, launches: Callable[[], None]) -> Callable[[], None]:
        self._recording = recorded = []
        try:
            launches()
        finally:
            self._recording = None
        self.graphs += 1

        def replay():
            for launch in recorded:
                self.launch(*launch)

        return replay

    def host(self, array: DeviceArray) -> np.ndarray:
        self._refuse()
        return array.host.copy()

    def put(self, array: DeviceArray, values: np.ndarray) -> None:
        self._refuse()
        array.set(values)

    def painter(self, _rasteriser) -> None:
        return None

    def release(self) -> None:
        self._refuse()

    def _refuse(self) -> None:
        """What a driver would not do now."""
        if self._recording is not None:
            raise RuntimeError("only kernels can be recorded in a graph")
        if self.launches >= self.dies_after:
            raise DeviceLost("it fell off the bus")


def _argument(value):
    if isinstance(value, DeviceArray):
        return ctypes.c_void_p(value.host.ctypes.data)
    if value is None:
        return ctypes.c_void_p()
    return ctypes.c_float(value) if isinstance(value, np.float32) else ctypes.c_int(value)
