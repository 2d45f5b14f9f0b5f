"""Dear ImGui inside a QOpenGLWidget: its contexts, its input and its frames.

The contexts live as long as the widget; the GL objects go and come with the widget's GL context.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from imgui_bundle import imgui, implot

from daub.app.window.look.font import IMGUI_SIZE, REGULAR


class ImGuiLayer:
    def __init__(self):
        self._context = imgui.create_context()
        self._plot_context = implot.create_context()
        self._ready = False  # GL objects exist
        self._last = time.perf_counter()
        imgui.set_current_context(self._context)
        io = imgui.get_io()
        io.set_ini_filename("")  # windows are placed by us, nothing is written to the working directory
        io.config_error_recovery_enable_assert = False  # one exception in mid-frame would poison every later frame
        io.fonts.add_font_from_file_ttf(str(REGULAR), IMGUI_SIZE)
        imgui.get_style().font_size_base = IMGUI_SIZE

    def initialize(self) -> None:
        """Makes the GL objects in the current GL context."""
        self._activate()
        if not imgui.backends.opengl3_init("#version 330"):
            raise RuntimeError("Dear ImGui cannot use this OpenGL context")
        self._ready = True

    def cleanup(self) -> None:
        """Frees the GL objects; may be called twice."""
        if self._ready:
            self._activate()
            imgui.backends.opengl3_shutdown()
            self._ready = False

    def close(self) -> None:
        """Once, after `cleanup`."""
        if self._context is None:
            return
        self._activate()
        implot.destroy_context(self._plot_context)
        imgui.destroy_context(self._context)
        self._context = self._plot_context = None

    def frame(self, width: int, height: int, dpr: float, content: Callable[[], None]) -> None:
        """Draws `content` into the bound framebuffer. Last: it leaves GL state changed.

        Args:
            width, height: logical pixels.
        """
        if not self._ready:
            return
        self._activate()
        io = imgui.get_io()
        io.display_size = imgui.ImVec2(width, height)
        io.display_framebuffer_scale = imgui.ImVec2(dpr, dpr)
        now = time.perf_counter()
        io.delta_time = max(now - self._last, 1e-4)
        self._last = now
        imgui.backends.opengl3_new_frame()
        imgui.new_frame()
        try:
            content()
        finally:
            imgui.render()
        imgui.backends.opengl3_render_draw_data(imgui.get_draw_data())

    # Input, in logical pixels. Each returns whether the HUD wants it, so that the picture does not get it too.

    def mouse_moved(self, x: float, y: float) -> bool:
        self._activate()
        imgui.get_io().add_mouse_pos_event(x, y)
        return imgui.get_io().want_capture_mouse

    def mouse_left(self) -> None:
        self._activate()
        imgui.get_io().add_mouse_pos_event(-1e9, -1e9)

    def mouse_button(self, pressed: bool) -> bool:
        self._activate()
        imgui.get_io().add_mouse_button_event(0, pressed)
        return imgui.get_io().want_capture_mouse

    def mouse_wheel(self, across: float, up: float) -> None:
        """Args: across, up: notches."""
        self._activate()
        imgui.get_io().add_mouse_wheel_event(across, up)

    def _activate(self) -> None:
        imgui.set_current_context(self._context)
        implot.set_current_context(self._plot_context)
