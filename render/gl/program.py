"""Shader programs, compiled from resources/shaders with the constants of the model written in front of them."""

from __future__ import annotations

import ctypes

import numpy as np
from OpenGL import GL

from daub.render.gaussians import SUPPORT
from daub.resources import ROOT

# The constants are typed once, in render/gaussians.py: with others a shader would show another picture.
_HEADER = f"#version 330 core\n#define SUPPORT {SUPPORT:.9f}\n"


class Program:
    """A linked vertex and fragment shader.

    Args:
        vertex, fragment: file names in resources/shaders.
        constants: written in front of both; they may make uniforms needless.

    Raises:
        RuntimeError: with the compiler's log.
    """

    def __init__(self, vertex: str, fragment: str, **constants: float | bool):
        defines = "".join(f"#define {name} {_literal(value)}\n" for name, value in constants.items())
        stages = [_compile(GL.GL_VERTEX_SHADER, vertex, defines), _compile(GL.GL_FRAGMENT_SHADER, fragment, defines)]
        self._program = GL.glCreateProgram()
        for stage in stages:
            GL.glAttachShader(self._program, stage)
        GL.glLinkProgram(self._program)
        for stage in stages:
            GL.glDeleteShader(stage)  # takes effect when the program goes
        if not GL.glGetProgramiv(self._program, GL.GL_LINK_STATUS):
            raise RuntimeError(f"cannot link {vertex} and {fragment}: {_text(GL.glGetProgramInfoLog(self._program))}")
        self._locations: dict[str, int] = {}
        self._may_lack = bool(constants)

    def use(self, **uniforms) -> None:
        """Makes the program current and sets its uniforms.

        Args:
            uniforms: each an int or bool (a sampler's is its unit), a float, or 2 to 4 floats.

        Raises:
            KeyError: the program uses no uniform of that name, and has no constants that could be the reason.
        """
        GL.glUseProgram(self._program)
        for name, value in uniforms.items():
            location = self._location(name)
            if isinstance(value, bool | int):
                GL.glUniform1i(location, int(value))
            elif isinstance(value, float):
                GL.glUniform1f(location, value)
            else:
                setter = {2: GL.glUniform2f, 3: GL.glUniform3f, 4: GL.glUniform4f}[len(value)]
                setter(location, *(float(v) for v in value))

    def delete(self) -> None:
        if self._program:
            GL.glDeleteProgram(self._program)
        self._program = 0

    def _location(self, name: str) -> int:
        if name not in self._locations:
            location = GL.glGetUniformLocation(self._program, name)
            if location < 0 and not self._may_lack:  # OpenGL ignores what is set at -1
                raise KeyError(f"no uniform {name!r} is used by this program")
            self._locations[name] = location
        return self._locations[name]


class InstanceBuffer:
    """The (N, 8) parameters of Gaussians on the GPU, read by a shader as two vec4 per instance.

    Args:
        with_shares: a shader reads a float more, at location 2.
    """

    def __init__(self, with_shares: bool = False):
        self.count = 0
        self._array = GL.glGenVertexArrays(1)
        self._buffer = GL.glGenBuffers(1)
        GL.glBindVertexArray(self._array)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        for location, offset in ((0, 0), (1, 16)):
            GL.glEnableVertexAttribArray(location)
            GL.glVertexAttribPointer(location, 4, GL.GL_FLOAT, False, 32, ctypes.c_void_p(offset))
            GL.glVertexAttribDivisor(location, 1)
        self._shares = GL.glGenBuffers(1) if with_shares else 0
        if with_shares:
            GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._shares)
            GL.glEnableVertexAttribArray(2)
            GL.glVertexAttribPointer(2, 1, GL.GL_FLOAT, False, 4, ctypes.c_void_p(0))
            GL.glVertexAttribDivisor(2, 1)
        GL.glBindVertexArray(0)

    def upload(self, parameters: np.ndarray, shares: np.ndarray | None = None) -> None:
        """Replaces the content by parameters (N, 8) float32, and shares (N,) float32 where there are some."""
        self.count = len(parameters)
        parameters = np.ascontiguousarray(parameters, np.float32)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, parameters.nbytes, parameters, GL.GL_STREAM_DRAW)
        if shares is not None:
            shares = np.ascontiguousarray(shares, np.float32)
            GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._shares)
            GL.glBufferData(GL.GL_ARRAY_BUFFER, shares.nbytes, shares, GL.GL_STREAM_DRAW)

    def draw(self, primitive: int, vertices: int) -> None:
        """Draws `vertices` vertices for every Gaussian with the current program."""
        if self.count == 0:
            return
        GL.glBindVertexArray(self._array)
        GL.glDrawArraysInstanced(primitive, 0, vertices, self.count)
        GL.glBindVertexArray(0)

    def delete(self) -> None:
        if self._buffer:
            GL.glDeleteBuffers(1, [self._buffer])
            GL.glDeleteVertexArrays(1, [self._array])
        if self._shares:
            GL.glDeleteBuffers(1, [self._shares])
        self._array = self._buffer = self._shares = self.count = 0


def _literal(value: float | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(int(value))


def _compile(kind: int, name: str, defines: str) -> int:
    shader = GL.glCreateShader(kind)
    GL.glShaderSource(shader, _HEADER + defines + (ROOT / "shaders" / name).read_text("utf-8"))
    GL.glCompileShader(shader)
    if not GL.glGetShaderiv(shader, GL.GL_COMPILE_STATUS):
        log = _text(GL.glGetShaderInfoLog(shader))
        GL.glDeleteShader(shader)
        raise RuntimeError(f"cannot compile {name}: {log}")
    return shader


def _text(log: bytes | str) -> str:
    return log.decode(errors="replace") if isinstance(log, bytes) else log
