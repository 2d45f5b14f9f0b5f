"""The account of a file: a Gaussian's bits are those of the odds that the coder really met, and sum up to the file."""

import math
from pathlib import Path

import numpy as np
import pytest
import second_decoder
from hypothesis import given, settings
from hypothesis import strategies as st
from property_tests import examples
from scenes import some_gaussians

from daub.codec import container
from daub.codec.container import Document
from daub.codec.entropy.coders import CODERS, Adaptive, BitsBack, Raw, Static
from daub.codec.parameters.attributes import attributes_of
from daub.codec.parameters.parametrisations import Cholesky
from daub.codec.rounding.trained import ByColumns, Half, ResidualVector, Uniform
from daub.codec.symbols import Grid, quantise, step_index

GOLDEN = Path(__file__).parent / "golden"
END = 8 * 5  # bits by which a stream may differ from what was spent: it ends on a byte, and leaves zeros out


class CountingDecoder(second_decoder.RangeDecoder):
    """Adds up -log2 of the odds of every decision, from the text of the format alone."""

    def __init__(self, data):
        super().__init__(data)
        self.cells, self.rows, self.head = 0.0, [], None
        CountingDecoder.last = self

    def count(self, odds):
        if not self.rows:
            self.cells -= math.log2(odds)
        else:
            self.rows[-1][7 if self.head is None else self.head] -= math.log2(odds)

    def bit(self, *name):
        p = min(max(self.models.get(name, self.first(*name))[0], 32), 65504) / 65536
        bit = super().bit(*name)
        self.count(p if bit else 1 - p)
        return bit

    def uniform(self, total):
        self.count(1 / total)
        return super().uniform(total)

    def around(self, head, *rest):
        self.head = second_decoder.HEADS.index(head)
        if head == "class":
            self.rows.append(np.zeros(8))
        value = super().around(head, *rest)
        if head != "luma":  # its sign follows
            self.head = None if head == "chroma 2" else self.head
        return value


def native_file(count, width=50, height=30, step=0.2, cell_log2=2, seed=0):
    grid = Grid(width, height, step_index(step), cell_log2)
    return container.write(quantise(some_gaussians(count, width, height, seed), grid), grid)


def a_method_file(count, coder, seed=0):
    size = 50, 30
    raw = Cholesky().raw(attributes_of(some_gaussians(count, *size, seed)), size)
    quantiser = ByColumns((2, Half()), (3, Uniform(6)), (3, ResidualVector(2, 8)))
    quantiser.begin(raw)
    return container.write_profiled(raw, *size, Cholesky(), quantiser, coder)


def stream_of(data):
    return container.read(data).chunks[-1].content.rstrip(b"\0")


@settings(max_examples=examples(40))
@given(
    count=st.integers(0, 80), width=st.integers(1, 300), height=st.integers(1, 300), step=st.floats(0.01, 4),
    cell_log2=st.integers(0, 8), seed=st.integers(0, 99),
)  # fmt: skip
def test_what_was_spent_is_the_stream(count, width, height, step, cell_log2, seed):
    data = native_file(count, width, height, step, cell_log2, seed)
    account = container.read(data).account()
    assert account.bits.shape == (count, 6) and (account.bits >= 0).all() and (account.empty_cells >= 0).all()
    assert abs(account.coded - 8 * len(stream_of(data))) <= END


@pytest.mark.parametrize("path", [*sorted(GOLDEN.glob("*.daub"))], ids=lambda path: path.stem)
def test_gaussians_and_headers_are_the_whole_file(path):
    data = path.read_bytes()
    document = container.read(data)
    account = document.account()
    header = 5 + sum(len(chunk.to_bytes()) for chunk in document.chunks) - len(document.chunks[-1].content)
    assert 8 * header - END <= account.rest_of(len(data)) <= 8 * header + END


def test_odds_are_those_of_a_decoder_written_from_the_format(monkeypatch):
    monkeypatch.setattr(second_decoder, "RangeDecoder", CountingDecoder)
    data = (GOLDEN / "photo.daub").read_bytes()
    _, _, integers, _ = second_decoder.decode(data)
    expected, account = np.array(CountingDecoder.last.rows), container.read(data).account()
    # The interval is divided in whole numbers, so what is unlikely takes a little more, or less, than its odds say.
    by_part = dict(zip(account.parts, account.bits.T, strict=True))
    for part, heads in {"class": [0], "scales": [1, 2], "shear": [3], "luma": [4], "chroma": [5, 6]}.items():
        assert np.allclose(by_part[part], expected[:, heads].sum(1), atol=0.15)
        assert abs((by_part[part] - expected[:, heads].sum(1)).mean()) < 1e-2
    # Places: in the cell, and a share of the count of the cell; what is left of the counts says which cells are empty.
    shares = by_part["place"] - expected[:, 7]
    assert (shares > 0).all()
    assert math.isclose(shares.sum() + account.empty_cells.sum(), CountingDecoder.last.cells, rel_tol=1e-3)
    cell = integers[:, 0] * account.empty_cells.shape[1] + integers[:, 1]
    for each in np.unique(cell):
        assert np.ptp(shares[cell == each]) < 0.15 and account.empty_cells.flat[each] == 0


@pytest.mark.parametrize("coder", CODERS, ids=lambda coder: coder.name)
def test_symbols_of_methods_have_names_and_cost_what_the_coder_takes(coder):
    count = 3000
    data = a_method_file(count, coder)
    account = container.read(data).account()
    assert account.parts == ("position", "covariance", "colour") and account.bits.shape == (count, 3)
    assert account.empty_cells.size == 0 and (account.bits >= 0).all()
    side = 3 + 4 + 2 + 2 + 1 + 2 + 1 + 24 + 2 + 3 + 16 * 3 * 4  # sizes, parts, filter, quantisers and what they learned
    if coder in (Raw(), Adaptive()):  # nothing else is in the file
        assert abs(account.rest_of(len(data)) / 8 - side) < 30
    if coder == Raw():
        assert (account.total == 2 * 16 + 3 * 6 + 2 * 3).all()


def test_a_set_costs_what_a_list_costs_less_what_its_order_would_say():
    count = 3000
    listed, unordered = (container.read(a_method_file(count, coder)).account() for coder in (Static(), BitsBack()))
    assert listed.given_back == 0 and math.isclose(listed.bits.sum(), unordered.bits.sum(), rel_tol=1e-9)
    assert math.isclose(unordered.given_back, math.lgamma(count + 1) / math.log(2), rel_tol=1e-3)
    sizes = [len(a_method_file(count, coder)) for coder in (Static(), BitsBack())]
    rests = [account.rest_of(size) for account, size in zip((listed, unordered), sizes, strict=True)]
    assert abs(rests[0] - rests[1]) < 64 and rests[0] > 0  # the histograms, told in the same way


def test_gaussians_that_are_in_no_file_have_no_bits():
    with pytest.raises(ValueError, match="never coded"):
        Document.unwritten(some_gaussians(3, 8, 8), 8, 8).account()
