"""Files of `bench rd`: what is refused before anything is measured, and its curves as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from daub.app.bench.rd_rates import POINTS_OF_A_CURVE, mean_curves
from daub.app.bench.setting import images_in
from daub.app.model.rivals.plot_style import colour_of, draw_curve, dress, rendered
from daub.codec.errors import DaubError
from daub.codec.evaluation.published import Published
from daub.codec.evaluation.rd_table import RdRow, measured_qualities
from daub.codec.files import write_atomic
from daub.codec.targets import Replacing, check_distinct, check_target


def check_outputs(table: str | None, plot: str | None, folder: str | None, reuse: str | None, may: Replacing) -> None:
    """Refuses files that `rd_table.write_csv` and `plot` could not write, before anything is measured.

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
            draw_curve(axes, codec, [row.bpp for row in curve], [getattr(row, quality.key) for row in curve])
        axes.set(
            xlabel="bits per pixel", ylabel="PSNR, dB" if axes is psnr_axes else quality.name, xlim=(0, 1.04 * highest)
        )
        dress(axes)
    others[0].legend(loc="lower right", frameon=False)
    for one, marker in zip(published, cycle("sD^v")):
        psnr_axes.plot(
            *zip(*one.points, strict=True), marker, label=f"{one.name} (published)", color=colour_of(one.name),
            linestyle="--" if len(one.points) >= POINTS_OF_A_CURVE else "none", linewidth=1.2, markersize=5,
            markerfacecolor="white",
        )  # fmt: skip
    if published:
        psnr_axes.legend(handles=psnr_axes.lines[-len(published) :], loc="lower right", frameon=False)
    write_atomic(path, rendered(figure, ".png"), replace=replace)
