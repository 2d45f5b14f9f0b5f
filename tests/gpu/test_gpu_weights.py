"""Weights of the pixels on a real GPU: against the reference and the CPU, and bit by bit against themselves."""

from __future__ import annotations

import numpy as np
import pytest
from scenes import mixed, scattered, some_weights
from test_gpu_twins import HEIGHT, STEPS, USUAL, WIDTH, Eager, descended, deviation

from daub.render.cuda.backend import CudaRasteriser
from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

pytestmark = pytest.mark.gpu


@pytest.fixture(params=[0.0, 1.0], ids=["alone", "with neighbours"])
def scene(request):
    """Gaussians, target and weights."""
    rng = np.random.default_rng(0)
    target = rng.random((HEIGHT, WIDTH, 3), np.float32)
    return mixed(rng, WIDTH, HEIGHT), target, some_weights(rng, WIDTH, HEIGHT, request.param)


def test_error_gradient_and_energy_match_the_reference(rasteriser, scene, record_property):
    pytest.importorskip("torch", reason="the reference needs torch")
    from daub.render.reference import ReferenceRasteriser

    _, target, weights = scene
    gaussians = scattered(30, WIDTH, HEIGHT)
    truth, surface = ReferenceRasteriser().surface(target, weights), rasteriser.surface(target, weights)
    on_device = Gaussians(surface.xp.asarray(gaussians.parameters))
    assert surface.error(on_device) == pytest.approx(truth.error(gaussians), rel=1e-5)
    assert surface.squares == pytest.approx(truth.squares, rel=1e-5)
    gradient, expected = surface.host(surface.gradient(on_device)), truth.gradient(gaussians)
    worst = max(
        deviation(surface.host(surface.absolute_error()), truth.absolute_error()),
        deviation(surface.host(surface.energy(on_device)), truth.energy(gaussians)),
        *(deviation(gradient[:, column], expected[:, column]) for column in range(8)),
    )
    record_property("deviation", worst)
    assert worst < 1e-5


def test_the_cpu_takes_the_same_weighted_steps(rasteriser, scene, record_property):
    pytest.importorskip("numba", reason="the CPU backend needs numba")
    from daub.render.cpu.backend import CpuRasteriser

    gaussians, target, weights = scene
    worst = 0.0
    for _ in range(3):  # one at a time, from the same state: rounding would grow from step to step
        found, descents = [], []
        for one in (rasteriser, CpuRasteriser()):
            surface = one.surface(target, weights)
            descent = Descent.of(Gaussians(surface.xp.asarray(gaussians.parameters.copy())))
            surface.advance(descent, GaussNewton(), 1, bit_price=0.2)
            found.append(surface.host(descent.gaussians.parameters))
            descents.append(descent)
        assert descents[0].error == pytest.approx(descents[1].error, rel=1e-5)
        assert descents[0].squares == pytest.approx(descents[1].squares, rel=1e-5)
        worst = max(worst, *(deviation(found[0][:, column], found[1][:, column]) for column in range(2, 8)))
        assert np.abs(found[0][:, :2] - found[1][:, :2]).max() < 1e-3  # pixels; some lie a million away
        gaussians = Gaussians(found[1])
    record_property("deviation", worst)
    assert worst < 1e-4


def test_weighted_peaks_are_those_of_the_cpu(rasteriser, scene, record_property):
    pytest.importorskip("numba", reason="the CPU backend needs numba")
    from daub.render.cpu.backend import CpuRasteriser

    _, target, weights = scene
    found = []
    for one in (rasteriser, CpuRasteriser()):
        surface = one.surface(target, weights)
        surface.error(Gaussians(surface.xp.zeros((0, 8), np.float32)))
        found.append(set(surface.host(surface.peaks(1.3, 1000)).tolist()))
    common = len(found[0] & found[1]) / len(found[1])  # neighbours that are almost equal may round either way
    record_property("in common", common)
    assert common > 0.98 and abs(len(found[0]) - len(found[1])) <= 0.02 * len(found[1])


def test_every_weighted_run_gives_the_same_bits(rasteriser):
    width, height = USUAL[1:]
    rng = np.random.default_rng(2)
    gaussians, target = scattered(*USUAL), rng.random((height, width, 3), np.float32)
    weights = some_weights(rng, width, height, 1.0)
    assert len({descended(rasteriser.surface(target, weights), gaussians, STEPS) for _ in range(2)}) == 1


def test_graphs_and_lists_change_nothing_under_weights(rasteriser, scene, monkeypatch):
    gaussians, target, weights = scene

    def bits(one):
        return descended(one.surface(target, weights), gaussians, STEPS)

    usual = bits(rasteriser)
    assert usual == bits(CudaRasteriser(Eager(rasteriser.device)))
    for constant in ("ROOMY", "LOOKED_THROUGH", "SORTED_FROM"):  # counted beforehand, by bands too, by place too
        monkeypatch.setattr(f"daub.render.cuda.drawing.{constant}", 0)
        assert usual == bits(rasteriser) == bits(CudaRasteriser(rasteriser.device, members=1)), constant


def test_weights_of_one_give_the_error_of_none(rasteriser, scene):
    gaussians, target, weights = scene
    errors = []
    for each in (None, Weighting(np.ones_like(weights.plane))):
        surface = rasteriser.surface(target, each)
        errors += [surface.error(Gaussians(surface.xp.asarray(gaussians.parameters))), surface.squares]
    assert errors == pytest.approx([errors[0]] * 4, rel=1e-6)
