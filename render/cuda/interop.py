"""Frames from CUDA to the screen. Nothing here knows OpenGL or CuPy: buffers and streams are the numbers they go by.

The thread of the fit renders a `DeviceImage` on the backend's stream and records an event. The thread of OpenGL makes
its own stream wait for that event, maps the buffer, copies into it and unmaps it: render/gl/frame.py does this, through
a `Runtime`. A buffer is mapped only there, with the context current.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser


class InteropError(Exception):
    """CUDA refused; the text is one line, with the number of the error."""


@dataclass(frozen=True)
class DeviceImage:
    """(height, width, 4) float32 on a GPU, row 0 at the top; what lies there does not change any more."""

    pointer: int
    width: int
    height: int
    ready: int  # the event after which it may be read
    runtime: Runtime
    owner: object  # keeps the memory

    @property
    def size(self) -> int:
        """Bytes."""
        return 16 * self.width * self.height


class Runtime(Protocol):
    """What is used of the CUDA runtime. Every method may raise InteropError."""

    def stream(self) -> int:
        """A stream of the calling thread's own, on this device."""

    def event(self) -> int: ...

    def record(self, event: int, stream: int) -> None: ...

    def wait(self, stream: int, event: int) -> None:
        """What comes next on the stream waits for the event; the thread does not."""

    def synchronize(self, stream: int) -> None: ...

    def copy(self, to: int, source: int, size: int, stream: int) -> None:
        """Bytes, between any two pointers."""

    def pinned(self, size: int) -> int:
        """Host memory that a GPU copies into directly."""

    def free_pinned(self, pointer: int) -> None: ...

    def register(self, buffer: int) -> object:
        """Takes in a buffer of OpenGL, which CUDA will only write, and all of it."""

    def unregister(self, resource: object) -> None: ...

    def map(self, resource: object, stream: int) -> int:
        """Where the buffer lies on the device, until `unmap`; what OpenGL did with it comes before the stream."""

    def unmap(self, resource: object, stream: int) -> None:
        """What the stream did with the buffer comes before what OpenGL does next."""


class Painter:
    """Renders frames; of the thread that owns the backend. Args: stream: what the backend works on in that thread."""

    def __init__(self, rasteriser: Rasteriser, runtime: Runtime, stream: int):
        self._rasteriser, self._runtime, self._stream = rasteriser, runtime, stream
        # One will do: recorded again it stands for a later frame, and waiting longer than needed does no harm.
        self._ready = runtime.event()

    def paint(self, gaussians: Gaussians, width: int, height: int) -> DeviceImage:
        pixels = self._rasteriser.forward_rgba(gaussians, width, height)
        self._runtime.record(self._ready, self._stream)
        pointer, _ = pixels.__cuda_array_interface__["data"]
        return DeviceImage(pointer, width, height, self._ready, self._runtime, pixels)


def painter(rasteriser: Rasteriser) -> Painter | None:
    """None for the CPU backend, and where cuda-bindings is missing or fails: OpenGL can draw Gaussians itself."""
    if rasteriser.name != "cuda":
        return None
    cuda = rasteriser.device.xp.cuda
    try:
        return Painter(rasteriser, CudaRuntime(cuda.Device().id), cuda.get_current_stream().ptr)
    except (ImportError, InteropError):
        return None


class CudaRuntime:
    """The `Runtime` of cuda-bindings, on one device.

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
        """What the function returns besides its error code."""
        error, *returned = getattr(self._api, name)(*arguments)
        if error != self._api.cudaError_t.cudaSuccess:
            _, text = self._api.cudaGetErrorString(error)
            raise InteropError(f"{name} says {text.decode()} ({int(error)})")
        return returned[0] if len(returned) == 1 else returned


def as_array(pointer: int, image: DeviceImage) -> np.ndarray:
    """(height, width, 4) float32: host memory seen as that image."""
    numbers = (ctypes.c_float * (image.size // 4)).from_address(pointer)
    return np.frombuffer(numbers, np.float32).reshape(image.height, image.width, 4)
