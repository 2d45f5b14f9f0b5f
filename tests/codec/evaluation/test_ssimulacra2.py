"""SSIMULACRA2 against the scores of libjxl's own tool."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from daub.codec.evaluation import ssimulacra2 as module
from daub.codec.evaluation.ssimulacra2 import ssimulacra2
from daub.resources import ROOT

pytest.importorskip("ssimulacra2", reason="the extra metrics is not installed")

SAMPLE = np.asarray(PIL.Image.open(ROOT / "sample.png").convert("RGB"))


def crop(height: int, width: int) -> np.ndarray:
    return SAMPLE[200 : 200 + height, 300 : 300 + width]


def coarse(image8: np.ndarray, step: int) -> np.ndarray:
    """With fewer levels: flat parts show bands."""
    return image8 // step * step + step // 2


def mosaic(image8: np.ndarray, side: int) -> np.ndarray:
    """In squares: detail is lost and edges are added."""
    rows, columns = (np.arange(length) // side * side for length in image8.shape[:2])
    return image8[rows[:, None], columns]


def score(reference8: np.ndarray, image8: np.ndarray) -> float | None:
    return ssimulacra2(reference8 / np.float32(255), image8 / np.float32(255))


# By ssimulacra2 of libjxl 0.11.2 from PNG files of these images: version 2.1 of the metric.
@pytest.mark.parametrize(
    "image, change, amount, published",
    [
        (SAMPLE, coarse, 4, 89.6620), (SAMPLE, coarse, 16, 38.3779), (SAMPLE, coarse, 64, -57.9839),
        (SAMPLE, mosaic, 2, 37.8235), (SAMPLE, mosaic, 3, -8.4526), (SAMPLE, mosaic, 4, -45.2954),
        # Odd sides, and fewer scales.
        (crop(129, 250), coarse, 32, 12.3606), (crop(129, 250), mosaic, 2, 48.3024),
        (crop(63, 64), coarse, 32, 43.3114), (crop(63, 64), mosaic, 2, 79.8763),
        (crop(17, 15), coarse, 32, 73.5875), (crop(17, 15), mosaic, 2, 83.5381),
        (crop(8, 40), coarse, 32, 91.1415), (crop(8, 40), mosaic, 2, 87.7333),
        (crop(8, 8), coarse, 32, 92.4123), (crop(8, 8), mosaic, 2, 88.6590),
    ],
)  # fmt: skip
def test_scores_are_those_of_libjxl(image, change, amount, published):
    # libjxl counts in float32, which shows where the error is small.
    tolerance = 0.2 if published > 80 and image is SAMPLE else 0.025
    assert score(image, change(image, amount)) == pytest.approx(published, abs=tolerance)


def test_the_two_images_are_not_exchangeable():
    assert score(mosaic(SAMPLE, 2), SAMPLE) == pytest.approx(38.4950, abs=0.025)


def test_a_score_does_not_depend_on_which_way_up_the_image_is():
    image, worse = crop(96, 160), coarse(crop(96, 160), 32)  # which halve evenly
    upright = score(image, worse)
    for turned in (lambda pixels: np.rot90(pixels), lambda pixels: pixels[::-1], lambda pixels: pixels.swapaxes(0, 1)):
        assert score(turned(image), turned(worse)) == pytest.approx(upright, abs=1e-3)


@pytest.mark.parametrize("rows", [8, 50, 1000])
def test_strips_do_not_show(rows, monkeypatch):
    image, worse = crop(129, 100), mosaic(crop(129, 100), 2)
    expected = score(image, worse)
    monkeypatch.setattr(module, "_ROWS", rows)
    assert score(image, worse) == pytest.approx(expected, abs=1e-6)


def test_equal_images_score_100_and_worse_ones_less_and_less():
    image = crop(128, 128)
    scores = [score(image, coarse(image, step)) for step in (1, 8, 16, 32, 64)]
    assert scores[0] == 100 and scores == sorted(scores, reverse=True) and len(set(scores)) == 5


@pytest.mark.parametrize("shape", [(7, 90), (90, 7), (1, 1)])
def test_an_image_too_small_for_any_scale_has_no_score(shape):
    assert score(crop(*shape), mosaic(crop(*shape), 2)) is None


def test_the_blur_has_the_width_it_is_meant_to_have():
    taps = module._KERNEL
    assert taps.sum() == pytest.approx(1, abs=1e-8) and np.array_equal(taps, taps[::-1])
    assert taps @ (np.arange(len(taps)) - len(taps) // 2) ** 2 == pytest.approx(1.5**2, abs=1e-7)


def test_wrong_arrays_are_refused():
    image = np.zeros((16, 16, 3), np.float32)
    with pytest.raises(ValueError, match="one shape"):
        ssimulacra2(image, image[:, :15])
    with pytest.raises(ValueError, match="floating point"):
        ssimulacra2(image, np.zeros((16, 16, 3), np.uint8))
