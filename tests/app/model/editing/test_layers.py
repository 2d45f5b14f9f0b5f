"""Gaussians of layers: what is made of them looks as they do."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.editing import changing
from daub.app.model.editing.clipboard import unpacked
from daub.codec.editing.groups import NO_GROUP


@pytest.fixture
def layered(brushing, desk):
    """One of two Gaussians is in a layer of half its strength, and selected."""
    editing = desk.bench.editing
    editing.begin()
    editing.select(np.array([True, False]))
    changing.group(editing, "spot")
    changing.change_group(editing, 0, "changing the strength of", strength=0.5)
    assert editing.count == 1
    return editing


def test_a_duplicate_is_in_the_same_layer(layered):
    before = layered.population
    changing.duplicate(layered)
    after = layered.population
    assert after.group.tolist() == [0, NO_GROUP, 0] and after.selected.tolist() == [False, False, True]
    assert np.array_equal(after.shown().coefficient[2], before.shown().coefficient[0])
    assert np.array_equal(after.gaussians.mean[2], before.gaussians.mean[0] + 10)


def test_what_is_copied_and_pasted_looks_as_it_did(layered, desk):
    before = layered.population
    BY_NAME["copy_decoded"].run(desk.bench)
    assert np.array_equal(unpacked(desk.host.copied).parameters, before.shown().parameters[:1])
    BY_NAME["paste"].run(desk.bench)
    after = layered.population
    assert after.group.tolist() == [0, NO_GROUP, NO_GROUP] and after.selected.tolist() == [False, False, True]
    assert np.array_equal(after.shown().parameters[2], before.shown().parameters[0])
