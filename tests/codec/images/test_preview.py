"""A small copy of a large JPEG, before it is read as a whole."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import pytest

from daub.codec import images


@pytest.fixture
def photo(tmp_path):
    """320x240, red above green; stored lying on its side."""
    picture = np.zeros((240, 320, 3), np.uint8)
    picture[:120], picture[120:] = (200, 30, 20), (20, 180, 40)
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    PIL.Image.fromarray(picture).rotate(90, expand=True).save(tmp_path / "a.jpg", quality=95, exif=exif)
    return tmp_path / "a.jpg"


@pytest.mark.parametrize(("most", "size"), [(19_200, (60, 80)), (10_000, (60, 80)), (2_000, (30, 40))])
def test_it_is_the_image_at_a_reduced_size_and_upright(photo, most, size):
    whole, small = images.load(photo), images.preview(photo, most=most)
    assert whole.pixels.shape[:2] == (240, 320) and small.pixels.shape[:2] == size
    factor = 240 // size[0]
    means = whole.pixels.reshape(size[0], factor, size[1], factor, 3).mean((1, 3))
    assert np.abs(small.pixels - means).mean() < 0.01


def test_it_has_the_colours_of_the_image_on_any_background(tmp_path, shared_data):
    with PIL.Image.open(shared_data / "awkward" / "jpg_display_p3_derived.jpg") as image:
        profile = image.info["icc_profile"]
    PIL.Image.new("RGB", (400, 300), (250, 40, 30)).save(tmp_path / "p3.jpg", quality=95, icc_profile=profile)
    small, whole = images.preview(tmp_path / "p3.jpg", most=7_500), images.load(tmp_path / "p3.jpg")
    np.testing.assert_allclose(small.pixels.mean((0, 1)), whole.pixels.mean((0, 1)), atol=0.005)


def test_there_is_none_where_it_would_not_be_faster(photo, tmp_path):
    assert images.preview(photo) is None, "it is small"
    PIL.Image.new("RGB", (400, 300)).save(tmp_path / "a.png")
    assert images.preview(tmp_path / "a.png", most=100) is None
    assert images.preview(tmp_path / "missing.jpg", most=100) is None
    (tmp_path / "cut.jpg").write_bytes(photo.read_bytes()[:300])
    assert images.preview(tmp_path / "cut.jpg", most=100) is None
    grey = io.BytesIO()
    PIL.Image.new("CMYK", (400, 300), (0, 255, 255, 0)).save(grey, "JPEG")
    (tmp_path / "cmyk.jpg").write_bytes(grey.getvalue())
    small = images.preview(tmp_path / "cmyk.jpg", most=7_500)
    np.testing.assert_allclose(small.pixels[0, 0], images.load(tmp_path / "cmyk.jpg").pixels[0, 0], atol=0.01)
