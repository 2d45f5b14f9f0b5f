"""What a window must not leave behind: running timers, threads, and objects of OpenGL."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent

# Functions of OpenGL that make and delete each kind of object, and whether contexts that share know it.
_KINDS = {
    "texture": ("glGenTextures", "glDeleteTextures", True),
    "buffer": ("glGenBuffers", "glDeleteBuffers", True),
    "renderbuffer": ("glGenRenderbuffers", "glDeleteRenderbuffers", True),
    "sampler": ("glGenSamplers", "glDeleteSamplers", True),
    "shader": ("glCreateShader", "glDeleteShader", True),
    "program": ("glCreateProgram", "glDeleteProgram", True),
    "framebuffer": ("glGenFramebuffers", "glDeleteFramebuffers", False),
    "vertex array": ("glGenVertexArrays", "glDeleteVertexArrays", False),
    "query": ("glGenQueries", "glDeleteQueries", False),
}


class Leaks:
    """Watches from its making on.

    Args:
        monkeypatch: of pytest, which undoes what is put around the functions of OpenGL.
    """

    def __init__(self, monkeypatch):
        self._before = set(_running_timers())
        self._made = {}  # where each object was made, by kind, context and number
        from OpenGL import GL

        for kind, (make, delete, shared) in _KINDS.items():
            monkeypatch.setattr(GL, make, self._noting(kind, shared, getattr(GL, make)))
            monkeypatch.setattr(GL, delete, self._forgetting(kind, shared, getattr(GL, delete)))

    def left(self) -> list[str]:
        """What is there now, a line for each."""
        timers = (text for timer, text in _running_timers().items() if timer not in self._before)
        threads = (f"thread {each.name}" for each in threading.enumerate() if each.name.startswith("daub"))
        objects = (f"{kind} {number} made in {where}" for (kind, _, number), where in self._made.items())
        return [*timers, *threads, *objects]

    def _noting(self, kind, shared, make):
        def noting(*arguments):
            made = make(*arguments)
            for number in np.ravel(arguments[-1] if made is None else made):
                self._made[kind, _context(shared), int(number)] = _place()
            return made

        return noting

    def _forgetting(self, kind, shared, delete):
        def forgetting(*arguments):
            for number in np.ravel(arguments[-1]):
                self._made.pop((kind, _context(shared), int(number)), None)
            return delete(*arguments)

        return forgetting


def _running_timers() -> dict[int, str]:
    """By their addresses; those of QTimer.singleShot are among them."""
    import shiboken6
    from PySide6.QtCore import QTimer

    # By the type and not by `isinstance`, which asks every object for `__class__`: some of torch's then warn.
    timers = [each for each in gc.get_objects() if issubclass(type(each), QTimer) and shiboken6.isValid(each)]
    return {
        shiboken6.getCppPointer(timer)[0]: f"QTimer of {timer.interval()} ms, child of {timer.parent()}"
        for timer in timers
        if timer.isActive()
    }


def _context(shared: bool) -> int:
    """The current context, or the group of contexts that it shares with."""
    import shiboken6
    from PySide6.QtGui import QOpenGLContext

    context = QOpenGLContext.currentContext()
    assert context is not None, "OpenGL without a current context"
    return shiboken6.getCppPointer(context.shareGroup() if shared else context)[0]


def _place() -> str:
    """File and line, of Daub or of a test, that called OpenGL."""
    frame = sys._getframe(2)
    while frame.f_back and not Path(frame.f_code.co_filename).is_relative_to(ROOT):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
