"""Pictures put together from strips, and that every backend's strips are its picture."""

import doctest
from itertools import pairwise

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
from daub.render.strips import Region, assembled


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
    picture = to_8bit(rasteriser.forward(scene, 61, 53))
    assert np.array_equal(np.concatenate(strips), picture)
    part = Region(7, 20, 41, 30)
    assert np.array_equal(np.concatenate(list(rasteriser.strips_8bit(scene, 61, 53, part))), part.of(picture))


@pytest.mark.parametrize("other", [(80, 60), (39, 31), (20, 15), (3, 2), (1, 1)])
def test_parts_that_fit_together_do_so_on_every_grid(other):
    cuts = [0, 1, 5, 20, 27, 40]
    parts = [Region(x, 0, end - x, 30).on_grid((40, 30), other) for x, end in pairwise(cuts)]
    assert all(part.y == 0 and part.bottom == other[1] and part.x >= 0 and part.right <= other[0] for part in parts)
    if other[0] >= 20:
        assert parts[0].x == 0 and parts[-1].right == other[0]
        # None is lost and none is there twice, but for what has no pixel of its own and keeps one.
        seen = [part for part, (x, end) in zip(parts, pairwise(cuts), strict=True) if (end - x) * other[0] >= 40]
        assert all(left.right == right.x for left, right in pairwise(seen))


def test_the_strips_of_the_cpu_are_those_of_the_reference():
    scene = mixed(np.random.default_rng(3), 40, 37)
    mine, truth = (
        assembled(each.strips_8bit(scene, 40, 37), 37).astype(int) for each in (CpuRasteriser(), ReferenceRasteriser())
    )
    assert np.abs(mine - truth).max() <= 1 and (mine == truth).mean() > 0.99
