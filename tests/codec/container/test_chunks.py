"""The frame of a file: numbers and chunks, written, read, and damaged."""

from __future__ import annotations

import pytest
import second_decoder
from hypothesis import given
from hypothesis import strategies as st

from daub.codec.container.chunks import (
    START,
    Chunk,
    check_start,
    file_of,
    read_chunk,
    read_varint,
    read_varints,
    varint,
    varints,
)
from daub.codec.errors import DaubError


@given(number=st.integers(0, (1 << 35) - 1), after=st.binary(max_size=3))
def test_numbers_are_read_as_they_were_written(number, after):
    data = varint(number)
    assert len(data) == max(1, -(-number.bit_length() // 7))
    assert read_varint(data + after, 0, "") == second_decoder.varint(data + after, 0) == (number, len(data))


@given(numbers=st.lists(st.integers(0, 1 << 30), max_size=6), rest=st.binary(max_size=9))
def test_several_numbers_and_what_follows_them(numbers, rest):
    assert read_varints(varints(*numbers) + rest, len(numbers), "") == (numbers, rest)


def test_a_number_may_be_needlessly_long_but_not_longer_than_five_bytes():
    assert read_varint(b"\x81\x80\x80\x80\x00", 0, "") == (1, 5)
    with pytest.raises(DaubError, match="it failed, a number in it is too long"):
        read_varint(b"\x81\x80\x80\x80\x80\x00", 0, "it failed")
    for short in (b"", b"\x80", b"\x81\x80"):
        with pytest.raises(DaubError, match="it failed, it is cut short"):
            read_varint(short, 0, "it failed")


@given(tag=st.binary(min_size=1, max_size=1), content=st.binary(max_size=200), before=st.binary(max_size=9))
def test_a_chunk_is_read_as_it_was_written_and_no_bit_of_it_may_change(tag, content, before):
    chunk = Chunk(tag, content)
    data = chunk.to_bytes()
    assert read_chunk(before + data, len(before), "") == (chunk, len(before) + len(data))
    for length in range(len(data)):
        with pytest.raises(DaubError, match="cut short"):
            read_chunk(data[:length], 0, "")
    position = len(data) // 2
    mutant = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
    with pytest.raises(DaubError, match="it failed, "):
        read_chunk(mutant, 0, "it failed")


def test_only_lower_case_letters_are_optional():
    optional = [tag for tag in range(256) if Chunk(bytes([tag]), b"").is_optional]
    assert bytes(optional) == b"abcdefghijklmnopqrstuvwxyz"


def test_a_file_begins_with_its_magic_and_version():
    data = file_of([Chunk(b"n", b"a note")])
    assert data[:START] == b"DAUB\x02" and read_chunk(data, START, "") == (Chunk(b"n", b"a note"), len(data))
    check_start(data, "")
    for wrong, why in [
        (b"", "does not start"), (b"DAUX\x02", "does not start"), (b"DAUB", "its first"), (b"DAUB\x01", "is 1"),
    ]:  # fmt: skip
        with pytest.raises(DaubError, match=f"it failed, .*{why}"):
            check_start(wrong, "it failed")
