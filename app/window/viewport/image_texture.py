"""An image on the GPU. A large one is seen coarsely at once, and sent whole over many frames: the window goes on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from OpenGL import GL

from daub.render.gl.texture import Texture, mip_maps

AT_ONCE = 6_000_000  # numbers that are made ready and sent within one frame: two million pixels
COARSE = 1_500_000  # bytes that stand in for a larger image until it is there
STRIP = 3_000_000  # bytes of a larger image that are sent at a time ...
SECONDS = 0.03  # ... and what they may take of each frame, one strip at least

# Has the first function called on another thread, and the second one, soon after and on this thread, with its result.
Prepare = Callable[[Callable[[], object], Callable[[object], None]], None]


class ImageTexture:
    """Needs a current context.

    Args:
        prepare: for what takes long; None does it here and now.
    """

    def __init__(self, prepare: Prepare | None):
        self._prepare = prepare
        self._largest = int(GL.glGetIntegerv(GL.GL_MAX_TEXTURE_SIZE))
        self._shown = Texture()
        self._coming: Texture | None = None  # the whole of what is shown coarsely
        self._pixels: np.ndarray | None = None
        self._levels: list[np.ndarray] | None = None  # that are to be sent
        self._waits = False  # for them

    @property
    def is_whole(self) -> bool:
        """Nothing is on its way."""
        return not self._waits and not self.is_sending

    @property
    def is_sending(self) -> bool:
        """More goes to the GPU with the next frame."""
        return self._coming is not None or self._levels is not None

    def texture(self, pixels: np.ndarray, reduced: bool = True) -> int:
        """OpenGL's name of a texture with these pixels, or with as much of them as there is by now.

        To be called once in a frame.

        Args:
            pixels: as of `Texture.upload`; any size, of which at most as much is shown as a texture may have: every
                n-th pixel.
            reduced: they may be seen smaller than they are; for what is replaced at once that would take too long.
        """
        if pixels is not self._pixels:
            self._begin(pixels, reduced)
        if self._levels is not None:
            self._coming, levels = Texture(), self._levels
            self._coming.begin(levels)
            self._levels = None  # the memory alone takes a tenth of a second without a graphics card, at 33 megapixels
        elif self._coming is not None and self._send():
            self._shown.delete()
            self._shown, self._coming = self._coming, None
        return self._shown.texture

    def delete(self) -> None:
        """Frees what is on the GPU."""
        self._drop()
        self._shown.delete()
        self._pixels = None

    def _begin(self, pixels: np.ndarray, reduced: bool) -> None:
        self._drop()
        self._pixels = pixels
        stride = -(-max(pixels.shape[:2]) // self._largest)
        fitting = pixels[::stride, ::stride]
        self._waits = fitting.size > AT_ONCE
        if not self._waits:
            self._shown.upload(fitting, reduced)
            return
        coarser = math.ceil((fitting.nbytes / COARSE) ** 0.5)
        self._shown.upload(fitting[::coarser, ::coarser])
        if self._prepare is None:
            self._take(pixels, mip_maps(fitting))
        else:
            self._prepare(lambda: mip_maps(fitting), lambda levels: self._take(pixels, levels))

    def _send(self) -> bool:
        """As much as a frame has time for; returns whether all of it is there.

        By the clock: without a graphics card it is the frames that take long, not what is sent with them.
        """
        until = time.perf_counter() + SECONDS
        while not self._coming.send(STRIP):
            if time.perf_counter() >= until:
                return False
        return True

    def _take(self, pixels: np.ndarray, levels: list[np.ndarray]) -> None:
        if pixels is self._pixels:
            self._levels, self._waits = levels, False

    def _drop(self) -> None:
        """What is on its way is not wanted any more."""
        if self._coming is not None:
            self._coming.delete()
        self._coming = self._levels = None
        self._waits = False
