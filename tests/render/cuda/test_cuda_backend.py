"""The CUDA backend as a fit, an encode and a window use it, its kernels run by fibers."""

import gc
from dataclasses import replace

import numpy as np
import pytest
from cuda_harness import DeviceLost, FiberDevice
from cuda_harness.arrays import DeviceArray
from failing_device import GAVE_UP
from scenes import random_gaussians

from daub.codec.encoder import encode
from daub.codec.fit import FitSettings, fit
from daub.codec.goal import Goal
from daub.codec.profiles.first_order import ProfileFit, fit_profile
from daub.codec.profiles.profile import PARTS, PROFILES
from daub.codec.progress import drive
from daub.codec.rate.packing import pack
from daub.codec.recipe import recipe_of
from daub.codec.rounding.harden import HardenSettings, harden
from daub.codec.settings import EncodeSettings
from daub.codec.symbols import Grid, dequantise, step_index
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda import backend, source
from daub.render.cuda.backend import CudaRasteriser
from daub.render.cuda.drawing import MOST_ROWS, MOST_WARPS, Drawing, TooLarge
from daub.render.descent import Descent, GaussNewton
from daub.render.devices import Failover
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser

CPU = CpuRasteriser()
WIDTH, HEIGHT = 32, 24


@pytest.fixture
def cuda(library):
    return CudaRasteriser(FiberDevice(library))


@pytest.fixture(scope="module")
def picture():
    y, x = np.mgrid[:HEIGHT, :WIDTH] / WIDTH
    rings = 0.5 + 0.4 * np.sin(25 * np.hypot(x - 0.4, y - 0.3))
    return np.stack([rings, np.clip(1.2 * x, 0, 1), (x + y > 0.8) * 0.7 + 0.1], -1).astype(np.float32)


@pytest.fixture
def scene():
    return random_gaussians(np.random.default_rng(0), 25, WIDTH, HEIGHT, (1.0, 0.5))


def test_forward_and_backward_match_the_reference(cuda, scene):
    cotangent = np.random.default_rng(1).normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
    for width, height in ((WIDTH, HEIGHT), (40, 10)):
        truth = ReferenceRasteriser().forward(scene, width, height)
        image = cuda.forward(scene, width, height)
        assert image.dtype == np.float32 and image.flags.c_contiguous
        assert np.abs(image - truth).max() <= 3e-6 * np.abs(truth).max()
    truth = ReferenceRasteriser().backward(scene, cotangent)
    gradient = cuda.backward(scene, cotangent)
    canvas = cuda.canvas(WIDTH, HEIGHT)
    assert np.array_equal(canvas.forward(scene), cuda.forward(scene, WIDTH, HEIGHT))
    assert np.array_equal(canvas.backward(scene, cotangent), gradient)
    assert (np.abs(gradient - truth).max(0) <= 5e-6 * np.abs(truth).max(0) + 1e-6).all()


def test_the_picture_for_a_window_stays_on_the_device(cuda, scene):
    rgba = cuda.forward_rgba(scene, WIDTH, HEIGHT)
    assert isinstance(rgba, cuda.device.xp.ndarray) and rgba.flags.c_contiguous and rgba.dtype == np.float32
    rgba = cuda.device.host(rgba)
    assert np.array_equal(rgba[..., :3], cuda.forward(scene, WIDTH, HEIGHT)) and (rgba[..., 3] == 1).all()


def test_frames_alike_are_recorded_once(library, scene):
    device = FiberDevice(library)
    cuda, others = CudaRasteriser(device), random_gaussians(np.random.default_rng(5), 25, WIDTH, HEIGHT, (1.0, 0.5))
    for gaussians in (scene, others, scene, Gaussians(scene.parameters[:9]), others):
        fresh = CudaRasteriser(FiberDevice(library))
        assert np.array_equal(cuda.forward(gaussians, WIDTH, HEIGHT), fresh.forward(gaussians, WIDTH, HEIGHT))
    assert device.graphs == 1
    assert np.array_equal(cuda.forward_8bit(scene, WIDTH, HEIGHT), to_8bit(cuda.forward(scene, WIDTH, HEIGHT)))


def test_lists_that_do_not_fit_get_room(library, scene, monkeypatch):
    monkeypatch.setattr("daub.render.cuda.drawing.ROOMY", 0)
    target, results = np.zeros((HEIGHT, WIDTH, 3), np.float32), []
    for members in (1 << 16, 3):
        device = FiberDevice(library)
        cuda = CudaRasteriser(device, members)
        image, rendered = cuda.forward(scene, WIDTH, HEIGHT), device.launches
        error = cuda.surface(target).error(Gaussians(device.xp.asarray(scene.parameters)))
        results.append((image.tobytes(), error))
    assert results[0] == results[1] and rendered == 2 * 5


def test_a_fit_is_that_of_the_cpu(cuda, picture):
    settings = FitSettings(gaussians=30, steps=45)
    by_step = {record.step: record for record in fit(picture, settings, CPU)}
    last = None
    for last in fit(picture, settings, cuda):
        same = by_step[last.step]
        assert isinstance(last.gaussians.parameters, np.ndarray)
        assert len(last.gaussians) == len(same.gaussians)
        assert last.psnr == pytest.approx(same.psnr, abs=1e-3)
    assert last.step == 45
    assert np.abs(last.gaussians.mean - same.gaussians.mean).max() < 0.05  # pixels, after 45 steps of rounding


@pytest.mark.parametrize("name", ["gaussianimage++", "smartsplat"])
def test_the_fit_of_a_published_method_is_that_of_the_cpu(cuda, picture, name):
    by_step = {record.step: record for record in fit_profile(picture, ProfileFit(PROFILES[name], 30, 20), CPU)}
    for last in fit_profile(picture, ProfileFit(PROFILES[name], 30, 20), cuda):
        assert isinstance(last.gaussians.parameters, np.ndarray)
        assert last.psnr == pytest.approx(by_step[last.step].psnr, abs=0.01) and last.event == by_step[last.step].event
    assert last.step == 20 and len(last.gaussians) == len(by_step[20].gaussians)


@pytest.mark.parametrize("start", PARTS["initialiser"].values(), ids=PARTS["initialiser"])
def test_a_fit_takes_every_start(cuda, picture, start):
    settings = FitSettings(gaussians=30, steps=3, initialiser=start)
    psnrs = [[record.psnr for record in fit(picture, settings, backend)][-1] for backend in (cuda, CPU)]
    assert psnrs[0] == pytest.approx(psnrs[1], abs=0.01)


def test_looking_less_often_and_short_lists_do_not_change_a_bit(library, picture, monkeypatch):
    """Strides follow the clock, so a fit that depended on them would differ from run to run."""
    monkeypatch.setattr("daub.render.cuda.drawing.ROOMY", 0)
    settings, ends, records = FitSettings(gaussians=30, steps=45), [], []
    for longest, members in ((1, 1 << 16), (64, 5)):
        monkeypatch.setattr(backend, "LONGEST_STRIDE", longest)
        monkeypatch.setattr(backend, "LOOK_EVERY", 1e9)
        device = FiberDevice(library)
        records.append(list(fit(picture, settings, CudaRasteriser(device, members))))
        ends.append(records[-1][-1].gaussians.parameters.tobytes())
    assert ends[0] == ends[1]
    often, seldom = ([record.event for record in run if record.event] for run in records)
    assert often == seldom and len(records[1]) < 25 < len(records[0])
    assert device.graphs > 1 + len(often), "some lists were too short, and their graphs recorded anew"


def test_strides_follow_the_clock(cuda, picture, scene, monkeypatch):
    surface = cuda.surface(picture)
    descent, strides = Descent.of(scene).moved(surface.xp.array), []
    monkeypatch.setattr(backend, "LONGEST_STRIDE", 4)
    for seconds in (1e9, 1e9, 1e9, 0.0):
        monkeypatch.setattr(backend, "LOOK_EVERY", seconds)
        surface.advance(descent, GaussNewton(), 1)
        strides.append(surface.stride)
    assert strides == [2, 4, 4, 1]


def test_a_graph_is_recorded_once_for_a_population(library, picture, monkeypatch):
    monkeypatch.setattr(backend, "LONGEST_STRIDE", 1)
    device = FiberDevice(library)
    records = list(fit(picture, FitSettings(gaussians=30, steps=45), CudaRasteriser(device)))
    assert device.graphs == 1 + sum(record.event is not None for record in records)


def test_rounding_is_that_of_the_cpu(cuda, picture):
    fitted = list(fit(picture, FitSettings(gaussians=20, steps=40), CPU))[-1].gaussians
    grid, settings = Grid(WIDTH, HEIGHT, step_index(0.3), 2), HardenSettings(3, 4, 3, 4)
    expected, got = ([], [])
    symbols = drive(harden(picture, fitted, grid, settings, CPU), expected.append)
    others = drive(harden(picture, fitted, grid, settings, cuda), got.append)
    assert got[-1].step == expected[-1].step == got[-1].steps
    assert got[-1].psnr == pytest.approx(expected[-1].psnr, abs=0.2)  # a rounding the other way here and there
    assert np.mean(symbols.values != others.values) < 0.1
    assert isinstance(got[0].gaussians.parameters, np.ndarray) and len(dequantise(others, grid)) == 20


def test_a_file_is_about_that_of_the_cpu(cuda, picture):
    settings = replace(recipe_of(EncodeSettings(Goal("gaussians", 12), steps=12)), harden=HardenSettings(2, 4, 2, 2))
    mine, theirs = (drive(encode(picture[:16, :20], settings, rasteriser)) for rasteriser in (cuda, CPU))
    assert mine.psnr == pytest.approx(theirs.psnr, abs=0.3)
    assert len(mine.data) == pytest.approx(len(theirs.data), rel=0.05)


@pytest.mark.parametrize("launches", [0, 140, 200])  # none of them among the births, which would then fall elsewhere
def test_a_device_that_dies_leaves_the_fit_to_the_cpu(library, picture, launches):
    settings, told = FitSettings(gaussians=30, steps=45), []
    cuda = CudaRasteriser(FiberDevice(library, dies_after=launches))
    records = list(fit(picture, settings, Failover(cuda, told.append)))
    assert told == [GAVE_UP]
    steps = [record.step for record in records]
    assert steps == sorted(set(steps)) and steps[-1] == 45 and len(records[-1].gaussians) == 30
    psnrs = {record.step: record.psnr for record in fit(picture, settings, CPU)}
    assert [record.psnr for record in records] == pytest.approx([psnrs[step] for step in steps], abs=1e-3)


@pytest.mark.parametrize("launches", [0, 60, 160])
def test_a_device_that_dies_is_asked_once_in_an_encode(library, picture, launches):
    settings = replace(recipe_of(EncodeSettings(Goal("gaussians", 12), steps=12)), harden=HardenSettings(2, 4, 2, 2))
    device, told = FiberDevice(library, dies_after=launches), []
    encoded = drive(encode(picture[:16, :20], settings, Failover(CudaRasteriser(device), told.append)))
    assert told == [GAVE_UP] and device.launches == launches
    with pytest.warns(RuntimeWarning, match="the GPU gave up, it fell off the bus, the CPU goes on") as warned:
        drive(pack(picture[:16, :20], encoded.gaussians, settings, CudaRasteriser(device)))
    assert len(warned) == 1


@pytest.mark.parametrize("name", ["fit", "gaussianimage-cholesky", "harden"])
def test_a_device_that_is_full_gets_all_its_memory_back(library, picture, monkeypatch, name):
    def arrays():
        return sum(type(each) is DeviceArray for each in gc.get_objects())

    def release():
        left.append(arrays() - before)

    gc.collect()
    left, told, before, device = [], [], arrays(), FiberDevice(library)
    monkeypatch.setattr(device, "release", release)
    cuda = CudaRasteriser(device)
    cuda.forward(Gaussians.empty(5), WIDTH, HEIGHT)  # leaves a canvas behind
    cuda = Failover(cuda, told.append)
    monkeypatch.setattr("daub.render.cuda.drawing.MOST_WARPS", 10)
    if name == "fit":
        drive(fit(picture, FitSettings(gaussians=30, steps=20), cuda))
    elif name == "harden":
        fitted = random_gaussians(np.random.default_rng(0), 25, WIDTH, HEIGHT, (1.0, 0.5))
        grid = Grid(WIDTH, HEIGHT, step_index(0.3), 2)
        drive(harden(picture, fitted, grid, HardenSettings(2, 2, 2, 2), cuda))
    else:
        drive(fit_profile(picture, ProfileFit(PROFILES[name], 30, 3), cuda))
    assert left == [0] and len(told) == 1


def test_a_failing_device_raises_what_the_backend_announces(library, scene):
    cuda = CudaRasteriser(FiberDevice(library, dies_after=3))
    with pytest.raises(cuda.failures) as caught:
        cuda.forward(scene, WIDTH, HEIGHT)
    assert caught.type is DeviceLost


def test_what_the_kernels_cannot_number_is_refused(cuda, monkeypatch):
    assert issubclass(TooLarge, cuda.failures)
    with pytest.raises(TooLarge, match="2000000000x1 pixels"):
        Drawing(cuda.device, 2_000_000_000, 1, 0)
    with pytest.raises(TooLarge, match="1x1048561 pixels"):
        Drawing(cuda.device, 1, 1_048_561, 0)
    monkeypatch.setattr("daub.render.cuda.drawing.MOST_GAUSSIANS", 4)
    with pytest.raises(TooLarge, match="5 Gaussians"):
        cuda.forward(Gaussians.empty(5), 8, 8)
    drawing = Drawing(cuda.device, 8, 8, 0)
    drawing.lengths[0] = 2_000_000_000
    with pytest.raises(TooLarge, match="2000000000 runs"):
        drawing.grow()


def test_the_largest_that_are_not_refused_can_be_numbered():
    grid, _, _ = source.blocks(MOST_WARPS * source.WARP)
    assert grid * source.THREADS < 2**31 <= (grid + 1) * source.THREADS
    assert source.tiles(1, MOST_ROWS)[1] == 65535


def wrong(descent, xp):
    """Changes to a descent that a kernel would take without a word."""
    other = Gaussians(descent.gaussians.parameters.astype(np.float64))
    yield "parameters must be contiguous float32 of shape", {"gaussians": other}
    yield "momentum must be contiguous float32", {"momentum": descent.momentum[:, ::-1]}
    yield "momentum must be contiguous float32 of shape", {"momentum": descent.momentum[:-1]}
    yield "frozen must be contiguous bool", {"frozen": xp.zeros((25, 2), np.float32)}
    yield "best must be contiguous float32 of shape", {"best": Gaussians(descent.best.parameters[:3])}


def test_arrays_that_no_kernel_may_see_are_refused(cuda, picture, scene):
    surface = cuda.surface(picture)
    for i in range(5):
        descent = Descent.of(scene).moved(surface.xp.array)
        reason, change = list(wrong(descent, surface.xp))[i]
        for name, value in change.items():
            setattr(descent, name, value)
        with pytest.raises(ValueError, match=reason):
            surface.advance(descent, GaussNewton(), 1)
    with pytest.raises(TypeError, match="parameters must be an array of the device, not a ndarray"):
        surface.error(scene)
    with pytest.raises(ValueError, match="zip"):
        surface._drawing.launch("scan", (1, 1, 1), surface._drawing.lengths)
    with pytest.raises(ValueError, match="lengths of scan must be contiguous int32, not float32"):
        surface._drawing.launch("scan", (1, 1, 1), None, 0, None, 0, 0, surface._drawing.image)
