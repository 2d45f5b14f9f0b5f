"""Images in planes: how fits and refinements keep pixels, and the way there.

An image is (H, C, pitch), each row one channel after the other. A vector of LANES pixels may begin at any column, so a
Gaussian takes no more of them than its own pixels fill: most have but a few in a row, and `blocks`, in which vectors
begin at whole multiples, would have a third more. Beyond the width a row has room for vectors that begin before it;
what stands there is zero in every target, every residual and in weights.

Weights of pixels are planes of one channel, or None: numba compiles a kernel for each of the two, and leaves out of one
what the other needs.
"""

from collections.abc import Iterator

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS, LANES
from daub.render.interruption import go_on
from daub.render.jit import njit, prange

_f = np.float32
ROOM = 2 * LANES  # floats at least between the width and the end of a row
STRIP_VALUES = 1 << 22  # that are looked at before it is given up that an image has 8 bits
PART_PIXELS = 1 << 21  # that a kernel works on in one call, some 20 ms of a core, 80 where their memory is new
_PAGE = 1024  # floats: rows that are whole pages apart would fight for the same part of the cache


def pitch_of(width: int) -> int:
    """Floats from the beginning of one channel of a row to that of the next."""
    pitch = -(-(width + ROOM) // LANES) * LANES
    return pitch if pitch % _PAGE else pitch + LANES


def parts(height: int, width: int) -> Iterator[slice]:
    """Rows of a picture for one call of a kernel each, whole bands; in between it is asked whether to go on."""
    rows = max(PART_PIXELS // (width * BAND_ROWS), 1) * BAND_ROWS
    for top in range(0, height, rows):
        if top:
            go_on()
        yield slice(top, min(top + rows, height))


def planes(height: int, width: int, channels: int = 3, kind: type = np.float32) -> np.ndarray:
    """Zeros, (H, channels, pitch) of that kind."""
    return np.zeros((height, channels, pitch_of(width)), kind)


def packed(image: np.ndarray) -> np.ndarray:
    """An image (H, W, C) in planes."""
    there = planes(*image.shape)
    pack(np.ascontiguousarray(image, np.float32), there)
    return there


def room_for_plane(height: int, width: int) -> np.ndarray:
    """(height, width) float32 zeros that `packed_plane` takes as they are: who fills them saves a copy."""
    return planes(height, width, 1)[:, 0, :width]


def packed_plane(plane: np.ndarray) -> np.ndarray:
    """Weights (H, W) in planes (H, 1, pitch): in their own memory where that is `room_for_plane`."""
    whole, (height, width) = plane.base, plane.shape
    fits = whole is not None and whole.shape == (height, 1, pitch_of(width)) and whole.dtype == plane.dtype
    fits = fits and plane.strides == whole.strides[::2] and plane.ctypes.data == whole.ctypes.data
    if fits and not whole[:, 0, width:].any():  # otherwise it is some columns of a wider one
        return whole
    return packed(plane[..., None])


def packed_target(image: np.ndarray) -> np.ndarray:
    """An image (H, W, C), real or of uint8 levels, in planes: in levels where it has no others, a quarter of the room.

    `vectors.load` makes the very same numbers of levels again.
    """
    rows = max(STRIP_VALUES // max(image[0].size, 1), 1)
    if image.dtype == np.uint8:
        levels = planes(*image.shape, np.uint8)
        for top in range(0, len(image), rows):
            go_on()
            for row, there in zip(image[top : top + rows], levels[top : top + rows], strict=True):
                there[:, : image.shape[1]] = row.T
        return levels
    image = np.ascontiguousarray(image, np.float32)
    levels = planes(*image.shape, np.uint8)
    for top in range(0, len(image), rows):
        go_on()
        if not pack_levels(image[top : top + rows], levels[top : top + rows]):
            return packed(image)
    return levels


@njit(parallel=True, nogil=True, cache=True)
def pack_levels(image, there):
    """Fills planes (H, C, pitch) uint8 with an image (H, W, C); returns whether level / 255 is that image."""
    others = 0
    for row in prange(len(image)):
        for channel in range(image.shape[2]):
            line = there[row, channel]
            for column in range(image.shape[1]):
                value = image[row, column, channel]
                level = min(max(value, _f(0)), _f(1)) * _f(255) + _f(0.5)
                line[column] = np.uint8(level)
                others += _f(line[column]) / _f(255) != value
    return others == 0


@njit(parallel=True, nogil=True, cache=True)
def pack(image, there):
    """Fills planes (H, C, pitch), which are zero beyond the width, with an image (H, W, C)."""
    for row in prange(len(image)):
        for channel in range(image.shape[2]):
            line = there[row, channel]
            for column in range(image.shape[1]):
                line[column] = image[row, column, channel]
