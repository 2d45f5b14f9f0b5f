"""The CUDA backend: kernels in `*.cu`, and in `source` all that a compiler and a launcher must know of it.

Nothing but `open_backend` imports CuPy, and only where there is a driver it could use: without one, asking is cheap.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.rasterizer import Rasterizer

_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


class DeviceUnavailable(Exception):
    """CUDA cannot be had. The text is one line: why, in a few words, and then what would change it."""


def open_backend() -> Rasterizer:
    """The CUDA backend on the first GPU.

    Raises:
        DeviceUnavailable: no driver, or what the backend itself cannot do without.
    """
    try:
        ctypes.CDLL(_DRIVER)
    except OSError as error:
        raise DeviceUnavailable("no NVIDIA driver, install the driver of the GPU if there is one") from error
    from render.cuda.backend import CudaRasterizer
    from render.cuda.device import CupyDevice

    return CudaRasterizer(CupyDevice())
