"""Files of `bench rd`: its measurements as a table, which can be reused, and its curves as a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from itertools import cycle

from daub.app.bench.plot_style import DAUB, STYLE, colour_of
from daub.app.bench.rd_rates import POINTS_OF_A_CURVE, RdRow, mean_curves, measured_qualities
from daub.app.bench.setting import images_in
from daub.codec.errors import DaubError
from daub.codec.evaluation.published import Published
from daub.codec.files import read_file, write_atomic
from daub.codec.targets import Replacing, check_distinct, check_target

_LARGEST_CSV = 1 << 28  # bytes
_COLUMNS = tuple(RdRow.__dataclass_fields__)
_SIZE = _COLUMNS.index("bytes")
_ADDED = _COLUMNS.index("ssimulacra2")  # from here on columns that earlier files lack, and that may be empty


def check_outputs(table: str | None, plot: str | None, folder: str | None, reuse: str | None, may: Replacing) -> None:
    """Refuses files that `write_csv` and `plot` could not write, before anything is measured.

    Args:
        table, plot: paths, where they are asked for.
        folder, reuse: what is read, of images and of earlier rows.

    Raises:
        DaubError: as of `check_target`, or there are no images, or `plot` is no .png.
    """
    sources = [*images_in(folder), *([reuse] if reuse else [])]
    if plot and not plot.lower().endswith(".png"):
        raise DaubError(f"cannot write {plot}", "its name does not end in .png", "call it *.png")
    outputs = [path for path in (table, plot) if path]
    check_distinct(outputs)
    for path in outputs:
        check_target(path, sources, may)


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


def plot(rows: Sequence[RdRow], path: str, published: Sequence[Published] = (), replace: bool = True) -> None:
    """What was measured over bpp as a PNG: one curve for each codec, published ones (PSNR only) as far as ours go.

    Args:
        replace: as of `write_atomic`.
    """
    from matplotlib.figure import Figure  # loads only for those who plot

    curves = mean_curves(rows)
    highest = max(row.bpp for curve in curves.values() for row in curve)
    qualities = measured_qualities(rows)
    figure = Figure(figsize=(6 * len(qualities), 5.2), layout="constrained")
    psnr_axes, *others = figure.subplots(1, len(qualities))
    for axes, quality in zip((psnr_axes, *others), qualities, strict=True):
        for codec, curve in curves.items():
            ours = codec == DAUB
            axes.plot(
                [row.bpp for row in curve], [getattr(row, quality.key) for row in curve], "o-", label=codec,
                color=colour_of(codec), linewidth=2.6 if ours else 1.4, markersize=5 if ours else 3.5,
                zorder=3 if ours else 2,
            )  # fmt: skip
        axes.set(
            xlabel="bits per pixel", ylabel="PSNR, dB" if axes is psnr_axes else quality.name, xlim=(0, 1.04 * highest)
        )
        axes.grid(color=STYLE["grid"])
        axes.spines[["top", "right"]].set_visible(False)
    others[0].legend(loc="lower right", frameon=False)
    for one, marker in zip(published, cycle("sD^v")):
        psnr_axes.plot(
            *zip(*one.points, strict=True), marker, label=f"{one.name} (published)", color=colour_of(one.name),
            linestyle="--" if len(one.points) >= POINTS_OF_A_CURVE else "none", linewidth=1.2, markersize=5,
            markerfacecolor="white",
        )  # fmt: skip
    if published:
        psnr_axes.legend(handles=psnr_axes.lines[-len(published) :], loc="lower right", frameon=False)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    write_atomic(path, content.getvalue(), replace=replace)
