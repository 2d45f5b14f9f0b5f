"""A binary range coder with adaptive models, integers only (FORMAT.md, "Entropy coding").

One routine serves both directions: `code_bit` writes the bit it is given, or ignores it and returns the one it reads. A
model written once in terms of it cannot differ between encoder and decoder.

    >>> models = np.tile(np.uint32([32768, 0]), (1, 1))
    >>> coder, buffer = encoder(capacity=100)
    >>> for bit in (0, 0, 1, 0):
    ...     coder, _ = code_bit(coder, buffer, models, 0, bit)
    >>> coder, data = decoder(flush(coder, buffer))
    >>> models, bits = np.tile(np.uint32([32768, 0]), (1, 1)), []
    >>> for _ in range(4):
    ...     coder, bit = code_bit(coder, data, models, 0, 0)
    ...     bits.append(bit)
    >>> bits
    [0, 0, 1, 0]
"""

from typing import NamedTuple

import numpy as np

from daub.render.jit import njit

ENCODING, DECODING, TALLYING = range(3)  # modes of a coder; tallying only counts what each model meets


class RangeCoder(NamedTuple):
    """The state of a coder between two symbols; its routines take it and return the next.

    Between symbols the interval is never short, 2^24 <= size < 2^32, so that every bit of a model has a share of it. A
    tuple and inlined routines rather than an array: numbers in registers are four times as fast.

    Args:
        mode: ENCODING, DECODING or TALLYING.
        size: of the interval, the "range" of the literature.
        low: encoding, the interval's lower end, whose bit 32 is a carry that waits: low + size <= 2^33. Decoding, how
            far the code that was read lies above that end: low < size in a stream that is not damaged.
        position: of the next byte in the buffer.
        held: the byte held back because a carry may still raise it.
        pending: how many bytes are held back, `held` and the 0xFF after it; decoding, 0.
    """

    mode: int
    size: int
    low: int
    position: int
    held: int
    pending: int


# A model is one row of a uint32 table: probability that the bit is 1, in 1/65536, and how many bits it has seen.
PROBABILITY, SEEN = 0, 1
DROPPED_ZEROS = 4  # zero bytes that may be missing at the end of a stream
ADAPT_LIMIT = 120  # bits after which a model goes on learning at a fixed rate, 1 / (ADAPT_LIMIT + 1.5)
# 65536 / (n + 1.5): the first bits move the probability most (a Krichevsky-Trofimov estimate that never quite stops).
_RATE = np.array([65536 * 2 // (2 * n + 3) for n in range(ADAPT_LIMIT + 1)], np.int64)

_TOP = 1 << 24
_MASK = 0xFFFFFFFF


@njit(cache=True)
def encoder(capacity):
    """Make a coder that writes, and its buffer, which `capacity` bytes of a stream fit in."""
    # One byte is pending, 0: no carry ever reaches it, and `flush` takes it off again.
    return RangeCoder(ENCODING, _MASK, 0, 0, 0, 1), np.empty(capacity + 1, np.uint8)


@njit(cache=True)
def decoder(data):
    """Make a coder that reads data (uint8); past its end it reads zeros, and `overrun` tells how many.

    Returns:
        The coder, and the data as its buffer.
    """
    code = 0
    for position in range(4):
        code = (code << 8) | _byte(data, position)
    return RangeCoder(DECODING, _MASK, code, 4, 0, 0), data


@njit(cache=True)
def tallier():
    """Make a coder that writes nothing: the table given to it counts, for each model, the zeros and the ones."""
    return RangeCoder(TALLYING, _MASK, 0, 0, 0, 0), np.empty(0, np.uint8)


@njit(cache=True)
def overrun(coder, data):
    """Count the bytes that were read past the end of the data."""
    return max(coder.position - len(data), 0)


@njit(cache=True, inline="always")
def mark(coder):
    """Note in one number how much of the stream has been coded by now: `bits_between` makes bits of two."""
    return np.int64(coder.position + coder.pending) << 32 | np.int64(coder.size)


def bits_between(marks: np.ndarray) -> np.ndarray:
    """Work out what was spent from each of marks (M,) int64 to the next: (M - 1,) float64 bits.

    That is -log2 of the share of the interval which each decision has got, so it holds what rounding costs as well, and
    all together are the bits of the stream but for what its end rounds up.
    """
    bits = 8.0 * (marks >> 32) - np.log2((marks & _MASK).astype(np.float64))
    return np.diff(bits)


@njit(cache=True, inline="always")
def _byte(data, position):
    return np.int64(data[position]) if position < len(data) else 0


@njit(cache=True)
def _push(buffer, position, byte):
    if position < len(buffer):
        buffer[position] = np.uint8(byte)


@njit(cache=True)
def _shift_low(buffer, low, position, held, pending):
    """Move the top byte of low out, holding back bytes that a carry may still change."""
    if low < 0xFF000000 or low > _MASK:
        carry = low >> 32
        byte = held
        while pending > 0:
            _push(buffer, position, (byte + carry) & 0xFF)
            position += 1
            byte = 0xFF
            pending -= 1
        held = (low >> 24) & 0xFF
    return (low << 8) & _MASK, position, held, pending + 1


@njit(cache=True, inline="always")
def normalised(mode, size, low, position, held, pending, buffer):
    """The coder with an interval of 2^24 at least."""
    while size < _TOP:
        size = (size << 8) & _MASK
        if mode == DECODING:
            low = ((low << 8) | _byte(buffer, position)) & _MASK
            position += 1
        else:
            low, position, held, pending = _shift_low(buffer, low, position, held, pending)
    return RangeCoder(mode, size, low, position, held, pending)


@njit(cache=True, inline="always")
def code_bit(coder, buffer, table, index, bit):
    """Code one bit with the model table[index], which learns from it. Returns the coder and the bit."""
    mode, size, low, position, held, pending = coder
    index = np.uint64(index)  # which none is counted from the end for
    if mode == TALLYING:
        table[index, bit] += np.uint32(1)
    else:
        p = np.int64(table[index, PROBABILITY])
        # Never 0 or 1, and the bound never empty: the interval is 2^24 at least here.
        bound = (size >> 16) * min(max(p, 32), 65536 - 32)
        if mode == DECODING:
            bit = 1 if low < bound else 0
        if bit:
            size = bound
        else:
            size -= bound
            if mode == DECODING:
                low -= bound
            else:
                low += bound
        seen = table[index, SEEN]
        goal = 65536 if bit else 0
        table[index, PROBABILITY] = np.uint32(p + ((goal - p) * _RATE[seen] >> 16))
        if seen < ADAPT_LIMIT:
            table[index, SEEN] = np.uint32(seen + 1)
    return normalised(mode, size, low, position, held, pending, buffer), bit


@njit(cache=True, inline="always")
def code_uniform(coder, buffer, total, value):
    """Code value in [0, total), total <= 65536, all equally likely. Returns the coder and the value."""
    mode, size, low, position, held, pending = coder
    if total == 1:
        value = 0
    elif mode != TALLYING:
        size = size // total
        if mode == DECODING:
            value = min(low // size, total - 1)
            low -= size * value
        else:
            low += size * value
    return normalised(mode, size, low, position, held, pending, buffer), value


@njit(cache=True, inline="always")
def code_bits(coder, buffer, bits, value):
    """Code a number of so many bits, at most 16, as `code_uniform` codes it. Returns the coder and the value."""
    mode, size, low, position, held, pending = coder
    if bits and mode != TALLYING:
        size = size >> bits
        if mode == DECODING:
            value = min(low // size, (1 << bits) - 1)
            low -= size * value
        else:
            low += size * value
        return normalised(mode, size, low, position, held, pending, buffer), value
    return coder, value


@njit(cache=True)
def flush(coder, buffer):
    """End the stream and return it: as few bytes as decode right, given that a reader sees zeros past the end.

    Raises:
        ValueError: it outgrew the capacity.
    """
    _, size, low, position, held, pending = coder
    # Any code in [low, low + size) decodes; take the one with the most trailing zero bits, then drop zero bytes.
    high = low + size
    for bits in range(32, -1, -1):
        step = 1 << bits
        code = (low + step - 1) // step * step
        if code < high:
            low = code
            break
    for _ in range(5):
        low, position, held, pending = _shift_low(buffer, low, position, held, pending)
    used = position
    if used > len(buffer):
        raise ValueError("the stream is longer than its buffer")
    for _ in range(DROPPED_ZEROS):
        if used > 1 and buffer[used - 1] == 0:
            used -= 1
    return buffer[1:used]


ESCAPE = 18  # unary decisions before an Exp-Golomb escape
INTEGER_MODELS = 2 + 2 * ESCAPE  # models of an integer: zero, sign, and one for each unary decision of either sign


@njit(cache=True, inline="always")
def code_integer(coder, buffer, table, first, value, largest):
    """Code a signed integer near zero with the INTEGER_MODELS models from table[first]. Returns coder and value.

    Zero flag, sign, then a unary magnitude: each decision learns its own odds, so the models follow any histogram.
    Magnitudes above ESCAPE continue as Exp-Golomb bits of even odds, never beyond `largest`.
    """
    coder, zero = code_bit(coder, buffer, table, first, 1 if value == 0 else 0)
    result = 0
    if not zero:
        coder, negative = code_bit(coder, buffer, table, first + 1, 1 if value < 0 else 0)
        models = first + 2 + negative * ESCAPE
        coder, magnitude = code_magnitude(coder, buffer, table, models, abs(value) - 1, largest)
        result = -(magnitude + 1) if negative else magnitude + 1
    return coder, result


@njit(cache=True, inline="always")
def code_magnitude(coder, buffer, table, first, value, largest):
    """Code an integer in [0, largest] in unary with ESCAPE models from table[first], then an escape."""
    result = 0
    more = 1
    while more and result < ESCAPE:
        coder, more = code_bit(coder, buffer, table, first + result, 1 if value > result else 0)
        result += more
    if more:
        coder, result = code_escape(coder, buffer, value, ESCAPE, largest)
    return coder, result


@njit(cache=True)
def code_escape(coder, buffer, value, least, largest):
    """Code an integer from `least` on as Exp-Golomb bits of even odds, never beyond `largest`."""
    rest = value - least + 1
    bits = 0
    more = 1
    while more:
        coder, more = code_uniform(coder, buffer, 2, 1 if (rest >> (bits + 1)) > 0 else 0)
        if bits == 24:
            break
        bits += more
    out = 1
    for i in range(bits - 1, -1, -1):
        coder, bit = code_uniform(coder, buffer, 2, (rest >> i) & 1)
        out = out << 1 | bit
    return coder, min(out + least - 1, largest)
