"""Dear ImGui inside a widget: its contexts, its input and its frames.

The contexts live as long as the widget; what draws goes and comes, as with the GL context of a QOpenGLWidget.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from imgui_bundle import imgui, implot

from daub.app.window.look.font import IMGUI_SIZE, REGULAR
from daub.app.window.viewport.imgui_backends import Backend


class ImGuiLayer:
    def __init__(self):
        self._context = imgui.create_context()
        self._plot_context = implot.create_context()
        self._backend: Backend | None = None
        self._last = time.perf_counter()
        imgui.set_current_context(self._context)
        io = imgui.get_io()
        io.set_ini_filename("")  # windows are placed by us, nothing is written to the working directory
        io.config_error_recovery_enable_assert = False  # one exception in mid-frame would poison every later frame
        io.fonts.add_font_from_file_ttf(str(REGULAR), IMGUI_SIZE)
        imgui.get_style().font_size_base = IMGUI_SIZE

    def initialize(self, backend: Backend) -> None:
        """Draws by that from now on; the GL context that it may need is current."""
        self._activate()
        backend.start()
        self._backend = backend

    def cleanup(self) -> None:
        """Frees what the backend holds; may be called twice."""
        backend, self._backend = self._backend, None
        if backend is not None:
            self._activate()
            backend.stop()

    def close(self) -> None:
        """Once, after `cleanup`."""
        if self._context is None:
            return
        self._activate()
        implot.destroy_context(self._plot_context)
        imgui.destroy_context(self._context)
        self._context = self._plot_context = None

    def frame(self, width: int, height: int, dpr: float, content: Callable[[], None]) -> None:
        """Draws `content` by the backend, if there is one. Last: it leaves GL state changed.

        Args:
            width, height: logical pixels.
        """
        if self._backend is None:
            return
        self._activate()
        io = imgui.get_io()
        io.display_size = imgui.ImVec2(width, height)
        io.display_framebuffer_scale = imgui.ImVec2(dpr, dpr)
        now = time.perf_counter()
        io.delta_time = max(now - self._last, 1e-4)
        self._last = now
        self._backend.begin()
        imgui.new_frame()
        try:
            content()
        finally:
            imgui.render()
        self._backend.draw(imgui.get_draw_data())

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
