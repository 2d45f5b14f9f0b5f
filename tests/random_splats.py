"""Small 3D scenes for tests: as crowded as real ones, and with what real ones hold that is hard to draw."""

from __future__ import annotations

import numpy as np

from daub.render.splats.camera import Camera
from daub.render.splats.splats import HARMONICS, Splats


def scene(seed: int = 0, n: int = 60, degree: int = 0, antialiased: bool = False, dtype=np.float32) -> Splats:
    """Gaussians of all shapes around the origin, within about 1 of it."""
    rng = np.random.default_rng(seed)
    arrays = (
        rng.normal(0, 0.5, (n, 3)), rng.normal(-2.0, 0.8, (n, 3)), rng.normal(size=(n, 4)), rng.normal(1, 2, n),
        rng.normal(0, 1, (n, 3)), rng.normal(0, 0.3, (n, HARMONICS[degree], 3)),
    )  # fmt: skip
    return Splats(*(array.astype(dtype) for array in arrays), antialiased)


def camera(width: int = 60, height: int = 43, turn: float = 0.4, off_centre: float = 0.0) -> Camera:
    """At the origin from a distance of 3."""
    eye = 3 * np.array([np.sin(turn), -0.3, -np.cos(turn)])
    seen = Camera.looking(eye, (0, 0, 0), (0, -1, 0), width, height, vertical_fov=45)
    return Camera(
        width, height, seen.fx, seen.fy * 1.1, seen.cx + off_centre * width, seen.cy - off_centre * height,
        seen.rotation, seen.translation,
    )  # fmt: skip


def hard(seed: int = 0) -> Splats:
    """Flat, opaque, vanished, huge, tiny, needles, behind the camera, around it, and not finite ones."""
    plain = scene(seed, 40, degree=3)
    plain.log_scales[0:4, 0] = -np.inf
    plain.log_scales[2:4, 1] = -np.inf
    plain.logits[4:7] = np.inf
    plain.logits[7] = -np.inf
    plain.log_scales[8] = 3
    plain.log_scales[9] = -30
    plain.log_scales[10] = 4, -8, -8
    plain.log_scales[11] = 200  # its exponential is beyond float32
    plain.means[12] = camera().centre - 2 * camera().rotation[2]
    plain.means[13] = camera().centre
    plain.means[14] = camera().centre + 0.02 * camera().rotation[2]
    plain.means[15] = np.nan
    plain.rotations[16] = 0
    plain.dc[17] = np.inf
    plain.sh[18, 4] = np.nan
    plain.log_scales[19] = np.nan
    plain.logits[20] = np.nan
    plain.means[21] = 3e38
    plain.means[22:25] = plain.means[25]  # of the same depth
    plain.log_scales[26] = -np.inf
    return plain


def needles() -> Splats:
    """Thousands of times as long as they are far from the camera."""
    long = scene(3, 12)
    long.log_scales[:] = np.random.default_rng(3).uniform((7, -12, -12), (10, -6, -6), (12, 3))
    long.means[:] = 0.3 * long.means + (2 / 3) * np.float32(camera().centre)
    return long


def same(got: np.ndarray, wanted: np.ndarray) -> None:
    """But for single pixels at the edge of a Gaussian, or where T ends, which rounding may give to either side."""
    error = np.abs(got - wanted)
    assert np.isfinite(got).all()
    assert np.quantile(error, 0.995) < 2e-5 and error.max() < 0.02, (np.quantile(error, 0.995), error.max())
