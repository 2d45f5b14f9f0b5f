"""The picture of a scene by the kernels of the processor, against the reference."""

from __future__ import annotations

import numpy as np
import pytest
import random_splats

from daub.render.splats import reference
from daub.render.splats.camera import Camera
from daub.render.splats.cpu import scene as cpu
from daub.render.splats.cpu.scene import CpuScene, render
from daub.render.splats.splats import Splats

BACKGROUND = (0.2, 0.5, 0.9)


@pytest.mark.parametrize("degree", range(5))
@pytest.mark.parametrize("antialiased", [False, True])
def test_the_picture_is_that_of_the_reference(degree, antialiased):
    splats = random_splats.scene(degree, 150, degree, antialiased)
    camera = random_splats.camera(off_centre=0.1 if degree == 2 else 0)
    random_splats.same(render(splats, camera, BACKGROUND), reference.render(splats, camera, BACKGROUND))


@pytest.mark.parametrize("seed", range(3))
def test_hard_scenes_have_a_finite_picture_that_is_that_of_the_reference(seed):
    splats, camera = random_splats.hard(seed), random_splats.camera()
    got = render(splats, camera, BACKGROUND)
    random_splats.same(got, reference.render(splats, camera, BACKGROUND))
    assert np.ptp(got) > 0.5


def test_opaque_ones_hide_what_is_behind():
    """0.99^2 of two leaves just LEAST_TRANSMITTANCE: a third one is not drawn."""
    wall = Splats.build([[0, 0, 1], [0, 0, 1.2], [0, 0, 1.4]], [[50, 50, 1e-9]] * 3, [0.5] * 3, np.eye(3))
    wall.logits[:] = np.inf
    camera = Camera(32, 32, 30, 30, 16, 16, np.eye(3), np.zeros(3))
    view = CpuScene(wall).seen(camera)
    np.testing.assert_allclose(view.image((9, 9, 9))[16, 16], [0.99, 0, 0] + 9 * view.transmittance[16, 16], atol=0.1)
    assert view.energies()[2, 0] == 0


def test_nothing_is_the_background():
    nothing = random_splats.scene().take([])
    assert (render(nothing, random_splats.camera(), BACKGROUND) == np.float32(BACKGROUND)).all()
    behind = random_splats.scene()
    behind.means[:] += 10 * random_splats.camera().centre
    view = CpuScene(behind).seen(random_splats.camera())
    assert (view.image(BACKGROUND) == np.float32(BACKGROUND)).all() and (view.transmittance == 1).all()
    assert np.isinf(view.mean_depth()).all() and not view.energies().any()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 50), (17, 3), (64, 16)])
def test_pictures_of_awkward_sizes(width, height):
    splats, camera = random_splats.scene(3, 80), random_splats.camera(width, height)
    random_splats.same(render(splats, camera, BACKGROUND), reference.render(splats, camera, BACKGROUND))


def test_the_same_bits_with_any_number_of_threads(threads_for_any_picture):
    import numba

    splats, camera = random_splats.scene(1, 400, 2), random_splats.camera(150, 110)
    most, found = numba.get_num_threads(), []
    for threads in (1, 2, 3, most):
        numba.set_num_threads(min(threads, most))
        view = CpuScene(splats).seen(camera)
        found.append((view.image().tobytes(), view.energies().tobytes()))
    numba.set_num_threads(most)
    assert most > 1 and len(set(found)) == 1


def test_lists_that_are_too_long_are_made_strip_by_strip(monkeypatch):
    splats, camera = random_splats.scene(1, 400, 2), random_splats.camera(150, 110)
    whole = CpuScene(splats).seen(camera)
    monkeypatch.setattr(cpu, "MOST_PAIRS", 50)
    parts = CpuScene(splats).seen(camera)
    assert len(parts._strips) > 5 and len(whole._strips) == 2
    assert (parts.image() == whole.image()).all()
    np.testing.assert_array_equal(parts.energies(), whole.energies())


def test_energies_are_of_the_weights_of_the_reference():
    splats, camera = random_splats.scene(5, 100), random_splats.camera()
    view = CpuScene(splats).seen(camera)
    (mass, squares, _), weights = view.energies().T, reference.draw(reference.tensors(splats), False, camera).weights
    np.testing.assert_allclose(mass, weights.sum(1), rtol=1e-3, atol=0.02)
    np.testing.assert_allclose(squares, (weights**2).sum(1), rtol=1e-3, atol=0.01)
    # Whatever does not shine through to the background was given by someone.
    assert mass.sum() == pytest.approx((1 - view.transmittance.astype(float)).sum(), rel=1e-4)


def test_depth_is_the_mean_of_what_is_seen():
    splats, camera = random_splats.scene(6, 1), random_splats.camera()
    depth = CpuScene(splats).seen(camera).mean_depth()
    seen = np.isfinite(depth)
    assert 0 < seen.sum() < depth.size
    np.testing.assert_allclose(depth[seen], camera.project(splats.means)[0, 2], rtol=1e-5)


def test_a_thin_needle_is_straight():
    """Seen a thousand pixels from its mean, where in float32 an inverse covariance would have lost it."""
    needle = Splats.build([[0, 0, 1]], [[2.0, 1e-4, 1e-4]], [0.9], [[1, 1, 1]], [[np.cos(0.3), 0, 0, np.sin(0.3)]])
    camera = Camera(64, 48, 900, 900, 32 - 1000 * np.cos(0.6), 24 - 1000 * np.sin(0.6), np.eye(3), np.zeros(3))
    got = render(needle, camera)
    assert got.max() > 0.7
    np.testing.assert_allclose(got, reference.render(needle, camera), atol=2e-4)


def test_sides_that_boxes_cannot_number_are_refused():
    with pytest.raises(ValueError, match="524272 at most"):
        CpuScene(random_splats.scene()).seen(random_splats.camera(1, 524273))
