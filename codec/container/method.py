"""Gaussians of a published method as bytes and back: the parts by their numbers, side information, coded symbols.

The content of the chunk `M` (FORMAT.md, "Methods") behind its sizes; container.py puts it into a file.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import numpy as np

from daub.codec.entropy import bits_back
from daub.codec.entropy.coders import CODERS, Coder
from daub.codec.errors import DaubError
from daub.codec.parameters import attributes as plain
from daub.codec.parameters.parametrisations import Cholesky, Covariance, Native, Parametrisation, RotationScale
from daub.codec.rounding.trained import ByColumns
from daub.render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, SHEAR, Gaussians

GAUSSIANS_PER_BYTE = 2  # bytes that claim more are refused before anything is allocated
LARGEST_SYMBOLS = 16  # for one Gaussian

_HEAD = struct.Struct("<BBf")  # parametrisation, coder, variance of the filter

# Their places are their numbers in a file.
PARAMETRISATIONS: tuple[tuple[str, Parametrisation], ...] = (
    ("cholesky", Cholesky()),
    ("rotation-scale", RotationScale()),
    ("covariance", Covariance()),
    ("rotation-scale, unbounded", RotationScale(bound=0.0, position="linear")),
    ("native", Native()),
)

# What no image needs, and no renderer has to survive.
_LARGEST_LOG_SCALE = 17 * np.log(2)
_LARGEST_SHEAR = 4096
_LARGEST_MEAN = 1 << 22
_LARGEST_COEFFICIENT = 1 << 32
_LARGEST_FILTER_VARIANCE = 1 << 16

_WHAT = "the image cannot be written"
_REMEDY = "get the file again or encode it again"


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


def write(
    raw: np.ndarray,
    size: tuple[int, int],
    parametrisation: Parametrisation,
    quantiser: ByColumns,
    coder: Coder,
    filter_variance: float = 0.0,
) -> bytes:
    """The bytes that `read` reads.

    Args:
        raw: (N, K) float32 as trained, finite.
        size: (width, height), pixels.
        quantiser: of the K columns, which has begun.
        filter_variance: pixels^2 that every variance grows by in the rendering.

    Raises:
        DaubError: the Gaussians or their parametrisation are outside the format.
    """
    if not np.isfinite(raw).all():
        raise ValueError("the parameters are not finite")
    coded = coder.write(quantiser.symbols(raw), quantiser.alphabets)
    head = _HEAD.pack(number_of(parametrisation), CODERS.index(coder), filter_variance)
    data = head + quantiser.side() + coded
    # Enough for the reader to believe in so many Gaussians; zeros at the end mean nothing.
    data = data.ljust(-(-len(raw) // GAUSSIANS_PER_BYTE), b"\0")
    read(data, len(raw), size, _WHAT)
    return data


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


def read(data: bytes, count: int, size: tuple[int, int], what: str) -> tuple[Gaussians, Parts]:
    """The Gaussians, in the order of the stream.

    Args:
        count: of Gaussians.
        size: (width, height), pixels.
        what: begins the error.

    Raises:
        DaubError: the bytes make no sense, are too few for so many Gaussians, or need a part that this version has not.
    """
    most = min(bits_back.LARGEST_COUNT, GAUSSIANS_PER_BYTE * len(data))
    if count > most:
        raise DaubError(what, f"{count} Gaussians do not fit in {len(data)} bytes", _REMEDY)
    if len(data) < _HEAD.size:
        raise DaubError(what, "its method is missing", _REMEDY)
    number, coder_number, filter_variance = _HEAD.unpack_from(data)
    parametrisation_name, parametrisation = _part(number, PARAMETRISATIONS, "parametrisation", what)
    coder = _part(coder_number, CODERS, "coder", what)
    if not 0 <= filter_variance <= _LARGEST_FILTER_VARIANCE:
        raise DaubError(what, "its filter is outside the format", _REMEDY)
    stream = io.BytesIO(data[_HEAD.size :])
    try:
        quantiser = ByColumns.from_side(stream, max(columns.stop for columns in parametrisation.groups.values()))
    except ValueError as error:
        raise DaubError(what, str(error), _REMEDY) from error
    if len(quantiser.alphabets) > LARGEST_SYMBOLS:
        raise DaubError(what, f"its Gaussians have more than {LARGEST_SYMBOLS} symbols each", _REMEDY)
    symbols = coder.read(stream.read(), count, quantiser.alphabets)
    if symbols is None:
        raise DaubError(what, "its Gaussians contradict each other", _REMEDY)
    with np.errstate(all="ignore"):  # what comes of it is looked at
        attributes = parametrisation.attributes(quantiser.decode(symbols), size)
        attributes[:, plain.VARIANCES] += filter_variance
        gaussians = plain.to_rendered(attributes)
    if not _sane(gaussians):
        raise DaubError(what, "its Gaussians are beyond all measure", _REMEDY)
    return gaussians, Parts(parametrisation_name, filter_variance, quantiser.names, coder.name)


def _part(number: int, known: tuple, kind: str, what: str):
    if number >= len(known):
        raise DaubError(what, f"it needs the {kind} {number}, unknown to this Daub", "update Daub")
    return known[number]


def _sane(gaussians: Gaussians) -> bool:
    parameters = gaussians.parameters
    limits = np.empty(parameters.shape[1])
    limits[MEAN], limits[LOG_SCALE], limits[SHEAR] = _LARGEST_MEAN, _LARGEST_LOG_SCALE, _LARGEST_SHEAR
    limits[COEFFICIENT] = _LARGEST_COEFFICIENT
    return bool((np.abs(parameters) <= limits).all())  # which a NaN is not
