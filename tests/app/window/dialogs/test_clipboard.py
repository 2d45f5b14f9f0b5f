"""Pictures on the clipboard and in what is dropped: their colours."""

import numpy as np
import pytest
from colour_files import ADOBE_RGB_PROFILE, PATCHES, PICTURE, adobe_rgb, display_p3, srgb
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QColorSpace, QImage

from daub.app.window.dialogs.clipboard import origin_of, pixels_of, to_qimage

NAMED = QColorSpace.NamedColorSpace


def tagged(space: QColorSpace | None) -> QImage:
    image = to_qimage(PICTURE)
    if space is not None:
        image.setColorSpace(space)
    return image


@pytest.mark.parametrize(
    "space, convert",
    [
        (QColorSpace(NAMED.DisplayP3), display_p3),
        (QColorSpace(NAMED.AdobeRgb), adobe_rgb),
        (QColorSpace.fromIccProfile(QByteArray(ADOBE_RGB_PROFILE)), adobe_rgb),
        (QColorSpace(NAMED.SRgbLinear), srgb),
    ],
    ids=["Display P3", "Adobe RGB", "a profile", "linear light"],
)
def test_colours_become_srgb(space, convert):
    data = QMimeData()
    data.setImageData(tagged(space))
    pixels = origin_of(data, "pasted").pixels
    expected = convert(PATCHES / 255) * 255
    assert np.abs(pixels[4, 4::8, :3] - expected).max() <= 1 and (pixels[..., 3] == 255).all()


def test_srgb_and_what_says_nothing_stay_as_they_are():
    for space in (None, QColorSpace(NAMED.SRgb)):
        assert np.array_equal(pixels_of(tagged(space))[..., :3], PICTURE)


def test_alpha_stays():
    image = tagged(QColorSpace(NAMED.DisplayP3)).convertToFormat(QImage.Format.Format_RGBA8888)
    image.setPixelColor(0, 0, image.pixelColor(0, 0).fromRgb(200, 120, 60, 77))
    assert pixels_of(image)[0, 0, 3] == 77
