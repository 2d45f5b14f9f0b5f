"""The CUDA backend on a real GPU against its twins, against itself, and without its graphs."""

from __future__ import annotations

import numpy as np
import pytest
from scenes import mixed, scattered

from daub.render.cuda.backend import CudaRasteriser
from daub.render.descent import GaussNewton
from daub.render.gaussians import Gaussians

pytestmark = pytest.mark.gpu

WIDTH, HEIGHT = 70, 45  # no multiple of a tile
STEPS = 40  # of a fit
USUAL = 5000, 768, 512  # Gaussians on so many pixels: enough for whatever a GPU does in no order


class Eager:
    """A device that launches the kernels of a graph one by one."""

    def __init__(self, device):
        self._device = device

    def __getattr__(self, name: str):
        return getattr(self._device, name)

    def graph(self, launches):
        return launches


@pytest.fixture
def scene():
    rng = np.random.default_rng(0)
    return mixed(rng, WIDTH, HEIGHT), rng.random((HEIGHT, WIDTH, 3), np.float32)


def deviation(found: np.ndarray, truth: np.ndarray) -> float:
    """The largest difference, in units of the largest value."""
    return float(np.abs(found - truth).max() / np.abs(truth).max())


def descended(surface, gaussians: Gaussians, steps: int) -> tuple[bytes, ...]:
    """Every bit of a fit of so many steps, some Gaussians held, with a price on bits."""
    from daub.render.descent import Descent

    descent = Descent.of(Gaussians(surface.xp.asarray(gaussians.parameters)))
    descent.frozen[::7] = True
    surface.advance(descent, GaussNewton(), steps, bit_price=0.2)
    arrays = descent.gaussians.parameters, descent.momentum, descent.best.parameters
    numbers = np.array([descent.error, descent.best_error])
    assert np.isfinite(numbers).all()
    return (*(surface.host(array).tobytes() for array in arrays), numbers.tobytes())


def test_the_render_matches_the_reference(rasteriser, scene, record_property):
    pytest.importorskip("torch", reason="the reference needs torch")
    from daub.render.reference import ReferenceRasteriser

    gaussians, _ = scene
    worst = deviation(
        rasteriser.forward(gaussians, WIDTH, HEIGHT), ReferenceRasteriser().forward(gaussians, WIDTH, HEIGHT)
    )
    record_property("deviation", worst)
    assert worst < 1e-5


def test_the_gradient_matches_the_reference(rasteriser, record_property):
    pytest.importorskip("torch", reason="the reference needs torch")
    from daub.render.reference import ReferenceRasteriser

    rng = np.random.default_rng(1)
    gaussians = scattered(30, WIDTH, HEIGHT)
    cotangent = rng.normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
    truth = ReferenceRasteriser().backward(gaussians, cotangent)
    found = rasteriser.backward(gaussians, cotangent)
    worst = max(deviation(found[:, column], truth[:, column]) for column in range(8))
    record_property("deviation", worst)
    assert worst < 1e-5


def test_the_cpu_renders_the_same(rasteriser, scene, record_property):
    pytest.importorskip("numba", reason="the CPU backend needs numba")
    from daub.render.cpu.backend import CpuRasteriser

    gaussians, _ = scene
    worst = deviation(rasteriser.forward(gaussians, WIDTH, HEIGHT), CpuRasteriser().forward(gaussians, WIDTH, HEIGHT))
    record_property("deviation", worst)
    assert worst < 1e-5


def test_the_cpu_takes_the_same_steps(rasteriser, scene, record_property):
    pytest.importorskip("numba", reason="the CPU backend needs numba")
    from daub.render.cpu.backend import CpuRasteriser
    from daub.render.descent import Descent

    gaussians, target = scene
    worst = 0.0
    for _ in range(3):  # one at a time, from the same state: rounding would grow from step to step
        found, errors = [], []
        for one in (rasteriser, CpuRasteriser()):
            surface = one.surface(target)
            descent = Descent.of(Gaussians(surface.xp.asarray(gaussians.parameters.copy())))
            surface.advance(descent, GaussNewton(), 1, bit_price=0.2)
            found.append(surface.host(descent.gaussians.parameters))
            errors.append(descent.error)
        assert errors[0] == pytest.approx(errors[1], rel=1e-5)
        worst = max(worst, *(deviation(found[0][:, column], found[1][:, column]) for column in range(2, 8)))
        assert np.abs(found[0][:, :2] - found[1][:, :2]).max() < 1e-3  # pixels; some lie a million away
        gaussians = Gaussians(found[1])
    record_property("deviation", worst)
    assert worst < 1e-4


def test_a_fit_is_as_good_as_that_of_the_cpu(rasteriser, record_property):
    """From the draw of the first Gaussians on, births included: all that runs on arrays of CuPy."""
    pytest.importorskip("numba", reason="the CPU backend needs numba")
    from daub.codec.fit import FitSettings, fit
    from daub.render.cpu.backend import CpuRasteriser

    y, x = np.mgrid[:HEIGHT, :WIDTH] / WIDTH
    rings = 0.5 + 0.4 * np.sin(25 * np.hypot(x - 0.4, y - 0.3))
    target = np.stack([rings, x, np.clip(x * y * 4, 0, 1)], -1).astype(np.float32)
    ends = []
    for one in (rasteriser, CpuRasteriser()):
        *_, last = fit(target, FitSettings(gaussians=60, steps=STEPS), one)
        ends.append(last)
    assert len(ends[0].gaussians) == len(ends[1].gaussians) == 60
    difference = float(ends[0].psnr - ends[1].psnr)
    record_property("difference in dB", difference)
    assert abs(difference) < 0.5


def test_peaks_are_those_of_the_cpu(rasteriser, record_property):
    pytest.importorskip("numba", reason="the CPU backend needs numba")
    from daub.render.cpu.backend import CpuRasteriser

    target, found = np.random.default_rng(3).random((HEIGHT, WIDTH, 3), np.float32), []
    for one in (rasteriser, CpuRasteriser()):
        surface = one.surface(target)
        surface.error(Gaussians(surface.xp.zeros((0, 8), np.float32)))
        found.append(set(surface.host(surface.peaks(1.3, 1000)).tolist()))
    common = len(found[0] & found[1]) / len(found[1])  # neighbours that are almost equal may round either way
    record_property("in common", common)
    assert common > 0.98 and abs(len(found[0]) - len(found[1])) <= 0.02 * len(found[1])


def test_eight_bits_are_those_of_the_render(rasteriser, scene):
    from daub.render.eight_bit import to_8bit

    gaussians, _ = scene
    image = rasteriser.forward(gaussians, WIDTH, HEIGHT)
    assert np.array_equal(rasteriser.forward_8bit(gaussians, WIDTH, HEIGHT), to_8bit(image))


def test_the_rgba_frame_is_the_render(rasteriser, scene):
    gaussians, _ = scene
    frame = rasteriser.forward_rgba(gaussians, WIDTH, HEIGHT)
    assert frame.flags.c_contiguous and frame.dtype == np.float32
    host = rasteriser.device.host(frame)
    assert np.array_equal(host[..., :3], rasteriser.forward(gaussians, WIDTH, HEIGHT)) and (host[..., 3] == 1).all()


def test_every_run_gives_the_same_bits(rasteriser):
    width, height = USUAL[1:]
    gaussians, target = scattered(*USUAL), np.random.default_rng(2).random((height, width, 3), np.float32)
    images = {rasteriser.forward(gaussians, width, height).tobytes() for _ in range(2)}
    fits = {descended(rasteriser.surface(target), gaussians, STEPS) for _ in range(2)}
    assert len(images) == 1 and len(fits) == 1


def test_a_replayed_graph_gives_the_bits_of_single_launches(rasteriser, scene):
    gaussians, target = scene
    replayed = descended(rasteriser.surface(target), gaussians, STEPS)
    assert replayed == descended(CudaRasteriser(Eager(rasteriser.device)).surface(target), gaussians, STEPS)


def test_lists_that_are_too_short_grow_and_change_nothing(rasteriser, scene, monkeypatch):
    gaussians, target = scene
    usual = descended(rasteriser.surface(target), gaussians, STEPS)
    monkeypatch.setattr("daub.render.cuda.drawing.ROOMY", 0)
    assert usual == descended(CudaRasteriser(rasteriser.device, members=1).surface(target), gaussians, STEPS)


def test_an_order_by_place_changes_nothing(rasteriser, scene, monkeypatch):
    gaussians, target = scene
    usual = descended(rasteriser.surface(target), gaussians, STEPS)
    monkeypatch.setattr("daub.render.cuda.drawing.SORTED_FROM", 0)
    assert usual == descended(rasteriser.surface(target), gaussians, STEPS)


def test_lists_by_bands_change_nothing(rasteriser, scene, monkeypatch):
    gaussians, target = scene
    usual = descended(rasteriser.surface(target), gaussians, STEPS)
    monkeypatch.setattr("daub.render.cuda.drawing.ROOMY", 0)
    monkeypatch.setattr("daub.render.cuda.drawing.LOOKED_THROUGH", 0)
    assert usual == descended(rasteriser.surface(target), gaussians, STEPS)
