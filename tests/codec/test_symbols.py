"""Rounding Gaussians to symbols and back."""

import numpy as np
import pytest
import second_decoder

from daub.codec.entropy import network
from daub.codec.symbols import (
    CLASS,
    CLASSES,
    LARGEST_OCTAVES,
    LEVELS,
    LOG_SCALE_STEP_OCTAVES,
    LUMA_CHROMA,
    OCTAVE,
    POSITION_STEP,
    POSITION_STEP_OCTAVES,
    SHEAR_STEP,
    STEP_INDICES,
    Grid,
    classes,
    dequantise,
    positions_per_cell,
    quantise,
    step_index,
    step_of,
)
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians

GRID = Grid(96, 64, step_index(0.05), 3)


def random_gaussians(count=200, seed=0):
    rng = np.random.default_rng(seed)
    parameters = np.empty((count, 8), np.float32)
    parameters[:, 0] = rng.uniform(-0.5, 95.5, count)
    parameters[:, 1] = rng.uniform(-0.5, 63.5, count)
    parameters[:, 2:4] = rng.normal(1, 0.6, (count, 2))
    parameters[:, 4] = rng.normal(0, 1, count)
    parameters[:, 5:] = rng.normal(0, 0.7, (count, 3))
    return Gaussians(parameters)


def test_luma_chroma_is_orthonormal():
    assert np.allclose(LUMA_CHROMA @ LUMA_CHROMA.T, np.eye(3))


def test_errors_stay_within_half_a_step():
    gaussians = random_gaussians()
    symbols = quantise(gaussians, GRID)
    back = dequantise(symbols, GRID)
    t = symbols.values[:, CLASS]
    assert np.abs((back.coefficient - gaussians.coefficient) @ LUMA_CHROMA.T).max() <= GRID.step * 0.501
    step = np.minimum(np.sqrt(2) * 2.0 ** (-t / 2), 1)
    assert (np.abs(back.log_scale - gaussians.log_scale) <= 0.501 * step[:, None]).all()
    # The slope of the ellipse is kept but for the rounding of the shear itself.
    slope = gaussians.shear * np.exp(gaussians.log_scale[:, 1] - gaussians.log_scale[:, 0])
    back_slope = back.shear * np.exp(back.log_scale[:, 1] - back.log_scale[:, 0])
    unit = np.exp(back.log_scale[:, 1] - back.log_scale[:, 0])
    assert (np.abs(slope - back_slope) <= 0.501 * SHEAR_STEP[t] * unit).all()
    # Position in x: the pitch is rounded to a number of positions per cell, by at most a factor of 2^(1/8) and a half.
    pitch = np.exp(back.log_scale[:, 0]) * POSITION_STEP[t]
    inside = pitch < GRID.cell
    assert (np.abs(back.mean - gaussians.mean)[inside, 0] <= 0.8 * pitch[inside]).all()


def test_quantising_again_changes_nothing():
    back = dequantise(quantise(random_gaussians(), GRID), GRID)
    t = quantise(back, GRID).values[:, CLASS]
    again = quantise(back, GRID, t)
    same = t == quantise(random_gaussians(), GRID).values[:, CLASS]
    assert same.mean() > 0.8
    first = quantise(random_gaussians(), GRID).values
    assert np.array_equal(again.values[same], first[same])


def test_a_fine_step_keeps_the_picture():
    gaussians = random_gaussians()
    rasteriser = CpuRasteriser()
    image = rasteriser.forward(gaussians, 96, 64)
    error = []
    for step in (0.08, 0.02, 0.005):
        grid = Grid(96, 64, step_index(step), 3)
        error.append(np.abs(rasteriser.forward(dequantise(quantise(gaussians, grid), grid), 96, 64) - image).mean())
    assert error[0] > 3 * error[1] > 9 * error[2]


def test_steps_survive_the_header():
    for index in (0, 300, 512, STEP_INDICES - 1):
        assert step_index(step_of(index)) == index
    assert step_of(512) == 1
    assert step_index(1e-9) == 0 and step_index(1e9) == STEP_INDICES - 1


def test_integer_tables_are_those_of_the_format():
    assert np.array_equal(POSITION_STEP_OCTAVES, 32768 - 32768 * np.arange(32))
    assert LOG_SCALE_STEP_OCTAVES.tolist() == second_decoder.S
    assert LEVELS.tolist() == second_decoder.LEVELS


@pytest.mark.parametrize("cell_log2", [0, 1, 3, 8, 20])
def test_quantiser_and_coder_count_the_same_positions_per_cell(cell_log2):
    # Around every eighth of an octave, where the rounding to a quarter turns over.
    octaves = np.arange(-LARGEST_OCTAVES, LARGEST_OCTAVES + 1, OCTAVE // 8)[:, None] + [-1, 0, 1]
    for t in range(CLASSES):
        quantised = positions_per_cell(octaves.ravel(), np.full(octaves.size, t), cell_log2)
        coded = [network.levels(o, t, cell_log2) for o in octaves.ravel()]
        assert quantised.tolist() == coded, t


@pytest.mark.parametrize("magnitude,expected", [(0.0, 0), (0.5, 0), (1.0, 0), (2.0, 2), (4.0, 4), (1e9, 31)])
def test_classes_are_half_octaves_of_magnitude(magnitude, expected):
    assert classes(np.array([[magnitude, 0, 0]]), 1.0)[0] == expected


def test_extreme_parameters_stay_in_the_format():
    parameters = np.zeros((4, 8), np.float32)
    parameters[:, 2:4] = [[30, -30], [-30, 30], [2, 2], [5, -5]]
    parameters[:, 4] = [1e4, -1e4, 1e6, 0]
    parameters[:, 5] = [1e5, 1e-6, 3, 100]
    parameters[:, :2] = [[-50, 1e6], [1e6, -50], [0, 0], [95.5, 63.5]]
    back = dequantise(quantise(Gaussians(parameters), GRID), GRID)
    assert np.isfinite(back.parameters).all()
    assert (np.abs(back.shear) <= 4096).all()
    assert (back.mean >= -0.5).all() and (back.mean <= (96 - 0.5, 64 - 0.5)).all()
