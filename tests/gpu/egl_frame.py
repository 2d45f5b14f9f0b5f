"""A frame from CUDA into a texture of an EGL context without a display; prints what happened as JSON.

A program of its own, since PyOpenGL chooses its platform once. `--fake` puts a stand-in in the place of CUDA;
`--measure WIDTH HEIGHT GAUSSIANS FRAMES` counts how many frames go that way per second.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
from pathlib import Path

os.environ["PYOPENGL_PLATFORM"] = "egl"
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import in_place  # noqa: E402, F401
import numpy as np  # noqa: E402
from OpenGL import EGL, GL  # noqa: E402
from scenes import mixed, scattered  # noqa: E402

WIDTH, HEIGHT = 70, 45


def make_current() -> None:
    """A context of OpenGL 3.3 core: on the first EGL device, which on a machine with one GPU is that of CUDA, or, where
    devices cannot be listed, on no surface at all. In plain ctypes, for PyOpenGL lacks these extensions."""
    egl = ctypes.CDLL("libEGL.so.1")
    for name in ("eglGetProcAddress", "eglGetPlatformDisplay", "eglCreateContext"):
        getattr(egl, name).restype = ctypes.c_void_p
    devices, count = (ctypes.c_void_p * 8)(), ctypes.c_int()
    address = egl.eglGetProcAddress(b"eglQueryDevicesEXT")
    if address:
        ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(address)(
            8, devices, ctypes.byref(count)
        )
    platform = 0x313F if count.value else 0x31DD  # EGL_PLATFORM_DEVICE_EXT, EGL_PLATFORM_SURFACELESS_MESA
    display = ctypes.c_void_p(egl.eglGetPlatformDisplay(platform, ctypes.c_void_p(devices[0]), None))
    done = bool(display) and egl.eglInitialize(display, None, None)
    done = done and egl.eglBindAPI(EGL.EGL_OPENGL_API)
    wanted = (ctypes.c_int * 3)(EGL.EGL_RENDERABLE_TYPE, EGL.EGL_OPENGL_BIT, EGL.EGL_NONE)
    config = ctypes.c_void_p()
    done = done and egl.eglChooseConfig(display, wanted, ctypes.byref(config), 1, ctypes.byref(count))
    version = (ctypes.c_int * 7)(0x3098, 3, 0x30FB, 3, 0x30FD, 1, EGL.EGL_NONE)  # major, minor, core profile
    context = ctypes.c_void_p(done and egl.eglCreateContext(display, config, None, version))
    if not context or not egl.eglMakeCurrent(display, None, None, context):
        sys.exit(f"EGL gives no context of OpenGL 3.3 (error {egl.eglGetError():#x})")


def opened():
    """The backend, or a stand-in that passes frames as CUDA does."""
    if "--fake" in sys.argv:
        from fake_cuda import FakeCuda, FakeRuntime

        from daub.render.reference import ReferenceRasteriser

        return FakeCuda(ReferenceRasteriser(), FakeRuntime())
    from daub.render.cuda import open_backend

    return open_backend()


def compared(rasteriser, texture) -> dict:
    """Whether frames of two sizes arrive as they were rendered."""
    paint = rasteriser.painter().paint
    gaussians, same = mixed(np.random.default_rng(0), WIDTH, HEIGHT), []
    for width, height in ((WIDTH, HEIGHT), (WIDTH, HEIGHT), (33, 21)):
        texture.upload(paint(gaussians, width, height))
        GL.glBindTexture(GL.GL_TEXTURE_2D, texture.texture)
        raw = GL.glGetTexImage(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA, GL.GL_FLOAT)
        shown = np.frombuffer(raw, np.float32).reshape(height, width, 4)
        expected = np.float32(rasteriser.forward(gaussians, width, height))
        same.append(bool(np.array_equal(shown[..., :3], expected) and (shown[..., 3] == 1).all()))
    return {"same": same}


def measured(rasteriser, texture, width: int, height: int, count: int, frames: int) -> dict:
    """Frames per second, rendered and passed on, and passed on alone; a frame is done when OpenGL says so.

    The Gaussians come from the host, as those of a fit that is watched do.
    """
    gaussians, paint = scattered(count, width, height), rasteriser.painter().paint

    def per_second(frame) -> float:
        for _ in range(3):
            texture.upload(frame())
        GL.glFinish()
        began = time.perf_counter()
        for _ in range(frames):
            texture.upload(frame())
            GL.glFinish()
        return frames / (time.perf_counter() - began)

    kept = paint(gaussians, width, height)
    return {
        "shown": per_second(lambda: paint(gaussians, width, height)),
        "passed": per_second(lambda: kept),
    }


def main() -> None:
    from daub.render.gl.frame import FrameTexture

    make_current()
    rasteriser, texture = opened(), FrameTexture()
    if "--measure" in sys.argv:
        begin = sys.argv.index("--measure") + 1
        found = measured(rasteriser, texture, *map(int, sys.argv[begin : begin + 4]))
    else:
        found = compared(rasteriser, texture)
    texture.delete()
    renderer = GL.glGetString(GL.GL_RENDERER).decode()
    print(json.dumps({"renderer": renderer, "through_host": texture.through_host} | found))


if __name__ == "__main__":
    main()
