"""Frames on their way from CUDA to the screen: the painter of the backend, and the runtime that hands buffers over.

The other end, on the thread of OpenGL, is render/gl/frame.py; render/device_image.py says what passes between the two.
"""

from __future__ import annotations

from daub.render.device_image import DeviceImage, InteropError, Runtime
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import DeviceRasteriser


class CudaPainter:
    """The `Painter` of a backend whose arrays lie on a CUDA device.

    Args:
        stream: the one that the backend works on in the calling thread.
    """

    def __init__(self, rasteriser: DeviceRasteriser, runtime: Runtime, stream: int):
        self._rasteriser, self._runtime, self._stream = rasteriser, runtime, stream
        # One will do: recorded again it stands for a later frame, and waiting longer than needed does no harm.
        self._ready = runtime.event()

    def paint(self, gaussians: Gaussians, width: int, height: int) -> DeviceImage:
        pixels = self._rasteriser.forward_rgba(gaussians, width, height)
        self._runtime.record(self._ready, self._stream)
        pointer, _ = pixels.__cuda_array_interface__["data"]
        return DeviceImage(pointer, width, height, self._ready, self._runtime, pixels)


class CudaRuntime:
    """The `Runtime` of cuda-bindings, on one device.

    Args:
        device: number of the device, from 0.

    Raises:
        ImportError: cuda-bindings is not installed.
    """

    def __init__(self, device: int):
        from cuda.bindings import runtime

        self._api, self._device = runtime, device

    def stream(self) -> int:
        self._call("cudaSetDevice", self._device)  # a thread starts out on the first
        return int(self._call("cudaStreamCreateWithFlags", self._api.cudaStreamNonBlocking))

    def event(self) -> int:
        return int(self._call("cudaEventCreateWithFlags", self._api.cudaEventDisableTiming))

    def record(self, event: int, stream: int) -> None:
        self._call("cudaEventRecord", event, stream)

    def wait(self, stream: int, event: int) -> None:
        self._call("cudaStreamWaitEvent", stream, event, 0)

    def synchronize(self, stream: int) -> None:
        self._call("cudaStreamSynchronize", stream)

    def copy(self, to: int, source: int, size: int, stream: int) -> None:
        self._call("cudaMemcpyAsync", to, source, size, self._api.cudaMemcpyKind.cudaMemcpyDefault, stream)

    def pinned(self, size: int) -> int:
        return int(self._call("cudaHostAlloc", size, self._api.cudaHostAllocDefault))

    def free_pinned(self, pointer: int) -> None:
        self._call("cudaFreeHost", pointer)

    def register(self, buffer: int) -> object:
        flags = self._api.cudaGraphicsRegisterFlags.cudaGraphicsRegisterFlagsWriteDiscard
        return self._call("cudaGraphicsGLRegisterBuffer", buffer, flags)

    def unregister(self, resource: object) -> None:
        self._call("cudaGraphicsUnregisterResource", resource)

    def map(self, resource: object, stream: int) -> int:
        self._call("cudaGraphicsMapResources", 1, resource, stream)
        pointer, _ = self._call("cudaGraphicsResourceGetMappedPointer", resource)
        return int(pointer)

    def unmap(self, resource: object, stream: int) -> None:
        self._call("cudaGraphicsUnmapResources", 1, resource, stream)

    def _call(self, name: str, *arguments):
        """Calls a function of the runtime, and returns what that does besides its error code."""
        error, *returned = getattr(self._api, name)(*arguments)
        if error != self._api.cudaError_t.cudaSuccess:
            _, text = self._api.cudaGetErrorString(error)
            raise InteropError(f"{name} says {text.decode()} ({int(error)})")
        return returned[0] if len(returned) == 1 else returned
