"""The gradient of a picture by the scene, against the reference's autograd and finite differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import random_splats
import torch

from daub.render.splats import reference
from daub.render.splats.cpu import scene as cpu
from daub.render.splats.cpu.projecting import ACROSS
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.gradient import Gradient
from daub.render.splats.splats import Splats

BACKGROUND = (0.2, 0.5, 0.9)
NAMES = ("means", "log_scales", "rotations", "logits", "dc", "sh")


def _cotangent(camera, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(camera.height, camera.width, 3)).astype(np.float32)


def _gradient(splats: Splats, camera, cotangent: np.ndarray) -> Gradient:
    view = CpuScene(splats).seen(camera)
    return view.gradient(view.image(BACKGROUND), cotangent)


def _autograd(splats: Splats, camera, cotangent: np.ndarray) -> dict[str, np.ndarray]:
    leaves = reference.tensors(splats)
    image = reference.draw(leaves, splats.antialiased, camera, BACKGROUND).image
    image.backward(torch.tensor(cotangent, dtype=torch.float64))
    return {name: leaf.grad.numpy() for name, leaf in leaves.items() if leaf.grad is not None}


def _close(got: Gradient, wanted: dict[str, np.ndarray], tolerance: float) -> None:
    for name, values in wanted.items():
        largest = np.abs(values).max(initial=0)
        assert np.abs(getattr(got, name) - values).max(initial=0) <= tolerance * largest, name
        assert largest > 0 or not values.size, name


@pytest.mark.parametrize("degree", range(5))
@pytest.mark.parametrize("antialiased", [False, True])
def test_the_gradient_is_that_of_autograd(degree, antialiased):
    splats = random_splats.scene(degree, 80, degree, antialiased)
    camera = random_splats.camera(off_centre=0.1 if degree == 2 else 0)
    cotangent = _cotangent(camera)
    _close(_gradient(splats, camera, cotangent), _autograd(splats, camera, cotangent), 1e-5)


def test_the_gradient_is_that_of_small_moves():
    """Of the reference in float64, so small that no pixel comes or goes at an edge."""
    splats, camera = random_splats.scene(7, 30, 2, antialiased=True, dtype=np.float64), random_splats.camera(40, 30)
    cotangent = _cotangent(camera)
    got = _gradient(splats, camera, cotangent)
    rng = np.random.default_rng(1)
    for name in NAMES:
        values = getattr(splats, name)
        step = rng.normal(size=values.shape)
        moved = [
            (reference.render(replace(splats, **{name: values + h * step}), camera, BACKGROUND) * cotangent).sum()
            for h in (-1e-7, 1e-7)
        ]
        assert (getattr(got, name) * step).sum() == pytest.approx((moved[1] - moved[0]) / 2e-7, rel=2e-4), name


def test_the_gradient_by_the_projected_means():
    """A principal point that moves takes all of them along."""
    splats, camera = random_splats.scene(8, 25), random_splats.camera(40, 30)
    cotangent = _cotangent(camera)
    got = _gradient(splats, camera, cotangent).projected.sum(axis=0)
    for axis, name in enumerate(("cx", "cy")):
        cameras = (replace(camera, **{name: getattr(camera, name) + h}) for h in (-1e-6, 1e-6))
        moved = [(reference.render(splats, each, BACKGROUND) * cotangent).sum() for each in cameras]
        assert got[axis] == pytest.approx((moved[1] - moved[0]) / 2e-6, rel=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_hard_scenes_have_finite_gradients(seed):
    splats, camera = random_splats.hard(seed), random_splats.camera()
    cotangent = _cotangent(camera)
    got = _gradient(splats, camera, cotangent)
    seen = CpuScene(splats).seen(camera).depth > 0
    assert 10 < seen.sum() < len(splats) - 8
    for name in (*NAMES, "projected"):
        assert np.isfinite(getattr(got, name)).all() and not getattr(got, name)[~seen].any(), name
    # The reference has gradients of those that are seen, when the others are away.
    wanted = _autograd(splats.take(seen), camera, cotangent)
    _close(Gradient(*(part[seen] for part in got)), wanted, 5e-3)


def test_the_gradient_of_a_long_needle_is_not_what_its_rounding_leaves():
    """So long, and so near to the camera, that the projected ones are millions of pixels long."""
    camera = random_splats.camera(40, 30)
    splats, cotangent = random_splats.needles(), _cotangent(camera)
    wanted, got = _autograd(splats, camera, cotangent), _gradient(splats, camera, cotangent)
    numbers = CpuScene(splats).seen(camera).numbers
    assert numbers[:, ACROSS].max() > 1e6
    for name in ("means", "rotations", "logits"):
        assert np.abs(getattr(got, name) - wanted[name]).max() < 2e-3 * np.abs(wanted[name]).max(), name


def test_nothing_has_no_gradient():
    splats, camera = random_splats.scene(0, 5, 1).take([]), random_splats.camera(1, 1)
    assert all(part.size == 0 for part in _gradient(splats, camera, _cotangent(camera)))


def test_the_same_bits_with_any_number_of_threads(threads_for_any_picture):
    import numba

    splats, camera = random_splats.scene(1, 400, 2), random_splats.camera(150, 110)
    most, found = numba.get_num_threads(), []
    for threads in (1, 2, 3, most):
        numba.set_num_threads(min(threads, most))
        found.append(b"".join(part.tobytes() for part in _gradient(splats, camera, _cotangent(camera))))
    numba.set_num_threads(most)
    assert most > 1 and len(set(found)) == 1


def test_lists_that_are_too_long_are_made_strip_by_strip(monkeypatch):
    splats, camera = random_splats.scene(1, 400, 2), random_splats.camera(150, 110)
    whole = _gradient(splats, camera, _cotangent(camera))
    monkeypatch.setattr(cpu, "MOST_PAIRS", 50)
    for got, wanted in zip(_gradient(splats, camera, _cotangent(camera)), whole, strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_a_step_against_the_gradient_makes_the_picture_better():
    splats, camera = random_splats.scene(3, 60, 1), random_splats.camera()
    wanted = CpuScene(random_splats.scene(4, 60, 1)).seen(camera).image()

    def error(scene: Splats) -> float:
        return float(((CpuScene(scene).seen(camera).image() - wanted) ** 2).sum())

    view = CpuScene(splats).seen(camera)
    image = view.image()
    gradient = view.gradient(image, 2 * (image - wanted))
    length = sum(float((getattr(gradient, name) ** 2).sum()) for name in NAMES)
    step = 0.02 * error(splats) / length
    nearer = replace(splats, **{name: getattr(splats, name) - step * getattr(gradient, name) for name in NAMES})
    assert error(nearer) == pytest.approx(error(splats) * 0.98, rel=0.01)


def test_pictures_of_another_view_are_refused():
    view = CpuScene(random_splats.scene()).seen(random_splats.camera(20, 10))
    with pytest.raises(ValueError, match="20x10"):
        view.gradient(view.image(), np.zeros((10, 21, 3), np.float32))
