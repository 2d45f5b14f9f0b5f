"""A picture that stays on the GPU which rendered it, and what takes it to the screen from there.

    thread of the fit:      Painter.paint --> DeviceImage, with an event that says when it may be read
    thread of OpenGL:       its own stream waits for the event --> map the buffer, copy, unmap (render/gl/frame.py)

Nothing here knows OpenGL or CuPy: buffers, streams and events are the numbers they go by. A buffer is mapped only on
the thread of OpenGL, with its context current.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daub.render.gaussians import Gaussians


class InteropError(Exception):
    """CUDA refused; the text is one line, with the number of the error."""


@dataclass(frozen=True)
class DeviceImage:
    """(height, width, 4) float32 on a GPU, row 0 at the top; what lies there does not change any more."""

    pointer: int  # address of the first pixel, on the device
    width: int  # pixels
    height: int  # pixels
    ready: int  # the event after which it may be read
    runtime: Runtime
    owner: object  # whatever keeps the memory alive

    @property
    def size(self) -> int:
        """Bytes."""
        return 16 * self.width * self.height


class Painter(Protocol):
    """Renders frames for the screen; belongs to the thread of the backend it came from."""

    def paint(self, gaussians: Gaussians, width: int, height: int) -> DeviceImage:
        """The sum of the Gaussians before clipping, alpha 1, on its way: this does not wait for the device.

        Raises:
            InteropError: the frame cannot be had.
            Rasteriser.failures: the device is lost or full.
        """


class Runtime(Protocol):
    """What is used of the CUDA runtime. Every method may raise InteropError."""

    def stream(self) -> int:
        """A new stream of the calling thread's own, on this device."""

    def event(self) -> int:
        """A new event, for `record` and `wait`."""

    def record(self, event: int, stream: int) -> None:
        """The event happens when the stream has done what it was asked for so far."""

    def wait(self, stream: int, event: int) -> None:
        """What comes next on the stream waits for the event; the thread does not."""

    def synchronize(self, stream: int) -> None:
        """The thread waits until the stream has done everything."""

    def copy(self, to: int, source: int, size: int, stream: int) -> None:
        """Copies `size` bytes between any two pointers."""

    def pinned(self, size: int) -> int:
        """Host memory of `size` bytes that a GPU copies into directly."""

    def free_pinned(self, pointer: int) -> None:
        """Gives such memory back."""

    def register(self, buffer: int) -> object:
        """Makes a buffer of OpenGL known to CUDA, which will only write to it, and all of it."""

    def unregister(self, resource: object) -> None:
        """Makes CUDA forget what `register` returned."""

    def map(self, resource: object, stream: int) -> int:
        """Where the buffer lies on the device, until `unmap`; what OpenGL did with it comes before the stream."""

    def unmap(self, resource: object, stream: int) -> None:
        """Hands the buffer back; what the stream did with it comes before what OpenGL does next."""


def as_array(pointer: int, image: DeviceImage) -> np.ndarray:
    """(height, width, 4) float32: host memory seen as that image."""
    numbers = (ctypes.c_float * (image.size // 4)).from_address(pointer)
    return np.frombuffer(numbers, np.float32).reshape(image.height, image.width, 4)
