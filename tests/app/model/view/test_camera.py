"""Zoom and pan keep what they promise, for any viewport and image."""

from __future__ import annotations

import pytest

from daub.app.model.view.camera import LARGEST, SMALLEST, Camera


def camera(view=(800, 600), image=(768, 512), inset=0) -> Camera:
    result = Camera()
    result.inset = inset
    result.resize(*view)
    result.show(*image)
    return result


@pytest.mark.parametrize("image", [(768, 512), (512, 768), (1, 1), (20000, 10), (3, 9000)])
def test_fit_shows_the_whole_image_above_the_inset(image):
    fitted = camera(image=image, inset=100)
    left, top = fitted.to_screen(0, 0)
    right, bottom = fitted.to_screen(*image)
    assert left >= -1 and top >= -1 and right <= 801 and bottom <= 501
    if SMALLEST < fitted.zoom < LARGEST:
        assert max((right - left) / 800, (bottom - top) / 500) == pytest.approx(0.92, abs=0.01)


def test_zooming_keeps_the_point_under_the_cursor():
    moving = camera()
    for zoom, x, y in ((2.0, 300, 200), (17.0, 410, 333), (0.9, 310, 210), (64.0, 400, 300)):
        before = moving.to_image(x, y)
        moving.zoom_to(zoom, x, y)
        after = moving.to_image(x, y)
        assert abs(before[0] - after[0]) * zoom <= 1 and abs(before[1] - after[1]) * zoom <= 1


def test_zooming_by_a_key_keeps_the_middle_of_what_the_inset_leaves_free():
    fitted = camera(inset=200)
    before = fitted.to_image(400, 200)
    fitted.zoom_to(8.0)
    assert fitted.to_image(400, 200) == pytest.approx(before, abs=0.2)


def test_the_offset_is_whole_pixels_so_that_1_to_1_is_exact():
    moving = camera(view=(801, 601))
    moving.zoom_to(1.0)
    assert all(value == int(value) for value in moving.offset)


def test_the_image_cannot_be_lost():
    moving = camera()
    for dx, dy in ((1e6, 0), (-2e6, 0), (0, 1e6), (0, -2e6)):
        moving.pan(dx, dy)
        left, top, right, bottom = moving.visible()
        assert right > left and bottom > top


def test_resizing_refits_only_while_fitted():
    moving = camera()
    moving.resize(400, 300)
    assert moving.fitted and moving.to_screen(*moving.image)[0] <= 400
    moving.zoom_to(5.0)
    centre = moving.to_image(200, 150)
    moving.resize(1000, 700)
    assert moving.zoom == 5.0
    assert moving.to_image(500, 350) == pytest.approx(centre, abs=0.25)


def test_pixel_under_a_position():
    moving = camera(image=(10, 8))
    moving.zoom_to(32.0)
    assert moving.pixel_at(*moving.to_screen(9.99, 7.99)) == (9, 7)
    assert moving.pixel_at(*moving.to_screen(0.01, 0.01)) == (0, 0)
    assert moving.pixel_at(*moving.to_screen(10.2, 3)) is None
    assert moving.pixel_at(*moving.to_screen(-0.2, 3)) is None
