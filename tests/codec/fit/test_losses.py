"""Losses against their plain twin and autograd, with pytorch-msssim for SSIM."""

import numba
import numpy as np
import pytest
import torch
from pytorch_msssim import ssim as torch_ssim
from scipy import ndimage

from daub.codec.evaluation.metrics import C1, C2, window_taps
from daub.codec.evaluation.ssim import TILE_COLUMNS, TILE_ROWS, add_ssim
from daub.codec.fit.losses import WeightedLoss, mean_squared_error

SIZES = [
    (1, 1),
    (1, 20),
    (5, 7),
    (11, 11),
    (12, 300),
    (300, 12),
    (TILE_ROWS + 1, TILE_COLUMNS - 1),
    (TILE_ROWS - 1, 2 * TILE_COLUMNS + 1),
]


def pictures(height, width, dtype=np.float64):
    rng = np.random.default_rng(0)
    target = rng.uniform(0, 1, (height, width, 3))
    return (target + rng.normal(0, 0.3, target.shape)).astype(dtype), target.astype(dtype)  # beyond [0, 1], too


def valued(loss, image, target):
    """The loss and its gradient, which overwrites whatever was there."""
    gradient = np.full_like(image, np.nan)
    return loss(image, target, gradient), gradient


def ssim(image, target):
    """SSIM and its gradient by the image."""
    gradient = np.zeros_like(image)
    return add_ssim(image, target, 1.0, gradient), gradient


def plain_ssim(image, target):
    """The twin of `ssim`: whole images, one filter after the other."""
    taps = [window_taps(side) for side in image.shape[:2]]
    inside = tuple(slice(len(t) // 2, side - len(t) // 2) for t, side in zip(taps, image.shape[:2], strict=True))

    def windowed(values):
        """The windows' weighted means; beyond the image there is zero, which makes it its own adjoint."""
        for axis in (0, 1):
            values = ndimage.correlate1d(values, taps[axis], axis, mode="constant")
        return values

    def spread(values):
        """The adjoint of windowed(...)[inside]."""
        whole = np.zeros_like(image)
        whole[inside] = values
        return windowed(whole)

    mean_x, mean_y = windowed(image)[inside], windowed(target)[inside]
    variances = windowed(image * image + target * target)[inside] - (mean_x * mean_x + mean_y * mean_y)
    covariance = windowed(image * target)[inside] - mean_x * mean_y
    luminance_norm = mean_x * mean_x + mean_y * mean_y + C1
    luminance = (2 * mean_x * mean_y + C1) / luminance_norm
    contrast = (2 * covariance + C2) / (variances + C2)

    by_variance = -luminance * contrast / (variances + C2)
    by_covariance = 2 * luminance / (variances + C2)
    by_mean = 2 * contrast * (mean_y - mean_x * luminance) / luminance_norm
    by_mean -= 2 * mean_x * by_variance + mean_y * by_covariance  # the moments are taken about the means
    gradient = spread(by_mean) + 2 * image * spread(by_variance) + target * spread(by_covariance)
    return float(np.mean(luminance * contrast)), gradient / luminance.size


@pytest.mark.parametrize("size", [(11, 11), (16, 31), (40, 27)])
@pytest.mark.parametrize("similarity", [ssim, plain_ssim])
def test_ssim_and_its_gradient_are_those_of_pytorch_msssim(similarity, size):
    image, target = pictures(*size)
    planes = torch.tensor(image.transpose(2, 0, 1)[None], requires_grad=True)
    expected = torch_ssim(planes, torch.tensor(target.transpose(2, 0, 1)[None]), data_range=1, nonnegative_ssim=False)
    expected.backward()
    value, gradient = similarity(image, target)
    assert value == pytest.approx(expected.item(), rel=1e-6)
    truth = planes.grad[0].numpy().transpose(1, 2, 0)
    assert gradient == pytest.approx(truth, rel=1e-5, abs=1e-6 * np.abs(truth).max())


@pytest.mark.parametrize("size", SIZES)
def test_ssim_equals_its_twin(size):
    image, target = pictures(*size)
    value, gradient = ssim(image, target)
    expected, truth = plain_ssim(image, target)
    assert value == pytest.approx(expected, abs=1e-12)
    assert np.abs(gradient - truth).max() < 1e-10 * np.abs(truth).max()


@pytest.mark.parametrize("size", SIZES)
def test_float32_is_enough(size):
    image, target = pictures(*size, np.float32)
    value, gradient = ssim(image, target)
    expected, truth = plain_ssim(image.astype(np.float64), target.astype(np.float64))
    assert gradient.dtype == np.float32
    assert value == pytest.approx(expected, abs=1e-6)
    assert np.abs(gradient - truth).max() < 1e-4 * np.abs(truth).max()


def test_float32_is_enough_where_all_is_bright_and_flat():
    """There the variances are small differences of large moments."""
    rng = np.random.default_rng(3)
    target = (0.95 + rng.normal(0, 0.005, (64, 48, 3))).astype(np.float32)
    image = (target + rng.normal(0, 0.005, target.shape)).astype(np.float32)
    _, gradient = ssim(image, target)
    _, truth = plain_ssim(image.astype(np.float64), target.astype(np.float64))
    assert np.abs(gradient - truth).max() < 2e-3 * np.abs(truth).max()


def test_ssim_adds_to_a_gradient():
    image, target = pictures(20, 30)
    gradient = np.ones_like(image)
    add_ssim(image, target, -0.5, gradient)
    assert gradient == pytest.approx(1 - 0.5 * ssim(image, target)[1])


@pytest.mark.parametrize("weights", [{"ssim": 1.0}, {"l1": 0.9, "ssim": 0.1}])
def test_any_number_of_threads_gives_the_same_bits(weights, threads_for_any_picture):
    image, target = pictures(TILE_ROWS + 30, 2 * TILE_COLUMNS + 30, np.float32)
    results, most = [], numba.get_num_threads()
    try:
        for threads in {1, most}:
            numba.set_num_threads(threads)
            results.append(valued(WeightedLoss(**weights), image, target))
    finally:
        numba.set_num_threads(most)
    assert len({(value, gradient.tobytes()) for value, gradient in results}) == 1


@pytest.mark.parametrize("weights", [{"l2": 1.0}, {"ssim": 1.0}, {"l2": 0.7, "ssim": 0.3}, {"l1": 0.9, "ssim": 0.1}])
@pytest.mark.parametrize("size", [(1, 1), (1, 20), (7, 4), (15, 14), (5, TILE_COLUMNS + 3)])
def test_gradients_are_finite_differences(weights, size):
    loss = WeightedLoss(**weights)
    image, target = pictures(*size)
    value, gradient = valued(loss, image, target)
    rng = np.random.default_rng(1)
    for _ in range(5):
        direction = rng.normal(size=image.shape)
        ahead, behind = (valued(loss, image + sign * 1e-6 * direction, target)[0] for sign in (1, -1))
        assert (ahead - behind) / 2e-6 == pytest.approx(float((gradient * direction).sum()), rel=1e-4, abs=1e-7)
    assert valued(loss, target, target)[0] == pytest.approx(0, abs=1e-12) and value > 0


def test_equal_pixels_have_no_gradient():
    _, target = pictures(5, 6)
    assert not valued(WeightedLoss(l1=1.0, l2=1.0), target, target)[1].any()


def test_the_means_are_over_pixels_and_channels():
    image, target = pictures(5, 6)
    assert valued(WeightedLoss(l2=2.0), image, target)[0] == pytest.approx(2 * np.mean((image - target) ** 2))
    assert valued(WeightedLoss(l1=1.0), image, target)[0] == pytest.approx(np.mean(np.abs(image - target)))
    assert mean_squared_error(image, target) == pytest.approx(np.mean((image - target) ** 2))
