"""Losses of the training of restoration: of structure, held against MS-SSIM, and learned ones from files."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import ms_ssim, ssim_map
from daub.codec.training.losses import lack_of_structure, learned_distance


def pictures(side: int, noise: float) -> tuple[torch.Tensor, torch.Tensor]:
    """One with structure at several scales, and itself with noise; (1, 3, side, side) float64."""
    draw = np.random.default_rng(1)
    waves = np.sin(np.arange(side)[:, None] / 5) + np.cos(np.arange(side) / 11 + np.arange(side)[:, None] / 17)
    picture = 0.5 + 0.2 * waves[None] * np.array([1, 0.7, 0.4])[:, None, None]
    noisy = np.clip(picture + noise * draw.standard_normal(picture.shape), 0, 1)
    return torch.from_numpy(picture[None]), torch.from_numpy(noisy[None])


def rows(picture: torch.Tensor) -> np.ndarray:
    return np.float32(picture[0].permute(1, 2, 0))


def test_equal_pictures_lack_nothing_and_more_noise_costs_more_structure():
    lacks = [lack_of_structure(*pictures(128, noise)).item() for noise in (0, 0.02, 0.05, 0.1)]
    assert lacks[0] == pytest.approx(0, abs=1e-9) and lacks == sorted(lacks) and lacks[-1] > 0.05


def test_it_is_what_ms_ssim_lacks_of_one_where_that_is_little():
    one, other = pictures(128, 0.01)  # 128 pixels hold four scales, of both
    assert lack_of_structure(one, other).item() == pytest.approx(1 - ms_ssim(rows(one), rows(other)), rel=0.03)


def test_a_picture_of_one_scale_lacks_what_ssim_lacks():
    one, other = pictures(21, 0.05)
    inside = ssim_map(rows(one), rows(other))[5:-5, 5:-5]
    assert lack_of_structure(one, other).item() == pytest.approx(1 - inside.mean(), rel=1e-4)


def test_each_picture_of_a_batch_has_its_own():
    one, other = pictures(64, 0.05)
    lacks = lack_of_structure(torch.cat([one, one]), torch.cat([one, other]))
    assert lacks.shape == (2,) and lacks[0].item() == pytest.approx(0, abs=1e-9) and lacks[1] > 0.01


def test_a_file_that_is_no_program_is_refused_in_one_line(tmp_path):
    (tmp_path / "no.pt").write_bytes(b"nothing of the kind")
    for name in ("no.pt", "missing.pt"):
        with pytest.raises(DaubError, match=f"cannot use .*{name}, it is missing, or no exported program"):
            learned_distance(tmp_path / name)
