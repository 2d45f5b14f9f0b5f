"""Copying words: figures as tables that can be read again, the command, the log."""

from __future__ import annotations

import csv
import io

import numpy as np
from stages import golden

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.output.log import Kind
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.sources.source import Figures


def run(desk, name: str):
    assert BY_NAME[name].enabled(desk.bench)
    BY_NAME[name].run(desk.bench)
    return desk.host.copied


def test_figures_of_all_results_as_tables(desk, photo):
    assert not BY_NAME["copy_figures_csv"].enabled(desk.bench)
    desk.open(photo)
    desk.finish()
    desk.workspace.change(seed=3)
    encoded = desk.finish()
    desk.until(lambda: all(result.ms_ssim is not None for result in desk.workspace.results))
    rows = list(csv.DictReader(io.StringIO(run(desk, "copy_figures_csv"))))
    newest = rows[0]
    assert len(rows) == 2 and newest["File"] == "photo.png" and "seed 3" in newest["Settings"]
    assert int(newest["Bytes"]) == len(encoded.data) and float(newest["MS-SSIM"]) == 0.9
    assert float(newest["bpp"]) == round(8 * len(encoded.data) / (12 * 8), 4)
    assert abs(float(newest["PSNR (dB)"]) - encoded.psnr) < 1e-3
    desk.bench.sources.add_rival("AVIF", b"12345", np.zeros((8, 12, 3), np.uint8), "quality 40", Figures(31.5))
    lines = run(desk, "copy_figures_markdown").splitlines()
    assert len(lines) == 5 and len({line.count("|") for line in lines}) == 1
    assert "| AVIF | quality 40 |  | 5 | 0.4167 | 31.500 |" in lines[-1]
    assert desk.heard["noticed"][-1] == "Copied the figures of all 3 files"


def test_the_command_and_the_log(desk, photo):
    assert not BY_NAME["copy_command"].enabled(desk.bench) and not BY_NAME["copy_log"].enabled(desk.bench)
    desk.open(photo)
    desk.finish()
    assert run(desk, "copy_command").startswith(f"daub encode {photo} ")
    assert "Finished photo.png" in run(desk, "copy_log")


def test_where_no_command_makes_it_the_nearest_is_copied_and_the_reason_told(desk, photo):
    desk.open(photo)
    desk.encoder.permits.release(3)
    desk.until(lambda: desk.state.progress.step == 3)
    desk.workspace.fitting.stop()
    desk.encoder.permits.release(500)
    desk.until(lambda: desk.state.encoded is not None)
    assert run(desk, "copy_command").startswith(f"daub encode {photo} ")
    assert "comes nearest" in desk.heard["noticed"][-1] and "stopped before the end" in desk.heard["noticed"][-1]
    (entry,) = [entry for entry in desk.bench.log if entry.kind is Kind.DONE]
    assert entry.line.startswith("Stopped photo.png: ") and "stopped before the end" in entry.line
    assert entry.command == desk.host.copied


def test_of_an_opened_file_it_is_the_one_that_decodes_it(desk, tmp_path):
    path = tmp_path / "golden.daub"
    path.write_bytes(golden("photo"))
    desk.workspace.open(FileOrigin(path))
    desk.until(lambda: desk.heard["opened"], 100)
    assert run(desk, "copy_command") == f"daub decode {path} {path.with_suffix('.png')}"
    (entry,) = [entry for entry in desk.bench.log if entry.kind is Kind.DONE]
    assert entry.line.startswith("Opened golden.daub: ") and entry.command == desk.host.copied
    assert f"{path.stat().st_size:,} bytes" in entry.line
