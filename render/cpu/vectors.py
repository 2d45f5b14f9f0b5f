"""Vectors of float32 as a type of numba: what a kernel does with them is what the machine does.

Loops that the compiler is left to make vectors of may become something else in another context: whether sums stay in
registers, and which products are fused, is its choice. With this type both are ours, the same whoever calls a kernel.

    >>> import numpy as np
    >>> from daub.render.jit import njit
    >>> @njit
    ... def sum_of_squares(values):
    ...     squares = broadcast(np.float32(0))
    ...     for i in range(0, len(values), LANES):
    ...         vector = load(values, i)
    ...         squares = fma(vector, vector, squares)
    ...     return total(squares)
    >>> sum_of_squares(np.arange(2 * LANES, dtype=np.float32))
    10416.0

Every function takes numbers for vectors, too, which stand for so many times themselves; + - * work as usual. Vectors
are of LANES numbers, or short; what is made of short ones is short.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic, models, overload, register_model

from daub.render.cpu.blocks import LANES

_INDEX = ir.IntType(32)
Emit = Callable[..., ir.Value]  # of a builder and vectors

# Lanes of a short vector: those of a register. The short rows of small Gaussians waste less of them, and all sums of a
# kernel stay in registers: processors without AVX-512 have 16 of 8 lanes.
SHORT = LANES if "+avx512f" in get_host_cpu_features().split(",") else LANES // 2


class VectorType(types.Type):
    """So many numbers, float32."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        super().__init__(name=f"Vector({lanes} x float32)")


VECTOR, SHORT_VECTOR = VectorType(LANES), VectorType(SHORT)


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: types.Type):
        super().__init__(manager, kind, _floats(kind.lanes))


def _floats(lanes: int) -> ir.VectorType:
    return ir.VectorType(ir.FloatType(), lanes)


def _all(lanes: int, number: float) -> ir.Constant:
    return ir.Constant(_floats(lanes), [number] * lanes)


def _elementwise(emit: Emit) -> Any:
    """An intrinsic of two operands."""

    @intrinsic
    def of_two(typing: Any, a: types.Type, b: types.Type) -> Any:
        return _signed(emit, a, b)

    return of_two


def _signed(emit: Emit, *operands: types.Type) -> Any:
    """Signature and code of an intrinsic that makes a vector of vectors and numbers; None for other operands."""
    vectors = {kind for kind in operands if isinstance(kind, VectorType)}
    made = min(vectors, key=lambda kind: kind.lanes, default=VECTOR)
    if len(vectors) > 1 or not all(kind == made or isinstance(kind, types.Number) for kind in operands):
        return None
    return made(*operands), _generator(emit, made.lanes)


def _generator(emit: Emit, lanes: int) -> Any:
    def generate(context: Any, builder: ir.IRBuilder, signature: Any, values: Any) -> ir.Value:
        return emit(builder, *_vectors(context, builder, signature.args, values, lanes))

    return generate


def _vectors(context: Any, builder: ir.IRBuilder, kinds: Any, values: Any, lanes: int) -> list[ir.Value]:
    return [
        value
        if isinstance(kind, VectorType)
        else _repeated(builder, context.cast(builder, value, kind, types.float32), lanes)
        for kind, value in zip(kinds, values, strict=True)
    ]


def _repeated(builder: ir.IRBuilder, number: ir.Value, lanes: int) -> ir.Value:
    first = builder.insert_element(ir.Constant(_floats(lanes), ir.Undefined), number, ir.Constant(_INDEX, 0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(_INDEX, lanes), [0] * lanes))


def _call(builder: ir.IRBuilder, name: str, *values: ir.Value) -> ir.Value:
    """A call of LLVM's own function of that name."""
    kind = ir.FunctionType(values[0].type, [value.type for value in values])
    lanes = values[0].type.count
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{lanes}f32"), values)


def _shuffled(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, lanes: list[int]) -> ir.Value:
    """Lanes of two vectors, those of the second one counted on from those of the first."""
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(_INDEX, len(lanes)), lanes))


_add = _elementwise(lambda builder, a, b: builder.fadd(a, b))
_subtract = _elementwise(lambda builder, a, b: builder.fsub(a, b))
_multiply = _elementwise(lambda builder, a, b: builder.fmul(a, b))
maximum = _elementwise(lambda builder, a, b: builder.select(builder.fcmp_ordered(">", a, b), a, b))
over = _elementwise(lambda builder, a, b: builder.fdiv(a, b))  # a divided by b
minimum = _elementwise(lambda builder, a, b: builder.select(builder.fcmp_ordered("<", a, b), a, b))

# Shuffles. Of the even and the odd lanes of the 2 * LANES numbers that two vectors hold, and the way back.
evens = _elementwise(lambda builder, a, b: _shuffled(builder, a, b, list(range(0, 2 * LANES, 2))))
odds = _elementwise(lambda builder, a, b: _shuffled(builder, a, b, list(range(1, 2 * LANES, 2))))
_MERGED = [lane for i in range(LANES) for lane in (i, i + LANES)]
merged_low = _elementwise(lambda builder, a, b: _shuffled(builder, a, b, _MERGED[:LANES]))
merged_high = _elementwise(lambda builder, a, b: _shuffled(builder, a, b, _MERGED[LANES:]))


def _define_operators() -> None:
    for operators, function in (
        ((operator.add, operator.iadd), _add),
        ((operator.sub, operator.isub), _subtract),
        ((operator.mul, operator.imul), _multiply),
    ):
        for each in operators:
            overload(each)(_when_vectors(function))


def _when_vectors(function: Any) -> Callable[..., Any]:
    def choose(a, b):  # numba asks that its signature be that of what it returns
        return (lambda a, b: function(a, b)) if isinstance(a, VectorType) or isinstance(b, VectorType) else None

    return choose


_define_operators()


@intrinsic
def fma(typing, a, b, c):
    """a * b + c, rounded once."""
    return _signed(lambda builder, a, b, c: _call(builder, "fma", a, b, c), a, b, c)


@intrinsic
def keep_less(typing, a, bound, value):
    """value where a < bound, and zero elsewhere, also where a is no number."""

    def emit(builder, a, bound, value):
        return builder.select(builder.fcmp_ordered("<", a, bound), value, _all(value.type.count, 0.0))

    return _signed(emit, a, bound, value)


@intrinsic
def where_at_most(typing, a, bound, value, other):
    """value where a <= bound, and other elsewhere, also where one of them is no number."""

    def emit(builder, a, bound, value, other):
        return builder.select(builder.fcmp_ordered("<=", a, bound), value, other)

    return _signed(emit, a, bound, value, other)


@intrinsic
def which_at_most(typing, a, bound):
    """Where a <= bound, as the bits of an int64, lowest lane first."""

    def generate(context, builder, signature, values):
        a, bound = _vectors(context, builder, signature.args, values, LANES)
        lanes = builder.bitcast(builder.fcmp_ordered("<=", a, bound), ir.IntType(LANES))
        return builder.zext(lanes, ir.IntType(64))

    return types.int64(a, bound), generate


@intrinsic
def lowest(typing, bits):
    """The place of the lowest bit that is set in an int64 that is not zero."""

    def generate(context, builder, signature, values):
        return builder.cttz(values[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), generate


@intrinsic
def below_zero(typing, a):
    """-|a|."""
    return _signed(lambda builder, a: builder.fneg(_call(builder, "fabs", a)), a)


@intrinsic
def broadcast(typing, number):
    """LANES times the same."""
    return _signed(lambda builder, vector: vector, number)


@intrinsic
def short_broadcast(typing, number):
    """SHORT times the same."""
    return SHORT_VECTOR(number), _generator(lambda builder, vector: vector, SHORT)


@intrinsic
def ramp(typing):
    """0, 1, 2 and so on."""
    return _ramp(VECTOR)


@intrinsic
def short_ramp(typing):
    """The same, short."""
    return _ramp(SHORT_VECTOR)


def _ramp(kind: VectorType) -> Any:
    return kind(), lambda *_: ir.Constant(_floats(kind.lanes), [float(i) for i in range(kind.lanes)])


@intrinsic
def pairs(typing, a):
    """The sums of both lanes of each pair, in each of the two."""
    return _signed(lambda builder, a: builder.fadd(a, _swapped(builder, a, 1)), a)


@intrinsic
def fours(typing, a):
    """The same of the sums of pairs: of lanes that are two apart."""
    return _signed(lambda builder, a: builder.fadd(a, _swapped(builder, a, 2)), a)


def _swapped(builder: ir.IRBuilder, a: ir.Value, apart: int) -> ir.Value:
    """Lanes that are so far apart, a power of two, in each other's place."""
    return _shuffled(builder, a, a, [i ^ apart for i in range(a.type.count)])


@intrinsic
def total(typing, a):
    """The sum of all lanes, float32."""
    return _over_all(lambda builder, a, b: builder.fadd(a, b), a)


@intrinsic
def greatest(typing, a):
    """The largest of all lanes, float32."""
    return _over_all(lambda builder, a, b: builder.select(builder.fcmp_ordered(">", a, b), a, b), a)


def _over_all(emit: Emit, a: types.Type) -> Any:
    """Signature and code of an intrinsic that makes a number of the lanes of a vector, half by half."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, values: Any) -> ir.Value:
        rest, count = values[0], a.lanes
        while count > 1:
            count //= 2
            low, high = (_shuffled(builder, rest, rest, list(range(at, at + count))) for at in (0, count))
            rest = emit(builder, low, high)
        return builder.extract_element(rest, ir.Constant(_INDEX, 0))

    return types.float32(a), generate


@intrinsic
def load(typing, array, at):
    """LANES numbers of a contiguous array (M,) from an index on, which nobody checks.

    The array is float32; or uint8 levels, of which each stands for level / 255.
    """

    return _load(VECTOR, array, at)


@intrinsic
def short_load(typing, array, at):
    """SHORT of them."""
    return _load(SHORT_VECTOR, array, at)


def _load(kind: VectorType, array: types.Type, at: types.Type) -> Any:
    lanes = kind.lanes

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, values: Any) -> ir.Value:
        if array.dtype == types.uint8:
            place = _pointer(context, builder, signature, values, ir.VectorType(ir.IntType(8), lanes))
            return builder.fdiv(builder.uitofp(builder.load(place, align=1), _floats(lanes)), _all(lanes, 255.0))
        return builder.load(_pointer(context, builder, signature, values, _floats(lanes)), align=4)

    return kind(array, at), generate


@intrinsic
def prefetch(typing, array, at):
    """Has the line of the cache fetched that holds array[at] of a contiguous float32 array (M,), if it exists."""

    def generate(context, builder, signature, values):
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        place = builder.bitcast(builder.gep(data, [values[1]]), ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [place.type, _INDEX, _INDEX, _INDEX])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(function, [place, *(ir.Constant(_INDEX, number) for number in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


@intrinsic
def store(typing, array, at, vector):
    """Puts a vector there."""

    def generate(context, builder, signature, values):
        builder.store(values[2], _pointer(context, builder, signature, values, values[2].type), align=4)
        return context.get_dummy_value()

    return types.void(array, at, vector), generate


@intrinsic
def store_levels(typing, row, pixel, red, green, blue):
    """Puts LANES pixels into a contiguous row (W, 3) uint8, as the nearest of the levels 0 to 255, of [0, 1] each."""

    def generate(context, builder, signature, values):
        row, pixel, *channels = values
        levels = []
        for channel in channels:
            scaled = builder.fadd(builder.fmul(channel, _all(LANES, 255.0)), _all(LANES, 0.5))
            for order, bound in ((">", 0.0), ("<", 255.0)):
                kept = builder.fcmp_ordered(order, scaled, _all(LANES, bound))
                scaled = builder.select(kept, scaled, _all(LANES, bound))
            whole = builder.fptosi(scaled, ir.VectorType(_INDEX, LANES))
            levels.append(builder.trunc(whole, ir.VectorType(ir.IntType(8), LANES)))
        two = _shuffled(builder, levels[0], levels[1], list(range(2 * LANES)))
        last = _shuffled(builder, levels[2], levels[2], [i % LANES for i in range(2 * LANES)])
        mixed = _shuffled(builder, two, last, [channel * LANES + i for i in range(LANES) for channel in range(3)])
        data = context.make_array(signature.args[0])(context, builder, row).data
        at = builder.mul(context.cast(builder, pixel, signature.args[1], types.intp), ir.Constant(ir.IntType(64), 3))
        builder.store(mixed, builder.bitcast(builder.gep(data, [at]), mixed.type.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(row, pixel, red, green, blue), generate


def _pointer(context: Any, builder: ir.IRBuilder, signature: Any, values: Any, kind: ir.Type) -> ir.Value:
    data = context.make_array(signature.args[0])(context, builder, values[0]).data
    at = context.cast(builder, values[1], signature.args[1], types.intp)
    return builder.bitcast(builder.gep(data, [at]), kind.as_pointer())
