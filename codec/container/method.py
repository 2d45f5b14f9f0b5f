"""The Gaussians of a published method in a file: the chunk `M` (FORMAT.md, "Methods").

It holds the sizes, the parts by their numbers, side information, and coded symbols.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from daub.codec.container.account import Account
from daub.codec.container.chunks import Chunk, read_varints, varints
from daub.codec.container.limits import (
    LARGEST_FILTER_VARIANCE,
    LARGEST_SYMBOLS,
    REMEDY,
    bytes_to_claim,
    check_count,
    check_size,
    is_sane,
)
from daub.codec.entropy import bits_back
from daub.codec.entropy.coders import CODERS, BitsBack, Coder
from daub.codec.errors import DaubError
from daub.codec.parameters.attributes import VARIANCES, to_rendered
from daub.codec.parameters.parametrisations import Cholesky, Covariance, Native, Parametrisation, RotationScale
from daub.codec.rounding.trained import ByColumns
from daub.render.gaussians import Gaussians

METHOD = b"M"

_HEAD = struct.Struct("<BBf")  # parametrisation, coder, variance of the filter

# Their places are their numbers in a file.
PARAMETRISATIONS: tuple[tuple[str, Parametrisation], ...] = (
    ("cholesky", Cholesky()),
    ("rotation-scale", RotationScale()),
    ("covariance", Covariance()),
    ("rotation-scale, unbounded", RotationScale(bound=0.0, position="linear")),
    ("native", Native()),
)

_WHAT = "the image cannot be written"


@dataclass(frozen=True)
class Parts:
    """What a file is made of, by name."""

    parametrisation: str
    filter_variance: float  # pixels^2 that every variance grows by in the rendering
    quantisers: tuple[str, ...]
    coder: str

    def __str__(self) -> str:
        named = [self.parametrisation, " | ".join(self.quantisers), self.coder]
        if self.filter_variance:
            named.append(f"filter of {self.filter_variance:.3g} px²")
        return ", ".join(named)


@dataclass(frozen=True, eq=False)
class MethodPayload:
    """Gaussians as the method's quantiser gives them back, in the order of the stream, and the parts of the file."""

    method_gaussians: Gaussians
    parts: Parts

    def __len__(self) -> int:
        return len(self.method_gaussians)

    def gaussians(self, xp: ModuleType) -> Gaussians:
        """Arrays of numpy, whatever `xp` is: there is nothing to compute anew."""
        return self.method_gaussians


def write(
    raw: np.ndarray,
    size: tuple[int, int],
    parametrisation: Parametrisation,
    quantiser: ByColumns,
    coder: Coder,
    filter_variance: float = 0.0,
) -> Chunk:
    """The chunk that `read` reads.

    Args:
        raw: (N, K) float32 as trained, finite.
        size: (width, height), pixels.
        quantiser: of the K columns, which has begun.
        filter_variance: pixels^2 that every variance grows by in the rendering.

    Raises:
        DaubError: the size, the Gaussians, their number or their parametrisation are outside the format.
    """
    if not np.isfinite(raw).all():
        raise ValueError("the parameters are not finite")
    check_size(*size, _WHAT)
    coded = coder.write(quantiser.symbols(raw), quantiser.alphabets)
    head = _HEAD.pack(number_of(parametrisation), CODERS.index(coder), filter_variance)
    # Zeros at the end of the symbols mean nothing.
    data = (head + quantiser.side() + coded).ljust(bytes_to_claim(len(raw)), b"\0")
    _read_gaussians(data, len(raw), size, _WHAT)
    return Chunk(METHOD, varints(*size, len(raw)) + data)


def number_of(parametrisation: Parametrisation) -> int:
    """Its number in a file.

    Raises:
        DaubError: it has none.
    """
    for number, (_, known) in enumerate(PARAMETRISATIONS):
        if known == parametrisation:
            return number
    names = ", ".join(name for name, _ in PARAMETRISATIONS)
    raise DaubError(_WHAT, f"the format has no {parametrisation}", f"choose one of {names}")


def read_head(content: bytes, what: str) -> tuple[int, int, int]:
    """Width and height, pixels, and how many Gaussians there are to be; raises DaubError where they lie."""
    width, height, count, data = _read_sizes(content, what)
    check_count(count, bits_back.LARGEST_COUNT, len(data), what)
    return width, height, count


def read(content: bytes, what: str) -> tuple[int, int, MethodPayload]:
    """Width, height and payload.

    Args:
        what: failed, the beginning of the error.

    Raises:
        DaubError: the bytes make no sense, are too few for so many Gaussians, or need a part that this version has not.
    """
    width, height, count, data = _read_sizes(content, what)
    return width, height, _read_gaussians(data, count, (width, height), what)


def _read_sizes(content: bytes, what: str) -> tuple[int, int, int, bytes]:
    """Width, height, number of Gaussians, and what follows them."""
    (width, height, count), data = read_varints(content, 3, what)
    check_size(width, height, what)
    return width, height, count, data


def spent(content: bytes) -> Account:
    """What was spent on each Gaussian of a payload that `read` has read."""
    _, _, count, data = _read_sizes(content, _WHAT)
    opened = _open(data, count, _WHAT)
    alphabets = opened.quantiser.alphabets
    bits = opened.coder.spent(opened.coded, count, alphabets)
    names = _names_of_symbols(opened.quantiser, opened.parametrisation)
    parts = tuple(dict.fromkeys(names))
    by_part = np.stack([bits[:, [name == part for name in names]].sum(1) for part in parts], 1)
    saved = 0.0
    if opened.coder == BitsBack():
        saved = bits_back.given_back(opened.coder.read(opened.coded, count, alphabets))
    return Account(parts, by_part, given_back=saved)


def _names_of_symbols(quantiser: ByColumns, parametrisation: Parametrisation) -> list[str]:
    """What each symbol of a Gaussian says; one that stands for several columns together may say several things."""
    by_column = [
        next(name for name, columns in parametrisation.groups.items() if columns.start <= j < columns.stop)
        for j in range(quantiser.columns)
    ]
    names, first = [], 0
    for count, part in quantiser.parts:
        its = by_column[first : first + count]
        symbols = len(part.alphabets)
        names += its if symbols == count else [" and ".join(dict.fromkeys(its))] * symbols
        first += count
    return names


@dataclass(frozen=True, eq=False)
class _Opened:
    """A payload whose parts are known and whose symbols are still coded."""

    name: str  # of the parametrisation
    parametrisation: Parametrisation
    coder: Coder
    filter_variance: float
    quantiser: ByColumns
    coded: bytes


def _open(data: bytes, count: int, what: str) -> _Opened:
    check_count(count, bits_back.LARGEST_COUNT, len(data), what)
    if len(data) < _HEAD.size:
        raise DaubError(what, "its method is missing", REMEDY)
    number, coder_number, filter_variance = _HEAD.unpack_from(data)
    name, parametrisation = _part(number, PARAMETRISATIONS, "parametrisation", what)
    coder = _part(coder_number, CODERS, "coder", what)
    if not 0 <= filter_variance <= LARGEST_FILTER_VARIANCE:
        raise DaubError(what, "its filter is outside the format", REMEDY)
    stream = io.BytesIO(data[_HEAD.size :])
    try:
        quantiser = ByColumns.from_side(stream, max(columns.stop for columns in parametrisation.groups.values()))
    except ValueError as error:
        raise DaubError(what, str(error), REMEDY) from error
    if len(quantiser.alphabets) > LARGEST_SYMBOLS:
        raise DaubError(what, f"its Gaussians have more than {LARGEST_SYMBOLS} symbols each", REMEDY)
    return _Opened(name, parametrisation, coder, filter_variance, quantiser, stream.read())


def _read_gaussians(data: bytes, count: int, size: tuple[int, int], what: str) -> MethodPayload:
    opened = _open(data, count, what)
    symbols = opened.coder.read(opened.coded, count, opened.quantiser.alphabets)
    if symbols is None:
        raise DaubError(what, "its Gaussians contradict each other", REMEDY)
    with np.errstate(all="ignore"):  # `is_sane` finds what comes of it
        attributes = opened.parametrisation.attributes(opened.quantiser.decode(symbols), size)
        attributes[:, VARIANCES] += opened.filter_variance
        gaussians = to_rendered(attributes)
    if not is_sane(gaussians):
        raise DaubError(what, "its Gaussians are beyond all measure", REMEDY)
    parts = Parts(opened.name, opened.filter_variance, opened.quantiser.names, opened.coder.name)
    return MethodPayload(gaussians, parts)


def _part(number: int, known: tuple, kind: str, what: str):
    if number >= len(known):
        raise DaubError(what, f"it needs the {kind} {number}, unknown to this Daub", "update Daub")
    return known[number]
