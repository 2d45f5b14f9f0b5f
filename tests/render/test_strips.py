"""Pictures put together from strips, and that every backend's strips are its picture."""

import doctest

import numpy as np
import pytest
from cuda_harness import FiberDevice
from scenes import mixed

from daub.render import strips as module
from daub.render.cpu import backend as cpu
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda.backend import CudaRasteriser
from daub.render.eight_bit import to_8bit
from daub.render.reference import ReferenceRasteriser
from daub.render.strips import assembled


def test_the_example_runs():
    result = doctest.testmod(module, extraglobs={"np": np})
    assert result.attempted and not result.failed


def test_a_single_strip_is_the_picture_itself_and_progress_is_told():
    whole, told = np.ones((4, 3, 3), np.uint8), []
    assert assembled(iter([whole]), 4, told.append) is whole
    parts = [np.full((rows, 3, 3), rows, np.uint8) for rows in (2, 1, 5)]
    picture = assembled(iter(parts), 8, told.append)
    assert picture.dtype == np.uint8 and picture[:, 1, 2].tolist() == [2, 2, 1, 5, 5, 5, 5, 5]
    assert told == [1.0, 0.25, 0.375, 1.0]


@pytest.mark.parametrize("backend", ["cpu", "cuda", "reference"])
def test_the_strips_of_a_backend_are_its_picture(backend, request, monkeypatch):
    monkeypatch.setattr(cpu, "STRIP_PIXELS", 1)
    if backend == "cuda":
        rasteriser = CudaRasteriser(FiberDevice(request.getfixturevalue("library")))
    else:
        rasteriser = {"cpu": CpuRasteriser, "reference": ReferenceRasteriser}[backend]()
    scene = mixed(np.random.default_rng(2), 61, 53)
    strips = list(rasteriser.strips_8bit(scene, 61, 53))
    assert all(strip.dtype == np.uint8 and strip.shape[1:] == (61, 3) for strip in strips)
    assert len(strips) == (1 if backend == "cuda" else 4)
    assert np.array_equal(np.concatenate(strips), to_8bit(rasteriser.forward(scene, 61, 53)))


def test_the_strips_of_the_cpu_are_those_of_the_reference():
    scene = mixed(np.random.default_rng(3), 40, 37)
    mine, truth = (
        assembled(each.strips_8bit(scene, 40, 37), 37).astype(int) for each in (CpuRasteriser(), ReferenceRasteriser())
    )
    assert np.abs(mine - truth).max() <= 1 and (mine == truth).mean() > 0.99
