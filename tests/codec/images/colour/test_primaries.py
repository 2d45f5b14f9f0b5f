"""Against published matrices, which are rounded to four decimals or so."""

import numpy as np
import pytest

from daub.codec.images.colour import primaries
from daub.codec.images.colour.primaries import BY_CODE, D50, D65, Primaries, adaptation, to_linear_srgb


@pytest.mark.parametrize(
    "space, published",
    [
        # IEC 61966-2-1; SMPTE EG 432-1; BT.2087, section 4; Adobe RGB (1998), section 4.3.5.3
        (primaries.SRGB, [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]),
        (primaries.DISPLAY_P3, [[0.4866, 0.2657, 0.1982], [0.2290, 0.6917, 0.0793], [0.0000, 0.0451, 1.0439]]),
        (primaries.BT2020, [[0.6370, 0.1446, 0.1689], [0.2627, 0.6780, 0.0593], [0.0000, 0.0281, 1.0610]]),
        (primaries.ADOBE_RGB, [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]]),
        (primaries.DCI_P3, [[0.44517, 0.27713, 0.17228], [0.20949, 0.72160, 0.06891], [0.0, 0.04706, 0.90736]]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_matrix_to_xyz(space, published):
    np.testing.assert_allclose(space.to_xyz(), published, atol=3e-4)


def test_from_bt2020_to_bt709():
    """BT.2407, section 2, equation 2."""
    published = [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
    np.testing.assert_allclose(to_linear_srgb(primaries.BT2020), published, atol=1e-4)


def test_the_adaptation_from_d65_to_d50():
    """ICC.1:2022 has it in the chad tag of sRGB profiles."""
    published = [[1.04788, 0.02292, -0.05022], [0.02959, 0.99048, -0.01707], [-0.00925, 0.01508, 0.75168]]
    np.testing.assert_allclose(adaptation(D65, D50), published, atol=2e-4)


@pytest.mark.parametrize("code", BY_CODE)
def test_white_stays_white(code):
    np.testing.assert_allclose(to_linear_srgb(BY_CODE[code]) @ [1, 1, 1], 1, atol=1e-12)


@pytest.mark.parametrize(
    "points",
    [
        [(0.3, 0.3), (0.4, 0.4), (0.5, 0.5), D65],
        [(0.64, 0.33), (0.3, 0.6), (0.15, 0.06), (0.3, 0)],
        [(0, 0), (0, 0), (0, 0), (0, 0)],
        [(float("nan"), 0.33), (0.3, 0.6), (0.15, 0.06), D65],
        [(40000, 0.33), (0.3, 0.6), (0.15, 0.06), D65],
    ],
)
def test_nonsense_is_refused(points):
    with pytest.raises(ValueError, match="make no sense"):
        Primaries("odd", *points).to_xyz()
