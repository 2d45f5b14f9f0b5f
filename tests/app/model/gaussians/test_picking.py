"""What lies under a pixel, and what is said of it, against renderings."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scenes import some_gaussians

from daub.app.model.gaussians.picking import Shape, crop_around, inspect, ranked
from daub.app.model.gaussians.properties import Subject
from daub.codec.evaluation.metrics import psnr
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser

WIDTH, HEIGHT = 50, 40


@pytest.fixture
def gaussians():
    return some_gaussians(60, WIDTH, HEIGHT, seed=4)


def test_the_ranking_is_that_of_what_each_adds_at_the_pixel(gaussians):
    x, y = 23, 17
    added = []
    for index in range(len(gaussians)):
        alone = ReferenceRasteriser().forward(Gaussians(gaussians.parameters[index : index + 1]), WIDTH, HEIGHT)
        added.append(float(np.sqrt((alone[y, x].astype(np.float64) ** 2).sum())))
    found = ranked(gaussians, x, y)
    assert set(found) == {index for index, each in enumerate(added) if each > 0}
    assert [added[index] for index in found] == pytest.approx(sorted((added[i] for i in found), reverse=True), rel=1e-4)
    kept = np.zeros(len(gaussians), bool)
    kept[found[2]] = True
    assert ranked(gaussians, x, y, kept).tolist() == [found[2]]
    assert not len(ranked(gaussians, 1e6, 1e6))


@pytest.mark.parametrize("angle", [-89, -30, 0, 12.5, 45, 90])
def test_axes_and_angle_make_the_covariance_again(angle):
    turn = math.radians(angle)
    axes = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])  # y grows downwards
    covariance = axes @ np.diag([36.0, 4.0]) @ axes.T
    shape = Shape.of(Gaussians.build([[9, 8]], [covariance], [[0.5, -0.25, 0]]), 0)
    assert (shape.long, shape.short) == pytest.approx((6, 2), rel=1e-4)
    assert shape.angle == pytest.approx(angle, abs=0.01)
    assert shape.colour == pytest.approx((127.5, -63.75, 0), abs=0.01)
    offsets = shape.outline() - [9.5, 8.5]
    q = np.einsum("ni,ij,nj->n", offsets, np.linalg.inv(covariance), offsets)
    assert q == pytest.approx(np.ones(len(q)), rel=1e-3)


def test_an_inspection_tells_what_the_picture_is_without_it(gaussians):
    reference = np.random.default_rng(1).random((HEIGHT, WIDTH, 3), np.float32)
    bits = np.random.default_rng(2).random((len(gaussians), 3))
    index = int(ranked(gaussians, 20, 20)[0])
    subject = Subject(gaussians, WIDTH, HEIGHT, bits.sum(1), np.arange(60), reference)
    found = inspect(subject, index, ("place", "shape", "colour"), bits)
    assert found.bits == dict(zip(("place", "shape", "colour"), bits[index].tolist(), strict=True))
    assert found.total_bits == pytest.approx(bits.sum()) and found.born == index
    others = Gaussians(np.delete(gaussians.parameters, index, 0))
    picture, without = (ReferenceRasteriser().forward(each, WIDTH, HEIGHT).clip(0, 1) for each in (gaussians, others))
    left, top, right, bottom = found.crop
    for pixels, expected in ((found.picture, picture), (found.without, without)):
        crop = to_8bit(expected.astype(np.float32))[top:bottom, left:right]
        assert np.abs(pixels.astype(int) - crop).max() <= 1
    assert found.psnr == pytest.approx(psnr(reference, picture), abs=1e-3)
    assert found.psnr_without == pytest.approx(psnr(reference, without), abs=1e-3)
    source = np.random.default_rng(2).random((HEIGHT, WIDTH, 3), np.float32)
    to_source = inspect(replace(subject, source=source), found.index)
    assert to_source.psnr == pytest.approx(psnr(source, picture), abs=1e-3)
    assert to_source.psnr_without == pytest.approx(psnr(source, without), abs=1e-3)
    assert (found.difference != 128).any()


def test_an_inspection_without_anything_to_compare_with(gaussians):
    found = inspect(Subject(gaussians, WIDTH, HEIGHT), 5)
    assert found.psnr is found.psnr_without is found.born is None and found.bits == {}


@pytest.mark.parametrize("place", [(0, 0), (49, 39), (25, 20), (-500, 900)])
def test_crops_lie_in_the_picture(place):
    shape = Shape.of(Gaussians.build([place], [np.eye(2) * 9], [[1, 1, 1]]), 0)
    left, top, right, bottom = crop_around(shape, WIDTH, HEIGHT)
    assert 0 <= left < right <= WIDTH and 0 <= top < bottom <= HEIGHT and right - left >= 20
