"""Gaussians that move, are born and are shaken in a training."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.scenes.adam import Adam
from daub.codec.scenes.training.population import DEAD, change, costs, shake, shares, sigmoid
from daub.codec.scenes.training.schedule import Schedule
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.state import TrainingState


def _values(n: int = 50, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    arrays = {
        "means": rng.normal(size=(n, 3)), "log_scales": rng.normal(-3, 0.5, (n, 3)),
        "rotations": rng.normal(size=(n, 4)), "logits": rng.normal(0, 2, n), "dc": rng.normal(size=(n, 3)),
        "sh": rng.normal(size=(n, 3, 3)),
    }  # fmt: skip
    return {name: array.astype(np.float32) for name, array in arrays.items()}


@pytest.mark.parametrize("among", [1, 2, 5, 20])
@pytest.mark.parametrize("opacity", [0.02, 0.4, 0.95])
def test_those_that_share_a_place_hide_as_much_as_the_one_did(opacity, among):
    each, shrunk = (float(x[0]) for x in shares(np.array([opacity]), np.array([among])))
    assert 1 - (1 - each) ** among == pytest.approx(opacity)
    # Equation 9 keeps the integral of what is hidden along a line.
    x = np.linspace(-12, 12, 40001)
    together = 1 - (1 - each * np.exp(-np.square(x / shrunk) / 2)) ** among
    assert together.mean() == pytest.approx(opacity * np.exp(-np.square(x) / 2).mean(), rel=1e-4)


def test_dead_ones_move_to_living_ones_and_others_are_born():
    values = _values()
    values["logits"][:10] = -9
    values["logits"][10] = 6
    adam = Adam(values, 0.9, 0.999)
    adam.step({name: np.ones_like(value) for name, value in values.items()}, dict.fromkeys(values, 0.0))
    old = {name: value.copy() for name, value in adam.values.items()}
    moved = change(adam, 64, np.random.default_rng(0))
    assert moved == 10 and all(len(value) == 64 for value in adam.values.values())
    assert (sigmoid(adam.values["logits"]) >= DEAD * 0.999).all()
    fresh = np.r_[0:10, 50:64]
    for place in adam.values["means"][fresh]:
        parent = np.flatnonzero((old["means"] == place).all(axis=1))
        assert len(parent) == 1 and parent[0] >= 10
    born = (adam.values["means"][:, None] == adam.values["means"][None]).all(axis=2).sum(axis=1) > 1
    assert (adam.means["means"][born] == 0).all() and (adam.squares["logits"][born] == 0).all()
    np.testing.assert_array_equal(adam.values["logits"][~born], np.r_[old["logits"], np.zeros(14)][~born])
    assert (adam.means["means"][~born] != 0).all()


def test_where_nobody_lives_nothing_is_born():
    values = _values(5)
    values["logits"][:] = -9
    adam = Adam(values, 0.9, 0.999)
    assert change(adam, 9, np.random.default_rng(0)) == 0 and len(adam.values["means"]) == 5


def test_only_the_faint_are_shaken_and_along_their_own_axes():
    values = _values(400)
    values["logits"][:200], values["logits"][200:] = 3, -8
    values["rotations"][:] = (1, 0, 0, 0)
    values["log_scales"][:] = np.log([0.3, 0.1, 1e-4])
    before = values["means"].copy()
    shake(values, 1e-6, 5.0, np.random.default_rng(0))
    moved = values["means"] - before
    assert (moved[:200] == 0).all() and (moved[200:, :2] != 0).all()
    assert np.std(moved[200:, 0]) / np.std(moved[200:, 1]) == pytest.approx(9, rel=0.25)
    gate = 1 / (1 + np.exp(-100 * (0.005 - sigmoid(np.float32(-8)))))
    assert np.std(moved[200:, 0]) == pytest.approx(5e5 * 1e-6 * 0.09 * gate, rel=0.15)
    shake(values, 1.0, 5.0, np.random.default_rng(0))
    moved = values["means"] - before - moved
    assert np.std(moved[200:, 0]) == pytest.approx(0.3, rel=0.15), "however large, by its own size at the most"


def test_what_opacities_and_sizes_cost_is_differentiated_right():
    values = {name: value.astype(np.float64) for name, value in _values(4).items()}
    by_logits, by_scales = costs(values, 2.0)

    def cost() -> float:
        return 0.01 * sigmoid(values["logits"]).mean() + 0.01 * np.exp(values["log_scales"]).mean() * 5 / 2

    for array, gradient, at in ((values["logits"], by_logits, (2,)), (values["log_scales"], by_scales, (1, 2))):
        middle = cost()
        array[at] += 1e-5
        assert (cost() - middle) / 1e-5 == pytest.approx(gradient[at], rel=1e-3)
        array[at] -= 1e-5


def test_gaussians_grow_to_their_number_and_harmonics_to_their_degree():
    schedule = Schedule(TrainingSettings(gaussians=1000, iterations=3000), extent=2.0)
    count, counts = 100, []
    for step in range(3000):
        if schedule.changes(step):
            count = schedule.count_after(step, count)
            counts.append(count)
    assert counts == sorted(counts) and counts[0] < 120 and counts[-1] == 1000
    assert counts.index(1000) < len(counts) - 10, "dead ones move for some time after the last are born"
    growth = np.divide(counts[1:], counts[:-1])
    assert growth.max() < 1.08
    assert schedule.shakes(0) and not schedule.shakes(2999)
    degrees = [schedule.degree(step) for step in range(3000)]
    assert degrees == sorted(degrees) and degrees[0] == 0 and degrees[-1] == 3
    first, last = schedule.rates(0), schedule.rates(2999)
    assert first["means"] == pytest.approx(9.6e-4) and last["means"] == pytest.approx(3.2e-6, rel=0.01)
    assert first["dc"] == pytest.approx(0.0025) and last["dc"] == pytest.approx(0.00025, rel=0.01)


def test_new_harmonics_change_nothing():
    state = TrainingState.of(_values(7), np.random.default_rng(0))
    before = state.splats()
    state.raise_degree(3)
    assert state.splats().degree == 3 and (state.splats().sh[:, 3:] == 0).all()
    np.testing.assert_array_equal(state.splats().sh[:, :3], before.sh)
    state.raise_degree(1)
    assert state.splats().degree == 3
