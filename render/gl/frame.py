"""Makes a texture of the frames that CUDA has rendered: through a buffer that both know, or else through the host."""

from __future__ import annotations

import ctypes
from contextlib import suppress

from OpenGL import GL

from daub.render.device_image import DeviceImage, InteropError, Runtime, as_array


class FrameTexture:
    """A texture with the newest frame; row 0 is the top row of the picture, as in a `Target`.

    `through_host` says why frames are copied through the host, in one line, and is empty where they are not.
    """

    def __init__(self):
        self.through_host = ""
        self.texture = GL.glGenTextures(1)
        self._buffer = GL.glGenBuffers(1)
        self._size = (0, 0)
        self._runtime: Runtime | None = None
        self._stream = 0
        self._resource = None  # handle that CUDA knows the buffer by
        self._pinned = 0  # address of the host memory that frames go through, 0 while none do

    def upload(self, image: DeviceImage) -> None:
        """Shows this image, which may be let go of afterwards.

        Raises:
            InteropError: it cannot even be copied to the host.
        """
        if image.runtime is not self._runtime:
            self._release()
            self._runtime, self._stream = image.runtime, image.runtime.stream()
        if (image.width, image.height) != self._size:
            self._resize(image)
        self._runtime.wait(self._stream, image.ready)
        if not self.through_host:
            try:
                self._share(image)
            except InteropError as error:
                self._fall_back(error)
        if self.through_host:
            self._copy_to_host(image)

    def delete(self) -> None:
        if self.texture:
            self._release()
            GL.glDeleteBuffers(1, [self._buffer])
            GL.glDeleteTextures(1, [self.texture])
        self.texture = self._buffer = 0

    def _resize(self, image: DeviceImage) -> None:
        """A buffer with new storage is another one to CUDA, so it is registered anew."""
        self._release()
        self._size = image.width, image.height
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.texture)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA32F, *self._size, 0, GL.GL_RGBA, GL.GL_FLOAT, None)
        for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
        if not self.through_host:
            GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, self._buffer)
            GL.glBufferData(GL.GL_PIXEL_UNPACK_BUFFER, image.size, None, GL.GL_STREAM_DRAW)
            GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, 0)
            try:
                self._resource = self._runtime.register(self._buffer)
            except InteropError as error:
                self._fall_back(error)

    def _share(self, image: DeviceImage) -> None:
        runtime, stream = self._runtime, self._stream
        pointer = runtime.map(self._resource, stream)
        try:
            runtime.copy(pointer, image.pointer, image.size, stream)
        finally:
            runtime.unmap(self._resource, stream)
        GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, self._buffer)
        self._fill_texture(ctypes.c_void_p(0))
        GL.glBindBuffer(GL.GL_PIXEL_UNPACK_BUFFER, 0)
        runtime.synchronize(stream)  # until then the backend must not use the memory again

    def _copy_to_host(self, image: DeviceImage) -> None:
        if not self._pinned:
            self._pinned = self._runtime.pinned(image.size)
        self._runtime.copy(self._pinned, image.pointer, image.size, self._stream)
        self._runtime.synchronize(self._stream)
        self._fill_texture(as_array(self._pinned, image))

    def _fill_texture(self, content) -> None:
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        GL.glTexSubImage2D(GL.GL_TEXTURE_2D, 0, 0, 0, *self._size, GL.GL_RGBA, GL.GL_FLOAT, content)

    def _fall_back(self, error: InteropError) -> None:
        self.through_host = f"OpenGL does not run on the GPU of CUDA, or cannot share with it; {error}"

    def _release(self) -> None:
        """Lets go of everything that is CUDA's; the context of the buffer must be current."""
        with suppress(InteropError):  # a device that is lost has nothing left to let go of
            if self._resource is not None:
                self._runtime.unregister(self._resource)
            if self._pinned:
                self._runtime.free_pinned(self._pinned)
        self._resource, self._pinned, self._size = None, 0, (0, 0)
