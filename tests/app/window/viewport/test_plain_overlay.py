"""Outlines, centres, maps and tint as numpy and Qt draw them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from daub.app.model.gaussians.overlay_reading import read
from daub.app.model.gaussians.properties import Property, Subject
from daub.app.model.picture.canvas import Canvas
from daub.app.model.view.camera import Camera
from daub.app.window.viewport import plain_overlay
from daub.app.window.viewport.plain_overlay import draw_centres, draw_outlines, draw_tint
from daub.codec.importance import NEUTRAL
from daub.render.gaussians import Gaussians

ZOOM, LEFT, TOP = 4.0, 10, 20
COVARIANCES = [[36.0, 12.0], [12.0, 16.0]], [[4.0, 0.0], [0.0, 4.0]]


@pytest.fixture
def camera() -> Camera:
    camera = Camera()
    camera.resize(420, 340)
    camera.show(100, 80)
    camera.zoom_to(ZOOM)
    camera.pan(LEFT - camera.offset[0], TOP - camera.offset[1])
    return camera


@pytest.fixture
def reading():
    two = Gaussians.build([[40, 30], [70, 60]], COVARIANCES, [[0.5] * 3, [-0.6] * 3])
    return read(Subject(two, 100, 80), Property.LIGHT, {})


def test_outlines_are_the_ellipses_at_one_standard_deviation(camera, reading):
    pixels = np.zeros((340, 420, 4), np.uint8)
    draw_outlines(pixels, reading, camera)
    rows, columns = np.nonzero(pixels[..., 3])
    u, v = (columns + 0.5 - LEFT) / ZOOM - 0.5, (rows + 0.5 - TOP) / ZOOM - 0.5
    distances = []
    for middle, covariance in zip(([40, 30], [70, 60]), COVARIANCES, strict=True):
        d = np.stack([u, v], 1) - middle
        distances.append(np.sqrt(np.einsum("ni,ij,nj->n", d, np.linalg.inv(covariance), d)))
    assert (np.abs(np.min(distances, 0) - 1) < 0.75 / ZOOM).all(), "within a pixel of the screen"
    for distance, (across, down) in zip(distances, ((6, 4), (2, 2)), strict=True):
        # A line without gaps has a pixel for each step along the longer of its two directions.
        assert (distance < 1.3).sum() >= 2 * np.sqrt(2) * ZOOM * np.hypot(across, down) * 0.9


def test_centres_have_the_colours_of_the_legend_and_a_rim(camera, reading):
    pixels = np.zeros((340, 420, 4), np.uint8)
    draw_centres(pixels, reading, camera, 2)
    for index, (x, y) in enumerate([(40, 30), (70, 60)]):
        share = reading.shares[list(reading.drawn.mean[:, 0]).index(x)]
        column, row = (int(value) for value in camera.to_screen(x + 0.5, y + 0.5))
        assert list(pixels[row, column, :3]) == list(reading.colours[round(255 * float(share))]), index
        assert len(set(pixels[row, column + 2, :3])) == 1 and pixels[row, column + 2, 3] == 255
    assert (pixels[..., 3] > 0).sum() == 2 * 25


def test_what_is_filtered_out_or_beside_the_screen_is_not_drawn(camera, reading):
    pixels = np.zeros((340, 420, 4), np.uint8)
    hidden = read(reading.subject, Property.LIGHT, {Property.SIZE: (100.0, 200.0)})
    draw_outlines(pixels, hidden, camera)
    draw_centres(pixels, hidden, camera, 2)
    camera.zoom_to(60.0, *camera.to_screen(1, 1))
    draw_outlines(pixels, reading, camera)
    draw_centres(pixels, reading, camera, 2)
    assert not pixels.any()


def test_of_too_many_there_are_dots(camera, reading, monkeypatch):
    monkeypatch.setattr(plain_overlay, "DOTS", 100)
    pixels = np.zeros((340, 420, 4), np.uint8)
    draw_outlines(pixels, reading, camera)
    assert (pixels[..., 3] > 0).sum() == 2 * 9


def test_the_tint_has_the_strengths_and_stripes_of_the_map(qapp, camera):
    canvas = Canvas(100, 80)
    canvas.values = np.full((80, 100), NEUTRAL, np.uint8)
    canvas.values[10:30, 10:30], canvas.values[50:70, 60:90] = 255, 0
    image = QImage(420, 340, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    painter = QPainter(image)
    draw_tint(painter, canvas, camera, 420, 1.0)
    painter.end()

    def seen(u: float, v: float) -> tuple[int, int, int]:
        return image.pixelColor(*(int(value) for value in camera.to_screen(u, v))).getRgb()[:3]

    assert seen(45.5, 40.5) == (128, 128, 128)
    red, green, blue = seen(20.5, 20.5)
    assert red > 180 and green < 100 and blue < 70
    less = {seen(70.5 + along / 4, 60.5) for along in range(20)}
    assert len(less) == 2 and all(blue > red for red, _, blue in less), "stripes"
