"""Projections of large atoms by the means of a window are those by the pixels."""

from __future__ import annotations

import numpy as np
import pytest

from daub.render.cpu.atoms import project
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cpu.vectors import LANES
from daub.render.cpu.windows import cells_for, include, means, project_reduced, snap
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

WIDTH, HEIGHT = 336, 252


def atom_of(x: float, y: float, l1: float, l3: float, k: float) -> np.ndarray:
    return np.float32([x, y, 1 / l1, 1 / l3, k, 1 / np.sqrt(np.pi * l1 * l3)])


def window_of(atom: np.ndarray) -> np.ndarray:
    bounds, window = np.array([np.inf, np.inf, -np.inf, -np.inf]), np.zeros(4, np.int64)
    include(atom, bounds)
    snap(bounds, WIDTH, HEIGHT, window)
    return window


@pytest.mark.parametrize(
    "l1,l3,k,side", [(5.9, 90, 0, 1), (6.1, 90, 0, 2), (12.1, 12.1, 0, 4), (13, 13, 2, 1), (1, 1, 0, 1)]
)
def test_cells_are_as_large_as_the_shorter_axis_allows(l1, l3, k, side):
    assert cells_for(atom_of(10, 10, l1, l3, k)) == side


def test_a_window_has_whole_blocks_and_the_picture_ends_it():
    assert window_of(atom_of(100, 80, 7, 9, 0)).tolist() == [64, 52, 128, 108]
    assert window_of(atom_of(330, 250, 40, 40, 0)).tolist() == [208, 128, WIDTH, HEIGHT]
    left, top, right, bottom = window_of(atom_of(-500, -500, 9, 9, 0))
    assert left == right and top == bottom


def test_means_are_means_and_count_nothing_beyond_the_picture():
    surface = CpuRasteriser().surface(np.random.default_rng(0).random((22, 37, 3), np.float32))
    surface.error(Gaussians.empty())
    found = means(surface.residual, np.array([16, 4, 37, 22]), 4, 3)
    padded = np.zeros((20, 24, 3), np.float32)
    padded[:18, :21] = -surface.target[4:22, 16:37]
    expected = padded.reshape(5, 4, 6, 4, 3).mean((1, 3))
    assert np.allclose(found[:, :, :6], expected.transpose(0, 2, 1), atol=1e-6)
    assert not found[:, :, 6:].any() and found.shape[2] >= 6 + LANES


@pytest.mark.parametrize("weighted", [False, True])
def test_projections_are_those_by_the_pixels(weighted):
    rng = np.random.default_rng(1)
    plane = (1 + 0.5 * np.sin(np.mgrid[:HEIGHT, :WIDTH][0] / 20)).astype(np.float32)
    surface = CpuRasteriser().surface(
        rng.random((HEIGHT, WIDTH, 3), np.float32), Weighting(plane, 0.2) if weighted else None
    )
    surface.error(Gaussians.empty())
    sides = set()
    for _ in range(40):
        scales = rng.uniform(7, 40, 2)
        atom = atom_of(rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), *scales, rng.normal(0, 0.3))
        side, window = cells_for(atom), window_of(atom)
        if side == 1:
            continue
        sides.add(side)
        expected, found = np.empty(4), np.empty(4)
        project(surface.residual, surface.weights, surface.coarse, WIDTH, atom, expected)
        reduced = means(surface.residual, window, side, 3)
        weights = means(surface.weights, window, side, 1) if weighted else None
        project_reduced(reduced, weights, surface.coarse, window, side, atom, found)
        assert np.allclose(found[:3], expected[:3], rtol=3e-3)
        assert found[3] == pytest.approx(expected[3], rel=2e-3)
    assert sides == {2, 4}


@pytest.mark.parametrize("k", [30, -700, 30000])
def test_projections_of_steep_atoms_are_those_by_the_pixels(k):
    surface = CpuRasteriser().surface(np.random.default_rng(1).random((HEIGHT, WIDTH, 3), np.float32))
    surface.error(Gaussians.empty())
    atom = atom_of(WIDTH / 2, HEIGHT / 2, abs(k) * 20, 50, k)
    side, window = cells_for(atom), window_of(atom)
    assert side == 4
    expected, found = np.empty(4), np.empty(4)
    project(surface.residual, None, surface.coarse, WIDTH, atom, expected)
    project_reduced(means(surface.residual, window, side, 3), None, surface.coarse, window, side, atom, found)
    assert np.allclose(found, expected, rtol=3e-3)
