"""Pictures of scenes by the CUDA kernels, without a GPU: run by fibers against the reference, and compiled for all.

What a GPU would still have to show: its own rounding, real concurrency between blocks, CuPy's sorts, and speed.
"""

from __future__ import annotations

import re
import shutil
import sys

import cuda_harness
import numpy as np
import pytest
import random_splats
from cuda_harness import FiberDevice

from daub.render.cuda import compiler
from daub.render.cuda.drawing import TooLarge
from daub.render.splats import reference
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.cuda import scene as cuda
from daub.render.splats.cuda import source
from daub.render.splats.cuda.scene import CudaScene
from daub.render.splats.splats import Splats

BACKGROUND = (0.2, 0.5, 0.9)
# At most, so that an SM has work for its waits; the last has one thread for a Gaussian, and much to keep.
REGISTERS = {"project": 112, "list_pairs": 40, "blend": 40, "gather": 64, "to_scene": 255}


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """The kernels, built for the CPU."""
    if sys.platform != "linux" or shutil.which("g++") is None:
        pytest.skip("running the kernels here takes Linux and g++")
    return cuda_harness.build(tmp_path_factory.mktemp("scenes"), of=source)


def _seen(library, splats: Splats, camera: Camera, seed: int = 0):
    return CudaScene(FiberDevice(library, seed, of=source), splats).seen(camera)


@pytest.mark.parametrize("degree", range(5))
def test_the_picture_is_that_of_the_reference(scenes, degree):
    splats = random_splats.scene(degree, 100, degree, antialiased=degree % 2 == 1)
    camera = random_splats.camera(40, 27, off_centre=0.1 if degree == 2 else 0)
    view = _seen(scenes, splats, camera)
    random_splats.same(view.image(BACKGROUND), reference.render(splats, camera, BACKGROUND))
    truth = reference.draw(reference.tensors(splats), splats.antialiased, camera).transmittance
    random_splats.same(view.transmittance, truth.detach().numpy())


@pytest.mark.parametrize("seed", range(2))
def test_hard_scenes_have_a_finite_picture_that_is_that_of_the_reference(scenes, seed):
    splats, camera = random_splats.hard(seed), random_splats.camera()
    random_splats.same(_seen(scenes, splats, camera).image(BACKGROUND), reference.render(splats, camera, BACKGROUND))


def test_a_tile_may_have_more_than_a_batch(scenes):
    """700 Gaussians in the middle, of which the nearest are in the second and third batch of their tile."""
    rng = np.random.default_rng(0)
    means = np.stack([*rng.normal(0, 0.05, (2, 700)), np.linspace(4, 2, 700)], 1)
    splats = Splats.build(means, np.full((700, 3), 0.05), rng.uniform(0.01, 0.4, 700), rng.random((700, 3)))
    camera = Camera(40, 30, 30, 30, 20, 15, np.eye(3), np.zeros(3))
    view = _seen(scenes, splats, camera)
    assert np.diff(view.start.host).max() > 2 * source.TILE**2
    random_splats.same(view.image(BACKGROUND), reference.render(splats, camera, BACKGROUND))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (17, 3)])
def test_pictures_of_awkward_sizes(scenes, width, height):
    splats, camera = random_splats.scene(3, 80), random_splats.camera(width, height)
    random_splats.same(_seen(scenes, splats, camera).image(BACKGROUND), reference.render(splats, camera, BACKGROUND))


def test_nothing_is_the_background(scenes):
    view = _seen(scenes, random_splats.scene().take([]), random_splats.camera())
    assert (view.image(BACKGROUND) == np.float32(BACKGROUND)).all() and (view.transmittance == 1).all()


def test_the_order_of_threads_and_blocks_does_not_change_a_bit(scenes):
    splats, camera = random_splats.hard(1), random_splats.camera(40, 27)
    assert len({_seen(scenes, splats, camera, seed).image().tobytes() for seed in range(3)}) == 1


def test_more_pairs_than_the_kernels_can_number_are_refused(scenes, monkeypatch):
    monkeypatch.setattr(cuda, "MOST_PAIRS", 10)
    with pytest.raises(TooLarge, match="pairs"):
        _seen(scenes, random_splats.scene(), random_splats.camera())


@pytest.mark.parametrize("degree", [0, 2, 3, 4])
def test_the_gradient_is_that_of_the_processor(scenes, degree):
    """Which is held to the reference and to finite differences."""
    splats = random_splats.scene(degree, 40, degree, antialiased=degree == 3)
    camera = random_splats.camera(34, 21, off_centre=0.1 if degree == 2 else 0)
    _same_gradient(scenes, splats, camera, 1e-5)


def test_hard_scenes_have_the_gradient_of_the_processor(scenes):
    _same_gradient(scenes, random_splats.hard(0), random_splats.camera(40, 27), 5e-3)
    _same_gradient(scenes, random_splats.needles(), random_splats.camera(40, 27), 0.05)
    _same_gradient(scenes, random_splats.scene().take([]), random_splats.camera(1, 1), 0)


def _same_gradient(library, splats: Splats, camera: Camera, tolerance: float) -> None:
    cotangent = np.random.default_rng(0).normal(size=(camera.height, camera.width, 3)).astype(np.float32)
    truth = CpuScene(splats).seen(camera)
    wanted = truth.gradient(truth.image(BACKGROUND), cotangent)
    view = _seen(library, splats, camera)
    got = view.gradient(view.image(BACKGROUND), cotangent)
    for name, values in wanted._asdict().items():
        error = np.abs(getattr(got, name) - values).max(initial=0)
        assert np.isfinite(error) and error <= tolerance * np.abs(values).max(initial=0), name
    again = _seen(library, splats, camera, seed=1).gradient(view.image(BACKGROUND), cotangent)
    assert all((one == other).all() for one, other in zip(got, again, strict=True))


@pytest.mark.parametrize("architecture", [75, 80, 86, 89, 90, 120])
def test_every_kernel_compiles_and_stays_in_its_registers(architecture):
    pytest.importorskip("cuda.bindings.nvrtc", reason="cuda-bindings is not installed")
    cubin, log = compiler.compile_kernels(architecture, "--ptxas-options=-v", of=source)
    assert cubin.startswith(b"\x7fELF")
    pattern = r"entry function '(\w+)'.*?(\d+) bytes stack frame, (\d+) bytes spill stores.*?Used (\d+) registers"
    usage = {kernel: tuple(map(int, numbers)) for kernel, *numbers in re.findall(pattern, log, re.DOTALL)}
    assert usage.keys() == source.KERNELS.keys() == REGISTERS.keys()
    for kernel, (stack, spilled, registers) in usage.items():
        assert spilled == 0 and registers <= REGISTERS[kernel], kernel
        assert stack == 0 or kernel == "to_scene", kernel  # which walks through as many harmonics as there are
