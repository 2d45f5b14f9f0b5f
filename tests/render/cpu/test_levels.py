"""Large Gaussians at a reduced size: the same picture, the same gradients, and where it must change nothing."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from scenes import steep

from daub.render.cpu import planes as planes_module
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cpu.blocks import BAND_ROWS
from daub.render.cpu.levels import LEAST_PIXELS, MARGIN, SHORTEST, choose_levels, narrow, widen
from daub.render.cpu.planes import packed, planes
from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import PARAMETERS, Gaussians
from daub.render.interruption import while_wanted
from daub.render.weighting import Weighting

WIDTH, HEIGHT = 333, 250  # odd at every level


def large_gaussians(count: int, seed: int = 0) -> Gaussians:
    """Of all levels, some with their middle beyond the picture."""
    rng = np.random.default_rng(seed)
    parameters = np.zeros((count, PARAMETERS), np.float32)
    parameters[:, :2] = rng.uniform((-10, -10), (WIDTH + 10, HEIGHT + 10), (count, 2))
    parameters[:, 2:4] = np.log(rng.uniform(8, 60, (count, 1)) * rng.uniform(1, 2, (count, 2)))
    parameters[:, 4] = rng.normal(0, 0.3, count)
    parameters[:, 5:] = rng.normal(0, 1, (count, 3))
    return Gaussians(parameters)


def surfaces(weights: Weighting | None = None):
    """Of the full size alone, and with levels."""
    target = np.random.default_rng(1).random((HEIGHT, WIDTH, 3), np.float32)
    return [CpuRasteriser().surface(target, weights, reduced) for reduced in (False, True)]


def weighting() -> Weighting:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return Weighting((1 + 0.5 * np.sin(x / 30) * np.cos(y / 25)).astype(np.float32), 0.2)


def test_large_gaussians_are_on_all_levels_and_small_ones_on_none():
    number = np.empty(400, np.int8)
    choose_levels(large_gaussians(400).parameters, 4, number)
    assert set(number) == {1, 2, 3, 4}
    thin = Gaussians.build([[50, 50]], [[[100.0**2, 0], [0, (1.99 * SHORTEST) ** 2]]], [[1, 1, 1]])
    round_ = Gaussians.build([[50, 50]], [[[(2.01 * SHORTEST) ** 2, 0], [0, (2.01 * SHORTEST) ** 2]]], [[1, 1, 1]])
    lost = Gaussians(np.full((1, PARAMETERS), np.nan, np.float32))
    number = np.empty(3, np.int8)
    choose_levels(Gaussians.concatenate(thin, round_, lost).parameters, 4, number)
    assert number.tolist() == [0, 1, 0]


def test_the_picture_is_that_of_the_full_size():
    gaussians = large_gaussians(400)
    full, reduced = surfaces()
    assert reduced.error(gaussians) == pytest.approx(full.error(gaussians), rel=1e-4)
    picture = CpuRasteriser().forward(gaussians, WIDTH, HEIGHT)
    off = full.residual - reduced.residual
    assert off.any()
    assert (off**2).sum() < 1e-5 * (picture**2).sum()


@pytest.mark.parametrize("weights", [None, weighting()], ids=["alike", "weighted"])
def test_gradients_and_energies_are_those_of_the_full_size(weights):
    gaussians = large_gaussians(400)
    full, reduced = surfaces(weights)
    full.error(gaussians)
    reduced.error(gaussians)
    expected, energy = full.gradient_and_energy(gaussians)
    found, found_energy = reduced.gradient_and_energy(gaussians)
    off = np.sqrt(((found - expected) ** 2).sum(0) / (expected**2).sum(0))
    assert (off < 0.02).all() and (off[5:] < 0.005).all()
    inside = (abs(gaussians.mean - (WIDTH / 2, HEIGHT / 2)) < (WIDTH / 2, HEIGHT / 2)).all(1)
    assert np.allclose(found_energy[inside], energy[inside], rtol=0.02)


def test_the_gradient_is_that_of_the_picture_that_is_drawn():
    gaussians = large_gaussians(60)
    _, surface = surfaces()
    surface.error(gaussians)
    residual = surface.residual.astype(np.float64)
    gradient = gaussians.gradient_of_parameters(surface.gradient(gaussians))
    for column, by in enumerate([0.05, 0.05, 0.01, 0.01, 0.01, 0.02, 0.02, 0.02]):
        for n in range(6):
            sides = []
            for sign in (1, -1):
                moved = gaussians.copy()
                moved.parameters[n, column] += sign * by
                surface.error(moved)
                sides.append(surface.residual.astype(np.float64))
            slope = ((sides[0] - sides[1]) * residual).sum() / (2 * by)
            assert slope == pytest.approx(gradient[n, column], abs=0.01 * float(abs(gradient[:, column]).max()))


@pytest.mark.parametrize("margin", [0, MARGIN])
@pytest.mark.parametrize("width,height", [(64, 40), (61, 37), (200, 17)])
def test_narrowing_is_the_transpose_of_widening(width, height, margin):
    rng = np.random.default_rng(0)
    width, height = width + 2 * margin, height + 2 * margin
    half = [-(-(side - 2 * margin) // 2) + 2 * MARGIN for side in (width, height)]
    fine, coarse = (packed(rng.normal(0, 1, (h, w, 3))) for w, h in ((width, height), half))
    widened, narrowed = np.full_like(fine, np.nan), np.full_like(coarse, np.nan)
    widen(coarse, margin, widened, 0, height)
    narrow(fine, margin, narrowed, half[0], 0, half[1])
    assert not narrowed[:, :, half[0] :].any()
    products = (widened[:, :, :width].astype(np.float64) * fine[:, :, :width]).sum(), (narrowed * coarse).sum()
    assert products[0] == pytest.approx(products[1], abs=1e-2)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_picture_that_is_worked_on_in_parts_comes_out_the_same_to_the_bit(weighted, monkeypatch):
    weights, steps = weighting() if weighted else None, []
    for pixels in (1 << 21, 1):  # in one part, and in one for each band
        monkeypatch.setattr(planes_module, "PART_PIXELS", pixels)
        surface = surfaces(weights)[1]
        error, squares = surface.error(large_gaussians(50)), surface.squares
        steps.append((error, squares, surface.residual.copy(), *surface.gradient_and_energy(large_gaussians(50))))
    for whole, parted in zip(*steps, strict=True):
        np.testing.assert_array_equal(whole, parted)


def test_between_the_parts_it_is_asked_whether_to_go_on(monkeypatch):
    monkeypatch.setattr(planes_module, "PART_PIXELS", 1)
    surface, asked = surfaces(weighting())[1], []
    with while_wanted(lambda: asked.append(True) or True):
        surface.error(large_gaussians(50))
    assert len(asked) > 2 * surface.height // BAND_ROWS


def test_a_flat_level_stays_flat():
    flat, wide = packed(np.ones((28, 28, 3))), planes(40, 40)
    widen(flat, 0, wide, 0, 40)
    assert np.allclose(wide[:, :, :40], 1, atol=1e-6)


def test_small_gaussians_and_small_pictures_keep_every_bit():
    gaussians = large_gaussians(50)
    gaussians.parameters[:, 2:4] = np.log(2)
    full, reduced = surfaces(weighting())
    assert reduced.error(gaussians) == full.error(gaussians)
    for found, expected in zip(
        reduced.gradient_and_energy(gaussians), full.gradient_and_energy(gaussians), strict=True
    ):
        assert np.array_equal(found, expected)
    target = np.zeros((250, LEAST_PIXELS // 250 - 1, 3), np.float32)
    full, reduced = (CpuRasteriser().surface(target, None, reduced) for reduced in (False, True))
    assert reduced.error(large_gaussians(50)) == full.error(large_gaussians(50))


def test_threads_do_not_change_a_bit(threads_for_any_picture):
    results, before = set(), numba.get_num_threads()
    try:
        for threads in range(1, numba.config.NUMBA_NUM_THREADS + 1):
            numba.set_num_threads(threads)
            descent = Descent.of(large_gaussians(300))
            surfaces(weighting())[1].advance(descent, GaussNewton(), 3)
            results.add((descent.error, descent.gaussians.parameters.tobytes()))
    finally:
        numba.set_num_threads(before)
    assert len(results) == 1


def test_the_steepest_are_drawn_and_have_gradients_as_at_the_full_size():
    """The difference of two numbers that share all digits but the last few would be no number under a root."""
    gaussians, number = steep(np.random.default_rng(5), 60, WIDTH, HEIGHT, (7, 60)), np.empty(60, np.int8)
    choose_levels(gaussians.parameters, 4, number)
    assert {1, 2, 3} <= set(number.tolist())
    full, reduced = surfaces()
    assert reduced.error(gaussians) == pytest.approx(full.error(gaussians), rel=1e-3)
    expected, found = full.gradient(gaussians), reduced.gradient(gaussians)
    off = np.sqrt(((found - expected) ** 2).sum(0) / (expected**2).sum(0))
    assert (off < 0.02).all() and (off[5:] < 0.005).all(), off
