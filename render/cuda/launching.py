"""What runs the kernels, graphs of launches, and the checks of the arrays that a launch is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from daub.render.device_image import Painter
from daub.render.rasteriser import DeviceRasteriser

Array = Any  # an array of `Device.xp`


class Device(Protocol):
    """What runs the kernels, and keeps their arrays."""

    title: str  # for the user: the name of the GPU
    xp: ModuleType  # cupy, or a module that stands in for it
    failures: tuple[type[Exception], ...]  # raised by anything done with it once it is lost or full

    def launch(
        self, kernel: str, grid: tuple[int, int, int], arguments: Sequence[Array | np.int32 | np.float32 | None]
    ) -> None:
        """Starts a kernel with source.KERNELS[kernel] threads per block, after all that was asked for before."""

    def graph(self, launches: Callable[[], None]) -> Callable[[], None]:
        """Records what `launches` would launch; the function returned starts it all, with the same arguments."""

    def host(self, array: Array) -> np.ndarray:
        """A copy of an array in the host's memory, once all that was asked for before is done."""

    def put(self, array: Array, values: np.ndarray) -> None:
        """Fills an array with values of the same shape and type from the host's memory, which may then be changed."""

    def painter(self, rasteriser: DeviceRasteriser) -> Painter | None:
        """What renders frames by this rasteriser of the device, for the calling thread; None if that cannot be."""

    def release(self) -> None:
        """Gives back the memory of arrays that are gone."""


class Recorded:
    """Launches as a graph, which is recorded anew when it would get other arrays or numbers."""

    def __init__(self, device: Device):
        self._device = device
        self._given: tuple[Array | int, ...] = ()  # what the graph was recorded with, and so kept alive
        self._replay: Callable[[], None] | None = None

    def fits(self, given: tuple[Array | int, ...]) -> bool:
        """Whether the graph was recorded with these."""
        return same(given, self._given)

    def replay(self, given: tuple[Array | int, ...], launches: Callable[[], None]) -> Callable[[], None]:
        """The function that makes these launches once; `launches` may allocate nothing."""
        if self._replay is None or not self.fits(given):
            self._replay, self._given = self._device.graph(launches), given
        return self._replay


def same(given: tuple[Array | int, ...], before: tuple[Array | int, ...]) -> bool:
    """Whether two tuples hold, one by one, the same objects or equal numbers."""
    equal = (a is b or (isinstance(a, int) and a == b) for a, b in zip(given, before, strict=False))
    return len(given) == len(before) and all(equal)


def suits(device: Device, array: Array, dtype: np.dtype) -> bool:
    return isinstance(array, device.xp.ndarray) and array.dtype == dtype and array.flags.c_contiguous


def check(device: Device, name: str, array: Array, dtype: np.dtype, shape: tuple[int, ...] | None = None) -> None:
    """Checks an array that a kernel is to get, as the kernel would take any pointer.

    Raises:
        TypeError: it is no array of the device.
        ValueError: another type or shape, or not contiguous.
    """
    if not isinstance(array, device.xp.ndarray):
        raise TypeError(f"{name} must be an array of the device, not a {type(array).__name__}")
    if not suits(device, array, dtype) or (shape is not None and array.shape != shape):
        want = f"contiguous {np.dtype(dtype)}" + (f" of shape {shape}" if shape else "")
        raise ValueError(f"{name} must be {want}, not {array.dtype} of shape {array.shape}")
