"""A fit, a rounding and an encode under weights, on fibers and on the CPU."""

from dataclasses import replace

import numpy as np
import pytest
from cuda_harness import FiberDevice
from failing_device import GAVE_UP
from scenes import a_picture

from daub.codec.encoder import encode
from daub.codec.fit import FitSettings, fit
from daub.codec.goal import Goal
from daub.codec.progress import drive
from daub.codec.recipe import recipe_of
from daub.codec.rounding.harden import HardenSettings
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda import backend
from daub.render.cuda.backend import CudaRasteriser
from daub.render.devices import Failover
from daub.render.weighting import Weighting

CPU = CpuRasteriser()
WIDTH, HEIGHT = 32, 24
SETTINGS = FitSettings(gaussians=30, steps=45)


@pytest.fixture(scope="module")
def picture():
    return a_picture(WIDTH, HEIGHT, 25)


def by_turns(records_of_each):
    """Weights for a fit: those of the left half, and after so many records those of the right."""
    plane = np.repeat(np.float32([[1.9, 0.1]]), HEIGHT, 0).repeat(WIDTH // 2, 1)
    left, right = Weighting(plane, 1.0), Weighting(np.ascontiguousarray(plane[:, ::-1]), 1.0)
    given = [left] * records_of_each

    def weights():
        if len(given) > 1:
            return given.pop()
        given[0] = right
        return given[0]

    return weights


def test_a_fit_under_weights_that_change_is_that_of_the_cpu(library, picture, monkeypatch):
    monkeypatch.setattr(backend, "LONGEST_STRIDE", 1)  # a record each step, as on the CPU
    expected = list(fit(picture, SETTINGS, CPU, by_turns(30)))
    found = list(fit(picture, SETTINGS, CudaRasteriser(FiberDevice(library)), by_turns(30)))
    assert [(each.step, each.event) for each in found] == [(each.step, each.event) for each in expected]
    for mine, same in zip(found, expected, strict=True):  # rounding grows, where a pixel hardly weighs all the faster
        assert mine.psnr == pytest.approx(same.psnr, abs=1e-4 if mine.step < 25 else 0.05)
        assert mine.error == pytest.approx(same.error, rel=1e-5 if mine.step < 25 else 0.02)
    errors = [each.error for each in found]
    assert errors[29] > 1.2 * errors[28], "the other half had not mattered before"
    assert errors[-1] < 0.8 * errors[29]


@pytest.mark.parametrize("launches", [0, 140])
def test_a_device_that_dies_leaves_the_weights_to_the_cpu(library, picture, launches):
    told, weights = [], by_turns(1)()
    cuda = CudaRasteriser(FiberDevice(library, dies_after=launches))
    records = list(fit(picture, SETTINGS, Failover(cuda, told.append), lambda: weights))
    expected, plain = list(fit(picture, SETTINGS, CPU, lambda: weights)), list(fit(picture, SETTINGS, CPU))
    assert told == [GAVE_UP] and records[-1].step == 45
    assert records[-1].error == pytest.approx(expected[-1].error, rel=0.1)  # its births need not be the same ones
    assert records[-1].psnr == pytest.approx(expected[-1].psnr, abs=1.5) and records[-1].psnr < plain[-1].psnr - 4


def test_a_tuned_file_is_about_that_of_the_cpu(library, picture):
    settings = EncodeSettings(Goal("gaussians", 12), steps=12, tune=Tuning.MS_SSIM)
    recipe = replace(recipe_of(settings), harden=HardenSettings(2, 4, 2, 2))
    cuda = CudaRasteriser(FiberDevice(library))
    mine, theirs = (drive(encode(picture[:16, :20], recipe, rasteriser)) for rasteriser in (cuda, CPU))
    plain = drive(encode(picture[:16, :20], replace(recipe, tune=Tuning.PSNR), CPU))
    assert mine.psnr == pytest.approx(theirs.psnr, abs=0.3) and theirs.data != plain.data
    assert len(mine.data) == pytest.approx(len(theirs.data), rel=0.05)
