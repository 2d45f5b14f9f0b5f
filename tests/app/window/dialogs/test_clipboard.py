"""Pictures on the clipboard and in what is dropped: their colours."""

import numpy as np
import pytest
from colour_files import ADOBE_RGB_PROFILE, PATCHES, PICTURE, adobe_rgb, display_p3, srgb
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QColor, QColorSpace, QImage

from daub.app.model.picture.picture import open_picture
from daub.app.window.dialogs.clipboard import origins_of, to_qimage

NAMED = QColorSpace.NamedColorSpace


def tagged(space: QColorSpace | None) -> QImage:
    image = to_qimage(PICTURE)
    if space is not None:
        image.setColorSpace(space)
    return image


def pasted(image: QImage):
    data = QMimeData()
    data.setImageData(image)
    (origin,) = origins_of(data, "pasted")
    return origin


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
    origin = pasted(tagged(space))
    expected = convert(PATCHES / 255) * 255
    assert np.abs(origin.pixels[4, 4::8, :3] - expected).max() <= 1 and (origin.pixels[..., 3] == 255).all()
    assert len(origin.notices) == 1 and origin.notices[0].startswith("its colours were converted from ")
    assert open_picture(origin).notices == origin.notices


def test_srgb_and_what_says_nothing_stay_as_they_are():
    for space in (None, QColorSpace(NAMED.SRgb)):
        origin = pasted(tagged(space))
        assert np.array_equal(origin.pixels[..., :3], PICTURE) and origin.notices == ()


def test_alpha_stays():
    image = tagged(QColorSpace(NAMED.DisplayP3)).convertToFormat(QImage.Format.Format_RGBA8888)
    image.setPixelColor(0, 0, QColor(200, 120, 60, 77))
    assert pasted(image).pixels[0, 0, 3] == 77


def test_nothing_to_open():
    data = QMimeData()
    data.setText("words")
    assert origins_of(data, "pasted") == []
