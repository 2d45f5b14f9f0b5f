"""The CUDA kernels on a CPU: `fibers.h` stands in for the machine, this for the driver and the backend's launches."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import numpy as np

from render.cuda import source
from render.gaussians import Gaussians
from render.rasterizer import GaussNewton

HERE = Path(__file__).parent
SANITIZE = ("-fsanitize=address", "-fno-omit-frame-pointer")


class DivergentBarrier(RuntimeError):
    """Some threads wait for others that never come."""


def build(folder: Path, text: str | None = None, flags: tuple[str, ...] = ()) -> Path:
    """Compiles the kernels, or others in `text`, for the CPU; returns the library."""
    (folder / "kernels.cu").write_text(source.read() if text is None else text, "utf-8")
    entries = "".join(f"ENTRY({kernel})\n" for kernel in source.KERNELS)
    (folder / "kernels.cpp").write_text(f'#include "fibers.h"\n#include "kernels.cu"\n{entries}', "utf-8")
    library = ["-shared", "-fPIC", "-fvisibility=hidden", "-o", "kernels.so"]
    command = ["g++", "-std=c++17", "-O1", "-g", *flags, f"-I{HERE}", *source.options(), "kernels.cpp", *library]
    built = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if built.returncode:
        raise RuntimeError(built.stderr)
    return folder / "kernels.so"


class Machine:
    """Launches kernels on one image size; `seed` orders blocks and threads.

    Every output is born as poison of exactly its size, so what a kernel leaves out or oversteps shows.
    """

    def __init__(self, library: Path, width: int, height: int, seed: int = 0, capacity: int = 1 << 14):
        self._library = ctypes.CDLL(str(library))
        self.width, self.height, self.seed, self.capacity = width, height, seed, capacity
        self.columns, self.rows = source.tiles(width, height)
        self.overflow = np.zeros(2, np.int32)

    def launch(self, kernel: str, gaussians: int, *arguments) -> None:
        """With the arguments of the kernel: arrays, None, or integers."""
        for array in arguments:
            assert not isinstance(array, np.ndarray) or array.flags.c_contiguous
        pointers = [ctypes.c_void_p(a.ctypes.data) if isinstance(a, np.ndarray) else a for a in arguments]
        values = [ctypes.c_void_p() if a is None else ctypes.c_int(a) if isinstance(a, int) else a for a in pointers]
        addresses = (ctypes.c_void_p * len(values))(*map(ctypes.addressof, values))
        grid = (ctypes.c_uint * 3)(*source.grid(kernel, gaussians, self.width, self.height))
        entry = self._library[f"launch_{kernel}"]
        entry.restype = ctypes.c_bool
        if not entry(grid, source.KERNELS[kernel], self.seed, addresses):
            raise DivergentBarrier(kernel)

    def bin(self, gaussians: Gaussians) -> None:
        """Gaussians -> derived, rectangles, start and members."""
        n, tiles = len(gaussians), self.columns * self.rows
        self.derived = np.full((n, 2, 4), np.nan, np.float32)
        self.rectangles = np.full((n, 4), -1, np.int32)
        self.start = np.full(tiles * source.PARTS + 1, -1, np.int32)
        self.members = np.full(self.capacity, -1, np.int32)
        self.launch("derive", n, gaussians.parameters, n, self.width, self.height, self.derived, self.rectangles)
        self.launch("count", n, self.rectangles, n, self.columns, self.start)
        self.launch("scan", n, self.start, tiles, self.capacity, self.overflow)
        self.launch("fill", n, self.rectangles, n, self.columns, self.start, self.capacity, self.members)

    def rasterize(self, gaussians: Gaussians, target: np.ndarray | None = None) -> np.ndarray:
        """(3, H, W): the render, or with a target (3, H, W) the residual; sets `error`."""
        self.bin(gaussians)
        self.image = np.full((3, self.height, self.width), np.nan, np.float32)
        squares, error = np.full((self.rows, self.columns), np.nan, np.float32), np.full(1, np.nan)
        lists = self.derived, self.start, self.members, self.capacity
        self.launch("rasterize", 0, *lists, target, self.width, self.height, self.image, squares)
        self.launch("sum_squares", 0, squares, squares.size, error)
        self.error = error[0]
        return self.image

    def gather(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        """(N, 8): the gradient in each Gaussian's own frame for a cotangent (3, H, W)."""
        self.bin(gaussians)
        n, gradient = len(gaussians), np.full((len(gaussians), 8), np.nan, np.float32)
        self.launch("gather", n, self.derived, n, cotangent, self.width, self.height, gradient)
        return gradient

    def step(self, gaussians: Gaussians, momentum, settings: GaussNewton, frozen, target: np.ndarray) -> None:
        """One step in place, as `Surface.step`."""
        residual = self.rasterize(gaussians, target)
        n, packed = len(gaussians), source.settings(settings, self.width, self.height)
        lists = self.start, len(self.start) - 1, self.capacity
        state = packed, frozen, gaussians.parameters, momentum
        self.launch("step", n, self.derived, n, residual, self.width, self.height, *lists, *state)
