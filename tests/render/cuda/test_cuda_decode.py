"""A file decoded where the CUDA backend keeps its arrays, its kernels run by fibers."""

from pathlib import Path

import numpy as np
import pytest
from cuda_harness import DeviceLost, FiberDevice, arrays
from failing_device import GAVE_UP
from stages import asking_for_it

from daub.codec import container
from daub.codec.container import limits
from daub.codec.decoder import decode
from daub.codec.errors import DaubError, Large
from daub.codec.symbols import dequantise
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda.backend import CudaRasteriser
from daub.render.devices import Failover

GOLDEN = Path(__file__).parents[2] / "codec/container/golden"
OWN = ("single", "photo", "corners", "fine", "empty")
CPU = CpuRasteriser()


def decoded(name):
    return container.read((GOLDEN / f"{name}.daub").read_bytes())


@pytest.fixture
def cuda(library):
    return CudaRasteriser(FiberDevice(library))


@pytest.mark.parametrize("name", OWN)
def test_the_gaussians_are_those_of_the_cpu(cuda, name):
    file = decoded(name)
    mine, truth = cuda.device.host(file.payload.gaussians(cuda.xp).parameters), file.gaussians.parameters
    assert mine.dtype == truth.dtype == np.float32
    assert np.array_equal(mine[:, :5], truth[:, :5])
    # The product of three and three is summed in another order.
    assert (np.abs(mine - truth) <= np.spacing(np.abs(truth))).all()


@pytest.mark.parametrize("name", [*OWN, "methods/cholesky", "methods/empty"])
@pytest.mark.parametrize("scale", [1, 1.5])
def test_the_pixels_are_those_of_the_cpu(cuda, name, scale):
    file = decoded(name)
    size = round(scale * file.width), round(scale * file.height)
    mine = decode(file, cuda, size)
    assert "gaussians" not in vars(file), "they were dequantised on the host"
    truth = decode(file, CPU, size)
    assert mine.dtype == np.uint8 and mine.flags.c_contiguous and mine.shape == (*size[::-1], 3)
    assert np.abs(mine.astype(int) - truth).max() <= 1


@pytest.mark.parametrize("size", [None, (90, 50)])
def test_stages_run_after_the_rendering_of_a_device(inverting, cuda, size):
    asking = container.read(asking_for_it((GOLDEN / "photo.daub").read_bytes(), 200))
    mine, truth = decode(asking, cuda, size), decode(asking, CPU, size)
    assert (
        np.abs(mine.astype(int) - truth).max() <= 1
        and np.abs(truth.astype(int) - decode(decoded("photo"), CPU, size)).max() > 50
    )


def test_a_decode_is_few_calls_of_the_device(cuda, monkeypatch):
    file, calls = decoded("photo"), []
    decode(file, cuda)  # moves the tables

    def counted(function):
        return lambda *arguments, **options: calls.append(function) or function(*arguments, **options)

    monkeypatch.setattr(arrays, "_on_device", counted(arrays._on_device))
    monkeypatch.setattr(arrays.DeviceArray, "__getitem__", counted(arrays.DeviceArray.__getitem__))
    monkeypatch.setattr(cuda.device, "host", counted(cuda.device.host))
    launches = cuda.device.launches
    decode(file, cuda)
    assert len(calls) + 1 < 40, "and the upload of the symbols"
    assert cuda.device.launches - launches == 4


@pytest.mark.parametrize("launches", [0, 3])
def test_a_device_that_dies_leaves_the_picture_to_the_cpu(library, launches):
    file, told = decoded("photo"), []
    pixels = decode(file, Failover(CudaRasteriser(FiberDevice(library, dies_after=launches)), told.append))
    assert np.array_equal(pixels, decode(file, CPU))
    assert told == [GAVE_UP]


def test_what_is_no_failure_of_the_device_is_not_hidden(cuda, monkeypatch):
    with pytest.raises(DaubError, match="megapixels"):
        decode(decoded("photo"), cuda, (100000, 100000))
    with pytest.raises(DaubError, match="shorter than one pixel"):
        decode(decoded("photo"), cuda, (0, 5))
    monkeypatch.setattr(limits, "LARGE_WORK", 1)
    with pytest.raises(Large, match="unasked"):
        decode(decoded("photo"), cuda)


def test_dequantising_on_a_lost_device_fails_as_announced(library):
    file = decoded("photo")
    with pytest.raises(DeviceLost):
        dequantise(file.payload.symbols, file.payload.grid, FiberDevice(library, dies_after=0).xp)
