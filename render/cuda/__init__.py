"""The CUDA backend. In the order of a launch:

`kernels.cu`, and in `source` all that a compiler and a launcher must know of it; `compiler`, which makes a cubin of it;
`device`, which is CuPy's GPU; and `backend`, which needs no more than a device and so runs without a GPU in the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.cuda.backend import CudaRasterizer


def open_backend() -> CudaRasterizer:
    """The backend on the GPU that CuPy finds; compiles the kernels where they are not in the user's cache folder.

    Raises:
        render.cuda.device.DeviceUnavailable: with one line that says why.
    """
    from render.cuda.backend import CudaRasterizer  # only now, for CuPy takes its time to load
    from render.cuda.device import CupyDevice

    return CudaRasterizer(CupyDevice())
