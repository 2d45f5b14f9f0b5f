"""Going on from a checkpoint: what one fit would have come to, to the bit, and what it is with other settings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from failing_device import Failing
from scenes import a_picture

from daub.codec.fit import FitSettings, fit
from daub.codec.fit.densifiers import ErrorDriven, Fixed
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import Failover
from daub.render.weighting import Weighting

SETTINGS = FitSettings(gaussians=60, steps=50, seed=2)


def kept_by_step(pixels, settings, rasteriser=None, weights=lambda: None):
    """The last record, and the checkpoints of all."""
    checkpoints = {}
    for record in fit(pixels, settings, rasteriser or CpuRasteriser(), weights):
        checkpoints[record.step] = record.checkpoint()
    return record, checkpoints


def same(one, other) -> bool:
    return np.array_equal(one.gaussians.parameters, other.gaussians.parameters) and one.psnr == other.psnr


def test_from_any_step_the_same_settings_lead_to_the_same_bits():
    pixels = a_picture(48, 32)
    whole, checkpoints = kept_by_step(pixels, SETTINGS)
    events = {record.step: record.event for record in fit(pixels, SETTINGS, CpuRasteriser())}
    for step, checkpoint in checkpoints.items():
        rest = list(fit(pixels, SETTINGS, CpuRasteriser(), start=checkpoint))
        assert same(rest[-1], whole), step
        if step < SETTINGS.steps:  # births on the very next step included
            assert [(record.step, record.event) for record in rest] == [
                (later, events[later]) for later in range(step + 1, SETTINGS.steps + 1)
            ]
    assert any(events[step + 1] == "relocated" for step in checkpoints if step < SETTINGS.steps)


def test_nor_do_gaussians_that_are_drawn_at_a_reduced_size_change_a_bit():
    pixels, settings = a_picture(280, 240), replace(SETTINGS, steps=20)
    whole, checkpoints = kept_by_step(pixels, settings)
    for step in (1, 7, 8, 13):
        assert same(list(fit(pixels, settings, CpuRasteriser(), start=checkpoints[step]))[-1], whole), step


def test_a_checkpoint_does_not_change_and_may_be_used_twice():
    pixels = a_picture(48, 32)
    checkpoint = kept_by_step(pixels, SETTINGS)[1][20]
    before = checkpoint.descent.momentum.copy(), checkpoint.gaussians.parameters.copy(), checkpoint.descent.error
    first, second = (list(fit(pixels, SETTINGS, CpuRasteriser(), start=checkpoint))[-1] for _ in range(2))
    assert same(first, second)
    assert np.array_equal(checkpoint.descent.momentum, before[0]) and checkpoint.descent.error == before[2]
    assert np.array_equal(checkpoint.gaussians.parameters, before[1])
    assert checkpoint.nbytes >= sum(array.nbytes for array in before[:2])


def test_where_nothing_grows_an_extended_fit_is_a_longer_one_to_the_bit():
    pixels, settings = a_picture(48, 32), replace(SETTINGS, densifier=Fixed())
    longer = replace(settings, steps=80)
    end = kept_by_step(pixels, settings)[1][settings.steps]
    assert same(list(fit(pixels, longer, CpuRasteriser(), start=end))[-1], kept_by_step(pixels, longer)[0])


def test_an_extended_fit_moves_the_weakest_where_a_longer_one_does_and_gets_better():
    pixels, longer = a_picture(48, 32), replace(SETTINGS, steps=100)
    whole, checkpoints = kept_by_step(pixels, SETTINGS)
    extended = list(fit(pixels, longer, CpuRasteriser(), start=checkpoints[SETTINGS.steps]))
    moved = [record.step - 1 for record in extended if record.event == "relocated"]
    assert moved == [step for step in range(50, 100) if ErrorDriven().births(step, 100, 60, 60)] != []
    assert extended[-1].step == 100 and extended[-1].psnr > whole.psnr
    assert len(extended[-1].gaussians) == 60


def test_a_branch_may_have_more_or_fewer_gaussians():
    pixels = a_picture(48, 32)
    checkpoint = kept_by_step(pixels, SETTINGS)[1][30]
    for count in (90, 25, 1):
        records = list(fit(pixels, replace(SETTINGS, gaussians=count), CpuRasteriser(), start=checkpoint))
        assert len(records[-1].gaussians) == count and np.isfinite(records[-1].gaussians.parameters).all()
        assert records[-1].psnr > (0 if count == 1 else records[0].psnr)
    strongest = np.sort(np.argsort(-checkpoint.gaussians.strength, kind="stable")[:25])
    fewer = next(fit(pixels, replace(SETTINGS, gaussians=25), CpuRasteriser(), start=checkpoint))
    moved = np.hypot(*(fewer.gaussians.mean - checkpoint.gaussians.mean[strongest]).T)
    assert np.median(moved) < 0.5, "those of the largest coefficients stayed where they were, but for a step"


def test_without_steps_left_one_record_says_what_is_there():
    pixels = a_picture(48, 32)
    whole, checkpoints = kept_by_step(pixels, SETTINGS)
    (record,) = fit(pixels, replace(SETTINGS, steps=10), CpuRasteriser(), start=checkpoints[50])
    assert same(record, whole) and (record.step, record.steps) == (50, 50)
    longer = replace(SETTINGS, steps=80)
    after = [next(fit(pixels, longer, CpuRasteriser(), start=each)) for each in (record.checkpoint(), checkpoints[50])]
    assert same(*after)


@pytest.mark.parametrize("changed", [False, True])
def test_weights_that_are_others_are_followed_and_equal_ones_change_nothing(changed):
    pixels = a_picture(48, 32)
    plane = np.linspace(0.5, 1.5, 48, dtype=np.float32) * np.ones((32, 1), np.float32)
    weights = Weighting(plane)
    whole, checkpoints = kept_by_step(pixels, SETTINGS, weights=lambda: weights)
    other = Weighting(np.ascontiguousarray(plane[:, ::-1]) if changed else plane.copy())
    rest = list(fit(pixels, SETTINGS, CpuRasteriser(), lambda: other, checkpoints[35]))
    assert same(rest[-1], whole) is not changed
    assert rest[-1].psnr > rest[0].psnr


def test_a_device_that_fails_on_the_way_goes_on_from_the_checkpoint_too():
    pixels = a_picture(48, 32)
    whole, checkpoints = kept_by_step(pixels, SETTINGS, Failover(CpuRasteriser()))
    for method, call in (("error", 0), ("advance", 0), ("advance", 4)):
        told = []
        rest = list(fit(pixels, SETTINGS, Failover(Failing(method, call), told.append), start=checkpoints[33]))
        assert told and same(rest[-1], whole)
