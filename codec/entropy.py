"""The entropy coder: a binary range coder with adaptive models, integers only (FORMAT.md, "Entropy coding").

One routine serves both directions: `code_bit` writes the bit it is given, or ignores it and returns the one it reads. A
model written once in terms of it cannot differ between encoder and decoder.
"""

import numpy as np
from numba import njit

import render.compile_cache  # noqa: F401  before the first kernel

# A coder is (state (8,) uint64, buffer uint8). State slots:
LOW, RANGE, CACHE, PENDING, POSITION, CODE, MODE, LIMIT = range(8)
ENCODING, DECODING, TALLYING = range(3)  # modes; tallying only counts what each model meets

# A model is one row of a uint32 table: probability that the bit is 1, in 1/65536, and how many bits it has seen.
PROBABILITY, SEEN = 0, 1
DROPPED_ZEROS = 4  # zero bytes that may be missing at the end of a stream
ADAPT_LIMIT = 120  # a model forgets at 1/(ADAPT_LIMIT + 1.5) once it has seen that many bits
# 65536 / (n + 1.5): the first bits move the probability most (a Krichevsky-Trofimov estimate that never quite stops).
_RATE = np.array([65536 * 2 // (2 * n + 3) for n in range(ADAPT_LIMIT + 1)], np.int64)

_TOP = np.uint64(1 << 24)
_MASK = np.uint64(0xFFFFFFFF)
_EIGHT = np.uint64(8)


@njit(cache=True)
def encoder(capacity):
    """A coder that writes; `capacity` bounds its bytes."""
    state = np.zeros(8, np.uint64)
    state[RANGE] = _MASK
    state[PENDING] = np.uint64(1)  # the byte of CACHE, 0: no carry ever reaches it, and `flush` takes it off again
    state[LIMIT] = np.uint64(capacity + 1)
    return state, np.empty(capacity + 1, np.uint8)


@njit(cache=True)
def decoder(data):
    """A coder that reads data (uint8); past its end it reads zeros, and `overrun` tells how many."""
    state = np.zeros(8, np.uint64)
    state[RANGE] = _MASK
    state[MODE] = np.uint64(DECODING)
    state[LIMIT] = np.uint64(len(data))
    for _ in range(4):
        _pull(state, data)
    return state, data


@njit(cache=True)
def tallier():
    """A coder that writes nothing: the table given to it counts, for each model, the zeros and the ones."""
    state = np.zeros(8, np.uint64)
    state[MODE] = np.uint64(TALLYING)
    return state, np.empty(0, np.uint8)


@njit(cache=True)
def overrun(state):
    """Bytes read past the end of the data."""
    return max(np.int64(state[POSITION]) - np.int64(state[LIMIT]), 0)


@njit(cache=True, inline="always")
def _pull(state, data):
    byte = np.uint64(0)
    if state[POSITION] < state[LIMIT]:
        byte = np.uint64(data[state[POSITION]])
    state[POSITION] += np.uint64(1)
    state[CODE] = ((state[CODE] << _EIGHT) | byte) & _MASK


@njit(cache=True)
def _push(state, buffer, byte):
    if state[POSITION] < state[LIMIT]:
        buffer[state[POSITION]] = byte
    state[POSITION] += np.uint64(1)


@njit(cache=True)
def _shift_low(state, buffer):
    """Moves the top byte of low out, holding back bytes that a carry may still change."""
    low = state[LOW]
    if low < np.uint64(0xFF000000) or low > _MASK:
        carry = low >> np.uint64(32)
        byte = state[CACHE]
        while state[PENDING] > np.uint64(0):
            _push(state, buffer, np.uint8((byte + carry) & np.uint64(0xFF)))
            byte = np.uint64(0xFF)
            state[PENDING] -= np.uint64(1)
        state[CACHE] = (low >> np.uint64(24)) & np.uint64(0xFF)
    state[PENDING] += np.uint64(1)
    state[LOW] = (low << _EIGHT) & _MASK


@njit(cache=True, inline="always")
def _normalise(state, buffer):
    while state[RANGE] < _TOP:
        state[RANGE] = (state[RANGE] << _EIGHT) & _MASK
        if state[MODE] == np.uint64(DECODING):
            _pull(state, buffer)
        else:
            _shift_low(state, buffer)


@njit(cache=True, inline="always")
def code_bit(state, buffer, table, index, bit):
    """Codes one bit with the model table[index], which learns from it. Returns the bit."""
    if state[MODE] == np.uint64(TALLYING):
        table[index, bit] += np.uint32(1)
        return bit
    p = np.int64(table[index, PROBABILITY])
    # Never 0 or 1, and the bound never empty: range >= 2^24 here.
    bound = (state[RANGE] >> np.uint64(16)) * np.uint64(min(max(p, 32), 65536 - 32))
    if state[MODE] == np.uint64(DECODING):
        bit = 1 if state[CODE] < bound else 0
    if bit:
        state[RANGE] = bound
    else:
        state[RANGE] -= bound
        if state[MODE] == np.uint64(DECODING):
            state[CODE] -= bound
        else:
            state[LOW] += bound
    seen = table[index, SEEN]
    goal = 65536 if bit else 0
    table[index, PROBABILITY] = np.uint32(p + ((goal - p) * _RATE[seen] >> 16))
    if seen < ADAPT_LIMIT:
        table[index, SEEN] = np.uint32(seen + 1)
    _normalise(state, buffer)
    return bit


@njit(cache=True, inline="always")
def code_uniform(state, buffer, total, value):
    """Codes value in [0, total), total <= 65536, all equally likely. Returns the value."""
    if total == 1:
        return 0
    if state[MODE] == np.uint64(TALLYING):
        return value
    share = state[RANGE] // np.uint64(total)
    if state[MODE] == np.uint64(DECODING):
        value = min(np.int64(state[CODE] // share), total - 1)
        state[CODE] -= share * np.uint64(value)
    else:
        state[LOW] += share * np.uint64(value)
    state[RANGE] = share
    _normalise(state, buffer)
    return value


@njit(cache=True)
def flush(state, buffer):
    """Ends the stream and returns it: as few bytes as decode right, given that a reader sees zeros past the end.

    Raises:
        ValueError: it outgrew the capacity.
    """
    # Any code in [low, low + range) decodes; take the one with the most trailing zero bits, then drop zero bytes.
    low, high = state[LOW], state[LOW] + state[RANGE]
    for bits in range(32, -1, -1):
        step = np.uint64(1) << np.uint64(bits)
        code = (low + step - np.uint64(1)) // step * step
        if code < high:
            state[LOW] = code
            break
    for _ in range(5):
        _shift_low(state, buffer)
    used = np.int64(state[POSITION])
    if used > len(buffer):
        raise ValueError("the stream is longer than its buffer")
    for _ in range(DROPPED_ZEROS):
        if used > 1 and buffer[used - 1] == 0:
            used -= 1
    return buffer[1:used]


ESCAPE = 18  # unary decisions before an Exp-Golomb escape
INTEGER_MODELS = 2 + 2 * ESCAPE  # zero, sign, and one per unary decision and side


@njit(cache=True, inline="always")
def code_integer(state, buffer, table, first, value, largest):
    """Codes a signed integer near zero with the INTEGER_MODELS models from table[first]. Returns the value.

    Zero flag, sign, then a unary magnitude: each decision learns its own odds, so the models follow any histogram.
    Magnitudes above ESCAPE continue as Exp-Golomb bits of even odds, never beyond `largest`.
    """
    if code_bit(state, buffer, table, first, 1 if value == 0 else 0):
        return 0
    negative = code_bit(state, buffer, table, first + 1, 1 if value < 0 else 0)
    magnitude = code_magnitude(state, buffer, table, first + 2 + negative * ESCAPE, abs(value) - 1, largest)
    return -(magnitude + 1) if negative else magnitude + 1


@njit(cache=True, inline="always")
def code_magnitude(state, buffer, table, first, value, largest):
    """Codes an integer in [0, largest] in unary with ESCAPE models from table[first], then an escape."""
    for i in range(ESCAPE):
        if not code_bit(state, buffer, table, first + i, 1 if value > i else 0):
            return i
    rest = value - ESCAPE + 1
    bits = 0
    while code_uniform(state, buffer, 2, 1 if (rest >> (bits + 1)) > 0 else 0) and bits < 24:
        bits += 1
    out = 1
    for i in range(bits - 1, -1, -1):
        out = out << 1 | code_uniform(state, buffer, 2, (rest >> i) & 1)
    return min(out + ESCAPE - 1, largest)
