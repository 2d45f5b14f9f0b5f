"""The cpu backend against its float64 twin, finite differences, and itself on other numbers of threads."""

import numba
import numpy as np
import pytest
from scenes import random_gaussians

from daub.render.cpu.backend import CpuRasteriser
from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import SUPPORT, Gaussians
from daub.render.reference import ReferenceRasteriser
from daub.render.weighting import Weighting

SIZES = [(1, 1), (1, 40), (40, 1), (16, 16), (33, 47), (64, 31)]


@pytest.mark.parametrize("width,height", SIZES)
@pytest.mark.parametrize("log_scale", [(0.5, 0.8), (-3.0, 0.5), (4.0, 0.5)], ids=["usual", "tiny", "huge"])
def test_forward_and_backward_match_the_reference(width, height, log_scale):
    rng = np.random.default_rng(width * 100 + height)
    gaussians = random_gaussians(rng, 30, width, height, log_scale)
    gaussians.mean[0] = 0, 0  # at least one hits a pixel even when all are tiny
    cotangent = rng.normal(size=(height, width, 3)).astype(np.float32)
    cpu, reference = CpuRasteriser(), ReferenceRasteriser()

    image = cpu.forward(gaussians, width, height)
    assert image.shape == (height, width, 3)
    truth = reference.forward(gaussians, width, height)
    assert np.abs(image - truth).max() <= 3e-6 * max(1, np.abs(truth).max())

    gradient, true_gradient = cpu.backward(gaussians, cotangent), reference.backward(gaussians, cotangent)
    for column in range(8):
        # Sums over many pixels of both signs cancel: the error is measured against what was summed.
        bound = 5e-6 * np.abs(true_gradient[:, column]).max() + 5e-7
        assert np.abs(gradient[:, column] - true_gradient[:, column]).max() <= bound, column


def test_no_gaussians_give_black_and_an_empty_gradient():
    image = CpuRasteriser().forward(Gaussians.empty(), 17, 9)
    assert image.shape == (9, 17, 3) and not image.any()
    assert CpuRasteriser().backward(Gaussians.empty(), image).shape == (0, 8)


def test_gradient_matches_finite_differences():
    rng = np.random.default_rng(3)
    # Away from the cut-off: supports larger than the image, so that no pixel crosses an edge under the difference.
    gaussians = Gaussians(np.float64(random_gaussians(rng, 6, 12, 12, (2.5, 0.2)).parameters))
    cotangent = rng.normal(size=(12, 12, 3))
    single = Gaussians(gaussians.parameters.astype(np.float32))
    gradient = CpuRasteriser().backward(single, cotangent.astype(np.float32))
    for n in range(6):
        for column in range(8):
            sides = []
            for sign in (1, -1):
                moved = gaussians.copy()
                moved.parameters[n, column] += sign * 1e-5
                sides.append((ReferenceRasteriser().forward(moved, 12, 12) * cotangent).sum())
            difference = (sides[0] - sides[1]) / 2e-5
            assert gradient[n, column] == pytest.approx(difference, rel=2e-3, abs=2e-3)


def test_nothing_outside_the_support_is_touched():
    one = Gaussians.build([[20.3, 15.6]], [[[6.0, 2.0], [2.0, 4.0]]], [[1.0, 1.0, 1.0]])
    image = CpuRasteriser().forward(one, 48, 32)
    y, x = np.mgrid[:32, :48]
    offset = np.stack([x - 20.3, y - 15.6], -1)
    q = np.einsum("hwi,ij,hwj->hw", offset, np.linalg.inv(one.covariance[0]), offset)
    assert not image[q > SUPPORT * 1.0001].any()
    assert (image[q < SUPPORT * 0.999] > 0).all()


def test_every_pixel_of_the_residual_is_written():
    surface = CpuRasteriser().surface(np.full((19, 21, 3), 0.25, np.float32))
    surface._residual.fill(np.nan)  # poison: an unwritten pixel would show
    assert surface.error(Gaussians.empty()) == pytest.approx(19 * 21 * 3 / 16)
    assert np.array_equal(surface.absolute_error(), np.full((19, 21), 0.75, np.float32))


def test_a_canvas_renders_and_differentiates_as_its_rasteriser_does():
    rng = np.random.default_rng(4)
    rasteriser = CpuRasteriser()
    canvas = rasteriser.canvas(37, 23)
    first = canvas.forward(random_gaussians(rng, 20, 37, 23, (1.0, 0.5)))
    first.fill(np.nan)  # poison: what the last use has left must not show
    gaussians = random_gaussians(rng, 20, 37, 23, (1.0, 0.5))
    cotangent = rng.random((23, 37, 3), dtype=np.float32)
    for _ in range(2):
        image = canvas.forward(gaussians)
        assert image is first and np.array_equal(image, rasteriser.forward(gaussians, 37, 23))
        assert np.array_equal(canvas.backward(gaussians, cotangent), rasteriser.backward(gaussians, cotangent))


def test_the_residual_is_render_minus_target_pixel_by_pixel():
    rng = np.random.default_rng(9)
    gaussians = random_gaussians(rng, 20, 37, 23, (1.0, 0.5))
    target = rng.random((23, 37, 3), dtype=np.float32)
    surface = CpuRasteriser().surface(target)
    surface.error(gaussians)
    residual = CpuRasteriser().forward(gaussians, 37, 23) - target
    assert np.allclose(surface.absolute_error(), np.abs(residual).sum(2), atol=1e-5)


@pytest.mark.parametrize("coarse", [0.0, 0.7])
@pytest.mark.parametrize("width,height", [(37, 23), (16, 16), (30, 50), (50, 9)])
def test_a_weighted_surface_is_that_of_the_reference(width, height, coarse):
    rng = np.random.default_rng(9)
    gaussians = random_gaussians(rng, 20, width, height, (1.0, 0.5))
    target = rng.random((height, width, 3), dtype=np.float32)
    weights = rng.uniform(0, 3, (height, width)).astype(np.float32)
    weights[5:9, 3:20] = 0
    weighting = Weighting(weights, coarse)
    surface, truth = CpuRasteriser().surface(target, weighting), ReferenceRasteriser().surface(target, weighting)
    assert surface.error(gaussians) == pytest.approx(truth.error(gaussians), rel=1e-5)
    assert surface.squares == pytest.approx(truth.squares, rel=1e-5)
    assert np.allclose(surface.absolute_error(), truth.absolute_error(), atol=1e-5)
    assert all(weights.ravel()[peak] > 0 for peak in surface.peaks(smoothing=0.2, most=5))
    assert np.allclose(surface.gradient(gaussians), truth.gradient(gaussians), rtol=1e-4, atol=1e-4)
    assert np.allclose(surface.energy(gaussians), truth.energy(gaussians), rtol=1e-4, atol=1e-6)
    gradient, energy = surface.gradient_and_energy(gaussians)
    assert np.allclose(gradient, surface.gradient(gaussians), rtol=1e-5, atol=1e-5)
    assert np.array_equal(energy, surface.energy(gaussians))
    assert np.allclose(surface.normal_product(gaussians), truth.normal_product(gaussians), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_normal_product_is_the_gradient_against_black_and_leaves_the_squares(weighted):
    rng = np.random.default_rng(10)
    gaussians = random_gaussians(rng, 20, 50, 41, (1.0, 0.5))
    weights = Weighting(rng.uniform(0, 3, (41, 50)).astype(np.float32), 0.7) if weighted else None
    surface = CpuRasteriser().surface(rng.random((41, 50, 3), dtype=np.float32), weights)
    black = CpuRasteriser().surface(np.zeros((41, 50, 3), np.float32), weights)
    error, squares = surface.error(gaussians), surface.squares
    black.error(gaussians)
    product = surface.normal_product(gaussians)
    assert np.array_equal(product, black.gradient(gaussians)) and surface.squares == squares
    assert surface.error(gaussians) == error


def test_weights_of_one_change_nothing_but_the_energy_at_the_border():
    rng = np.random.default_rng(3)
    gaussians = random_gaussians(rng, 30, 64, 48, (1.2, 0.4))
    gaussians.mean[:] = rng.uniform((20, 20), (44, 28), (30, 2))
    target = rng.random((48, 64, 3), dtype=np.float32)
    plain, weighted = (
        CpuRasteriser().surface(target),
        CpuRasteriser().surface(target, Weighting(np.ones((48, 64), np.float32))),
    )
    assert weighted.error(gaussians) == pytest.approx(plain.error(gaussians), rel=1e-6)
    assert np.allclose(weighted.gradient(gaussians), plain.gradient(gaussians), atol=1e-5)
    assert np.array_equal(plain.energy(gaussians), np.ones(30)) and plain.squares == plain.error(gaussians)
    for found, expected in zip(plain.gradient_and_energy(gaussians), (plain.gradient(gaussians), 1), strict=True):
        assert (found == expected).all()


def test_where_nothing_counts_a_step_changes_nothing():
    gaussians = random_gaussians(np.random.default_rng(0), 10, 30, 20, (0.3, 0.1))
    gaussians.mean[:] = gaussians.mean.clip(0, (29, 19))
    surface = CpuRasteriser().surface(np.zeros((20, 30, 3), np.float32), Weighting(np.zeros((20, 30), np.float32)))
    descent = Descent.of(gaussians.copy())
    surface.advance(descent, GaussNewton(), 5)
    assert descent.error == 0 and descent.squares > 0
    assert np.allclose(descent.gaussians.parameters, gaussians.parameters, atol=1e-6)
    assert len(surface.peaks(1.0, 5)) == 0


def test_threads_do_not_change_a_bit(threads_for_any_picture):
    rng = np.random.default_rng(5)
    gaussians = random_gaussians(rng, 400, 100, 80, (1.0, 0.6))
    target = rng.random((80, 100, 3), dtype=np.float32)
    results = []
    before = numba.get_num_threads()
    try:
        for threads in range(1, numba.config.NUMBA_NUM_THREADS + 1):
            numba.set_num_threads(threads)
            descent = Descent.of(gaussians.copy())
            CpuRasteriser().surface(target).advance(descent, GaussNewton(), 5)
            results.append((descent.error, descent.gaussians.parameters.tobytes()))
    finally:
        numba.set_num_threads(before)
    assert len(results) > 1  # tests/conftest.py asks for several, even on a single core
    assert all(result == results[0] for result in results)


def test_a_gauss_newton_step_lowers_the_error_and_respects_what_is_frozen():
    rng = np.random.default_rng(6)
    gaussians = random_gaussians(rng, 60, 64, 48, (1.2, 0.4))
    target = rng.random((48, 64, 3), dtype=np.float32)
    surface, fitted = CpuRasteriser().surface(target), gaussians.copy()
    descent = Descent.of(fitted)
    descent.frozen[:20, 0] = descent.frozen[10:30, 1] = True
    first = surface.error(fitted)
    surface.advance(descent, GaussNewton(rate=0.2), 20)
    assert surface.error(fitted) < 0.9 * first
    assert np.array_equal(fitted.parameters[:20, :5], gaussians.parameters[:20, :5])
    assert np.array_equal(fitted.coefficient[10:30], gaussians.coefficient[10:30])
    assert not np.array_equal(fitted.parameters[30:], gaussians.parameters[30:])


@pytest.mark.parametrize("weighted", [False, True])
def test_maxima_that_are_looked_for_in_strips_are_those_of_the_whole_picture(weighted, monkeypatch):
    rng = np.random.default_rng(0)
    target = rng.random((64, 50, 3), np.float32)
    weights = Weighting(1 + rng.random((64, 50), np.float32)) if weighted else None
    surface = CpuRasteriser().surface(target, weights)
    surface.error(Gaussians.empty())
    whole = surface.peaks(1.7, 100)
    monkeypatch.setattr("daub.render.cpu.backend.STRIP_PIXELS", 2 * 50 * 9)
    assert len(whole) > 30 and np.array_equal(surface.peaks(1.7, 100), whole)
