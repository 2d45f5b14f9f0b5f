"""Rounding in parts: what is rounded stays, the rest makes up for it."""

import itertools

import numpy as np
import pytest
from failing_device import GAVE_UP, Failing
from scenes import a_picture

from daub.codec.evaluation.metrics import psnr
from daub.codec.fit import FitSettings, fit
from daub.codec.progress import drive
from daub.codec.rounding.harden import HardenSettings, harden
from daub.codec.rounding.least_squares import solve_coefficients
from daub.codec.symbols import CLASS, LUMA_CHROMA, Grid, Symbols, dequantise, quantise, step_index
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import Failover
from daub.render.gaussians import COEFFICIENT, Gaussians

CPU = CpuRasteriser()
GRID = Grid(48, 32, step_index(0.3), 2)
SETTINGS = HardenSettings(geometry_batches=4, steps_per_batch=3, coefficient_batches=4, solver_steps=4)


@pytest.fixture(scope="module")
def fitted():
    return list(fit(a_picture(48, 32), FitSettings(gaussians=60, steps=60), CPU))[-1].gaussians


def hardened(gaussians, settings=SETTINGS, seed=0, pixels=None):
    """The symbols, and every record on the way."""
    records = []
    pixels = a_picture(48, 32) if pixels is None else pixels
    return drive(harden(pixels, gaussians, GRID, settings, CPU, seed), records.append), records


def test_it_returns_symbols_of_the_grid_and_leaves_what_it_was_given(fitted):
    before = fitted.parameters.copy()
    symbols, _ = hardened(fitted)
    assert isinstance(symbols, Symbols) and len(symbols) == 60
    assert np.array_equal(fitted.parameters, before)
    again = quantise(dequantise(symbols, GRID), GRID, symbols.values[:, CLASS])
    assert np.array_equal(again.values, symbols.values)


def test_the_seed_decides(fitted):
    first, again, other = (hardened(fitted, seed=seed)[0].values for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_geometry_is_rounded_part_by_part_and_stays(fitted):
    symbols, records = hardened(fitted)
    final = dequantise(symbols, GRID).parameters[:, :5]
    steps = SETTINGS.geometry_batches * SETTINGS.steps_per_batch
    done = [np.isclose(record.gaussians.parameters[:, :5], final, atol=1e-5).all(1) for record in records]
    assert [mask.sum() for mask in done[:steps]] == list(np.repeat([15, 30, 45, 60], SETTINGS.steps_per_batch))
    assert all((later >= earlier).all() for earlier, later in itertools.pairwise(done))
    # Meanwhile no coefficient is held: the rounded ones go on making up for it.
    first, last = records[0].gaussians.coefficient, records[steps - 1].gaussians.coefficient
    assert (first != last).any(1).all()


def test_coefficients_are_rounded_part_by_part(fitted):
    _, records = hardened(fitted)
    on_lattice = []
    for record in records[SETTINGS.geometry_batches * SETTINGS.steps_per_batch :]:
        multiples = record.gaussians.coefficient @ LUMA_CHROMA.T / GRID.step
        on_lattice.append((np.abs(multiples - np.round(multiples)) < 1e-4).all(1).sum())
    assert on_lattice == sorted(on_lattice)
    assert set(on_lattice) >= {0, 15, 30, 45}


def test_steps_are_counted_and_the_psnr_is_that_of_a_state(fitted):
    _, records = hardened(fitted)
    steps = [record.step for record in records]
    assert steps[:-1] == list(range(1, len(records))) and steps[-1] == records[0].steps >= len(records) - 1
    assert len({record.steps for record in records}) == 1
    # As in a fit: a record of the first stage tells the error its step started from, that of the record before.
    image = CPU.forward(records[0].gaussians, 48, 32)
    assert records[1].psnr == pytest.approx(psnr(a_picture(48, 32), image), abs=0.01)


@pytest.mark.parametrize("count", [0, 1, 3])  # fewer than parts
def test_few_gaussians(count):
    gaussians = Gaussians.build(np.full((3, 2), 9.5), np.tile(16 * np.eye(2), (3, 1, 1)), np.full((3, 3), 0.2))
    symbols, _ = hardened(Gaussians(gaussians.parameters[:count]))
    assert len(symbols) == count and np.isfinite(dequantise(symbols, GRID).parameters).all()


def test_a_perfect_image_needs_no_steps_of_the_solver():
    black = np.zeros((32, 48, 3), np.float32)
    symbols, _ = hardened(Gaussians.empty(5), pixels=black)
    assert not dequantise(symbols, GRID).coefficient.any()


def test_the_solver_finds_the_least_squares(fitted):
    target, count = a_picture(48, 32), len(fitted)
    free = np.arange(count) % 3 > 0
    gaussians = fitted.copy()
    gaussians.parameters[free, COEFFICIENT] *= 0.5
    surface = CPU.surface(target)

    atoms = gaussians.copy()
    matrix = np.empty((target[..., 0].size, count))
    for n in range(count):
        atoms.parameters[:, COEFFICIENT] = np.eye(count)[n][:, None]
        matrix[:, n] = CPU.forward(atoms, 48, 32)[..., 0].ravel()
    held = matrix[:, ~free] @ gaussians.coefficient[~free]
    expected, *_ = np.linalg.lstsq(matrix[:, free], target.reshape(-1, 3) - held, rcond=None)
    least = ((matrix[:, free] @ expected + held - target.reshape(-1, 3)) ** 2).sum()

    before = gaussians.coefficient[~free].copy()
    start = surface.error(gaussians)
    for _ in solve_coefficients(surface, gaussians, np.flatnonzero(free), 60):
        pass
    assert start > 2 * least
    assert surface.error(gaussians) == pytest.approx(least, rel=1e-3)
    assert np.array_equal(gaussians.coefficient[~free], before)


def test_a_lost_device_leaves_the_rounding_to_the_cpu(fitted):
    told = []
    failing = Failover(Failing("normal_product", 5), told.append)
    symbols = drive(harden(a_picture(48, 32), fitted, GRID, SETTINGS, failing))
    assert np.array_equal(symbols.values, hardened(fitted)[0].values)
    assert told == [GAVE_UP]
