"""Gaussians of layers: what is made of them looks as they do."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.editing import changing
from daub.app.model.editing.clipboard import unpacked
from daub.app.model.editing.frame import Frame
from daub.codec.editing.groups import NO_GROUP
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import Gaussians


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


@pytest.mark.parametrize("aside, comes", [((500.0, 300.0), True), ((-400.0, 0.0), True), ((2.0, 1.0), False)])
def test_what_would_be_pasted_beside_the_canvas_comes_to_its_middle(layered, aside, comes):
    population = layered.population
    others = Affine.translation(*aside).of(population.shown())
    changing.paste(layered, others)
    after = layered.population
    pasted = after.gaussians.mean[-len(others) :]
    middle = Frame.around(after).middle
    if comes:
        assert np.allclose(middle, (population.width / 2, population.height / 2), atol=1e-3)
        assert np.allclose(pasted - pasted[0], others.mean - others.mean[0], atol=1e-3)  # as they lay to one another
    else:
        assert np.array_equal(pasted, others.mean)


def test_nothing_at_all_can_be_pasted(layered):
    count = len(layered.population)
    changing.paste(layered, Gaussians(np.zeros((0, 8), np.float32)))
    assert len(layered.population) == count
