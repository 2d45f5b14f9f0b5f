"""A CUDA runtime without CUDA: the device's memory is the host's, and what a mapped buffer gets reaches OpenGL.

It refuses what the real one refuses: a stale registration, copying before the event, unmapping what is not mapped.
"""

from __future__ import annotations

import ctypes
from types import SimpleNamespace

import numpy as np
from OpenGL import GL

from daub.render.cuda.interop import CudaPainter
from daub.render.device_image import InteropError
from daub.render.gaussians import Gaussians


class FakeRuntime:
    def __init__(self, refuse: str = ""):
        self.refuse = refuse  # name of the method that fails
        self.log: list[str] = []
        self.recorded: set[int] = set()
        self.registered: dict[int, tuple[int, int]] = {}  # resource -> buffer and its size, bytes
        self.mapped: dict[int, np.ndarray] = {}
        self.held: dict[int, object] = {}  # address -> pinned memory
        self._last = 100

    def _note(self, name: str) -> None:
        self.log.append(name)
        if name == self.refuse:
            raise InteropError(f"{name} says unknown error (999)")

    def _next(self) -> int:
        self._last += 1
        return self._last

    def stream(self) -> int:
        self._note("stream")
        return self._next()

    def event(self) -> int:
        self._note("event")
        return self._next()

    def record(self, event: int, stream: int) -> None:
        self._note("record")
        self.recorded.add(event)

    def wait(self, stream: int, event: int) -> None:
        self._note("wait")
        assert event in self.recorded, "nothing was rendered yet"

    def synchronize(self, stream: int) -> None:
        self._note("synchronize")

    def copy(self, to: int, source: int, size: int, stream: int) -> None:
        self._note("copy")
        ctypes.memmove(to, source, size)

    def pinned(self, size: int) -> int:
        self._note("pinned")
        memory = ctypes.create_string_buffer(size)
        self.held[ctypes.addressof(memory)] = memory
        return ctypes.addressof(memory)

    def free_pinned(self, pointer: int) -> None:
        self._note("free_pinned")
        del self.held[pointer]

    def register(self, buffer: int) -> int:
        self._note("register")
        resource = self._next()
        self.registered[resource] = (buffer, _size_of(buffer))
        return resource

    def unregister(self, resource: int) -> None:
        self._note("unregister")
        assert resource not in self.mapped
        del self.registered[resource]

    def map(self, resource: int, stream: int) -> int:
        self._note("map")
        buffer, size = self.registered[resource]
        assert size == _size_of(buffer), "the buffer has had new storage since it was registered"
        self.mapped[resource] = np.full(size, 0xAA, np.uint8)
        return self.mapped[resource].ctypes.data

    def unmap(self, resource: int, stream: int) -> None:
        content = self.mapped.pop(resource)
        self._note("unmap")
        GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, self.registered[resource][0])
        GL.glBufferSubData(GL.GL_PIXEL_UNPACK_BUFFER, 0, len(content), content)
        GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, 0)


def _size_of(buffer: int) -> int:
    GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, buffer)
    size = int(GL.glGetBufferParameteriv(GL.GL_PIXEL_UNPACK_BUFFER, GL.GL_BUFFER_SIZE))
    GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, 0)
    return size


class DeviceArray:
    """As much of a CuPy array as a frame needs."""

    def __init__(self, content: np.ndarray):
        self.content = np.ascontiguousarray(content, np.float32)
        self.__cuda_array_interface__ = {"data": (self.content.ctypes.data, False)}


class FakeCuda:
    """A backend that calls itself cuda; everything is computed by another, frames go through the runtime."""

    name = "cuda"
    failures = ()
    device = SimpleNamespace(title="Fake GPU")

    def __init__(self, rasteriser, runtime):
        self._rasteriser, self._runtime = rasteriser, runtime

    def painter(self) -> CudaPainter:
        return CudaPainter(self, self._runtime, 7)

    def __getattr__(self, name: str):
        return getattr(self._rasteriser, name)

    def forward_rgba(self, gaussians: Gaussians, width: int, height: int) -> DeviceArray:
        image = self._rasteriser.forward(gaussians, width, height)
        return DeviceArray(np.dstack([image, np.ones((height, width), np.float32)]))
