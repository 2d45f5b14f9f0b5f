"""The rate-distortion plot as files: a table, and a picture."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from pathlib import Path

from daub.app.model.output.exports import Exports
from daub.app.model.rivals.rd_plot import Point, RdPlot
from daub.app.model.work.jobs import Job, do_once
from daub.app.model.workspace.workspace import Workspace

SUFFIXES = (".png", ".pdf", ".svg")


class RdExport:
    """Writes what the plot shows."""

    def __init__(self, workspace: Workspace, plot: RdPlot, exports: Exports):
        self._workspace, self._plot, self._exports = workspace, plot, exports

    @property
    def possible(self) -> bool:
        """There is something on the plot."""
        return bool(self._plot.dots or self._plot.curves)

    def table(self, path: Path) -> None:
        """Writes a line for every file: those of the curves, and those of the dots, which have names."""
        content = self.csv_text().encode()
        self._exports.made(path, lambda: content)

    def csv_text(self) -> str:
        """See `table`; what is not measured is empty."""
        text, plot = io.StringIO(), self._plot
        columns = ("name", *Point.__dataclass_fields__)
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({"name": "", **asdict(point)} for curve in plot.curves.values() for point in curve)
        writer.writerows({"name": dot.name, **asdict(dot.point)} for dot in plot.dots)
        return text.getvalue()

    def picture(self, path: Path) -> None:
        """Draws the plot as it is seen, and writes it. Args: path: ends in one of SUFFIXES."""
        plot = self._plot
        curves = [{"codec": name, "points": plot.places(curve)} for name, curve in plot.curves.items()]
        places = [(dot, plot.place(dot.point)) for dot in plot.dots]
        dots = [
            {"name": dot.name, "codec": dot.point.codec, "rate": place[0], "quality": place[1]}
            for dot, place in places
            if place is not None
        ]
        given = {
            "suffix": path.suffix.lower(), "title": self._workspace.picture.name, "rate": plot.rate.label,
            "quality": plot.quality.label, "curves": [curve for curve in curves if curve["points"]], "dots": dots,
            "target": plot.target,
        }  # fmt: skip

        job = Job("the plot", "plot", given)
        self._exports.made(path, lambda: do_once(job)[1][0].tobytes())
