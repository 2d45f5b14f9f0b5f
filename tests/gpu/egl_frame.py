"""A frame from CUDA into a texture of an EGL context without a display; prints what happened as JSON.

A program of its own, since PyOpenGL chooses its platform once. `--fake` puts a stand-in in the place of CUDA.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path

os.environ["PYOPENGL_PLATFORM"] = "egl"
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import in_place  # noqa: E402, F401
import numpy as np  # noqa: E402
from OpenGL import EGL, GL  # noqa: E402
from scenes import mixed  # noqa: E402

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


def main() -> None:
    from daub.render.gl.frame import FrameTexture

    make_current()
    if "--fake" in sys.argv:
        from fake_cuda import FakeCuda, FakeRuntime

        from daub.render.reference import ReferenceRasteriser

        rasteriser = FakeCuda(ReferenceRasteriser(), FakeRuntime())
    else:
        from daub.render.cuda import open_backend

        rasteriser = open_backend()
    paint = rasteriser.painter().paint
    gaussians, texture = mixed(np.random.default_rng(0), WIDTH, HEIGHT), FrameTexture()
    same = []
    for width, height in ((WIDTH, HEIGHT), (WIDTH, HEIGHT), (33, 21)):
        texture.upload(paint(gaussians, width, height))
        GL.glBindTexture(GL.GL_TEXTURE_2D, texture.texture)
        raw = GL.glGetTexImage(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA, GL.GL_FLOAT)
        shown = np.frombuffer(raw, np.float32).reshape(height, width, 4)
        expected = np.float32(rasteriser.forward(gaussians, width, height))
        same.append(bool(np.array_equal(shown[..., :3], expected) and (shown[..., 3] == 1).all()))
    texture.delete()
    renderer = GL.glGetString(GL.GL_RENDERER).decode()
    print(json.dumps({"renderer": renderer, "same": same, "through_host": texture.through_host}))


if __name__ == "__main__":
    main()
