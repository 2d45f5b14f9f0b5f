"""Weights of the pixels on fibers: against the reference, the cpu backend, and what follows from the definition."""

from dataclasses import replace

import cuda_harness
import numpy as np
import pytest
from cuda_harness import FiberDevice
from scenes import mixed, random_gaussians, some_weights

from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda import source
from daub.render.cuda.backend import CudaRasteriser, CudaSurface
from daub.render.descent import LEAST_ENERGY, MOMENTUM, Descent, GaussNewton
from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser
from daub.render.weighting import Weighting

WIDTH, HEIGHT = 70, 45  # no multiple of a tile
# How the lists of tiles are made, and in what order the Gaussians of the backward direction come: drawing's constants.
WAYS = {
    "collected": {},
    "counted": {"ROOMY": 0},
    "by bands": {"ROOMY": 0, "LOOKED_THROUGH": 0},
    "sorted": {"ROOMY": 0, "LOOKED_THROUGH": 0, "SORTED_FROM": 0},
}


@pytest.fixture(params=[0.0, 1.0], ids=["alone", "with neighbours"])
def weights(request):
    return some_weights(np.random.default_rng(20), WIDTH, HEIGHT, request.param)


@pytest.fixture
def target():
    return np.random.default_rng(21).random((HEIGHT, WIDTH, 3), np.float32)


@pytest.fixture
def scene():
    return mixed(np.random.default_rng(22), WIDTH, HEIGHT)


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    take(WAYS[request.param], monkeypatch)
    return request.param


def take(constants, monkeypatch):
    for name, value in constants.items():
        monkeypatch.setattr(f"daub.render.cuda.drawing.{name}", value)


@pytest.fixture
def surface_on(library):
    def surface_on(target, weights=None, seed=0, members=1 << 14):
        return CudaSurface(FiberDevice(library, seed), target, members, weights)

    return surface_on


def uploaded(surface, gaussians):
    return Gaussians(surface.xp.array(gaussians.parameters))


def descent_on(surface, gaussians):
    """A descent in motion, some of whose Gaussians are held."""
    rng, descent = np.random.default_rng(23), Descent.of(gaussians)
    descent.momentum[:] = rng.normal(0, 0.5, (len(gaussians), MOMENTUM))
    descent.momentum[:, 8] = rng.uniform(0.2, 1, len(gaussians))
    descent.momentum[::5] = 0  # just born
    descent.frozen[:] = rng.random((len(gaussians), 2)) < 0.2
    return descent.moved(surface.xp.array)


def bits_of(surface, descent):
    arrays = descent.gaussians.parameters, descent.momentum, descent.best.parameters, surface.absolute_error()
    return (descent.error, descent.squares, *(surface.host(array).tobytes() for array in arrays))


def close(found, truth, share):
    """Whether two arrays are equal to within this share of the largest value."""
    return np.abs(found - truth).max() <= share * np.abs(truth).max()


def test_an_error_is_that_of_the_reference(surface_on, target, weights, scene, way):
    truth, surface = ReferenceRasteriser().surface(target, weights), surface_on(target, weights)
    gaussians = uploaded(surface, scene)
    assert surface.error(gaussians) == pytest.approx(truth.error(scene), rel=1e-6)
    assert surface.squares == pytest.approx(truth.squares, rel=1e-6) != pytest.approx(truth.error(scene), rel=0.01)
    assert close(surface.absolute_error().host, truth.absolute_error(), 3e-6)


@pytest.mark.parametrize("log_scale", [(0.5, 0.8), (-3.0, 0.5), (4.0, 0.5)], ids=["usual", "tiny", "huge"])
def test_gradient_and_energy_are_those_of_the_reference(surface_on, target, weights, log_scale):
    gaussians = random_gaussians(np.random.default_rng(24), 30, WIDTH, HEIGHT, log_scale)
    gaussians.mean[:2] = (0, 0), (WIDTH + 90, -1)  # at a corner, and nowhere
    truth, surface = ReferenceRasteriser().surface(target, weights), surface_on(target, weights)
    truth.error(gaussians)
    surface.error(uploaded(surface, gaussians))
    gradient, expected = surface.gradient(uploaded(surface, gaussians)).host, truth.gradient(gaussians)
    for column in range(8):
        assert close(gradient[:, column], expected[:, column], 1e-5), column
    energy = surface.energy(uploaded(surface, gaussians))
    assert energy.dtype == np.float32 and energy.shape == (30,)
    assert close(energy.host, truth.energy(gaussians), 3e-6) and energy.host.max() > 0.1
    both = surface.gradient_and_energy(uploaded(surface, gaussians))
    assert np.array_equal(both[0].host, gradient) and np.array_equal(both[1].host, energy.host)
    product, expected = surface.normal_product(uploaded(surface, gaussians)).host, truth.normal_product(gaussians)
    for column in range(8):
        assert close(product[:, column], expected[:, column], 1e-5), column


def test_a_large_gaussian_has_the_energy_of_all_its_pieces(surface_on):
    rng = np.random.default_rng(25)
    width, height = 300, 170
    gaussians = random_gaussians(rng, 400, width, height, (-0.5, 0.5))
    gaussians.log_scale[100:103], gaussians.mean[100:103] = (6, 3), (150, 80)
    gaussians.parameters[101:103, 4] = -40, 0.7
    target, weights = rng.random((height, width, 3), np.float32), some_weights(rng, width, height, 0.7)
    cpu, surface = CpuRasteriser().surface(target, weights), surface_on(target, weights)
    cpu.error(gaussians), surface.error(uploaded(surface, gaussians))
    energy, expected = surface.energy(uploaded(surface, gaussians)).host, cpu.energy(gaussians)
    assert np.diff(surface._drawing.first.host)[100:103].min() > 4
    assert np.abs(energy - expected).max() < 1e-5 * expected.max()
    assert np.abs(energy - expected)[100:103].max() < 1e-5 * expected[100:103].max()


@pytest.mark.parametrize("bit_price", [0.0, 0.2])
def test_steps_are_those_of_the_cpu_backend(surface_on, target, weights, scene, bit_price):
    cpu, surface, settings = CpuRasteriser().surface(target, weights), surface_on(target, weights), GaussNewton()
    expected = descent_on(cpu, scene)
    assert (cpu.energy(scene) < LEAST_ENERGY).any() and (cpu.energy(scene) > 10 * LEAST_ENERGY).any()
    for step in range(4):
        if step == 2:  # births, and a death
            grown = Gaussians.concatenate(Gaussians(expected.gaussians.parameters[1:]), scene_of_births())
            expected = expected.repopulated(grown, np.arange(1, len(scene)))
        stepped = expected.moved(surface.xp.array)  # anew, or rounding would grow from step to step
        cpu.advance(expected, settings, 1, bit_price)
        surface.advance(stepped, settings, 1, bit_price)
        stepped = stepped.moved(surface.host)
        for name in ("error", "squares", "best_error"):
            assert getattr(stepped, name) == pytest.approx(getattr(expected, name), rel=1e-5), name
        assert (cpu.squares, surface.squares) == (expected.squares, stepped.squares)
        assert close(stepped.momentum, expected.momentum, 2e-5)
        for moved, right in ((stepped.gaussians, expected.gaussians), (stepped.best, expected.best)):
            assert np.abs(moved.mean - right.mean).max() < 1e-3  # pixels, of Gaussians up to 140 of them large
            assert np.abs(moved.parameters - right.parameters)[:, 2:5].max() < 2e-5
            assert close(moved.coefficient, right.coefficient, 2e-6)


def scene_of_births():
    return random_gaussians(np.random.default_rng(26), 15, WIDTH, HEIGHT, (1.0, 0.5))


@pytest.mark.parametrize("smoothing", [0.4, 1.3, 14.0])
def test_peaks_are_those_of_the_cpu_backend(surface_on, target, weights, smoothing):
    cpu, surface = CpuRasteriser().surface(target, weights), surface_on(target, weights)
    plain, nothing = CpuRasteriser().surface(target), Gaussians.empty()
    for one in (cpu, plain):
        one.error(nothing)
    surface.error(uploaded(surface, nothing))
    found, expected = surface.peaks(smoothing, 1000).host, cpu.peaks(smoothing, 1000)
    assert set(found.tolist()) == set(expected.tolist()) != set(plain.peaks(smoothing, 1000).tolist())
    assert np.mean(found == expected) > 0.9  # where two are almost equal, their order is one of rounding


def test_every_way_to_list_and_to_order_gives_the_same_bits(surface_on, target, weights, scene, monkeypatch):
    found = set()
    for constants in WAYS.values():
        with monkeypatch.context() as patch:
            take(constants, patch)
            for members in (1 << 14, 3):
                surface = surface_on(target, weights, members=members)
                descent = descent_on(surface, scene)
                surface.advance(descent, GaussNewton(), 2, 0.2)
                found.add(bits_of(surface, descent))
    assert len(found) == 1


def test_pieces_that_do_not_fit_hold_the_optimiser_until_there_is_room(surface_on, target, weights, scene, monkeypatch):
    roomy, short = surface_on(target, weights), surface_on(target, weights)
    monkeypatch.setattr(short, "_usual_pieces", lambda _: 10)
    found = []
    for surface in (roomy, short):
        descent = descent_on(surface, scene)
        surface.advance(descent, GaussNewton(), 3, 0.2)
        found.append(bits_of(surface, descent))
    assert found[0] == found[1] and short._drawing.energies.size > 10


def test_the_order_of_threads_and_blocks_does_not_change_a_bit(surface_on, target, weights, scene):
    found = set()
    for seed in range(3):
        surface = surface_on(target, weights, seed)
        descent = descent_on(surface, scene)
        surface.advance(descent, GaussNewton(), 2, 0.2)
        found.add((*bits_of(surface, descent), surface.energy(descent.gaussians).host.tobytes()))
    assert len(found) == 1


def test_weights_of_one_are_none(surface_on, target, scene):
    plain, ones = surface_on(target), surface_on(target, Weighting(np.ones((HEIGHT, WIDTH), np.float32)))
    errors = [surface.error(uploaded(surface, scene)) for surface in (plain, ones)]
    assert errors[0] == plain.squares == pytest.approx(errors[1], rel=1e-6) == ones.squares
    gradients = [surface.gradient(uploaded(surface, scene)).host for surface in (plain, ones)]
    assert close(gradients[1], gradients[0], 1e-6)
    assert np.array_equal(ones.peaks(1.3, 100).host, plain.peaks(1.3, 100).host)
    assert plain.energy(uploaded(plain, scene)).host.tolist() == [1.0] * len(scene)
    both = plain.gradient_and_energy(uploaded(plain, scene))
    assert np.array_equal(both[0].host, gradients[0]) and both[1].host.tolist() == [1.0] * len(scene)


def test_twice_the_weights_are_twice_the_error_and_the_same_steps(surface_on, target, weights, scene):
    """In powers of two nothing is rounded; only atoms of next to no energy are treated otherwise."""
    found = []
    for factor in (1, 2):
        surface = surface_on(target, replace(weights, plane=factor * weights.plane))
        energy = surface.energy(uploaded(surface, scene)).host
        descent = descent_on(surface, scene)
        surface.advance(descent, GaussNewton(), 1, 0.2)
        found.append((factor, energy, descent, surface.host(descent.gaussians.parameters)))
    (_, energy, once, moved), (_, energies, twice, moved_too) = found
    assert np.array_equal(2 * energy, energies) and twice.error == 2 * once.error and twice.squares == once.squares
    weighty = energy > LEAST_ENERGY
    assert 200 < weighty.sum() < len(scene) and np.array_equal(moved[weighty], moved_too[weighty])
    assert not np.array_equal(moved[~weighty], moved_too[~weighty])


def test_what_weighs_nothing_is_not_seen(surface_on, target, weights, scene):
    """Only the plain sum of squares knows of it. Where neighbours count, that is what lies in a cell without weight."""
    blind, other = weights.plane == 0, target.copy()
    if weights.coarse:
        blind &= (weights.cells(2) == 0).repeat(4, 0).repeat(4, 1)[:HEIGHT, :WIDTH]
    other[blind] = 1e3
    found = []
    for goal in (target, other):
        surface = surface_on(goal, weights)
        descent = descent_on(surface, scene)
        surface.advance(descent, GaussNewton(), 2, 0.2)
        error, squares, *rest = bits_of(surface, descent)
        found.append(((error, rest), squares))
        assert not surface.absolute_error().host[blind].any()
    assert found[0][0] == found[1][0] and found[1][1] > 1e6 * blind.sum() > found[0][1]
    surface = surface_on(target, replace(weights, plane=np.zeros_like(weights.plane)))
    descent = Descent.of(uploaded(surface, scene))
    surface.advance(descent, GaussNewton(), 2, 0.2)
    assert descent.error == 0 < descent.squares
    assert np.array_equal(descent.gaussians.parameters.host[:, 4:], scene.parameters[:, 4:])  # no bound on any of these


def test_a_graph_keeps_to_its_own_weights(library, target, weights, scene):
    device = FiberDevice(library)
    cuda, errors = CudaRasteriser(device), []
    flipped, more = replace(weights, plane=weights.plane[::-1]), replace(weights, coarse=weights.coarse + 2)
    surfaces = [cuda.surface(target, each) for each in (weights, None, flipped, more)]
    descents = [descent_on(surface, scene) for surface in surfaces]
    for _ in range(2):  # by turns
        for surface, descent in zip(surfaces, descents, strict=True):
            surface.advance(descent, GaussNewton(), 1)
            errors.append(descent.error)
    assert device.graphs == 4 and len(set(errors)) == 8
    alone = CudaRasteriser(FiberDevice(library)).surface(target, flipped)
    descent = descent_on(alone, scene)
    alone.advance(descent, GaussNewton(), 2)
    assert bits_of(alone, descent) == bits_of(surfaces[2], descents[2])


@pytest.mark.parametrize("coarse", [0.0, 1.0])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (17, 9), (16, 33), (33, 16), (23, 22)])
def test_pictures_of_all_sizes(surface_on, size, coarse):
    width, height = size
    rng = np.random.default_rng(27)
    gaussians = random_gaussians(rng, 12, width, height, (1.0, 0.5))
    target, plane = rng.random((height, width, 3), np.float32), rng.random((height, width), np.float32)
    weights = Weighting(plane, coarse)
    truth, surface = ReferenceRasteriser().surface(target, weights), surface_on(target, weights)
    assert surface.error(uploaded(surface, gaussians)) == pytest.approx(truth.error(gaussians), rel=1e-5)
    assert close(surface.energy(uploaded(surface, gaussians)).host, truth.energy(gaussians), 1e-5)
    nothing = Gaussians(surface.xp.zeros((0, 8), np.float32))
    assert surface.error(nothing) == pytest.approx(weights.error(target.astype(np.float64)))
    assert surface.squares == pytest.approx((target.astype(np.float64) ** 2).sum())
    truth.error(Gaussians.empty())
    assert close(surface.absolute_error().host, truth.absolute_error(), 1e-6)
    assert surface.energy(nothing).shape == (0,)


def test_weights_of_another_shape_are_refused(surface_on, target, weights):
    for wrong in (weights.plane[1:], weights.plane.T, weights.plane[..., None]):
        with pytest.raises(ValueError, match=r"weights must be contiguous float32 of shape \(45, 70\)"):
            surface_on(target, replace(weights, plane=wrong))


def test_the_kernels_without_weights_read_none(library, target, scene, tmp_path):
    """Poisoned: with weights of NaN every kernel that looks at them would show it."""
    text = source.read()
    mark = "weight = weights[pixel];"
    assert text.count(mark) == 1
    poisoned = cuda_harness.build(tmp_path, text.replace(mark, "weight = NAN;"))
    plain, other = (CudaSurface(FiberDevice(each), target, 1 << 14) for each in (library, poisoned))
    assert plain.error(uploaded(plain, scene)) == other.error(uploaded(other, scene))
    ones = CudaSurface(FiberDevice(poisoned), target, 1 << 14, Weighting(np.ones((HEIGHT, WIDTH), np.float32)))
    assert np.isnan(ones.error(uploaded(ones, scene)))


@pytest.mark.parametrize("side,times", [(1, 1), (2, 2), (4, 3)])
def test_an_error_counts_once_more_for_each_level_of_cells_that_share_it(surface_on, side, times):
    """An error of one size changes its sign from square to square of so many pixels."""
    width, height = 36, 20
    y, x = np.mgrid[:height, :width] // side
    target = np.repeat((0.5 - (x + y) % 2)[..., None], 3, 2).astype(np.float32)
    surface = surface_on(target, Weighting(np.ones((height, width), np.float32), 1.0))
    nothing = uploaded(surface, Gaussians.empty())
    assert surface.error(nothing) == times * surface.squares == times * 0.75 * width * height
    assert np.array_equal(surface.absolute_error().host, np.full((height, width), times * 1.5))


def test_neighbours_wait_for_each_other(target, tmp_path):
    """The harness notices where they do not: half of a cell of 4x4 is then another's."""
    before, mark, rest = source.read().partition("\n__device__ void share_with_neighbours(")
    body, end, after = rest.partition("\n}\n")
    assert body.count("__syncthreads();") == 1
    library = cuda_harness.build(tmp_path, before + mark + body.replace("__syncthreads();", "") + end + after)
    found, weights = set(), some_weights(np.random.default_rng(20), WIDTH, HEIGHT, 1.0)
    for seed in range(4):
        surface = CudaSurface(FiberDevice(library, seed), target, 1 << 14, weights)
        found.add(surface.error(uploaded(surface, Gaussians.empty())))
    assert len(found) > 1
