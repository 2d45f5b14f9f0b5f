"""Rows of rate and distortion, one for each file that was measured, and their table as a file.

`bench rd` and the window write the same table, and the bench reads either again.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from daub.codec.errors import DaubError
from daub.codec.files import read_file, write_atomic

SCORE_RANGE = 10.0, 80.0  # of BD-rates by SSIMULACRA2: below, images are past telling apart, above, they look alike
COUNTS = 600, 1200, 2500, 5000, 8000  # the sweep of Daub: Gaussians that are fitted per 768x512 pixels
_LARGEST_CSV = 1 << 28  # bytes


@dataclass(frozen=True)
class RdRow:
    """One file that was written and read, or the mean of several."""

    codec: str
    image: str
    setting: float
    bytes: int
    bpp: float
    psnr: float
    ms_ssim: float
    encode_seconds: float
    decode_seconds: float
    ssimulacra2: float | None = None  # None where it was not measured, or the image is too small for it
    flip: float | None = None  # None where it was not measured


@dataclass(frozen=True)
class Quality:
    """What files are held equal in for a BD-rate.

    Args:
        key: the field of a row.
        name: as it is printed.
        score_range: of the qualities that count.
        any_rate: these alone bound what counts, not a range of rates.
    """

    key: str
    name: str
    score_range: tuple[float, float] = (-math.inf, math.inf)
    any_rate: bool = False


QUALITIES = (
    Quality("psnr", "PSNR"),
    Quality("ms_ssim", "MS-SSIM"),
    Quality("ssimulacra2", "SSIMULACRA2", SCORE_RANGE, any_rate=True),
)


def scaled_count(count: int, width: int, height: int) -> int:
    """How many Gaussians an image takes for so many of 768x512 pixels."""
    return max(1, round(count * width * height / (768 * 512)))


def measured_qualities(rows: Sequence[RdRow]) -> list[Quality]:
    """Those that any row has."""
    return [quality for quality in QUALITIES if any(getattr(row, quality.key) is not None for row in rows)]


_COLUMNS = tuple(RdRow.__dataclass_fields__)
_SIZE = _COLUMNS.index("bytes")
_ADDED = _COLUMNS.index("ssimulacra2")  # from here on columns that earlier files lack, and that may be empty


def write_csv(rows: Sequence[RdRow], path: str, replace: bool = True) -> None:
    """One line for every file that was measured. Args: replace: as of `write_atomic`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    write_atomic(path, text.getvalue().encode(), replace=replace)


def read_csv(path: str) -> list[RdRow]:
    """The rows that `write_csv` wrote, or that it wrote before there was SSIMULACRA2 and FLIP.

    Raises:
        DaubError: the file cannot be read, or is not one of those.
    """
    what, remedy = f"cannot reuse {path}", "give a file that `bench rd --csv` has written"
    try:
        text = read_file(path, _LARGEST_CSV, "reuse", "a file that `bench rd --csv` has written").decode()
        header, *lines = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DaubError(what, "it is not a table in plain text", remedy) from error
    if tuple(header) not in (_COLUMNS, _COLUMNS[:_ADDED]):
        raise DaubError(what, "its first line does not name the columns of a measurement", remedy)
    if not lines:
        raise DaubError(what, "there are no measurements in it", remedy)
    rows = []
    for number, line in enumerate(lines, start=2):
        try:
            row = dict(zip(header, line, strict=True))
            added = {name: float(row[name]) if row[name] else None for name in header[_ADDED:]}
            measured = {name: float(row[name]) for name in _COLUMNS[_SIZE + 1 : _ADDED]}
            rows.append(
                RdRow(row["codec"], row["image"], float(row["setting"]), int(row["bytes"]), **measured, **added)
            )
        except ValueError as error:  # also where there are too few columns, or too many
            raise DaubError(what, f"its line {number} is not a measurement", remedy) from error
    return rows
