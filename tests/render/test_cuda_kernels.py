"""The CUDA kernels without a GPU: run on a CPU against the float64 reference and the cpu backend, and compiled for all.

What a GPU would still have to show: its own rounding, real concurrency between blocks, and speed.
"""

import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cuda_harness
import numpy as np
import pytest
from cuda_harness import DivergentBarrier, Machine
from test_cpu import own_frame, random_gaussians

from render.cpu import CpuRasterizer
from render.cuda import source
from render.gaussians import Gaussians
from render.rasterizer import MOMENTUM, GaussNewton
from render.reference import ReferenceRasterizer

WIDTH, HEIGHT = 70, 45  # no multiple of a tile
needs_compiler = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("g++") is None, reason="running the kernels here takes Linux and g++"
)

# Turing, A100, RTX 30, RTX 40, H100, RTX 50.
ARCHITECTURES = [75, 80, 86, 89, 90, 120]
# An SM has 65536 registers: 64 let 1024 threads reside, which a block of BLOCK threads needs to start at all; 32, 2048.
REGISTERS = {"derive": 32, "count": 32, "scan": 64, "fill": 32, "rasterize": 56, "sum_squares": 64}
REGISTERS |= {"gather": 56, "step": 56}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return cuda_harness.build(tmp_path_factory.mktemp("kernels"))


def planes(image):
    """(H, W, 3) -> (3, H, W)."""
    return np.ascontiguousarray(image.transpose(2, 0, 1))


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


def list_starts(machine, gaussians):
    """(tiles + 1,): where the list of each tile begins."""
    machine.bin(gaussians)
    return machine.start[:: source.PARTS]


@needs_compiler
def test_the_render_matches_the_reference(library):
    rng = np.random.default_rng(0)
    gaussians, target = mixed_scene(rng), rng.random((HEIGHT, WIDTH, 3), np.float32)
    truth = ReferenceRasterizer().forward(gaussians, WIDTH, HEIGHT)
    machine = Machine(library, WIDTH, HEIGHT)
    lengths = np.diff(list_starts(machine, gaussians))
    assert lengths.max() > source.TILE**2
    for goal, expected in ((None, truth), (planes(target), truth - target)):
        image = machine.rasterize(gaussians, goal)
        assert np.abs(image - planes(expected)).max() <= 3e-6 * np.abs(truth).max()
        assert machine.error == pytest.approx((expected**2).sum(), rel=1e-6)
    assert not machine.overflow.any()


@needs_compiler
@pytest.mark.parametrize("log_scale", [(0.5, 0.8), (-3.0, 0.5), (4.0, 0.5)], ids=["usual", "tiny", "huge"])
def test_the_gradient_matches_the_reference(library, log_scale):
    rng = np.random.default_rng(1)
    gaussians = random_gaussians(rng, 30, WIDTH, HEIGHT, log_scale)
    gaussians.mean[0] = 0, 0
    cotangent = rng.normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
    truth = own_frame(gaussians, ReferenceRasterizer().backward(gaussians, cotangent))
    gradient = Machine(library, WIDTH, HEIGHT).gather(gaussians, planes(cotangent))
    for column in range(8):
        bound = 5e-6 * np.abs(truth[:, column]).max() + 5e-7  # as for the cpu backend
        assert np.abs(gradient[:, column] - truth[:, column]).max() <= bound, column


def optimiser_state(rng, count):
    """Momentum and frozen in which everything that can bind does for some Gaussians and does not for others."""
    momentum = rng.normal(0, 0.5, (count, MOMENTUM)).astype(np.float32)
    momentum[:, 8] = rng.uniform(0.2, 1, count)
    momentum[:, 9] = rng.uniform(-1, 2.3, count)
    momentum[::5] = 0  # just born
    return momentum, rng.random((count, 2)) < 0.2


@needs_compiler
def test_steps_match_those_of_the_cpu_backend(library):
    rng = np.random.default_rng(2)
    gaussians, target = mixed_scene(rng), rng.random((HEIGHT, WIDTH, 3), np.float32)
    (momentum, frozen), settings = optimiser_state(rng, len(gaussians)), GaussNewton()
    expected, average, surface = gaussians.copy(), momentum.copy(), CpuRasterizer().surface(target)
    machine = Machine(library, WIDTH, HEIGHT)
    for _ in range(3):
        error = surface.step(expected, average, settings, frozen)
        machine.step(gaussians, momentum, settings, frozen, planes(target))
        assert machine.error == pytest.approx(error, rel=1e-5)
        assert np.abs(momentum - average).max() < 2e-5 * np.abs(average).max()
        assert np.abs(gaussians.mean - expected.mean).max() < 1e-4  # pixels, of Gaussians up to 140 of them large
        assert np.abs(gaussians.parameters - expected.parameters)[:, 2:5].max() < 1e-5
        assert np.abs(gaussians.coefficient - expected.coefficient).max() < 1e-6 * np.abs(expected.coefficient).max()
        gaussians, momentum = expected.copy(), average.copy()  # or rounding would grow from step to step


@needs_compiler
def test_every_list_holds_the_gaussians_of_its_tile_in_order(library):
    width, height = 1100, 330  # more columns than a warp has lanes, more tiles than a block has threads
    gaussians = random_gaussians(np.random.default_rng(3), 300, width, height, (2.0, 1.0))
    machine = Machine(library, width, height)
    start = list_starts(machine, gaussians)
    assert machine.columns > 2 * source.WARP and len(start) > source.BLOCK
    left, top, right, bottom = machine.rectangles.T
    seen = (left < right) & (top < bottom)
    assert 0 < seen.sum() < len(gaussians) and not machine.rectangles[~seen].any()
    assert (right <= machine.columns).all() and (bottom <= machine.rows).all()
    for tile in range(len(start) - 1):
        row, column = divmod(tile, machine.columns)
        inside = (left <= column) & (column < right) & (top <= row) & (row < bottom)
        assert np.array_equal(machine.members[start[tile] : start[tile + 1]], np.flatnonzero(inside))


@needs_compiler
def test_the_order_of_threads_and_blocks_does_not_change_a_bit(library):
    results = []
    for seed in range(4):
        rng = np.random.default_rng(4)
        gaussians, target = mixed_scene(rng), rng.random((3, HEIGHT, WIDTH), np.float32)
        momentum, frozen = optimiser_state(rng, len(gaussians))
        machine = Machine(library, WIDTH, HEIGHT, seed)
        machine.step(gaussians, momentum, GaussNewton(), frozen, target)
        results.append([a.tobytes() for a in (machine.image, machine.error, gaussians.parameters, momentum)])
    assert all(result == results[0] for result in results)


@needs_compiler
def test_lists_that_do_not_fit_are_counted_and_hold_the_optimiser(library):
    rng = np.random.default_rng(5)
    gaussians, target = mixed_scene(rng), rng.random((3, HEIGHT, WIDTH), np.float32)
    momentum, frozen = optimiser_state(rng, len(gaussians))
    before, averaged = gaussians.copy(), momentum.copy()
    length = int(list_starts(Machine(library, WIDTH, HEIGHT), gaussians)[-1])
    machine = Machine(library, WIDTH, HEIGHT, capacity=length - 1)
    for lost in (1, 2):
        machine.step(gaussians, momentum, GaussNewton(), frozen, target)
        assert machine.overflow.tolist() == [length, lost]
    assert np.array_equal(gaussians.parameters, before.parameters) and np.array_equal(momentum, averaged)
    machine.capacity = length
    machine.step(gaussians, momentum, GaussNewton(), frozen, target)
    assert machine.overflow.tolist() == [length, 2]
    assert not np.array_equal(gaussians.parameters, before.parameters)


@needs_compiler
def test_lengths_beyond_an_int_stay_at_the_largest(library):
    machine = Machine(library, 3 * source.TILE, source.TILE)
    start = np.full(3 * source.PARTS + 1, 1 << 27, np.int32)
    machine.launch("scan", 0, start, 3, 1000, machine.overflow)
    exact = np.arange(3 * source.PARTS + 1, dtype=np.int64) << 27
    assert np.array_equal(start, np.minimum(exact, 2**31 - 1))
    assert machine.overflow.tolist() == [2**31 - 1, 1]


@needs_compiler
def test_no_gaussians_give_black(library):
    machine = Machine(library, 17, 9)
    assert not machine.rasterize(Gaussians.empty()).any() and machine.error == 0
    assert machine.gather(Gaussians.empty(), machine.image).shape == (0, 8)


def rasterize_changed(change):
    """The kernels, with that one changed."""
    before, mark, rest = source.read().partition("\nrasterize(")
    body, end, after = rest.partition("\n}\n")
    changed = change(body)
    assert changed != body
    return before + mark + changed + end + after


@needs_compiler
@pytest.mark.parametrize("barrier", range(3))
def test_the_harness_notices_a_missing_barrier(tmp_path, barrier):
    def drop(body):
        pieces = body.split("__syncthreads();")
        pieces[barrier : barrier + 2] = ["".join(pieces[barrier : barrier + 2])]
        return "__syncthreads();".join(pieces)

    library = cuda_harness.build(tmp_path, rasterize_changed(drop))
    gaussians, renders = mixed_scene(np.random.default_rng(6)), set()
    for seed in range(2):
        machine = Machine(library, WIDTH, HEIGHT, seed)
        renders.add((machine.rasterize(gaussians).tobytes(), machine.error))
    assert len(renders) == 2


@needs_compiler
def test_the_harness_notices_a_barrier_that_some_threads_miss(tmp_path):
    def leave(body):
        return body.replace("for (int first", "if (column >= width) return;\nfor (int first")

    machine = Machine(cuda_harness.build(tmp_path, rasterize_changed(leave)), WIDTH, HEIGHT)
    with pytest.raises(DivergentBarrier, match="rasterize"):
        machine.rasterize(mixed_scene(np.random.default_rng(7)))


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


@needs_compiler
def test_nothing_is_touched_out_of_bounds(tmp_path):
    status, findings = run_sanitized(tmp_path, source.read())
    assert status == 0, findings


@needs_compiler
def test_the_sanitizer_notices_a_list_written_beyond_its_end(tmp_path):
    text = source.read().replace("else if (cursor < capacity)", "else")
    assert text != source.read()
    status, findings = run_sanitized(tmp_path, text)
    assert status != 0 and "heap-buffer-overflow" in findings


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_kernel_compiles_and_stays_in_its_registers(architecture):
    usage = compile_kernels(architecture)
    assert usage.keys() == source.KERNELS.keys() == REGISTERS.keys()
    for kernel, (spilled, registers) in usage.items():
        assert spilled == 0, kernel
        assert registers <= REGISTERS[kernel], kernel


def compile_kernels(architecture):
    """Kernel -> bytes of spills and of stack, and registers per thread, as the compiler reports them."""
    nvrtc = pytest.importorskip("cuda.bindings.nvrtc", reason="cuda-bindings is not installed")
    try:
        _, program = nvrtc.nvrtcCreateProgram(source.read().encode(), b"kernels.cu", 0, [], [])
    except RuntimeError as missing:  # of pathfinder, when it finds no library
        pytest.skip(f"nvidia-cuda-nvrtc is not installed: {str(missing).splitlines()[0]}")
    options = [option.encode() for option in [*source.nvrtc_options(architecture), "--ptxas-options=-v"]]
    (result,) = nvrtc.nvrtcCompileProgram(program, len(options), options)
    log = bytearray(nvrtc.nvrtcGetProgramLogSize(program)[1])
    nvrtc.nvrtcGetProgramLog(program, log)
    nvrtc.nvrtcDestroyProgram(program)
    log = log.decode()
    assert result == nvrtc.nvrtcResult.NVRTC_SUCCESS, log
    pattern = r"entry function '(\w+)'.*?(\d+) bytes stack frame, (\d+) bytes spill stores.*?Used (\d+) registers"
    return {
        kernel: (int(stack) + int(spilled), int(registers))
        for kernel, stack, spilled, registers in re.findall(pattern, log, re.DOTALL)
    }


def test_settings_carry_logarithms_and_bounds():
    packed = dict(zip(source.SETTINGS, source.settings(GaussNewton(), 30, 20), strict=True))
    assert packed["rate"] == np.float32(GaussNewton().rate)
    assert packed["smallest"] == np.float32(math.log(GaussNewton().smallest))
    assert (packed["right"], packed["bottom"], packed["largest"]) == (29.5, 19.5, np.float32(math.log(60)))
