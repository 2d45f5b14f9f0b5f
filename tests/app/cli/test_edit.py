"""`daub edit`, as a person or a script meets it: in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from daub.app.cli import edit as cli_edit
from daub.app.cli import main as cli
from daub.codec import container
from daub.codec.editing.table import ENTRIES
from daub.codec.restoration.layer import CodedResidual, Layer

ROOT = Path(__file__).parents[3]


def _daub(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "daub.app.program", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    """72x48 pixels of the bundled photo, encoded."""
    folder = tmp_path_factory.mktemp("edit")
    with Image.open(ROOT / "resources" / "sample.png") as sample:
        sample.convert("RGB").crop((330, 180, 402, 228)).save(folder / "photo.png")
    run = _daub("encode", folder / "photo.png", folder / "photo.daub", "--gaussians", 150, "--steps", 60)
    assert run.returncode == 0, run.stderr
    return folder / "photo.daub"


def _pixels(path: Path) -> np.ndarray:
    png = path.with_suffix(".decoded.png")
    assert cli.main(["decode", str(path), str(png)]) == 0
    with Image.open(png) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_a_flip_and_a_crop_make_a_file_of_that_part(photo, tmp_path):
    run = _daub("edit", photo, tmp_path / "out.daub", "--flip", "h", "--crop", "8,8,40,32", "--json")
    assert run.returncode == 0 and run.stderr == "", run.stderr
    told = json.loads(run.stdout)
    assert list(told) == [
        "width", "height", "gaussians", "edited", "selected", "bytes", "bpp", "psnr", "edit_seconds", "round_seconds",
        "device", "device_reason", "missed", "notices",
    ]  # fmt: skip
    assert (told["width"], told["height"]) == (40, 32) and told["bytes"] == (tmp_path / "out.daub").stat().st_size
    expected = _pixels(photo)[:, ::-1][8:40, 8:48]
    off = _pixels(tmp_path / "out.daub") - expected
    assert np.sqrt((off**2).mean()) < 6
    assert told["psnr"] > 32


def test_nothing_to_do_gives_the_same_bytes(photo, tmp_path):
    assert cli.main(["edit", str(photo), str(tmp_path / "same.daub")]) == 0
    assert (tmp_path / "same.daub").read_bytes() == photo.read_bytes()


def test_a_deletion_keeps_the_others_to_the_bit(photo, tmp_path, capsys):
    target = tmp_path / "fewer.daub"
    assert cli.main(["edit", str(photo), str(target), "--delete-smaller", "1.2"]) == 0
    before, after = (container.read(path.read_bytes()).gaussians for path in (photo, target))
    sizes = np.exp(before.log_scale.mean(1))
    kept = {row.tobytes() for row in before.parameters[sizes >= 1.2]}
    assert {row.tobytes() for row in after.parameters} == kept and 0 < len(kept) < len(before)
    assert "rounded in" in capsys.readouterr().out


def test_what_is_not_true_any_more_is_left_out_with_a_line(photo, tmp_path, capsys):
    document = container.read(photo.read_bytes())
    for chunk in (Layer(residual=CodedResidual(2, 0, b"JPEG XL")).chunk(), container.Chunk(b"x", b"whatever")):
        document = document.with_chunk(chunk)
    restored, target = tmp_path / "restored.daub", tmp_path / "out.daub"
    restored.write_bytes(document.to_bytes())
    assert cli.main(["edit", str(restored), str(tmp_path / "same.daub")]) == 0
    assert (tmp_path / "same.daub").read_bytes() == restored.read_bytes() and not capsys.readouterr().err
    assert cli.main(["edit", str(restored), str(target), "--select-rectangle", "0,0,36,48", "--delete"]) == 0
    assert "left out, as it is about the picture before the edit: its restoration, chunk x" in capsys.readouterr().err
    kept = container.read(target.read_bytes()).optional_chunks
    assert [chunk.tag for chunk in kept] == [b"t"]  # what it was tuned for


def test_scripts_stand_where_they_are_given(photo, tmp_path, capsys):
    script = tmp_path / "turn.toml"
    script.write_text("[[edit]]\nrotate = 90\n")
    options = ["--crop", "0,0,30,20", "--script", str(script), "--crop", "0,0,10,25", "--json"]
    assert cli.main(["edit", str(photo), str(tmp_path / "out.daub"), *options]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["width"], told["height"]) == (10, 25)


@pytest.mark.parametrize("options", [("--move", "-3,2"), ("--move=-3,2",), ("--scale", "-1,1"), ("--turn", "-.5")])
def test_values_may_begin_with_a_minus(photo, tmp_path, options):
    assert cli.main(["edit", str(photo), str(tmp_path / "out.npz"), *options]) == 0


def test_a_selection_of_nothing_is_told(photo, tmp_path, capsys):
    options = ["--select-size", "900..", "--recolour", "red", "--flip", "h", "--json"]
    assert cli.main(["edit", str(photo), str(tmp_path / "out.daub"), *options]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["notices"] == ["recolour changes nothing, as nothing is selected"]
    assert "nothing is selected" in said.err


@pytest.mark.parametrize("options", [("--delete",), ("--move", "3e4,3e4"), ("--move", "0,-1e7")])
def test_without_gaussians_the_picture_is_black(photo, tmp_path, options):
    assert cli.main(["edit", str(photo), str(tmp_path / "black.daub"), *options]) == 0
    black = _pixels(tmp_path / "black.daub")
    assert black.shape == (48, 72, 3) and not black.any()


def test_goals_round_everything_anew(photo, tmp_path, capsys):
    limit = round(0.7 * photo.stat().st_size)
    assert cli.main(["edit", str(photo), str(tmp_path / "small.daub"), "--bytes", str(limit), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bytes"] <= limit


@pytest.mark.parametrize("suffix", ["npz", "ply", "svg"])
def test_exports_hold_what_is_selected(photo, tmp_path, capsys, suffix):
    target = tmp_path / f"part.{suffix}"
    assert cli.main(["edit", str(photo), str(target), "--select-rectangle", "0,0,36,48", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["gaussians"] == told["selected"] < told["edited"] and told["psnr"] is None
    assert target.stat().st_size == told["bytes"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("out.png",), "ends neither"),
        (("out.daub", "--flip", "x"), "h, left to right"),
        (("out.daub", "--script", "no.toml"), "no.toml"),
        (("out.svg", "--quality", "50"), "as they are"),
        (("photo.daub", "--flip", "h"), "it is the source"),
        (("out.daub", "--crop", "0,0,0,10"), "a width and a height above 0"),
        (("out.daub", "--crop", "-1e300,0,2e300,10"), "a region X,Y,W,H"),
        (("out.daub", "--select-rectangle", "1,2,-3,4", "--delete"), "a width and a height above 0"),
        (("out.daub", "--select-polygon", "1,2 3,4", "--delete"), "three points or more"),
        (("out.daub", "--move", "1e300,0"), "16,777,216 pixels"),
        (("out.daub", "--duplicate", "0,-1e30"), "16,777,216 pixels"),
        (("out.daub", "--paste", "photo.daub,0,0,1e300"), "0.001 to 1000"),
        (("out.daub", "--paste", "photo.daub,1e300,0"), "16,777,216 pixels"),
        (("out.daub", "--refit", "photo.png,999999999"), "0..100000"),
        (("out.daub", *13 * ("--scale", "1000")), "larger or lighter than numbers go"),
    ],
)
def test_refusals_are_one_line_and_leave_nothing(photo, tmp_path, monkeypatch, capsys, options, word):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.daub").write_bytes(photo.read_bytes())
    assert cli.main(["edit", "photo.daub", *options]) == 1
    said = capsys.readouterr()
    (line,) = [line for line in said.err.splitlines() if line.startswith("daub: ")]
    assert word in line and line.count(", ") >= 2 and said.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["photo.daub"]
    assert (tmp_path / "photo.daub").read_bytes() == photo.read_bytes()


def test_help_lists_every_operation(capsys):
    assert cli.main(["edit", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"--{name}" in text for name in (*ENTRIES, cli_edit.SCRIPT))


def test_help_loads_no_codec():
    program = (
        "import sys; from daub.app.cli.main import main; main(['edit', '--help']);"
        "assert not {'numba', 'scipy', 'PIL'} & set(sys.modules), 'heavy'"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stderr
