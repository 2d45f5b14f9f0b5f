import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import peak_memory
import pytest
from scipy import ndimage

from daub.codec.evaluation.metrics import ms_ssim, mse, psnr, ssim_map


def pair(height, width, noise=0.1, seed=0):
    """A smooth random image and a noisy copy."""
    rng = np.random.default_rng(seed)
    image = ndimage.gaussian_filter(rng.random((height, width, 3)), (2, 2, 0))
    image = ((image - image.min()) / np.ptp(image)).astype(np.float32) if np.ptp(image) else image.astype(np.float32)
    return image, np.clip(image + rng.normal(0, noise, image.shape), 0, 1).astype(np.float32)


def test_mse_and_psnr_of_a_known_error():
    black = np.zeros((300, 5, 3), np.float32)  # more rows than one block of the sum
    assert mse(black, black + np.float32(0.1)) == pytest.approx(0.01, rel=1e-6)
    assert psnr(black, black + np.float32(0.1)) == pytest.approx(20, abs=1e-5)
    assert psnr(black, black + 1) == 0
    assert psnr(black, black) == math.inf


def test_mse_counts_every_block_once():
    reference, image = pair(515, 3)
    assert mse(reference, image) == pytest.approx(np.mean((reference.astype(np.float64) - image) ** 2), rel=1e-12)


@pytest.mark.parametrize(
    "size, noise", [((192, 176), 0.01), ((161, 170), 0.3), ((173, 187), 0.1), ((540, 165), 0.1)], ids=str
)
def test_ms_ssim_agrees_with_pytorch_msssim(size, noise):
    torch = pytest.importorskip("torch")
    published = pytest.importorskip("pytorch_msssim")
    images = pair(*size, noise)
    tensors = [torch.from_numpy(image.transpose(2, 0, 1)[None]) for image in images]
    assert ms_ssim(*images) == pytest.approx(published.ms_ssim(*tensors, data_range=1.0).item(), abs=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (1, 4096), (7, 3), (11, 11), (40, 200), (160, 160), (200, 200)], ids=str)
def test_ms_ssim_at_any_size(size):
    image, noisy = pair(*size)
    assert ms_ssim(image, image) == 1
    assert 0 <= ms_ssim(image, noisy) < 1
    assert ms_ssim(image, noisy) == pytest.approx(ms_ssim(noisy, image))


def test_ms_ssim_falls_with_noise_at_small_sizes_too():
    values = [ms_ssim(*pair(50, 60, noise)) for noise in (0.01, 0.05, 0.2)]
    assert values == sorted(values, reverse=True) and values[0] > 0.9 > values[2]


def test_ms_ssim_of_an_inverted_image_is_zero_not_a_complex_number():
    image, _ = pair(64, 64)
    assert ms_ssim(image, 1 - image) == 0


@pytest.mark.parametrize("size", [(11, 11), (40, 25), (540, 165)], ids=str)
def test_the_ssim_map_is_pytorch_msssim_of_every_window(size):
    torch = pytest.importorskip("torch")
    published = pytest.importorskip("pytorch_msssim")
    images = pair(*size)
    tensors = [torch.from_numpy(image.transpose(2, 0, 1)[None]) for image in images]
    found = ssim_map(*images)
    assert found.shape == size and found.dtype == np.float32
    inside = found[5:-5, 5:-5]
    assert inside.mean() == pytest.approx(published.ssim(*tensors, data_range=1.0).item(), abs=1e-5)
    window = (slice(size[0] - 11, None), slice(size[1] - 11, None))  # the last one of all, by itself
    alone = published.ssim(*(tensor[..., *window] for tensor in tensors), data_range=1.0).item()
    assert found[-6, -6] == pytest.approx(alone, abs=1e-5)
    assert (found[-5:, -5:] == found[-6, -6]).all(), "the edge has what is nearest"


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (4, 3)], ids=str)
def test_the_ssim_map_at_any_size(size):
    image, noisy = pair(*size)
    assert (ssim_map(image, image) == 1).all()
    assert ssim_map(image, noisy).shape == size


def test_the_ssim_map_ends_when_it_is_not_wanted_any_more():
    asked = iter([True, False])
    assert ssim_map(*pair(700, 12), wanted=lambda: next(asked)) is None
    assert not list(asked)


@pytest.mark.parametrize("metric", [mse, psnr, ms_ssim, ssim_map])
def test_wrong_arrays_are_refused(metric):
    image, _ = pair(16, 16)
    with pytest.raises(ValueError, match="one shape"):
        metric(image, image[:, :15])
    with pytest.raises(ValueError, match="one shape"):
        metric(image[..., 0], image[..., 0])
    with pytest.raises(ValueError, match="floating point"):
        metric(image, (255 * image).astype(np.int16))
    with pytest.raises(ValueError, match="floating point"):
        metric((255 * image).astype(np.int16), image)


@pytest.mark.parametrize("size", [(700, 601), (163, 330), (9, 13), (11, 1000), (515, 517)])
def test_8_bits_are_what_they_stand_for(size):
    rng = np.random.default_rng(0)
    reference = rng.random((*size, 3), np.float32)
    image8 = np.uint8(255 * np.clip(reference + rng.normal(0, 0.1, reference.shape), 0, 1))
    for metric in psnr, ms_ssim:
        assert 0 < metric(reference, image8) == metric(reference, image8 / np.float32(255)) < 30
        assert metric(image8, reference) == metric(image8 / np.float32(255), reference)


@pytest.mark.skipif(not peak_memory.AVAILABLE, reason="no peak of memory that begins anew")
def test_a_score_takes_few_bytes_a_pixel_beside_the_images():
    program = """
import numpy as np, peak_memory
from daub.codec.evaluation.score import score
def pair(side):
    image8 = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    return image8 / np.float32(255), image8
score(*pair(200))
pixels, image8 = pair(3000)
before = peak_memory.begin()
score(pixels, image8)
print((peak_memory.peak() - before) / 3000**2)
"""
    environment = os.environ | {"PYTHONPATH": str(Path(peak_memory.__file__).parent)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, env=environment)
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) < 12  # a copy of either image as real numbers would take as much
