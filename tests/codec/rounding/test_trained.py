"""The quantisers: a fit sees what a reader will, and learning makes it better."""

import io

import numpy as np
import pytest

from daub.codec.rounding.trained import ByColumns, Half, LogUniform, ResidualVector, Uniform


def some_columns(count=300, columns=3, seed=0):
    return np.random.default_rng(seed).normal(0.5, 1, (count, columns)).astype(np.float32)


def each():
    return [Half(), Uniform(1), Uniform(6), Uniform(16), LogUniform(10), ResidualVector(2, 8), ResidualVector(1, 1)]


def named(quantiser):
    return f"{quantiser.name} {max(getattr(quantiser, 'bits', 0), getattr(quantiser, 'entries', 0))}"


@pytest.mark.parametrize("quantiser", each(), ids=named)
@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_reader_decodes_what_the_fit_saw(quantiser, count):
    columns = some_columns(count)
    quantiser.begin(columns)
    for step in range(4):
        stream = io.BytesIO(quantiser.side() + b"the rest")
        again = type(quantiser).from_side(stream, 3)
        assert stream.read() == b"the rest"
        # Others than it began with, too.
        for shown in (columns, 3 * some_columns(50, seed=step)):
            symbols = quantiser.symbols(shown)
            assert symbols.dtype == np.int64 and symbols.shape == (len(shown), len(quantiser.alphabets))
            assert (symbols >= 0).all() and (symbols < quantiser.alphabets).all()
            decoded = quantiser(shown)
            assert decoded.dtype == np.float32
            assert np.array_equal(quantiser.decode(symbols), decoded)
            assert again.alphabets == quantiser.alphabets
            assert np.array_equal(again.decode(symbols), decoded)
        gradient = np.random.default_rng(step).normal(size=columns.shape)
        assert quantiser.backward(columns, gradient).shape == columns.shape


@pytest.mark.parametrize("quantiser", each(), ids=named)
def test_columns_all_alike_decode_to_themselves(quantiser):
    columns = np.full((20, 3), 0.3125, np.float32)
    quantiser.begin(columns)
    assert np.allclose(quantiser(columns), columns, rtol=1e-6)


def test_half_numbers_its_values_in_order_and_has_no_infinity():
    values = np.array([[-1e9], [-65504], [-1], [-6e-8], [0], [6e-8], [0.1], [1], [1e9]], np.float32)
    half = Half(1)
    assert (np.diff(half.symbols(values)[:, 0]) >= 0).all()
    assert np.isfinite(half.decode(np.arange(half.alphabets[0])[:, None])).all()
    assert np.array_equal(half(values[2:8]), values[2:8].astype(np.float16).astype(np.float32))


def test_a_uniform_quantiser_is_off_by_half_a_step_at_most():
    columns = some_columns()
    quantiser = Uniform(6)
    quantiser.begin(columns)
    step = (columns.max(0) - columns.min(0)) / 63
    assert (np.abs(quantiser(columns) - columns) <= 0.5001 * step).all()


def test_a_log_uniform_quantiser_is_off_by_a_ratio():
    columns = np.exp(3 * some_columns())
    quantiser = LogUniform(10)
    quantiser.begin(columns)
    logs = np.log(columns)
    assert (np.abs(np.log(quantiser(columns)) - logs) <= 0.51 * (logs.max(0) - logs.min(0)) / 1023).all()


def test_the_gradient_goes_straight_through_inside_the_range_only():
    columns = some_columns()
    quantiser = Uniform(4, rate=0)
    quantiser.begin(columns)
    wider = 1.5 * columns - 0.25
    half_step = (columns.max(0) - columns.min(0)) / 30
    inside = ((wider > columns.min(0) - half_step) & (wider < columns.max(0) + half_step)).astype(float)
    assert np.array_equal(quantiser.backward(wider, np.ones_like(wider)), inside)
    quantiser = LogUniform(4, rate=0)
    positive = np.exp(columns)
    quantiser.begin(positive)
    # d exp(quantised log x) / dx = decoded / x
    assert np.allclose(quantiser.backward(positive, np.ones_like(positive)), quantiser(positive) / positive)


def test_scale_and_offset_have_the_gradients_of_lsq():
    """Against differences of what is decoded, with the rounding or clipping of each number held as it is."""
    columns = 2 * some_columns(200, 2)
    quantiser = Uniform(3)
    quantiser.begin(some_columns(200, 2))
    gradient = np.random.default_rng(1).normal(size=columns.shape)
    scale, offset = quantiser._learned.astype(np.float64)
    position = (columns - offset) / scale
    symbols = np.clip(np.rint(position), 0, 7)
    assert 0.02 < (symbols != np.rint(position)).mean() < 0.5

    def loss(scale, offset):
        rounded = (columns - offset) / scale + np.rint(position) - position
        return (gradient * (offset + scale * np.where(symbols == np.rint(position), rounded, symbols))).sum(0)

    seen = []
    quantiser._adam.step = lambda both: seen.append(both) or 0
    quantiser.backward(columns, gradient)
    h = 1e-6
    expected = [loss(scale + h, offset) - loss(scale - h, offset), loss(scale, offset + h) - loss(scale, offset - h)]
    assert np.allclose(seen[0], np.array(expected) / (2 * h), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("quantiser", [Uniform(3, rate=0.02), ResidualVector(2, 8)], ids=lambda one: one.name)
def test_learning_lowers_the_error(quantiser):
    columns = some_columns(2000)
    quantiser.begin(columns)
    moved = (0.7 * columns + 0.1).astype(np.float32)  # as a fit moves what it began with

    def error():
        return float(((quantiser(moved) - moved) ** 2).mean())

    before = error()
    for _ in range(200):
        quantiser.backward(moved, 2 * (quantiser(moved) - moved))
    assert error() < 0.8 * before


def test_side_information_is_what_gaussianimage_counts():
    quantiser = ByColumns((2, Half()), (3, Uniform(6)), (3, ResidualVector(2, 8)))
    quantiser.begin(some_columns(100, 8))
    numbers = 1728 // 8
    assert len(quantiser.side()) == numbers + 1 + 3 * 2 + 1 + 3  # and what says which parts there are
    assert quantiser.alphabets == (63487, 63487, 64, 64, 64, 8, 8)


def test_parts_side_by_side_are_each_themselves():
    columns = some_columns(100, 8)
    quantiser, alone = ByColumns((2, Uniform(12)), (3, Half()), (3, ResidualVector(2, 4))), ResidualVector(2, 4)
    quantiser.begin(columns)
    alone.begin(columns[:, 5:])
    gradient = some_columns(100, 8, seed=1)
    for _ in range(3):
        assert np.array_equal(quantiser(columns)[:, 5:], alone(columns[:, 5:]))
        assert np.array_equal(quantiser.symbols(columns)[:, 5:], alone.symbols(columns[:, 5:]))
        assert np.array_equal(
            quantiser.backward(columns, gradient)[:, 5:], alone.backward(columns[:, 5:], gradient[:, 5:])
        )
    again = ByColumns.from_side(io.BytesIO(quantiser.side()), 8)
    assert again.names == ("uniform", "fp16", "residual-vector")
    assert np.array_equal(again.decode(quantiser.symbols(columns)), quantiser(columns))


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (b"", "cut short"),
        (b"\1", "cut short"),
        (b"\1\x09\x08", "unknown"),
        (b"\1\0\x09", "too many"),
        (b"\1\0\x00", "too many"),
        (b"\1\0\x07", "too few"),
        (b"\0", "too few"),
        (b"\1\1\x08\x00" + bytes(64), "1 to 16 bits"),
        (b"\1\1\x08\x06" + bytes(64), "not positive"),
        (b"\1\1\x08\x06" + bytes(63), "cut short"),
        (b"\1\1\x08\x06" + b"\xff" * 64, "not finite"),
        (b"\1\3\x08\x09\0\0" + bytes(999), "1 to 8 stages"),
        (b"\1\3\x08\x08\xff\xff" + bytes(999), "cut short"),
    ],
)
def test_side_information_that_makes_no_sense_is_refused(side, words):
    with pytest.raises(ValueError, match=words):
        ByColumns.from_side(io.BytesIO(side), 8)


def test_commitment_pulls_columns_to_their_codewords():
    columns = some_columns(50).astype(np.float64)
    quantiser = ResidualVector(2, 4, decay=1, commitment=0.5)
    quantiser.begin(some_columns(50))
    chosen, codebooks = quantiser.symbols(columns), quantiser._codebooks.astype(np.float64)

    def loss(columns):
        first = columns - codebooks[0, chosen[:, 0]]
        return 0.5 * ((first**2).mean() + ((first - codebooks[1, chosen[:, 1]]) ** 2).mean())

    direction, h = np.random.default_rng(0).normal(size=columns.shape), 1e-5
    expected = (loss(columns + h * direction) - loss(columns - h * direction)) / (2 * h)
    gradient = quantiser.backward(columns, np.zeros_like(columns))
    assert (gradient * direction).sum() == pytest.approx(expected, rel=1e-4)
