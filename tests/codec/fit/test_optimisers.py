"""Optimisers against torch and against the paper's recursion."""

import numpy as np
import pytest
import torch

from daub.codec.fit.optimisers import Adam, Adan, OptimiserState, StepDecay


def run(optimiser, raw, gradients, rate):
    state = OptimiserState(np.zeros((optimiser.moments, *raw.shape), np.float32))
    for gradient in gradients:
        optimiser.step(raw, gradient, state, rate)
    return state


def test_adam_is_that_of_torch():
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=(4, 8)), rng.normal(size=(20, 4, 8))
    raw = start.copy()
    run(Adam(epsilon=1e-8), raw, gradients, np.full(8, 0.01))
    parameter = torch.tensor(start, requires_grad=True)
    theirs = torch.optim.Adam([parameter], lr=0.01)
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        theirs.step()
    assert raw == pytest.approx(parameter.detach().numpy(), abs=1e-6)


def test_adan_is_the_recursion_of_the_paper():
    rng = np.random.default_rng(1)
    start, gradients = rng.normal(size=(4, 8)), rng.normal(size=(20, 4, 8))
    raw = start.copy()
    run(Adan(), raw, gradients, np.full(8, 0.01))
    # The same in sums: every average is the weighted mean of what came so far.
    differences = np.concatenate([np.zeros((1, 4, 8)), np.diff(gradients, axis=0)])
    expected = start.copy()
    for last in range(1, len(gradients) + 1):

        def average(values, beta, last=last):
            weights = (1 - beta) * beta ** np.arange(last)[::-1] / (1 - beta**last)
            return np.tensordot(weights, values[:last], 1)

        square = average((gradients + 0.92 * differences) ** 2, 0.99)
        step = average(gradients, 0.98) + 0.92 * average(differences, 0.92)
        expected -= 0.01 * step / (np.sqrt(square) + 1e-8)
    assert raw == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("optimiser", [Adam(), Adan()], ids=["adam", "adan"])
def test_rates_are_per_column_and_newborn_gaussians_have_no_past(optimiser):
    rng = np.random.default_rng(2)
    raw = np.zeros((3, 8), np.float32)
    gradient = rng.normal(size=raw.shape)
    rate = np.array([0.0] * 4 + [0.1] * 4)
    state = run(optimiser, raw, [gradient] * 5, rate)
    assert not raw[:, :4].any() and (np.sign(raw[:, 4:]) == -np.sign(gradient[:, 4:])).all()
    after = state.repopulated(np.array([2, 0]), 4)
    assert np.array_equal(after.moments[:, :2], state.moments[:, [2, 0]]) and not after.moments[:, 2:].any()
    grown = np.zeros((4, 8), np.float32)
    optimiser.step(grown, np.tile(gradient[:1], (4, 1)), after, rate)
    assert np.isfinite(grown).all() and np.array_equal(grown[2], grown[3])


def test_the_rate_halves_at_the_same_share_of_any_fit():
    assert [StepDecay()(step, 50_000) for step in (0, 19_999, 20_000, 40_000, 49_999)] == [1, 1, 0.5, 0.25, 0.25]
    assert [StepDecay()(step, 10) for step in (3, 4, 8)] == [1, 0.5, 0.25]
    assert StepDecay(factor=1.0)(9, 10) == 1
