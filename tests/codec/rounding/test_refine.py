"""Integers chosen by distortion and bits: every sweep helps, and the residual it keeps is the true one."""

import numpy as np
import pytest
from scenes import a_picture

from daub.codec import container
from daub.codec.fit import FitSettings, fit
from daub.codec.progress import drive
from daub.codec.rounding.harden import HardenSettings, harden
from daub.codec.rounding.refine import RefineSettings, _sweep, _tables, refine
from daub.codec.rounding.waves import waves_of
from daub.codec.symbols import (
    CELL_X,
    CHROMA_2,
    CLASS,
    LOG_SCALE_STEP_OCTAVES,
    LUMA,
    SCALE_1,
    SCALE_3,
    SUB_X,
    Grid,
    Symbols,
    dequantise,
    quantise,
    step_index,
)
from daub.render.cpu.backend import CpuRasteriser, CpuSurface
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

CPU = CpuRasteriser()


def error(symbols, grid, pixels):
    rendered = CPU.forward(dequantise(symbols, grid), grid.width, grid.height)
    return float(((rendered - pixels) ** 2).sum())


@pytest.fixture(scope="module", params=[(96, 64), (75, 53), (7, 40)])
def rounded(request):
    """A picture, symbols hardened from a fit to it, and their grid; the width need not be a multiple of the lanes."""
    width, height = request.param
    pixels = a_picture(width, height)
    gaussians = list(fit(pixels, FitSettings(gaussians=width * height // 40, steps=60), CPU))[-1].gaussians
    grid = Grid(width, height, step_index(0.4), 2)
    return pixels, drive(harden(pixels, gaussians, grid, HardenSettings(4, 6, 4, 4), CPU)), grid


def test_without_a_price_each_sweep_brings_the_picture_nearer(rounded):
    pixels, symbols, grid = rounded
    before = error(symbols, grid, pixels)
    for sweeps in (1, 2, 4):
        refined = drive(refine(pixels, symbols, grid, RefineSettings(sweeps, lambda_=0.0, remove=False)))
        assert len(refined) == len(symbols)
        after = error(refined, grid, pixels)
        assert after < before or (after == before and sweeps > 1)  # a handful may have settled
        before = after


def test_strong_gaussians_of_a_pixel_stay_where_they_are_best_under_shared_errors():
    """An atom is many steps strong here, so that a move for a percent of its energy would be seen at once."""
    width, height = 40, 28
    rng = np.random.default_rng(0)
    spread = rng.uniform(0.4, 1.2, (60, 2)) ** 2
    dots = Gaussians.build(
        rng.uniform(2, (width - 3, height - 3), (60, 2)), spread[:, None] * np.eye(2), rng.uniform(-0.6, 0.6, (60, 3))
    )
    grid = Grid(width, height, step_index(0.01), 2)
    weights = Weighting(np.ones((height, width), np.float32), 1.0)
    symbols = quantise(dots, grid)
    pixels = CPU.forward(dots, width, height)

    def worth(symbols):
        return weights.error(CPU.forward(dequantise(symbols, grid), width, height) - pixels)

    refined = drive(refine(pixels, symbols, grid, RefineSettings(2, lambda_=0.0, remove=False), weights))
    assert worth(refined) < 0.9 * worth(symbols)


def test_a_price_makes_the_file_smaller_for_less_than_it_is_worth(rounded):
    pixels, symbols, grid = rounded
    settings = RefineSettings(4)
    refined = drive(refine(pixels, symbols, grid, settings))
    files = [container.write(s, grid) for s in (symbols, refined)]
    assert len(files[1]) < len(files[0]) or len(symbols) < 10  # few Gaussians, all of them needed
    lost = error(refined, grid, pixels) - error(symbols, grid, pixels)
    saved = len(files[0]) - len(files[1]) + 2  # its bits are estimates, the file's are whole bytes
    assert lost < settings.lambda_ * grid.step**2 * 8 * saved


def test_a_higher_price_makes_smaller_files(rounded):
    pixels, symbols, grid = rounded
    sizes = [
        len(container.write(drive(refine(pixels, symbols, grid, RefineSettings(2, price))), grid))
        for price in (0.02, 0.09, 1.0)
    ]
    assert sizes[0] + 1 >= sizes[1] >= sizes[2] and sizes[0] > sizes[2]  # in a file of 60 bytes one is chance


def test_what_it_returns_is_a_file(rounded):
    pixels, symbols, grid = rounded
    refined = drive(refine(pixels, symbols, grid, RefineSettings(3)))
    decoded = container.read(container.write(refined, grid)).payload.symbols
    assert sorted(map(tuple, decoded.values)) == sorted(map(tuple, refined.values))


def test_the_symbols_given_stay_as_they_are_and_equal_ones_give_equal_ones(rounded):
    pixels, symbols, grid = rounded
    before = symbols.values.copy()
    first, second = (drive(refine(pixels, symbols, grid, RefineSettings())) for _ in range(2))
    assert np.array_equal(symbols.values, before)
    assert np.array_equal(first.values, second.values)


def test_progress_ends_with_what_is_returned(rounded):
    pixels, symbols, grid = rounded
    records = []
    refined = drive(refine(pixels, symbols, grid, RefineSettings(2)), records.append)
    assert [record.step for record in records] == [*range(1, records[-1].steps + 1)]
    assert np.array_equal(records[-1].symbols.values, refined.values)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_residual_it_keeps_is_the_true_one(rounded, weighted):
    pixels, symbols, grid = rounded
    plane = np.random.default_rng(0).uniform(0.2, 3, pixels.shape[:2]).astype(np.float32)
    weights = Weighting(plane, 1.0) if weighted else None
    values = symbols.values.copy()
    kept, fresh, alive = CpuSurface(pixels, weights), CpuSurface(pixels, weights), np.ones(len(values), bool)
    kept.error(dequantise(symbols, grid))
    frame = grid.width, grid.cell_log2, grid.columns, grid.rows, grid.step
    given = kept.residual, kept.weights, kept.coarse, frame, 0.09 * grid.step**2, True, _tables(values)
    _sweep(values, alive, *waves_of(values, grid), *given)
    assert not np.array_equal(values, symbols.values)
    fresh.error(dequantise(Symbols(values[alive]), grid))
    assert np.allclose(kept.residual, fresh.residual, atol=1e-4 if weighted else 2e-5)


def test_a_gaussian_that_no_pixel_sees_gets_no_colour():
    pixels, grid = a_picture(20, 10), Grid(20, 10, 512, 5)
    far = np.zeros((2, 11), np.int64)
    far[:, [CELL_X, CLASS, LUMA]] = 0, 9, 3
    far[:, SUB_X] = 600  # of 609 places in a cell that reaches far beyond the image
    far[:, [SCALE_1, SCALE_3]] = -5
    refined = drive(refine(pixels, Symbols(far), grid, RefineSettings(2, remove=False)))
    assert not refined.values[:, LUMA : CHROMA_2 + 1].any()
    assert len(drive(refine(pixels, Symbols(far), grid, RefineSettings(2)))) == 0


def test_progress_never_goes_back_when_gaussians_are_left_out(rounded, monkeypatch):
    pixels, symbols, grid = rounded
    monkeypatch.setattr("daub.codec.rounding.refine._BATCH", 2)
    records = []
    refined = drive(refine(pixels, symbols, grid, RefineSettings(3, lambda_=3.0)), records.append)
    assert len(refined) < len(symbols)
    assert [record.step for record in records] == [*range(1, records[-1].steps + 1)]


def test_nothing_at_all_is_refined_to_nothing():
    pixels = a_picture(20, 10)
    empty = Symbols(np.zeros((0, 11), np.int64))
    assert len(drive(refine(pixels, empty, Grid(20, 10, 512, 2), RefineSettings()))) == 0


def test_a_class_without_gaussians_expects_the_scales_of_the_nearest():
    values = np.zeros((2, 11), np.int64)
    values[:, CLASS], values[:, SCALE_1], values[:, SCALE_3] = (8, 12), 10, -10
    _, _, centres = _tables(values)
    octaves = centres * LOG_SCALE_STEP_OCTAVES
    for axis, sign in enumerate((1, -1)):
        assert centres[axis, 8] == centres[axis, 12] == 10 * sign
        assert abs(octaves[axis, 20] - octaves[axis, 12]) <= LOG_SCALE_STEP_OCTAVES[20] / 2
        assert abs(octaves[axis, 12]) < abs(octaves[axis, 10]) < abs(octaves[axis, 8])
        assert abs(octaves[axis, 7] - octaves[axis, 8]) <= LOG_SCALE_STEP_OCTAVES[7] / 2
