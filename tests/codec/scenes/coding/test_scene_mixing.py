"""Bits under a mixture of models come back, and cost less than even odds where contexts tell something."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.entropy.range_coder import decoder, encoder, flush
from daub.codec.scenes.coding.mixing import (
    ESCAPE,
    INTEGER_MIXERS,
    INTEGER_MODELS,
    SQUASH,
    STRETCH,
    code_mixed_bit,
    code_mixed_integer,
    code_mixed_tree,
    new_mixers,
    new_models,
)


def _there_and_back(code, values) -> tuple[int, list]:
    """Bytes that values take, and what is read of them; `code` takes coder, buffer, position and value."""
    tables = [None]

    def run(coder, buffer, given):
        found = []
        tables[0] = None
        state = {}
        for n, value in enumerate(given):
            coder, one = code(coder, buffer, n, value, state)
            found.append(int(one))
        return coder, found

    coder, buffer = encoder(100_000)
    coder, _ = run(coder, buffer, values)
    data = flush(coder, buffer)
    coder, buffer = decoder(data.copy())
    return len(data), run(coder, buffer, [0] * len(values))[1]


def test_a_mixture_finds_the_context_that_tells():
    rng = np.random.default_rng(0)
    told = rng.integers(0, 2, 4000)
    bits = np.where(rng.random(4000) < 0.05, 1 - told, told)

    def code(coder, buffer, n, value, state):
        models, mixers = state.setdefault("tables", (new_models(4), new_mixers(1, 2)))
        rows = np.array([told[n], 2 + n % 2])  # the second one knows nothing
        return code_mixed_bit(coder, buffer, models, mixers, rows, 2, 0, 0, value)

    size, found = _there_and_back(code, bits)
    assert found == bits.tolist()
    assert 8 * size / 4000 < 0.33  # -0.05 log2 0.05 - 0.95 log2 0.95 = 0.286


@pytest.mark.parametrize("largest", [3, 100, 1 << 20])
def test_integers_of_any_size_come_back(largest):
    rng = np.random.default_rng(1)
    values = np.rint(rng.standard_cauchy(500) * 4).clip(-largest, largest).astype(int)
    values[:3] = 0, largest, -largest

    def code(coder, buffer, n, value, state):
        models, mixers = state.setdefault("tables", (new_models(2 * INTEGER_MODELS), new_mixers(INTEGER_MIXERS, 2)))
        rows = np.array([0, INTEGER_MODELS])
        return code_mixed_integer(coder, buffer, models, mixers, rows, 2, 0, value, 1 << 20)

    assert _there_and_back(code, values)[1] == values.tolist()
    assert ESCAPE < 100


def test_a_tree_of_bits_comes_back():
    values = np.random.default_rng(2).integers(0, 8, 300)

    def code(coder, buffer, n, value, state):
        models, mixers = state.setdefault("tables", (new_models(8), new_mixers(3, 1)))
        return code_mixed_tree(coder, buffer, models, mixers, np.zeros(1, np.int64), 1, 0, 3, value)

    assert _there_and_back(code, values)[1] == values.tolist()


def test_no_entry_of_the_tables_is_near_a_tie():
    """Any machine's logarithm and exponential give the same integers."""
    half = np.arange(4096) + 0.5
    exact = 256 * np.log(half / (4096 - half))
    assert np.abs(np.abs(exact - np.floor(exact)) - 0.5).min() > 1e-5 and STRETCH.tolist() == np.rint(exact).tolist()
    exact = 65536 / (1 + np.exp(-np.arange(-2047, 2048) / 256))
    near = np.abs(np.abs(exact - np.floor(exact)) - 0.5)
    assert near.min() > 1e-5 and SQUASH[2047] == 32768
