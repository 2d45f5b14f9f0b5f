"""What squared errors count: by the tuning, and by an importance map."""

import numpy as np
import pytest
from scipy import ndimage

from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.importance import Importance
from daub.codec.profiles import PROFILES
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning
from daub.codec.weights import LEAST, RANGE, Weights, smoothed

HEIGHT, WIDTH = 48, 64


def half_busy():
    pixels = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    noise = np.random.default_rng(0).normal(0, 0.1, (HEIGHT, WIDTH // 2, 1))
    pixels[:, WIDTH // 2 :] += noise.astype(np.float32)
    return pixels.clip(0, 1)


@pytest.mark.parametrize("tuning", Tuning)
def test_weights_are_one_on_average_and_bounded(tuning):
    weighting = Weights(half_busy(), tuning)()
    if tuning is Tuning.PSNR:
        assert weighting is None
        return
    weights = weighting.plane
    assert weighting.coarse > 0
    assert weights.shape == (HEIGHT, WIDTH) and weights.dtype == np.float32
    assert weights.mean() == pytest.approx(1, rel=1e-5)
    assert weights.min() >= 0.99 * LEAST and weights.max() / weights.min() <= RANGE**2 * 1.01
    assert weights[:, :20].min() > weights[:, 44:].max()


@pytest.mark.parametrize("sigma", [2.0, 4.0])
@pytest.mark.parametrize("height,width", [(200, 30), (65, 3), (1, 1), (5, 70)])
def test_a_filter_by_strips_is_the_filter_to_the_bit(monkeypatch, height, width, sigma):
    monkeypatch.setattr("daub.codec.weights.STRIP_PIXELS", 1)
    plane = np.random.default_rng(2).random((height, width), np.float32)
    assert np.array_equal(smoothed(plane, sigma), ndimage.gaussian_filter(plane, sigma))


def test_the_same_weights_are_given_until_the_map_changes():
    importance = Importance.neutral(HEIGHT, WIDTH)
    weights = Weights(half_busy(), Tuning.BALANCED, importance)
    first = weights()
    assert weights() is first
    assert np.array_equal(first.plane, Weights(half_busy(), Tuning.BALANCED)().plane)  # a neutral map says nothing
    values = np.full((HEIGHT, WIDTH), 128, np.uint8)
    values[:, :10] = 255
    importance.replace(values)
    second = weights()
    assert second is not first and weights() is second
    ratio = second.plane / first.plane
    assert np.allclose(ratio[:, :10], 8 * ratio[0, 30], rtol=1e-4)


def test_a_neutral_map_alone_is_none():
    assert Weights(half_busy(), Tuning.PSNR, Importance.neutral(HEIGHT, WIDTH))() is None


def test_a_map_alone_makes_the_weights():
    values = np.zeros((HEIGHT, WIDTH), np.uint8)
    values[:8] = 255
    weights = Weights(half_busy(), Tuning.PSNR, Importance(values))().plane
    assert weights.mean() == pytest.approx(1) and weights[0, 0] / weights[-1, 0] == pytest.approx(64, rel=1e-4)


@pytest.mark.parametrize(
    "goal,profile,expected",
    [
        (Goal("quality", 50), "native", "balanced"), (Goal("bytes", 900), "native", "balanced"),
        (Goal("psnr", 30), "native", "psnr"),
        (Goal("ms-ssim", 0.9), "native", "ms-ssim"), (Goal("gaussians", 50), "gaussianimage++", "psnr"),
    ],
)  # fmt: skip
def test_the_usual_tuning_is_for_the_eye_unless_a_measure_is_asked_for(goal, profile, expected):
    assert recipe_of(EncodeSettings(goal, profile=profile)).tune == expected
    assert recipe_of(EncodeSettings(goal, profile="native", tune="ms-ssim")).tune is Tuning.MS_SSIM


def test_what_cannot_be_tuned_says_so():
    with pytest.raises(DaubError, match="vivid is no tuning"):
        EncodeSettings(tune="vivid")
    name = next(name for name, profile in PROFILES.items() if not profile.weighs_pixels)
    with pytest.raises(DaubError, match="cannot be tuned"):
        recipe_of(EncodeSettings(Goal("gaussians", 50), profile=name, tune="balanced"))
