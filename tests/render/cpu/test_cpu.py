"""The cpu backend against its float64 twin, finite differences, and itself on other numbers of threads."""

import numba
import numpy as np
import pytest
from scenes import own_frame, random_gaussians

from daub.render.cpu.backend import CpuRasteriser
from daub.render.descent import MOMENTUM, Descent, GaussNewton
from daub.render.gaussians import SUPPORT, Gaussians
from daub.render.reference import ReferenceRasteriser

SIZES = [(1, 1), (1, 40), (40, 1), (16, 16), (33, 47), (64, 31)]


def relative_error(value, truth):
    return np.linalg.norm(value - truth) / max(np.linalg.norm(truth), 1e-12)


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


def test_every_pixel_of_the_canvas_is_written():
    surface = CpuRasteriser().surface(np.full((19, 21, 3), 0.25, np.float32))
    surface._canvas.fill(np.nan)  # poison: an unwritten pixel would show
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


def test_threads_do_not_change_a_bit():
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


def gauss_newton(parameters, momentum, gradient, frozen, settings, width, height):
    """The float64 twin of `cpu_kernels.gauss_newton`.

    Returns:
        parameters (N, 8), momentum (N, MOMENTUM), and the step (N, 8) before trust and bounds shorten it.
    """
    p, average = np.float64(parameters), np.float64(momentum)
    energy = (p[:, 5:] ** 2).sum(1)
    curvature = np.column_stack([energy / 2] * 4 + [energy / 4] + [np.ones_like(energy)] * 3) + settings.damping
    before, downhill = average[:, :8] * np.sqrt(curvature), -gradient / np.sqrt(curvature)
    cosine = (before * downhill).sum(1) / (np.linalg.norm(before, axis=1) * np.linalg.norm(downhill, axis=1))
    average[:, :9] *= settings.decay
    average[:, 8] += 1 - settings.decay
    average[:, :8] -= (1 - settings.decay) * gradient / curvature
    bounds = np.log([settings.slowest, settings.fastest])
    average[:, 9] = (average[:, 9] + settings.adaption * cosine).clip(*bounds)
    step = settings.rate * np.exp(average[:, 9:]) * average[:, :8] / average[:, 8:9]

    shorter = np.minimum(1, settings.position_trust / np.hypot(step[:, 0], step[:, 1]))
    z1, z2 = shorter * step[:, 0], shorter * step[:, 1]
    a, c, b = step[:, 2:5].clip(-settings.shape_trust, settings.shape_trust).T
    (l1, l3), k = np.exp(p[:, 2:4]).T, p[:, 4]
    moved = p + 0
    moved[:, 0] = np.clip(p[:, 0] + l1 * z1, -0.5, width - 0.5)
    moved[:, 1] = np.clip(p[:, 1] + l3 * (k * z1 + z2), -0.5, height - 0.5)
    scales = p[:, 2:4] + np.log1p(np.column_stack([a, c]))
    moved[:, 2:4] = scales.clip(np.log(settings.smallest), np.log(2 * max(width, height)))
    moved[:, 4] = (k * (1 + a) + b) / (1 + c)
    moved[:, 5:] += step[:, 5:]
    hold = np.repeat(frozen, [5, 3], axis=1)  # (N, 8)
    return np.where(hold, p, moved), average, step


@pytest.mark.parametrize("price", [0.0, 0.5])
def test_a_gauss_newton_step_matches_its_float64_twin(price):
    width, height, settings = 33, 47, GaussNewton()
    rng = np.random.default_rng(11)
    gaussians = random_gaussians(rng, 80, width, height, (1.0, 0.8))
    gaussians.mean[:] = rng.uniform(-0.5, (width - 0.5, height - 0.5), (80, 2))
    gaussians.log_scale[40:60] = np.log(settings.smallest) + rng.uniform(0, 0.1, (20, 2))
    gaussians.log_scale[60:] = np.log(2 * height) - rng.uniform(0, 0.1, (20, 2))
    target = rng.random((height, width, 3), dtype=np.float32)
    momentum = rng.normal(0, 0.5, (80, MOMENTUM)).astype(np.float32)
    momentum[:, 8] = rng.uniform(0.2, 1, 80)
    momentum[:, 9] = rng.uniform(np.log(settings.slowest), np.log(2), 80)
    momentum[::8, 9] = np.log(settings.fastest) - 0.01
    frozen = np.zeros((80, 2), bool)
    frozen[:10, 0] = frozen[5:15, 1] = True

    reference = ReferenceRasteriser()
    residual = reference.forward(gaussians, width, height) - target
    gradient = own_frame(gaussians, reference.backward(gaussians, residual))
    toll, coefficient = price * (residual**2).sum() / len(gaussians), np.float64(gaussians.coefficient)
    gradient[:, 5:] += toll * coefficient / ((coefficient**2).sum(1, keepdims=True) + toll)
    expected, average, step = gauss_newton(gaussians.parameters, momentum, gradient, frozen, settings, width, height)

    # Everything that can bind does for some and does not for others.
    free = ~frozen[:, 0]
    for bound in (np.hypot(*step[free, :2].T) > settings.position_trust, abs(step[free, 2:5]) > settings.shape_trust):
        assert (bound.mean(0) > 0.1).all() and (bound.mean(0) < 0.9).all()
    for gain in np.log([settings.slowest, settings.fastest]):
        assert 3 <= (average[:, 9] == gain).sum() <= 20
    smallest, largest = np.log(settings.smallest), np.log(2 * height)
    for column, limits in enumerate([(-0.5, width - 0.5), (-0.5, height - 0.5), *[(smallest, largest)] * 2]):
        assert all(3 <= (expected[free, column] == limit).sum() <= 20 for limit in limits)

    fitted, stepped = gaussians.copy(), momentum.copy()
    descent = Descent(fitted, stepped, frozen, best=gaussians.copy())
    CpuRasteriser().surface(target).advance(descent, settings, 1, price)
    assert descent.error == pytest.approx((residual**2).sum(), rel=1e-5)
    assert np.abs(stepped - average).max() < 5e-6
    assert np.abs(fitted.mean - expected[:, :2]).max() < 2.5e-5  # pixels, of Gaussians up to 94 of them large
    assert np.abs(fitted.parameters - expected)[:, 2:].max() < 5e-6
    assert np.array_equal(fitted.parameters[:10, :5], gaussians.parameters[:10, :5])
    assert np.array_equal(fitted.coefficient[5:15], gaussians.coefficient[5:15])


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


@pytest.mark.parametrize("scale_x,scale_y,bound", [(2, 2, 0.01), (0.5, 0.5, 0.004), (0.5, 2, 0.006), (2, 0.5, 0.01)])
def test_resizing_keeps_the_picture(scale_x, scale_y, bound):
    gaussians = random_gaussians(np.random.default_rng(8), 40, 64, 48, (1.6, 0.2))
    image = CpuRasteriser().forward(gaussians, 64, 48)
    width, height = int(64 * scale_x), int(48 * scale_y)
    resized = CpuRasteriser().forward(gaussians.resized(scale_x, scale_y), width, height)
    # Both averaged down to the coarser grid of the two on each axis.
    columns, rows = min(64, width), min(48, height)
    averaged = resized.reshape(rows, height // rows, columns, width // columns, 3).mean((1, 3))
    expected = image.reshape(rows, 48 // rows, columns, 64 // columns, 3).mean((1, 3))
    assert relative_error(averaged, expected) < bound
