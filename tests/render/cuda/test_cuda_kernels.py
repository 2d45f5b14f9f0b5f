"""The CUDA kernels without a GPU: run on a CPU against the float64 reference and the cpu backend, and compiled for all.

What a GPU would still have to show: its own rounding, real concurrency between blocks, and speed.
"""

import math
import os
import re
import subprocess
import sys
from pathlib import Path

import cuda_harness
import numpy as np
import pytest
from cuda_harness import DivergentBarrier, FiberDevice
from scenes import in_frame, random_gaussians

from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda import compiler, source
from daub.render.cuda.backend import CudaSurface
from daub.render.cuda.drawing import Drawing
from daub.render.descent import MOMENTUM, Descent, GaussNewton
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import SUPPORT, Gaussians
from daub.render.reference import ReferenceRasteriser

WIDTH, HEIGHT = 70, 45  # no multiple of a tile

# Turing, A100, RTX 30, RTX 40, H100, RTX 50.
ARCHITECTURES = [75, 80, 86, 89, 90, 120]
# An SM has 65536 registers: 64 let 1024 threads reside, which a block of BLOCK threads needs to start at all; 32, 2048.
REGISTERS = {"derive": 32, "collect": 48, "count": 32, "scan": 48, "fill": 32, "rasterise": 64}
REGISTERS |= {"backward": 56, "step": 80, "gather": 56, "smooth": 64, "peaks": 32}
REGISTERS |= {"rasterise_weighted": 64, "backward_weighted": 64, "step_weighted": 80, "gather_energy": 56}
REGISTERS |= {"make_opaque": 32, "round_to_8bit": 32}


def drawing_on(library, width=WIDTH, height=HEIGHT, seed=0):
    return Drawing(FiberDevice(library, seed), width, height, 1 << 14)


def surface_on(library, target, seed=0, members=1 << 14):
    return CudaSurface(FiberDevice(library, seed), target, members)


def uploaded(drawing, gaussians):
    return Gaussians(drawing.device.xp.asarray(gaussians.parameters))


def mixed_scene(rng):
    """40 of all sorts, and 300 on one tile, more than one batch of it."""
    usual = random_gaussians(rng, 40, WIDTH, HEIGHT, (0.5, 0.8))
    usual.log_scale[:6] = rng.normal(-3, 0.5, (6, 2))  # tiny
    usual.mean[:3] = (3, 4), (16, 15), (69, 44)  # and yet on a pixel
    usual.log_scale[6:12] = rng.normal(4, 0.5, (6, 2))  # huge
    usual.parameters[12:18, 4] = rng.normal(0, 8, 6)  # slanted
    usual.mean[18:20] = (-1e6, 3), (5, 1e9)  # never seen
    crowd = random_gaussians(rng, 300, WIDTH, HEIGHT, (0.3, 0.3))
    crowd.mean[:] = rng.uniform((33, 17), (47, 31), (300, 2))
    return Gaussians.concatenate(usual, crowd)


@pytest.fixture(params=["collected", "counted"])
def lists(request, monkeypatch):
    """The lists of few Gaussians, made at once, and of many, counted beforehand."""
    if request.param == "counted":
        monkeypatch.setattr("daub.render.cuda.drawing.ROOMY", 0)


def draw(drawing, gaussians):
    """The list of each tile, as the rasteriser takes it from those of the runs, row by row."""
    drawing.draw(uploaded(drawing, gaussians))
    n, runs = len(gaussians), drawing.runs
    start, members = runs.start.host.astype(int), runs.members.host.view(np.uint32)
    columns, rows = source.tiles(drawing.width, drawing.height)
    found = []
    for row in range(rows):
        for column in range(columns):
            run, place = row * runs.columns + column // source.RUN, column % source.RUN
            if drawing._roomy(n):
                entries = members[run * n : run * n + start[run]]
            else:
                entries = members[start[run * runs.parts] : start[(run + 1) * runs.parts]]
            first, last = entries >> 24 & 15, entries >> 28
            found.append((entries & (1 << 24) - 1)[(first <= place) & (place <= last)])
    return found


def test_the_render_matches_the_reference(library, lists):
    rng = np.random.default_rng(0)
    gaussians, target = mixed_scene(rng), rng.random((HEIGHT, WIDTH, 3), np.float32)
    truth = ReferenceRasteriser().forward(gaussians, WIDTH, HEIGHT)
    drawing = drawing_on(library)
    assert max(map(len, draw(drawing, gaussians))) > source.TILE**2
    assert np.abs(drawing.image.host - truth).max() <= 3e-6 * np.abs(truth).max()
    drawing.draw(uploaded(drawing, gaussians), drawing.device.xp.asarray(target))
    assert np.abs(drawing.image.host - (truth - target)).max() <= 3e-6 * np.abs(truth).max()
    error = surface_on(library, target).error(uploaded(drawing, gaussians))
    assert error == pytest.approx(((truth - target) ** 2).sum(), rel=1e-6)


@pytest.mark.parametrize("log_scale", [(0.5, 0.8), (-3.0, 0.5), (4.0, 0.5)], ids=["usual", "tiny", "huge"])
def test_the_gradient_matches_the_reference(library, log_scale):
    rng = np.random.default_rng(1)
    gaussians = random_gaussians(rng, 30, WIDTH, HEIGHT, log_scale)
    gaussians.mean[0] = 0, 0
    cotangent = rng.normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
    truth = in_frame(gaussians, ReferenceRasteriser().backward(gaussians, cotangent))
    drawing = drawing_on(library)
    gradient = drawing.gather(uploaded(drawing, gaussians), drawing.device.xp.asarray(cotangent)).host
    for column in range(8):
        bound = 5e-6 * np.abs(truth[:, column]).max() + 5e-7  # as for the cpu backend
        assert np.abs(gradient[:, column] - truth[:, column]).max() <= bound, column


def test_large_gaussians_are_gathered_in_many_pieces(library):
    """And thousands of small ones, some of them nowhere, each find their own."""
    rng = np.random.default_rng(8)
    width, height = 300, 170
    gaussians = random_gaussians(rng, 2100, width, height, (-0.5, 0.5))
    gaussians.mean[::7] = -1e4
    gaussians.log_scale[500:503], gaussians.mean[500:503] = (6, 3), (150, 80)
    gaussians.parameters[501:503, 4] = -40, 0.7
    gaussians.log_scale[600:604], gaussians.mean[600:604] = (-60, 2), (20.5, 30.3)  # q overflows
    gaussians.log_scale[602:604] = (2, -60)
    cotangent = rng.normal(size=(height, width, 3)).astype(np.float32)
    drawing = drawing_on(library, width, height)
    gradient = drawing.gather(uploaded(drawing, gaussians), drawing.device.xp.asarray(cotangent)).host
    pieces = np.diff(drawing.first.host)
    assert (pieces[::7] == 0).all() and pieces[500:503].min() > 4 and np.median(pieces[pieces > 0]) == 1
    # A round of a warp is at most WARP pixels, and a piece about PIECE rounds.
    expected = in_frame(gaussians, CpuRasteriser().backward(gaussians, cotangent))
    assert np.abs(gradient - expected).max() < 2e-5 * np.abs(expected).max()
    assert pieces[500] == pytest.approx(width / source.WARP * height / source.PIECE, rel=0.2)


@pytest.mark.parametrize("short", [False, True])
def test_lists_by_bands_are_the_same(library, monkeypatch, short):
    width, height = 530, 300
    rng = np.random.default_rng(9)
    gaussians, target = (
        random_gaussians(rng, 300, width, height, (2.0, 1.0)),
        rng.random((height, width, 3), np.float32),
    )
    monkeypatch.setattr("daub.render.cuda.drawing.ROOMY", 0)
    direct = drawing_on(library, width, height)
    direct.render(uploaded(direct, gaussians), direct.device.xp.asarray(target))
    monkeypatch.setattr("daub.render.cuda.drawing.LOOKED_THROUGH", 0)
    banded = drawing_on(library, width, height)
    banded.reserve(300)
    if short:
        banded.bands.members = banded.bands.members[:9]
    banded.render(uploaded(banded, gaussians), banded.device.xp.asarray(target))
    total = int(direct.runs.start.host[-1])
    assert banded.bands.columns == 3 and banded.lengths.host.tolist()[:2] == direct.lengths.host.tolist()[:2]
    assert banded.lengths.host[2] == banded.bands.start.host[-1] > 200
    begins = (lists.start.host[:: lists.parts] for lists in (banded.runs, direct.runs))
    assert np.array_equal(*begins)
    assert np.array_equal(banded.runs.members.host[:total], direct.runs.members.host[:total])
    assert np.array_equal(banded.image.host, direct.image.host)


def descent_in_motion(rng, gaussians):
    """A state in which everything that can bind does for some Gaussians and does not for others."""
    descent = Descent.of(gaussians)
    momentum = rng.normal(0, 0.5, (len(gaussians), MOMENTUM)).astype(np.float32)
    momentum[:, 8] = rng.uniform(0.2, 1, len(gaussians))
    momentum[:, 9] = rng.uniform(-1, 2.3, len(gaussians))
    momentum[::5] = 0  # just born
    descent.momentum[:] = momentum
    descent.frozen[:] = rng.random((len(gaussians), 2)) < 0.2
    return descent


@pytest.mark.parametrize("bit_price", [0.0, 0.2])
def test_steps_match_those_of_the_cpu_backend(library, bit_price):
    rng = np.random.default_rng(2)
    gaussians, target = mixed_scene(rng), rng.random((HEIGHT, WIDTH, 3), np.float32)
    expected, settings = descent_in_motion(rng, gaussians), GaussNewton()
    cpu, surface = CpuRasteriser().surface(target), surface_on(library, target)
    for _ in range(3):
        stepped = expected.moved(surface.xp.array)  # anew, or rounding would grow from step to step
        cpu.advance(expected, settings, 1, bit_price)
        surface.advance(stepped, settings, 1, bit_price)
        stepped = stepped.moved(surface.host)
        assert stepped.error == pytest.approx(expected.error, rel=1e-5)
        assert stepped.best_error == pytest.approx(expected.best_error, rel=1e-5)
        assert np.abs(stepped.momentum - expected.momentum).max() < 2e-5 * np.abs(expected.momentum).max()
        for moved, right in ((stepped.gaussians, expected.gaussians), (stepped.best, expected.best)):
            assert np.abs(moved.mean - right.mean).max() < 1e-4  # pixels, of Gaussians up to 140 of them large
            assert np.abs(moved.parameters - right.parameters)[:, 2:5].max() < 1e-5
            assert np.abs(moved.coefficient - right.coefficient).max() < 1e-6 * np.abs(right.coefficient).max()


def test_every_list_holds_the_gaussians_of_its_tile_in_order(library, lists):
    width, height = 16 * source.RUN * source.WARP + 300, 60  # more runs in a row than a warp has lanes
    gaussians = random_gaussians(np.random.default_rng(3), 300, width, height, (3.0, 1.0))
    drawing = drawing_on(library, width, height)
    found = draw(drawing, gaussians)
    columns, rows = source.tiles(width, height)
    assert drawing.runs.columns > source.WARP
    rectangles = drawing.rectangles.host
    left, top, right, bottom = rectangles.T
    seen = (left < right) & (top < bottom)
    assert 0 < seen.sum() < len(gaussians) and not rectangles[~seen].any()
    assert (right <= columns).all() and (bottom <= rows).all() and (right - left).max() > 2 * source.RUN
    for tile, members in enumerate(found):
        row, column = divmod(tile, columns)
        inside = (left <= column) & (column < right) & (top <= row) & (row < bottom)
        assert np.array_equal(members, np.flatnonzero(inside))


@pytest.mark.parametrize("entries", [1, 7, 8 * 1024 - 1, 8 * 1024 + 9, 40_000])
def test_counts_become_where_lists_begin(library, entries):
    drawing = drawing_on(library)
    counts = np.random.default_rng(entries).integers(0, 9, entries + 1).astype(np.int32)
    scanned = drawing.device.xp.asarray(counts)
    drawing.launch("scan", (1, 1, 1), scanned, entries, None, 0, 1, drawing.lengths)
    assert np.array_equal(scanned.host, np.concatenate([[0], np.cumsum(counts[:-1])]))
    assert drawing.lengths.host[1] == scanned.host[-1]


def test_the_order_of_threads_and_blocks_does_not_change_a_bit(library):
    results = []
    for seed in range(4):
        rng = np.random.default_rng(4)
        gaussians, target = mixed_scene(rng), rng.random((HEIGHT, WIDTH, 3), np.float32)
        surface = surface_on(library, target, seed)
        descent = descent_in_motion(rng, gaussians).moved(surface.xp.array)
        surface.advance(descent, GaussNewton(), 2, 0.2)
        arrays = surface.absolute_error(), descent.gaussians.parameters, descent.momentum, descent.best.parameters
        results.append((descent.error, [surface.host(array).tobytes() for array in arrays]))
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize("which", ["runs", "bands", "pieces"])
def test_lists_that_do_not_fit_hold_the_optimiser_until_there_is_room(library, monkeypatch, which):
    rng = np.random.default_rng(5)
    gaussians, target = mixed_scene(rng), rng.random((HEIGHT, WIDTH, 3), np.float32)
    monkeypatch.setattr("daub.render.cuda.drawing.ROOMY", 0)
    if which == "bands":
        monkeypatch.setattr("daub.render.cuda.drawing.LOOKED_THROUGH", 0)
    roomy, short = surface_on(library, target), surface_on(library, target)
    descent = descent_in_motion(rng, gaussians).moved(short.xp.array)
    expected = descent.moved(roomy.xp.array)
    roomy.error(expected.gaussians)
    lengths = dict(zip(("runs", "pieces", "bands"), roomy._drawing.lengths.host.tolist(), strict=True))

    drawing, xp = short._drawing, short.xp
    drawing.reserve(len(gaussians))
    monkeypatch.setattr(drawing, "reserve", lambda _: None)  # it would make room for as many in bands as are usual
    if which == "pieces":
        monkeypatch.setattr(short, "_usual_pieces", lambda _: lengths["pieces"] - 1)
    else:
        getattr(drawing, which).members = xp.empty(lengths[which] - 1, np.int32)
    before = descent.moved(short.host)
    short._set_verdict(error=7.0, best_error=3.0)
    for _ in range(2):
        short._graph(descent)()
    verdict = short._read_verdict()
    assert (verdict["held"], verdict["taken"], verdict["error"], verdict["best_error"]) == (1, 0, 7, 3)
    assert np.array_equal(descent.gaussians.parameters.host, before.gaussians.parameters)
    assert np.array_equal(descent.momentum.host, before.momentum)
    monkeypatch.delattr(drawing, "reserve")

    roomy.advance(expected, GaussNewton(), 3, 0.2)
    short.advance(descent, GaussNewton(), 3, 0.2)
    assert (descent.error, descent.best_error) == (expected.error, expected.best_error)
    assert np.array_equal(descent.gaussians.parameters.host, expected.gaussians.parameters.host)
    assert np.array_equal(descent.best.parameters.host, expected.best.parameters.host)


def test_lengths_beyond_an_int_stay_at_the_largest(library):
    drawing = drawing_on(library)
    counts = drawing.device.xp.asarray(np.full(25, 1 << 27, np.int32))
    others = drawing.device.xp.asarray(np.arange(4, dtype=np.int32))
    drawing.launch("scan", (2, 1, 1), counts, 24, others, 3, 0, drawing.lengths)
    exact = np.arange(25, dtype=np.int64) << 27
    assert np.array_equal(counts.host, np.minimum(exact, 2**31 - 1))
    assert others.host.tolist() == [0, 0, 1, 3] and drawing.lengths.host.tolist() == [2**31 - 1, 3, 0]


def test_pictures_become_opaque_or_8_bits(library):
    drawing = drawing_on(library)
    image = np.random.default_rng(11).normal(0.5, 0.5, (HEIGHT, WIDTH, 3)).astype(np.float32)
    drawing.image[:] = drawing.device.xp.asarray(image)
    assert np.array_equal(drawing.opaque().host, np.dstack([image, np.ones((HEIGHT, WIDTH))]))
    assert np.array_equal(drawing.rounded().host, to_8bit(image))


@pytest.mark.parametrize("smoothing", [0.4, 1.3, 14.0])  # the last reaches beyond the mirror image
def test_peaks_are_those_of_the_cpu_backend(library, smoothing):
    target = np.random.default_rng(10).random((HEIGHT, WIDTH, 3), np.float32)
    cpu, surface = CpuRasteriser().surface(target), surface_on(library, target)
    cpu.error(Gaussians.empty())
    surface.error(Gaussians(surface.xp.zeros((0, 8), np.float32)))
    assert np.array_equal(surface.target.host, target)
    expected = cpu.peaks(smoothing, 1000)
    assert 0 < len(expected) < 500 and np.array_equal(surface.peaks(smoothing, 1000).host, expected)
    assert np.array_equal(surface.peaks(smoothing, 3).host, expected[:3])


def test_a_flat_error_has_its_peaks_anywhere(library):
    target = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    cpu, surface = CpuRasteriser().surface(target), surface_on(library, target)
    cpu.error(Gaussians.empty())
    surface.error(Gaussians(surface.xp.zeros((0, 8), np.float32)))
    found = [cpu.peaks(0.1, 300), surface.peaks(0.1, 300).host]  # as narrow as to round nothing
    assert np.array_equal(*found) and len(set(found[0].tolist())) == 300
    for place, size in ((found[0] // WIDTH, HEIGHT), (found[0] % WIDTH, WIDTH)):
        assert np.abs(np.histogram(place, 3, (0, size))[0] - 100).max() < 25
    surface.error(Gaussians(surface.xp.zeros((0, 8), np.float32)))
    exact = surface_on(library, np.zeros_like(target))
    exact.error(Gaussians(surface.xp.zeros((0, 8), np.float32)))
    assert len(exact.peaks(1.0, 300)) == 0


def test_no_gaussians_give_black(library):
    drawing = drawing_on(library, 17, 9)
    nothing = uploaded(drawing, Gaussians.empty())
    draw(drawing, Gaussians.empty())
    assert not drawing.image.host.any() and not drawing.squares.host.any()
    assert drawing.gather(nothing, drawing.image).shape == (0, 8)


def rasterise_changed(change):
    """The kernels, with what that one is made of changed."""
    before, mark, rest = source.read().partition("\n__device__ void rasterise_tile(")
    body, end, after = rest.partition("\n}\n")
    changed = change(body)
    assert changed != body
    return before + mark + changed + end + after


def test_a_tile_takes_the_gaussians_that_come_to_it_and_hardly_others(tmp_path):
    """Counted by the kernel in the place of its squares: a tile looked at in vain does not show in the picture."""

    def count(body):
        for before, after in (
            ("float r[ROWS] = {},", "int came = 0;\nfloat r[ROWS] = {},"),
            ("for (int i = 0; i < size; i++)", "came += size;\nfor (int i = 0; i < size; i++)"),
            ("square = warp_sum(square);", "square = warp_sum(threadIdx.x ? 0.f : (float)came);"),
        ):
            assert before in body
            body = body.replace(before, after)
        return body

    rng = np.random.default_rng(12)
    gaussians = random_gaussians(rng, 300, WIDTH, HEIGHT, (1.0, 0.7))
    gaussians.parameters[:, 4] = rng.normal(0, 1, 300) * 10 ** rng.uniform(-1, 1.5, 300)
    drawing = drawing_on(cuda_harness.build(tmp_path, rasterise_changed(count)))
    boxes = np.array([len(members) for members in draw(drawing, gaussians)])
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T[:, :, None, None]
    z1 = (x - gaussians.mean[:, 0, None, None]) / l1
    z2 = (y - gaussians.mean[:, 1, None, None]) / l3 - gaussians.shear[:, None, None] * z1
    inside = z1**2 + z2**2 < SUPPORT - 1e-4  # (N, H, W)
    tops, lefts = np.arange(0, HEIGHT, source.TILE), np.arange(0, WIDTH, source.TILE)
    needed = np.logical_or.reduceat(np.logical_or.reduceat(inside, tops, 1), lefts, 2).sum(0)
    came, boxes = drawing.squares.host, boxes.reshape(needed.shape)
    assert (came >= needed).all() and (came <= boxes).all()
    assert came.sum() < 1.1 * needed.sum() < 0.9 * boxes.sum()


@pytest.mark.parametrize("barrier", range(3))
def test_the_harness_notices_a_missing_barrier(tmp_path, barrier):
    def drop(body):
        pieces = body.split("__syncthreads();")
        pieces[barrier : barrier + 2] = ["".join(pieces[barrier : barrier + 2])]
        return "__syncthreads();".join(pieces)

    library = cuda_harness.build(tmp_path, rasterise_changed(drop))
    gaussians, renders = mixed_scene(np.random.default_rng(6)), set()
    for seed in range(2):
        drawing = drawing_on(library, seed=seed)
        draw(drawing, gaussians)
        renders.add((drawing.image.host.tobytes(), drawing.squares.host.tobytes()))
    assert len(renders) == 2


def test_the_harness_notices_a_barrier_that_some_threads_miss(tmp_path):
    def leave(body):
        return body.replace("for (int first", "if (column >= width) return;\nfor (int first")

    drawing = drawing_on(cuda_harness.build(tmp_path, rasterise_changed(leave)))
    with pytest.raises(DivergentBarrier, match="rasterise"):
        draw(drawing, mixed_scene(np.random.default_rng(7)))


def run_sanitized(folder, text):
    """The exit status and the findings of a run of every kernel under AddressSanitizer."""
    runtime = subprocess.run(["g++", "-print-file-name=libasan.so"], capture_output=True, text=True).stdout.strip()
    if not Path(runtime).is_absolute():
        pytest.skip("g++ has no AddressSanitizer here")
    library = cuda_harness.build(folder, text, cuda_harness.SANITIZE)
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = os.environ | {"LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0", "PYTHONPATH": path}
    command = [sys.executable, "-m", "cuda_harness", str(library)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.returncode, done.stderr


def test_nothing_is_touched_out_of_bounds(tmp_path):
    status, findings = run_sanitized(tmp_path, source.read())
    assert status == 0, findings


def test_the_sanitizer_notices_a_list_written_beyond_its_end(tmp_path):
    text = source.read().replace("else if (cursor < capacity)", "else")
    assert text != source.read()
    status, findings = run_sanitized(tmp_path, text)
    assert status != 0 and "heap-buffer-overflow" in findings


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_kernel_compiles_and_stays_in_its_registers(architecture):
    pytest.importorskip("cuda.bindings.nvrtc", reason="cuda-bindings is not installed")
    cubin, log = compiler.compile_kernels(architecture, "--ptxas-options=-v")
    assert cubin.startswith(b"\x7fELF")
    usage = usage_of(log)
    assert usage.keys() == source.KERNELS.keys() == REGISTERS.keys()
    for kernel, (spilled, registers) in usage.items():
        assert spilled == 0, kernel
        assert registers <= REGISTERS[kernel], kernel


def usage_of(log):
    """Kernel -> bytes of spills and of stack, and registers per thread, as the compiler reports them."""
    pattern = r"entry function '(\w+)'.*?(\d+) bytes stack frame, (\d+) bytes spill stores.*?Used (\d+) registers"
    return {
        kernel: (int(stack) + int(spilled), int(registers))
        for kernel, stack, spilled, registers in re.findall(pattern, log, re.DOTALL)
    }


def test_settings_carry_logarithms_and_bounds():
    packed = dict(zip(source.SETTINGS, source.settings(GaussNewton(), 0.5, 30, 20), strict=True))
    assert packed["bit_price"] == 0.5
    assert packed["rate"] == np.float32(GaussNewton().rate)
    assert packed["smallest"] == np.float32(math.log(GaussNewton().smallest))
    assert (packed["right"], packed["bottom"], packed["largest"]) == (29.5, 19.5, np.float32(math.log(60)))


def test_every_file_of_kernels_is_compiled():
    assert {path.name for path in Path(source.__file__).parent.glob("*.cu")} == set(source.FILES)


def test_the_signatures_are_those_of_all_kernels():
    signatures = source.signatures()
    assert signatures.keys() == source.KERNELS.keys()
    assert signatures["fill"]["rectangles"] == (np.int32, True) and signatures["fill"]["capacity"] == (np.int32, False)
    assert signatures["step"]["frozen"] == (np.bool_, True) and signatures["backward"]["verdict"] == (np.float64, True)
    assert signatures["step_weighted"]["coarse"] == (np.float32, False)
