"""The rate-distortion plot: its dots are the rows, its curves are kept, and what it shows can be written."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from working import COMMAND

from daub.app.model.picture.origin import FileOrigin
from daub.app.model.rivals.rd_plot import Quality, Rate
from daub.app.model.sources.source import Figures
from daub.app.model.work import jobs as jobs_module
from daub.codec.evaluation.perceptual import Perceptual
from daub.codec.goal import Goal

SECONDS = 60  # for a process to start, on a machine that does a lot besides


@pytest.fixture
def plotted(desk, photo, monkeypatch):
    """A desk with a result of 6 bytes and 29 dB, and a file of another program; its curves are made up."""
    monkeypatch.setattr(jobs_module, "COMMAND", COMMAND)
    desk.open(photo)
    desk.finish()
    figures = Figures(31.5, 0.95, Perceptual(40.0, 0.1))
    desk.bench.sources.add_rival("Other", bytes(48), np.zeros((8, 12, 3), np.uint8), "by hand", figures)
    return desk


def drawn(desk, codec):
    desk.bench.rd_plot.draw(codec)
    desk.until(lambda: desk.bench.rd_plot.fraction(codec) is None, SECONDS)


def test_there_is_a_dot_for_every_file(plotted):
    plot = plotted.bench.rd_plot
    result, other = plot.dots
    assert (result.name, result.point.codec, result.side) == ("Quality 50", "Daub", "b")
    assert (result.point.bytes, result.point.bpp, result.point.psnr) == (6, 0.5, 29.0)
    assert (other.name, other.point.setting, other.side) == ("Other", "by hand", None)
    assert plot.place(other.point) == (4.0, 31.5)
    plot.set(quality=Quality.SSIMULACRA2, rate=Rate.BYTES)
    assert plot.place(other.point) == (48, 40.0)
    assert plot.place(result.point) is None, "nobody has measured it"
    plotted.bench.sources.delete(other.key)
    assert [dot.name for dot in plot.dots] == ["Quality 50"]


def test_a_file_beside_the_picture_has_a_dot_too_once_it_is_held_against_it(plotted, draw):
    plot, sources = plotted.bench.rd_plot, plotted.bench.sources
    other, same = draw("other.png", 140), draw("same.png", 100)
    sources.add([FileOrigin(other)], "b")
    plotted.until(lambda: len(plot.dots) == 3)
    (dot,) = (dot for dot in plot.dots if dot.name == "other.png")
    assert (dot.point.codec, dot.point.bytes, dot.side) == ("", other.stat().st_size, "b")
    sources.add([FileOrigin(same)], "b")
    plotted.until(lambda: len(plot.dots) == 4)
    (dot,) = (dot for dot in plot.dots if dot.name == "same.png")
    assert plot.place(dot.point) is None, "nothing is lost of it"


def test_a_click_puts_a_dot_on_b(plotted):
    plot = plotted.bench.rd_plot
    plot.show_on(plot.dots[1].key)
    plotted.until(lambda: plot.dots[1].side == "b")
    assert plot.dots[0].side is None


def test_a_curve_comes_row_by_row_and_is_kept(plotted, draw):
    plot, heard = plotted.bench.rd_plot, []
    plot.changed.connect(lambda: heard.append(len(plot.curves.get("AVIF", ()))))
    assert not plot.is_drawn("AVIF")
    plot.toggle("AVIF")
    assert plot.is_drawn("AVIF") and plot.fraction("AVIF") == 0.0 and plot.is_busy
    plotted.until(lambda: not plot.is_busy, SECONDS)
    assert {1, 2, 3} <= set(heard)
    assert [point.bytes for point in plot.curves["AVIF"]] == [100, 200, 300], "from the smallest file up"
    assert plot.places(plot.curves["AVIF"])[0] == (100 / 12, 22.0)
    plot.set(quality=Quality.SSIMULACRA2)
    assert plot.places(plot.curves["AVIF"]) == []
    plot.toggle("AVIF")
    assert not plot.curves and not plot.is_drawn("AVIF")
    plot.toggle("AVIF")
    assert "AVIF" in plot.curves and not plot.is_busy, "it is drawn of what is known"
    first = plotted.workspace.picture.path
    plotted.open(draw("another.png", 200))
    assert not plot.curves
    plotted.open(first)
    assert "AVIF" in plot.curves and not plot.is_busy


def test_a_curve_of_daub_is_of_the_settings_that_are_wanted(plotted):
    plot, workspace = plotted.bench.rd_plot, plotted.workspace
    drawn(plotted, "Daub")
    assert len(plot.curves["Daub"]) == 3
    workspace.change(effort=7)
    assert "Daub" not in plot.curves
    workspace.change(effort=5)
    assert "Daub" in plot.curves
    workspace.change(goal=Goal("bytes", 5000))
    assert "Daub" not in plot.curves, "what an error counts may follow from the goal"


def test_a_curve_that_is_given_up_goes(plotted):
    plot = plotted.bench.rd_plot
    plot.draw("JPEG")  # which hangs
    plot.draw("AVIF")
    assert plot.is_busy
    plot.toggle("JPEG")
    assert not plot.is_drawn("JPEG")
    plotted.until(lambda: not plot.is_busy, SECONDS)
    assert set(plot.curves) == {"AVIF"}
    plot.draw("JPEG")
    plotted.open(plotted.workspace.picture.path)
    assert not plot.is_busy and not plotted.bench.jobs.waiting


def test_a_codec_that_fails_leaves_no_half_curve(plotted):
    plot = plotted.bench.rd_plot
    drawn(plotted, "WebP")
    assert "WebP" not in plot.curves and not plot.is_drawn("WebP")
    assert plotted.heard["failed"][-1].line == "WebP cannot encode that, it is too wide, leave this codec out"


def test_all_curves_but_those_that_take_minutes(plotted):
    plotted.bench.rd_plot.draw_all()
    waiting = [job.given["codec"] for job in plotted.bench.jobs.waiting]
    assert waiting == ["AVIF", "JPEG XL", "WebP", "JPEG 2000", "JPEG", "Daub"]
    plotted.bench.rd_plot.cancel()


@pytest.mark.parametrize(
    ("goal", "rate", "quality", "target"),
    [
        (Goal("bytes", 600), Rate.BYTES, Quality.PSNR, ("rate", 600)),
        (Goal("bytes", 600), Rate.BPP, Quality.PSNR, ("rate", 50)),
        (Goal("bpp", 2.0), Rate.BYTES, Quality.PSNR, ("rate", 24)),
        (Goal("psnr", 32.0), Rate.BPP, Quality.PSNR, ("quality", 32.0)),
        (Goal("psnr", 32.0), Rate.BPP, Quality.MS_SSIM, None),
        (Goal("ms-ssim", 0.95), Rate.BPP, Quality.MS_SSIM, ("quality", 0.95)),
        (Goal("quality", 50), Rate.BPP, Quality.PSNR, None),
    ],
    ids=str,
)
def test_a_goal_of_an_axis_is_a_line(plotted, goal, rate, quality, target):
    plotted.bench.rd_plot.set(rate=rate, quality=quality)
    plotted.workspace.change(goal=goal)
    assert plotted.bench.rd_plot.target == target


def test_the_table_has_a_line_for_every_file(plotted, tmp_path):
    drawn(plotted, "AVIF")
    export = plotted.bench.rd_export
    rows = list(csv.DictReader(io.StringIO(export.csv_text())))
    assert [row["name"] for row in rows] == ["", "", "", "Quality 50", "Other"]
    assert [row["codec"] for row in rows] == ["AVIF"] * 3 + ["Daub", ""]
    assert (rows[0]["setting"], rows[0]["bytes"], rows[0]["psnr"]) == ("2", "100", "22.0")
    assert rows[3]["ssimulacra2"] == "" and rows[4]["ssimulacra2"] == "40.0" and rows[4]["flip"] == "0.1"
    export.table(tmp_path / "rd.csv")
    plotted.until(lambda: (tmp_path / "rd.csv").exists())
    plotted.workspace.finish_files()
    assert (tmp_path / "rd.csv").read_text() == export.csv_text()


def test_without_a_picture_there_is_nothing(desk):
    plot = desk.bench.rd_plot
    assert not plot.possible and plot.dots == () and plot.curves == {} and plot.target is None
    plot.draw_all()
    assert not desk.bench.jobs.waiting and not desk.bench.rd_export.possible
