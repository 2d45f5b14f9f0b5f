"""Sums over short rows of int32, as vectors of the processor.

Of loops as short as these, 16 to 64 numbers, numba makes scalar code. Here they are written in LLVM's own terms, which
pays: 5077 Gaussians are read in 4.5 ms rather than 15, and written in 5.8 ms rather than 16 (one core of an AMD EPYC,
numba 0.68, the same kernels with plain loops). The price is that numba's code generator is no public interface, so
pyproject.toml names the newest numba that this was tried with.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

PAIRS = 16  # of rows that `add_pairs` takes

_LANE = ir.IntType(32)


@intrinsic(prefer_literal=True)
def add_rows(_typing, to, lanes, count, factors, rows, table):
    """Add rows of a table: to[:lanes] += sum over k < count of factors[k] * table[rows[k] : rows[k] + lanes].

    Args:
        lanes: a constant, and a power of two: LLVM makes slow code of other widths.
        to, factors, rows, table: int32, contiguous, all but the table one-dimensional. Nothing checks the bounds.
    """

    def generate(context, builder, signature, arguments):
        to, _, count, factors, rows, table = _data(context, builder, signature, arguments)
        vector = ir.VectorType(_LANE, lanes.literal_value)
        target = builder.bitcast(to, vector.as_pointer())
        total = cgutils.alloca_once_value(builder, builder.load(target, align=4))
        with cgutils.for_range(builder, count) as loop:
            factor, start = (builder.load(builder.gep(data, [loop.index])) for data in (factors, rows))
            start = builder.zext(start, ir.IntType(64))
            row = builder.bitcast(builder.gep(table, [start]), vector.as_pointer())
            product = builder.mul(_filled(builder, factor, vector), builder.load(row, align=4))
            builder.store(builder.add(builder.load(total), product), total)
        builder.store(builder.load(total), target, align=4)
        return context.get_dummy_value()

    return types.void(to, lanes, types.intp, factors, rows, table), generate


@intrinsic(prefer_literal=True)
def dot_clamped(_typing, values, lanes, shift, largest, weights):
    """Work out the sum over j < lanes of clamp(values[j] >> shift, 0, largest) * weights[j], int32.

    Args:
        lanes: a constant, and a power of two.
        values, weights: int32, one-dimensional and contiguous. Nothing checks the bounds.
    """

    def generate(context, builder, signature, arguments):
        values, _, shift, largest, weights = _data(context, builder, signature, arguments)
        vector = ir.VectorType(_LANE, lanes.literal_value)
        value, weight = (
            builder.load(builder.bitcast(data, vector.as_pointer()), align=4) for data in (values, weights)
        )
        value = _clamped(builder, value, shift, largest)
        name = f"llvm.vector.reduce.add.v{vector.count}i32"
        add = cgutils.get_or_insert_function(builder.module, ir.FunctionType(_LANE, [vector]), name)
        return builder.call(add, [builder.mul(value, weight)])

    return types.int32(values, lanes, types.int32, types.int32, weights), generate


@intrinsic(prefer_literal=True)
def add_pairs(_typing, to, lanes, factors, table):
    """Add rows of a table of 16-bit numbers: to[:lanes] += sum over k < 2 * PAIRS of factors[k] * row k.

    Two products and their sum are one instruction where rows are kept in pairs; of products of 32 bits each is one, and
    a slow one.

    Args:
        lanes: a constant, and a power of two.
        to: int32. Nothing checks the bounds.
        factors: (2 * PAIRS,) int32, of which the lower 16 bits count.
        table: int32, the first `lanes` numbers of each row of `paired` one after the other.
    """

    def generate(context, builder, signature, arguments):
        to, _, factors, table = _data(context, builder, signature, arguments)
        count, half = lanes.literal_value, ir.IntType(16)
        vector, halves, wide = (
            ir.VectorType(_LANE, count),
            ir.VectorType(half, 2 * count),
            ir.VectorType(_LANE, 2 * count),
        )
        # The factors of a pair in one lane, as a row of pairs has them.
        numbers = builder.load(builder.bitcast(factors, ir.VectorType(_LANE, 2 * PAIRS).as_pointer()), align=4)
        packed = cgutils.alloca_once(builder, ir.ArrayType(_LANE, PAIRS))
        short = builder.trunc(numbers, ir.VectorType(half, 2 * PAIRS))
        builder.store(short, builder.bitcast(packed, short.type.as_pointer()), align=4)
        target = builder.bitcast(to, vector.as_pointer())
        totals = [builder.load(target, align=4), ir.Constant(vector, None)]  # in turn: each waits for its last sum
        even, odd = (ir.Constant(vector, list(range(first, 2 * count, 2))) for first in range(2))
        for pair in range(PAIRS):
            factor = builder.load(cgutils.gep_inbounds(builder, packed, 0, pair))
            row = builder.bitcast(builder.gep(table, [ir.Constant(ir.IntType(64), pair * count)]), halves.as_pointer())
            by = builder.bitcast(_filled(builder, factor, vector), halves)
            products = builder.mul(builder.sext(by, wide), builder.sext(builder.load(row, align=4), wide))
            sums = builder.add(*(builder.shuffle_vector(products, products, lanes) for lanes in (even, odd)))
            totals[pair % 2] = builder.add(totals[pair % 2], sums)
        builder.store(builder.add(*totals), target, align=4)
        return context.get_dummy_value()

    return types.void(to, lanes, factors, table), generate


@intrinsic(prefer_literal=True)
def clamp_all(_typing, values, lanes, shift, largest):
    """Replace each of values[:lanes] by clamp(value >> shift, 0, largest).

    Args:
        lanes: a constant, and a power of two.
        values: int32, one-dimensional and contiguous. Nothing checks the bounds.
    """

    def generate(context, builder, signature, arguments):
        values, _, shift, largest = _data(context, builder, signature, arguments)
        vector = ir.VectorType(_LANE, lanes.literal_value)
        place = builder.bitcast(values, vector.as_pointer())
        builder.store(_clamped(builder, builder.load(place, align=4), shift, largest), place, align=4)
        return context.get_dummy_value()

    return types.void(values, lanes, types.int32, types.int32), generate


@intrinsic
def add_row(_typing, to, factor, row, vectors):
    """Add a row of 16 * vectors numbers: to[:16 * vectors] += factor * row.

    Args:
        to, row: int32, one-dimensional and contiguous. Nothing checks the bounds.
    """

    def generate(context, builder, signature, arguments):
        to, factor, row, vectors = _data(context, builder, signature, arguments)
        vector = ir.VectorType(_LANE, 16)
        to, row = (builder.bitcast(data, vector.as_pointer()) for data in (to, row))
        factor = _filled(builder, factor, vector)
        with cgutils.for_range(builder, vectors) as loop:
            target = builder.gep(to, [loop.index])
            product = builder.mul(factor, builder.load(builder.gep(row, [loop.index]), align=4))
            builder.store(builder.add(builder.load(target, align=4), product), target, align=4)
        return context.get_dummy_value()

    return types.void(to, types.int32, row, types.intp), generate


def paired(rows: np.ndarray, lanes: tuple[int, ...]) -> np.ndarray:
    """Lay out rows (R <= 2 * PAIRS, sum of lanes) of 16-bit numbers for `add_pairs`, in parts of so many lanes.

    Returns:
        int32, one-dimensional: of each part its PAIRS rows of pairs.
    """
    padded = np.zeros((2 * PAIRS, rows.shape[1]), np.int16)
    padded[: len(rows)] = rows
    parts = np.split(padded.reshape(PAIRS, 2, -1), np.cumsum(lanes)[:-1], 2)
    return np.concatenate([np.ascontiguousarray(part.swapaxes(1, 2)).view(np.int32).ravel() for part in parts])


def _clamped(builder: ir.IRBuilder, value: ir.Value, shift: ir.Value, largest: ir.Value) -> ir.Value:
    """clamp(value >> shift, 0, largest) of a vector."""
    vector = value.type
    value = builder.ashr(value, _filled(builder, shift, vector))
    for order, bound in ((">", ir.Constant(vector, None)), ("<", _filled(builder, largest, vector))):
        value = builder.select(builder.icmp_signed(order, value, bound), value, bound)
    return value


def _data(context, builder, signature, arguments) -> Iterator:
    """The arguments, of arrays pointers to their first elements."""
    return (
        make_array(kind)(context, builder, argument).data if isinstance(kind, types.Array) else argument
        for kind, argument in zip(signature.args, arguments, strict=True)
    )


def _filled(builder: ir.IRBuilder, lane: ir.Value, vector: ir.VectorType) -> ir.Value:
    """A vector that has one number in all its lanes."""
    single = builder.insert_element(ir.Constant(vector, ir.Undefined), lane, _LANE(0))
    return builder.shuffle_vector(single, single, ir.Constant(ir.VectorType(_LANE, vector.count), None))
