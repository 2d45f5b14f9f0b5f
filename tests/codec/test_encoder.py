"""From pixels to a file and back: goals are met, and what is reported is what the file gives."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from scenes import a_picture

from daub.codec import container, images
from daub.codec.decoder import decode
from daub.codec.effort import EFFORTS
from daub.codec.encoder import Start, encode
from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import psnr
from daub.codec.fit import FitSettings, fit
from daub.codec.goal import Goal, GoalKind
from daub.codec.profiles.profile import PROFILES
from daub.codec.progress import Stage, drive
from daub.codec.rate.estimate import estimate_bytes
from daub.codec.rate.packing import pack
from daub.codec.rate.plan import PowerLaw
from daub.codec.recipe import Recipe, recipe_of
from daub.codec.rounding.harden import HardenSettings, harden
from daub.codec.settings import EncodeSettings
from daub.codec.symbols import Grid, Symbols, dequantise, quantise, step_index
from daub.codec.tuning import Tuning
from daub.render.cpu.backend import CpuRasteriser
from daub.render.eight_bit import as_real, to_8bit
from daub.resources import ROOT

CPU = CpuRasteriser()


def encoded(pixels, goal, steps=60, **settings):
    return drive(encode(pixels, Recipe(goal=goal, steps=steps, **settings), CPU))


def test_what_is_reported_is_what_the_file_gives():
    pixels = a_picture()
    result = encoded(pixels, Goal("gaussians", 150))
    decoded = container.read(result.data)
    assert (decoded.width, decoded.height, len(decoded.gaussians)) == (96, 64, 150)
    assert np.array_equal(decoded.gaussians.parameters, result.gaussians.parameters)
    image = decode(decoded, CPU).astype(np.float32) / 255
    assert psnr(pixels, image) == pytest.approx(result.psnr, abs=1e-6)
    assert result.bpp == len(result.data) * 8 / (96 * 64)
    assert 0 < result.fit_seconds < result.encode_seconds


def test_equal_settings_give_equal_bytes():
    pixels = a_picture()
    assert encoded(pixels, Goal("quality", 40)).data == encoded(pixels, Goal("quality", 40)).data


@pytest.mark.parametrize("tune", list(Tuning))
def test_levels_of_8_bits_make_the_file_of_the_numbers_they_stand_for(tune):
    levels = to_8bit(a_picture())
    files = {encoded(image, Goal("quality", 40), steps=20, tune=tune).data for image in (levels, as_real(levels))}
    assert len(files) == 1


@pytest.mark.parametrize("goal", [Goal("bytes", 500), Goal("bytes", 1500), Goal("bpp", 1.0)])
def test_a_size_is_approached_from_below(goal):
    size = len(encoded(a_picture(), goal).data)
    limit = goal.limit(96 * 64)
    assert 0.94 * limit <= size <= limit


def test_a_psnr_is_met():
    # A file of 300 bytes: one Gaussian more or less moves it by some tenths of a decibel.
    assert encoded(a_picture(), Goal("psnr", 30.0)).psnr == pytest.approx(30.0, abs=0.7)


def test_quality_is_monotone():
    results = [encoded(a_picture(), Goal("quality", q), steps=30) for q in (0, 30, 60)]
    assert [len(r.data) for r in results] == sorted(len(r.data) for r in results)
    assert results[0].psnr < results[1].psnr < results[2].psnr


@pytest.mark.parametrize(
    "kind,value", [("bytes", 1), ("bpp", 0), ("psnr", 400), ("ms-ssim", 1), ("quality", 101), ("gaussians", 0)]
)
def test_nonsense_goals_are_refused(kind, value):
    with pytest.raises(DaubError, match="out of range"):
        Goal(kind, value)


def test_of_a_goal_out_of_reach_the_best_file_is_kept_and_says_what_it_has_come_to():
    noise = np.random.default_rng(0).random((12, 12, 3), dtype=np.float32)
    file = encoded(noise, Goal("psnr", 60), steps=5)
    assert container.read(file.data).width == 12
    said = f"60 dB cannot be reached, {file.psnr:.2f} dB is the best found, ask for less"
    assert str(file.missed) == said and file.psnr < 59
    file = encoded(a_picture(), Goal("bpp", 0.01), steps=5)  # 7 bytes: less than a header takes
    said = rf"0.01 bpp \(7 bytes\) cannot be reached, .* takes {len(file.data)}, allow more bytes"
    assert re.fullmatch(said, str(file.missed))
    file = encoded(a_picture(16, 16), Goal("bpp", 40), steps=5)
    assert len(file.data) < 0.9 * 1280
    assert re.search(rf"^40 bpp \(1,280 bytes\) are more .* takes {len(file.data):,}", str(file.missed))


def test_more_bytes_than_gaussians_can_use_go_into_finer_steps():
    pixels = a_picture(16, 16)
    sizes = [len(encoded(pixels, Goal("bytes", limit)).data) for limit in (300, 600, 1200)]
    assert sizes[0] < sizes[1] <= sizes[2] <= 1200


def test_a_goal_that_is_met_says_nothing():
    assert encoded(a_picture(), Goal("bytes", 1500)).missed is None
    assert encoded(a_picture(), Goal("quality", 40)).missed is None


def test_an_error_while_packing_is_told_as_it_is_and_fits_nothing_anew(monkeypatch):
    fits = []

    def fail(*_):
        fits.append(1)
        raise DaubError("the image cannot be rendered", "its Gaussians overlap", "choose another")

    monkeypatch.setattr("daub.codec.rate.packing.score", fail)
    with pytest.raises(DaubError, match="overlap"):
        encoded(a_picture(), Goal("bytes", 500))
    assert len(fits) == 1


def test_records_carry_the_best_file_so_far_once_there_is_one():
    records = []
    last = drive(encode(a_picture(), Recipe(Goal("psnr", 25), steps=30), CPU), records.append)
    first = next(i for i, record in enumerate(records) if record.best is not None)
    assert all(record.best is None for record in records[:first]) and records[first].stage is Stage.ROUND
    assert all(record.best is not None for record in records[first:])
    misses = [abs(record.best.psnr - 25) for record in [*records[first:]]]
    assert misses == sorted(misses, reverse=True) and abs(last.psnr - 25) <= misses[-1]


def test_a_size_that_the_first_fit_misses_by_far_is_fitted_anew_with_another_count(monkeypatch):
    monkeypatch.setattr("daub.codec.rate.plan.full_size", lambda *_: 300)  # takes every count for far too small
    records = []
    file = drive(encode(a_picture(), Recipe(Goal("bytes", 900), steps=30), CPU), records.append)
    fits = list(dict.fromkeys(record.goal_count for record in records if record.stage is Stage.FIT))
    assert len(fits) == 2 and fits[1] < fits[0]
    assert 0.94 * 900 <= len(file.data) <= 900 and file.missed is None


@pytest.mark.parametrize("width,height", [(1, 1), (1, 30), (9, 2)])
def test_tiny_images(width, height):
    result = encoded(a_picture(width, height), Goal("quality", 50), steps=20)
    assert container.read(result.data).width == width
    assert result.psnr > 15


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("goal", [Goal("quality", 50), Goal("psnr", 50), Goal("gaussians", 400), Goal("bytes", 100)])
def test_flat_images(value, goal):
    pixels = np.full((30, 200, 3), value, np.float32)
    result = encoded(pixels, goal, steps=20)
    assert container.read(result.data).width == 200
    assert result.psnr > 20


def test_fractions_rise_to_the_end_and_snapshots_come_with_them():
    records = []
    drive(encode(a_picture(), Recipe(goal=Goal("quality", 30), steps=30), CPU), records.append)
    fractions = [r.fraction for r in records]
    assert fractions == sorted(fractions) and fractions[0] > 0 and fractions[-1] == pytest.approx(1)
    assert next(r.stage for r in records if r.stage != "plan") == "fit" and records[-1].stage == "quantise"
    assert all(len(r.gaussians) for r in records)


def test_an_unfinished_fit_can_be_packed():
    pixels = a_picture()
    records = fit(pixels, FitSettings(gaussians=200, steps=200), CPU)
    for _ in range(30):
        last = next(records)
    result = drive(pack(pixels, last.gaussians, Recipe(), CPU))
    assert container.read(result.data).width == 96
    assert result.psnr > last.psnr - 2


def test_hardening_beats_plain_rounding():
    pixels = a_picture()
    gaussians = list(fit(pixels, FitSettings(gaussians=200, steps=100), CPU))[-1].gaussians
    grid = Grid(96, 64, step_index(0.4), 2)
    plain = dequantise(quantise(gaussians, grid), grid)
    records = []
    symbols = drive(harden(pixels, gaussians, grid, HardenSettings(), CPU), records.append)
    assert isinstance(symbols, Symbols) and len(symbols) == 200
    hardened = dequantise(symbols, grid)
    assert psnr(pixels, CPU.forward(hardened, 96, 64)) > psnr(pixels, CPU.forward(plain, 96, 64)) + 0.3
    assert [r.step for r in records] == sorted(r.step for r in records) and records[-1].step == records[-1].steps
    # The last record already shows what the decoder will see.
    assert np.allclose(records[-1].gaussians.parameters, hardened.parameters, atol=1e-4)


def test_estimates_are_near_the_real_size():
    result = encoded(a_picture(), Goal("gaussians", 200))
    fitted = list(fit(a_picture(), FitSettings(gaussians=200, steps=60), CPU))[-1]
    assert estimate_bytes(fitted.gaussians, 96, 64, fitted.error, Recipe(Goal("gaussians", 200))) == pytest.approx(
        len(result.data), rel=0.15
    )


@pytest.mark.parametrize("tune", ["psnr", "balanced"])
def test_estimates_of_a_fit_that_is_done_are_near_the_file_of_a_quality(tune):
    pixels, recipe = (
        images.load(ROOT / "sample.png").pixels[:256, :384],
        Recipe(Goal("quality", 50), 120, tune=Tuning(tune)),
    )
    pixels = np.ascontiguousarray(pixels)
    told = []

    def note(record):
        if record.stage is Stage.FIT and record.step == record.steps:
            told.append(estimate_bytes(record.gaussians, 384, 256, record.error, recipe))

    size = len(drive(encode(pixels, recipe, CPU), note).data)
    assert size == pytest.approx(told[-1], rel=0.08)


def test_a_power_law_gives_back_its_own_points():
    law = PowerLaw.through((100, 50.0), (400, 20.0))
    assert law.count_for_energy(50.0) == pytest.approx(100)
    assert law.count_for_energy(20.0) == pytest.approx(400)
    count = law.count_for_gaussian_price(0.05)
    slope = (law.scale * (count + 1) ** -law.exponent - law.scale * count**-law.exponent) / 1
    assert -slope == pytest.approx(0.05, rel=0.02)


def test_resolution_free_rendering_is_bounded():
    result = encoded(a_picture(), Goal("gaussians", 50), steps=20)
    assert decode(result.document, CPU, (30, 200)).shape == (200, 30, 3)
    with pytest.raises(DaubError, match="cannot be rendered"):
        decode(result.document, CPU, (0, 5))
    with pytest.raises(DaubError, match="megapixels"):
        decode(result.document, CPU, (100000, 100000))


def test_efforts_make_files_and_those_in_the_middle_better_ones_than_the_lowest():
    pixels = a_picture()
    scores = []
    for effort in range(len(EFFORTS)):
        settings = recipe_of(EncodeSettings(Goal("bytes", 500), effort, min(EFFORTS[effort].steps, 300), tune="psnr"))
        encoded = drive(encode(pixels, settings, CPU))
        assert encoded.steps == settings.steps and len(encoded.data) <= 500
        scores.append(encoded.psnr)
    assert max(scores[:2]) < min(scores[3:])


def test_steps_asked_for_win_over_those_of_the_effort():
    assert recipe_of(EncodeSettings(Goal("quality", 50), 2, steps=7)).steps == 7
    assert recipe_of(EncodeSettings(Goal("quality", 50), tune="psnr")) == Recipe()


@pytest.mark.parametrize("effort", [-1, 10])
def test_an_unknown_effort_is_refused(effort):
    with pytest.raises(DaubError, match="effort"):
        recipe_of(EncodeSettings(Goal("quality", 50), effort))


def test_all_roads_to_a_file_end_on_one_curve():
    """A quality asked for again by its own bytes and by its own PSNR comes to the same, at equal bytes."""
    pixels = np.ascontiguousarray(images.load(ROOT / "sample.png").pixels[150:342, 80:336])
    low, quality, high = (encoded(pixels, Goal("quality", value), steps=80) for value in (44, 50, 56))
    slope = (high.psnr - low.psnr) / math.log2(len(high.data) / len(low.data))  # dB per doubling of the size
    for goal in (Goal("bytes", len(quality.data)), Goal("psnr", quality.psnr)):
        file = encoded(pixels, goal, steps=80)
        off = file.psnr - quality.psnr - slope * math.log2(len(file.data) / len(quality.data))
        assert abs(off) < 0.25, (goal, off)  # fits of other numbers of Gaussians differ by 0.2 dB


def checkpoints_of(pixels, recipe):
    """The checkpoints of the last fit of an encode by their steps, how many Gaussians it has, and the file."""
    found = {}

    def keep(record):
        if record.stage is Stage.FIT:
            found[record.step] = Start(record.checkpoint(), record.goal_count, record.seconds)

    encoded = drive(encode(pixels, recipe, CPU), keep)
    return found, encoded


@pytest.mark.parametrize("goal", [Goal("quality", 40), Goal("gaussians", 60), Goal("psnr", 24)], ids=str)
def test_an_encode_that_goes_on_from_a_fit_makes_the_same_file(goal):
    pixels, recipe = a_picture(48, 32, 20), Recipe(goal=goal, steps=40)
    starts, whole = checkpoints_of(pixels, recipe)
    if goal.kind is GoalKind.PSNR:  # the fit whose Gaussians are written need not be the last
        starts = {step: start for step, start in starts.items() if step == 40}
    for step in [step for step in (1, 17, 40) if step in starts]:
        stages = []
        again = drive(encode(pixels, recipe, CPU, None, starts[step]), stages.append)
        assert Stage.PLAN not in [record.stage for record in stages]
        assert all(0 <= record.fraction <= 1 for record in stages)
        assert again.encode_seconds >= starts[step].seconds
        if goal.kind is GoalKind.PSNR:
            assert again.missed is None or abs(again.psnr - 24) <= abs(whole.psnr - 24) + 0.1
        else:
            assert again.data == whole.data, step


def test_an_encode_goes_on_towards_another_goal():
    pixels = a_picture(48, 32, 20)
    starts, few = checkpoints_of(pixels, Recipe(goal=Goal("gaussians", 30), steps=40))
    planned, end = replace(starts[20], count=None), replace(starts[40], count=None)
    stages = []
    size = drive(encode(pixels, Recipe(goal=Goal("bytes", 600), steps=60), CPU, None, planned), stages.append)
    assert stages[0].stage is Stage.PLAN and 500 <= len(size.data) <= 600
    fits = [record for record in stages if record.stage is Stage.FIT]
    assert (fits[0].step, fits[-1].step) == (21, 60)
    more = drive(encode(pixels, Recipe(goal=Goal("gaussians", 60), steps=60), CPU, None, end))
    assert len(more.gaussians) == 60 and more.psnr > few.psnr
    by_method = Recipe(goal=Goal("gaussians", 30), steps=60, profile=PROFILES["gaussianimage++"])
    stages.clear()
    drive(encode(pixels, by_method, CPU, None, end), stages.append)
    assert (stages[0].step, stages[-1].step) == (41, 60)
