"""When each Gaussian of a fit was born: through growths, relocations, pruning and rounding, into the file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scenes import a_picture

from daub.codec.encoder import encode
from daub.codec.fit import FitSettings, fit
from daub.codec.fit.births import after_change, births
from daub.codec.goal import Goal
from daub.codec.progress import Event, drive
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.render.cpu.backend import CpuRasteriser

SETTINGS = FitSettings(gaussians=60, steps=50, seed=2)


def test_the_population_is_followed():
    born = births(4)
    born = after_change(born, np.array([1, 3]), 5, 10)
    assert born.tolist() == [0, 0, 10, 10, 10]
    assert after_change(born, np.array([4]), 1, 20).tolist() == [10]


def test_each_record_tells_of_its_gaussians():
    seen = set()
    for record in fit(a_picture(48, 32), SETTINGS, CpuRasteriser()):
        assert len(record.born) == len(record.gaussians) and record.born.max() < record.step
        if record.event in (Event.GROWN, Event.RELOCATED):
            newborn = record.born == record.step - 1
            assert newborn.any() and not newborn.all()
            seen.add(record.event)
    assert seen == {Event.GROWN, Event.RELOCATED}
    assert (record.born == 0).any(), "some of the first are there to the end"


def test_going_on_from_a_checkpoint_tells_the_same():
    pixels = a_picture(48, 32)
    whole, checkpoints = None, {}
    for whole in fit(pixels, SETTINGS, CpuRasteriser()):
        checkpoints[whole.step] = whole.checkpoint()
    for step in (5, 20, 37, 50):
        again = list(fit(pixels, SETTINGS, CpuRasteriser(), start=checkpoints[step]))[-1]
        assert np.array_equal(again.born, whole.born), step
    fewer = list(fit(pixels, replace(SETTINGS, gaussians=20), CpuRasteriser(), start=checkpoints[50]))[-1]
    assert len(fewer.born) == 20


@pytest.mark.parametrize("goal", [Goal("gaussians", 60), Goal("bytes", 400)])
def test_a_file_of_ours_knows_when_its_gaussians_were_born(goal):
    records = []
    recipe = recipe_of(EncodeSettings(goal, steps=50, effort=2))
    encoded = drive(encode(a_picture(48, 32), recipe, CpuRasteriser()), records.append)
    fitted = [record for record in records if record.stage == "fit"][-1]
    assert len(encoded.born) == len(encoded.document) and set(encoded.born) <= set(fitted.born)
    # Rounding moves a Gaussian little, so most stand where one of the same age stood.
    close = 0
    for mean, born in zip(encoded.gaussians.mean, encoded.born, strict=True):
        nearest = np.hypot(*(fitted.gaussians.mean - mean).T).argmin()
        close += fitted.born[nearest] == born
    assert close > 0.8 * len(encoded.born)


@pytest.mark.parametrize(("profile", "known"), [("gaussianimage-cholesky", False), ("gaussianimage++", True)])
def test_a_method_tells_where_its_file_keeps_the_order(profile, known):
    recipe = recipe_of(EncodeSettings(Goal("gaussians", 40), steps=30, profile=profile))
    records = []
    encoded = drive(encode(a_picture(48, 32), recipe, CpuRasteriser()), records.append)
    assert all(record.born is not None for record in records if record.stage == "fit")
    assert (encoded.born is not None) == known
    if known:
        assert len(encoded.born) == len(encoded.document)
