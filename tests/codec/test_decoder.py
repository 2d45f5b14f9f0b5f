"""Documents to pixels at any size."""

import numpy as np
import pytest
from failing_device import GAVE_UP
from scenes import mixed, random_gaussians

from daub.codec.container import Document, limits
from daub.codec.decoder import decode, decode_strips, render
from daub.codec.errors import DaubError, Large
from daub.render.cpu import backend
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cpu.binned import Derived
from daub.render.devices import Failover
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import SUPPORT, Gaussians
from daub.render.strips import Region

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

        def strips_8bit(self, *picture):
            yield next(super().strips_8bit(*picture))
            raise OSError("it fell off the bus")

    monkeypatch.setattr(backend, "STRIP_PIXELS", 1)
    told = []
    for function in render, decode:
        assert np.array_equal(function(ONE, Failover(Lost(), told.append), (9, 27)), function(ONE, CPU, (9, 27)))
    assert told == [GAVE_UP] * 2
    part = Region(2, 5, 4, 20)
    again = decode(ONE, Failover(Lost(), told.append), (9, 27), region=part)
    assert np.array_equal(again, part.of(decode(ONE, CPU, (9, 27))))


CROWD = Document.unwritten(mixed(np.random.default_rng(6), 90, 70), 90, 70)
REGIONS = [(0, 0, 90, 70), (0, 0, 1, 1), (89, 69, 1, 1), (16, 16, 32, 16), (17, 5, 40, 60), (3, 33, 87, 2)]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("size", [(90, 70), (180, 300)])
def test_a_region_is_to_the_bit_what_the_whole_picture_has_there(region, size):
    part = Region(*region).on_grid((90, 70), size)
    whole = decode(CROWD, CPU, size)
    assert np.ptp(whole) > 200
    assert np.array_equal(decode(CROWD, CPU, size, region=part), part.of(whole))


@pytest.mark.parametrize(
    "region", [(-1, 0, 5, 5), (0, -1, 5, 5), (0, 0, 0, 5), (0, 0, 5, -2), (38, 0, 3, 5), (0, 28, 5, 3)]
)
def test_a_region_that_is_not_inside_is_refused(region):
    with pytest.raises(DaubError, match=r"a\.daub cannot be rendered in the region .* has 40x30 pixels, choose a part"):
        decode_strips(ONE, CPU, region=Region(*region), name="a.daub")


def test_a_region_of_what_is_far_too_large_as_a_whole_is_rendered():
    size = 40 << 14, 30 << 14  # 322 thousand megapixels
    x, y = 17.8 * 2**14, 13.1 * 2**14  # the middle of the Gaussian
    part = decode(ONE, CPU, size, region=Region(int(x) - 50, int(y) - 3, 100, 6))
    middle = profile(np.full((1, 1), 17.3), np.full((1, 1), 12.6))[0, 0]
    assert part.shape == (6, 100, 3) and np.abs(part / 255 - middle).max() < 0.003
    with pytest.raises(DaubError, match="longer than 1048576 pixels"):
        decode(ONE, CPU, (40 << 15, 30), region=Region(0, 0, 1, 1))


def test_a_region_takes_the_work_of_the_gaussians_that_meet_it(monkeypatch):
    drawn = []
    within = Derived.within
    monkeypatch.setattr(Derived, "within", lambda *a: (drawn.append(within(*a)), drawn[-1])[1])
    decode(CROWD, CPU, region=Region(40, 30, 3, 3))
    assert 0 < len(drawn[0].numbers) < len(CROWD) / 2


@pytest.mark.parametrize("factor", [2, 5, 10])
def test_a_smaller_picture_is_nearly_the_means_over_its_pixels(factor):
    """What is only sampled, or averaged over another place, is far off."""
    scene = random_gaussians(np.random.default_rng(8), 400, 100, 100, (0.7, 0.3))
    document, side = Document.unwritten(scene, 100, 100), 100 // factor
    means = render(document, CPU).reshape(side, factor, side, factor, 3).mean((1, 3))
    small = render(document, CPU, (side, side))
    error = np.mean((small - means) ** 2)
    assert 10 * np.log10(1 / error) > 24 and abs((small - means).mean()) < 0.01
    assert error < np.mean((small - np.roll(means, 1, 0)) ** 2) / 8


def test_strips_are_made_when_they_are_asked_for(monkeypatch):
    monkeypatch.setattr(backend, "STRIP_PIXELS", 1)
    made, row = [], backend.Binned.of
    monkeypatch.setattr(backend.Binned, "of", lambda *a: (made.append(a[1]), row(*a))[1])
    strips = decode_strips(ONE, CPU)
    assert made == [] and len(next(strips)) == 16 and made == [0]
    strips.close()
    assert made == [0]
