"""The CUDA backend: kernels in `*.cu`, and in `source` all that a compiler and a launcher must know of them.

    source --> compiler --> device: CuPy's GPU --> drawing: one picture --> backend: rasteriser and surface

`launching` says what a device is to those that come after it.

Nothing but `open_backend` imports CuPy, and only where there is a driver it could use: without one, asking is cheap.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

from daub.render.errors import DeviceUnavailable, Reason

if TYPE_CHECKING:
    from daub.render.rasteriser import Rasteriser

_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


def open_backend() -> Rasteriser:
    """The CUDA backend on the first GPU.

    Raises:
        DeviceUnavailable: there is no driver, or what else the backend cannot do without.
    """
    try:
        ctypes.CDLL(_DRIVER)
    except OSError as error:
        reason = Reason("no NVIDIA driver", remedy="install the driver of the GPU if there is one")
        raise DeviceUnavailable(reason) from error
    from daub.render.cuda.backend import CudaRasteriser
    from daub.render.cuda.device import CupyDevice

    return CudaRasteriser(CupyDevice())
