"""Files that ask for gigabytes and minutes, on the command line: refused in one line, and done where it is meant."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from large_file import bomb
from PIL import Image

from daub.app.cli import main as cli
from daub.app.terminal import ProgressLine
from daub.codec.container import limits
from daub.render.cpu import backend

GOLDEN = Path(__file__).parents[2] / "codec/container/golden/photo.daub"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "bomb.daub").write_bytes(bomb())
    (tmp_path / "photo.daub").write_bytes(GOLDEN.read_bytes())
    Image.new("RGB", (8, 8)).save(tmp_path / "small.png")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (
            ["decode", "bomb.daub", "a.png"],
            "give a smaller --scale or --size, or a --region, or add --yes-large if that is meant",
        ),
        (["decode", "bomb.daub", "a.png", "--size", "9000x9000"], "a --region, or add --yes-large if that is meant"),
        (["compare", "small.png", "bomb.daub"], "unasked, add --yes-large if that is meant"),
        (["compare", "bomb.daub", "small.png"], "unasked, add --yes-large if that is meant"),
        (["encode", "bomb.daub", "a.daub"], "unasked, add --yes-large if that is meant"),
    ],
)
def test_what_a_file_of_a_few_bytes_asks_for_is_refused_in_one_line(files, monkeypatch, capsys, arguments, remedy):
    monkeypatch.chdir(files)
    assert cli.main([*arguments, *["--device", "cpu"]]) == 1
    line = capsys.readouterr().err
    assert line.startswith("daub: bomb.daub cannot be rendered at ") and line.endswith(f"{remedy}\n")
    assert line.count("\n") == 1 and not (files / "a.png").exists() and not (files / "a.daub").exists()


def test_a_smaller_size_is_decoded_at_once(files, monkeypatch):
    monkeypatch.chdir(files)
    assert cli.main(["decode", "bomb.daub", "a.png", "--scale", "0.01", "--device", "cpu"]) == 0
    with Image.open("a.png") as image:
        assert image.size == (164, 164) and np.asarray(image).std() > 1


@pytest.mark.parametrize(("limit", "value"), [("LARGE_AREA", 400), ("LARGE_WORK", 10_000), ("LARGE_COUNT", 8)])
def test_what_is_meant_is_done(files, monkeypatch, capsys, limit, value):
    monkeypatch.chdir(files)
    commands = [["decode", "photo.daub", "a.png"], ["compare", "photo.daub", "photo.daub"]]
    commands.append(["encode", "photo.daub", "b.daub", "--gaussians", "5", "--steps", "2"])
    assert cli.main([*commands[0], "--device", "cpu"]) == 0
    before = np.asarray(Image.open("a.png"))
    monkeypatch.setattr(limits, limit, value)
    if limit == "LARGE_COUNT":
        commands.append(["info", "photo.daub"])
    for command in commands:
        device = [] if command[0] == "info" else ["--device", "cpu"]
        assert cli.main([*command, *device]) == 1
        refusal = capsys.readouterr().err
        assert "photo.daub cannot be " in refusal and "unasked" in refusal
        assert ("--scale" in refusal) == (command[0] == "decode" and limit != "LARGE_COUNT")
        assert cli.main([*command, *device, "--yes-large"]) == 0
    assert np.array_equal(np.asarray(Image.open("a.png")), before)


def test_progress_of_a_decode_is_seen_on_a_terminal(files, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.chdir(files)
    monkeypatch.setattr(backend, "STRIP_PIXELS", 1)
    monkeypatch.setattr("daub.app.terminal._INTERVAL", 0)
    terminal = Terminal()
    monkeypatch.setattr("daub.app.terminal.ProgressLine", lambda: ProgressLine(terminal))
    assert cli.main(["decode", "photo.daub", "a.png", "--scale", "4", "--device", "cpu"]) == 0
    painted = [line.strip("\x1b[K") for line in terminal.getvalue().split("\r")]
    fractions = [int(line.split("%")[0].split()[-1]) for line in painted if line.startswith("decoding  ")]
    assert len(fractions) > 5 and fractions == sorted(fractions) and fractions[-1] == 100
    assert "writing a.png" in painted
