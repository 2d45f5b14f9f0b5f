"""The distortion that counts what neighbouring pixels share, by its definition, pixel by pixel."""

import numpy as np
import pytest

from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser
from daub.render.weighting import Weighting, cell_means, cell_sums, shared_energy


def slow_error(residual, plane, coarse):
    height, width, _ = residual.shape
    total = (plane[..., None] * residual**2).sum()
    for side in (2, 4):
        for top in range(0, height, side):
            for left in range(0, width, side):
                cell = slice(top, top + side), slice(left, left + side)
                weight = plane[cell].sum() / side**2
                mean = residual[cell].sum((0, 1)) / side**2
                total += coarse * side**2 * weight * (mean**2).sum()
    return total


@pytest.mark.parametrize("height,width", [(8, 12), (7, 9), (1, 1), (3, 17)])
@pytest.mark.parametrize("coarse", [0.0, 0.4, 2.0])
def test_the_error_is_the_sum_over_cells(height, width, coarse):
    rng = np.random.default_rng(height)
    residual, plane = rng.normal(size=(height, width, 3)), rng.uniform(0, 2, (height, width))
    assert Weighting(plane, coarse).error(residual) == pytest.approx(slow_error(residual, plane, coarse), rel=1e-12)


@pytest.mark.parametrize("coarse", [0.0, 0.4])
def test_the_distortion_of_an_image_is_the_error_of_its_residual_however_many_strips_it_has(monkeypatch, coarse):
    rng = np.random.default_rng(4)
    (reference, image), plane = rng.random((2, 37, 20, 3), np.float32), rng.random((37, 20), np.float32)
    weights = Weighting(plane, coarse)
    expected = weights.error(image - reference)
    assert weights.distortion(reference, image) == expected, "small ones are one strip"
    monkeypatch.setattr("daub.render.weighting.STRIP_PIXELS", 20 * 11)
    assert weights.distortion(reference, image) == pytest.approx(expected, rel=1e-6)


def test_an_error_that_all_share_counts_most_and_one_that_alternates_as_by_itself():
    plane, y, x = np.ones((8, 8)), *np.mgrid[:8, :8]
    alternating = (1.0 - 2 * ((x + y) % 2))[..., None]
    assert Weighting(plane, 0.5).error(np.ones((8, 8, 1))) == pytest.approx(64 * 2)
    assert Weighting(plane, 0.5).error(alternating) == pytest.approx(64)


def test_means_at_the_border_take_what_is_beyond_for_zero():
    assert cell_means(np.ones((3, 2), np.float32), 1).tolist() == [[1.0], [0.5]]


@pytest.mark.parametrize("sigma", [0.7, 1.5, 4.0, 12.0])
def test_the_energy_that_is_shared_is_about_that_of_the_atom_itself(sigma):
    true, coarse, places = [], 1.0, np.random.default_rng(0).uniform(30, 34, (12, 2))
    for place in places:
        atom = Gaussians.build([place], [np.diag([sigma**2, 4 * sigma**2])], [[1, 1, 1]])
        image = ReferenceRasteriser().forward(atom, 64, 64)
        plain = Weighting(np.ones((64, 64)))
        true.append(Weighting(plain.plane, coarse).error(image) / plain.error(image))
    found = shared_energy(*np.float64(atom.parameters[:, 2:5]).T, coarse)
    assert found == pytest.approx(np.mean(true), rel=0.06)


@pytest.mark.parametrize("shape", [(5, 7, 3), (8, 12), (9, 4, 1), (1, 1)])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_means_and_sums_are_those_of_each_cell(shape, level):
    values, side = np.random.default_rng(1).random(shape, np.float32), 1 << level
    sums = cell_sums(values, side)
    assert sums.shape[:2] == (-(-shape[0] // side), -(-shape[1] // side))
    for row in range(sums.shape[0]):
        for column in range(sums.shape[1]):
            cell = values[row * side : (row + 1) * side, column * side : (column + 1) * side]
            np.testing.assert_allclose(sums[row, column], cell.sum((0, 1)), rtol=1e-5)
    np.testing.assert_allclose(cell_means(values, level), sums / 4**level, rtol=1e-6)
