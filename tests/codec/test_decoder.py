"""Documents to pixels at any size."""

import numpy as np
import pytest
from failing_device import GAVE_UP

from daub.codec.container import Document, limits
from daub.codec.decoder import decode, render
from daub.codec.errors import DaubError, Large
from daub.render.cpu import backend
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import Failover
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import SUPPORT, Gaussians

CPU = CpuRasteriser()
SIZE = 40, 30
ONE = Document.unwritten(Gaussians.build([[17.3, 12.6]], [[[9.0, 3.0], [3.0, 6.0]]], [[0.9, 0.5, 0.2]]), *SIZE)


def profile(x, y):
    """(H, W, 3) of ONE at points of its own pixel grid."""
    offset = np.stack(np.broadcast_arrays(x - 17.3, y - 12.6), -1)
    q = np.einsum("hwi,ij,hwj->hw", offset, np.linalg.inv([[9.0, 3.0], [3.0, 6.0]]), offset)
    weight = np.where(q < SUPPORT, np.exp(-q / 2) - np.exp(-SUPPORT / 2), 0)
    return weight[..., None] * [0.9, 0.5, 0.2]


def test_its_own_size_is_the_default():
    image = render(ONE, CPU)
    assert image.shape == (30, 40, 3) and image.dtype == np.float32
    assert np.abs(image - profile(np.arange(40), np.arange(30)[:, None])).max() < 1e-5
    assert np.array_equal(render(ONE, CPU, SIZE), image)


def test_it_is_rendered_anew_at_another_size():
    image = render(ONE, CPU, (160, 60))
    assert image.shape == (60, 160, 3)
    # The centre of pixel j of 160 lies at (j + 0.5) / 4 - 0.5 of 40.
    x, y = (np.arange(160) + 0.5) / 4 - 0.5, (np.arange(60)[:, None] + 0.5) / 2 - 0.5
    assert np.abs(image - profile(x, y)).max() < 1e-5


def test_what_is_brighter_than_white_or_darker_than_black_is_clipped():
    bright = Gaussians.build(
        np.tile([20.0, 15.0], (2, 1)), np.tile(9 * np.eye(2), (2, 1, 1)), [[4, -3, 0.4], [0, 0, 0]]
    )
    image = render(Document.unwritten(bright, *SIZE), CPU)
    assert image.min() == 0 and image.max() == 1
    assert image[15, 20] == pytest.approx([1, 0, 0.4 * (1 - np.exp(-SUPPORT / 2))], abs=1e-5)


@pytest.mark.parametrize("size", [None, (160, 60)])
def test_what_is_decoded_is_what_is_rendered_in_8_bits(size):
    assert np.array_equal(decode(ONE, CPU, size), to_8bit(render(ONE, CPU, size)))


def test_no_gaussians_are_black():
    assert not render(Document.unwritten(Gaussians.empty(), *SIZE), CPU, (7, 5)).any()


def test_the_gaussians_stay_as_they_are():
    before = ONE.gaussians.parameters.copy()
    render(ONE, CPU, (20, 20))
    assert np.array_equal(ONE.gaussians.parameters, before)


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-3, 5)])
def test_no_size_at_all_is_refused(size):
    with pytest.raises(DaubError, match="shorter than one pixel"):
        render(ONE, CPU, size)


def test_what_takes_long_is_done_only_when_it_is_asked_for(monkeypatch):
    crowd = Gaussians.build(np.zeros((3000, 2)), np.tile(1e9 * np.eye(2), (3000, 1, 1)), np.ones((3000, 3)))
    for function in decode, render:
        with pytest.raises(Large, match=r"thousand megapixels, more than the 17"):
            function(Document.unwritten(crowd, 512, 512), CPU, (8000, 8000))
        with pytest.raises(DaubError, match=r"megapixels and the most are 268\.4"):
            function(ONE, CPU, (100000, 100000), large=True)
    monkeypatch.setattr(limits, "LARGE_AREA", 40 * 30 - 1)
    for function in decode, render:
        with pytest.raises(Large, match=r"a\.daub cannot be rendered at 40x30"):
            function(ONE, CPU, name="a.daub")
        assert function(ONE, CPU, large=True).any()


def test_progress_is_told_strip_by_strip(monkeypatch):
    monkeypatch.setattr(backend, "STRIP_PIXELS", 1)
    told = []
    decode(ONE, CPU, (20, 40), progress=told.append)
    assert told == [16 / 40, 32 / 40, 1]


def test_a_lost_device_leaves_the_picture_to_the_cpu(monkeypatch):
    class Lost(CpuRasteriser):
        failures = (OSError,)

        def forward(self, gaussians, width, height):
            raise OSError("it fell off the bus")

        def strips_8bit(self, gaussians, width, height):
            yield next(super().strips_8bit(gaussians, width, height))
            raise OSError("it fell off the bus")

    monkeypatch.setattr(backend, "STRIP_PIXELS", 1)
    told = []
    for function in render, decode:
        assert np.array_equal(function(ONE, Failover(Lost(), told.append), (9, 27)), function(ONE, CPU, (9, 27)))
    assert told == [GAVE_UP] * 2
