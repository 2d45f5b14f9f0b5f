"""Images on the GPU: sent at once, or a strip at a time where that would hold up the window."""

from __future__ import annotations

import ctypes

import numpy as np
from OpenGL import GL

_ROWS = 64  # of a reduced image, made at a time: their sums stay in the cache
_TYPES = {
    np.dtype(np.float16): GL.GL_HALF_FLOAT,
    np.dtype(np.float32): GL.GL_FLOAT,
    np.dtype(np.uint8): GL.GL_UNSIGNED_BYTE,
}
_FORMATS = {1: GL.GL_RED, 3: GL.GL_RGB}
_INTERNAL = {
    (np.dtype(np.float16), 3): GL.GL_RGB16F,
    (np.dtype(np.float32), 3): GL.GL_RGB32F,
    (np.dtype(np.uint8), 3): GL.GL_RGB8,
    (np.dtype(np.float16), 1): GL.GL_R16F,
}


class Texture:
    """An image of one or three channels, mip-mapped; display.frag keeps its pixels square when enlarged."""

    def __init__(self):
        self.texture = GL.glGenTextures(1)
        self._room: tuple | None = None  # what there is memory for: the format of a pixel, and the shape of each level
        self._levels: list[np.ndarray] = []  # to be sent, the last one first
        self._row = 0  # of the last one, that is sent next

    def upload(self, pixels: np.ndarray, reduced: bool = True) -> None:
        """Replaces the content.

        Args:
            pixels: (H, W, 3) float16 in [0, 1], float32 or uint8, or (H, W) float16; each side at most
                GL_MAX_TEXTURE_SIZE.
            reduced: with what is shown where it is seen smaller than it is.
        """
        levels = mip_maps(pixels) if reduced else [pixels]  # OpenGL without a graphics card takes ten times as long
        self.begin(levels)
        self.send(sum(level.nbytes for level in levels))

    def begin(self, levels: list[np.ndarray]) -> None:
        """Replaces the content by what `send` sends; the name of the texture may change.

        Args:
            levels: as from `mip_maps`.
        """
        room = _INTERNAL[levels[0].dtype, _channels(levels[0])], tuple(level.shape[:2] for level in levels)
        if room != self._room:
            self._make_room(*room, _kind(levels[0]))
            self._room = room
        self._levels, self._row = list(levels), 0

    def send(self, budget: int) -> bool:
        """Sends about so many bytes; returns whether all of it is there."""
        self._bind()
        while self._levels and budget > 0:
            pixels = self._levels[-1]
            rows = max(1, budget // max(pixels[0].nbytes, 1))
            strip = np.ascontiguousarray(pixels[self._row : self._row + rows])
            height, width = strip.shape[:2]
            GL.glTexSubImage2D(
                GL.GL_TEXTURE_2D, len(self._levels) - 1, 0, self._row, width, height, *_kind(pixels), strip
            )
            budget -= strip.nbytes
            self._row += height
            if self._row == len(pixels):
                self._levels.pop()
                self._row = 0
        return not self._levels

    def delete(self) -> None:
        if self.texture:
            GL.glDeleteTextures(1, [self.texture])
        self.texture, self._room, self._levels = 0, None, []

    def _make_room(self, internal: int, shapes: tuple[tuple[int, int], ...], kind: tuple[int, int]) -> None:
        """Memory for levels of those shapes, (height, width) each."""
        if self._room is not None:
            GL.glDeleteTextures(1, [self.texture])
            self.texture = GL.glGenTextures(1)
        self._bind()
        if GL.glTexStorage2D:
            # All at once: OpenGL without a graphics card takes twice as long for one level after the other, and copies
            # all of them when they are first drawn.
            height, width = shapes[0]
            GL.glTexStorage2D(GL.GL_TEXTURE_2D, len(shapes), internal, width, height)
        else:  # before OpenGL 4.2
            for level, (height, width) in enumerate(shapes):
                nothing = ctypes.c_void_p(0)
                GL.glTexImage2D(GL.GL_TEXTURE_2D, level, internal, width, height, 0, *kind, nothing)
            GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MAX_LEVEL, len(shapes) - 1)
        GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR_MIPMAP_LINEAR)
        GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MAG_FILTER, GL.GL_LINEAR)
        for parameter in (GL.GL_TEXTURE_WRAP_S, GL.GL_TEXTURE_WRAP_T):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_CLAMP_TO_EDGE)

    def _bind(self) -> None:
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)


def mip_maps(pixels: np.ndarray) -> list[np.ndarray]:
    """The image and its halves, down to one pixel, for `Texture.begin`: what OpenGL would make of it, on any thread.

    Args:
        pixels: as of `Texture.upload`.

    Returns:
        Arrays of the same kind, of which each is half as large as the one before, odd sides rounded down.
    """
    levels = [pixels]
    while max(levels[-1].shape[:2]) > 1:
        levels.append(_halved(levels[-1]))
    return levels


def _halved(pixels: np.ndarray) -> np.ndarray:
    height, width = (max(1, side // 2) for side in pixels.shape[:2])
    down, across = (1 if side == 1 else 2 for side in pixels.shape[:2])
    mean = _mean_levels if pixels.dtype == np.uint8 and pixels.ndim == 3 and down == across == 2 else _mean
    result = np.empty((height, width, *pixels.shape[2:]), pixels.dtype)
    for top in range(0, height, _ROWS):
        bottom = min(top + _ROWS, height)
        mean(pixels[top * down : bottom * down, : width * across], down, across, result[top:bottom])
    return result


def _mean(rows: np.ndarray, down: int, across: int, result: np.ndarray) -> None:
    """Fills result (h, w, ...) with the mean of each `down` x `across` pixels."""
    real = rows.astype(np.float32)
    mean = sum(real[i::down, j::across] for i in range(down) for j in range(across)) / (down * across)
    result[:] = np.round(mean) if result.dtype == np.uint8 else mean


def _mean_levels(rows: np.ndarray, down: int, across: int, result: np.ndarray) -> None:
    """The same to the bit of two by two levels (h, w, C), in a tenth of the time: whole numbers, a channel at a time.

    Quarters are rounded to the nearest whole number, and halves to the even one, as `np.round` does.
    """
    pairs = np.add(rows[::2], rows[1::2], dtype=np.uint16)
    for channel in range(rows.shape[2]):
        total = pairs[:, ::2, channel] + pairs[:, 1::2, channel]
        total += 1 + (total >> 2 & 1)
        result[..., channel] = total >> 2


def _channels(pixels: np.ndarray) -> int:
    return 1 if pixels.ndim == 2 else pixels.shape[2]


def _kind(pixels: np.ndarray) -> tuple[int, int]:
    """Format and type for OpenGL."""
    return _FORMATS[_channels(pixels)], _TYPES[pixels.dtype]
