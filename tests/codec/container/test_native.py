"""Files of Daub's own Gaussians: golden bytes, round trips, and damage of every kind."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from property_tests import examples
from scenes import some_gaussians

from daub.codec import container
from daub.codec.container.chunks import Chunk, read_chunk, varints
from daub.codec.errors import DaubError
from daub.codec.symbols import COLUMNS, Grid, Symbols, quantise, step_index

GOLDEN = Path(__file__).parent / "golden"


def a_file(count=40, width=50, height=30, step=0.2, cell_log2=2, seed=0):
    grid = Grid(width, height, step_index(step), cell_log2)
    return container.write(quantise(some_gaussians(count, width, height, seed), grid), grid)


def as_set(symbols):
    return sorted(map(tuple, symbols.values.tolist()))


@settings(max_examples=examples(60))
@given(
    count=st.integers(0, 80),
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    step=st.floats(0.01, 4),
    cell_log2=st.integers(0, 8),
    seed=st.integers(0, 99),
)
def test_round_trip(count, width, height, step, cell_log2, seed):
    grid = Grid(width, height, step_index(step), cell_log2)
    symbols = quantise(some_gaussians(count, width, height, seed), grid)
    decoded = container.read(container.write(symbols, grid))
    assert decoded.payload.grid == grid
    assert as_set(decoded.payload.symbols) == as_set(symbols)


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.daub")))
def test_golden_files_still_mean_the_same(name):
    decoded = container.read((GOLDEN / f"{name}.daub").read_bytes())
    expected = json.loads((GOLDEN / f"{name}.json").read_text())
    assert [decoded.width, decoded.height] == expected["size"]
    symbols, grid = decoded.payload.symbols, decoded.payload.grid
    assert np.array_equal(symbols.values.reshape(-1, COLUMNS), np.reshape(expected["symbols"], (-1, COLUMNS)))
    assert np.allclose(decoded.gaussians.parameters, np.reshape(expected["parameters"], (-1, 8)), rtol=1e-6, atol=1e-6)
    # And the writer still makes these very bytes.
    assert container.write(symbols, grid) == (GOLDEN / f"{name}.daub").read_bytes()


def test_golden_files_exist():
    assert len(list(GOLDEN.glob("*.daub"))) >= 3


def test_truncation_at_every_byte_is_refused():
    data = a_file()
    container.read(data)
    for length in range(len(data)):
        with pytest.raises(DaubError):
            container.read(data[:length])


def test_thousands_of_mutations_are_refused():
    data = bytearray(a_file())
    rng = np.random.default_rng(0)
    for _ in range(4000):
        mutant = bytearray(data)
        for _ in range(rng.integers(1, 4)):
            kind, at = rng.integers(3), rng.integers(len(mutant))
            if kind == 0:
                mutant[at] ^= 1 << rng.integers(8)
            elif kind == 1:
                mutant[at] = rng.integers(256)
            else:
                del mutant[at]
        if mutant != data:
            with pytest.raises(DaubError) as refused:
                container.read(bytes(mutant))
            assert "\n" not in str(refused.value)


def rewritten(body_of_header=None, payload=None):
    """A file with its checksums right, whatever it says."""
    data = a_file()
    header, position = read_chunk(data, 5, "")
    content, _ = read_chunk(data, position, "")
    if body_of_header is not None:
        header = Chunk(b"H", body_of_header)
    if payload is not None:
        content = Chunk(b"G", payload)
    return data[:5] + header.to_bytes() + content.to_bytes()


def header(width=50, height=30, count=40, step=360, cell_log2=2):
    return varints(width, height, count, step, cell_log2)


@pytest.mark.parametrize(
    "body",
    [
        header(width=0),
        header(width=1 << 21),
        header(width=1 << 20, height=1 << 20),
        header(count=1 << 24),
        header(count=(1 << 34) - 1),
        header(step=1024),
        header(cell_log2=21),
        header(width=1 << 12, height=1 << 12, cell_log2=0),
        header()[:-1],
        header() + b"\0",
        b"\xff" * 9,
        b"",
    ],
)
def test_a_header_that_lies_is_refused_before_anything_is_allocated(body):
    with pytest.raises(DaubError):
        container.read(rewritten(body))


def test_a_payload_that_lies_is_refused_or_decodes_to_sane_numbers():
    rng = np.random.default_rng(1)
    refused = 0
    for length in [0, 1, 5, 50, 300] * 60:
        try:
            decoded = container.read(rewritten(payload=rng.bytes(length)))
        except DaubError:
            refused += 1
        else:
            assert np.isfinite(decoded.gaussians.parameters).all()
    assert refused > 200


def test_what_costs_next_to_nothing_is_still_believed():
    alike = np.zeros((20000, COLUMNS), np.int64)
    for count, grid in [(20000, Grid(8, 8, 400, 3)), (0, Grid(4000, 4000, 400, 2)), (1, Grid(1 << 20, 200, 400, 3))]:
        data = container.write(Symbols(alike[:count]), grid)
        assert len(container.read(data)) == count
