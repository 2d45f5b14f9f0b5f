"""The range coder: what goes in comes out, at about the entropy of what went in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daub.codec.entropy import range_coder

LARGEST = 1 << 20


def fresh(count):
    """(count, 2) uint32: models of even odds that have seen nothing."""
    return np.tile(np.array([32768, 0], np.uint32), (count, 1))


def decoded_bits(coder, buffer, table, count):
    """`count` bits of one model."""
    bits = []
    for _ in range(count):
        coder, bit = range_coder.code_bit(coder, buffer, table, 0, 0)
        bits.append(bit)
    return bits


def round_trip(values, totals):
    """Codes integers and uniforms in turn; returns (decoded integers, decoded uniforms, bytes, overrun)."""
    coder, buffer = range_coder.encoder(64 * len(values) + 64)
    table = fresh(range_coder.INTEGER_MODELS)
    uniforms = [int(total) // 3 for total in totals]
    for value, total, uniform in zip(values, totals, uniforms, strict=True):
        coder, _ = range_coder.code_integer(coder, buffer, table, 0, value, LARGEST)
        coder, _ = range_coder.code_uniform(coder, buffer, total, uniform)
    data = range_coder.flush(coder, buffer).copy()
    coder, buffer = range_coder.decoder(data)
    table = fresh(range_coder.INTEGER_MODELS)
    integers, back = [], []
    for total in totals:
        coder, integer = range_coder.code_integer(coder, buffer, table, 0, 0, LARGEST)
        coder, uniform = range_coder.code_uniform(coder, buffer, total, 0)
        integers.append(integer)
        back.append(uniform)
    return integers, back, uniforms, data, range_coder.overrun(coder, buffer)


@given(st.lists(st.tuples(st.integers(-LARGEST, LARGEST), st.integers(1, 65536)), max_size=60))
def test_what_goes_in_comes_out(pairs):
    values, totals = [v for v, _ in pairs], [t for _, t in pairs]
    integers, uniforms, written, _, overrun = round_trip(values, totals)
    assert integers == values
    assert uniforms == written
    assert overrun <= range_coder.DROPPED_ZEROS


@given(st.lists(st.integers(0, 16).flatmap(lambda bits: st.tuples(st.just(bits), st.integers(0, 2**bits - 1)))))
def test_a_number_of_bits_is_one_of_equally_likely_ones(pairs):
    streams = []
    for plainly in (True, False):
        coder, buffer = range_coder.encoder(4 * len(pairs) + 64)
        for bits, value in pairs:
            how = (range_coder.code_uniform, 1 << bits) if plainly else (range_coder.code_bits, bits)
            coder, _ = how[0](coder, buffer, how[1], value)
        streams.append(range_coder.flush(coder, buffer).tobytes())
    assert streams[0] == streams[1]
    coder, buffer = range_coder.decoder(np.frombuffer(streams[0], np.uint8).copy())
    for bits, value in pairs:
        coder, found = range_coder.code_bits(coder, buffer, bits, 0)
        assert found == value


def test_carries_ripple_through_held_back_bytes():
    # Ones with a model sure of zero push low to the top of its range again and again.
    coder, buffer = range_coder.encoder(4096)
    table = fresh(1)
    bits = ([0] * 200 + [1]) * 20
    for bit in bits:
        coder, _ = range_coder.code_bit(coder, buffer, table, 0, bit)
    data = range_coder.flush(coder, buffer).copy()
    coder, buffer = range_coder.decoder(data)
    table = fresh(1)
    assert decoded_bits(coder, buffer, table, len(bits)) == bits


def test_a_long_run_of_the_likely_bit_comes_back():
    # Its first bytes are all ones, which a carry may still turn over: nothing may have been written by then.
    for count in (5000, 20000, 300000):
        coder, buffer = range_coder.encoder(4096)
        table = fresh(1)
        for _ in range(count):
            coder, _ = range_coder.code_bit(coder, buffer, table, 0, 0)
        data = range_coder.flush(coder, buffer).copy()
        assert len(data) < 40
        coder, buffer = range_coder.decoder(data)
        table = fresh(1)
        assert not any(decoded_bits(coder, buffer, table, count))


def test_the_rate_is_near_the_entropy():
    rng = np.random.default_rng(1)
    values = np.round(rng.laplace(0, 2, 6000)).astype(int).tolist()
    _, _, _, data, _ = round_trip(values, [1] * len(values))
    _, counts = np.unique(values, return_counts=True)
    share = counts / counts.sum()
    assert len(data) * 8 < 1.02 * -(share * np.log2(share)).sum() * len(values) + 200


def test_a_model_learns_and_forgets():
    table = fresh(1)
    coder, buffer = range_coder.encoder(4096)
    for _ in range(300):
        coder, _ = range_coder.code_bit(coder, buffer, table, 0, 1)
    sure = table[0, range_coder.PROBABILITY]
    for _ in range(300):
        coder, _ = range_coder.code_bit(coder, buffer, table, 0, 0)
    assert sure > 64000
    assert table[0, range_coder.PROBABILITY] < 8000


def test_an_empty_stream_reads_zeros_and_says_so():
    coder, buffer = range_coder.decoder(np.zeros(0, np.uint8))
    for _ in range(10):
        coder, _ = range_coder.code_uniform(coder, buffer, 256, 0)
    assert range_coder.overrun(coder, buffer) == 14


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 65536)), max_size=80), st.binary(max_size=40))
def test_the_interval_is_never_short_between_symbols(symbols, noise):
    """The invariant of `RangeCoder`, written, and read from bytes that nobody has written."""
    for coder, buffer in (range_coder.encoder(1000), range_coder.decoder(np.frombuffer(noise, np.uint8).copy())):
        table = fresh(1)
        for bit, total in symbols:
            coder, _ = range_coder.code_bit(coder, buffer, table, 0, bit)
            assert isinstance(coder, range_coder.RangeCoder) and 1 << 24 <= coder.size < 1 << 32
            coder, _ = range_coder.code_uniform(coder, buffer, total, total // 2)
            assert 1 << 24 <= coder.size < 1 << 32 and coder.low >= 0
            assert coder.mode == range_coder.DECODING or coder.low + coder.size <= 1 << 33
            assert coder.mode == range_coder.ENCODING or coder.pending == 0
