"""A fit that knows what the network will add is better at as many bytes, and what is not better is not kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from daub.codec import EncodeSettings, Goal
from daub.codec.encoder import encode
from daub.codec.images import load
from daub.codec.job import Job
from daub.codec.rate import foresight, packing
from daub.codec.recipe import recipe_of
from daub.codec.restoration import choosing
from daub.codec.restoration.layer import without_layer
from daub.codec.tuning import Tuning
from daub.render.cpu.backend import CpuRasteriser
from daub.render.eight_bit import to_8bit
from daub.resources import ROOT

CPU = CpuRasteriser()


@pytest.fixture(scope="module")
def source():
    return load(ROOT / "sample.png").pixels[128:320, 256:448]


def encoded(source, monkeypatch, *, foresees=True, goal=None):
    """The file, and the records of its encode."""
    with monkeypatch.context() as patch:
        patch.setattr(choosing, "RESIDUALS", ())  # which take most of the time
        if not foresees:
            patch.setattr(packing, "aim_of", lambda job, encoded: None)
        settings = EncodeSettings(goal or Goal("bpp", 0.2), 2, tune=Tuning.PSNR, restore=True)
        records, kept = encode(source, recipe_of(settings), CPU), []
        while True:
            try:
                kept.append(next(records))
            except StopIteration as stop:
                return stop.value, kept


@pytest.fixture(scope="module")
def without(source):
    with pytest.MonkeyPatch.context() as patch:
        return encoded(source, patch, foresees=False)[0]


def test_a_fit_with_foresight_is_better_at_as_many_bytes(source, without, monkeypatch):
    foreseeing, records = encoded(source, monkeypatch)
    assert without.plain_psnr is not None and foreseeing.missed is None
    assert len(foreseeing.data) <= 0.2 / 8 * 192 * 192 and foreseeing.psnr > without.psnr + 0.03
    # What the network adds need not be shown by Gaussians, and more is left to it.
    assert foreseeing.psnr - foreseeing.plain_psnr > without.psnr - without.plain_psnr
    fractions = [record.fraction for record in records]
    assert fractions == sorted(fractions) and 0.9 < fractions[-1] <= 1
    assert foreseeing.encode_seconds > foreseeing.fit_seconds > 0
    # Whoever stops while the second file is made has the first.
    assert records[-1].best.data == without.data


def test_a_file_that_foresight_has_made_worse_is_not_kept(source, without, monkeypatch):
    monkeypatch.setattr(foresight, "STRENGTH", 40.0)
    assert encoded(source, monkeypatch)[0].data == without.data


def test_nothing_is_foreseen_where_no_network_is_at_work(source, without):
    job = Job(source, recipe_of(EncodeSettings(Goal("bpp", 0.2), 2, restore=True)), CPU)
    aim = foresight.aim_of(job, without)
    assert aim.shape == source.shape and aim.dtype == np.float32 and not np.array_equal(aim, source)
    assert np.array_equal(aim, foresight.aim_of(Job(to_8bit(source), job.recipe, CPU), without))
    assert foresight.aim_of(job, replace(without, document=without_layer(without.document))) is None
