"""Pictures in parts: whatever rows and Gaussians are done at a time, not a bit changes."""

import numba
import numpy as np
import pytest
from scenes import mixed

from daub.render.cpu import backend, binned
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cpu.binned import Binned, Derived
from daub.render.cpu.blocks import CACHE_LINE, LANES, empty_blocks, unpack
from daub.render.cpu.drawing import WIDE_SHEAR
from daub.render.cpu.rounding import unpack_8bit
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians
from daub.render.interruption import while_wanted
from daub.render.reference import ReferenceRasteriser
from daub.render.strips import Region
from daub.render.weighting import Weighting

SIZES = [(1, 1), (1, 40), (40, 1), (16, 16), (33, 47), (64, 49), (300, 70)]


def whole(gaussians, width, height):
    """The picture by one call of the kernel."""
    blocks = np.full((height, -(-width // LANES), 3 * LANES), np.nan, np.float32)
    Binned.of(Derived.of(gaussians, height), 0, height).rasterise(width, blocks)
    image = np.empty((height, width, 3), np.float32)
    unpack(blocks, image)
    return image


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strip", [1, 1000, 1 << 21])
@pytest.mark.parametrize("work", [1, 3000, 1 << 25])
def test_strips_and_pieces_are_the_whole_to_the_bit(monkeypatch, size, strip, work):
    monkeypatch.setattr(backend, "STRIP_PIXELS", strip)
    monkeypatch.setattr(binned, "CALL_WORK", work)
    scene, rasteriser = mixed(np.random.default_rng(1), *size), CpuRasteriser()
    truth = whole(scene, *size)
    assert np.array_equal(rasteriser.forward(scene, *size), truth)
    assert np.array_equal(rasteriser.forward_8bit(scene, *size), to_8bit(truth))


@pytest.mark.parametrize("work", [1, 3000, 1 << 25])  # in parts of bands, bands by themselves, and all at once
@pytest.mark.parametrize(
    "region", [(0, 0, 300, 70), (5, 7, 1, 1), (290, 60, 10, 10), (16, 16, 16, 16), (31, 15, 150, 34)]
)
def test_a_region_is_that_of_the_whole_to_the_bit(monkeypatch, region, work):
    monkeypatch.setattr(backend, "STRIP_PIXELS", 1000)
    monkeypatch.setattr(binned, "CALL_WORK", work)
    scene, rasteriser, part = mixed(np.random.default_rng(1), 300, 70), CpuRasteriser(), Region(*region)
    strips = list(rasteriser.strips_8bit(scene, 300, 70, part))
    assert np.array_equal(np.concatenate(strips), part.of(to_8bit(whole(scene, 300, 70))))


def wide(width, height):
    """Gaussians with rows of some to all pixels of a picture, as steep as such are and steeper."""
    rng, many = np.random.default_rng(3), Gaussians.empty(60)
    many.mean[:] = rng.uniform((-40, -5), (width + 40, height + 5), (60, 2))
    many.log_scale[:] = rng.uniform(np.log((11, 2)), np.log((400, 60)), (60, 2))
    many.parameters[:, 4] = rng.normal(0, 1, 60)
    many.parameters[:8, 2:5] = np.log(190), np.log(9), WIDE_SHEAR
    many.coefficient[:] = rng.normal(0, 0.4, (60, 3)) * np.exp(many.log_scale.mean(1))[:, None]
    many.parameters[0, 2:4] = np.log(1e6), np.log(20)  # nothing but a band
    return many


@pytest.mark.parametrize("region", [(0, 0, 900, 40), (127, 3, 2, 30), (128, 16, 300, 20), (655, 9, 245, 9)])
def test_long_rows_are_those_of_the_model_and_alike_in_every_region(region):
    scene, part = wide(900, 40), Region(*region)
    truth, found = ReferenceRasteriser().forward(scene, 900, 40), whole(scene, 900, 40)
    assert np.abs(found - truth).max() < 1e-4 and np.abs(truth).max() > 1
    strips = list(CpuRasteriser().strips_8bit(scene, 900, 40, part))
    assert np.array_equal(np.concatenate(strips), part.of(to_8bit(found)))


@pytest.mark.parametrize(("width", "height"), [(97, 33), (120, 7), (250, 64)])  # widths that end amid a block
def test_long_rows_that_begin_beyond_the_picture_leave_it_as_it_is(width, height):
    """Steep Gaussians, beside the picture and in it: an ellipse may cross the last row right of it alone."""
    rng, many = np.random.default_rng(0), Gaussians.empty(1500)
    many.mean[:] = rng.uniform((-300, -100), (width + 300, height + 100), (1500, 2))
    many.log_scale[:] = rng.uniform(np.log((8, 0.5)), np.log((500, 80)), (1500, 2))
    many.parameters[:, 4] = rng.uniform(-20, 20, 1500)
    many.coefficient[:] = rng.normal(0, 0.1, (1500, 3)) * np.exp(many.log_scale.mean(1))[:, None]
    truth = ReferenceRasteriser().forward(many, width, height)
    assert np.abs(whole(many, width, height) - truth).max() < 1e-4 and np.abs(truth).max() > 0.3


def test_memory_of_blocks_begins_with_a_line_of_the_cache():
    for rows in range(1, 6):
        blocks = empty_blocks(rows, 3)
        assert blocks.shape == (rows, 3, 3 * LANES) and blocks.flags.c_contiguous
        assert blocks.ctypes.data % CACHE_LINE == 0


def test_threads_do_not_change_a_bit(threads_for_any_picture):
    scene, pictures, before = mixed(np.random.default_rng(1), 300, 170), [], numba.get_num_threads()
    try:
        for threads in range(1, numba.config.NUMBA_NUM_THREADS + 1):
            numba.set_num_threads(threads)
            pictures.append(CpuRasteriser().forward_8bit(scene, 300, 170).tobytes())
    finally:
        numba.set_num_threads(before)
    assert len(pictures) > 1 and len(set(pictures)) == 1


def test_pieces_are_small_and_each_gaussian_of_each_band_is_in_one(monkeypatch):
    monkeypatch.setattr(binned, "CALL_WORK", 40_000)
    scene = mixed(np.random.default_rng(4), 300, 200)
    bands = Binned.of(Derived.of(scene, 200), 32, 128)
    reached, across = bands.start[:-1], 6 * np.exp(scene.log_scale[:, 0]) + 32
    pieces = list(bands._pieces(300))
    assert len(pieces) > 5
    for start, end in pieces:
        assert np.array_equal(start, reached) and (end >= start).all()
        taken = np.concatenate([bands.members[a:b] for a, b in zip(start, end, strict=True)])
        # A band that begins goes on by one Gaussian at least, however large.
        assert 16 * np.minimum(across[taken], 316).sum() <= 40_000 + len(start) * 16 * 316
        reached = end
    assert np.array_equal(reached, bands.start[1:])


def test_one_band_with_all_the_work_takes_no_more_pieces_than_needed(monkeypatch):
    """Where few of very many bands have anything left, each gets a larger share."""
    monkeypatch.setattr(binned, "CALL_WORK", 1 << 20)
    crowd = Gaussians.build(
        np.tile([0.0, 8.0], (100_000, 1)), np.tile(np.eye(2), (100_000, 1, 1)), np.ones((100_000, 3))
    )
    bands = Binned.of(Derived.of(crowd, 1 << 17), 0, 1 << 17)
    total = 2 * 100_000 * 16 * 17  # the Gaussians touch the second band, too, or not
    assert len(list(bands._pieces(1))) <= 2 + total // (1 << 20) * 2


def test_no_gaussians_make_one_piece_that_is_black():
    bands = Binned.of(Derived.of(Gaussians.empty(), 20), 0, 20)
    assert len(list(bands._pieces(8))) == 1 and not CpuRasteriser().forward_8bit(Gaussians.empty(), 8, 20).any()


def test_8_bits_are_rounded_as_everywhere():
    """Also halves, and what lies beside them: a fused product and sum would round some of them otherwise."""
    values = (np.arange(-40, 1100, dtype=np.float32) / 4 / 255).repeat(3)
    values += np.tile(np.float32([-1, 0, 1]), len(values) // 3) * np.spacing(values)
    width = -(-len(values) // 3 // 16) * 16
    image = np.resize(values, (1, width, 3)).astype(np.float32)
    blocks = image.reshape(-1, LANES, 3).transpose(0, 2, 1).reshape(1, -1, 3 * LANES).copy()
    rounded = np.empty(image.shape, np.uint8)
    unpack_8bit(blocks, 0, rounded)
    assert np.array_equal(rounded, to_8bit(image)) and set(rounded.ravel()) == set(range(256))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("work", [1, 3000])
def test_a_fit_in_parts_is_that_in_one_to_the_bit_and_asks_between_two(monkeypatch, weighted, work):
    width, height = 300, 170
    rng, scene = np.random.default_rng(1), mixed(np.random.default_rng(1), width, height)
    target = rng.random((height, width, 3), np.float32)
    weights = Weighting(rng.random((height, width), np.float32), 0.5) if weighted else None
    found = []
    for undivided in (1 << 21, 1):
        monkeypatch.setattr(binned, "UNDIVIDED", undivided)
        monkeypatch.setattr(binned, "PART_WORK", work)
        asked, surface = [], CpuRasteriser().surface(target, weights, reduced=True)
        with while_wanted(lambda asked=asked: asked.append(1) or True):
            surface.error(scene)
            gradient, energy = surface.gradient_and_energy(scene)
        found.append((len(asked), surface.residual.tobytes(), gradient.tobytes(), energy.tobytes()))
    assert found[0][1:] == found[1][1:]
    assert found[1][0] >= found[0][0] + (10 if work == 1 else 2)
