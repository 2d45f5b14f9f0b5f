"""How what Dear ImGui has laid out comes onto the screen: by OpenGL, or without it as an image for Qt."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Protocol

import numpy as np
from imgui_bundle import imgui
from PySide6.QtGui import QImage

_VERTEX = np.dtype([("place", np.float32, 2), ("texel", np.float32, 2), ("colour", np.uint8, 4)])
_CORNER = {2: np.uint16, 4: np.uint32}[imgui.INDEX_SIZE]


class Backend(Protocol):
    """Works for the ImGui context that is current."""

    def start(self) -> None:
        """Before the first frame. Raises RuntimeError where it cannot be."""

    def stop(self) -> None:
        """After the last one."""

    def begin(self) -> None:
        """Before the content of a frame."""

    def draw(self, data: imgui.ImDrawData) -> None:
        """The content."""


class GlBackend:
    """Into the framebuffer that is bound; needs the GL context that was current at the start."""

    def start(self) -> None:
        if not imgui.backends.opengl3_init("#version 330"):
            raise RuntimeError("Dear ImGui cannot use this OpenGL context")

    def stop(self) -> None:
        imgui.backends.opengl3_shutdown()

    def begin(self) -> None:
        imgui.backends.opengl3_new_frame()

    def draw(self, data: imgui.ImDrawData) -> None:
        imgui.backends.opengl3_render_draw_data(data)


class ImageBackend:
    """Into `image`, on the CPU, once it is warmed up."""

    def __init__(self):
        self._draw_triangles: Callable | None = None
        self._pixels = np.zeros((0, 0, 4), np.uint8)
        self._textures: dict[int, np.ndarray] = {}  # (h, w, 4) uint8, by the number that ImGui knows them by

    def warm_up(self) -> None:
        """Has the kernel loaded or compiled, which takes seconds the first time: to be called beside the window."""
        from daub.render.cpu.triangles import draw_triangles

        corners, pixel = np.zeros((0, 3), _CORNER), np.zeros((1, 1, 4), np.uint8)
        vertices = np.zeros(0, _VERTEX)
        draw_triangles(pixel, *(vertices[name] for name in _VERTEX.names), corners, np.zeros(4, np.float32), pixel)
        self._draw_triangles = draw_triangles

    def image(self, dpr: float) -> QImage:
        """What was drawn last, which lives until the next frame. Args: dpr: device pixels per logical pixel."""
        height, width, _ = self._pixels.shape
        image = QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
        image.setDevicePixelRatio(dpr)
        return image

    def start(self) -> None:
        flags = imgui.BackendFlags_
        imgui.get_io().backend_flags |= flags.renderer_has_textures | flags.renderer_has_vtx_offset

    def stop(self) -> None:
        for texture in imgui.get_platform_io().textures:
            texture.set_tex_id(0)
            texture.set_status(imgui.ImTextureStatus.destroyed)
        self._textures.clear()

    def begin(self) -> None:
        """Nothing is to be done."""

    def draw(self, data: imgui.ImDrawData) -> None:
        for texture in data.textures:
            self._follow(texture)
        scale = data.framebuffer_scale
        size = round(data.display_size.y * scale.y), round(data.display_size.x * scale.x)
        if self._pixels.shape[:2] == size:
            self._pixels[:] = 0
        else:
            self._pixels = np.zeros((*size, 4), np.uint8)
        for commands in data.cmd_lists:
            self._draw_list(commands, np.array([scale.x, scale.y], np.float32))

    def _draw_list(self, commands: imgui.ImDrawList, scale: np.ndarray) -> None:
        vertices = _array(commands.vtx_buffer, _VERTEX)
        corners = _array(commands.idx_buffer, np.dtype(_CORNER))
        places = vertices["place"] * scale
        for command in commands.cmd_buffer:
            texture = self._textures.get(command.tex_ref.get_tex_id())
            if texture is None or not command.elem_count:
                continue
            begin = command.idx_offset
            wanted = corners[begin : begin + command.elem_count].reshape(-1, 3) + _CORNER(command.vtx_offset)
            left, top, right, bottom = command.clip_rect
            clip = np.array([left, top, right, bottom], np.float32) * np.tile(scale, 2)
            self._draw_triangles(self._pixels, places, vertices["texel"], vertices["colour"], wanted, clip, texture)

    def _follow(self, texture: imgui.ImTextureData) -> None:
        """Takes what ImGui has changed of a texture, such as letters that are used for the first time."""
        status = imgui.ImTextureStatus
        if texture.status in (status.want_create, status.want_updates):
            shape = texture.height, texture.width, texture.bytes_per_pixel
            self._textures[texture.unique_id] = np.array(texture.get_pixels_array()).reshape(shape)
            texture.set_tex_id(texture.unique_id)
            texture.set_status(status.ok)
        elif texture.status == status.want_destroy:
            self._textures.pop(texture.unique_id, None)
            texture.set_tex_id(0)
            texture.set_status(status.destroyed)


def _array(buffer, kind: np.dtype) -> np.ndarray:
    """What ImGui keeps there, without a copy, until the next frame."""
    size = buffer.size() * kind.itemsize
    if not size:
        return np.zeros(0, kind)
    return np.frombuffer((ctypes.c_char * size).from_address(buffer.data_address()), kind)
