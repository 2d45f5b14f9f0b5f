"""Coarse to fine: which size an image has when, and that nothing but time depends on what is seen from outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scenes import a_picture

from daub.codec.fit import FitSettings, fit
from daub.codec.fit.sizes import LEAST_AREA, CoarseToFine, Reduced, Reductions, scaled, scaled_descent
from daub.render.cpu.backend import CpuRasteriser
from daub.render.descent import Descent
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

CPU = CpuRasteriser()
AREA = 768 * 512


def drawn(gaussians: Gaussians, width: int, height: int) -> np.ndarray:
    return CPU.forward(gaussians, width, height)


def smooth_gaussians() -> Gaussians:
    rng = np.random.default_rng(3)
    sizes = rng.uniform(6, 20, 12)
    covariance = [[[size**2, 3.0], [3.0, size**2]] for size in sizes]
    return Gaussians.build(rng.uniform((0, 0), (120, 90), (12, 2)), covariance, rng.normal(0, 0.3, (12, 3)))


def test_an_image_grows_with_its_gaussians_and_is_whole_in_the_end():
    policy = CoarseToFine()
    sides = [policy.side(0, 300, count, AREA) for count in (1, 500, 2000, 2049, 100_000)]
    assert sides == [4, 4, 2, 1, 1]
    assert {policy.side(step, 300, 1, AREA) for step in range(120, 300)} == {1}
    assert all(policy.side(steps - 1, steps, 1, AREA) == 1 for steps in range(1, 20))
    assert CoarseToFine(coarsest=1).side(0, 300, 1, AREA) == 1


def test_a_small_image_is_always_whole():
    assert CoarseToFine().side(0, 300, 1, 4 * LEAST_AREA - 1) == 1
    assert CoarseToFine().side(0, 300, 1, 4 * LEAST_AREA) == 2


@pytest.mark.parametrize("side", [2, 4])
@pytest.mark.parametrize("width,height", [(120, 92), (117, 91)])
def test_a_reduced_image_has_the_means_and_knows_what_they_lack(width, height, side):
    image = np.random.default_rng(0).random((height, width, 3), np.float32)
    plane = (1 + 0.5 * np.sin(np.mgrid[:height, :width][0] / 30)).astype(np.float32)
    for weights in (None, Weighting(plane, 0.0)):
        reduced = Reduced.of(image, weights, side)
        assert reduced.pixels.shape == (-(-height // side), -(-width // side), 3)
        assert np.allclose(reduced.pixels[0, 0], image[:side, :side].mean((0, 1)), atol=1e-6)
        corner = image[(height - 1) // side * side :, (width - 1) // side * side :]
        assert np.allclose(reduced.pixels[-1, -1], corner.mean((0, 1)), atol=1e-6)
        # Black everywhere: what is left of the error of the whole image is what is within the cells.
        squares = float((reduced.pixels.astype(np.float64) ** 2).sum())
        error = squares if weights is None else reduced.weights.error(reduced.pixels)
        whole_error, whole_squares = reduced.whole(error, squares)
        assert whole_squares == pytest.approx(float((image.astype(np.float64) ** 2).sum()), rel=0.03)
        expected = whole_squares if weights is None else weights.error(image)
        assert whole_error == pytest.approx(expected, rel=0.03)


def test_what_neighbours_share_counts_as_in_the_whole_image():
    flat, plane = np.full((64, 64, 3), 0.5, np.float32), np.ones((64, 64), np.float32)
    weights = Weighting(plane, 0.7)
    for side in (2, 4):
        reduced = Reduced.of(flat, weights, side)
        error, _ = reduced.whole(reduced.weights.error(reduced.pixels), 0.0)
        assert error == pytest.approx(weights.error(flat), rel=1e-5)


def test_the_same_picture_on_another_grid():
    gaussians = smooth_gaussians()
    whole = drawn(gaussians, 120, 88)
    for side in (2, 4):
        small = drawn(scaled(gaussians, 1 / side), 120 // side, 88 // side)
        means = whole.reshape(88 // side, side, 120 // side, side, 3).mean((1, 3))
        assert abs(small - means).max() < 0.02 * abs(whole).max()
        back = scaled(scaled(gaussians, 1 / side), side)
        assert np.allclose(back.parameters, gaussians.parameters, atol=1e-5)
    assert scaled(gaussians, 1) is gaussians


def test_momentum_follows_and_errors_are_judged_anew():
    descent = Descent.of(smooth_gaussians())
    descent.momentum[:] = 1
    descent.best_error = 3.0
    finer = scaled_descent(descent, 2)
    assert (finer.momentum[:, :5] == 1).all() and (finer.momentum[:, 5:8] == 2).all()
    assert (finer.momentum[:, 8:] == 1).all() and finer.fresh and np.isinf(finer.best_error)
    assert (descent.momentum == 1).all()


@pytest.mark.parametrize("weights", [None, Weighting(np.ones((240, 288), np.float32), 0.2)], ids=["alike", "weighted"])
def test_a_fit_passes_through_the_sizes_and_shows_the_whole_image(weights):
    pixels, settings = a_picture(288, 240), FitSettings(60, 30, sizes=CoarseToFine(pixels=48))
    checkpoints, shown = {}, {}
    for record in fit(pixels, settings, CPU, lambda: weights):
        checkpoints[record.step], shown[record.step] = record.checkpoint(), record
        assert record.gaussians.mean[:, 0].max() > 144 and record.gaussians.log_scale.max() > np.log(5)
        assert abs(record.checkpoint().gaussians.mean - record.gaussians.mean).max() < 288
    sides = [checkpoints[step].side for step in sorted(checkpoints)]
    assert sides[0] == 2 and sides[-1] == 1 and sides == sorted(sides, reverse=True)
    for step, record in shown.items():  # what it says of the state before the step is nearly true of the one after it
        if step > 9:  # the first few move far
            image = drawn(record.gaussians, 288, 240)
            squares = float(((image - pixels).astype(np.float64) ** 2).mean())
            assert record.psnr == pytest.approx(-10 * np.log10(squares), abs=2)
    for step in (1, 5, 11, 12, 13, 20):  # from any of them to the same bits, changes of size included
        rest = list(fit(pixels, settings, CPU, lambda: weights, checkpoints[step]))
        assert np.array_equal(rest[-1].gaussians.parameters, shown[30].gaussians.parameters), step


def test_a_branch_from_a_small_image_may_have_a_whole_one():
    pixels, settings = a_picture(288, 240), FitSettings(60, 30)
    first = next(iter(fit(pixels, settings, CPU))).checkpoint()
    whole = replace(settings, sizes=CoarseToFine(coarsest=1))
    records = list(fit(pixels, whole, CPU, start=first))
    assert first.side == 2 and records[0].checkpoint().side == 1 and records[-1].psnr > 20


@pytest.mark.parametrize("coarse", [0.0, 0.3])
def test_an_image_that_is_reduced_in_strips_is_that_reduced_at_once(coarse, monkeypatch):
    image = np.random.default_rng(0).random((91, 117, 3), np.float32)
    weights = Weighting(1 + np.random.default_rng(1).random((91, 117), np.float32), coarse)
    whole = Reduced.of(image, weights, 4)
    monkeypatch.setattr("daub.codec.fit.sizes.STRIP_PIXELS", 117 * 12)
    strips = Reduced.of(image, weights, 4)
    assert np.array_equal(strips.pixels, whole.pixels) and np.array_equal(strips.weights.plane, whole.weights.plane)
    assert strips.lost == pytest.approx(whole.lost, rel=1e-9)


def test_an_image_is_reduced_once_for_each_size_until_its_weights_change():
    reductions = Reductions(np.random.default_rng(0).random((16, 16, 3), np.float32))
    half = reductions(None, 2)
    assert reductions(None, 2) is half and reductions(None, 4) is not half and reductions(None, 2) is half
    weights = Weighting(np.full((16, 16), 2, np.float32))
    assert reductions(weights, 2).lost[0] == pytest.approx(2 * half.lost[0])
    assert reductions(None, 2) is not half
    half = reductions(None, 2)
    assert reductions(None, 1).pixels.shape == (16, 16, 3) and reductions(None, 2) is not half, (
        "they went for the whole"
    )
