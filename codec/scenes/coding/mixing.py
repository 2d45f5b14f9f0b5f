"""Bits coded under a mixture of models: each sees another context, and a weighted vote in the logistic domain decides.

The models adapt as those of the range coder do. Their probabilities are stretched, ln(p / (1 - p)), summed with weights
that are learnt while coding (online gradient descent on the code length), and squashed again: Mahoney, Adaptive
Weighing of Context Models for Lossless Data Compression, 2005. One routine serves both directions, and everything is
exact in integers.
"""

from __future__ import annotations

import numpy as np

from daub.codec.entropy.range_coder import DECODING, code_escape, normalised
from daub.render.jit import njit

# A model is one row of a uint32 table, as in the range coder: probability of a 1 in 1/65536, and how many bits it saw.
PROBABILITY, SEEN = 0, 1
LIMIT = 250  # bits after which a model goes on learning at a fixed rate
_RATE = np.array([65536 * 2 // (2 * n + 3) for n in range(LIMIT + 1)], np.int64)

_HALF = np.arange(4096) + 0.5
# ln(p / (1 - p)) of p = (i + 1/2) / 4096, in 1/256; no value is nearer than 0.00009 to a tie.
STRETCH = np.round(256 * np.log(_HALF / (4096 - _HALF))).astype(np.int64)
REACH = 2047  # of a mixture in the logistic domain, in 1/256
LEAST = 16  # of a probability, in 1/65536
# 1 / (1 + exp(-i / 256)) of i = -REACH..REACH, in 1/65536.
SQUASH = np.clip(np.round(65536 / (1 + np.exp(-np.arange(-REACH, REACH + 1) / 256))), LEAST, 65536 - LEAST).astype(
    np.int64
)

CONTEXTS = 6  # the most that are mixed
ESCAPE = 20  # unary decisions of an integer before an Exp-Golomb escape
INTEGER_MODELS = 2 + 2 * ESCAPE  # of an integer in one context: zero, sign, each unary decision of either sign
INTEGER_MIXERS = 8  # sets of weights of an integer: zero, sign, and the first unary decisions
_LEARNING = 3  # rate of the weights, in 1/65536


@njit(cache=True)
def new_models(count):
    """(count, 2) uint32: models which know nothing."""
    models = np.zeros((count, 2), np.uint32)
    models[:, PROBABILITY] = 32768
    return models


@njit(cache=True)
def new_mixers(count, contexts):
    """(count, CONTEXTS) int64 weights in 1/65536 that begin a little above the mean of so many contexts."""
    return np.full((count, CONTEXTS), 65536 * 8 // (5 * contexts), np.int64)


@njit(cache=True, inline="always")
def code_mixed_bit(coder, buffer, models, mixers, rows, contexts, offset, mixer, bit):
    """Code one bit under models[rows[i] + offset], i < contexts, mixed by mixers[mixer]; all learn from it.

    Returns:
        The coder and the bit.
    """
    mode, size, low, position, held, pending = coder
    vote = 0
    for i in range(contexts):
        vote += mixers[mixer, i] * STRETCH[models[rows[i] + offset, PROBABILITY] >> 4]
    probability = SQUASH[min(max(vote >> 16, -REACH), REACH) + REACH]
    bound = (size >> 16) * probability
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
    goal = 65536 if bit else 0
    error = goal - probability
    for i in range(contexts):
        row = rows[i] + offset
        p = np.int64(models[row, PROBABILITY])
        mixers[mixer, i] += (STRETCH[p >> 4] * error * _LEARNING + 32768) >> 16
        seen = models[row, SEEN]
        models[row, PROBABILITY] = np.uint32(min(max(p + ((goal - p) * _RATE[seen] >> 16), LEAST), 65536 - LEAST))
        if seen < LIMIT:
            models[row, SEEN] = np.uint32(seen + 1)
    return normalised(mode, size, low, position, held, pending, buffer), bit


@njit(cache=True)
def code_mixed_integer(coder, buffer, models, mixers, rows, contexts, mixer, value, largest):
    """Code a signed integer near zero with the INTEGER_MODELS models from each of rows, and INTEGER_MIXERS mixers.

    Zero flag, sign, then a unary magnitude, whose escape continues as Exp-Golomb bits of even odds up to `largest`.

    Returns:
        The coder and the integer.
    """
    coder, zero = code_mixed_bit(coder, buffer, models, mixers, rows, contexts, 0, mixer, 1 if value == 0 else 0)
    if zero:
        return coder, 0
    coder, negative = code_mixed_bit(coder, buffer, models, mixers, rows, contexts, 1, mixer + 1, 1 if value < 0 else 0)
    coder, magnitude = code_mixed_magnitude(
        coder, buffer, models, mixers, rows, contexts, 2 + negative * ESCAPE, mixer + 2, abs(value) - 1, largest
    )
    return coder, -(magnitude + 1) if negative else magnitude + 1


@njit(cache=True)
def code_mixed_magnitude(coder, buffer, models, mixers, rows, contexts, offset, mixer, value, largest):
    """Code an integer in [0, largest] in unary, with ESCAPE models from each of rows + offset and 6 mixers.

    Returns:
        The coder and the integer.
    """
    result = 0
    more = 1
    while more and result < ESCAPE:
        coder, more = code_mixed_bit(
            coder, buffer, models, mixers, rows, contexts, offset + result, mixer + min(result, 5),
            1 if value > result else 0,
        )  # fmt: skip
        result += more
    if more:
        coder, result = code_escape(coder, buffer, value, ESCAPE, largest)
    return coder, result


@njit(cache=True)
def code_mixed_tree(coder, buffer, models, mixers, rows, contexts, mixer, bits, value):
    """Code an integer of so many bits, the highest first, with the 2^bits models from each of rows and a mixer a bit.

    Returns:
        The coder and the integer.
    """
    node = 1
    for i in range(bits - 1, -1, -1):
        coder, bit = code_mixed_bit(
            coder, buffer, models, mixers, rows, contexts, node, mixer + bits - 1 - i, (value >> i) & 1
        )
        node = node << 1 | bit
    return coder, node - (1 << bits)
