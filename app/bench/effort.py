"""`bench effort`: what each effort costs in time and saves in rate, on written files.

Everything timed runs after the kernels have been loaded, and every size is that of a file on the disk.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from daub.app.bench.rd import daub_row
from daub.app.bench.rd_rates import mean_bd_rate, mean_curves
from daub.app.bench.rd_report import curve_json, left_out_text
from daub.app.bench.setting import KODAK, images_in, machine
from daub.app.model.rivals.plot_style import DAUB
from daub.app.tasks.device import warm_up
from daub.app.terminal import ProgressLine, decibels, duration, percent, table
from daub.codec import images
from daub.codec.effort import DEFAULT_EFFORT, EFFORTS
from daub.codec.evaluation.rd_table import RdRow, measured_qualities
from daub.codec.files import SUFFIX
from daub.codec.part_files import scratch_folder
from daub.codec.tuning import Tuning
from daub.render.rasteriser import Rasteriser


def bench_effort(
    rasteriser: Rasteriser, folder: str | None, counts: Sequence[int], efforts: Sequence[int]
) -> dict[int, list[RdRow]]:
    """Effort to a row for every image and count; the default effort is always among them, to compare the others with.

    Args:
        counts: Gaussians fitted per 768x512 pixels.

    Raises:
        DaubError: no such folder or image.
    """
    paths = images_in(folder)
    rows: dict[int, list[RdRow]] = {effort: [] for effort in sorted({*efforts, DEFAULT_EFFORT})}
    done, total = 0, len(paths) * len(rows) * len(counts)
    with ProgressLine() as line, scratch_folder() as scratch:
        line.say("loading the kernels")
        warm_up(rasteriser, Tuning.PSNR)
        file = scratch / f"one{SUFFIX}"
        for path in paths:
            pixels = images.load(path).pixels
            for effort, measured in rows.items():
                for count in counts:
                    row = daub_row(path.name, pixels, count, effort, None, rasteriser, file)
                    measured.append(row)
                    done += 1
                    line.advance("measuring", done / total, path.name, f"effort {effort}", decibels(row.psnr))
    return rows


def effort_json(rows: dict[int, list[RdRow]], device: str = "cpu") -> dict:
    """The keys of `--json`. Args: device: the name of the backend that Daub ran on."""
    return {
        "images": list(dict.fromkeys(row.image for row in rows[DEFAULT_EFFORT])),
        "efforts": [
            {
                "effort": effort,
                "steps": EFFORTS[effort].steps,
                "encode_seconds": fmean(row.encode_seconds for row in measured),
                "curve": curve_json(mean_curves(measured)[DAUB]),
                "bd_rate_per_image": _against_default(rows, effort),
            }
            for effort, measured in rows.items()
        ],
        "default_effort": DEFAULT_EFFORT,
        "device": device,
        "machine": machine(),
    }


def effort_text(rows: dict[int, list[RdRow]], device: str = "cpu") -> str:
    """What `bench_effort` found, as a table. Args: as of `effort_json`."""
    counts = sorted({row.setting for row in rows[DEFAULT_EFFORT]})
    rates = {effort: _against_default(rows, effort) for effort in rows}
    qualities = measured_qualities(rows[DEFAULT_EFFORT])
    lines = []
    for effort, measured in rows.items():
        means = {row.setting: row for row in mean_curves(measured)[DAUB]}
        cells = [cell for count in counts for cell in (f"{means[count].bpp:.3f}", f"{means[count].psnr:.2f}")]
        lines.append(
            (str(effort), str(EFFORTS[effort].steps), duration(fmean(row.encode_seconds for row in measured)), *cells,
             *(percent(rates[effort][quality.key]) for quality in qualities))
        )  # fmt: skip
    header = [
        "\neffort", "\nsteps", "\nencode", *(f"{count:,.0f}\n{what}" for count in counts for what in ("bpp", "PSNR")),
        *(f"BD-rate\nby {quality.name}" for quality in qualities),
    ]  # fmt: skip
    images_measured = len({row.image for row in rows[DEFAULT_EFFORT]})
    return (
        f"Mean of {images_measured} image{'s' * (images_measured > 1)} on {machine()}, {device}\n\n"
        f"{table(lines, header)}\n\n"
        f"bpp and PSNR: with so many Gaussians fitted per {KODAK[0]}x{KODAK[1]} pixels. encode: the mean over these.\n"
        f"BD-rate: the mean of each image's own, against effort {DEFAULT_EFFORT} (negative: less rate is needed)."
        + left_out_text({f"effort {effort}": rate for effort, rate in rates.items()}, qualities)
    )


def _against_default(rows: dict[int, list[RdRow]], effort: int) -> dict[str, float | None]:
    qualities = measured_qualities(rows[DEFAULT_EFFORT])
    return mean_bd_rate(rows[effort], rows[DEFAULT_EFFORT], qualities, (0, math.inf))
