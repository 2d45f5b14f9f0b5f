"""How like a scene another one looks, by arithmetic done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from random_splats import camera, scene

from daub.codec.scenes.view_scores import pictures_of, score_views
from daub.render.splats.cpu.scene import CpuScene


def test_pictures_are_those_of_the_renderer_in_8_bits():
    views = camera(), camera(turn=2)
    pictures = pictures_of(scene(), views)
    for view, picture in zip(views, pictures, strict=True):
        image = CpuScene(scene()).seen(view).image()
        assert picture.dtype == np.uint8 and np.abs(picture / 255 - image.clip(0, 1)).max() < 0.51 / 255


def test_psnr_is_of_all_pixels_of_all_views_and_the_others_are_means():
    rng = np.random.default_rng(0)
    wanted = [rng.integers(0, 200, (40, 50, 3)).astype(np.uint8) for _ in range(2)]
    found = [wanted[0] + 10, wanted[1]]
    score = score_views(wanted, found, perceptually=True)
    assert score.psnr == pytest.approx(10 * np.log10(255**2 / 50))
    one = score_views(wanted[:1], found[:1], perceptually=True)
    for name in ("ssim", "ms_ssim"):
        assert getattr(score, name) == pytest.approx((getattr(one, name) + 1) / 2)
    assert score.ssimulacra2 == pytest.approx((one.ssimulacra2 + 100) / 2)
    assert score_views(wanted, found).ssimulacra2 is None
