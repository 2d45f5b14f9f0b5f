"""What lies over a picture that Qt paints: the shapes and centres of Gaussians, maps, and the tint.

numpy writes the outlines and centres into an image, dot by dot: of thousands of Gaussians Qt would take a good deal of
a second, and the window would stand still meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QImage, QPainter

from daub.app.model.editing.marked import Marked
from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.gaussians.overlay_reading import Reading
from daub.app.model.picture.canvas import Canvas
from daub.app.model.view.camera import Camera
from daub.app.window.viewport.seen import seen_of
from daub.codec.importance import NEUTRAL
from daub.render.gl.overlay import FILL
from daub.render.gl.tint import LESS, MORE

DOTS = 2_000_000  # of outlines at most: where it would be more, centres stand in for them
_DENSE = 1.2  # dots of an outline to a pixel of it
_MAP = 217  # opacity of a map, of 255
_TINT = 158  # of the most and the least important, likewise
_FAINTEST = 0.3  # share of it that the slightest difference has
_STRIPES = 9.0  # logical pixels from one stripe of what is less important to the next
_GAP = 0.45  # share of the opacity between two of them

_fill: Callable | None = None  # `fill_ellipses`


def draw_overlay(painter: QPainter, overlay: Overlay, camera: Camera, width: int, scale: float) -> None:
    """Draws the map, and of the Gaussians their ellipses, filled or as outlines, and their centres.

    Args:
        painter: in device pixels, at the left edge of the pane.
        width: of the pane.
        scale: device pixels per logical pixel.
    """
    if overlay.map is not None:
        shares = overlay.map.shares
        colours = np.concatenate([overlay.map.colours, np.full((256, 1), _MAP, np.uint8)], 1)
        _draw_values(painter, shares, colours, camera, width)
    reading = overlay.reading
    if reading is None or not overlay.styles:
        return
    pixels = np.zeros((camera.view[1], width, 4), np.uint8)
    if "filled" in overlay.styles:
        draw_filled(pixels, reading, camera)
    if "ellipses" in overlay.styles:
        draw_outlines(pixels, reading, camera)
    if "centres" in overlay.styles:
        draw_centres(pixels, reading, camera, max(1, round(2 * scale)))
    painter.drawImage(0, 0, _image(pixels, QImage.Format.Format_RGBA8888_Premultiplied))


def draw_selected(painter: QPainter, marked: Marked | None, camera: Camera, width: int, scale: float) -> None:
    """Draws outlines and centres of what is selected. Args: as of `draw_overlay`."""
    if marked is None:
        return
    pixels = np.zeros((camera.view[1], width, 4), np.uint8)
    if marked.is_outlined:
        draw_outlines(pixels, marked, camera)
    draw_centres(pixels, marked, camera, max(1, round(scale)))
    painter.drawImage(0, 0, _image(pixels, QImage.Format.Format_RGBA8888_Premultiplied))


def draw_tint(painter: QPainter, canvas: Canvas | None, camera: Camera, width: int, scale: float) -> None:
    """Draws what is more or less important than usual. Args: as of `draw_overlay`."""
    if canvas is None or not canvas.values.flags.writeable:  # nothing was ever painted
        return
    above = np.arange(256) - float(NEUTRAL)
    share = np.where(above > 0, above / (255 - NEUTRAL), -above / NEUTRAL)
    alpha = np.where(above == 0, 0, _TINT * (_FAINTEST + (1 - _FAINTEST) * share))
    hues = np.where(above[:, None] > 0, MORE, LESS) * 255
    colours = np.concatenate([hues, alpha[:, None]], 1).astype(np.uint8)

    def stripe(pixels: np.ndarray, values: np.ndarray, x: int, y: int) -> None:
        rows, columns = np.ogrid[: values.shape[0], : values.shape[1]]
        gaps = (((rows + columns + x + y) / (_STRIPES * scale)) % 1 < 0.5) & (values < NEUTRAL)
        pixels[..., 3][gaps] = (pixels[..., 3][gaps] * _GAP).astype(np.uint8)

    _draw_values(painter, canvas.values, colours, camera, width, stripe)


def draw_filled(pixels: np.ndarray, reading: Reading | Marked, camera: Camera) -> None:
    """Fills the ellipses at one standard deviation, once that is warmed up.

    Args:
        pixels: (h, w, 4) uint8, RGBA, premultiplied.
    """
    *shapes, colours = _placed(pixels, reading, camera)
    if _fill is not None:
        _fill(pixels, *shapes, np.rint(FILL * colours).astype(np.uint8))


def warm_up() -> None:
    """Has the kernel loaded or compiled, which takes seconds the first time: to be called beside the window."""
    global _fill
    from daub.render.cpu import ellipses

    ellipses.warm_up()
    _fill = ellipses.fill_ellipses


def draw_outlines(pixels: np.ndarray, reading: Reading | Marked, camera: Camera) -> None:
    """Writes the ellipses at one standard deviation, the largest first, so that small ones lie on top.

    Args:
        pixels: (h, w, 4) uint8, RGBA.
    """
    x, y, across, down, shear, colours = _placed(pixels, reading, camera)
    length = 2 * math.pi * np.maximum(across, down * np.hypot(1, shear))
    steps = 2 ** np.ceil(np.log2(np.clip(_DENSE * length, 8, 1 << 15))).astype(int)
    if steps.sum() > DOTS:
        draw_centres(pixels, reading, camera, 1)
        return
    for count in np.unique(steps)[::-1]:
        which = steps == count
        turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
        z = np.cos(turn), np.sin(turn)
        columns = x[which, None] + across[which, None] * z[0]
        rows = y[which, None] + down[which, None] * (shear[which, None] * z[0] + z[1])
        _write(pixels, columns, rows, np.repeat(colours[which], count, 0))


def draw_centres(pixels: np.ndarray, reading: Reading | Marked, camera: Camera, radius: int) -> None:
    """Writes a square dot with a rim at each centre. Args: as of `draw_outlines`; radius: device pixels."""
    x, y, *_, colours = _placed(pixels, reading, camera)
    rim = np.where(colours[:, :3] @ [0.3, 0.6, 0.1] < 102, 255, 0).astype(np.uint8)
    rims = np.concatenate([np.repeat(rim[:, None], 3, 1), np.full((len(rim), 1), 255, np.uint8)], 1)
    # Of many dots each is at its place but once: with a border that takes what reaches out, one number tells it.
    height, width, _ = pixels.shape
    border = 2 * radius
    columns, rows = np.floor(x).astype(int), np.floor(y).astype(int)
    near = (columns >= -radius) & (columns < width + radius) & (rows >= -radius) & (rows < height + radius)
    bordered = np.pad(pixels, ((border, border), (border, border), (0, 0)))
    flat, across = bordered.view(np.uint32).reshape(-1), bordered.shape[1]
    at = (rows[near] + border) * across + columns[near] + border
    inner, outer = (np.ascontiguousarray(each[near]).view(np.uint32)[:, 0] for each in (colours, rims))
    around = range(-radius, radius + 1)
    for dx in around:
        for dy in around:
            edge = radius > 1 and max(abs(dx), abs(dy)) == radius
            flat[at + (dy * across + dx)] = outer if edge else inner
    pixels[:] = bordered[border:-border, border:-border]


def _placed(pixels: np.ndarray, reading: Reading | Marked, camera: Camera) -> tuple[np.ndarray, ...]:
    """x, y (N,), scales across and down (N,), shear (N,), device pixels, and RGBA (N, 4), of what may be seen."""
    height, width, _ = pixels.shape
    drawn, (left, top) = reading.drawn, camera.offset
    x, y = (drawn.mean.astype(np.float64).T + 0.5) * camera.zoom + np.array([[left], [top]])
    across, down = camera.zoom * np.exp(drawn.log_scale.astype(np.float64)).T
    shear = drawn.shear.astype(np.float64)
    tall = down * np.hypot(1, shear)
    seen = (reading.shares >= 0) & (x > -across) & (x < width + across) & (y > -tall) & (y < height + tall)
    entries = np.rint(255 * reading.shares[seen].clip(0, 1)).astype(int)
    colours = np.concatenate([reading.colours[entries], np.full((len(entries), 1), 255, np.uint8)], 1)
    return x[seen], y[seen], across[seen], down[seen], shear[seen], colours


def _write(pixels: np.ndarray, x: np.ndarray, y: np.ndarray, colours: np.ndarray) -> None:
    """Args: x, y: any shape; colours: (their number, 4)."""
    columns, rows = np.floor(x).ravel().astype(int), np.floor(y).ravel().astype(int)
    inside = (columns >= 0) & (columns < pixels.shape[1]) & (rows >= 0) & (rows < pixels.shape[0])
    pixels[rows[inside], columns[inside]] = colours[inside]


def _draw_values(
    painter: QPainter, values: np.ndarray, colours: np.ndarray, camera: Camera, width: int, change=None
) -> None:
    """Draws (h, w) uint8 that cover the picture. Args: colours: (256, 4) uint8. change: of pixels, before drawing."""
    rows, columns, (x, y) = seen_of(camera, width)
    if not len(rows) or not len(columns):
        return
    rows, columns = (
        at * cells // pixels
        for at, cells, pixels in zip((rows, columns), values.shape, camera.image[::-1], strict=True)
    )
    found = values[np.ix_(rows, columns)]
    pixels = colours[found]
    if change is not None:
        change(pixels, found, x, y)
    painter.drawImage(x, y, _image(pixels))


def _image(pixels: np.ndarray, kind: QImage.Format = QImage.Format.Format_RGBA8888) -> QImage:
    """A copy. Args: pixels: (h, w, 4) uint8, RGBA."""
    height, width, _ = pixels.shape
    pixels = np.ascontiguousarray(pixels)
    image = QImage(pixels.data, width, height, 4 * width, kind)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
