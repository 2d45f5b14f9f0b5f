"""The watch over what windows leave behind sees what it is there for."""

from __future__ import annotations

import threading

import pytest
from leaks import Leaks
from OpenGL import GL
from PySide6.QtCore import QTimer

pytestmark = pytest.mark.gui


def test_objects_of_opengl_are_watched_from_the_cradle_to_the_grave(gl_context, monkeypatch):
    leaks = Leaks(monkeypatch)
    textures, array = GL.glGenTextures(2), GL.glGenVertexArrays(1)
    program, shader = GL.glCreateProgram(), GL.glCreateShader(GL.GL_VERTEX_SHADER)
    kinds = sorted(line.rpartition(" made in test_leaks.py:")[0] for line in leaks.left())
    assert kinds == sorted(
        [*(f"texture {each}" for each in textures), f"vertex array {array}", f"program {program}", f"shader {shader}"]
    )
    GL.glDeleteTextures(1, [textures[0]])
    GL.glDeleteTextures([textures[1]])
    GL.glDeleteVertexArrays(1, [array])
    GL.glDeleteShader(shader)
    assert [line.split()[0] for line in leaks.left()] == ["program"]
    GL.glDeleteProgram(program)
    assert not leaks.left()


def test_a_window_that_keeps_a_texture_fails(watched_windows, monkeypatch, photo):
    from daub.render.gl.texture import Texture

    monkeypatch.setattr(Texture, "delete", lambda texture: None)
    with pytest.raises(AssertionError, match=r"texture \d+ made in texture.py"), watched_windows() as open_window:
        driver = open_window()
        driver.open(photo)
        driver.run("view_source")
        driver.paint()


def test_a_window_that_lets_a_timer_run_fails(watched_windows):
    timer = QTimer()
    with pytest.raises(AssertionError, match="QTimer of 3600000 ms"), watched_windows() as open_window:
        open_window()
        timer.start(3_600_000)
    timer.stop()


def test_a_window_that_lets_a_call_wait_fails(watched_windows):
    with pytest.raises(AssertionError, match="QTimer of 2000 ms"), watched_windows() as open_window:
        open_window()
        QTimer.singleShot(2000, lambda: None)


def test_a_window_that_lets_a_thread_run_fails(watched_windows):
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="daub-forgotten")
    with pytest.raises(AssertionError, match="thread daub-forgotten"), watched_windows() as open_window:
        open_window()
        thread.start()
    end.set()
    thread.join()
