"""Adam, against torch's."""

from __future__ import annotations

import numpy as np
import torch

from daub.codec.scenes.adam import Adam


def test_steps_are_those_of_torch():
    rng = np.random.default_rng(0)
    start = {"means": rng.normal(size=(700, 3)), "logits": rng.normal(size=700), "sh": np.empty((700, 0, 3))}
    rates = {"means": 0.01, "logits": 0.05, "sh": 1.0}
    adam = Adam({name: value.astype(np.float32) for name, value in start.items()}, 0.9, 0.99)
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
    groups = [{"params": [tensors[name]], "lr": rates[name]} for name in ("means", "logits")]
    theirs = torch.optim.Adam(groups, betas=(0.9, 0.99), eps=1e-15)
    for _ in range(7):
        gradient = {name: rng.normal(size=value.shape) for name, value in start.items()}
        adam.step({name: value.astype(np.float32) for name, value in gradient.items()}, rates)
        for name in ("means", "logits"):
            tensors[name].grad = torch.tensor(gradient[name])
        theirs.step()
    for name in ("means", "logits"):
        np.testing.assert_allclose(adam.values[name], tensors[name].detach().numpy(), atol=1e-5)


def test_what_is_not_seen_keeps_its_moments_and_rows_have_rates_of_their_own():
    adam = Adam({"means": np.zeros((2, 2), np.float32)}, 0.5, 0.5, only_seen=True, corrected=False)
    adam.step({"means": np.float32([[1, 0], [2, 3]])}, {"means": np.array([0.1, 0.2])})
    np.testing.assert_allclose(adam.values["means"], -np.sqrt(0.5) * np.float32([[0.1, 0], [0.2, 0.2]]), rtol=1e-6)
    moments = adam.means["means"].copy()
    adam.step({"means": np.float32([[0, 0], [0, 1]])}, {"means": 0.1})
    assert (adam.means["means"] != moments).tolist() == [[False, False], [False, True]]
