"""`encode --importance`: where the bits go, and what is refused before any work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from daub.app.cli import main as cli
from daub.app.tasks.device import OpenDevice
from daub.codec import decode

SETTINGS = ("--gaussians", "60", "--steps", "60")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The current folder: noise.png of 96x64 pixels, and right.png of half the size, white in its right half."""
    monkeypatch.chdir(tmp_path)
    noise = np.random.default_rng(0).integers(0, 256, (16, 24, 3), np.uint8)
    Image.fromarray(noise).resize((96, 64), Image.Resampling.NEAREST).save("noise.png")
    half = np.full((32, 48), 128, np.uint8)
    half[:, 24:] = 255
    Image.fromarray(half).save("right.png")
    return tmp_path


def encoded(name: str, *arguments: str) -> bytes:
    assert cli.main(["encode", "noise.png", name, *SETTINGS, *arguments]) == 0
    return Path(name).read_bytes()


def halves(name: str) -> tuple[float, float]:
    """Mean squared error to the left and to the right."""
    error = (decode(name).astype(float) - np.asarray(Image.open("noise.png"))) ** 2
    return error[:, :48].mean(), error[:, 48:].mean()


def test_what_is_marked_comes_out_better_and_a_neutral_map_changes_nothing(folder, capsys):
    plain = encoded("plain.daub")
    encoded("right.daub", "--importance", "right.png")
    (left, right), (left_marked, right_marked) = halves("plain.daub"), halves("right.daub")
    assert right_marked < 0.8 * right and left_marked > left
    Image.new("RGB", (30, 20), (128, 128, 128)).save("neutral.png")
    assert encoded("neutral.daub", "--importance", "neutral.png") == plain
    assert not [line for line in capsys.readouterr().err.splitlines() if line.startswith("daub:")]


@pytest.mark.parametrize(
    ("name", "said"),
    [("turned.png", "another shape"), ("text.png", "not an image"), ("gone.png", "no such file"), (".", "is a folder")],
)
def test_what_is_no_map_is_refused_in_one_line_before_the_work(folder, capsys, monkeypatch, name, said):
    monkeypatch.setattr(OpenDevice, "load_encoder", lambda *_: pytest.fail("the work has begun"))
    Image.new("L", (64, 96), 200).save("turned.png")
    Path("text.png").write_text("text")
    assert cli.main(["encode", "noise.png", "out.daub", "--importance", name]) == 1
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("daub:")]
    assert len(told) == 1 and said in told[0] and not Path("out.daub").exists()


def test_a_method_that_knows_no_importance_says_so(folder, capsys):
    arguments = ("--importance", "right.png", "--profile", "gaussianimage-rs")
    assert cli.main(["encode", "noise.png", "out.daub", *SETTINGS, *arguments]) == 1
    assert "takes no importance map" in capsys.readouterr().err and not Path("out.daub").exists()


def test_the_map_is_never_written_over(folder, capsys):
    Path("map.daub").symlink_to("right.png")
    before = Path("right.png").read_bytes()
    assert cli.main(["encode", "noise.png", "map.daub", "--importance", "right.png"]) == 1
    assert "it is the source" in capsys.readouterr().err and Path("right.png").read_bytes() == before
