"""The reference itself: against pictures of an independent renderer, and against what defines the harmonics."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PIL import Image

from daub.render.splats import reference
from daub.render.splats.camera import Camera
from daub.render.splats.rule import LEAST_ALPHA
from daub.render.splats.splats import Splats


def _golden_scene(side: int, spacing: float, sigma: float) -> Splats:
    """A square of Gaussians on the ground, as splat-transform makes it for its own tests."""
    along, away = (a.ravel().astype(float) for a in np.meshgrid(np.arange(side), np.arange(side)))
    means = np.stack([(along - side / 2) * spacing, np.zeros(side**2), (away - side / 2) * spacing], 1)
    colour = np.stack([(along + 1) / (side + 1), (away + 1) / (side + 1), np.full(side**2, 0.5)], 1)
    return Splats.build(means, np.full((side**2, 3), sigma), np.full(side**2, 0.9), colour)


@pytest.mark.parametrize(
    ("name", "scene", "eye", "size"),
    [
        ("tiny", (20, 1.0, 0.1), (0, 5, -8), (320, 240)),
        ("mid", (220, 0.3, 0.05), (0, 10, -15), (640, 360)),
    ],
)
def test_pictures_of_an_independent_renderer(shared_data, name, scene, eye, size):
    """splat-transform's own golden images, from its GPU; it lets Gaussians fall to zero at three sigma."""
    path = shared_data / "3d" / "golden-render" / f"{name}.webp"
    if not path.exists():
        pytest.skip(f"no golden image at {path}")
    golden = np.asarray(Image.open(path).convert("RGB")).astype(int)
    camera = Camera.looking(eye, (0, 0, 0), (0, 1, 0), *size, vertical_fov=60)

    def falling_to_zero(q: torch.Tensor, opacity: torch.Tensor) -> torch.Tensor:
        alpha = opacity * (torch.exp(-q / 2) - math.exp(-4.5))
        return torch.where(alpha >= LEAST_ALPHA, alpha, 0.0)

    with torch.no_grad():
        image = reference.draw(reference.tensors(_golden_scene(*scene)), False, camera, rule=falling_to_zero).image
    got = np.floor(image.numpy().clip(0, 1) * 255 + 0.5).astype(int)
    assert np.abs(got - golden).max() <= 1 and np.abs(got - golden).mean() < 0.0005


def test_harmonics_are_orthonormal_and_have_the_signs_of_the_format():
    z, weight = np.polynomial.legendre.leggauss(12)
    angle = np.arange(24) * (2 * np.pi / 24)
    across = np.sqrt(1 - z[:, None] ** 2)
    directions = np.stack([across * np.cos(angle), across * np.sin(angle), z[:, None] + 0 * angle], -1).reshape(-1, 3)
    basis = reference.harmonics(torch.tensor(directions), 24).numpy()
    weights = np.repeat(weight, 24) * (2 * np.pi / 24)
    np.testing.assert_allclose(basis.T @ (weights[:, None] * basis), np.eye(24), atol=1e-12)
    x, y, z = directions.T
    np.testing.assert_allclose(basis[:, :3], 0.4886025119029199 * np.stack([-y, z, -x], 1), atol=1e-12)
    np.testing.assert_allclose(basis[:, 3], 1.0925484305920792 * x * y, atol=1e-12)
    np.testing.assert_allclose(basis[:, 14], -0.5900435899266435 * x * (x * x - 3 * y * y), atol=1e-12)
