"""The fit as a generator: it converges, obeys, repeats itself, and reaches the count it was asked for."""

import numba
import numpy as np
import pytest
from failing_device import GAVE_UP, Failing
from scenes import a_picture

from daub.codec.evaluation.metrics import psnr
from daub.codec.fit import FitSettings, fit
from daub.codec.fit.densifiers import LEAST_GROWTHS
from daub.render.cpu.backend import CpuRasteriser, CpuSurface
from daub.render.devices import Failover
from daub.render.weighting import Weighting


def run(pixels, **settings):
    return list(fit(pixels, FitSettings(**settings), CpuRasteriser()))


def test_it_converges_and_its_psnr_is_that_of_its_gaussians():
    pixels = a_picture()
    records = run(pixels, gaussians=250, steps=120)
    assert [r.step for r in records] == list(range(1, 121))
    assert records[-1].psnr > records[10].psnr + 6
    # A record tells the error its step started from, that of the record before; the last one that of its own Gaussians.
    for shown, told in ((-3, -2), (-1, -1)):
        image = CpuRasteriser().forward(records[shown].gaussians, 96, 64)
        assert psnr(pixels, image) == pytest.approx(records[told].psnr, abs=0.01)
    assert records[-1].psnr >= max(record.psnr for record in records[-20:]) - 1e-6  # the best of all


@pytest.mark.parametrize("count,steps", [(0, 3), (1, 1), (300, 1), (1, 30), (7, 5), (300, 40), (300, 2), (97, 300)])
def test_the_count_is_exact(count, steps):
    records = run(a_picture(32, 24), gaussians=count, steps=steps)
    assert len(records[-1].gaussians) == count
    counts = [len(r.gaussians) for r in records]
    assert counts == sorted(counts)


@pytest.mark.parametrize("width,height", [(1, 1), (1, 50), (50, 1), (3, 2), (17, 33)])
@pytest.mark.parametrize("value", [None, 0.0, 1.0])
def test_any_size_and_flat_colours(width, height, value):
    pixels = a_picture(width, height) if value is None else np.full((height, width, 3), value, np.float32)
    last = run(pixels, gaussians=12, steps=40)[-1]
    assert len(last.gaussians) == 12 and np.isfinite(last.gaussians.parameters).all()
    assert np.isfinite(last.psnr)


def test_more_gaussians_than_pixels():
    last = run(a_picture(5, 4), gaussians=64, steps=30)[-1]
    assert len(last.gaussians) == 64 and np.isfinite(last.gaussians.parameters).all()


def test_seed_and_threads(threads_for_any_picture):
    pixels = a_picture()
    before = numba.get_num_threads()
    results = []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            results.append(run(pixels, gaussians=150, steps=60, seed=3)[-1].gaussians.parameters.tobytes())
    finally:
        numba.set_num_threads(before)
    assert results[0] == results[1]
    other = run(pixels, gaussians=150, steps=60, seed=4)[-1].gaussians.parameters.tobytes()
    assert other != results[0]


def test_a_snapshot_does_not_change_and_closing_stops():
    records = fit(a_picture(), FitSettings(gaussians=100, steps=1000), CpuRasteriser())
    first = next(records)
    kept = first.gaussians.parameters.copy()
    next(records)
    assert np.array_equal(first.gaussians.parameters, kept)
    records.close()
    assert list(records) == []


def test_pauses_do_not_count():
    import time

    records = fit(a_picture(), FitSettings(gaussians=100, steps=5), CpuRasteriser())
    before = next(records).seconds  # with the compilation, where there was one
    time.sleep(1.0)  # the pause itself is what is tested
    assert next(records).seconds - before < 0.9


def test_events_mark_growth_and_relocation():
    events = [r.event for r in run(a_picture(), gaussians=200, steps=100)]
    assert events.count("grown") == LEAST_GROWTHS
    assert events.count("relocated") >= 1


def test_looking_less_often_changes_nothing_but_the_records(monkeypatch):
    pixels = a_picture(48, 32)
    every = run(pixels, gaussians=60, steps=100)
    monkeypatch.setattr(CpuSurface, "stride", 7)
    some = run(pixels, gaussians=60, steps=100)
    assert some[-1].step == 100 and len(some) < 40
    by_step = {record.step: record for record in every}
    for record in some:
        same = by_step[record.step]
        assert np.array_equal(record.gaussians.parameters, same.gaussians.parameters) and record.psnr == same.psnr
    assert [record.event for record in some if record.event] == [record.event for record in every if record.event]


@pytest.mark.parametrize("method,call", [("advance", 0), ("advance", 29), ("error", 0)])
def test_a_lost_device_leaves_the_fit_to_the_cpu_with_its_state(method, call):
    pixels, settings, told = a_picture(48, 32), FitSettings(gaussians=60, steps=50), []
    records = list(fit(pixels, settings, Failover(Failing(method, call), told.append)))
    assert [record.step for record in records] == list(range(1, 51))
    assert told == [GAVE_UP]
    # The device that failed was a CPU too, so nothing may differ.
    for record, same in zip(records, fit(pixels, settings, CpuRasteriser()), strict=True):
        assert np.array_equal(record.gaussians.parameters, same.gaussians.parameters)
        assert record.psnr == same.psnr and record.event == same.event


def test_births_on_the_cpu_go_by_the_error_that_a_lost_device_knew():
    pixels, settings, told = a_picture(48, 32), FitSettings(gaussians=60, steps=50), []
    records = list(fit(pixels, settings, Failover(Failing("gradient", 6), told.append)))
    assert len(told) == 1 and len(records[-1].gaussians) == 60
    grown = [i for i, record in enumerate(records) if record.event == "grown"][6]
    before = records[grown - 1].gaussians
    surface = CpuRasteriser().surface(pixels)
    surface.error(before)
    expected = settings.densifier.update(grown, 50, 60, before, surface, np.random.default_rng(0)).gaussians
    moved = records[grown].gaussians.mean - expected.mean  # by the one step since
    assert len(before) < len(moved) and np.hypot(*moved.T).max() < 2.5  # another place is 12 pixels away and more


def weights_of_the_left(height, width, share):
    weights = np.full((height, width), 1 - share, np.float32)
    weights[:, : width // 2] = share
    return Weighting(weights / weights.mean())


def error_of(records, pixels, columns):
    image = CpuRasteriser().forward(records[-1].gaussians, pixels.shape[1], pixels.shape[0])
    return float(((image - pixels)[:, columns] ** 2).sum())


def test_weights_of_one_fit_as_well_as_none_do():
    pixels = a_picture(48, 32)
    settings = FitSettings(gaussians=60, steps=60)
    plain = list(fit(pixels, settings, CpuRasteriser()))
    ones = Weighting(np.ones((32, 48), np.float32))
    weighted = list(fit(pixels, settings, CpuRasteriser(), lambda: ones))
    # Not worse: under weights a step knows what the border cuts off an atom, which matters in so small a picture.
    assert plain[-1].psnr - 0.2 < weighted[-1].psnr < plain[-1].psnr + 7


def test_where_errors_count_more_the_fit_leaves_fewer():
    pixels, left, right = a_picture(48, 32), slice(0, 24), slice(24, 48)
    settings = FitSettings(gaussians=60, steps=80)
    plain = list(fit(pixels, settings, CpuRasteriser()))
    weights = weights_of_the_left(32, 48, 0.95)
    weighted = list(fit(pixels, settings, CpuRasteriser(), lambda: weights))
    assert error_of(weighted, pixels, left) < 0.6 * error_of(plain, pixels, left)
    assert error_of(weighted, pixels, right) > error_of(plain, pixels, right)
    residual = CpuRasteriser().forward(weighted[-1].gaussians, 48, 32) - pixels
    assert weighted[-1].error == pytest.approx(weights.error(residual), rel=1e-4)
    assert weighted[-1].psnr == pytest.approx(-10 * np.log10((residual**2).mean()), abs=1e-3)


@pytest.mark.parametrize("before", [False, True])
def test_a_running_fit_goes_on_under_other_weights(before):
    pixels, given = a_picture(48, 32), [weights_of_the_left(32, 48, 0.05) if before else None]
    settings = FitSettings(gaussians=60, steps=120)
    records = fit(pixels, settings, CpuRasteriser(), lambda: given[0])
    first = [next(records) for _ in range(70)]
    given[0] = weights_of_the_left(32, 48, 0.95)
    rest = list(records)
    assert [record.step for record in first + rest] == list(range(1, 121))
    moved = np.hypot(*(rest[0].gaussians.mean - first[-1].gaussians.mean).T)
    assert np.median(moved) < 0.5  # it goes on rather than begins anew
    assert error_of(rest, pixels, slice(0, 24)) < 0.95 * error_of(first, pixels, slice(0, 24))
    assert rest[-1].error < rest[0].error
